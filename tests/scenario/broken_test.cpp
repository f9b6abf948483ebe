// SPDX-License-Identifier: GPL-3.0-or-later
// Broken scenario files and what is said about them: tests/broken/expected.txt. Set
// OUTAGE_DRILL_ACCEPT=1 to write the table anew, then read the difference.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "scenario_files.h"

namespace {

const std::string kBroken = SOURCE_DIR "/tests/broken/";

std::vector<std::string> brokenFiles() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kBroken)) {
    if (entry.path().extension() == ".json") names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// All complaints about all files, one to a line.
std::string complaints() {
  const auto catalogue = testCatalogue();
  std::string all;
  for (const std::string& name : brokenFiles()) {
    scenario::Reading reading = scenario::readScenarioFile(kBroken + name, catalogue);
    EXPECT_EQ(reading.scenario, nullptr) << name;
    EXPECT_FALSE(reading.problems.empty()) << name;
    for (scenario::Problem& problem : reading.problems) {
      problem.file = name;
      all += problem.text() + '\n';
    }
  }
  return all;
}

TEST(Broken, EveryFileGetsTheComplaintsOfTheTable) {
  EXPECT_GE(brokenFiles().size(), 40u);
  const std::string got = complaints();
  const std::string table = kBroken + "expected.txt";
  if (std::getenv("OUTAGE_DRILL_ACCEPT") != nullptr) std::ofstream(table, std::ios::binary) << got;
  EXPECT_EQ(got, fileText(table));
}

// Too large to keep in the repository: a file of 100 MB that is never read.
TEST(Broken, AHugeFileIsRefusedUnread) {
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / "outage-drill-huge.json";
  std::ofstream(path, std::ios::binary) << '{';
  std::filesystem::resize_file(path, 100'000'000);
  const scenario::Reading reading = scenario::readScenarioFile(path.string(), nullptr);
  std::filesystem::remove(path);
  ASSERT_EQ(reading.problems.size(), 1u);
  EXPECT_EQ(reading.problems[0].text(),
            path.string() + ": found 100000000 bytes, expected a file of at most 16 MiB");
}

TEST(Broken, WhatIsNoFileIsRefused) {
  const auto complaint = [](const std::string& path) {
    const scenario::Reading reading = scenario::readScenarioFile(path, nullptr);
    return reading.problems.size() == 1 ? reading.problems[0].text() : "";
  };
  EXPECT_EQ(complaint("/no/such/file.json"),
            "/no/such/file.json: found no such file, expected a file that can be read");
  EXPECT_EQ(complaint(kBroken), kBroken + ": found a directory, expected a file");
  EXPECT_EQ(complaint("/dev/zero"), "/dev/zero: found something that is no file, expected a file");
}

}  // namespace
