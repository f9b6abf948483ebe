// SPDX-License-Identifier: GPL-3.0-or-later
#include "edited.h"
#include "scenario/sections.h"

namespace {

const std::string kClue =
    R"({"id": "slow", "title": "Slow pages", "link": "symptom", "sources": ["alerts"]})";

TEST(ReadDiagnosis, ReadsFormChainAndTruth) {
  const scenario::Scenario scenario = goodScenario();
  EXPECT_EQ(scenario.form.components[1].id, "database");
  EXPECT_EQ(scenario.form.changes[1].title, "Cache tuning");
  EXPECT_EQ(scenario.chain[1].id, "setting");
  EXPECT_EQ(scenario.truth.setting, "shared_buffers");
  EXPECT_EQ(scenario.truth.direction, "too-high");
}

TEST(ReadDiagnosis, ChartsAreNamedInFull) {
  const scenario::Scenario scenario =
      goodScenario({{kClue,
                     R"({"id": "slow", "title": "Slow", "clears": "network",
            "sources": ["chart:if_in_errors_total", "ask:health", "log:kernel", "command"],
            "anyText": ["a"], "allText": ["b", "c"], "metric": ["rate(if_in_errors_total[60s]) > 1"]})"}});
  const scenario::Clue& clue = scenario.clues[0];
  EXPECT_EQ(clue.sources[0], "chart:if_in_errors_total{device=\"sw2\",port=\"xe-0/0/7\"}");
  EXPECT_EQ(clue.clears, "network");
  EXPECT_EQ(clue.allText.size(), 2u);
  EXPECT_EQ(clue.metric[0].rateSeconds, 60);
}

TEST(ReadDiagnosis, AFormOffersAChoice) {
  EXPECT_EQ(
      complaint({{R"([{"id": "memory", "title": "Memory"}, {"id": "locks", "title": "Locks"}])",
                  R"([{"id": "memory", "title": "Memory"}])"}}),
      "/diagnosis/mechanisms: found fewer than two choices, expected at least two, or there is "
      "nothing to choose");
}

}  // namespace
