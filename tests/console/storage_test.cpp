// SPDX-License-Identifier: GPL-3.0-or-later
// File systems in memory: what mount makes, what df shows of it, and what a server meets on a small
// one.
#include <gtest/gtest.h>

#include "base/text.h"
#include "terminal.h"

namespace {

TEST(Storage, AMountIsListedResizedAndTakenAway) {
  Terminal t;
  EXPECT_EQ(t("mount -t tmpfs -o size=8m tmpfs /mnt"),
            "mount: /mnt: must be superuser to use mount.");
  EXPECT_EQ(t("sudo mount -t tmpfs -o size=8m tmpfs /nowhere"),
            "mount: /nowhere: mount point does not exist.");
  EXPECT_EQ(t("sudo mount -t tmpfs -o size=8m tmpfs /mnt"), "");
  EXPECT_TRUE(base::contains(t("mount"), "tmpfs on /mnt type tmpfs (rw,nosuid,nodev,size=8192k)"));
  EXPECT_TRUE(base::contains(t("df -h /mnt"), "8.0M"));
  EXPECT_EQ(t("sudo mount -o remount,size=16384k /mnt"), "");
  EXPECT_TRUE(base::contains(t("df -h /mnt"), "16M"));
  EXPECT_EQ(t("sudo umount /mnt"), "");
  EXPECT_EQ(t("sudo umount /mnt"), "umount: /mnt: not mounted.");
  EXPECT_FALSE(base::contains(t("df -h"), "/mnt"));
}

TEST(Storage, NoMountHidesWhatTheServerNeeds) {
  Terminal t;
  for (const char* place : {"/", "/var/lib/postgresql", "/var/lib/postgresql/15/main/base"}) {
    EXPECT_TRUE(
        base::contains(t(std::string("sudo mount -t tmpfs tmpfs ") + place), "wrong fs type"))
        << place;
  }
  EXPECT_TRUE(base::contains(t("sudo umount /dev/shm"), "target is busy"));
}

TEST(Storage, AServerNeedsRoomInSharedMemoryToStart) {
  Terminal t;
  EXPECT_EQ(t("sudo mount -o remount,size=1m /dev/shm"), "");
  EXPECT_TRUE(base::contains(t("df /dev/shm"), "100%"));
  t("sudo systemctl restart postgresql@15-main");
  t.wait(20);
  EXPECT_FALSE(t.world.postgres().accepts());
  const std::string log = t("tail -n 20 /var/log/postgresql/postgresql-15-main.log");
  EXPECT_TRUE(base::contains(log, "to 1048576 bytes: No space left on device")) << log;
  EXPECT_TRUE(base::contains(log, "shutting down due to startup process failure")) << log;
  EXPECT_EQ(t("sudo mount -o remount,size=2m /dev/shm"), "");
  t("sudo systemctl start postgresql@15-main");
  t.wait(20);
  EXPECT_TRUE(t.world.postgres().accepts());
}

TEST(Storage, TemporaryFilesFillTheirFileSystem) {
  Terminal t(laboratorySpec());
  t("psql -d postgres -c 'create table big as select g a, md5(g::text) b from "
    "generate_series(1,400000) g'");
  t("sudo -u postgres mkdir /var/lib/postgresql/15/main/base/pgsql_tmp");
  EXPECT_EQ(t("sudo mount -t tmpfs -o size=2m tmpfs /var/lib/postgresql/15/main/base/pgsql_tmp"),
            "");
  const std::string join =
      "psql -d postgres -c \"set work_mem = '1MB'\" -c 'select count(*) from big x join big y on "
      "x.b=y.b'";
  EXPECT_TRUE(base::contains(t(join), "No space left on device"));
  EXPECT_EQ(t("sudo umount /var/lib/postgresql/15/main/base/pgsql_tmp"), "");
  EXPECT_TRUE(base::contains(t(join), "(1 row)"));
}

// What a client reads of it, and that a larger volume mends it.
TEST(Storage, WalThatDoesNotFitEndsTheServer) {
  Terminal t(laboratorySpec());
  const std::string wal = "/var/lib/postgresql/15/main/pg_wal";
  EXPECT_EQ(t("sudo mount -t tmpfs -o size=80m tmpfs " + wal), "");
  const std::string said =
      t("psql -X -d postgres -c 'create table big as select g a, md5(g::text) b from "
        "generate_series(1, 1000000) g'");
  EXPECT_TRUE(said.starts_with("PANIC:  could not write to file \"pg_wal/xlogtemp.")) << said;
  EXPECT_TRUE(said.ends_with("connection to server was lost")) << said;
  EXPECT_TRUE(base::contains(t("df " + wal), "100%"));
  t.wait(60);
  EXPECT_TRUE(base::contains(t("psql -X -d postgres -c 'select 1'"), "No such file or directory"));
  t("sudo mount -o remount,size=1g " + wal);
  t("sudo pg_ctlcluster 15 main start");
  t.wait(60);
  EXPECT_TRUE(base::contains(t("psql -X -d postgres -c 'select count(*) from big'"),
                             "relation \"big\" does not exist"));
}

}  // namespace
