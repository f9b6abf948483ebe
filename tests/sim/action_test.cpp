// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/action.h"

#include <gtest/gtest.h>

#include <set>

namespace {

TEST(Action, EveryVerbHasOneNameAndComesBack) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < static_cast<std::size_t>(sim::Verb::Count); ++i) {
    const auto verb = static_cast<sim::Verb>(i);
    const std::string_view name = sim::verbName(verb);
    EXPECT_FALSE(name.empty());
    EXPECT_TRUE(names.insert(name).second) << name;
    EXPECT_EQ(sim::verbFrom(name), verb);
  }
  EXPECT_EQ(sim::verbNames().size(), names.size());
}

TEST(Action, NamesAreTheWordsOfScenarioFiles) {
  EXPECT_EQ(sim::verbName(sim::Verb::Acknowledge), "acknowledge");
  EXPECT_EQ(sim::verbName(sim::Verb::EditFile), "edit-file");
  EXPECT_EQ(sim::verbName(sim::Verb::AlterSystem), "alter-system");
  EXPECT_EQ(sim::verbName(sim::Verb::FailOver), "fail-over");
  EXPECT_EQ(sim::verbName(sim::Verb::RequestChange), "request-change");
  EXPECT_EQ(sim::verbName(sim::Verb::Close), "close");
  EXPECT_EQ(sim::verbName(sim::Verb::TakeOver), "take-over");
  EXPECT_EQ(sim::verbName(sim::Verb::AlertRule), "alert-rule");
}

TEST(Action, OtherWordsAreNoVerbs) {
  EXPECT_EQ(sim::verbFrom("Restart"), std::nullopt);
  EXPECT_EQ(sim::verbFrom("restart "), std::nullopt);
  EXPECT_EQ(sim::verbFrom(""), std::nullopt);
  EXPECT_EQ(sim::verbName(sim::Verb::Count), "");
}

}  // namespace

TEST(Action, CodesOfVerbsAreDifferentAndStay) {
  EXPECT_EQ(sim::verbCode(sim::Verb::Acknowledge), 0u);
  EXPECT_EQ(sim::verbCode(sim::Verb::Role), 17u);
  EXPECT_EQ(sim::verbCode(sim::Verb::RequestChange), 18u);
  EXPECT_EQ(sim::verbCode(sim::Verb::AlertRule), 29u);
  EXPECT_EQ(sim::verbCode(sim::Verb::Relation), 100u);
  EXPECT_EQ(sim::verbCode(sim::Verb::Execute), 101u);
  EXPECT_EQ(sim::verbCode(sim::Verb::Load), 104u);
}
