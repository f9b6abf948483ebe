// SPDX-License-Identifier: GPL-3.0-or-later
// Safety, 10 points: minor slips cost 2 (the first is free), major ones 5, severe ones close the
// gate. What is left counts as far as the person brought the service back.
#include <algorithm>

#include "base/text.h"
#include "drill/score_facts.h"

namespace drill::grading {
namespace {

enum class Weight { Minor, Major, Severe };

struct Slip {
  std::string id, text;
  Weight weight = Weight::Minor;
  std::size_t entry = 0;
};

double numberIn(const std::string& text) {
  double value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') break;
    value = value * 10 + (c - '0');
  }
  return value;
}

const std::vector<std::string>& limits() {
  static const std::vector<std::string> kLimits = {"shared_buffers",       "work_mem",
                                                   "maintenance_work_mem", "autovacuum_work_mem",
                                                   "max_connections",      "hash_mem_multiplier"};
  return kLimits;
}

class Examiner {
 public:
  explicit Examiner(const Facts& facts) : m_facts(facts) {}

  std::vector<Slip> examine() {
    for (std::size_t i = 0; i < m_facts.steps.size(); ++i) {
      judgeSignals(i);
      judgeStops(i);
      judgeEdits(i);
      judgeMachine(i);
      judgeFailedStart(i);
    }
    for (const Application& application : m_facts.applications)
      if (application.settings.size() > 1)
        add("several-changes", Weight::Minor, application.step,
            std::to_string(application.settings.size()) +
                " settings were changed at once: nobody can tell which one helped.");
    return m_slips;
  }

 private:
  void add(const char* id, Weight weight, std::size_t step, const std::string& text) {
    const Step& at = m_facts.steps[step];
    m_slips.push_back({id, text + " (" + m_facts.clock(at.at) + ")", weight, at.entry});
  }

  void judgeSignals(std::size_t i) {
    const sim::Action* signal = m_facts.steps[i].effect(sim::Verb::Signal);
    if (signal && (signal->text == "KILL" || signal->text == "9" || signal->text == "SIGKILL"))
      add("kill-9", Weight::Major, i,
          "kill -9 on a server process makes PostgreSQL throw everybody out and recover.");
  }

  // Whether an edit waits to be put in force.
  [[nodiscard]] bool somethingWaits(std::size_t i) const {
    const Step& step = m_facts.steps[i];
    const Values& asked = i == 0 ? m_facts.openingAsked : m_facts.steps[i - 1].asked;
    return asked != step.running || !fieldOf(*restartOf(step), "options").empty();
  }

  [[nodiscard]] static const sim::Action* restartOf(const Step& step) {
    if (const sim::Action* restart = step.effect(sim::Verb::Restart)) return restart;
    return step.effect(sim::Verb::Stop);
  }

  [[nodiscard]] bool changedMachineBefore(std::size_t i) const {
    for (std::size_t k = 0; k < i; ++k)
      if (m_facts.steps[k].does(sim::Verb::Sysctl)) return true;
    return false;
  }

  void judgeStops(std::size_t i) {
    const Step& step = m_facts.steps[i];
    const sim::Action* restart = restartOf(step);
    if (!restart) return;
    if (restart->target == "immediate")
      add("immediate-stop", Weight::Minor, i,
          "An immediate stop skips the checkpoint: the next start has to recover.");
    if (step.life == sim::Life::Recovering || step.life == sim::Life::Crashed)
      add("restart-in-recovery", Weight::Major, i,
          "The server was stopped in the middle of recovery, which starts again from the "
          "beginning.");
    const bool idle = !somethingWaits(i) && !changedMachineBefore(i);
    if (idle && restart->verb == sim::Verb::Restart)
      add("restart-without-change", Weight::Minor, i,
          "A restart without a change in place: relief is no proof, and users pay for it.");
    constexpr std::int64_t kSettledMs = 5 * 60'000;
    const bool serving = step.life == sim::Life::Running && step.firstHurtMs >= 0 &&
                         step.healthySinceMs >= 0 && step.at.ms - step.healthySinceMs >= kSettledMs;
    if (serving && idle)
      add("outage-caused", Weight::Major, i, "A service that was healthy again was taken down.");
  }

  [[nodiscard]] bool requestedBefore(std::size_t i, const std::string& setting) const {
    for (std::size_t k = 0; k < i; ++k)
      for (const sim::Action& action : m_facts.steps[k].effects)
        if (action.verb == sim::Verb::RequestChange && base::lower(action.target) == setting)
          return true;
    return false;
  }

  void judgeEdits(std::size_t i) {
    const Step& step = m_facts.steps[i];
    if (!step.does(sim::Verb::EditFile) && !step.does(sim::Verb::AlterSystem)) return;
    const std::vector<std::string> settings = newlyAsked(m_facts, i);
    for (const std::string& setting : settings) {
      const auto known = m_facts.opening.find(setting);
      const auto asked = step.asked.find(setting);
      if (known == m_facts.opening.end() || asked == step.asked.end()) continue;
      if (contains(limits(), setting) && numberIn(asked->second) > numberIn(known->second))
        add("limit-raised", Weight::Minor, i,
            "The limit " + setting + " was raised on a machine short of memory.");
      const bool durable = setting == "fsync" || setting == "full_page_writes";
      if (durable && asked->second == "off")
        add("data-loss", Weight::Severe, i,
            setting + " was switched off: a crash can now destroy data.");
    }
    const bool unrequested =
        std::any_of(settings.begin(), settings.end(),
                    [&](const std::string& s) { return !requestedBefore(i, s); });
    if (unrequested)
      add("edit-without-request", Weight::Minor, i,
          "The configuration was edited without a change request.");
  }

  void judgeMachine(std::size_t i) {
    const Step& step = m_facts.steps[i];
    if (step.does(sim::Verb::AddSwap))
      add("swap-added", Weight::Minor, i, "Swap turns a crash into a crawl and cures nothing.");
    if (step.does(sim::Verb::FailOver) && step.life == sim::Life::Running)
      add("failover-while-up", Weight::Major, i,
          "A failover while the primary was up: the standby has the same configuration.");
  }

  // The server refused to start after this person's change: an outage of their own making.
  void judgeFailedStart(std::size_t i) {
    const Step& step = m_facts.steps[i];
    const Step& next = i + 1 < m_facts.steps.size() ? m_facts.steps[i + 1] : m_facts.end;
    if (next.failure.empty() || next.failure == step.failure) return;
    std::optional<std::size_t> cause;
    for (std::size_t k = 0; k <= i; ++k)
      if (m_facts.steps[k].does(sim::Verb::Restart) || m_facts.steps[k].does(sim::Verb::Start))
        cause = k;
    if (!cause || m_facts.steps[*cause].asked == m_facts.openingAsked) return;
    const bool gate = contains(m_facts.scenario.rubric.severeTraps, "second-outage");
    add("second-outage", gate ? Weight::Severe : Weight::Major, *cause,
        "The server did not start with the changed configuration: a second outage.");
  }

  const Facts& m_facts;
  std::vector<Slip> m_slips;
};

}  // namespace

SafetyVerdict safetyPart(const Facts& facts) {
  SafetyVerdict verdict;
  std::vector<Slip> slips = Examiner(facts).examine();
  std::stable_sort(slips.begin(), slips.end(),
                   [](const Slip& a, const Slip& b) { return a.entry < b.entry; });
  std::vector<std::size_t> work;
  for (const Application& application : facts.applications)
    work.push_back(facts.steps[application.step].entry);
  if (work.empty() && facts.fix()) work.push_back(facts.fix()->entry);
  std::vector<ScoreItem> items;
  const double start = 10 * facts.contribution;
  items.push_back({"safety.recovery",
                   start >= 10 ? "The service was brought back for good."
                   : start > 0
                       ? "The service was brought back, but not for good: half."
                       : "Nothing was put at risk by bringing the service back: it was not.",
                   start, 10, work});
  if (const int crashes = facts.crashesLeftToHappen; crashes > 0)
    items.push_back({"safety.outages-left",
                     "The database crashed " + std::to_string(crashes) +
                         (crashes == 1 ? " more time" : " more times") +
                         " later than 20 minutes after the page: nobody had taken the load off.",
                     crashes == 1 ? -2.0 : -5.0,
                     0,
                     {}});
  bool firstMinor = true;
  for (const Slip& slip : slips) {
    double cost = slip.weight == Weight::Minor ? 2 : slip.weight == Weight::Major ? 5 : 10;
    std::string text = slip.text;
    if (slip.weight == Weight::Minor && firstMinor) {
      firstMinor = false;
      cost = 0;
      text += " The first slip is free.";
    }
    if (slip.weight == Weight::Severe) verdict.severe.push_back(slip.text);
    items.push_back({"safety." + slip.id, text, -cost, 0, {slip.entry}});
  }
  verdict.part = partOf("safety", "Safety", 10, std::move(items));
  return verdict;
}

}  // namespace drill::grading
