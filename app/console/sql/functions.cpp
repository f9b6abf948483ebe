// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/functions.h"

#include <sqlite3.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "base/text.h"
#include "console/sql/interval.h"
#include "console/sql/statements.h"
#include "console/sql/virtual_tables.h"
#include "console/system/processes.h"
#include "console/text/pattern.h"

namespace console {
namespace {

using Values = sqlite3_value**;

QueryContext& contextOf(sqlite3_context* c) {
  return *static_cast<QueryContext*>(sqlite3_user_data(c));
}
const sim::World& worldOf(sqlite3_context* c) {
  return contextOf(c).machine.world;
}

bool isNull(sqlite3_value* value) {
  return sqlite3_value_type(value) == SQLITE_NULL;
}
std::string textOf(sqlite3_value* value) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
  return text == nullptr ? std::string()
                         : std::string(text, static_cast<std::size_t>(sqlite3_value_bytes(value)));
}
void give(sqlite3_context* c, const std::string& text) {
  sqlite3_result_text(c, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
}
void refuse(sqlite3_context* c, const std::string& text) {
  sqlite3_result_error(c, text.data(), static_cast<int>(text.size()));
}

void now(sqlite3_context* c, int, Values) {
  give(c, timestampText(worldOf(c).unixMs()));
}
void nothing(sqlite3_context* c, int, Values) {
  sqlite3_result_null(c);
}
void startTime(sqlite3_context* c, int, Values) {
  give(c, timestampText(worldOf(c).spec().timing.startUnixMs +
                        worldOf(c).postgres().postmasterStart.ms));
}
void currentDatabase(sqlite3_context* c, int, Values) {
  give(c, contextOf(c).session.database);
}
void currentUser(sqlite3_context* c, int, Values) {
  give(c, contextOf(c).session.user);
}
void backendPid(sqlite3_context* c, int, Values) {
  sqlite3_result_int64(c, contextOf(c).session.pid);
}
void inRecovery(sqlite3_context* c, int, Values) {
  sqlite3_result_int(c, 0);
}
void version(sqlite3_context* c, int, Values) {
  give(c, "PostgreSQL " + worldOf(c).spec().database.version +
              " on x86_64-pc-linux-gnu, compiled by gcc (Debian 12.2.0-14+deb12u1) 12.2.0, 64-bit");
}

void currentSetting(sqlite3_context* c, int count, Values v) {
  if (isNull(v[0])) return sqlite3_result_null(c);
  const std::string name = textOf(v[0]);
  const SettingReading reading = readSetting(worldOf(c), contextOf(c).session, name);
  if (reading.known) return give(c, reading.shown);
  if (count > 1 && sqlite3_value_int(v[1]) != 0) return sqlite3_result_null(c);
  refuse(c, "unrecognized configuration parameter \"" + name + "\"");
}

void sizePretty(sqlite3_context* c, int, Values v) {
  if (isNull(v[0])) return sqlite3_result_null(c);
  give(c, prettySize(sqlite3_value_int64(v[0])));
}

// DETAIL and HINT for a size whose unit is unknown.
std::string sizeComplaint(std::string_view text) {
  const std::size_t number = text.find_first_not_of("+-0123456789.eE \t");
  if (number == std::string_view::npos || number == 0) return {};
  return "\x1fInvalid size unit: \"" + std::string(base::trim(text.substr(number))) +
         "\".\x1fValid units are \"bytes\", \"kB\", \"MB\", \"GB\", \"TB\", and \"PB\".";
}

void sizeInBytes(sqlite3_context* c, int, Values v) {
  if (isNull(v[0])) return sqlite3_result_null(c);
  const auto bytes = sizeBytes(textOf(v[0]));
  if (!bytes)
    return refuse(c, "invalid size: \"" + textOf(v[0]) + "\"" + sizeComplaint(textOf(v[0])));
  sqlite3_result_int64(c, *bytes);
}

void databaseSize(sqlite3_context* c, int, Values v) {
  const std::string name = textOf(v[0]);
  const sim::DatabaseSpec& database = worldOf(c).spec().database;
  if (name == database.database || name == "16386")
    return sqlite3_result_int64(c, database.databaseBytes);
  if (name == "postgres" || name == "5") return sqlite3_result_int64(c, 7'574'319);
  if (name == "template1" || name == "template0" || name == "1" || name == "4")
    return sqlite3_result_int64(c, 7'500'591);
  refuse(c, "database \"" + name + "\" does not exist");
}

void sleepFor(sqlite3_context* c, int, Values v) {
  const double seconds = std::clamp(sqlite3_value_double(v[0]), 0.0, 3600.0);
  QueryContext& q = contextOf(c);
  auto milliseconds = static_cast<std::int64_t>(seconds * 1000);
  const std::string limit = readSetting(worldOf(c), q.session, "statement_timeout").canonical;
  const std::int64_t timeout = limit.empty() ? 0 : std::strtoll(limit.c_str(), nullptr, 10);
  const bool cancelled = timeout > 0 && milliseconds > timeout;
  if (cancelled) milliseconds = timeout;
  q.duration = q.duration + base::SimTime{milliseconds};
  if (cancelled) return refuse(c, "canceling statement due to statement timeout");
  give(c, "");
}

void castToInteger(sqlite3_context* c, int, Values v) {
  const int type = sqlite3_value_type(v[0]);
  if (type == SQLITE_NULL) return sqlite3_result_null(c);
  if (type == SQLITE_INTEGER) return sqlite3_result_int64(c, sqlite3_value_int64(v[0]));
  if (type == SQLITE_FLOAT) {
    const double value = sqlite3_value_double(v[0]);
    if (!(std::abs(value) < 9.2e18)) return refuse(c, "integer out of range");
    return sqlite3_result_int64(c, static_cast<std::int64_t>(std::floor(value + 0.5)));
  }
  const std::string text = textOf(v[0]);
  const std::string_view digits = base::trim(text);
  const std::size_t sign = !digits.empty() && (digits[0] == '-' || digits[0] == '+') ? 1 : 0;
  if (digits.size() == sign || digits.size() > 19 ||
      digits.find_first_not_of("0123456789", sign) != std::string_view::npos) {
    return refuse(c, "invalid input syntax for type integer: \"" + text + "\"");
  }
  sqlite3_result_int64(c, std::strtoll(std::string(digits).c_str(), nullptr, 10));
}

void castToReal(sqlite3_context* c, int, Values v) {
  if (isNull(v[0])) return sqlite3_result_null(c);
  if (sqlite3_value_type(v[0]) == SQLITE_TEXT) {
    const std::string text(base::trim(textOf(v[0])));
    if (text.empty() || text.find_first_not_of("+-0123456789.eE") != std::string::npos) {
      return refuse(c, "invalid input syntax for type numeric: \"" + text + "\"");
    }
  }
  sqlite3_result_double(c, sqlite3_value_double(v[0]));
}

void castToText(sqlite3_context* c, int, Values v) {
  if (isNull(v[0])) return sqlite3_result_null(c);
  give(c, textOf(v[0]));
}

void castToBoolean(sqlite3_context* c, int, Values v) {
  if (isNull(v[0])) return sqlite3_result_null(c);
  const std::string text = base::lower(textOf(v[0]));
  for (const char* yes : {"1", "t", "true", "on", "yes", "y"}) {
    if (text == yes) return sqlite3_result_int(c, 1);
  }
  for (const char* no : {"0", "f", "false", "off", "no", "n"}) {
    if (text == no) return sqlite3_result_int(c, 0);
  }
  refuse(c, "invalid input syntax for type boolean: \"" + text + "\"");
}

void nonZero(sqlite3_context* c, int, Values v) {
  if (!isNull(v[0]) && sqlite3_value_double(v[0]) == 0) return refuse(c, "division by zero");
  sqlite3_result_value(c, v[0]);
}

// time - time, or time - interval.
void minus(sqlite3_context* c, int, Values v) {
  if (isNull(v[0]) || isNull(v[1])) return sqlite3_result_null(c);
  const auto left = timestampMs(textOf(v[0])), right = timestampMs(textOf(v[1]));
  if (left && right) return give(c, intervalText(*left - *right));
  const auto span = intervalMs(textOf(v[1]));
  if (left && span) return give(c, timestampText(*left - *span));
  refuse(c, "operator does not exist: timestamp with time zone - integer");
}

void age(sqlite3_context* c, int count, Values v) {
  if (isNull(v[0]) || (count > 1 && isNull(v[1]))) return sqlite3_result_null(c);
  const std::int64_t unixMs = worldOf(c).unixMs();
  const auto first = timestampMs(textOf(v[0]));
  const auto second = count > 1 ? timestampMs(textOf(v[1])) : std::nullopt;
  if (!first || (count > 1 && !second))
    return refuse(
        c, "invalid input syntax for type timestamp with time zone: \"" + textOf(v[0]) + "\"");
  give(c, intervalText(count > 1 ? *first - *second : unixMs / 86'400'000 * 86'400'000 - *first));
}

void extractField(sqlite3_context* c, int, Values v) {
  if (isNull(v[1])) return sqlite3_result_null(c);
  const std::string field = base::lower(textOf(v[0]));
  const auto time = timestampMs(textOf(v[1]));
  const auto span = time ? std::nullopt : intervalMs(textOf(v[1]));
  if (!time && !span)
    return refuse(c, "invalid input syntax for type interval: \"" + textOf(v[1]) + "\"");
  const std::int64_t ms = time ? *time : *span;
  if (field == "epoch") return sqlite3_result_double(c, static_cast<double>(ms) / 1000);
  const base::CivilTime civil = base::fromUnixMs(time ? *time : 0);
  if (field == "hour") return sqlite3_result_int64(c, time ? civil.hour : ms / 3'600'000 % 24);
  if (field == "minute") return sqlite3_result_int64(c, time ? civil.minute : ms / 60'000 % 60);
  if (field == "second") return sqlite3_result_double(c, static_cast<double>(ms % 60'000) / 1000);
  if (field == "day") return sqlite3_result_int64(c, time ? civil.day : ms / 86'400'000);
  refuse(c, "unit \"" + field + "\" not recognized for type " +
                (time ? "timestamp with time zone" : "interval"));
}

void truncateDate(sqlite3_context* c, int, Values v) {
  if (isNull(v[1])) return sqlite3_result_null(c);
  const auto time = timestampMs(textOf(v[1]));
  const std::string unit = base::lower(textOf(v[0]));
  const std::int64_t step = unit == "second"   ? 1000
                            : unit == "minute" ? 60'000
                            : unit == "hour"   ? 3'600'000
                            : unit == "day"    ? 86'400'000
                                               : 0;
  if (!time || step == 0)
    return refuse(c, "unit \"" + unit + "\" not recognized for type timestamp with time zone");
  give(c, timestampText(*time / step * step));
}

void leftPart(sqlite3_context* c, int, Values v) {
  if (isNull(v[0])) return sqlite3_result_null(c);
  const std::string text = textOf(v[0]);
  const std::int64_t n = sqlite3_value_int64(v[1]);
  const auto size = static_cast<std::int64_t>(text.size());
  give(c, text.substr(0, static_cast<std::size_t>(std::clamp<std::int64_t>(
                             n < 0 ? size + std::max(n, -size) : n, 0, size))));
}

void rightPart(sqlite3_context* c, int, Values v) {
  if (isNull(v[0])) return sqlite3_result_null(c);
  const std::string text = textOf(v[0]);
  const auto size = static_cast<std::int64_t>(text.size());
  const auto n = std::clamp<std::int64_t>(sqlite3_value_int64(v[1]), 0, size);
  give(c, text.substr(static_cast<std::size_t>(size - n)));
}

void splitPart(sqlite3_context* c, int, Values v) {
  if (isNull(v[0])) return sqlite3_result_null(c);
  const std::string text = textOf(v[0]), mark = textOf(v[1]);
  std::int64_t wanted = sqlite3_value_int64(v[2]);
  if (wanted < 1) return refuse(c, "field position must not be zero");
  std::size_t from = 0;
  while (!mark.empty()) {
    const std::size_t end = text.find(mark, from);
    if (--wanted == 0)
      return give(c, text.substr(from, end == std::string::npos ? end : end - from));
    if (end == std::string::npos) return give(c, "");
    from = end + mark.size();
  }
  give(c, wanted == 1 ? text : "");
}

void concat(sqlite3_context* c, int count, Values v) {
  std::string text;
  for (int i = 0; i < count; ++i) text += textOf(v[i]);
  give(c, text);
}

template <bool kGreatest>
void extreme(sqlite3_context* c, int count, Values v) {
  int best = -1;
  for (int i = 0; i < count; ++i) {
    if (isNull(v[i])) continue;
    const bool better =
        best < 0 || (kGreatest ? sqlite3_value_double(v[i]) > sqlite3_value_double(v[best])
                               : sqlite3_value_double(v[i]) < sqlite3_value_double(v[best]));
    if (better) best = i;
  }
  if (best < 0) return sqlite3_result_null(c);
  sqlite3_result_value(c, v[best]);
}

void floorOf(sqlite3_context* c, int, Values v) {
  if (isNull(v[0])) return sqlite3_result_null(c);
  sqlite3_result_double(c, std::floor(sqlite3_value_double(v[0])));
}

// LIKE's % and _ into a pattern; ignores case (GLOB stands for ILIKE).
void likeAnyCase(sqlite3_context* c, int, Values v) {
  if (isNull(v[0]) || isNull(v[1])) return sqlite3_result_null(c);
  const std::string pattern = textOf(v[0]), text = textOf(v[1]);
  sqlite3_result_int(c, sqlite3_strlike(pattern.c_str(), text.c_str(), '\\') == 0 ? 1 : 0);
}

template <bool kIgnoreCase>
void matches(sqlite3_context* c, int, Values v) {
  if (isNull(v[0]) || isNull(v[1])) return sqlite3_result_null(c);
  const auto pattern = Pattern::make(textOf(v[0]), PatternSyntax::Extended, kIgnoreCase);
  if (!pattern) return refuse(c, "invalid regular expression: " + pattern.error().message);
  sqlite3_result_int(c, pattern.value().matches(textOf(v[1])) ? 1 : 0);
}

void reloadConf(sqlite3_context* c, int, Values) {
  QueryContext& q = contextOf(c);
  const sim::Role* role = worldOf(c).postgres().role(q.session.user);
  if (role == nullptr || !role->superuser) {
    return refuse(c, "permission denied for function pg_reload_conf");
  }
  sim::Action action;
  action.verb = sim::Verb::Reload;
  const bool done = q.machine.world.apply(action, q.machine.who, q.machine.telemetry).accepted;
  if (done) q.changed.push_back(action);
  sqlite3_result_int(c, done ? 1 : 0);
}

void signalBackend(sqlite3_context* c, Values v, const char* signal) {
  if (isNull(v[0])) return sqlite3_result_null(c);
  QueryContext& q = contextOf(c);
  const std::int64_t pid = sqlite3_value_int64(v[0]);
  sim::Action action;
  action.verb = sim::Verb::Signal;
  action.target = std::to_string(pid);
  action.text = signal;
  const auto process = pid > 0 && pid < 10'000'000
                           ? findProcess(q.machine.world, static_cast<std::uint32_t>(pid))
                           : std::nullopt;
  const bool backend =
      process && (process->type == "client backend" || process->type == "walsender" ||
                  process->type == "autovacuum worker");
  const bool done =
      backend && q.machine.world.apply(action, q.machine.who, q.machine.telemetry).accepted;
  if (done && pid != q.session.pid) q.changed.push_back(action);
  sqlite3_result_int(c, done ? 1 : 0);
}
void cancelBackend(sqlite3_context* c, int, Values v) {
  signalBackend(c, v, "INT");
}
void terminateBackend(sqlite3_context* c, int, Values v) {
  signalBackend(c, v, "TERM");
}

struct Entry {
  const char* name;
  int arguments;
  void (*run)(sqlite3_context*, int, Values);
};
// set_config(name, value, is_local)
void setConfig(sqlite3_context* c, int, Values v) {
  if (isNull(v[0])) return refuse(c, "SET requires parameter name");
  QueryContext& q = contextOf(c);
  const std::string name = textOf(v[0]);
  const auto wrong = setInSession(worldOf(c), q.session, name, isNull(v[1]) ? "" : textOf(v[1]),
                                  sqlite3_value_int(v[2]) != 0);
  if (wrong) return refuse(c, wrong->text + '\x1f' + wrong->detail + '\x1f' + wrong->hint);
  give(c, readSetting(worldOf(c), q.session, name).shown);
}

constexpr Entry kEntries[] = {{"set_config", 3, setConfig},
                              {"pg_now", 0, now},
                              {"pg_null", 0, nothing},
                              {"pg_start_time", 0, startTime},
                              {"pg_current_database", 0, currentDatabase},
                              {"pg_current_user", 0, currentUser},
                              {"pg_backend_pid", 0, backendPid},
                              {"pg_is_in_recovery", 0, inRecovery},
                              {"pg_version", 0, version},
                              {"pg_current_setting", -1, currentSetting},
                              {"pg_size_pretty", 1, sizePretty},
                              {"pg_size_bytes", 1, sizeInBytes},
                              {"pg_database_size", 1, databaseSize},
                              {"pg_sleep", 1, sleepFor},
                              {"pg_cast_int", 1, castToInteger},
                              {"pg_cast_real", 1, castToReal},
                              {"pg_cast_text", 1, castToText},
                              {"pg_cast_bool", 1, castToBoolean},
                              {"pg_nonzero", 1, nonZero},
                              {"pg_minus", 2, minus},
                              {"pg_age", -1, age},
                              {"pg_extract", 2, extractField},
                              {"pg_date_trunc", 2, truncateDate},
                              {"pg_left", 2, leftPart},
                              {"pg_right", 2, rightPart},
                              {"pg_split_part", 3, splitPart},
                              {"pg_concat", -1, concat},
                              {"pg_greatest", -1, extreme<true>},
                              {"pg_least", -1, extreme<false>},
                              {"pg_floor", 1, floorOf},
                              {"glob", 2, likeAnyCase},
                              {"regexp", 2, matches<false>},
                              {"match", 2, matches<true>},
                              {"pg_reload_conf", 0, reloadConf},
                              {"pg_cancel_backend", 1, cancelBackend},
                              {"pg_terminate_backend", -1, terminateBackend}};

}  // namespace

void addFunctions(sqlite3* database, QueryContext& context) {
  for (const Entry& entry : kEntries) {
    sqlite3_create_function_v2(database, entry.name, entry.arguments, SQLITE_UTF8, &context,
                               entry.run, nullptr, nullptr, nullptr);
  }
}

}  // namespace console
