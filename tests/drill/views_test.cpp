// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill/views.h"

#include "run_fixture.h"

using sim::Verb;
using namespace runtest;

TEST(Views, LookRefusesWhatIsNotThereAndWhatIsHidden) {
  drill::Run run(seedScenario(), {1, drill::Mode::Practice});
  for (const char* target : {"", "moon", "log:moon", "chart:moon", "chart:truth_hit_ratio",
                             "chart:truth_users_affected", "file:/etc/shadow", "moon:alerts"}) {
    const drill::Entry& entry = run.perform(action(Verb::Look, target));
    EXPECT_FALSE(entry.outcome.accepted) << target;
    EXPECT_NE(entry.outcome.text.find("There is no"), std::string::npos) << entry.outcome.text;
  }
  EXPECT_FALSE(run.perform(action(Verb::Look, "alerts", "", {{"from", "ten"}})).outcome.accepted);
  EXPECT_FALSE(run.perform(action(Verb::Look, "alerts", "", {{"from", "9000"}, {"to", "8000"}}))
                   .outcome.accepted);
  EXPECT_TRUE(run.observations().empty());
}

TEST(Views, LookCoversTheLastHalfHourUnlessToldOtherwise) {
  drill::Run run(seedScenario(), {1, drill::Mode::Practice});
  run.perform(action(Verb::Look, "chart:node_memory_PageTables_bytes"));
  EXPECT_EQ(run.observations().back().to, run.now());
  EXPECT_EQ(run.observations().back().from, run.now() - base::minutes(30));
  EXPECT_EQ(run.observations().back().title, "node_memory_PageTables_bytes 09:28:00-09:58:00");
  run.perform(action(Verb::Look, "log:kernel", "", {{"from", "60000"}, {"to", "99999999999"}}));
  EXPECT_EQ(run.observations().back().from, base::minutes(1));
  EXPECT_EQ(run.observations().back().to, run.now());
}

TEST(Views, ChangesReadLikeTheRepositorysLogNewestFirst) {
  const auto scenario = seedScenario();
  drill::Run run(scenario, {1, drill::Mode::Practice});
  const std::string text = drill::changesText(run.world());
  std::size_t before = 0;
  auto changes = scenario->world.database.changes;
  std::stable_sort(changes.begin(), changes.end(),
                   [](const auto& a, const auto& b) { return a.at > b.at; });
  ASSERT_FALSE(changes.empty());
  for (const auto& change : changes) {
    const std::size_t place = text.find("commit " + change.commit);
    ASSERT_NE(place, std::string::npos) << change.commit;
    EXPECT_GE(place, before);
    EXPECT_NE(text.find(change.title), std::string::npos);
    before = place;
  }
}

TEST(Views, AlertsAndStatusAreTextInTheOrderOfEvents) {
  drill::Run run(seedScenario(), {1, drill::Mode::Practice});
  EXPECT_EQ(drill::statusText(run.world()), "Nothing has been said to users.\n");
  run.advanceTo(clock("10:06"));
  run.perform(action(Verb::Status, "investigating", "Pages are slow."));
  EXPECT_EQ(drill::statusText(run.world()), "10:06:00 investigating: Pages are slow.\n");
  EXPECT_NE(drill::alertsText(run.world(), run.telemetry()).find("firing WebsiteLatencyHigh"),
            std::string::npos);
}
