// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill/score_facts.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace drill::grading {
namespace {

bool counts(const Entry& entry) {
  return entry.outcome.accepted && entry.timed.who != "instructor";
}

bool activates(const Step& step) {
  return step.does(sim::Verb::Restart) || step.does(sim::Verb::Start) ||
         step.does(sim::Verb::Reload) || step.does(sim::Verb::FailOver);
}

bool edits(const Step& step) {
  return step.does(sim::Verb::EditFile) || step.does(sim::Verb::AlterSystem);
}

// What the server says of itself follows from other settings; nobody sets it.
bool settable(const sim::ServerSettings& settings, const std::string& name) {
  const sim::SettingDefinition* definition = settings.catalogue().find(name);
  return definition == nullptr || definition->context != sim::SettingContext::Internal;
}

Values valuesOf(const sim::ServerSettings& settings) {
  Values values;
  for (const auto& [name, state] : settings.states()) {
    if (settable(settings, name)) values[name] = state.value;
  }
  return values;
}

Values differing(const sim::ServerSettings& settings, const Values& from) {
  Values values;
  for (const auto& [name, state] : settings.states()) {
    if (!settable(settings, name)) continue;
    const auto known = from.find(name);
    if (known == from.end() || known->second != state.value) values[name] = state.value;
  }
  return values;
}

// What a start would run with, were it done now.
Values askedBy(const sim::World& world, const Values& opening) {
  sim::ServerSettings settings = world.postgres().settings;
  settings.start(world.postgres().files);
  return differing(settings, opening);
}

void describeWorld(Step& step, const sim::World& world, const Values& opening) {
  step.life = world.postgres().life;
  step.failure = world.postgres().failure;
  step.healthySinceMs = world.website().healthySinceMs;
  step.firstHurtMs = world.website().firstHurtMs;
  step.admitsNobody = world.website().admittedPercent == 0;
  step.running = differing(world.postgres().settings, opening);
}

constexpr base::SimTime kTimeToRelieve = base::minutes(20);

// Lets the world run, counting what it had crashed until somebody should have relieved it.
void advance(const Facts& facts, sim::World& world, base::SimTime until, sim::Telemetry& telemetry,
             int& crashesInTime) {
  const base::SimTime limit = facts.paged + kTimeToRelieve;
  if (facts.paged.ms >= 0 && world.now() <= limit) {
    world.advanceTo(std::min(until, limit), telemetry);
    crashesInTime = world.postgres().crashes;
  }
  world.advanceTo(until, telemetry);
}

// Replays the journal on a bare world: terminal commands by what they did.
void replay(Facts& facts) {
  const Run& run = facts.run;
  sim::Telemetry telemetry(sim::Detail::Summary);
  sim::World world(run.model(), run.key().seed);
  world.advanceTo(facts.scenario.world.timing.opensAt, telemetry);
  facts.opening = valuesOf(world.postgres().settings);
  std::vector<sim::ConfigFile> files = world.postgres().files;
  Values asked = askedBy(world, facts.opening);
  facts.openingAsked = asked;
  int crashesInTime = world.postgres().crashes;
  for (std::size_t i = 0; i < run.journal().size(); ++i) {
    const Entry& entry = run.journal()[i];
    if (!entry.outcome.accepted && entry.changed.empty()) continue;
    advance(facts, world, entry.timed.at, telemetry, crashesInTime);
    Step step;
    step.entry = i;
    step.at = entry.timed.at;
    step.action = entry.timed.action;
    step.effects = entry.timed.action.verb == sim::Verb::Command
                       ? entry.changed
                       : std::vector<sim::Action>{entry.timed.action};
    describeWorld(step, world, facts.opening);
    for (const sim::Action& action : step.effects) {
      if (action.verb == sim::Verb::Close) continue;  // the trial goes on after it
      world.apply(action, entry.timed.who, telemetry);
    }
    if (world.postgres().files != files) {
      files = world.postgres().files;
      asked = askedBy(world, facts.opening);
    }
    step.asked = asked;
    if (counts(entry)) facts.steps.push_back(std::move(step));
  }
  advance(facts, world, run.now(), telemetry, crashesInTime);
  if (facts.paged.ms >= 0) facts.crashesLeftToHappen = world.postgres().crashes - crashesInTime;
  facts.end.entry = run.journal().size();
  facts.end.at = run.now();
  facts.end.asked = asked;
  describeWorld(facts.end, world, facts.opening);
  facts.world = std::move(world);
}

std::vector<std::string> differences(const Values& a, const Values& b) {
  std::set<std::string> names;
  for (const auto& [name, value] : a) {
    const auto other = b.find(name);
    if (other == b.end() || other->second != value) names.insert(name);
  }
  for (const auto& [name, value] : b) {
    if (a.find(name) == a.end()) names.insert(name);
  }
  return {names.begin(), names.end()};
}

// A setting changes some time after the action that asked for it (a restart takes minutes), so a
// change is put down to the latest action that could have caused it.
void findApplications(Facts& facts) {
  std::optional<std::size_t> cause, edit;
  for (std::size_t i = 0; i < facts.steps.size(); ++i) {
    if (edits(facts.steps[i])) edit = i;
    if (activates(facts.steps[i])) cause = i;
    const Step& next = i + 1 < facts.steps.size() ? facts.steps[i + 1] : facts.end;
    std::vector<std::string> settings = differences(facts.steps[i].running, next.running);
    if (settings.empty() || (!cause && !edit)) continue;
    const std::size_t step = cause ? *cause : *edit;
    if (!facts.applications.empty() && facts.applications.back().step == step) {
      std::vector<std::string>& known = facts.applications.back().settings;
      for (const std::string& name : settings)
        if (!contains(known, name)) known.push_back(name);
    } else {
      facts.applications.push_back({step, std::move(settings)});
    }
  }
}

// The decisive change: the last that touched the setting at fault, else the last of any setting,
// else a change of the machine.
void findFix(Facts& facts) {
  const std::string setting = base::lower(facts.scenario.truth.setting);
  for (const Application& application : facts.applications)
    if (contains(application.settings, setting)) facts.fixStep = application.step;
  if (facts.fixStep) return;
  if (!facts.applications.empty()) {
    facts.fixStep = facts.applications.back().step;
    return;
  }
  for (std::size_t i = 0; i < facts.steps.size(); ++i) {
    const Step& step = facts.steps[i];
    if (step.does(sim::Verb::Sysctl) || step.does(sim::Verb::FailOver)) facts.fixStep = i;
  }
}

// "80": percent. Negative when nothing was stated.
double confidenceOf(const std::string& text) {
  int percent = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), percent);
  if (error != std::errc() || percent < 0) return -1;
  return std::min(percent, 100) / 100.0;
}

void readHypotheses(Facts& facts) {
  for (const Step& step : facts.steps) {
    const sim::Action& action = step.action;
    if (action.verb != sim::Verb::Hypothesis && action.verb != sim::Verb::Reject) continue;
    auto known = std::find_if(facts.hypotheses.begin(), facts.hypotheses.end(),
                              [&](const Hypothesis& h) { return h.id == action.target; });
    if (action.verb == sim::Verb::Reject) {
      if (known == facts.hypotheses.end()) continue;
      known->rejected = step.entry;
      known->rejectedAt = step.at;
      continue;
    }
    if (known == facts.hypotheses.end()) {
      Hypothesis hypothesis;
      hypothesis.id = action.target;
      hypothesis.openedAt = step.at;
      known = facts.hypotheses.insert(facts.hypotheses.end(), hypothesis);
    }
    known->entry = step.entry;
    known->rejected.reset();
    const auto take = [&](std::string& into, const char* name) {
      if (const std::string value = fieldOf(action, name); !value.empty()) into = value;
    };
    take(known->component, "component");
    take(known->mechanism, "mechanism");
    take(known->setting, "setting");
    if (const double stated = confidenceOf(fieldOf(action, "confidence")); stated >= 0)
      known->confidence = stated;
  }
}

void findPage(Facts& facts) {
  const sim::WorldSpec& spec = facts.scenario.world;
  const auto& alerts = facts.run.telemetry().alerts();
  base::SimTime any{-1}, critical{-1};
  for (const sim::AlertEvent& event : alerts) {
    if (event.state != sim::AlertState::Firing) continue;
    if (any.ms < 0) any = event.at;
    if (critical.ms < 0 && event.rule < spec.monitoring.rules.size() &&
        spec.monitoring.rules[event.rule].severity == "critical")
      critical = event.at;
  }
  facts.paged = critical.ms >= 0 ? critical : any;
  if (facts.paged.ms >= 0) facts.paged = std::max(facts.paged, spec.timing.opensAt);
}

}  // namespace

bool Step::does(sim::Verb verb) const {
  return effect(verb) != nullptr;
}

const sim::Action* Step::effect(sim::Verb verb) const {
  for (const sim::Action& done : effects)
    if (done.verb == verb) return &done;
  return nullptr;
}

std::string Facts::clock(base::SimTime at) const {
  return base::clockText(scenario.world.timing.startUnixMs + at.ms);
}

Facts factsOf(const Run& run, const Baseline& baseline) {
  Facts facts(run, baseline);
  findPage(facts);
  replay(facts);
  findApplications(facts);
  findFix(facts);
  readHypotheses(facts);
  facts.evidenceUntil = run.journal().size();
  for (std::size_t i = 0; i < facts.steps.size(); ++i)
    if (facts.steps[i].action.verb == sim::Verb::Diagnose) facts.diagnosis = i;
  if (facts.diagnosis)
    facts.evidenceUntil = std::min(facts.evidenceUntil, facts.steps[*facts.diagnosis].entry);
  if (facts.fix()) facts.evidenceUntil = std::min(facts.evidenceUntil, facts.fix()->entry);
  facts.trial = tryFix(facts);
  facts.contribution = (facts.trial.holds ? 0.5 : 0.0) + (facts.trial.survivesRestart ? 0.5 : 0.0);
  constexpr std::int64_t kHeldMs = 5 * 60'000;
  for (const Step& step : facts.steps)
    if (step.does(sim::Verb::Close))
      facts.closedTooEarly = step.healthySinceMs < 0 || step.at.ms - step.healthySinceMs < kHeldMs;
  return facts;
}

ScorePart partOf(std::string id, std::string title, double possible, std::vector<ScoreItem> items) {
  ScorePart part;
  part.id = std::move(id);
  part.title = std::move(title);
  part.possible = possible;
  part.items = std::move(items);
  double sum = 0;
  for (const ScoreItem& item : part.items) sum += item.points;
  part.points = std::clamp(sum, 0.0, possible);
  if (part.points != sum)
    part.items.push_back({part.id + ".limit",
                          sum < 0
                              ? "A part is never worth less than nothing."
                              : "A part is never worth more than " + numberText(possible, 0) + ".",
                          part.points - sum,
                          0,
                          {}});
  return part;
}

std::string fieldOf(const sim::Action& action, const std::string& name) {
  const auto found = action.fields.find(name);
  return found == action.fields.end() ? std::string() : found->second;
}

std::size_t wordsIn(std::string_view text) {
  std::size_t words = 0;
  bool inside = false;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!blank && !inside) ++words;
    inside = !blank;
  }
  return words;
}

bool contains(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

std::vector<std::string> newlyAsked(const Facts& facts, std::size_t step) {
  return differences(step == 0 ? facts.openingAsked : facts.steps[step - 1].asked,
                     facts.steps[step].asked);
}

std::string numberText(double value, int decimals) {
  std::string text = base::fixedText(value, decimals);
  if (text.find('.') != std::string::npos) {
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
  }
  return text;
}

std::string minutesText(base::SimTime duration) {
  return numberText(static_cast<double>(duration.ms) / 60'000.0) + " min";
}

}  // namespace drill::grading
