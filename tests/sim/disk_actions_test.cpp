// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/disk_actions.h"

#include <gtest/gtest.h>

#include "sim/cluster_files.h"
#include "world_fixture.h"

namespace {

using sim::Action;
using sim::ClusterFiles;
using sim::NodeKind;

const std::string kData = "/var/lib/postgresql/15/main";

class DiskActions : public ::testing::Test {
 protected:
  DiskActions() { m_server.life = sim::Life::Stopped; }

  sim::Outcome edit(const std::string& path, std::map<std::string, std::string> fields,
                    const std::string& text = {}) {
    Action action;
    action.verb = sim::Verb::EditFile;
    action.target = path;
    action.text = text;
    action.fields = std::move(fields);
    EXPECT_TRUE(sim::changesDisk(m_spec, m_server, action));
    return sim::changeDisk(m_spec, m_server, action);
  }
  [[nodiscard]] ClusterFiles files() const { return {m_spec, m_server}; }

  sim::WorldSpec m_spec = worldtest::spec("16GB");
  sim::Postgres m_server;
};

TEST_F(DiskActions, MovesADirectoryAwayAndBack) {
  EXPECT_TRUE(edit(kData + "/pg_wal", {{"move", kData + "/pg_wal.away"}}).accepted);
  EXPECT_FALSE(files().node(kData + "/pg_wal"));
  EXPECT_FALSE(files().node(kData + "/pg_wal/archive_status"));
  EXPECT_TRUE(files().node(kData + "/pg_wal.away/archive_status"));
  EXPECT_TRUE(edit(kData + "/pg_wal.away", {{"move", kData + "/pg_wal"}}).accepted);
  EXPECT_TRUE(files().node(kData + "/pg_wal/archive_status"));
  EXPECT_TRUE(m_server.disk.changes().empty());
}

TEST_F(DiskActions, ForgetsModesThatAreTheServersOwn) {
  EXPECT_TRUE(edit(kData, {{"mode", "0755"}}).accepted);
  EXPECT_EQ(files().node(kData)->mode, 0755);
  EXPECT_TRUE(files().node(kData + "/PG_VERSION"));
  EXPECT_TRUE(edit(kData, {{"mode", "0700"}}).accepted);
  EXPECT_TRUE(m_server.disk.changes().empty());
}

TEST_F(DiskActions, WritesRemovesAndRefuses) {
  EXPECT_TRUE(edit(kData + "/PG_VERSION", {}, "14\n").accepted);
  EXPECT_EQ(files().node(kData + "/PG_VERSION")->text, "14\n");
  EXPECT_TRUE(edit(kData + "/PG_VERSION", {}, "15\n").accepted);
  EXPECT_TRUE(m_server.disk.changes().empty());
  EXPECT_TRUE(edit(kData + "/global", {{"remove", "yes"}}).accepted);
  EXPECT_FALSE(files().node(kData + "/global/pg_control"));
  EXPECT_TRUE(edit(kData + "/global", {{"kind", "directory"}}).accepted);
  EXPECT_TRUE(files().names(kData + "/global").empty());
  EXPECT_EQ(edit(kData + "/nowhere/file", {{"remove", "yes"}}).text,
            kData + "/nowhere/file: No such file or directory");
  EXPECT_EQ(edit(kData + "/global", {{"kind", "directory"}}).text, kData + "/global: File exists");
}

}  // namespace
