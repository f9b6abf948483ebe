// SPDX-License-Identifier: GPL-3.0-or-later
// Private to the grader: a run read once, so that every part of the score judges the same facts.
// The world is replayed from the journal to know what it was like around each action.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "drill/score.h"

namespace drill::grading {

using Values = std::map<std::string, std::string>;  // setting -> canonical value

// One accepted journal entry of a person, and the world just before it.
struct Step {
  std::size_t entry = 0;
  base::SimTime at;
  sim::Action action;
  std::vector<sim::Action> effects;  // the action itself, or what a terminal command did
  sim::Life life = sim::Life::Running;
  std::string failure;  // why the server last refused to start
  std::int64_t healthySinceMs = -1, firstHurtMs = -1;
  bool admitsNobody = false;  // visitors are drained
  Values running;             // settings that differ from those at the opening
  Values asked;               // what the files ask for after it, where it differs from the opening
  [[nodiscard]] bool does(sim::Verb verb) const;
  [[nodiscard]] const sim::Action* effect(sim::Verb verb) const;
};

// A moment at which changed settings came into force.
struct Application {
  std::size_t step = 0;  // what put them in force
  std::vector<std::string> settings;
};

// How the world of the end fares when visitors come as at the peak.
struct FixTrial {
  bool holds = false, survivesRestart = false;
  std::string holdsText, survivesText;
  double band = 0;    // value within its safe band, 0 to 1
  double budget = 0;  // whole memory budget within bounds, 0 to 1
  std::string bandText, budgetText;
};

struct Hypothesis {
  std::string id, component, mechanism, setting;
  double confidence = -1;  // 0 to 1; negative: not stated
  std::size_t entry = 0;   // last statement
  base::SimTime openedAt;
  std::optional<std::size_t> rejected;  // entry
  base::SimTime rejectedAt{-1};
};

struct Facts {
  Facts(const Run& judged, const Baseline& known)
      : run(judged), scenario(judged.scenario()), baseline(known) {}
  const Run& run;
  const scenario::Scenario& scenario;
  const Baseline& baseline;
  std::vector<Step> steps;
  Step end;             // the end of the run as a step without action
  Values opening;       // settings running when the trainee came in
  Values openingAsked;  // what the files asked for then, where it differed
  std::vector<Application> applications;
  std::optional<std::size_t> fixStep;    // index into steps: put the decisive change in force
  std::optional<std::size_t> diagnosis;  // index into steps: the last one
  std::size_t evidenceUntil = 0;         // journal index: what was seen later is hindsight
  base::SimTime paged{-1};               // the first page, or the opening when it came before
  // Crashes of the server from 20 minutes after the page on: long enough to have taken the load
  // off.
  int crashesLeftToHappen = 0;
  std::vector<Hypothesis> hypotheses;
  std::optional<sim::World> world;  // at the end, not closed
  FixTrial trial;
  bool closedTooEarly = false;
  // 0 to 1: how far this person's work brought the service back. Points for harm avoided are worth
  // nothing from somebody who did nothing.
  double contribution = 0;

  [[nodiscard]] std::string clock(base::SimTime at) const;
  [[nodiscard]] const Step* fix() const { return fixStep ? &steps[*fixStep] : nullptr; }
};

[[nodiscard]] Facts factsOf(const Run& run, const Baseline& baseline);
[[nodiscard]] FixTrial tryFix(const Facts& facts);
// The scenario's world under its peak number of visitors, all day.
[[nodiscard]] std::shared_ptr<const sim::Model> peakModelOf(const sim::WorldSpec& spec);
// User-minutes lost until the exercise's end when nobody does anything after world's now.
[[nodiscard]] double lostByTheEnd(sim::World world);

[[nodiscard]] ScorePart diagnosisPart(const Facts& facts);
[[nodiscard]] ScorePart evidencePart(const Facts& facts);
[[nodiscard]] ScorePart fixPart(const Facts& facts);
[[nodiscard]] ScorePart changePart(const Facts& facts);
struct SafetyVerdict {
  ScorePart part;
  std::vector<std::string> severe;  // sentences
};
[[nodiscard]] SafetyVerdict safetyPart(const Facts& facts);
[[nodiscard]] ScorePart impactPart(const Facts& facts);
[[nodiscard]] ScorePart coordinationPart(const Facts& facts);

// -- small helpers shared by the parts --
[[nodiscard]] ScorePart partOf(std::string id, std::string title, double possible,
                               std::vector<ScoreItem> items);
[[nodiscard]] std::string fieldOf(const sim::Action& action, const std::string& name);
[[nodiscard]] std::size_t wordsIn(std::string_view text);
[[nodiscard]] bool contains(const std::vector<std::string>& list, const std::string& word);
// Settings an edit asks to change compared with the step before it.
[[nodiscard]] std::vector<std::string> newlyAsked(const Facts& facts, std::size_t step);
[[nodiscard]] std::string numberText(double value, int decimals = 1);
// Seconds, minutes: "4 min".
[[nodiscard]] std::string minutesText(base::SimTime duration);

}  // namespace drill::grading
