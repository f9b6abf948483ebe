// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/settings/value_checks.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.h"
#include "sim/settings/string_checks.h"
#include "sim/settings/value_syntax.h"

namespace sim {
namespace settings {
namespace {

constexpr std::int64_t kMostBackends = 262143;
constexpr std::int64_t kLeastAutovacuumMemory = 1024;
constexpr std::int64_t kLeastWalBuffers = 4;
constexpr std::int64_t kSegmentBlocks = 2048;  // 16 MB

ParsedValue refused(std::string text, std::string hint = {}, std::string detail = {}) {
  ParsedValue result;
  result.refusal = {"ERROR", std::move(text), std::move(detail), std::move(hint), "22023"};
  return result;
}

ParsedValue accepted(std::string canonical) {
  ParsedValue result;
  result.ok = true;
  result.canonical = std::move(canonical);
  return result;
}

ParsedValue invalidText(std::string_view name, std::string_view text, std::string hint = {}) {
  return refused("invalid value for parameter " + quoted(name) + ": " + quoted(text),
                 std::move(hint));
}

// What a failed check says: the converted value without quotes, and the catalogue's spelling.
ParsedValue invalidNumber(const SettingDefinition& definition, std::int64_t value,
                          std::string detail = {}, std::string hint = {}) {
  return refused(
      "invalid value for parameter " + quoted(definition.name) + ": " + std::to_string(value),
      std::move(hint), std::move(detail));
}

ParsedValue outsideRange(const SettingDefinition& definition, std::string_view name,
                         const std::string& value) {
  const std::string unit =
      definition.unit.empty() ? std::string() : std::string(1, ' ').append(definition.unit);
  const bool real = definition.type == SettingType::Real;
  const auto bound = [&](double limit) {
    return real ? realText(limit) : std::to_string(static_cast<std::int64_t>(limit));
  };
  return refused(value + unit + " is outside the valid range for parameter " + quoted(name) + " (" +
                 bound(definition.minimum) + " .. " + bound(definition.maximum) + ")");
}

std::int64_t runningNumber(const States& running, const std::string& name) {
  const auto place = running.find(name);
  return place == running.end() ? 0 : canonicalInteger(place->second.value);
}

// All process slots together have one ceiling.
bool tooManyBackends(std::string_view name, std::int64_t value, const States& running) {
  constexpr std::array<std::string_view, 4> kShares = {"max_connections", "autovacuum_max_workers",
                                                       "max_worker_processes", "max_wal_senders"};
  if (running.empty() || std::find(kShares.begin(), kShares.end(), name) == kShares.end()) {
    return false;
  }
  std::int64_t sum = value + 1;
  for (const std::string_view share : kShares) {
    if (share != name) sum += runningNumber(running, std::string(share));
  }
  return sum > kMostBackends;
}

std::int64_t checkedWalBuffers(std::int64_t value, const States& running) {
  if (value == -1) {
    const auto current = running.find("wal_buffers");
    if (current == running.end() || current->second.value == "-1") return -1;
    value = automaticWalBuffers(runningNumber(running, "shared_buffers"));
  }
  return std::max(value, kLeastWalBuffers);
}

ParsedValue acceptInteger(const SettingDefinition& definition, std::string_view name,
                          std::string_view text, const States& running,
                          std::int64_t stackDepthLimit) {
  const NumberText number = readInteger(text, definition.unit);
  if (!number.ok) return invalidText(name, text, number.hint);
  if (number.value < definition.minimum || number.value > definition.maximum) {
    return outsideRange(definition, name, std::to_string(static_cast<std::int64_t>(number.value)));
  }
  auto value = static_cast<std::int64_t>(number.value);
  if (tooManyBackends(definition.name, value, running)) return invalidNumber(definition, value);
  if (definition.name == "max_stack_depth" && value > stackDepthLimit) {
    return invalidNumber(
        definition, value,
        "\"max_stack_depth\" must not exceed " + std::to_string(stackDepthLimit) + "kB.",
        "Increase the platform's stack depth limit via \"ulimit -s\" or local equivalent.");
  }
  if (definition.name == "autovacuum_work_mem" && value != -1) {
    value = std::max(value, kLeastAutovacuumMemory);
  }
  if (definition.name == "wal_buffers") value = checkedWalBuffers(value, running);
  return accepted(isOctalSetting(definition.name) ? octalText(value) : std::to_string(value));
}

ParsedValue acceptReal(const SettingDefinition& definition, std::string_view name,
                       std::string_view text) {
  const NumberText number = readReal(text, definition.unit);
  if (!number.ok) return invalidText(name, text, number.hint);
  // The catalogue prints its bounds with six digits; the largest stands for the largest double.
  const bool unbounded = definition.maximum > 1.7e308;
  if (number.value < definition.minimum ||
      (number.value > definition.maximum && !(unbounded && std::isfinite(number.value)))) {
    return outsideRange(definition, name, realText(number.value));
  }
  return accepted(realText(number.value));
}

ParsedValue acceptBoolean(const SettingDefinition& definition, std::string_view name,
                          std::string_view text, const States& running) {
  const std::optional<bool> value = readBoolean(text);
  if (!value) return refused("parameter " + quoted(name) + " requires a Boolean value");
  if (*value && definition.name == "bonjour") {
    return refused("Bonjour is not supported by this build");
  }
  const auto isOn = [&](const std::string& other) {
    const auto place = running.find(other);
    return place != running.end() && place->second.value == "on";
  };
  const bool stage = definition.name == "log_parser_stats" ||
                     definition.name == "log_planner_stats" ||
                     definition.name == "log_executor_stats";
  if (*value && stage && isOn("log_statement_stats")) {
    return invalidNumber(definition, 1,
                         "Cannot enable parameter when \"log_statement_stats\" is true.");
  }
  if (*value && definition.name == "log_statement_stats" &&
      (isOn("log_parser_stats") || isOn("log_planner_stats") || isOn("log_executor_stats"))) {
    return invalidNumber(definition, 1,
                         "Cannot enable \"log_statement_stats\" when \"log_parser_stats\", "
                         "\"log_planner_stats\", or \"log_executor_stats\" is true.");
  }
  return accepted(*value ? "on" : "off");
}

ParsedValue acceptEnum(const SettingDefinition& definition, std::string_view name,
                       std::string_view text) {
  if (const auto value = readEnum(definition, text)) return accepted(*value);
  std::string offered;
  for (const std::string& value : definition.enumValues) {
    offered += (offered.empty() ? "" : ", ") + value;
  }
  return invalidText(name, text, "Available values: " + offered + ".");
}

ParsedValue acceptString(const SettingDefinition& definition, std::string_view text) {
  StringCheck check = checkString(definition.name, text);
  if (check.ok) return accepted(std::move(check.canonical));
  ParsedValue result = invalidText(definition.name, text);
  result.refusal.detail = check.detail;
  return result;
}

bool startsIdentifier(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80) != 0;
}
bool continuesIdentifier(char c) {
  return startsIdentifier(c) || (c >= '0' && c <= '9') || c == '$';
}

}  // namespace

ParsedValue acceptValue(const SettingDefinition& definition, std::string_view name,
                        std::string_view text, const States& running,
                        std::int64_t stackDepthLimit) {
  switch (definition.type) {
    case SettingType::Bool:
      return acceptBoolean(definition, name, text, running);
    case SettingType::Integer:
      return acceptInteger(definition, name, text, running, stackDepthLimit);
    case SettingType::Real:
      return acceptReal(definition, name, text);
    case SettingType::Enum:
      return acceptEnum(definition, name, text);
    case SettingType::String:
      break;
  }
  return acceptString(definition, text);
}

std::int64_t automaticWalBuffers(std::int64_t sharedBuffers) {
  return std::clamp<std::int64_t>(sharedBuffers / 32, 8, kSegmentBlocks);
}

bool isCustomName(std::string_view name) {
  bool expectStart = true;
  bool dotted = false;
  for (const char c : name) {
    if (expectStart) {
      if (!startsIdentifier(c)) return false;
      expectStart = false;
    } else if (c == '.') {
      dotted = true;
      expectStart = true;
    } else if (!continuesIdentifier(c)) {
      return false;
    }
  }
  return dotted && !expectStart;
}

SettingDefinition customDefinition(std::string_view name) {
  SettingDefinition definition;
  definition.name = std::string(name);
  definition.category = "Customized Options";
  return definition;
}

}  // namespace settings

ParsedValue parseSettingValue(const SettingDefinition& definition, std::string_view text) {
  return settings::acceptValue(definition, definition.name, text, {});
}

std::string showValue(const SettingDefinition& definition, std::string_view canonical) {
  if (definition.unit.empty()) return std::string(canonical);
  if (definition.type == SettingType::Integer) {
    const std::int64_t value = settings::canonicalInteger(canonical);
    if (value > 0) return settings::integerWithUnit(value, definition.unit);
  }
  if (definition.type == SettingType::Real) {
    const double value = settings::canonicalReal(canonical);
    if (value > 0) return settings::realWithUnit(value, definition.unit);
  }
  return std::string(canonical);
}

}  // namespace sim
