// SPDX-License-Identifier: GPL-3.0-or-later
// Puts what configuration files and the command line ask for into the running values, by the rules
// of who may overrule whom and what may change in a running server. Knows no files' syntax.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/settings/config_reader.h"
#include "sim/settings/settings.h"
#include "sim/settings/value_checks.h"

namespace sim::settings {

inline constexpr std::string_view kFromDefault = "default";
inline constexpr std::string_view kFromFile = "configuration file";
inline constexpr std::string_view kFromCommandLine = "command line";
inline constexpr std::string_view kFromOverride = "override";

enum class Moment : unsigned char {
  Start,    // everything may change, any fault is fatal
  Reload,   // what needs a restart is refused
  Preview,  // as Reload, but nothing changes: for pg_file_settings
};

class Applier {
 public:
  Applier(const SettingCatalogue& catalogue, States& states, Moment moment, LoadReport& report,
          std::int64_t stackDepthLimit = kUsualStackDepthLimit)
      : m_catalogue(catalogue),
        m_states(states),
        m_moment(moment),
        m_report(report),
        m_stackDepthLimit(stackDepthLimit) {}

  enum class Outcome : unsigned char { Refused, Changed, Kept };
  // One value from outside the files; the refusal, if any, is logged.
  Outcome set(std::string_view name, std::string_view value, std::string_view source);
  // The whole list of the files; marks its entries. False if anything was refused; then
  // faultyFile names the last file with a fault.
  bool applyEntries(std::vector<ConfigEntry>& entries, std::string& faultyFile, bool& begun);

 private:
  [[nodiscard]] bool knowNames(std::vector<ConfigEntry>& entries, std::string& faultyFile);
  [[nodiscard]] bool resetMissing(std::vector<ConfigEntry>& entries);
  void resetToDefault(const SettingDefinition* definition, const std::string& key);
  void applyEntry(ConfigEntry& entry, bool& fine, std::string& faultyFile);
  [[nodiscard]] Outcome refuse(ServerMessage message);
  [[nodiscard]] std::string valueOf(std::string_view name) const;
  [[nodiscard]] std::string keyOf(std::string_view name) const;
  void log(std::string text) { m_report.log.push_back({"LOG", std::move(text), {}, {}, {}}); }

  const SettingCatalogue& m_catalogue;
  States& m_states;
  Moment m_moment;
  LoadReport& m_report;
  std::int64_t m_stackDepthLimit;
};

// What a setting holds before any file is read.
[[nodiscard]] States builtInValues(const SettingCatalogue& catalogue,
                                   std::int64_t stackDepthLimit = kUsualStackDepthLimit);
// The stack limit of the platform lets the server raise max_stack_depth over its built-in value.
void raiseStackDepth(States& states, std::int64_t stackDepthLimit);

}  // namespace sim::settings
