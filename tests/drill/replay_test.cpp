// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill/replay.h"

#include "run_fixture.h"

using namespace runtest;

TEST(Replay, RefusesAnotherScenarioAndAnotherVersionOfIt) {
  const auto scenario = seedScenario();
  const drill::Run run = played(scenario, session(), clock("10:05"));
  auto record = drill::readRunText(drill::runText(run, true), "a.run").value();
  EXPECT_EQ(drill::replay(record, scenario).value().difference, "");
  record.scenarioHash[0] = record.scenarioHash[0] == 'a' ? 'b' : 'a';
  const auto edited = drill::replay(record, scenario);
  ASSERT_FALSE(edited.ok());
  EXPECT_EQ(edited.error().code, "other-scenario");
  EXPECT_NE(edited.error().message.find("another version"), std::string::npos);
  record.scenarioId = "moon";
  EXPECT_NE(drill::replay(record, scenario).error().message.find("\"moon\", not \""),
            std::string::npos);
}

TEST(Replay, StopsWhereItIsTold) {
  const auto scenario = seedScenario();
  const drill::Run run = played(scenario, session(), clock("10:30"));
  const auto record = drill::readRunText(drill::runText(run, true), "a.run").value();
  const auto replayed = drill::replay(record, scenario, clock("10:12:34"));
  ASSERT_TRUE(replayed.ok());
  EXPECT_EQ(replayed.value().run->fingerprint(), run.at(clock("10:12:34")).fingerprint());
  EXPECT_EQ(replayed.value().difference, "");
}
