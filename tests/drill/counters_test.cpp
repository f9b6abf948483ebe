// SPDX-License-Identifier: GPL-3.0-or-later
// Three ways to count one thing: the statistics views, the exported metrics and the server's log
// agree at every second of the day of 7 May, with everything logged.
#include <cmath>
#include <cstdlib>

#include "base/text.h"
#include "console/sql/virtual_tables.h"
#include "run_fixture.h"
#include "sim/log_batches.h"

using namespace runtest;
using sim::LogShape;
using sim::Metric;

namespace {

// What the log has said since the counters were zero.
struct Tally {
  std::int64_t committed = 0, rolledBack = 0, files = 0, bytes = 0, opened = 0, killed = 0;
  std::int64_t timed = 0, requested = 0, complete = 0, deadlocks = 0;
  std::int64_t connected = 0;  // of all time: what is left of opened

  void take(const sim::LogRecord& record, const sim::Telemetry& telemetry,
            const sim::WorldSpec& spec) {
    if (record.source != sim::LogSource::Postgres) return;
    const std::int64_t count = record.numbers[0];
    switch (static_cast<LogShape>(record.shape)) {
      case LogShape::PgNotProperlyShutDown: {
        // PostgreSQL throws its statistics away; everybody was disconnected.
        *this = Tally();
        break;
      }
      case LogShape::PgStatements:
        (sim::holdsRollbacks(record) ? rolledBack : committed) += count;
        break;
      case LogShape::PgTemporaryFiles: {
        const auto queryClass = static_cast<std::size_t>(record.numbers[1] & 0xFFFF);
        files += count;
        bytes += count * sim::temporaryFileBytes(spec.workload.classes.at(queryClass));
        break;
      }
      case LogShape::PgConnectionsOpened:
        opened += record.numbers[1];
        connected += record.numbers[1];
        break;
      case LogShape::PgConnectionsClosed:
        connected -= record.numbers[1];
        break;
      case LogShape::PgTerminatedByAdministrator:
        killed += 1;
        break;
      case LogShape::PgCheckpointTime:
        timed += 1;
        break;
      case LogShape::PgCheckpointWal:
      case LogShape::PgCheckpointForced:
      case LogShape::PgCheckpointRecovery:
        requested += 1;
        break;
      case LogShape::PgCheckpointComplete:
        complete += 1;
        break;
      case LogShape::Plain: {
        const std::string& text = telemetry.text(record.textIndex);
        deadlocks += base::contains(text, "deadlock detected") ? 1 : 0;
        opened += base::contains(text, "connection authorized") ? 1 : 0;
        break;
      }
      default:
        break;
    }
  }
};

std::shared_ptr<const scenario::Scenario> chattyScenario() {
  auto copy = std::make_shared<scenario::Scenario>(*seedScenario());
  std::string& text = copy->world.database.files.at(0).text;
  text +=
      "\nlog_connections = on\nlog_disconnections = on\nlog_min_duration_statement = 0\n"
      "log_temp_files = 0\nwork_mem = 10MB\n";
  return copy;
}

class Views {
 public:
  explicit Views(const sim::World& world) : m_world(world) {}
  // The row whose datname is shop, or the only one.
  [[nodiscard]] std::int64_t value(const char* table, const char* column) const {
    const console::VirtualTable* found = console::findVirtualTable(table);
    if (found == nullptr) return -1;
    std::size_t index = 0, name = 0;
    for (std::size_t i = 0; i < found->columns.size(); ++i) {
      if (found->columns[i].name == column) index = i;
      if (found->columns[i].name == "datname") name = i;
    }
    sim::World world = m_world;
    sim::Telemetry unread(sim::Detail::Summary);
    const console::Machine machine{world, unread, "trainee"};
    const console::PsqlSession session;
    for (const console::Row& row : found->rows({machine, session})) {
      if (name != 0 && (row[name].null() || row[name].text() != "shop")) continue;
      if (row[index].null()) return -1;
      const std::string text = console::datumText(row[index], {found->columns[index].type});
      return std::strtoll(text.c_str(), nullptr, 10);
    }
    return -1;
  }

 private:
  const sim::World& m_world;
};

void compareWithLog(const Views& views, const Tally& log) {
  const auto database = [&](const char* column) { return views.value("pg_stat_database", column); };
  EXPECT_EQ(database("xact_commit"), log.committed);
  EXPECT_EQ(database("xact_rollback"), log.rolledBack);
  EXPECT_EQ(database("temp_files"), log.files);
  EXPECT_EQ(database("temp_bytes"), log.bytes);
  EXPECT_EQ(database("sessions"), log.opened);
  EXPECT_EQ(database("sessions_killed"), log.killed);
  EXPECT_EQ(database("deadlocks"), log.deadlocks);
  EXPECT_EQ(views.value("pg_stat_bgwriter", "checkpoints_timed"), log.timed);
  EXPECT_EQ(views.value("pg_stat_bgwriter", "checkpoints_req"), log.requested);
  EXPECT_LE(log.complete, log.timed + log.requested + 1);  // one at each clean stop
}

void compareWithMetrics(const Views& views, const sim::Telemetry& telemetry) {
  const auto same = [&](Metric metric, const char* table, const char* column) {
    // The exporter's figure has a fraction and the precision of a float.
    const double value = telemetry.last(metric);
    const auto whole = static_cast<double>(views.value(table, column));
    EXPECT_NEAR(value, whole, 1 + whole * 1e-7) << column;
  };
  same(Metric::PgCommits, "pg_stat_database", "xact_commit");
  same(Metric::PgRollbacks, "pg_stat_database", "xact_rollback");
  same(Metric::PgTempBytes, "pg_stat_database", "temp_bytes");
  same(Metric::PgBackends, "pg_stat_database", "numbackends");
  same(Metric::PgBlocksHit, "pg_stat_database", "blks_hit");
  same(Metric::PgBlocksRead, "pg_stat_database", "blks_read");
  same(Metric::PgCheckpointsTimed, "pg_stat_bgwriter", "checkpoints_timed");
  same(Metric::PgCheckpointsRequested, "pg_stat_bgwriter", "checkpoints_req");
  same(Metric::PgBuffersAlloc, "pg_stat_bgwriter", "buffers_alloc");
}

}  // namespace

TEST(Counters, ViewsMetricsAndLogAgreeAtEverySecond) {
  const auto scenario = chattyScenario();
  drill::Run run(scenario, {1, drill::Mode::Watch});
  run.follow(scenario->list("history")->actions);
  const Views views(run.world());
  Tally log;
  std::size_t read = 0;
  int crashes = 0, compared = 0;
  for (base::SimTime at = run.now(); at < scenario->world.timing.endsAt;) {
    const auto& records = run.telemetry().logs();
    for (; read < records.size(); ++read) {
      log.take(records[read], run.telemetry(), run.world().spec());
    }
    crashes = run.world().postgres().crashes;
    // The team's correction puts the file back as it was: from its restart on little is logged.
    if (!run.world().postgres().values.log.policy.connections) break;
    if (run.world().postgres().accepts()) {
      compareWithLog(views, log);
      EXPECT_EQ(log.connected, run.world().postgres().connections());
      compareWithMetrics(views, run.telemetry());
      ++compared;
    }
    ASSERT_FALSE(HasFailure()) << base::clockText(run.world().unixMs());
    at = at + base::seconds(1);
    run.advanceTo(at);
  }
  EXPECT_GE(crashes, 2);
  EXPECT_GT(compared, 5000);
  EXPECT_GT(log.committed, 100'000);
  EXPECT_GT(log.files, 1000);
}
