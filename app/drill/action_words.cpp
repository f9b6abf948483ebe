// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill/action_words.h"

#include <algorithm>

#include "console/shell.h"

namespace drill {
namespace {

using sim::Verb;

std::string fieldOf(const sim::Action& action, const char* name) {
  const auto found = action.fields.find(name);
  return found == action.fields.end() ? std::string() : found->second;
}

std::string personName(const scenario::Scenario& scenario, const std::string& id) {
  for (const sim::PersonSpec& person : scenario.world.people)
    if (person.id == id) return person.name;
  return id;
}

std::string question(const scenario::Scenario& scenario, const sim::Action& action) {
  for (const sim::PersonSpec& person : scenario.world.people)
    for (const sim::Topic& topic : person.topics)
      if (person.id == action.target && topic.id == action.text) return topic.question;
  return action.text;
}

std::string titleOf(const std::vector<scenario::Choice>& choices, const std::string& id) {
  for (const scenario::Choice& choice : choices)
    if (choice.id == id) return choice.title;
  return id;
}

std::string quoted(const std::string& text) {
  return text.empty() ? std::string() : ": \"" + text + "\"";
}

std::string bracketed(const std::string& text) {
  return text.empty() ? std::string() : " (" + text + ")";
}

std::string worldWords(const sim::Action& action, const scenario::Scenario& scenario) {
  switch (action.verb) {
    case Verb::Acknowledge:
      return "acknowledged " + action.target;
    case Verb::Declare:
      return "declared the incident " + action.target;
    case Verb::Page:
      return "called " + personName(scenario, action.target);
    case Verb::Ask:
      return "asked " + personName(scenario, action.target) + quoted(question(scenario, action));
    case Verb::Status:
      return "told users, " + action.target + quoted(action.text);
    case Verb::EditFile:
      return "edited " + action.target;
    case Verb::AlterSystem:
      return action.text.empty()
                 ? "reset " + action.target + " (ALTER SYSTEM)"
                 : "set " + action.target + " to " + action.text + " (ALTER SYSTEM)";
    case Verb::Reload:
      return "reloaded the configuration";
    case Verb::Restart: {
      const std::string options = fieldOf(action, "options");
      return "restarted the database" + bracketed(action.target) +
             (options.empty() ? "" : " with " + options);
    }
    case Verb::Stop:
      return "stopped the database" + bracketed(action.target);
    case Verb::Start:
      return "started the database";
    case Verb::Signal:
      return "sent " + action.text + " to process " + action.target;
    case Verb::Admit:
      return "let " + action.target + " % of visits through";
    case Verb::FailOver:
      return "failed over to the standby";
    case Verb::AddSwap:
      return "added " + action.text + " of swap";
    case Verb::Sysctl:
      return "set " + action.target + " = " + action.text;
    case Verb::Mount:
      return action.text.empty()
                 ? "unmounted " + action.target
                 : "mounted a tmpfs of " + action.text + " bytes on " + action.target;
    case Verb::SetFor:
      return "set " + action.target + " = " + action.text + " for " +
             (fieldOf(action, "role").empty() ? "database " + fieldOf(action, "database")
                                              : "role " + fieldOf(action, "role"));
    case Verb::Role:
      return "changed the role " + action.target;
    case Verb::Relation:
      return (fieldOf(action, "drop") == "yes" ? "dropped " : "changed the relation ") +
             action.target;
    case Verb::Execute:
      return "ran a statement in session " + action.target;
    case Verb::Session:
      return "used session " + action.target;
    case Verb::Checkpoint:
      return "ran CHECKPOINT";
    case Verb::Load:
      return "ran " + action.target + " with " + fieldOf(action, "clients") + " clients";
    case Verb::RequestChange:
      return std::string(fieldOf(action, "emergency") == "yes" ? "filed an emergency change: "
                                                               : "requested a change: ") +
             action.target + " = " + action.text;
    case Verb::Close:
      return "closed the incident" + quoted(action.text);
    default:
      return {};
  }
}

}  // namespace

std::string actionWords(const sim::Action& action, const scenario::Scenario& scenario) {
  switch (action.verb) {
    case Verb::Command:
      return "typed `" + console::shownLine(action.text) + "`";
    case Verb::Look:
      return {};
    case Verb::Pin:
      return {};
    case Verb::Hypothesis:
      return "suspected " + titleOf(scenario.form.components, fieldOf(action, "component")) +
             quoted(action.text);
    case Verb::Reject:
      return "gave up a hypothesis" + bracketed(action.target);
    case Verb::Diagnose:
      return "diagnosed " + titleOf(scenario.form.components, fieldOf(action, "component")) + "; " +
             titleOf(scenario.form.mechanisms, fieldOf(action, "mechanism")) + "; " +
             titleOf(scenario.form.settings, fieldOf(action, "setting")) + " " +
             titleOf(scenario.form.directions, fieldOf(action, "direction"));
    case Verb::Verify:
      return "verified" + quoted(action.text);
    case Verb::Hint:
      return "took hint " + action.target;
    case Verb::TakeOver:
      return "took over";
    case Verb::AlertRule:
      return "wrote the alert rule " + action.target;
    default:
      return worldWords(action, scenario);
  }
}

}  // namespace drill
