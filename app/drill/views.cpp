// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill/views.h"

#include <algorithm>

#include "drill/notebook.h"

namespace drill {

namespace {

base::Error badLook(std::string message) {
  return {"bad-look", "", std::move(message)};
}

std::string clockAt(const sim::World& world, base::SimTime time) {
  return base::clockText(world.spec().timing.startUnixMs + time.ms);
}

std::string_view stateName(sim::AlertState state) {
  switch (state) {
    case sim::AlertState::Pending:
      return "pending";
    case sim::AlertState::Firing:
      return "firing";
    default:
      return "resolved";
  }
}

void addChange(std::string& text, const sim::ConfigChange& change, const sim::World& world) {
  text += "commit " + change.commit + "\nAuthor: " + change.author + "\n";
  if (!change.reviewer.empty()) text += "Reviewed-by: " + change.reviewer + "\n";
  text += "Date: " + base::isoText(world.spec().timing.startUnixMs + change.at.ms) + "\n";
  if (!change.ticket.empty()) text += "Ticket: " + change.ticket + "\n";
  text += "\n    " + change.title + "\n\n" + change.diff + "\n";
}

std::optional<sim::LogSource> logSourceFrom(std::string_view name) {
  for (int i = 0; i < static_cast<int>(sim::LogSource::Count); ++i) {
    const auto source = static_cast<sim::LogSource>(i);
    if (sim::logSourceName(source) == name) return source;
  }
  return std::nullopt;
}

base::Result<> readRange(const sim::Action& action, base::SimTime now, Observation& seen) {
  seen.to = now;
  seen.from = std::max(base::SimTime{0}, now - base::minutes(30));
  for (const auto& [name, bound] : {std::pair{"from", &seen.from}, std::pair{"to", &seen.to}}) {
    const auto field = action.fields.find(name);
    if (field == action.fields.end() || field->second.empty()) continue;
    const auto ms = wholeNumber(field->second);
    if (!ms) {
      return badLook(std::string("\"") + name + "\" is a time in milliseconds, not \"" +
                     field->second + "\".");
    }
    *bound = std::min(base::SimTime{*ms}, now);
  }
  if (seen.from > seen.to) return badLook("The range ends before it begins.");
  return base::Nothing{};
}

base::Result<> readPart(const std::string& kind, const std::string& name, const sim::World& world,
                        const sim::Telemetry& telemetry, Observation& seen) {
  const std::string range = " " + clockAt(world, seen.from) + "-" + clockAt(world, seen.to);
  if (kind == "log") {
    const auto source = logSourceFrom(name);
    if (!source) return badLook("There is no log \"" + name + "\".");
    seen.title = name + " log" + range;
    seen.text = logExtract(telemetry, world.spec(), *source, seen.from, seen.to);
  } else if (kind == "chart") {
    const auto metric = visibleMetric(name);
    if (!metric) return badLook("There is no chart \"" + name + "\".");
    const std::string fullName = sim::metricInfo(*metric).fullName();
    seen.source = "chart:" + fullName;
    seen.title = fullName + range;
  } else if (kind == "file") {
    const auto& files = world.postgres().files;
    const auto file = std::find_if(files.begin(), files.end(), [&name](const sim::ConfigFile& one) {
      return one.path == name;
    });
    if (file == files.end()) return badLook("There is no file \"" + name + "\" to look at.");
    seen.title = name;
    seen.text = file->text;
  } else {
    return badLook("There is nothing called \"" + kind + ":" + name + "\" to look at.");
  }
  return base::Nothing{};
}

}  // namespace

std::string alertsText(const sim::World& world, const sim::Telemetry& telemetry) {
  std::string text;
  for (const sim::AlertEvent& event : telemetry.alerts()) {
    const sim::AlertRule& rule = world.spec().monitoring.rules[event.rule];
    text += clockAt(world, event.at) + " " + std::string(stateName(event.state)) + " " + rule.name +
            " (" + rule.severity + ") " + rule.summary + "\n";
  }
  return text.empty() ? "No alerts.\n" : text;
}

std::string changesText(const sim::World& world) {
  std::vector<const sim::ConfigChange*> changes;
  for (const sim::ConfigChange& change : world.spec().database.changes) changes.push_back(&change);
  for (const sim::ConfigChange& change : world.commits()) changes.push_back(&change);
  std::erase_if(changes, [&world](const sim::ConfigChange* c) { return c->at > world.now(); });
  std::stable_sort(changes.begin(), changes.end(),
                   [](const auto* a, const auto* b) { return a->at > b->at; });
  std::string text;
  for (const sim::ConfigChange* change : changes) addChange(text, *change, world);
  return text.empty() ? "No changes.\n" : text;
}

std::string statusText(const sim::World& world) {
  std::string text;
  for (const sim::StatusPost& post : world.statusPosts()) {
    text += clockAt(world, post.at) + " " + post.state + ": " + post.text + "\n";
  }
  return text.empty() ? "Nothing has been said to users.\n" : text;
}

base::Result<Observation> lookAt(const sim::Action& action, const sim::World& world,
                                 const sim::Telemetry& telemetry) {
  Observation seen;
  seen.source = action.target;
  if (const auto range = readRange(action, world.now(), seen); !range.ok()) return range.error();
  if (action.target == "alerts") {
    seen.title = "Alerts";
    seen.text = alertsText(world, telemetry);
  } else if (action.target == "changes") {
    seen.title = "Configuration history";
    seen.text = changesText(world);
  } else if (action.target == "status") {
    seen.title = "Status page";
    seen.text = statusText(world);
  } else if (const auto colon = action.target.find(':'); colon != std::string::npos) {
    const auto part = readPart(action.target.substr(0, colon), action.target.substr(colon + 1),
                               world, telemetry, seen);
    if (!part.ok()) return part.error();
  } else {
    return badLook("There is nothing called \"" + action.target + "\" to look at.");
  }
  return seen;
}

}  // namespace drill
