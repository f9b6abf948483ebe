// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/postmaster.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "world_log.h"

namespace {

using worldtest::Server;

const std::string kData = "/var/lib/postgresql/15/main";

sim::DiskNode fileNode(const std::string& path, const std::string& text) {
  sim::DiskNode node;
  node.path = path;
  node.text = text;
  return node;
}

// What a start of a stopped server logs when its disk has that node.
std::string startWith(const sim::DiskNode& node) {
  Server server;
  auto c = server.context();
  (void)sim::stopServer(c, sim::StopMode::Fast);
  server.wait(30);
  EXPECT_EQ(server.postgres.life, sim::Life::Stopped);
  (void)server.logged();
  server.postgres.disk.put(node);
  auto later = server.context();
  (void)sim::startServer(later, {});
  server.wait(30);
  return server.logged();
}

TEST(Postmaster, RefusesADirectoryThatIsNotIts) {
  sim::DiskNode data;
  data.path = data.origin = kData;
  data.kind = sim::NodeKind::Directory;
  data.mode = 0755;
  EXPECT_TRUE(base::contains(startWith(data), "has invalid permissions"));
  data.mode = 0700;
  data.owner = "root";
  EXPECT_TRUE(base::contains(startWith(data), "has wrong ownership"));
  EXPECT_TRUE(base::contains(startWith(fileNode(kData + "/PG_VERSION", "14\n")),
                             "database files are incompatible with server"));
  EXPECT_TRUE(base::contains(startWith(fileNode(kData + "/global/pg_control", "x")),
                             "PANIC:  could not read file \"global/pg_control\": read 1 of 296"));
}

TEST(Postmaster, ReadsTheLockFile) {
  const std::string pid = kData + "/postmaster.pid";
  EXPECT_TRUE(
      base::contains(startWith(fileNode(pid, "")), "lock file \"postmaster.pid\" is empty"));
  EXPECT_TRUE(base::contains(startWith(fileNode(pid, "0\n")), "bogus data in lock file"));
  EXPECT_TRUE(base::contains(startWith(fileNode(pid, "711\n")),
                             "lock file \"postmaster.pid\" already exists"));
  EXPECT_TRUE(base::contains(startWith(fileNode(pid, "4194000\n")), "starting PostgreSQL"));
}

TEST(Postmaster, EndsWithItsStartupProcess) {
  sim::DiskNode gone;
  gone.path = kData + "/pg_wal";
  gone.kind = sim::NodeKind::Missing;
  EXPECT_TRUE(base::contains(startWith(gone), "required WAL directory \"pg_wal\" does not exist"));
  EXPECT_TRUE(base::contains(startWith(fileNode(kData + "/backup_label", "x\n")),
                             "invalid data in file \"backup_label\""));
}

}  // namespace
