// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/vocabulary.h"

#include <algorithm>
#include <iterator>

namespace console {
namespace {

constexpr std::string_view kReserved[] = {"all",          "analyse",
                                          "analyze",      "and",
                                          "any",          "array",
                                          "as",           "asc",
                                          "asymmetric",   "both",
                                          "case",         "cast",
                                          "check",        "collate",
                                          "column",       "constraint",
                                          "create",       "current_catalog",
                                          "current_date", "current_role",
                                          "current_time", "current_timestamp",
                                          "current_user", "default",
                                          "deferrable",   "desc",
                                          "distinct",     "do",
                                          "else",         "end",
                                          "except",       "false",
                                          "fetch",        "for",
                                          "foreign",      "from",
                                          "grant",        "group",
                                          "having",       "in",
                                          "initially",    "intersect",
                                          "into",         "lateral",
                                          "leading",      "limit",
                                          "localtime",    "localtimestamp",
                                          "not",          "null",
                                          "offset",       "on",
                                          "only",         "or",
                                          "order",        "placing",
                                          "primary",      "references",
                                          "returning",    "select",
                                          "session_user", "some",
                                          "symmetric",    "table",
                                          "then",         "to",
                                          "trailing",     "true",
                                          "union",        "unique",
                                          "user",         "using",
                                          "variadic",     "when",
                                          "where",        "window",
                                          "with"};

constexpr std::string_view kReservedNames[] = {"all",
                                               "analyse",
                                               "analyze",
                                               "and",
                                               "any",
                                               "array",
                                               "as",
                                               "asc",
                                               "asymmetric",
                                               "authorization",
                                               "binary",
                                               "both",
                                               "case",
                                               "cast",
                                               "check",
                                               "collate",
                                               "collation",
                                               "column",
                                               "concurrently",
                                               "constraint",
                                               "create",
                                               "cross",
                                               "current_catalog",
                                               "current_date",
                                               "current_role",
                                               "current_schema",
                                               "current_time",
                                               "current_timestamp",
                                               "current_user",
                                               "default",
                                               "deferrable",
                                               "desc",
                                               "distinct",
                                               "do",
                                               "else",
                                               "end",
                                               "except",
                                               "false",
                                               "fetch",
                                               "for",
                                               "foreign",
                                               "freeze",
                                               "from",
                                               "full",
                                               "grant",
                                               "group",
                                               "having",
                                               "ilike",
                                               "in",
                                               "initially",
                                               "inner",
                                               "intersect",
                                               "into",
                                               "is",
                                               "isnull",
                                               "join",
                                               "lateral",
                                               "leading",
                                               "left",
                                               "like",
                                               "limit",
                                               "localtime",
                                               "localtimestamp",
                                               "natural",
                                               "not",
                                               "notnull",
                                               "null",
                                               "offset",
                                               "on",
                                               "only",
                                               "or",
                                               "order",
                                               "outer",
                                               "overlaps",
                                               "placing",
                                               "primary",
                                               "references",
                                               "returning",
                                               "right",
                                               "select",
                                               "session_user",
                                               "similar",
                                               "some",
                                               "symmetric",
                                               "table",
                                               "tablesample",
                                               "then",
                                               "to",
                                               "trailing",
                                               "true",
                                               "union",
                                               "unique",
                                               "user",
                                               "using",
                                               "variadic",
                                               "verbose",
                                               "when",
                                               "where",
                                               "window",
                                               "with"};

constexpr std::string_view kNeedAs[] = {
    "array",   "as",     "char",     "character", "create",    "day",     "except", "fetch",
    "filter",  "for",    "from",     "grant",     "group",     "having",  "hour",   "intersect",
    "into",    "isnull", "limit",    "minute",    "month",     "notnull", "offset", "on",
    "order",   "over",   "overlaps", "precision", "returning", "second",  "to",     "union",
    "varying", "where",  "window",   "with",      "within",    "without", "year"};

template <typename Range>
bool holds(const Range& range, std::string_view word) {
  return std::find(std::begin(range), std::end(range), word) != std::end(range);
}

}  // namespace

bool isReservedWord(std::string_view word) {
  return holds(kReserved, word);
}

bool isReservedName(std::string_view word) {
  return holds(kReservedNames, word);
}

bool needsAs(std::string_view word) {
  return holds(kNeedAs, word);
}

}  // namespace console
