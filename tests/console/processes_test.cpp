// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/system/processes.h"

#include <gtest/gtest.h>

#include "terminal.h"

namespace {

void expectTypes(const sim::World& world) {
  const std::vector<console::Process> all = console::processes(world);
  ASSERT_FALSE(all.empty());
  std::size_t known = 0;
  for (std::uint32_t pid = 0; pid <= all.back().pid + 1; ++pid) {
    const bool there = known < all.size() && all[known].pid == pid;
    EXPECT_EQ(console::processType(world, pid),
              there ? std::optional(all[known].type) : std::nullopt)
        << pid;
    known += there ? 1 : 0;
  }
  EXPECT_EQ(known, all.size());
}

TEST(Processes, TheTypeOfOneIsThatInTheList) {
  Terminal t;
  t("psql -c 'select 1 from pg_sleep(0)'");
  expectTypes(t.world);
  t("psql");
  expectTypes(t.world);
  t("\\q");
  t("pkill -9 postgres || kill -9 $(head -1 $PGDATA/postmaster.pid)");
  expectTypes(t.world);
  t("sudo systemctl stop postgresql@15-main");
  expectTypes(t.world);
}

TEST(Processes, ColumnsHaveTheTitlesAskedFor) {
  Terminal t;
  EXPECT_EQ(t("ps -o pid=,comm= -p 1"), "      1 systemd");
  EXPECT_EQ(t("ps -o pid=PROC -o comm -p 1"), "   PROC COMMAND\n      1 systemd");
  EXPECT_EQ(t("pgrep -o systemd"), "1");
  EXPECT_EQ(t("pgrep -x -c systemd"), "1");
}

}  // namespace
