// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "settings_sample.h"
#include "sim/settings/value_checks.h"

namespace sim::settings {
namespace {

std::string refusalOf(const char* name, const char* text) {
  const ParsedValue parsed = parseSettingValue(*sampleCatalogue()->find(name), text);
  if (parsed.ok) return "accepted " + parsed.canonical;
  EXPECT_EQ(parsed.refusal.sqlstate, "22023");
  return logLines({parsed.refusal}).front();
}

TEST(ValueChecks, rangesNameTheUnit) {
  EXPECT_EQ(refusalOf("shared_buffers", "120kB"),
            "ERROR:  15 8kB is outside the valid range for parameter \"shared_buffers\" (16 .. "
            "1073741823)");
  EXPECT_EQ(refusalOf("max_connections", "0"),
            "ERROR:  0 is outside the valid range for parameter \"max_connections\" (1 .. 262143)");
  EXPECT_EQ(refusalOf("hash_mem_multiplier", "0.5"),
            "ERROR:  0.5 is outside the valid range for parameter \"hash_mem_multiplier\" (1 .. "
            "1000)");
  EXPECT_EQ(refusalOf("vacuum_cost_delay", "1s"),
            "ERROR:  1000 ms is outside the valid range for parameter \"vacuum_cost_delay\" (0 .. "
            "100)");
}

TEST(ValueChecks, canonicalFormIsWhatPgSettingsShows) {
  EXPECT_EQ(refusalOf("shared_buffers", "1GB"), "accepted 131072");
  EXPECT_EQ(refusalOf("autovacuum_work_mem", "64kB"), "accepted 1024");
  EXPECT_EQ(refusalOf("autovacuum_work_mem", "-1"), "accepted -1");
  EXPECT_EQ(refusalOf("wal_buffers", "0"), "accepted 4");
  EXPECT_EQ(refusalOf("unix_socket_permissions", "0770"), "accepted 0770");
  EXPECT_EQ(refusalOf("unix_socket_permissions", "504"), "accepted 0770");
  EXPECT_EQ(refusalOf("log_checkpoints", "n"), "accepted off");
}

TEST(ValueChecks, stackDepthKnowsThePlatform) {
  const ParsedValue parsed = parseSettingValue(*sampleCatalogue()->find("max_stack_depth"), "8MB");
  EXPECT_EQ(parsed.refusal.text, "invalid value for parameter \"max_stack_depth\": 8192");
  EXPECT_EQ(parsed.refusal.detail, "\"max_stack_depth\" must not exceed 7680kB.");
}

TEST(ValueChecks, backendsShareOneCeiling) {
  const auto catalogue = sampleCatalogue();
  const ServerSettings server = startedServer(sampleFiles(""));
  const SettingDefinition& connections = *catalogue->find("max_connections");
  // 3 autovacuum workers, 8 background workers, 10 WAL senders and one more leave 262121.
  EXPECT_TRUE(acceptValue(connections, "max_connections", "262121", server.states()).ok);
  const ParsedValue over = acceptValue(connections, "max_connections", "262122", server.states());
  EXPECT_EQ(over.refusal.text, "invalid value for parameter \"max_connections\": 262122");
}

TEST(ValueChecks, automaticWalBuffersAreAThirtySecondWithinBounds) {
  EXPECT_EQ(automaticWalBuffers(16384), 512);
  EXPECT_EQ(automaticWalBuffers(16), 8);
  EXPECT_EQ(automaticWalBuffers(1048576), 2048);
}

TEST(ValueChecks, customNames) {
  for (const char* good : {"my.custom", "a.b.c", "_x.y$1"}) EXPECT_TRUE(isCustomName(good)) << good;
  for (const char* bad : {"", "plain", "a.", ".a", "a..b", "a.1b", "a.b-c"}) {
    EXPECT_FALSE(isCustomName(bad)) << bad;
  }
}

}  // namespace
}  // namespace sim::settings
