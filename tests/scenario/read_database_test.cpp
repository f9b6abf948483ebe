// SPDX-License-Identifier: GPL-3.0-or-later
#include "edited.h"
#include "scenario/sections.h"

namespace {

TEST(ReadDatabase, FillsTheSpecification) {
  const sim::DatabaseSpec database =
      goodScenario({{R"("size": "400GB")", R"("size": "300GB", "walReplayPerSecond": "80MB")"}})
          .world.database;
  EXPECT_EQ(database.databaseBytes, 300LL << 30);
  EXPECT_EQ(database.walReplayMBs, 80);
  ASSERT_EQ(database.files.size(), 1u);
  EXPECT_EQ(database.files[0].text, "shared_buffers = 16GB\nwork_mem = 16MB\n");
  ASSERT_EQ(database.changes.size(), 1u);
  EXPECT_LT(database.changes[0].at, base::minutes(-3 * 24 * 60));
  EXPECT_EQ(database.changes[0].reviewer, "");
  EXPECT_EQ(database.changes[0].diff, "-shared_buffers = 8GB\n+shared_buffers = 16GB\n");
}

TEST(ReadDatabase, FollowsIncludesInEveryForm) {
  const std::string more =
      R"(, {"path": "/etc/postgresql/15/main/conf.d/a.conf", "text": "jit = maybe"})";
  EXPECT_EQ(
      complaint({{R"("shared_buffers = 16GB",)", R"("include_dir 'conf.d'",)"},
                 {"\n      }\n    ],\n    \"changes\"", "}" + more + "],\n\"changes\""}}),
      "/database/files/1/text: found parameter \"jit\" requires a Boolean value, expected a value "
      "PostgreSQL starts with");
  EXPECT_EQ(complaint({{"\n      }\n    ],\n    \"changes\"", "}" + more + "],\n\"changes\""}}),
            "0 complaints");
}

TEST(ReadDatabase, KnowsExtensionsSettingsAndQuotes) {
  goodScenario(
      {{R"("work_mem = 16MB")", R"("pg_stat_statements.max = 5000", "Work_Mem '16MB' # enough")"}});
}

TEST(ReadDatabase, TheServerMustStartWithTheFiles) {
  const std::string said = complaint({{R"("work_mem = 16MB")", R"("work_mem = = 16MB")"}});
  EXPECT_EQ(said.substr(0, 17), "/database/files/0") << said;
  const std::string broken = complaint({{R"("work_mem = 16MB")", R"("work_mem = 16MB 17MB")"}});
  EXPECT_EQ(broken.substr(0, 15), "/database/files") << broken;
}

TEST(ReadDatabase, ChangesNameFilesOfTheScenario) {
  EXPECT_EQ(
      complaint({{R"("path": "/etc/postgresql/15/main/postgresql.conf",
        "diff")",
                  R"("path": "/etc/postgres.conf", "diff")"}}),
      "/database/changes/0/path: found \"/etc/postgres.conf\", expected a file of the scenario: "
      "\"/etc/postgresql/15/main/postgresql.conf\"");
}

}  // namespace
