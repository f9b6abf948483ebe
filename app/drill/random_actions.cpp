// SPDX-License-Identifier: GPL-3.0-or-later
// A bot that clicks everything: legal actions, drawn at random from what the scenario offers.
#include <algorithm>

#include "base/random.h"
#include "drill/proof.h"

namespace drill {
namespace {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : m_seed(seed) {}
  std::size_t below(std::size_t bound) {
    return static_cast<std::size_t>(base::below(bound, m_seed, base::Stream::Bots, m_next++));
  }
  template <typename T>
  const T& oneOf(const std::vector<T>& list) {
    return list[below(list.size())];
  }
  std::string choice(const std::vector<scenario::Choice>& choices) {
    return choices.empty() ? std::string() : oneOf(choices).id;
  }

 private:
  std::uint64_t m_seed;
  std::int64_t m_next = 0;
};

using Words = std::vector<std::string>;

sim::Action make(sim::Verb verb, std::string target = {}, std::string text = {},
                 std::map<std::string, std::string> fields = {}) {
  return {verb, std::move(target), std::move(text), std::move(fields)};
}

const sim::PersonSpec* anybody(const scenario::Scenario& scenario, Dice& dice) {
  return scenario.world.people.empty() ? nullptr : &dice.oneOf(scenario.world.people);
}

sim::Action look(Dice& dice) {
  const Words views = {"alerts",     "changes",     "status",     "log:postgresql",
                       "log:kernel", "log:website", "log:network"};
  if (dice.below(2) == 0) return make(sim::Verb::Look, dice.oneOf(views));
  for (;;) {
    const sim::MetricInfo& info =
        sim::metricInfo(static_cast<sim::Metric>(dice.below(sim::kMetricCount)));
    if (info.audience == sim::Audience::Trainee)
      return make(sim::Verb::Look, "chart:" + info.fullName());
  }
}

sim::Action talk(const scenario::Scenario& scenario, Dice& dice) {
  const Words states = {"investigating", "identified", "monitoring", "resolved"};
  const sim::PersonSpec* person = anybody(scenario, dice);
  switch (dice.below(4)) {
    case 0:
      if (!scenario.world.monitoring.rules.empty())
        return make(sim::Verb::Acknowledge, dice.oneOf(scenario.world.monitoring.rules).name);
      [[fallthrough]];
    case 1:
      if (person) return make(sim::Verb::Page, person->id);
      [[fallthrough]];
    case 2:
      if (person && !person->topics.empty())
        return make(sim::Verb::Ask, person->id, dice.oneOf(person->topics).id);
      [[fallthrough]];
    default:
      return make(sim::Verb::Status, dice.oneOf(states), "We are looking into it.");
  }
}

sim::Action configure(const scenario::Scenario& scenario, Dice& dice) {
  const Words values = {"8MB",  "64MB", "512MB", "4GB", "16GB", "32GB",
                        "44GB", "100",  "400",   "on",  "off"};
  const std::string setting = dice.choice(scenario.form.settings);
  const std::string& value = dice.oneOf(values);
  switch (dice.below(6)) {
    case 0:
    case 1:
      return make(sim::Verb::AlterSystem, setting, value);
    case 2:
      return make(sim::Verb::Reload);
    case 3:
      return make(sim::Verb::Admit, dice.oneOf(Words{"0", "30", "60", "100"}));
    case 4:
      return make(sim::Verb::RequestChange, setting, value,
                  {{"impact", "it should get better soon"},
                   {"rollback", "put the old value back"},
                   {"verification", "look at the charts"},
                   {"emergency", dice.below(2) == 0 ? "yes" : "no"}});
    default:
      return make(sim::Verb::AddSwap, {}, "8GB");
  }
}

sim::Action stopOrStart(Dice& dice) {
  const Words modes = {"smart", "fast", "immediate"};
  switch (dice.below(4)) {
    case 0:
    case 1:
      return make(sim::Verb::Restart, dice.oneOf(modes));
    case 2:
      return make(sim::Verb::Stop, dice.oneOf(modes));
    default:
      return make(sim::Verb::Start);
  }
}

sim::Action think(const scenario::Scenario& scenario, Dice& dice) {
  const scenario::DiagnosisForm& form = scenario.form;
  std::map<std::string, std::string> fields = {{"component", dice.choice(form.components)},
                                               {"mechanism", dice.choice(form.mechanisms)},
                                               {"setting", dice.choice(form.settings)},
                                               {"direction", dice.choice(form.directions)}};
  const std::string hypothesis = "h" + std::to_string(1 + dice.below(3));
  switch (dice.below(5)) {
    case 0:
      fields["change"] = dice.choice(form.changes);
      return make(sim::Verb::Diagnose, {}, {}, fields);
    case 1:
      return make(sim::Verb::Reject, hypothesis);
    case 2:
      return make(sim::Verb::Pin, hypothesis, {},
                  {{"observation", std::to_string(1 + dice.below(20))},
                   {"stance", dice.below(2) == 0 ? "for" : "against"}});
    case 3:
      return make(sim::Verb::Verify, {}, "checked the charts again");
    default:
      fields["confidence"] = std::to_string(10 * dice.below(11));
      return make(sim::Verb::Hypothesis, hypothesis, "perhaps it is this", fields);
  }
}

sim::Action command(Dice& dice) {
  const Words lines = {"free -m",
                       "cat /proc/meminfo",
                       "dmesg -T",
                       "vmstat 1 3",
                       "ping -c 4 db1",
                       "ss -s",
                       "uptime",
                       "ls",
                       "psql -c 'SHOW shared_buffers'",
                       "psql -c 'SHOW work_mem'",
                       "psql -c 'SELECT * FROM pg_settings'",
                       "tail -n 50 /var/log/postgresql/postgresql-15-main.log",
                       "git log",
                       "sudo systemctl reload postgresql",
                       "sudo systemctl restart postgresql"};
  return make(sim::Verb::Command, {}, dice.oneOf(lines));
}

}  // namespace

std::vector<sim::TimedAction> randomActions(const scenario::Scenario& scenario,
                                            std::uint64_t botSeed) {
  Dice dice(botSeed);
  const sim::TimingSpec& timing = scenario.world.timing;
  const std::size_t count = 20 + dice.below(41);
  const auto span = static_cast<std::size_t>((timing.endsAt - timing.opensAt).ms / 1000);
  std::vector<sim::TimedAction> actions;
  for (std::size_t i = 0; i < count; ++i) {
    sim::TimedAction timed;
    timed.at = timing.opensAt + base::seconds(static_cast<std::int64_t>(dice.below(span)));
    timed.who = "trainee";
    switch (dice.below(8)) {
      case 0:
      case 1:
        timed.action = look(dice);
        break;
      case 2:
        timed.action = talk(scenario, dice);
        break;
      case 3:
        timed.action = configure(scenario, dice);
        break;
      case 4:
        timed.action = stopOrStart(dice);
        break;
      case 5:
      case 6:
        timed.action = think(scenario, dice);
        break;
      default:
        timed.action = command(dice);
        break;
    }
    actions.push_back(std::move(timed));
  }
  if (dice.below(2) == 0) {
    sim::TimedAction close;
    close.at =
        timing.opensAt + base::seconds(static_cast<std::int64_t>(span / 2 + dice.below(span / 2)));
    close.who = "trainee";
    close.action = make(sim::Verb::Close, {}, "it looks fine to me");
    actions.push_back(std::move(close));
  }
  std::stable_sort(
      actions.begin(), actions.end(),
      [](const sim::TimedAction& a, const sim::TimedAction& b) { return a.at < b.at; });
  return actions;
}

}  // namespace drill
