// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "settings_sample.h"
#include "sim/settings/apply.h"
#include "sim/settings/start_checks.h"

namespace sim::settings {
namespace {

std::vector<std::string> verdict(const std::map<std::string, std::string>& values) {
  States states = builtInValues(*sampleCatalogue());
  for (const auto& [name, value] : values) states[name].value = value;
  std::vector<ServerMessage> log;
  const bool starts = checkStart(states, log);
  EXPECT_EQ(starts, log.empty());
  return logLines(log);
}

using Lines = std::vector<std::string>;

TEST(StartChecks, combinations) {
  EXPECT_EQ(verdict({}), Lines{});
  EXPECT_EQ(verdict({{"wal_level", "minimal"}, {"archive_mode", "on"}}),
            Lines{"FATAL:  WAL archival cannot be enabled when wal_level is \"minimal\""});
  EXPECT_EQ(verdict({{"wal_level", "minimal"}, {"max_wal_senders", "0"}}), Lines{});
  EXPECT_EQ(verdict({{"huge_pages", "on"}, {"shared_memory_type", "sysv"}}),
            (Lines{"FATAL:  huge pages not supported with the current shared_memory_type setting",
                   "LOG:  database system is shut down"}));
  EXPECT_EQ(verdict({{"min_wal_size", "31"}}).front(),
            "FATAL:  \"min_wal_size\" must be at least twice \"wal_segment_size\"");
  EXPECT_EQ(verdict({{"min_wal_size", "32"}}), Lines{});
}

TEST(StartChecks, walBuffersFollowSharedBuffers) {
  States states = builtInValues(*sampleCatalogue());
  settleWalBuffers(states);
  EXPECT_EQ(states["wal_buffers"].value, "512");
  EXPECT_EQ(states["wal_buffers"].source, "default");
  states["wal_buffers"] = {"-1", "configuration file", "", 0, false};
  settleWalBuffers(states);
  EXPECT_EQ(states["wal_buffers"].source, "override");
}

}  // namespace
}  // namespace sim::settings
