// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill/action_words.h"

#include "score_support.h"

namespace {

using namespace graded;

std::string words(const sim::TimedAction& timed) {
  return drill::actionWords(timed.action, *seed().scenario);
}

TEST(ActionWords, SayWhatWasDone) {
  EXPECT_EQ(words(step("10:00", sim::Verb::Restart, "fast")), "restarted the database (fast)");
  EXPECT_EQ(words(step("10:00", sim::Verb::Page, "dba")), "called Ines, database team");
  EXPECT_EQ(words(step("10:00", sim::Verb::AlterSystem, "work_mem")),
            "reset work_mem (ALTER SYSTEM)");
  EXPECT_EQ(words(step("10:00", sim::Verb::Ask, "netops", "backup-link")),
            "asked Priya, network team: \"What about the errors on switch sw2?\"");
  EXPECT_EQ(words(look("10:00", "alerts")), "");
}

TEST(ActionWords, EveryVerbButTheSilentOnesHasWords) {
  for (int i = 0; i < static_cast<int>(sim::Verb::Count); ++i) {
    const auto verb = static_cast<sim::Verb>(i);
    const bool silent = verb == sim::Verb::Look || verb == sim::Verb::Pin;
    EXPECT_EQ(words(step("10:00", verb, "x", "y")).empty(), silent) << sim::verbName(verb);
  }
}

}  // namespace
