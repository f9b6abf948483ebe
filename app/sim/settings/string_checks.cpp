// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/settings/string_checks.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <initializer_list>
#include <optional>
#include <vector>

#include "base/text.h"
#include "sim/settings/value_syntax.h"
#include "sim/time_zone.h"

namespace sim::settings {
namespace {

bool isBlank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

std::size_t skipBlanks(std::string_view text, std::size_t at) {
  while (at < text.size() && isBlank(text[at])) ++at;
  return at;
}

// Names separated by commas, each bare or in double quotes; nothing if the list is malformed.
std::optional<std::vector<std::string>> nameList(std::string_view text) {
  std::vector<std::string> names;
  std::size_t at = skipBlanks(text, 0);
  if (at == text.size()) return names;
  while (true) {
    std::string name;
    if (text[at] == '"') {
      for (++at; at < text.size(); ++at) {
        if (text[at] == '"' && (at + 1 >= text.size() || text[at + 1] != '"')) break;
        if (text[at] == '"') ++at;
        name += text[at];
      }
      if (at >= text.size()) return std::nullopt;
      ++at;
    } else {
      for (; at < text.size() && text[at] != ',' && !isBlank(text[at]); ++at) name += text[at];
      if (name.empty()) return std::nullopt;
      name = base::lower(name);
    }
    names.push_back(std::move(name));
    at = skipBlanks(text, at);
    if (at == text.size()) return names;
    if (text[at] != ',') return std::nullopt;
    at = skipBlanks(text, at + 1);
    if (at == text.size()) return std::nullopt;
  }
}

StringCheck accepted(std::string_view text) {
  StringCheck check;
  check.canonical = std::string(text);
  return check;
}

StringCheck refused(std::string detail) {
  StringCheck check;
  check.ok = false;
  check.detail = std::move(detail);
  return check;
}

StringCheck malformedList() {
  return refused("List syntax is invalid.");
}

StringCheck unknownWord(std::string_view word) {
  return refused("Unrecognized key word: " + quoted(word) + ".");
}

StringCheck checkWords(std::string_view text, std::initializer_list<std::string_view> known) {
  const auto names = nameList(text);
  if (!names) return malformedList();
  for (const std::string& name : *names) {
    if (std::find(known.begin(), known.end(), name) == known.end()) return unknownWord(name);
  }
  return accepted(text);
}

// The files of share/timezonesets that may be named: letters alone.
bool isAbbreviationSet(std::string_view text) {
  return text == "Default" || text == "Australia" || text == "India";
}

// A style and an order of day, month and year, in either order; each may be left out.
StringCheck checkDateStyle(std::string_view text) {
  const auto names = nameList(text);
  if (!names) return malformedList();
  std::string style, order;
  bool orderGiven = false;
  for (const std::string& name : *names) {
    std::string newStyle, newOrder;
    if (name == "iso") newStyle = "ISO";
    if (name == "sql") newStyle = "SQL";
    if (name.starts_with("postgres")) newStyle = "Postgres";
    if (name == "german") newStyle = "German";
    if (name == "ymd") newOrder = "YMD";
    if (name == "dmy" || name.starts_with("euro")) newOrder = "DMY";
    if (name == "mdy" || name == "us" || name.starts_with("noneuro")) newOrder = "MDY";
    if (newStyle.empty() && newOrder.empty() && name != "default") return unknownWord(name);
    const bool conflict = (!newStyle.empty() && !style.empty() && newStyle != style) ||
                          (!newOrder.empty() && orderGiven && newOrder != order);
    if (conflict) return refused("Conflicting \"datestyle\" specifications.");
    if (!newStyle.empty()) style = newStyle;
    if (newStyle == "German" && !orderGiven) order = "DMY";
    if (newOrder.empty()) continue;
    order = newOrder;
    orderGiven = true;
  }
  return accepted((style.empty() ? "ISO" : style) + ", " + (order.empty() ? "MDY" : order));
}

// The C locales, or the form language_COUNTRY.encoding@modifier; which of those are installed the
// simulated host leaves open.
bool isLocale(std::string_view text) {
  if (text.empty() || text == "C" || text == "POSIX" || text == "C.UTF-8" || text == "C.utf8") {
    return true;
  }
  const auto lowerCase = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto upperCase = [](char c) { return c >= 'A' && c <= 'Z'; };
  const std::size_t language = text.find('_');
  if (language < 2 || language > 3 || text.size() < language + 3) return false;
  return std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(language),
                     lowerCase) &&
         upperCase(text[language + 1]) && upperCase(text[language + 2]) &&
         (text.size() == language + 3 || text[language + 3] == '.' || text[language + 3] == '@');
}

// pg_ts_config of a new database: "english" or "pg_catalog.english".
ObjectCheck checkTextSearch(std::string_view text) {
  constexpr std::string_view kNames[] = {
      "simple",  "arabic",    "armenian",   "basque",   "catalan", "danish",
      "dutch",   "english",   "finnish",    "french",   "german",  "greek",
      "hindi",   "hungarian", "indonesian", "irish",    "italian", "lithuanian",
      "nepali",  "norwegian", "portuguese", "romanian", "russian", "serbian",
      "spanish", "swedish",   "tamil",      "turkish",  "yiddish"};
  ObjectCheck check;
  std::string plain(text);
  for (char& c : plain) {
    if (c == '.') c = ',';  // a qualified name is a list with dots for commas
  }
  const bool commas = text.find(',') != std::string_view::npos;
  const auto parts = nameList(plain);
  check.malformed = commas || !parts || parts->empty();
  if (check.malformed) {
    check.ok = false;
    return check;
  }
  const bool known =
      std::find(std::begin(kNames), std::end(kNames), parts->back()) != std::end(kNames);
  check.ok =
      known && (parts->size() == 1 || (parts->size() == 2 && parts->front() == "pg_catalog"));
  return check;
}

// A zone's name, or hours east of Greenwich (check_timezone, pg_tzset_offset).
StringCheck checkTimeZone(std::string_view text) {
  constexpr std::string_view kInterval = "interval";
  if (base::lower(text.substr(0, kInterval.size())) == kInterval) {
    const std::string_view rest = base::trim(text.substr(kInterval.size()));
    return rest.starts_with("'") ? accepted(text) : refused({});
  }
  const std::string copy(text);
  char* end = nullptr;
  const double hours = std::strtod(copy.c_str(), &end);
  if (end == copy.c_str() || *end != '\0') {
    const std::optional<std::string> zone = zoneName(text);
    return zone ? accepted(*zone) : refused({});
  }
  constexpr int kMostHours = 168;  // pg_tzset_offset() knows no more than a week
  if (!(std::abs(hours) < kMostHours)) return refused({});
  const auto seconds = static_cast<int>(std::abs(hours) * 3600);
  const auto two = [](int number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  std::string offset = two(seconds / 3600);
  if (seconds % 3600 != 0) offset += ":" + two(seconds / 60 % 60);
  if (seconds % 60 != 0) offset += ":" + two(seconds % 60);
  return accepted(hours < 0 ? "<-" + offset + ">+" + offset : "<+" + offset + ">-" + offset);
}

// Names shown in process lists and logs keep to printable ASCII.
std::string cleanAscii(std::string_view text) {
  constexpr std::size_t kLongestName = 63;
  std::string clean(text.substr(0, kLongestName));
  for (char& c : clean) {
    if (c < 32 || c > 126) c = '?';
  }
  return clean;
}

}  // namespace

ObjectCheck checkNamedObject(std::string_view name, std::string_view text) {
  if (name == "default_text_search_config") return checkTextSearch(text);
  ObjectCheck check;
  if (name == "default_tablespace") {
    check.ok = text.empty() || text == "pg_default" || text == "pg_global";
    if (!check.ok) check.detail = "Tablespace " + quoted(text) + " does not exist.";
  }
  if (name == "default_table_access_method" && !text.empty()) {
    check.ok = text == "heap";
    if (!check.ok) check.detail = "Table access method " + quoted(text) + " does not exist.";
  }
  return check;
}

StringCheck checkString(std::string_view name, std::string_view text) {
  if (name == "TimeZone") return checkTimeZone(text);
  if (name == "log_destination") return checkWords(text, {"stderr", "csvlog", "jsonlog", "syslog"});
  if (name == "restrict_nonsystem_relation_kind")
    return checkWords(text, {"view", "foreign-table"});
  if (name == "timezone_abbreviations") {
    return isAbbreviationSet(text) ? accepted(text) : refused({});
  }
  if (name == "DateStyle") return checkDateStyle(text);
  if (name == "log_timezone") {
    const std::optional<std::string> zone = zoneName(text);
    return zone ? accepted(*zone) : refused({});
  }
  if (name == "search_path" || name == "temp_tablespaces") {
    return nameList(text) ? accepted(text) : malformedList();
  }
  if (name == "lc_messages" || name == "lc_monetary" || name == "lc_numeric" || name == "lc_time") {
    return isLocale(text) ? accepted(text) : refused({});
  }
  if (name == "application_name" || name == "cluster_name") return accepted(cleanAscii(text));
  if (name == "recovery_target" && !text.empty() && text != "immediate") {
    return refused("The only allowed value is \"immediate\".");
  }
  if (name == "default_table_access_method" && text.empty()) {
    return refused("default_table_access_method cannot be empty.");
  }
  return accepted(text);
}

}  // namespace sim::settings
