// SPDX-License-Identifier: GPL-3.0-or-later
// The outage of 7 May as a trainee at a terminal meets it.
#include <gtest/gtest.h>

#include "base/text.h"
#include "terminal.h"

namespace {

TEST(Outage, TheTerminalShowsTheChain) {
  const auto reading = scenario::readScenarioFile(
      SOURCE_DIR "/scenarios/2024-05-07-main-database.json", catalogueForTests());
  ASSERT_TRUE(reading.scenario != nullptr)
      << (reading.problems.empty() ? "" : reading.problems[0].text());
  const auto& timing = reading.scenario->world.timing;
  Terminal t(reading.scenario->world, timing.opensAt.seconds() + 47 * 60);  // 10:45
  EXPECT_TRUE(base::contains(t("dmesg -T | grep -i -E 'oom|killed process'"),
                             "Out of memory: Killed process"));
  EXPECT_NE(
      t("grep -c 'was terminated by signal 9: Killed' /var/log/postgresql/postgresql-15-main.log"),
      "0");
  EXPECT_TRUE(
      base::contains(t("journalctl -u postgresql@15-main"), "has been killed by the OOM killer"));
  EXPECT_EQ(t("git log --oneline | grep Cache"), "e07a4b9 Cache tuning");
  EXPECT_EQ(t("postgres -D /var/lib/postgresql/15/main -C shared_buffers"), "44GB");
  EXPECT_TRUE(base::contains(t("ping -c 4 app1"), " 0% packet loss"));
  if (t.world.postgres().accepts()) {
    EXPECT_EQ(t("psql -Atc 'show shared_buffers'"), "44GB");
  }
  EXPECT_GT(t("ps aux").size(), 1000u);
  EXPECT_GT(t("psql -c 'select * from pg_stat_activity'").size(), 50u);
}

}  // namespace
