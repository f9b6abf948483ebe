// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenario/scenario.h"

#include <gtest/gtest.h>

namespace {

TEST(Scenario, FindsItsActionListsByName) {
  scenario::Scenario scenario;
  scenario.lists.resize(2);
  scenario.lists[0].name = "history";
  scenario.lists[1].name = "reference";
  EXPECT_EQ(scenario.list("reference"), &scenario.lists[1]);
  EXPECT_EQ(scenario.list("expert"), nullptr);
}

}  // namespace
