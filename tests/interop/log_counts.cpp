// SPDX-License-Identifier: GPL-3.0-or-later
// Plays a scenario file as `outage-drill-cli export` does and prints the simulator's own counts as
// one JSON object: from the server's counters and the log's records, never from its text.
//   interop_log_counts SCENARIO.json LIST
#include <algorithm>
#include <cstdio>
#include <map>
#include <string>

#include "drill/run.h"
#include "scenario/reader.h"
#include "base/text.h"
#include "sim/log_batches.h"
#include "sim/log_shapes.h"

namespace {

using Counts = std::map<std::string, std::int64_t>;

void countRecord(const sim::LogRecord& record, const sim::Telemetry& telemetry, Counts& counts) {
  using sim::LogShape;
  const auto shape = static_cast<LogShape>(record.shape);
  if (record.source != sim::LogSource::Postgres) return;
  if (shape == LogShape::PgStatements) counts["queries"] += record.numbers[0];
  if (shape == LogShape::PgConnectionsClosed) counts["disconnections"] += record.numbers[1];
  if (shape == LogShape::PgCheckpointComplete) counts["checkpoints"] += 1;
  if (shape == LogShape::PgCheckpointTime) counts["checkpoints_time"] += 1;
  if (shape == LogShape::PgCheckpointWal) counts["checkpoints_wal"] += 1;
  // Lines of level LOG that pgBadger takes for errors.
  const bool grave = shape == LogShape::PgServerProcessKilled || shape == LogShape::PgInterrupted ||
                     shape == LogShape::PgWasShutDown || shape == LogShape::PgNotProperlyShutDown;
  if (grave) counts["grave"] += 1;
  const std::string& text = telemetry.text(record.textIndex);
  // A psql session's; the website's pools close theirs by the number.
  if (base::contains(text, "disconnection: session time: ")) counts["disconnections"] += 1;
  if (record.severity == sim::Severity::Critical) counts["fatal"] += 1;
  if (record.severity == sim::Severity::Error) counts["error"] += 1;
  if (shape == LogShape::Plain && text.starts_with("PANIC")) counts["panic"] += 1;
}

struct Totals {
  std::int64_t sessions = 0, files = 0, bytes = 0;
};

// A crash discards the server's counters, so what they had reached is put aside each time.
Totals playCounting(drill::Run& run) {
  Totals before, now;
  const base::SimTime end = run.scenario().world.timing.endsAt;
  while (!run.finished() && run.now() < end) {
    const base::SimTime since = run.world().postgres().statisticsSince;
    run.advanceTo(std::min(run.now() + base::seconds(1), end));
    const sim::Postgres& server = run.world().postgres();
    if (server.statisticsSince != since) {
      before = {before.sessions + now.sessions, before.files + now.files, before.bytes + now.bytes};
    }
    now = {server.sessionsOpened, static_cast<std::int64_t>(server.tempFiles),
           static_cast<std::int64_t>(server.tempBytes)};
  }
  return {before.sessions + now.sessions, before.files + now.files, before.bytes + now.bytes};
}

int count(const char* file, const std::string& name) {
  const auto settings =
      scenario::readSettings(std::string(SOURCE_DIR) + "/assets/postgresql-15-settings.json");
  if (!settings.ok()) return 1;
  const auto reading = scenario::readScenarioFile(file, settings.value());
  if (!reading.scenario) return 1;
  drill::Run run(reading.scenario, {});
  if (const scenario::ActionList* list = reading.scenario->list(name)) run.follow(list->actions);
  const Totals totals = playCounting(run);
  Counts counts = {
      {"queries", 0},        {"disconnections", 0}, {"checkpoints", 0}, {"grave", 0},
      {"fatal", 0},          {"error", 0},          {"panic", 0},       {"checkpoints_time", 0},
      {"checkpoints_wal", 0}};
  for (const sim::LogRecord& record : run.telemetry().logs()) {
    countRecord(record, run.telemetry(), counts);
  }
  counts["connections"] = totals.sessions;
  counts["temp_files"] = totals.files;
  counts["temp_bytes"] = totals.bytes;
  std::string text = "{";
  for (const auto& [key, value] : counts) {
    text += (text.size() > 1 ? ", \"" : "\"") + key + "\": " + std::to_string(value);
  }
  std::printf("%s}\n", text.c_str());
  return 0;
}

}  // namespace

int main(int argc, char* argv[]) {
  return argc == 3 ? count(argv[1], argv[2]) : 2;
}
