// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <charconv>

#include "base/quantity.h"
#include "base/text.h"
#include "scenario/condition_text.h"
#include "scenario/sections.h"

namespace scenario {
namespace {

using sim::Verb;

enum class Target {
  None,
  Alert,
  Severity,
  Person,
  Phase,
  Path,
  Setting,
  Mode,
  Pid,
  Percent,
  Word,
  View,
  Level
};
enum class Words { None, Maybe, Need };

// What a verb takes.
struct Form {
  Verb verb;
  Target target;
  Words text;
  std::vector<std::string> fields;
};

const std::vector<Form>& forms() {
  static const std::vector<std::string> kRoleFields = {
      "superuser", "limit",      "login",       "set",     "alter-system", "drop",
      "createdb",  "createrole", "replication", "inherit", "grant",        "revoke"};
  static const std::vector<Form> kForms = {
      {Verb::Acknowledge, Target::Alert, Words::None, {}},
      {Verb::Declare, Target::Severity, Words::Maybe, {}},
      {Verb::Page, Target::Person, Words::Maybe, {}},
      {Verb::Ask, Target::Person, Words::Need, {}},
      {Verb::Status, Target::Phase, Words::Need, {}},
      {Verb::EditFile,
       Target::Path,
       Words::Need,
       {"message", "reviewer", "ticket", "request", "remove", "readable"}},
      {Verb::AlterSystem, Target::Setting, Words::Maybe, {"empty"}},
      {Verb::Reload, Target::None, Words::None, {}},
      {Verb::Restart, Target::Mode, Words::Maybe, {"options", "limits"}},
      {Verb::Stop, Target::Mode, Words::Maybe, {}},
      {Verb::Start, Target::None, Words::Maybe, {"options", "limits"}},
      {Verb::Signal, Target::Pid, Words::Need, {}},
      {Verb::Admit, Target::Percent, Words::Maybe, {}},
      {Verb::FailOver, Target::None, Words::Maybe, {}},
      {Verb::AddSwap, Target::None, Words::Need, {}},
      {Verb::Sysctl, Target::Word, Words::Need, {}},
      {Verb::Mount, Target::Word, Words::Maybe, {"remove"}},
      {Verb::SetFor, Target::Setting, Words::Maybe, {"database", "role"}},
      {Verb::Role, Target::Word, Words::Maybe, kRoleFields},
      {Verb::Relation,
       Target::Word,
       Words::Maybe,
       {"database", "drop", "function", "session", "kind", "owner", "limit"}},
      {Verb::Execute,
       Target::Pid,
       Words::None,
       {"temp-files", "temp-bytes", "hit", "read", "wal-bytes", "dirtied", "rollback", "ms", "at"}},
      {Verb::Session,
       Target::Pid,
       Words::Need,
       {"role", "database", "application", "host", "kind", "query", "at", "wait-type", "wait-event",
        "transaction", "idle-timeout", "transaction-timeout", "relation", "name", "mode", "granted",
        "until", "how", "settings"}},
      {Verb::Checkpoint, Target::None, Words::None, {}},
      {Verb::Load,
       Target::Word,
       Words::Need,
       {"clients", "threads", "user", "database", "application", "statements", "milliseconds",
        "transactions", "rate", "connect", "protocol"}},
      {Verb::RequestChange,
       Target::Setting,
       Words::Need,
       {"impact", "rollback", "verification", "emergency"}},
      {Verb::Close, Target::None, Words::Maybe, {}},
      {Verb::Look, Target::View, Words::None, {"from", "to"}},
      {Verb::Command, Target::None, Words::Need, {}},
      {Verb::Hypothesis,
       Target::Word,
       Words::Maybe,
       {"component", "mechanism", "setting", "direction", "confidence"}},
      {Verb::Pin, Target::Word, Words::Maybe, {"observation", "stance"}},
      {Verb::Reject, Target::Word, Words::Maybe, {}},
      {Verb::Diagnose,
       Target::None,
       Words::Maybe,
       {"component", "mechanism", "setting", "direction", "change", "confidence"}},
      {Verb::Verify, Target::None, Words::Need, {}},
      {Verb::Hint, Target::Level, Words::None, {}},
      {Verb::TakeOver, Target::None, Words::None, {}},
      {Verb::AlertRule, Target::Word, Words::Maybe, {"metric", "per", "op", "threshold", "for"}}};
  return kForms;
}

const Form& formOf(Verb verb) {
  return forms()[static_cast<std::size_t>(verb)];
}

bool integerBetween(const std::string& text, int low, int high) {
  int value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  return code == std::errc() && end == text.data() + text.size() && value >= low && value <= high;
}

void checkView(const Value& value, const std::string& view) {
  if (!view.starts_with("chart:")) return;
  const MetricReading metric = readMetric(view.substr(6));
  if (!metric.metric) value.problem("the metric " + inQuotes(view.substr(6)), metric.expected);
}

void checkAgainstWorld(const Value& value, Target kind, const std::string& word,
                       const sim::WorldSpec& world) {
  if (kind == Target::Alert) {
    std::vector<std::string> names;
    for (const sim::AlertRule& rule : world.monitoring.rules) names.push_back(rule.name);
    value.known(word, names, "an alert");
  } else if (kind == Target::Person) {
    value.known(word, idsOf(world.people), "a person");
  } else if (kind == Target::Setting && world.database.catalogue != nullptr &&
             world.database.catalogue->find(word) == nullptr && word != "all") {
    value.problem("the setting " + inQuotes(word), nearestSetting(*world.database.catalogue, word));
  }
}

void checkTarget(const Value& value, Target kind, const std::string& word,
                 const ActionScope& scope) {
  static const std::vector<std::string> kSeverities = {"sev1", "sev2", "sev3", "sev4"};
  static const std::vector<std::string> kPhases = {"investigating", "identified", "monitoring",
                                                   "resolved"};
  static const std::vector<std::string> kModes = {"smart", "fast", "immediate"};
  if (kind == Target::Severity) value.known(word, kSeverities, "a severity");
  if (kind == Target::Phase) value.known(word, kPhases, "a state");
  if (kind == Target::Mode) value.known(word, kModes, "a shutdown mode");
  if (kind == Target::Percent && !integerBetween(word, 0, 100)) value.wrong("\"0\" to \"100\"");
  if (kind == Target::Level && !integerBetween(word, 1, 4)) value.wrong("\"1\" to \"4\"");
  if (kind == Target::Pid && !integerBetween(word, 1, 1 << 22)) value.wrong("a process number");
  if (kind == Target::Path && word.front() != '/') value.wrong("an absolute path");
  if (kind == Target::View) checkView(value, word);
  if (scope.world != nullptr) checkAgainstWorld(value, kind, word, *scope.world);
}

void checkTopic(const Value& value, const std::string& person, const std::string& topic,
                const sim::WorldSpec& world) {
  for (const sim::PersonSpec& candidate : world.people) {
    if (candidate.id == person) value.known(topic, idsOf(candidate.topics), "a topic of " + person);
  }
}

// "replace" and "with" save writing a whole file for the change of a line.
void readReplacement(Object& object, ActionScope& scope, sim::Action& action) {
  const Value replace = object.maybe("replace");
  const Value with = object.maybe("with");
  if (!replace.present()) {
    if (with.present()) with.problem("\"with\" alone", "\"replace\" beside it");
    return;
  }
  std::string from, to;
  if (!replace.longText(from)) return;
  if (!with.present()) {
    replace.problem("\"replace\" alone", "\"with\" beside it");
    return;
  }
  if (with.node()->kind == Node::Kind::String ? !with.anyText(to) : !with.longText(to)) return;
  for (sim::ConfigFile& file : scope.files) {
    if (file.path != action.target) continue;
    const std::size_t at = file.text.find(from);
    if (at == std::string::npos || file.text.find(from, at + 1) != std::string::npos) {
      replace.wrong("a text that stands once in " + inQuotes(action.target));
      return;
    }
    file.text.replace(at, from.size(), to);
    action.text = file.text;
    return;
  }
  replace.problem("no file " + inQuotes(action.target) + " to change",
                  "the whole content as \"text\"");
}

// Ends of a range looked at: clock times in a file, milliseconds in the action.
void readMoment(const Value& value, const sim::TimingSpec& timing, std::string& into) {
  base::SimTime time;
  if (value.time(time, timing)) into = std::to_string(time.ms);
}

void readWords(Object& object, const Form& form, ActionScope& scope, sim::Action& action) {
  if (form.verb == Verb::EditFile) {
    readReplacement(object, scope, action);
    const Value text = object.maybe("text");
    if (text.present()) {
      readLines(text, action.text);
      for (sim::ConfigFile& file : scope.files) {
        if (file.path == action.target) file.text = action.text;
      }
    } else if (!object.maybe("replace").present()) {
      object.self().problem("nothing", "the key \"text\", or \"replace\" and \"with\"");
    }
    return;
  }
  const Value text = form.text == Words::Need ? object.need("text") : object.maybe("text");
  if (!text.present()) return;
  if (form.text == Words::None) {
    text.problem("a text", "none: " + inQuotes(sim::verbName(form.verb)) + " takes no text");
    return;
  }
  const bool good = text.node()->kind == Node::Kind::Array || form.text == Words::Need
                        ? text.longText(action.text)
                        : text.anyText(action.text);
  if (!good) return;
  if (form.verb == Verb::Ask && scope.world != nullptr) {
    checkTopic(text, action.target, action.text, *scope.world);
  }
  if (form.verb == Verb::AddSwap && !base::parseBytes(action.text)) {
    text.wrong("a size with a unit such as \"8GB\"");
  }
}

}  // namespace

void readAction(Object& object, ActionScope& scope, sim::Action& action) {
  const Value verb = object.need("do");
  std::size_t index = 0;
  if (!verb.oneOf(index, sim::verbNames())) {
    for (const char* key : {"target", "text", "fields", "replace", "with"}) (void)object.maybe(key);
    return;
  }
  action.verb = static_cast<Verb>(index);
  const Form& form = formOf(action.verb);
  if (form.target == Target::None) {
    const Value target = object.maybe("target");
    if (target.present()) {
      target.problem("a target",
                     "none: " + inQuotes(sim::verbName(form.verb)) + " takes no target");
    }
  } else {
    const Value target =
        form.target == Target::Mode ? object.maybe("target") : object.need("target");
    if (target.text(action.target)) checkTarget(target, form.target, action.target, scope);
  }
  readWords(object, form, scope, action);
  for (const auto& [name, value] : object.maybe("fields").members()) {
    if (!value.known(name, form.fields, "a field of " + inQuotes(sim::verbName(form.verb))))
      continue;
    if (form.verb == Verb::Look) {
      readMoment(value, *scope.timing, action.fields[name]);
    } else {
      value.anyText(action.fields[name]);
    }
  }
}

void readSteps(const Value& value, ActionScope scope, std::vector<sim::TimedAction>& actions) {
  base::SimTime previous{std::numeric_limits<std::int64_t>::min()};
  std::vector<std::string> whoNames = {"trainee", "instructor"};
  if (scope.world != nullptr) {
    for (const sim::PersonSpec& person : scope.world->people) whoNames.push_back(person.id);
  }
  for (const Value& item : value.items()) {
    Object object(item);
    sim::TimedAction step;
    step.who = "trainee";
    const Value at = object.need("at");
    if (at.time(step.at, *scope.timing)) {
      if (step.at < scope.timing->opensAt || step.at > scope.timing->endsAt) {
        at.wrong("a time between opensAt and endsAt");
      } else {
        ascending(at, step.at, previous);
      }
    }
    const Value who = object.maybe("who");
    if (who.text(step.who) && scope.world != nullptr) {
      who.known(step.who, whoNames, "\"trainee\", \"instructor\" or a person");
    }
    readAction(object, scope, step.action);
    actions.push_back(std::move(step));
  }
}

}  // namespace scenario
