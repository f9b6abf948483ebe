// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/settings/value_syntax.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "sim/settings/units.h"

namespace sim::settings {
namespace {

constexpr std::string_view kMemoryHint =
    "Valid units for this parameter are \"B\", \"kB\", \"MB\", \"GB\", and \"TB\".";
constexpr std::string_view kTimeHint =
    "Valid units for this parameter are \"us\", \"ms\", \"s\", \"min\", \"h\", and \"d\".";
constexpr std::size_t kLongestUnit = 3;

bool isBlank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

std::string_view withoutLeadingBlanks(std::string_view text) {
  while (!text.empty() && isBlank(text.front())) text.remove_prefix(1);
  return text;
}

// Half to even by hand: whole numbers below 2^52 are exact, larger doubles are whole already.
double roundHalfEven(double value) {
  constexpr double kWhole = 4503599627370496.0;
  if (!(value > -kWhole && value < kWhole)) return value;
  const auto down = static_cast<std::int64_t>(value);
  const double rest = value - static_cast<double>(down);
  const std::int64_t away = value < 0 ? -1 : 1;
  const double size = rest < 0 ? -rest : rest;
  if (size > 0.5 || (size == 0.5 && down % 2 != 0)) return static_cast<double>(down + away);
  return static_cast<double>(down);
}

// A number at the start of a text and what follows it.
struct Scan {
  bool found = false;
  bool outOfRange = false;
  double value = 0;
  std::string_view rest;
};

// As C's strtol with base 0. Without a number the rest is the whole text, blanks included.
Scan scanWhole(std::string_view text) {
  Scan scan{false, false, 0, text};
  std::string_view digits = withoutLeadingBlanks(text);
  bool negative = false;
  if (!digits.empty() && (digits.front() == '-' || digits.front() == '+')) {
    negative = digits.front() == '-';
    digits.remove_prefix(1);
  }
  int radix = 10;
  if (digits.size() >= 3 && digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X') &&
      std::string_view("0123456789abcdefABCDEF").find(digits[2]) != std::string_view::npos) {
    radix = 16;
    digits.remove_prefix(2);
  } else if (!digits.empty() && digits.front() == '0') {
    radix = 8;
  }
  if (digits.empty() || digits.front() == '-') return scan;
  std::int64_t magnitude = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), magnitude, radix);
  if (error == std::errc::invalid_argument) return scan;
  scan.found = true;
  scan.outOfRange = error == std::errc::result_out_of_range;
  scan.value = static_cast<double>(negative ? -magnitude : magnitude);
  scan.rest = digits.substr(static_cast<std::size_t>(end - digits.data()));
  return scan;
}

// As C's strtod in the C locale.
Scan scanReal(std::string_view text) {
  Scan scan{false, false, 0, text};
  std::string_view digits = withoutLeadingBlanks(text);
  bool negative = false;
  if (!digits.empty() && (digits.front() == '-' || digits.front() == '+')) {
    negative = digits.front() == '-';
    digits.remove_prefix(1);
  }
  if (digits.empty() || digits.front() == '-') return scan;
  auto format = std::chars_format::general;
  if (digits.size() >= 3 && digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X')) {
    format = std::chars_format::hex;
    digits.remove_prefix(2);
  }
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), scan.value, format);
  if (error == std::errc::invalid_argument) return scan;
  scan.found = true;
  scan.outOfRange = error == std::errc::result_out_of_range;
  if (negative) scan.value = -scan.value;
  scan.rest = digits.substr(static_cast<std::size_t>(end - digits.data()));
  return scan;
}

// A fraction of a unit is first rounded to whole units of the next smaller kind: 30.1GB becomes
// 30822MB.
std::optional<double> convert(double value, std::string_view unitText, const UnitTable& table) {
  std::size_t length = 0;
  while (length < unitText.size() && length < kLongestUnit && !isBlank(unitText[length])) ++length;
  if (!withoutLeadingBlanks(unitText.substr(length)).empty()) return std::nullopt;
  const std::string_view name = unitText.substr(0, length);
  for (std::size_t i = 0; i < table.count; ++i) {
    if (table.units[i].name != name) continue;
    const double converted = value * table.units[i].factor;
    if (i + 1 == table.count) return converted;
    const double smaller = table.units[i + 1].factor;
    return roundHalfEven(converted / smaller) * smaller;
  }
  return std::nullopt;
}

NumberText finish(const Scan& scan, std::string_view unit) {
  NumberText number;
  if (!scan.found || scan.outOfRange || std::isnan(scan.value)) return number;
  number.value = scan.value;
  const std::string_view rest = withoutLeadingBlanks(scan.rest);
  if (!rest.empty()) {
    const UnitTable table = unitsFor(unit);
    if (table.count == 0) return number;
    const std::optional<double> converted = convert(scan.value, rest, table);
    if (!converted) {
      number.hint = table.memory ? kMemoryHint : kTimeHint;
      return number;
    }
    number.value = *converted;
  }
  number.ok = true;
  return number;
}

}  // namespace

NumberText readInteger(std::string_view text, std::string_view unit) {
  Scan scan = scanWhole(text);
  const char next = scan.rest.empty() ? '\0' : scan.rest.front();
  if (next == '.' || next == 'e' || next == 'E' || scan.outOfRange) scan = scanReal(text);
  NumberText number = finish(scan, unit);
  if (!number.ok) return number;
  number.value = roundHalfEven(number.value);
  if (number.value > std::numeric_limits<std::int32_t>::max() ||
      number.value < std::numeric_limits<std::int32_t>::min()) {
    number.ok = false;
    number.hint = "Value exceeds integer range.";
  }
  return number;
}

NumberText readReal(std::string_view text, std::string_view unit) {
  return finish(scanReal(text), unit);
}

std::optional<bool> readBoolean(std::string_view text) {
  const std::string word = base::lower(text);
  const auto shortFor = [&](std::string_view full, std::size_t least) {
    return word.size() >= least && full.substr(0, word.size()) == word;
  };
  if (word == "1" || shortFor("true", 1) || shortFor("yes", 1) || shortFor("on", 2)) return true;
  if (word == "0" || shortFor("false", 1) || shortFor("no", 1) || shortFor("off", 2)) return false;
  return std::nullopt;
}

std::optional<std::string> readEnum(const SettingDefinition& definition, std::string_view text) {
  const auto offered = [&](std::string_view word) -> bool {
    return std::any_of(definition.enumValues.begin(), definition.enumValues.end(),
                       [&](const auto& value) { return base::equalsIgnoreCase(value, word); });
  };
  std::string word = base::lower(text);
  if (!offered(word)) {
    // Spellings the server takes but does not list.
    const bool boolean = offered("on") && offered("off");
    if (boolean && (word == "true" || word == "yes" || word == "1")) {
      word = "on";
    } else if (boolean && (word == "false" || word == "no" || word == "0")) {
      word = "off";
    } else if (word == "debug" && offered("debug2")) {
      word = "debug2";
    } else if (word == "info" && offered("debug2")) {
      return word;
    } else if ((word == "archive" || word == "hot_standby") && offered("replica")) {
      word = "replica";
    } else {
      return std::nullopt;
    }
  }
  // Two words for one value: the server reports the first.
  if (word == "on" && offered("pglz")) word = "pglz";
  for (const std::string& value : definition.enumValues) {
    if (base::equalsIgnoreCase(value, word)) return value;
  }
  return std::nullopt;
}

std::string quoted(std::string_view text) {
  std::string result(1, '"');
  result.append(text);
  result += '"';
  return result;
}

std::string realText(double value) {
  std::array<char, 40> buffer{};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                          std::chars_format::general, 6);
  return error == std::errc() ? std::string(buffer.data(), end) : std::string();
}

std::string integerWithUnit(std::int64_t value, std::string_view unit) {
  const UnitTable table = unitsFor(unit);
  for (std::size_t i = 0; i < table.count; ++i) {
    const double factor = table.units[i].factor;
    if (factor <= 1.0 || value % static_cast<std::int64_t>(factor) == 0) {
      const double shown = roundHalfEven(static_cast<double>(value) / factor);
      return std::to_string(static_cast<std::int64_t>(shown)) + std::string(table.units[i].name);
    }
  }
  return std::to_string(value);
}

std::string realWithUnit(double value, std::string_view unit) {
  const UnitTable table = unitsFor(unit);
  if (table.count == 0) return realText(value);
  double shown = value;
  std::string_view name = unit;
  for (std::size_t i = 0; i < table.count; ++i) {
    shown = value / table.units[i].factor;
    name = table.units[i].name;
    const double difference = roundHalfEven(shown) / shown - 1.0;
    if (shown > 0 && difference <= 1e-8 && difference >= -1e-8) break;
  }
  return realText(shown) + std::string(name);
}

bool isOctalSetting(std::string_view name) {
  return name == "data_directory_mode" || name == "log_file_mode" ||
         name == "unix_socket_permissions";
}

std::string octalText(std::int64_t value) {
  std::string digits;
  for (; value > 0; value /= 8) digits.insert(digits.begin(), static_cast<char>('0' + value % 8));
  while (digits.size() < 4) digits.insert(digits.begin(), '0');
  return digits;
}

std::int64_t canonicalInteger(std::string_view canonical) {
  const Scan scan = scanWhole(canonical);
  return scan.found ? static_cast<std::int64_t>(scan.value) : 0;
}

double canonicalReal(std::string_view canonical) {
  return scanReal(canonical).value;
}

}  // namespace sim::settings
