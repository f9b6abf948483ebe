// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/log_entry.h"

#include <gtest/gtest.h>

#include "sim/log_shapes.h"
#include "sim/telemetry.h"
#include "sim/world_spec.h"

using namespace sim;

namespace {

LogEntry only(LogShape shape, std::uint32_t pid, const Telemetry& telemetry = Telemetry(),
              std::array<std::int64_t, 4> numbers = {}) {
  WorldSpec spec;
  const auto entries = entriesOf(logRecord(shape, {5000}, pid, numbers), telemetry, spec);
  return entries.size() == 1 ? entries[0] : LogEntry();
}

}  // namespace

TEST(LogEntry, ATextIsTakenApartByItsTags) {
  const auto entries = entriesFromText(
      "ERROR:  deadlock detected\nDETAIL:  Process 1 waits.\n\tProcess 2 waits.\nHINT:  See.\n"
      "CONTEXT:  while updating\nSTATEMENT:  update t\n\tset a = 1");
  ASSERT_EQ(entries.size(), 1U);
  const LogEntry& e = entries[0];
  EXPECT_EQ(e.severity, "ERROR");
  EXPECT_EQ(e.sqlstate, "XX000");
  EXPECT_EQ(e.message, "deadlock detected");
  EXPECT_EQ(e.detail, "Process 1 waits.\nProcess 2 waits.");
  EXPECT_EQ(e.hint, "See.");
  EXPECT_EQ(e.context, "while updating");
  EXPECT_EQ(e.statement, "update t\nset a = 1");
}

TEST(LogEntry, APositionIsKeptApart) {
  const auto entries = entriesFromText("ERROR:  syntax error at or near \"selec\" at character 1");
  EXPECT_EQ(entries[0].message, "syntax error at or near \"selec\"");
  EXPECT_EQ(entries[0].cursor, 1);
  EXPECT_EQ(entriesFromText("LOG:  look at character x")[0].message, "look at character x");
}

TEST(LogEntry, TextWithoutTagsStaysAsItIs) {
  const auto entries = entriesFromText("LOG:  one\nLOG:  two\nthree: four");
  ASSERT_EQ(entries.size(), 3U);
  EXPECT_EQ(entries[1].message, "two");
  EXPECT_EQ(entries[2].severity, "");
  EXPECT_EQ(entries[2].message, "three: four");
  EXPECT_TRUE(entriesFromText("").empty());
  EXPECT_EQ(entriesFromText("DETAIL:  alone")[0].message, "DETAIL:  alone");
}

TEST(LogEntry, SqlstatesPackAndUnpack) {
  for (const char* code : {"57P03", "00000", "XX000", "42P01"}) {
    EXPECT_EQ(sqlstateText(packedSqlstate(code)), packedSqlstate(code) == 0 ? "" : code);
  }
  EXPECT_EQ(packedSqlstate("22012"), 33816706U);  // ERRCODE_DIVISION_BY_ZERO
  EXPECT_EQ(packedSqlstate("no"), 0U);
}

TEST(LogEntry, ShapesKnowTheirWriterAndState) {
  EXPECT_EQ(only(LogShape::PgReady, 9).process.backendType, "postmaster");
  EXPECT_EQ(only(LogShape::PgCheckpointTime, 9).process.backendType, "checkpointer");
  EXPECT_EQ(only(LogShape::PgRedoStarts, 9).process.backendType, "startup");
  const LogEntry refused = only(LogShape::PgSlotsReserved, 9);
  EXPECT_EQ(refused.process.backendType, "client backend");
  EXPECT_EQ(refused.process.user, "app");
  EXPECT_EQ(refused.process.host, "10.0.0.21");
  EXPECT_EQ(refused.sqlstate, "53300");
  EXPECT_EQ(refused.commandTag, "startup");
  EXPECT_EQ(only(LogShape::PgStartingUp, 9).sqlstate, "57P03");
}

TEST(LogEntry, AProcessThatWasNotedSpeaksForItself) {
  Telemetry telemetry;
  telemetry.noteProcess({9, 1000, "client backend", 0, "report", "shop", "psql", "[local]", 0});
  telemetry.noteProcess({9, 4000, "client backend", 0, "ines", "shop", "psql", "[local]", 0});
  telemetry.noteProcess({9, 6000, "client backend", 0, "later", "shop", "psql", "[local]", 0});
  const LogEntry e = only(LogShape::PgTerminatedByAdministrator, 9, telemetry);
  EXPECT_EQ(e.process.user, "ines");
  EXPECT_EQ(e.process.startedMs, 4000);
  EXPECT_EQ(e.sqlstate, "57P01");
  EXPECT_EQ(e.commandTag, "idle");
}

TEST(LogEntry, ABareLineHasNoForm) {
  Telemetry telemetry;
  WorldSpec spec;
  const auto record =
      logRecord(LogShape::PgBareLine, {}, 3, {}, telemetry.addText("TopMemoryContext: 68 total"));
  const auto entries = entriesOf(record, telemetry, spec);
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_TRUE(entries[0].bare);
  EXPECT_EQ(entries[0].message, "TopMemoryContext: 68 total");
}
