// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/vocabulary.h"

#include <algorithm>
#include <iterator>

namespace console {
namespace {

constexpr SqlFunction kFunctions[] = {
    {"abs", "abs", 1, 1},
    {"age", "pg_age", 1, 2},
    {"avg", "avg", 1, 1, true},
    {"bool_and", "min", 1, 1, true, true},
    {"bool_or", "max", 1, 1, true, true},
    {"clock_timestamp", "pg_now", 0, 0, false, false, true},
    {"coalesce", "coalesce", 2, -1},
    {"concat", "pg_concat", 1, -1},
    {"count", "count", 0, 1, true},
    {"current_database", "pg_current_database", 0, 0},
    {"current_setting", "pg_current_setting", 1, 2},
    {"date_part", "pg_extract", 2, 2},
    {"date_trunc", "pg_date_trunc", 2, 2, false, false, true},
    {"floor", "pg_floor", 1, 1},
    {"greatest", "pg_greatest", 1, -1},
    {"inet_server_addr", "pg_null", 0, 0},
    {"inet_server_port", "pg_null", 0, 0},
    {"least", "pg_least", 1, -1},
    {"left", "pg_left", 2, 2},
    {"length", "length", 1, 1},
    {"lower", "lower", 1, 1},
    {"ltrim", "ltrim", 1, 2},
    {"max", "max", 1, 1, true},
    {"min", "min", 1, 1, true},
    {"now", "pg_now", 0, 0, false, false, true},
    {"nullif", "nullif", 2, 2},
    {"pg_backend_pid", "pg_backend_pid", 0, 0},
    {"pg_cancel_backend", "pg_cancel_backend", 1, 1, false, true},
    {"pg_conf_load_time", "pg_start_time", 0, 0, false, false, true},
    {"pg_database_size", "pg_database_size", 1, 1},
    {"pg_is_in_recovery", "pg_is_in_recovery", 0, 0, false, true},
    {"pg_postmaster_start_time", "pg_start_time", 0, 0, false, false, true},
    {"pg_reload_conf", "pg_reload_conf", 0, 0, false, true},
    {"pg_size_bytes", "pg_size_bytes", 1, 1},
    {"pg_size_pretty", "pg_size_pretty", 1, 1},
    {"pg_sleep", "pg_sleep", 1, 1},
    {"pg_terminate_backend", "pg_terminate_backend", 1, 2, false, true},
    {"replace", "replace", 3, 3},
    {"right", "pg_right", 2, 2},
    {"round", "round", 1, 2},
    {"rtrim", "rtrim", 1, 2},
    {"row_number", "row_number", 0, 0},
    {"set_config", "set_config", 3, 3},
    {"split_part", "pg_split_part", 3, 3},
    {"string_agg", "group_concat", 2, 2, true},
    {"substr", "substr", 2, 3},
    {"substring", "substr", 2, 3},
    {"sum", "sum", 1, 1, true},
    {"trim", "trim", 1, 2},
    {"upper", "upper", 1, 1},
    {"version", "pg_version", 0, 0}};

constexpr std::string_view kReserved[] = {
    "all",     "and",   "any",     "as",        "asc",     "between",   "by",        "case",
    "collate", "cross", "desc",    "distinct",  "else",    "end",       "escape",    "except",
    "exists",  "false", "filter",  "first",     "from",    "full",      "group",     "having",
    "ilike",   "in",    "inner",   "intersect", "is",      "isnull",    "join",      "last",
    "like",    "limit", "natural", "not",       "notnull", "null",      "nulls",     "offset",
    "on",      "or",    "order",   "outer",     "over",    "partition", "recursive", "select",
    "then",    "true",  "union",   "using",     "values",  "when",      "where",     "window",
    "with"};

constexpr std::string_view kInner[] = {
    "like",         "glob",         "regexp",     "match",    "pg_cast_int",    "pg_cast_real",
    "pg_cast_text", "pg_cast_bool", "pg_nonzero", "pg_minus", "pg_current_user"};

constexpr std::string_view kTimes[] = {"backend_start", "checksum_last_failure", "query_start",
                                       "state_change",  "stats_reset",           "xact_start"};

template <typename Range>
bool holds(const Range& range, std::string_view word) {
  return std::find(std::begin(range), std::end(range), word) != std::end(range);
}

}  // namespace

const SqlFunction* findSqlFunction(std::string_view name) {
  const auto* it = std::find_if(std::begin(kFunctions), std::end(kFunctions),
                                [&](const SqlFunction& f) { return f.name == name; });
  return it == std::end(kFunctions) ? nullptr : it;
}

bool isInnerFunction(std::string_view inner) {
  return holds(kInner, inner) ||
         std::any_of(std::begin(kFunctions), std::end(kFunctions),
                     [&](const SqlFunction& f) { return f.inner == inner; });
}

bool isReservedWord(std::string_view word) {
  return holds(kReserved, word);
}

bool isTimeColumn(std::string_view name) {
  return holds(kTimes, name);
}

}  // namespace console
