// SPDX-License-Identifier: GPL-3.0-or-later
// The templates of log records: one shape per message, with what it expects in numbers[] and text
// written beside it in log_shape_table.inc. The world makes records here; log.cpp turns them into
// text. Shape 0, Plain, is the text itself.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/sim_time.h"
#include "sim/log.h"

namespace sim {

enum class LogShape : std::uint16_t {
  Plain = 0,
#define SHAPE(id, number, source, severity, takes, pattern) id = number,
#include "sim/log_shape_table.inc"
#undef SHAPE
};

struct LogShapeInfo {
  LogShape shape = LogShape::Plain;
  LogSource source = LogSource::Postgres;
  Severity severity = Severity::Info;
  std::string_view takes;
  std::string_view pattern;
};
// Null for Plain and for numbers that are no shape.
[[nodiscard]] const LogShapeInfo* logShapeInfo(std::uint16_t shape);

// A record of a shape, with the source and severity its table names.
[[nodiscard]] LogRecord logRecord(LogShape shape, base::SimTime at, std::uint32_t pid = 0,
                                  std::array<std::int64_t, 4> numbers = {},
                                  std::uint32_t textIndex = 0);
// A record that is its text: a scripted line, or the lines of a ServerMessage with their tags
// ("LOG:  parameter ...\nDETAIL:  ..."). Every line gets the prefix, lines that start with a tab do
// not. A PostgreSQL text without a tag gets that of its severity.
[[nodiscard]] LogRecord plainRecord(LogSource source, Severity severity, base::SimTime at,
                                    std::uint32_t pid, std::uint32_t textIndex);
// "LOG", "WARNING", "ERROR", "FATAL", "PANIC" and others as PostgreSQL names them.
[[nodiscard]] Severity severityOfTag(std::string_view tag);

class Telemetry;
struct WorldSpec;
// What a record says: its template filled in, with PostgreSQL's tags ("LOG:  ...\nDETAIL:  ...").
// Empty for batches (log_batches.h).
[[nodiscard]] std::string recordText(const LogRecord& record, const Telemetry& telemetry,
                                     const WorldSpec& spec);

struct CheckpointNumbers {
  std::int64_t buffers = 0, poolBuffers = 0;
  std::int64_t added = 0, removed = 0, recycled = 0;  // WAL files
  std::int64_t writeMs = 0, syncMs = 0, totalMs = 0;
  std::int64_t files = 0, longestMs = 0, averageMs = 0;  // of syncs
  std::int64_t distanceKb = 0, estimateKb = 0;
};
// Text for PgCheckpointComplete.
[[nodiscard]] std::string checkpointText(const CheckpointNumbers& numbers);

// What the kernel's report says; kB throughout. Fields left 0 are estimated from the others.
struct OomReport {
  std::int64_t ramKb = 0, freeKb = 0, anonKb = 0, shmemKb = 0, fileKb = 0, pageTablesKb = 0,
               slabKb = 0, dirtyKb = 0;
  std::int64_t swapTotalKb = 0, swapFreeKb = 0;
  std::int64_t hugePages = 0, hugePagesFree = 0;  // of 2 MiB
  std::string trigger = "postgres";               // who asked for the page
  std::int64_t triggerPid = 0;
  std::int64_t postmasterPid = 0;
  std::int64_t segmentKb = 0;  // shared memory, mapped size
  std::int64_t backends = 0, firstBackendPid = 0;
  std::int64_t victimPid = 0, victimVmKb = 0, victimAnonKb = 0, victimFileKb = 0, victimShmemKb = 0,
               victimPageTablesKb = 0;
};
// Text for KernelOomReport, and back.
[[nodiscard]] std::string oomReportText(const OomReport& report);
[[nodiscard]] OomReport oomReportFrom(std::string_view text);
// A row of the report's task table; kB.
struct OomTask {
  std::uint32_t pid = 0;
  std::int64_t uid = 0, adjust = 0;  // oom_score_adj
  std::int64_t vmKb = 0, anonKb = 0, fileKb = 0, shmemKb = 0, pageTablesKb = 0, swapKb = 0;
  std::string name = "postgres";
  [[nodiscard]] std::int64_t residentKb() const { return anonKb + fileKb + shmemKb; }
  bool operator==(const OomTask&) const = default;
};
// The host's daemons besides the server, in the order of their pids (MODEL: sizes as on a small
// host), and the page tables of all of them, kB.
[[nodiscard]] const std::vector<OomTask>& daemonTasks();
constexpr std::int64_t kDaemonPageTablesKb = 520;

// The kernel's lines, separated by \n (log_kernel.cpp). tasks: the server's processes, in order of
// their pids; when there are none, as many as the report speaks of.
[[nodiscard]] std::string kernelOomLines(const OomReport& report,
                                         const std::vector<OomTask>& tasks = {});

// The value of a key in "key=value key=value"; empty when it is not there.
[[nodiscard]] std::string_view compactValue(std::string_view text, std::string_view key);
[[nodiscard]] std::int64_t compactNumber(std::string_view text, std::string_view key);

// "1F/9C000028".
[[nodiscard]] std::string lsnText(std::uint64_t lsn);

}  // namespace sim
