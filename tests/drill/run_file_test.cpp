// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill/run_file.h"

#include "base/text.h"
#include "drill/replay.h"
#include "run_fixture.h"

using drill::readRunText;
using namespace runtest;

namespace {

const std::string kHeader =
    R"({"format":"outage-drill-run","version":1,"scenario":"s","scenario_hash":"ab","seed":"7",)"
    R"("mode":"practice","rewinds":2})"
    "\n";

std::string faultOf(const std::string& text) {
  const auto record = readRunText(text, "a.run");
  return record.ok() ? "accepted" : record.error().message;
}

// text with the first occurrence of from replaced.
std::string altered(std::string text, const std::string& from, const std::string& to) {
  const std::size_t place = text.find(from);
  EXPECT_NE(place, std::string::npos) << from;
  return place == std::string::npos ? text : text.replace(place, from.size(), to);
}

}  // namespace

TEST(RunFile, SavedAndReplayedHasTheSameBits) {
  const auto scenario = seedScenario();
  const drill::Run run = played(scenario, session(), clock("10:40:30"));
  const std::string text = drill::runText(run, true);
  const auto record = readRunText(text, "a.run");
  ASSERT_TRUE(record.ok()) << record.error().message;
  EXPECT_TRUE(record.value().ended);
  EXPECT_EQ(record.value().fingerprint, run.fingerprint());
  EXPECT_EQ(record.value().reached, run.now());
  EXPECT_EQ(record.value().minutes.size(), 43U) << "09:58 to 10:40, and half a minute";
  const drill::Run again = drill::recompute(record.value(), scenario, run.now());
  EXPECT_EQ(again.fingerprint(), run.fingerprint());
  EXPECT_EQ(again.journal(), run.journal());
  EXPECT_EQ(again.observations(), run.observations());
  EXPECT_EQ(drill::firstDifference(record.value(), again), "");
  EXPECT_EQ(drill::runText(again, true), text);
}

TEST(RunFile, WhatIsNotTextReplaysToo) {
  drill::Run run(seedScenario(), {1, drill::Mode::Practice});
  run.perform(action(sim::Verb::Command, {}, "echo \xff\xc3"));
  run.perform(action(sim::Verb::Status, "investigating", "\xed\xa0\x80"));
  const auto record = drill::readRunText(drill::runText(run, true), "run");
  ASSERT_TRUE(record.ok()) << record.error().message;
  const auto replayed = drill::replay(record.value(), seedScenario());
  ASSERT_TRUE(replayed.ok());
  EXPECT_EQ(replayed.value().difference, "");
}

TEST(RunFile, RefusesBytesThatAreNoTextInText) {
  const auto record = drill::readRunText("{\"format\":\"\xff\"}\n", "run");
  ASSERT_FALSE(record.ok());
  EXPECT_TRUE(base::validUtf8(record.error().message));
}

TEST(RunFile, ATakenOverHistoryReplaysFromItsFirstMode) {
  const auto scenario = seedScenario();
  drill::Run run = played(scenario, scenario->list("history")->actions, clock("10:20"),
                          base::seconds(600), drill::Mode::Watch);
  run.takeOver(drill::Mode::Assessment);
  run.perform(action(sim::Verb::Hint, "1"));
  run.advanceTo(clock("10:30"));
  const auto record = readRunText(drill::runText(run, true), "a.run");
  ASSERT_TRUE(record.ok()) << record.error().message;
  EXPECT_EQ(record.value().key.mode, drill::Mode::Watch);
  const drill::Run again = drill::recompute(record.value(), scenario, run.now());
  EXPECT_EQ(again.key().mode, drill::Mode::Assessment);
  EXPECT_EQ(again.fingerprint(), run.fingerprint());
}

TEST(RunFile, NamesTheFirstTickAndMetricThatDiffer) {
  const auto scenario = seedScenario();
  const drill::Run run = played(scenario, session(), clock("10:40"));
  auto record = readRunText(drill::runText(run, true), "a.run").value();
  const auto metric = static_cast<std::size_t>(sim::Metric::NodeMemPageTables);
  drill::RunRecord::Minute& minute = record.minutes.back();
  ASSERT_EQ(minute.at.ms, clock("10:40").ms);
  minute.ticks[13 - 1] ^= 1;
  minute.fields[metric] ^= 1;
  const std::string text = drill::firstDifference(record, run);
  EXPECT_EQ(text.substr(0, text.find(':', 30)),
            "first difference at 10:39:13 in node_memory_PageTables_bytes");
  record = readRunText(drill::runText(run, true), "a.run").value();
  record.fingerprint ^= 1;
  EXPECT_NE(drill::firstDifference(record, run).find("the end differs"), std::string::npos);
  record.actions.pop_back();
  EXPECT_NE(drill::firstDifference(record, drill::recompute(record, scenario, record.reached)), "");
}

TEST(RunFile, ATornLastLineIsDroppedButNoOther) {
  const drill::Run run = played(seedScenario(), session(), clock("10:10"));
  const std::string text = drill::runText(run, true);
  const auto whole = readRunText(text, "a.run");
  ASSERT_TRUE(whole.ok());
  for (std::size_t cut = 1; cut < 200; ++cut) {
    const auto record = readRunText(std::string_view(text).substr(0, text.size() - cut), "a.run");
    ASSERT_TRUE(record.ok()) << cut << ": " << record.error().message;
    EXPECT_FALSE(record.value().ended);
  }
  EXPECT_NE(faultOf(kHeader + "{\"at\":10\n{\"at\":2000}\n").find("a.run:2: "), std::string::npos);
}

TEST(RunFile, RefusesDamageWithItsLineAndWhatWasExpected) {
  const struct {
    std::string text, expected;
  } cases[] = {
      {"", "a.run:1: found no complete first line"},
      {"{\"format\":\"outage-drill-run\"}", "a.run:1: found no complete first line"},
      {"nonsense\n", "a.run:1: found \"nonsense\", expected a JSON object"},
      {"{\"format\":\"other\"}\n", "found format \"other\", expected \"outage-drill-run\""},
      {altered(kHeader, ":1,", ":2,"), "found version \"2\", expected 1 (a newer program"},
      {altered(kHeader, "\"version\":1,", ""), "found version \"\", expected 1"},
      {altered(kHeader, "\"ab\"", "\"\""), "found no scenario"},
      {altered(kHeader, "\"7\"", "\"-7\""), "found seed \"-7\", expected a whole number"},
      {altered(kHeader, "practice", "play"), "found mode \"play\", expected watch"},
      {altered(kHeader, "rewinds", "rewind"), "found another set of header fields"},
      {altered(kHeader, "\"seed\"", "\"more\":1,\"seed\""), "found another set of header fields"},
      {kHeader + "\n", "a.run:2: found \"\""},
      {kHeader + "{\"at\":2000}\n{\"at\":1000}\n",
       "a.run:3: found time 1000, expected at least 2000 (time went backwards)"},
      {kHeader + "{\"at\":1500}\n", "found time 1500, expected whole seconds"},
      {kHeader + "{\"at\":\"soon\"}\n", "found time \"soon\", expected milliseconds"},
      {kHeader + "{\"ms\":0,\"do\":\"fly\"}\n", "a.run:2: found"},
      {kHeader + "{\"what\":1}\n", "expected an action, \"at\", \"ticks\" or \"end\""},
      {kHeader + "{\"at\":1000,\"ticks\":\"00g0\",\"fields\":\"\"}\n",
       "found \"00g0\", expected hex digits"},
      {kHeader + "{\"at\":1000,\"ticks\":\"000\",\"fields\":\"\"}\n",
       "found 3 hex digits, expected a multiple of 4"},
      {kHeader + "{\"at\":1000,\"ticks\":\"\",\"fields\":\"\"}\n", "found 0 ticks"},
      {kHeader + "{\"end\":1000,\"fingerprint\":\"12\"}\n", "expected 16 hex digits"},
      {kHeader + "{\"end\":1000,\"fingerprint\":\"0123456789abcdeX\"}\n", "expected hex digits"},
      {kHeader + "{\"end\":0,\"fingerprint\":\"0123456789abcdef\"}\n{\"at\":1000}\n",
       "a.run:3: found \"{\"at\":1000}\" after the end"},
      {kHeader + std::string("{\"at\":\0}\n", 9), "a.run:2: "},
      {kHeader + "{\"at\":99999999999999999999}\n", "a.run:2: "},
  };
  for (const auto& one : cases) {
    EXPECT_NE(faultOf(one.text).find(one.expected), std::string::npos)
        << "expected: " << one.expected << "\ngot:      " << faultOf(one.text);
  }
  EXPECT_EQ(faultOf(kHeader), "accepted");
}

TEST(RunFile, EveryChangedByteIsRefusedOrShows) {
  const auto scenario = seedScenario();
  const drill::Run run = played(scenario, session(), clock("10:05"));
  const std::string text = drill::runText(run, true);
  int noticed = 0, tried = 0;
  for (std::size_t place = 0; place < text.size(); place += 97) {
    std::string changed = text;
    changed[place] = changed[place] == '1' ? '2' : '1';
    const auto record = readRunText(changed, "a.run");
    ++tried;
    if (!record.ok()) {
      ++noticed;
      continue;
    }
    const auto replayed = drill::replay(record.value(), scenario);
    const bool differs =
        !replayed.ok() || !replayed.value().difference.empty() || !record.value().ended;
    noticed += differs ? 1 : 0;
    EXPECT_TRUE(differs || record.value().rewinds != 0 || record.value().scenarioId != scenario->id)
        << "unnoticed at byte " << place << ": " << changed.substr(place > 40 ? place - 40 : 0, 80);
  }
  EXPECT_GT(noticed, tried * 9 / 10);
}

TEST(RunFile, HoldsNoGroundTruth) {
  const auto scenario = seedScenario();
  const drill::Run run = played(scenario, session(), clock("10:40"));
  std::string shown = drill::runText(run, true);
  for (const drill::Entry& entry : run.journal()) {
    if (entry.timed.action.verb != sim::Verb::Hint) shown += entry.output;
    shown += entry.outcome.text + "\n";
  }
  for (const drill::Observation& seen : run.observations()) shown += seen.title + seen.text + "\n";
  std::vector<std::string> hidden = {"truth_", "reference", scenario->texts.debrief};
  for (const auto& clue : scenario->clues) hidden.insert(hidden.end(), {clue.id, clue.title});
  for (const auto& link : scenario->chain) hidden.push_back(link.title);
  for (const auto& hint : scenario->hints) hidden.push_back(hint.text);
  for (const std::string& secret : hidden) {
    ASSERT_FALSE(secret.empty());
    EXPECT_EQ(shown.find(secret), std::string::npos) << "shown before the debrief: " << secret;
  }
}

TEST(RunFile, ReadsFilesAndSaysWhichOneCannotBeRead) {
  const TemporaryFolder folder;
  EXPECT_EQ(drill::readRunFile(folder.file("none.run")).error().code, "unreadable");
  ASSERT_TRUE(drill::writeFileSafely(folder.file("b.run"), kHeader + "{\"at\":5000}\n").ok());
  const auto record = drill::readRunFile(folder.file("b.run"));
  ASSERT_TRUE(record.ok()) << record.error().message;
  EXPECT_EQ(record.value().key.seed, 7U);
  EXPECT_EQ(record.value().rewinds, 2);
  EXPECT_EQ(record.value().reached, base::seconds(5));
}
