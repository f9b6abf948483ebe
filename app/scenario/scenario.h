// SPDX-License-Identifier: GPL-3.0-or-later
// A scenario as values: the world it starts, what people did and could do in it, what is true about
// it, and the words for people. One JSON file each; read and checked by reader.h.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sim/action.h"
#include "sim/world_spec.h"

namespace scenario {

// A named list of timed actions: "history", "reference", "reference-2", or a control.
struct ActionList {
  enum class Kind { History, Reference, Control };
  std::string name;
  std::string title;
  Kind kind = Kind::Control;
  int scoreMin = 0;  // what `verify` demands of its score
  int scoreMax = 100;
  std::vector<sim::TimedAction> actions;  // ascending in time
};

// One link of the causal chain, in order: symptom, mechanism, setting, change.
struct ChainLink {
  std::string id;     // "symptom", "mechanism", "setting", "change", or finer
  std::string title;  // for the debrief
};

// What a trainee can see that bears on a hypothesis. A clue must not show in a healthy run.
struct Clue {
  std::string id;
  std::string title;
  std::string link;    // chain link it belongs to; empty: clears an innocent cause
  std::string clears;  // component it clears ("network"); empty: belongs to the chain
  // Seen when an observation of one of these sources shows what is asked:
  std::vector<std::string>
      sources;  // "log:postgresql", "command", "chart:<metric>", "ask:<topic>", "changes", "alerts"
  std::vector<std::string> anyText;          // texts: one of them appears in what was seen
  std::vector<std::string> allText;          // texts: all of them appear
  std::vector<sim::MetricCondition> metric;  // charts: some value in the viewed range meets it
};

struct Choice {
  std::string id, title;
};

// The diagnosis form's right answer, and what it offers.
struct Truth {
  std::string component, mechanism, setting, direction, change;
  std::vector<std::string> acceptedComponents;  // half credit: near, not exact
  std::vector<std::string> acceptedMechanisms;
};
struct DiagnosisForm {
  std::vector<Choice> components, mechanisms, settings, directions, changes;
};

struct Hint {
  int level = 1;  // 1 nudge .. 4 answer
  std::string text;
};

// A moment of the history that the simulation must meet, and how it is recognised.
struct Milestone {
  enum class Kind { AlertFiring, ActionDone, Recovered, DatabaseDown, OomKill };
  std::string title;
  base::SimTime at;
  int toleranceSeconds = 60;
  Kind kind = Kind::AlertFiring;
  std::string subject;  // alert name; action verb [+ " " + target]
};

struct Rubric {
  double parUserMinutes = 0;           // lost by the expert; 0: taken from the first reference list
  std::string rightTeam = "database";  // team that must be engaged
  int rightTeamWithinSeconds = 1800;   // of the first page
  std::vector<std::string> severeTraps;  // ids the grader knows: "second-outage", "data-loss"
  std::vector<std::string> innocent;     // components that are not to be blamed
  double usersAffectedPercent = 60, usersAffectedTolerance = 2;
};

struct Texts {
  std::string briefing;  // Markdown, before the start
  std::string debrief;   // Markdown, after it: what happened and why
  std::map<std::string, std::string> help;
};

struct Scenario {
  std::string id, title, summary, author;
  int difficulty = 1;  // 1 to 5
  std::vector<std::string> objectives;
  sim::WorldSpec world;
  std::vector<ActionList> lists;
  std::vector<ChainLink> chain;
  std::vector<Clue> clues;
  Truth truth;
  DiagnosisForm form;
  std::vector<Hint> hints;
  std::vector<Milestone> milestones;
  Rubric rubric;
  Texts texts;
  std::string file;      // where it was read from
  std::string hash;      // SHA-256 of the file's bytes
  bool sandbox = false;  // a free-standing server: no story, nothing to close, no score

  [[nodiscard]] const ActionList* list(const std::string& name) const;
};

}  // namespace scenario
