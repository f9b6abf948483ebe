// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill/notebook.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/quantity.h"
#include "base/text.h"

namespace drill {

namespace {

using scenario::Choice;

sim::Outcome refused(std::string text) {
  return {false, std::move(text), 1};
}

std::string fieldOf(const sim::Action& action, const std::string& name) {
  const auto found = action.fields.find(name);
  return found == action.fields.end() ? std::string() : found->second;
}

std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

// Empty, or the sentence that says which field holds a word the diagnosis form does not have.
std::string unknownChoice(const sim::Action& action, const scenario::DiagnosisForm& form) {
  const std::pair<const char*, const std::vector<Choice>*> parts[] = {
      {"component", &form.components},
      {"mechanism", &form.mechanisms},
      {"setting", &form.settings},
      {"direction", &form.directions},
      {"change", &form.changes}};
  for (const auto& [name, choices] : parts) {
    const std::string value = fieldOf(action, name);
    if (value.empty()) continue;
    std::vector<std::string> ids;
    for (const Choice& choice : *choices) ids.push_back(choice.id);
    if (std::find(ids.begin(), ids.end(), value) != ids.end()) continue;
    const std::string near = base::nearest(value, ids);
    return std::string("The diagnosis form has no ") + name + " \"" + value + "\"" +
           (near.empty() ? "; it has: " + listed(ids) : "; the nearest is \"" + near + "\"") + ".";
  }
  return {};
}

bool hypothesisStands(const Run& run, const std::string& id) {
  bool stands = false;
  for (const Entry& entry : run.journal()) {
    if (!entry.outcome.accepted || entry.timed.action.target != id) continue;
    if (entry.timed.action.verb == sim::Verb::Hypothesis) stands = true;
    if (entry.timed.action.verb == sim::Verb::Reject) stands = false;
  }
  return stands;
}

sim::Outcome judgeHypothesis(const sim::Action& action, const Run& run) {
  if (action.target.empty()) return refused("A hypothesis needs a name to refer to it by.");
  if (fieldOf(action, "component").empty()) return refused("A hypothesis needs a component.");
  if (std::string text = unknownChoice(action, run.scenario().form); !text.empty()) {
    return refused(std::move(text));
  }
  if (const std::string confidence = fieldOf(action, "confidence"); !confidence.empty()) {
    const auto percent = wholeNumber(confidence);
    if (!percent || *percent > 100) {
      return refused("Confidence is a whole number from 0 to 100, not \"" + confidence + "\".");
    }
  }
  return {};
}

sim::Outcome judgePin(const sim::Action& action, const Run& run) {
  if (!hypothesisStands(run, action.target)) {
    return refused("There is no open hypothesis \"" + action.target + "\" to pin this to.");
  }
  const std::string number = fieldOf(action, "observation");
  const auto wanted = wholeNumber(number);
  const auto known = static_cast<std::int64_t>(run.observations().size());
  if (!wanted || *wanted < 1 || *wanted > known) {
    return refused("There is no observation \"" + number + "\"; there are " +
                   std::to_string(known) + " so far.");
  }
  const std::string stance = fieldOf(action, "stance");
  if (stance != "for" && stance != "against") {
    return refused("Evidence is pinned \"for\" or \"against\", not \"" + stance + "\".");
  }
  return {};
}

sim::Outcome judgeReject(const sim::Action& action, const Run& run) {
  if (hypothesisStands(run, action.target)) return {};
  return refused("There is no open hypothesis \"" + action.target + "\" to reject.");
}

// What is left blank means "not known yet": honest, and worth no points.
sim::Outcome judgeDiagnosis(const sim::Action& action, const Run& run) {
  if (fieldOf(action, "component").empty()) {
    return refused("A diagnosis names at least the component.");
  }
  if (std::string text = unknownChoice(action, run.scenario().form); !text.empty()) {
    return refused(std::move(text));
  }
  return {};
}

sim::Outcome judgeHint(const sim::Action& action, const Run& run) {
  if (run.key().mode == Mode::Watch) return refused("There are no hints while watching.");
  const auto level = wholeNumber(action.target);
  const auto& hints = run.scenario().hints;
  const auto known = [&hints](std::int64_t wanted) {
    return std::any_of(hints.begin(), hints.end(),
                       [wanted](const scenario::Hint& hint) { return hint.level == wanted; });
  };
  if (!level || !known(*level)) {
    return refused("This scenario has no hint of level \"" + action.target + "\".");
  }
  for (std::int64_t lower = 1; lower < *level; ++lower) {
    if (!known(lower)) continue;
    const bool taken =
        std::any_of(run.journal().begin(), run.journal().end(), [lower](const Entry& entry) {
          return entry.outcome.accepted && entry.timed.action.verb == sim::Verb::Hint &&
                 wholeNumber(entry.timed.action.target) == lower;
        });
    if (!taken) return refused("Take hint " + std::to_string(lower) + " first.");
  }
  return {};
}

sim::Outcome judgeTakeOver(const sim::Action& action, const Run& run) {
  const auto mode = modeFrom(action.target.empty() ? "practice" : action.target);
  if (!mode.ok()) return refused(mode.error().message);
  if (mode.value() == Mode::Watch) return refused("Taking over is for doing, not for watching.");
  if (run.key().mode == Mode::Watch || run.key().mode == mode.value()) return {};
  return refused("A run that began as " + std::string(modeName(run.key().mode)) +
                 " does not become " + std::string(modeName(mode.value())) + ".");
}

std::optional<double> decimalNumber(std::string_view text) {
  double value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

// "120" (seconds) or a duration with its unit; empty means none.
std::optional<int> secondsFrom(const std::string& text) {
  constexpr std::int64_t kDay = 86'400;
  if (text.empty()) return 0;
  std::int64_t seconds = 0;
  if (const auto plain = wholeNumber(text)) {
    seconds = *plain;
  } else if (const auto duration = base::parseDurationUs(text); duration.ok()) {
    seconds = duration.value() / 1'000'000;
  } else {
    return std::nullopt;
  }
  if (seconds < 0 || seconds > kDay) return std::nullopt;
  return static_cast<int>(seconds);
}

base::Error badRule(std::string message) {
  return {"bad-rule", "", std::move(message)};
}

}  // namespace

bool isNotebook(sim::Verb verb) {
  return verb > sim::Verb::Close && verb < sim::Verb::Count;
}

std::optional<std::int64_t> wholeNumber(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || text.front() == '-' || fault != std::errc() ||
      end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

std::optional<sim::Metric> visibleMetric(std::string_view name) {
  const auto metric = sim::findMetric(name);
  if (!metric || sim::metricInfo(*metric).audience != sim::Audience::Trainee) return std::nullopt;
  return metric;
}

base::Result<sim::AlertRule> alertRuleOf(const sim::Action& action) {
  sim::AlertRule rule;
  rule.name = action.target;
  if (rule.name.empty()) return badRule("An alert rule needs a name.");
  const std::string metricName = fieldOf(action, "metric");
  const auto metric = visibleMetric(metricName);
  if (!metric) return badRule("There is no metric \"" + metricName + "\".");
  rule.condition.metric = *metric;
  if (const std::string per = fieldOf(action, "per"); !per.empty()) {
    rule.condition.per = visibleMetric(per);
    if (!rule.condition.per) return badRule("There is no metric \"" + per + "\" to divide by.");
  }
  const auto rate = secondsFrom(fieldOf(action, "rate"));
  if (!rate) return badRule("A rate needs a window such as \"2min\", at most a day.");
  rule.condition.rateSeconds = *rate;
  rule.condition.op = fieldOf(action, "op");
  static constexpr std::string_view kOperators[] = {">", ">=", "<", "<=", "==", "!="};
  if (std::find(std::begin(kOperators), std::end(kOperators), rule.condition.op) ==
      std::end(kOperators)) {
    return badRule("A rule compares with > >= < <= == or !=, not \"" + rule.condition.op + "\".");
  }
  const std::string threshold = fieldOf(action, "threshold");
  const auto value = decimalNumber(threshold);
  if (!value) return badRule("The threshold \"" + threshold + "\" is not a number.");
  rule.condition.threshold = *value;
  const auto seconds = secondsFrom(fieldOf(action, "for"));
  if (!seconds) return badRule("\"for\" is a duration such as \"2min\", at most a day.");
  rule.forSeconds = *seconds;
  rule.summary = action.text;
  return rule;
}

sim::Outcome judgeNote(const sim::Action& action, const Run& run) {
  switch (action.verb) {
    case sim::Verb::Hypothesis:
      return judgeHypothesis(action, run);
    case sim::Verb::Pin:
      return judgePin(action, run);
    case sim::Verb::Reject:
      return judgeReject(action, run);
    case sim::Verb::Diagnose:
      return judgeDiagnosis(action, run);
    case sim::Verb::Verify:
      if (base::trim(action.text).empty()) return refused("Say what was checked.");
      return {};
    case sim::Verb::Hint:
      return judgeHint(action, run);
    case sim::Verb::TakeOver:
      return judgeTakeOver(action, run);
    case sim::Verb::AlertRule:
      if (const auto rule = alertRuleOf(action); !rule.ok()) return refused(rule.error().message);
      return {};
    default:
      return refused("This is not something to note down.");
  }
}

}  // namespace drill
