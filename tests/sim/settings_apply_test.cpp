// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "settings_sample.h"
#include "sim/settings/apply.h"

namespace sim::settings {
namespace {

class Apply : public testing::Test {
 protected:
  Applier::Outcome set(Moment moment, const char* name, const char* value,
                       std::string_view source) {
    return Applier(*catalogue, states, moment, report).set(name, value, source);
  }

  std::shared_ptr<const SettingCatalogue> catalogue = sampleCatalogue();
  States states = builtInValues(*catalogue);
  LoadReport report;
};

TEST_F(Apply, aHigherSourceIsNotOverruled) {
  EXPECT_EQ(set(Moment::Start, "work_mem", "32MB", kFromCommandLine), Applier::Outcome::Changed);
  EXPECT_EQ(set(Moment::Reload, "work_mem", "64MB", kFromFile), Applier::Outcome::Kept);
  EXPECT_EQ(states["work_mem"].value, "32768");
  // A bad value is reported all the same.
  EXPECT_EQ(set(Moment::Reload, "work_mem", "64mb", kFromFile), Applier::Outcome::Refused);
}

TEST_F(Apply, whatNeedsARestartWaitsForIt) {
  EXPECT_EQ(set(Moment::Reload, "shared_buffers", "1GB", kFromFile), Applier::Outcome::Refused);
  EXPECT_TRUE(states["shared_buffers"].pendingRestart);
  EXPECT_EQ(states["shared_buffers"].value, "16384");
  EXPECT_EQ(set(Moment::Reload, "shared_buffers", "128MB", kFromFile), Applier::Outcome::Kept);
  EXPECT_FALSE(states["shared_buffers"].pendingRestart);
  EXPECT_EQ(states["shared_buffers"].source, "default");
}

TEST_F(Apply, internalUnknownAndCustomNames) {
  EXPECT_EQ(set(Moment::Start, "block_size", "8192", kFromFile), Applier::Outcome::Refused);
  EXPECT_EQ(set(Moment::Start, "work_memory", "8MB", kFromFile), Applier::Outcome::Refused);
  EXPECT_EQ(set(Moment::Start, "a.b-c", "1", kFromFile), Applier::Outcome::Refused);
  EXPECT_EQ(set(Moment::Start, "My.Custom", "1", kFromFile), Applier::Outcome::Changed);
  EXPECT_EQ(states["my.custom"].value, "1");
  EXPECT_EQ(logLines(report.log),
            (std::vector<std::string>{
                "LOG:  parameter \"block_size\" cannot be changed",
                "LOG:  unrecognized configuration parameter \"work_memory\"",
                "LOG:  invalid configuration parameter name \"a.b-c\"",
                "DETAIL:  Custom parameter names must be two or more simple identifiers separated "
                "by dots."}));
}

TEST_F(Apply, previewChangesNothing) {
  const States before = states;
  EXPECT_EQ(set(Moment::Preview, "work_mem", "8MB", kFromFile), Applier::Outcome::Kept);
  EXPECT_EQ(states, before);
}

TEST_F(Apply, onlyTheLastOfANameCounts) {
  std::vector<ConfigEntry> entries = {{"work_mem", "8mb", "f", 1, "", false, false},
                                      {"work_mem", "16MB", "f", 2, "", false, false}};
  std::string faulty;
  bool begun = false;
  Applier applier(*catalogue, states, Moment::Reload, report);
  EXPECT_TRUE(applier.applyEntries(entries, faulty, begun));
  EXPECT_TRUE(entries[0].ignored);
  EXPECT_EQ(states["work_mem"].sourceLine, 2);
  EXPECT_EQ(logLines(report.log),
            std::vector<std::string>{"LOG:  parameter \"work_mem\" changed to \"16MB\""});
}

TEST_F(Apply, stackDepthReturnsToThePlatformsDefault) {
  std::vector<ConfigEntry> entries = {{"max_stack_depth", "1MB", "f", 1, "", false, false}};
  std::string faulty;
  bool begun = false;
  Applier applier(*catalogue, states, Moment::Reload, report);
  applier.applyEntries(entries, faulty, begun);
  EXPECT_EQ(states["max_stack_depth"].value, "1024");
  entries.clear();
  applier.applyEntries(entries, faulty, begun);
  EXPECT_EQ(states["max_stack_depth"].value, "2048");
}

}  // namespace
}  // namespace sim::settings
