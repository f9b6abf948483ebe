// SPDX-License-Identifier: GPL-3.0-or-later
// One run of a scenario: world, telemetry, terminal and journal move together. Everything follows
// from scenario + seed + journal, so a rewind or a branch is a recomputation. A Run does not know
// the real clock (clock.h drives it) and no file (run_file.h writes it).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "console/shell.h"
#include "drill/observation.h"
#include "scenario/scenario.h"
#include "sim/model.h"
#include "sim/world.h"

namespace drill {

enum class Mode { Watch, Practice, Assessment };
[[nodiscard]] std::string_view modeName(Mode mode);
[[nodiscard]] base::Result<Mode> modeFrom(std::string_view name);

// A line of the journal with what came of it. Only the TimedAction is written to disk; the rest is
// recomputed.
struct Entry {
  sim::TimedAction timed;
  sim::Outcome outcome;
  std::string output;                // terminal text of a Command, answer of a Hint
  std::vector<sim::Action> changed;  // what a Command did to the world (console::Reply::changed)
  bool operator==(const Entry&) const;
};

struct RunKey {
  std::uint64_t seed = 1;
  Mode mode = Mode::Practice;
};

class Run {
 public:
  // Starts at the scenario's beginning and computes up to opensAt. model may be shared by many runs
  // of one scenario (null: made here).
  Run(std::shared_ptr<const scenario::Scenario> scenario, RunKey key,
      std::shared_ptr<const sim::Model> model = nullptr, sim::Detail detail = sim::Detail::Full);

  [[nodiscard]] const scenario::Scenario& scenario() const { return *m_scenario; }
  [[nodiscard]] std::shared_ptr<const scenario::Scenario> scenarioPointer() const {
    return m_scenario;
  }
  [[nodiscard]] std::shared_ptr<const sim::Model> model() const { return m_model; }
  [[nodiscard]] const RunKey& key() const { return m_key; }
  // The key it was begun with: a watcher who took over changed the mode since.
  [[nodiscard]] RunKey startKey() const { return {m_key.seed, m_startMode}; }
  [[nodiscard]] base::SimTime now() const { return m_world.now(); }
  // Closed by its trainee, or past the scenario's end.
  [[nodiscard]] bool finished() const;

  // Lets time pass, in whole seconds, doing what the script (below) asks on the way. Never past
  // endsAt, nor past the moment the incident was closed: the same bits at every step size.
  void advanceTo(base::SimTime time);
  // A script is done by itself as time passes: history in Watch mode, `play --actions`. It must be
  // ascending; entries before now() are skipped, those of this very second are done at once.
  void follow(const std::vector<sim::TimedAction>& script);
  // Stops following (TakeOver is entered in the journal); the mode becomes mode.
  void takeOver(Mode mode);
  [[nodiscard]] bool following() const { return m_nextScripted < m_script.size(); }

  // Does an action now and enters it in the journal, refused or not. Check the entry's outcome.
  const Entry& perform(const sim::Action& action, const std::string& who = "trainee");

  [[nodiscard]] const sim::World& world() const { return m_world; }
  [[nodiscard]] const sim::Telemetry& telemetry() const { return m_telemetry; }
  [[nodiscard]] const console::Shell& shell() const { return m_shell; }
  [[nodiscard]] const std::vector<Entry>& journal() const { return m_journal; }
  [[nodiscard]] const std::vector<Observation>& observations() const { return m_observations; }

  // The same run as it was at time: recomputed from the journal up to and including time. What came
  // later is dropped from the copy (a branch), this run is unchanged. A script is kept.
  [[nodiscard]] Run at(base::SimTime time) const;
  // From now on at() starts from a state kept every spacing of simulated time (about 80 kB each)
  // instead of from the beginning; zero: keeps none. A run that is under way is recomputed for it.
  void keepCheckpoints(base::SimTime spacing);
  // Over world, telemetry, terminal and journal.
  [[nodiscard]] std::uint64_t fingerprint() const;
  // Times of rewinds and hints taken, for the record.
  [[nodiscard]] int rewinds() const { return m_rewinds; }
  void countRewind() { ++m_rewinds; }

 private:
  // The run as it was at world.now(), between two entries of the journal.
  struct Checkpoint {
    sim::World world;
    console::Shell shell;
    sim::TelemetryMark told;
    Mode mode = Mode::Practice;
    std::size_t entries = 0, observations = 0, answersSeen = 0;
  };
  Run(const Run& whole, const Checkpoint& from);
  // The latest state kept that is not after time; without one, the beginning.
  [[nodiscard]] Run lastKept(base::SimTime time) const;
  void keepState();
  void doScripted(base::SimTime until);
  void passTo(base::SimTime time);
  void collectAnswers();
  void observe(Observation observation);
  sim::Outcome runCommand(const sim::Action& action, const std::string& who, Entry& entry);
  sim::Outcome doNow(const sim::Action& action, const std::string& who, Entry& entry);

  std::shared_ptr<const scenario::Scenario> m_scenario;
  std::shared_ptr<const sim::Model> m_model;
  RunKey m_key;
  Mode m_startMode;
  sim::Detail m_detail;
  sim::World m_world;
  sim::Telemetry m_telemetry;
  console::Shell m_shell;
  std::vector<Entry> m_journal;
  std::vector<Observation> m_observations;
  std::vector<sim::TimedAction> m_script;
  std::size_t m_nextScripted = 0;
  std::size_t m_answersSeen = 0;  // notifications already turned into observations
  int m_rewinds = 0;
  base::SimTime m_spacing;                                       // of checkpoints; 0: none are kept
  std::vector<std::shared_ptr<const Checkpoint>> m_checkpoints;  // ascending
};

}  // namespace drill
