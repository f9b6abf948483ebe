// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/server_log.h"

#include <gtest/gtest.h>

#include "world_log.h"

TEST(ServerLog, AMessageHasItsDetailAndHintOnLinesOfTheirOwn) {
  EXPECT_EQ(sim::serverMessageText({"LOG", "text", "", "", ""}), "LOG:  text");
  EXPECT_EQ(sim::serverMessageText({"ERROR", "text", "more", "try", "22023"}),
            "ERROR:  text\nDETAIL:  more\nHINT:  try");
}

TEST(ServerLog, ShapesPlainLinesAndMessagesBecomeRecords) {
  worldtest::Server server;
  sim::writeLog(server.telemetry, server.now, sim::LogShape::PgReady, 7);
  sim::writeLog(server.telemetry, server.now, sim::LogShape::PgServerProcessKilled, 7, {42},
                "SELECT 1");
  sim::writePlain(server.telemetry, server.now, sim::LogSource::Network, sim::Severity::Warning,
                  "port down", 0);
  auto context = server.context();
  sim::writeServerMessage(context, {"FATAL", "no", "", "", ""});
  const auto& logs = server.telemetry.logs();
  ASSERT_EQ(logs.size(), 4u);
  EXPECT_EQ(logs[0].textIndex, 0u);
  EXPECT_EQ(logs[0].pid, 7u);
  EXPECT_EQ(logs[0].ms, server.now.ms);
  EXPECT_EQ(server.telemetry.text(logs[1].textIndex), "SELECT 1");
  EXPECT_EQ(logs[2].severity, sim::Severity::Warning);
  EXPECT_EQ(logs[3].severity, sim::Severity::Critical);
  EXPECT_EQ(logs[3].pid, server.postgres.postmasterPid);
  EXPECT_EQ(server.logged(),
            "LOG:  database system is ready to accept connections\n"
            "LOG:  server process (PID 42) was terminated by signal 9: Killed\n"
            "FATAL:  no\n");
  EXPECT_EQ(worldtest::messages(server.telemetry, server.model->spec, sim::LogSource::Network),
            "port down\n");
}
