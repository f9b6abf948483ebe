// SPDX-License-Identifier: GPL-3.0-or-later
// A scenario without its fault: the value before the bad change, and no trace of that change.
#include <optional>

#include "base/text.h"
#include "drill/proof.h"

namespace drill {
namespace {

// The value a configuration line gives to a setting: "name = value # comment", "name value".
std::optional<std::string> valueIn(std::string_view line, std::string_view setting) {
  std::string_view rest = base::trim(line);
  if (rest.size() <= setting.size()) return std::nullopt;
  if (!base::equalsIgnoreCase(rest.substr(0, setting.size()), setting)) return std::nullopt;
  rest = rest.substr(setting.size());
  if (rest.front() != ' ' && rest.front() != '=' && rest.front() != '\t') return std::nullopt;
  rest = base::trim(rest.substr(0, rest.find('#')));
  if (!rest.empty() && rest.front() == '=') rest = base::trim(rest.substr(1));
  if (rest.size() >= 2 && rest.front() == '\'' && rest.back() == '\'')
    rest = rest.substr(1, rest.size() - 2);
  return std::string(rest);
}

std::optional<std::string> valueInDiff(const std::string& diff, char sign,
                                       const std::string& setting) {
  std::optional<std::string> value;
  for (const std::string& line : base::lines(diff))
    if (!line.empty() && line.front() == sign)
      if (auto found = valueIn(std::string_view(line).substr(1), setting)) value = found;
  return value;
}

bool introduces(const sim::ConfigChange& change, const scenario::Truth& truth) {
  if (!truth.change.empty() && change.commit == truth.change) return true;
  return truth.change.empty() && valueInDiff(change.diff, '+', truth.setting).has_value();
}

// Gives every line that sets the setting the healthy value, or drops the line when there is none.
std::string corrected(const std::string& text, const std::string& setting, const std::string& value,
                      bool isDiff) {
  std::string out;
  for (const std::string& line : base::lines(text)) {
    const std::string_view bare =
        isDiff && !line.empty() ? std::string_view(line).substr(1) : std::string_view(line);
    if (!valueIn(bare, setting)) {
      out += line + "\n";
    } else if (!value.empty()) {
      out += (isDiff ? line.substr(0, 1) : std::string()) + setting + " = " + value + "\n";
    }
  }
  return out;
}

bool happeningSets(const sim::Happening& happening, const std::string& setting) {
  return happening.kind == sim::Happening::Kind::Action &&
         happening.action.verb == sim::Verb::AlterSystem &&
         base::equalsIgnoreCase(happening.action.target, setting);
}

}  // namespace

std::string healthyValueOf(const scenario::Scenario& scenario) {
  for (auto change = scenario.world.database.changes.rbegin();
       change != scenario.world.database.changes.rend(); ++change)
    if (introduces(*change, scenario.truth))
      if (auto value = valueInDiff(change->diff, '-', scenario.truth.setting)) return *value;
  return {};
}

std::shared_ptr<const scenario::Scenario> healthyDay(const scenario::Scenario& scenario) {
  auto healthy = std::make_shared<scenario::Scenario>(scenario);
  const std::string& setting = scenario.truth.setting;
  const std::string value = healthyValueOf(scenario);
  sim::DatabaseSpec& database = healthy->world.database;
  for (sim::ConfigFile& file : database.files)
    file.text = corrected(file.text, setting, value, false);
  std::erase_if(database.changes, [&](const sim::ConfigChange& change) {
    return introduces(change, scenario.truth);
  });
  for (sim::ConfigChange& change : database.changes)
    change.diff = corrected(change.diff, setting, value, true);
  std::erase_if(healthy->world.happenings,
                [&](const sim::Happening& happening) { return happeningSets(happening, setting); });
  return healthy;
}

}  // namespace drill
