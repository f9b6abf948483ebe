// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/settings/apply.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "sim/settings/value_syntax.h"

namespace sim::settings {
namespace {

constexpr std::string_view kNeedsRestart = " cannot be changed without restarting the server";
constexpr std::int64_t kLeastStackDepth = 100, kStackDepth = 2048;  // kB

std::string parameter(std::string_view name) {
  return "parameter \"" + std::string(name) + "\"";
}

int rank(std::string_view source) {
  if (source == kFromFile) return 1;
  if (source == kFromCommandLine) return 2;
  return source == kFromOverride ? 3 : 0;
}

std::string builtIn(const SettingDefinition& definition) {
  return isOctalSetting(definition.name) ? octalText(canonicalInteger(definition.bootValue))
                                         : definition.bootValue;
}

}  // namespace

std::string Applier::keyOf(std::string_view name) const {
  const SettingDefinition* definition = m_catalogue.find(name);
  return base::lower(definition != nullptr ? std::string_view(definition->name) : name);
}

std::string Applier::valueOf(std::string_view name) const {
  const auto place = m_states.find(keyOf(name));
  return place == m_states.end() ? std::string() : place->second.value;
}

Applier::Outcome Applier::refuse(ServerMessage message) {
  message.severity = "LOG";
  message.sqlstate.clear();
  m_report.log.push_back(std::move(message));
  return Outcome::Refused;
}

Applier::Outcome Applier::set(std::string_view name, std::string_view value,
                              std::string_view source) {
  const SettingDefinition* definition = m_catalogue.find(name);
  SettingDefinition custom;
  if (definition == nullptr) {
    if (!isCustomName(name)) {
      if (name.find('.') == std::string_view::npos) {
        return refuse({"LOG", "unrecognized configuration " + parameter(name), {}, {}, {}});
      }
      return refuse({"LOG",
                     "invalid configuration parameter name \"" + std::string(name) + "\"",
                     std::string(kCustomNameRule),
                     {},
                     {}});
    }
    custom = customDefinition(name);
    definition = &custom;
  }
  if (definition->context == SettingContext::Internal) {
    return refuse({"LOG", parameter(name) + " cannot be changed", {}, {}, {}});
  }
  const ParsedValue parsed = acceptValue(*definition, name, value, m_states, m_stackDepthLimit);
  SettingState& state = m_states[base::lower(definition->name)];
  if (state.source.empty()) state.source = kFromDefault;
  if (!parsed.ok) return refuse(parsed.refusal);
  if (definition->context == SettingContext::Postmaster && m_moment != Moment::Start) {
    state.pendingRestart = parsed.canonical != state.value;
    if (!state.pendingRestart) return Outcome::Kept;
    return refuse({"LOG", parameter(name) + std::string(kNeedsRestart), {}, {}, {}});
  }
  if (rank(state.source) > rank(source) || m_moment == Moment::Preview) return Outcome::Kept;
  state.value = parsed.canonical;
  state.source = source;
  return Outcome::Changed;
}

bool Applier::knowNames(std::vector<ConfigEntry>& entries, std::string& faultyFile) {
  bool fine = true;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    ConfigEntry& entry = entries[i];
    if (entry.ignored) continue;
    const std::string key = keyOf(entry.name);
    const bool known = m_catalogue.find(entry.name) != nullptr || m_states.contains(key);
    if (known) {
      if (!seen.insert(key).second) {
        for (std::size_t earlier = 0; earlier < i; ++earlier) {
          if (entries[earlier].name == entry.name) entries[earlier].ignored = true;
        }
      }
    } else if (!isCustomName(entry.name)) {
      log("unrecognized configuration " + parameter(entry.name) + " in file \"" + entry.file +
          "\" line " + std::to_string(entry.line));
      entry.error = "unrecognized configuration parameter";
      faultyFile = entry.file;
      fine = false;
    }
  }
  return fine;
}

void Applier::resetToDefault(const SettingDefinition* definition, const std::string& key) {
  SettingState& state = m_states[key];
  const std::string before = state.value;
  state.value = definition != nullptr ? builtIn(*definition) : std::string();
  state.source = kFromDefault;
  state.sourceFile.clear();
  state.sourceLine = 0;
  const std::string& name = definition != nullptr ? definition->name : key;
  log(parameter(name) + " removed from configuration file, reset to default");
  if (state.value != before) m_report.changed.push_back(name);
}

bool Applier::resetMissing(std::vector<ConfigEntry>& entries) {
  std::set<std::string> inFile;
  for (const ConfigEntry& entry : entries) {
    if (!entry.name.empty()) inFile.insert(keyOf(entry.name));
  }
  std::vector<std::string> missing;
  for (const auto& [key, state] : m_states) {
    if (state.source == kFromFile && !inFile.contains(key)) missing.push_back(key);
  }
  bool fine = true;
  for (const std::string& key : missing) {
    const SettingDefinition* definition = m_catalogue.find(key);
    if (definition != nullptr && definition->context == SettingContext::Postmaster) {
      m_states[key].pendingRestart = true;
      std::string text = parameter(definition->name) + std::string(kNeedsRestart);
      entries.push_back({{}, {}, {}, 0, text, true, false});
      log(std::move(text));
      fine = false;
    } else if (m_moment != Moment::Preview) {
      resetToDefault(definition, key);
    }
  }
  return fine;
}

void Applier::applyEntry(ConfigEntry& entry, bool& fine, std::string& faultyFile) {
  const std::string before = valueOf(entry.name);
  const Outcome outcome = set(entry.name, entry.value, kFromFile);
  if (outcome == Outcome::Refused) {
    entry.error = "setting could not be applied";
    faultyFile = entry.file;
    fine = false;
    return;
  }
  entry.applied = true;
  if (outcome == Outcome::Changed && m_moment == Moment::Reload && valueOf(entry.name) != before) {
    log(parameter(entry.name) + " changed to \"" + entry.value + "\"");
    const SettingDefinition* definition = m_catalogue.find(entry.name);
    m_report.changed.push_back(definition != nullptr ? definition->name : entry.name);
  }
  SettingState& state = m_states[keyOf(entry.name)];
  if (state.source == kFromFile && m_moment != Moment::Preview) {
    state.sourceFile = entry.file;
    state.sourceLine = entry.line;
  }
}

bool Applier::applyEntries(std::vector<ConfigEntry>& entries, std::string& faultyFile,
                           bool& begun) {
  begun = false;
  if (!knowNames(entries, faultyFile)) return false;
  begun = true;
  bool fine = resetMissing(entries);
  if (m_moment == Moment::Reload) raiseStackDepth(m_states, m_stackDepthLimit);
  const std::size_t count = entries.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (!entries[i].ignored) applyEntry(entries[i], fine, faultyFile);
  }
  return fine;
}

States builtInValues(const SettingCatalogue& catalogue, std::int64_t stackDepthLimit) {
  // What initdb and the session's database settle, seen through the usual encoding and locale.
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kSettled = {
      {{"client_encoding", "UTF8"},
       {"lc_collate", "C.UTF-8"},
       {"lc_ctype", "C.UTF-8"},
       {"server_encoding", "UTF8"},
       {"timezone_abbreviations", "Default"}}};
  States states;
  for (const SettingDefinition& definition : catalogue.all()) {
    states[base::lower(definition.name)] = {
        builtIn(definition), std::string(kFromDefault), {}, 0, false};
  }
  for (const auto& [name, value] : kSettled) {
    const auto place = states.find(std::string(name));
    if (place != states.end()) place->second.value = value;
  }
  raiseStackDepth(states, stackDepthLimit);
  return states;
}

void raiseStackDepth(States& states, std::int64_t stackDepthLimit) {
  const auto place = states.find("max_stack_depth");
  if (place != states.end() && place->second.source == kFromDefault) {
    place->second.value =
        std::to_string(std::clamp(stackDepthLimit, kLeastStackDepth, kStackDepth));
  }
}

}  // namespace sim::settings
