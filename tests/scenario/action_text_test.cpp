// SPDX-License-Identifier: GPL-3.0-or-later
// Actions in lists and in journals, and the flat objects of run files.
#include <gtest/gtest.h>

#include "scenario_files.h"

namespace {

const sim::TimingSpec kTiming{base::parseIso("2024-05-07T05:00:00Z").value(), base::minutes(270),
                              base::minutes(298), base::minutes(480)};

scenario::ActionsReading read(std::string_view text) {
  return scenario::readActions(text, "actions.json", kTiming);
}

TEST(ActionText, ReadsAListOfActions) {
  const auto reading = read(R"([
    // what an expert does
    {"at": "10:03:12", "who": "trainee", "do": "acknowledge", "target": "WebsiteLatencyHigh"},
    {"at": "10:04", "do": "restart", "target": "fast", "fields": {"options": "-c work_mem=4MB"}}
  ])");
  ASSERT_TRUE(reading.problems.empty()) << reading.problems[0].text();
  ASSERT_EQ(reading.actions.size(), 2u);
  EXPECT_EQ(reading.actions[0],
            (sim::TimedAction{base::seconds(5 * 3600 + 3 * 60 + 12),
                              "trainee",
                              {sim::Verb::Acknowledge, "WebsiteLatencyHigh", "", {}}}));
  EXPECT_EQ(reading.actions[1].who, "trainee");
  EXPECT_EQ(reading.actions[1].action.fields.at("options"), "-c work_mem=4MB");
}

TEST(ActionText, NamesFileAndPlaceOfEveryFault) {
  const auto reading =
      read("[{\"at\": \"10:03\", \"do\": \"restrat\"},\n {\"at\": \"9:00\", \"do\": \"close\"}]");
  EXPECT_TRUE(reading.actions.empty());
  ASSERT_EQ(reading.problems.size(), 2u);
  EXPECT_EQ(reading.problems[0].text(),
            "actions.json:1:24: /0/do: found \"restrat\", expected \"restart\"");
  EXPECT_EQ(reading.problems[1].line, 2);
  EXPECT_EQ(read("{}").problems[0].text(), "actions.json:1:1: found an object, expected an array");
  EXPECT_EQ(read("[").problems.size(), 1u);
}

TEST(ActionText, ReplacesInTheFilesOfTheScenario) {
  constexpr std::string_view kText =
      R"([{"at": "10:03", "do": "edit-file", "target": "/a.conf", "replace": "b", "with": "c"},
          {"at": "10:04", "do": "edit-file", "target": "/a.conf", "replace": "c\n", "with": ""}])";
  const auto reading = scenario::readActions(kText, "f", kTiming, {{"/a.conf", "a\nb\n"}});
  ASSERT_TRUE(reading.problems.empty()) << reading.problems[0].text();
  EXPECT_EQ(reading.actions[0].action.text, "a\nc\n");
  EXPECT_EQ(reading.actions[1].action.text, "a\n");
  EXPECT_EQ(read(kText).problems.size(), 2u);
}

TEST(ActionText, JournalLinesComeBack) {
  for (const std::string& name : sim::verbNames()) {
    const sim::TimedAction timed{base::SimTime{18'192'123},
                                 "dba",
                                 {*sim::verbFrom(name),
                                  "a \"target\"",
                                  "two\nlines \t\\ \xE2\x82\xAC",
                                  {{"", "empty key"}, {"b", ""}, {"impact", "none"}}}};
    const std::string line = scenario::actionLine(timed);
    EXPECT_EQ(line.find('\n'), std::string::npos);
    const auto back = scenario::readActionLine(line);
    ASSERT_TRUE(back.ok()) << back.error().message;
    EXPECT_EQ(back.value(), timed);
  }
}

TEST(ActionText, JournalLinesAreShortAndReadable) {
  EXPECT_EQ(scenario::actionLine(
                {base::SimTime{18192000}, "trainee", {sim::Verb::Acknowledge, "Slow", "", {}}}),
            R"({"ms":18192000,"who":"trainee","do":"acknowledge","target":"Slow"})");
}

TEST(ActionText, BytesThatAreNoTextDoNotBreakTheJournal) {
  const auto back = scenario::readActionLine(
      scenario::actionLine({base::SimTime{1}, "trainee", {sim::Verb::Command, "", "ls \xFF", {}}}));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back.value().action.text, "ls \xEF\xBF\xBD");
}

TEST(ActionText, DamagedJournalLinesAreRefusedWithAReason) {
  const auto said = [](std::string_view line) {
    const auto back = scenario::readActionLine(line);
    return back ? "read" : back.error().place + ' ' + back.error().message;
  };
  EXPECT_EQ(said(R"({"ms":1,"who":"x","do":"close"})"), "read");
  EXPECT_EQ(said(R"({"ms":1,"who":"x","do":"clos"})"),
            "1:24 /do: found \"clos\", expected \"close\"");
  EXPECT_EQ(said(R"({"ms":"1","who":"x","do":"close"})").substr(0, 8), "1:7 /ms:");
  EXPECT_EQ(said(R"({"ms":1,"do":"close"})"), "1:1 found nothing, expected the key \"who\"");
  EXPECT_EQ(said(R"({"ms":1,"who":"x","do":"close","at":"10:00"})").substr(0, 9), "1:32 /at:");
  EXPECT_EQ(said(R"({"ms":1,"who":"x","do":"clo)").substr(0, 5), "1:28 ");
  EXPECT_EQ(said(""), "1:1 found end of input, expected '[', '{', or a literal");
}

TEST(ActionText, FlatObjectsComeBack) {
  const std::map<std::string, std::string> values = {{"a", "1"}, {"b", "two\n\"lines\""}, {"", ""}};
  const auto back = scenario::readFlatObject(scenario::flatObject(values));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back.value(), values);
  EXPECT_EQ(scenario::flatObject({}), "{}");
  EXPECT_EQ(scenario::readFlatObject(R"({"seed": 42, "below": -1})").value(),
            (std::map<std::string, std::string>{{"below", "-1"}, {"seed", "42"}}));
  for (const char* text : {"[]", "{\"a\": {}}", "{\"a\": 1.5}", "{\"a\": 1, \"a\": 2}", "{", "7"}) {
    EXPECT_FALSE(scenario::readFlatObject(text).ok()) << text;
  }
}

}  // namespace
