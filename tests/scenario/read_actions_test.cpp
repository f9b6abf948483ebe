// SPDX-License-Identifier: GPL-3.0-or-later
#include "edited.h"
#include "scenario/sections.h"

namespace {

std::string saidOf(const std::string& step) {
  return complaint({{R"({"at": "10:03", "do": "restart", "target": "fast"})",
                     "{\"at\": \"10:03\", " + step + "}"}});
}

TEST(ReadActions, KnowsTheFormOfEveryVerb) {
  for (
      const char* step :
      {R"("do": "acknowledge", "target": "LatencyHigh")",
       R"("do": "declare", "target": "sev2")",
       R"("do": "page", "target": "dba")",
       R"("do": "ask", "target": "dba", "text": "health")",
       R"("do": "status", "target": "investigating", "text": "We look")",
       R"("do": "edit-file", "target": "/etc/postgresql/15/main/postgresql.conf", "text": ["a = 1"])",
       R"("do": "alter-system", "target": "work_mem", "text": "8MB")",
       R"("do": "alter-system", "target": "all")",
       R"("do": "reload")",
       R"("do": "restart")",
       R"("do": "stop", "target": "immediate")",
       R"("do": "start", "fields": {"options": "-c jit=off"})",
       R"("do": "signal", "target": "4711", "text": "TERM")",
       R"("do": "admit", "target": "25")",
       R"("do": "fail-over")",
       R"("do": "add-swap", "text": "8GB")",
       R"("do": "sysctl", "target": "vm.swappiness", "text": "10")",
       R"("do": "request-change", "target": "work_mem", "text": "8MB", "fields": {"emergency": "yes"})",
       R"("do": "close", "text": "done")",
       R"("do": "look", "target": "chart:pg_up")",
       R"("do": "command", "text": "free -m")",
       R"("do": "hypothesis", "target": "h", "text": "?")",
       R"("do": "pin", "target": "h", "fields": {"observation": "1", "stance": "for"})",
       R"("do": "reject", "target": "h")",
       R"("do": "diagnose", "fields": {"component": "network"})",
       R"("do": "verify", "text": "looked")",
       R"("do": "hint", "target": "1")",
       R"("do": "take-over")",
       R"("do": "alert-rule", "target": "M", "fields": {"metric": "pg_up", "op": "<", "threshold": "1"})"}) {
    EXPECT_EQ(saidOf(step), "0 complaints") << step;
  }
}

TEST(ReadActions, RefusesWhatAVerbDoesNotTake) {
  const std::string at = "/actions/0/steps/2";
  EXPECT_EQ(saidOf(R"("do": "admit", "target": "125")"),
            at + "/target: found \"125\", expected \"0\" to \"100\"");
  EXPECT_EQ(saidOf(R"("do": "declare", "target": "sev9")"),
            at + "/target: found \"sev9\", expected a severity: \"sev1\"");
  EXPECT_EQ(saidOf(R"("do": "add-swap", "text": "8")"),
            at + "/text: found \"8\", expected a size with a unit such as \"8GB\"");
  EXPECT_EQ(saidOf(R"("do": "reload", "text": "now")"),
            at + "/text: found a text, expected none: \"reload\" takes no text");
  EXPECT_EQ(saidOf(R"("do": "alter-system", "target": "wrok_mem", "text": "1MB")"),
            at + "/target: found the setting \"wrok_mem\", expected \"work_mem\"");
  EXPECT_EQ(saidOf(R"("do": "look", "target": "chart:pg_upp")"),
            at + "/target: found the metric \"pg_upp\", expected pg_up");
  EXPECT_EQ(saidOf(R"("do": "edit-file", "target": "/etc/postgresql/15/main/postgresql.conf")"),
            at + ": found nothing, expected the key \"text\", or \"replace\" and \"with\"");
  EXPECT_EQ(saidOf(R"("do": "edit-file", "target": "a.conf", "text": "x")"),
            at + "/target: found \"a.conf\", expected an absolute path");
}

TEST(ReadActions, RangesLookedAtAreClockTimes) {
  const auto scenario = goodScenario(
      {{R"("do": "restart", "target": "fast")",
        R"("do": "look", "target": "alerts", "fields": {"from": "09:30", "to": "10:02:03"})"}});
  const auto& fields = scenario.lists[0].actions[2].action.fields;
  EXPECT_EQ(fields.at("from"), "1800000");
  EXPECT_EQ(fields.at("to"), "3723000");
  EXPECT_EQ(saidOf(R"("do": "look", "target": "alerts", "fields": {"from": "5000"})").substr(0, 30),
            "/actions/0/steps/2/fields/from");
}

TEST(ReadActions, EachListStartsFromTheFilesOfTheScenario) {
  const auto scenario = goodScenario(
      {{R"({"at": "10:03", "do": "restart", "target": "fast"})",
        R"({"at": "10:03", "do": "edit-file", "target": "/etc/postgresql/15/main/postgresql.conf",
            "replace": "shared_buffers = 16GB", "with": ["shared_buffers = 8GB", "jit = off"]})"}});
  EXPECT_EQ(scenario.lists[0].actions[2].action.text,
            "shared_buffers = 8GB\njit = off\nwork_mem = 16MB\n");
  EXPECT_EQ(scenario.world.database.files[0].text, "shared_buffers = 16GB\nwork_mem = 16MB\n");
}

}  // namespace
