// SPDX-License-Identifier: GPL-3.0-or-later
#include "edited.h"
#include "scenario/sections.h"

namespace {

const std::string kHappening = R"({"at": "10:05", "kind": "network-rtt", "value": "3ms"})";

sim::Happening happening(const std::string& json) {
  const auto all = goodScenario({{kHappening, json}}).world.happenings;
  return all.empty() ? sim::Happening{} : all[0];
}

TEST(ReadPeople, ReadsPeopleAndTheirAnswers) {
  const auto people =
      goodScenario({{R"("team": "database",)", R"("team": "on-call", "joinsAfter": "90s",)"}})
          .world.people;
  ASSERT_EQ(people.size(), 1u);
  EXPECT_EQ(people[0].team, sim::Team::OnCall);
  EXPECT_EQ(people[0].joinsAfterSeconds, 90);
  ASSERT_EQ(people[0].topics[0].answers.size(), 2u);
  EXPECT_EQ(people[0].topics[0].answers[0].when[0].op, "==");
  EXPECT_TRUE(people[0].topics[0].answers[1].when.empty());
}

TEST(ReadPeople, TheLastAnswerIsForAllOtherStates) {
  EXPECT_EQ(
      complaint({{R"(, {"text": "{pg_up|number}"})", ""}}),
      "/people/0/topics/0/answers/0: found conditions on the last answer, expected a last answer "
      "without \"when\", for all other states");
}

TEST(ReadPeople, ReadsEveryKindOfHappening) {
  using Kind = sim::Happening::Kind;
  const sim::Happening rtt = happening(kHappening);
  EXPECT_EQ(rtt.kind, Kind::NetworkRtt);
  EXPECT_EQ(rtt.value, 3);
  EXPECT_EQ(rtt.at, base::minutes(65));
  const sim::Happening errors =
      happening(R"({"at": "10:05", "for": "5min", "kind": "link-errors", "value": 42})");
  EXPECT_EQ(errors.value, 42);
  EXPECT_EQ(errors.seconds, 300);
  EXPECT_EQ(happening(R"({"at": "10:05", "kind": "network-loss", "value": "2%"})").value, 0.02);
  EXPECT_EQ(happening(R"({"at": "10:05", "kind": "traffic-factor", "value": 1.5})").value, 1.5);
  const sim::Happening line =
      happening(R"({"at": "10:05", "kind": "log-line", "source": "website", "text": "deploy"})");
  EXPECT_EQ(line.source, "website");
  EXPECT_EQ(line.text, "deploy");
  const sim::Happening action = happening(
      R"({"at": "10:05", "kind": "action", "who": "dba", "do": "alter-system", "target": "work_mem", "text": "64MB"})");
  EXPECT_EQ(action.who, "dba");
  EXPECT_EQ(action.action, (sim::Action{sim::Verb::AlterSystem, "work_mem", "64MB", {}}));
}

TEST(ReadPeople, EveryKindHasKeysOfItsOwn) {
  EXPECT_EQ(complaint({{kHappening,
                        R"({"at": "10:05", "kind": "network-rtt", "value": "3ms", "text": "x"})"}})
                .substr(0, 40),
            "/happenings/0/text: found the unknown ke");
}

}  // namespace
