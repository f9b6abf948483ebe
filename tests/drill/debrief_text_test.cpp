// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill/debrief_text.h"

#include "score_support.h"

namespace {

using namespace graded;

TEST(DebriefText, HasThePostmortemsHeadings) {
  const drill::Debrief debrief = drill::debriefOf(play(repair(), "10:40:00"));
  std::size_t at = 0;
  for (const char* heading :
       {"# Postmortem: ", "## Summary", "## Impact", "## Timeline", "## Root cause", "## Trigger",
        "## Resolution", "## Detection", "## Action items", "## Lessons learned", "## Score"}) {
    const std::size_t found = debrief.markdown.find(heading, at);
    ASSERT_NE(found, std::string::npos) << heading;
    at = found;
  }
  EXPECT_NE(debrief.markdown.find("Commit e07a4b9"), std::string::npos);
  EXPECT_NE(debrief.markdown.find("| 10:06:00 | you | restarted the database (fast) |"),
            std::string::npos);
}

TEST(DebriefText, BarsDoNotBreakTheTable) {
  const drill::Run run =
      play({step("10:02:00", sim::Verb::Command, {}, "dmesg | tail")}, "10:03:00");
  EXPECT_NE(drill::debriefOf(run).markdown.find("typed `dmesg \\| tail`"), std::string::npos);
}

}  // namespace
