// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenario/reader.h"

#include <gtest/gtest.h>

#include "scenario_files.h"

namespace {

using scenario::Reading;

TEST(Reader, ReadsTheSeedScenario) {
  const Reading reading = scenario::readScenarioFile(kSeedFile, testCatalogue());
  for (const scenario::Problem& problem : reading.problems) ADD_FAILURE() << problem.text();
  ASSERT_NE(reading.scenario, nullptr);
  const scenario::Scenario& seed = *reading.scenario;
  EXPECT_EQ(seed.id, "2024-05-07-main-database");
  EXPECT_EQ(base::isoText(seed.world.timing.startUnixMs), "2024-05-07T05:00:00.000Z");
  EXPECT_EQ(seed.world.timing.opensAt, base::minutes(298));
  EXPECT_EQ(seed.world.host.ramBytes, 64LL << 30);
  EXPECT_EQ(seed.world.monitoring.rules.size(), 6u);
  EXPECT_EQ(seed.hash.size(), 64u);
}

const scenario::Scenario& seed() {
  static const Reading kReading = scenario::readScenarioFile(kSeedFile, testCatalogue());
  return *kReading.scenario;
}

TEST(Reader, TheSeedHasItsListsAndTheirScores) {
  const auto range = [](const std::string& name) {
    const scenario::ActionList* list = seed().list(name);
    return list == nullptr ? std::pair(-1, -1) : std::pair(list->scoreMin, list->scoreMax);
  };
  EXPECT_EQ(range("history"), std::pair(45, 65));
  EXPECT_EQ(range("reference"), std::pair(95, 100));
  EXPECT_EQ(range("reference-2"), std::pair(90, 100));
  EXPECT_EQ(range("do-nothing"), std::pair(0, 10));
  EXPECT_EQ(range("restart-only"), std::pair(0, 35));
  EXPECT_EQ(range("raise-every-limit"), std::pair(0, 35));
  EXPECT_EQ(range("no-evidence"), std::pair(0, 69));
  EXPECT_NE(seed().list("running-value-only"), nullptr);
}

TEST(Reader, EveryMilestoneOfWhatPeopleDidIsInTheHistory) {
  for (const scenario::Milestone& milestone : seed().milestones) {
    if (milestone.kind != scenario::Milestone::Kind::ActionDone) continue;
    bool found = false;
    for (const sim::TimedAction& timed : seed().list("history")->actions) {
      const std::string done =
          std::string(sim::verbName(timed.action.verb)) + ' ' + timed.action.target;
      found = found || (timed.at == milestone.at && done == milestone.subject);
    }
    EXPECT_TRUE(found) << milestone.title;
  }
}

TEST(Reader, EveryLinkOfTheChainHasClues) {
  for (const scenario::ChainLink& link : seed().chain) {
    bool found = false;
    for (const scenario::Clue& clue : seed().clues) found = found || clue.link == link.id;
    EXPECT_TRUE(found) << link.id;
  }
}

TEST(Reader, WhatIsReadBeforeTheStartDoesNotGiveTheCauseAway) {
  std::string before = seed().title + seed().summary + seed().texts.briefing;
  for (const std::string& objective : seed().objectives) before += objective;
  for (const char* secret : {"shared_buffers", "44", "e07a4b9", "Cache tuning", "page table", "OOM",
                             "memory setting", "out of memory"}) {
    EXPECT_EQ(before.find(secret), std::string::npos) << secret;
  }
}

// The setting put right in the file makes a different scenario with another address.
TEST(Reader, TheHashIsOfTheFilesBytes) {
  const std::string text = fileText(kSeedFile);
  const auto same = scenario::readScenario(text, "a", testCatalogue());
  const auto other = scenario::readScenario(text + "\n", "b", testCatalogue());
  EXPECT_EQ(same.scenario->hash, seed().hash);
  EXPECT_NE(other.scenario->hash, seed().hash);
}

// Damage anywhere in a scenario is answered with complaints or read; never a crash.
TEST(Reader, SurvivesDamage) {
  const std::string text = fileText(SOURCE_DIR "/tests/scenario/minimal.json");
  const auto catalogue = testCatalogue();
  std::size_t refused = 0;
  for (std::size_t i = 0; i < text.size(); i += 7) {
    for (const char byte : {'\0', '"', '}', ']', '-', '9', 'x', '\xC3'}) {
      std::string damaged = text;
      damaged[i] = byte;
      const Reading reading = scenario::readScenario(damaged, "f", catalogue);
      EXPECT_EQ(reading.scenario == nullptr, !reading.problems.empty());
      refused += reading.scenario == nullptr ? 1 : 0;
    }
  }
  EXPECT_GT(refused, 1000u);
}

// Whole values replaced by values of every other kind: each reader meets each wrong type.
TEST(Reader, SurvivesValuesOfEveryKindEverywhere) {
  const std::string text = fileText(kSeedFile);
  const auto catalogue = testCatalogue();
  for (const char* other :
       {"null", "true", "-7", "1e300", "\"\"", "\"x\"", "[]", "[[]]", "{}", "{\"a\": {}}"}) {
    std::size_t count = 0;
    for (std::size_t at = text.find("\": "); at != std::string::npos;
         at = text.find("\": ", at + 1)) {
      if (++count % 23 != 0) continue;  // every 23rd key: enough to meet all sections, quick
      const std::size_t from = at + 3;
      const std::size_t to = text.find_first_of(",\n}", from);
      if (to == std::string::npos || text[from] == '[' || text[from] == '{') continue;
      std::string changed = text;
      changed.replace(from, to - from, other);
      const Reading reading = scenario::readScenario(changed, "f", catalogue);
      EXPECT_EQ(reading.scenario == nullptr, !reading.problems.empty());
    }
  }
}

}  // namespace
