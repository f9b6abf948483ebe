// SPDX-License-Identifier: GPL-3.0-or-later
// Views of what the server has counted: databases, checkpoints, WAL, replication, statements.
// They read the same counters as the exporter, so that views, metrics and log agree.
#include <algorithm>

#include "base/text.h"
#include "console/sql/catalogue.h"
#include "sim/model_constants.h"

namespace console {
namespace {

using K = TypeKind;

Row emptyDatabaseRow(Datum oid, Datum name, std::int64_t backends) {
  Row row(28, Datum(std::int64_t{0}));
  row[0] = std::move(oid);
  row[1] = std::move(name);
  row[2] = backends;
  for (const std::size_t i : {18u, 19u, 20u, 21u, 22u}) row[i] = 0.0;
  row[16] = row[17] = row[27] = Datum();
  return row;
}

std::vector<Row> databaseStatisticsRows(const TableContext& context) {
  const sim::Postgres& server = context.server();
  const sim::WorldSpec& spec = context.world().spec();
  const std::string& name = spec.database.database;
  const PsqlSession& session = context.session;
  // A laboratory without visitors is asked in the database one connects to first.
  const auto& users = spec.workload.users;
  const bool quiet = spec.database.laboratory &&
                     std::all_of(users.begin(), users.end(),
                                 [](const sim::WorkloadPoint& point) { return point.users <= 0; });
  Row shop = emptyDatabaseRow(kDatabaseOid, name,
                              server.connections() + (session.database == name ? 1 : 0));
  Row own = emptyDatabaseRow(std::int64_t{5}, "postgres", session.database == "postgres" ? 1 : 0);
  Row& counted = quiet && session.database == "postgres" ? own : shop;
  counted[3] = wholeOf(server.commits);
  counted[4] = wholeOf(server.rollbacks);
  counted[5] = wholeOf(server.blocksRead);
  counted[6] = wholeOf(server.blocksHit);
  counted[7] = wholeOf(server.blocksHit * 5.2);
  counted[8] = wholeOf(server.blocksHit * 0.71);
  counted[13] = wholeOf(server.tempFiles);
  counted[14] = wholeOf(server.tempBytes);
  shop[23] = server.sessionsOpened;
  shop[25] = server.sessionsFatal;
  shop[26] = server.sessionsKilled;
  return {emptyDatabaseRow(std::int64_t{0}, Datum(), 0), std::move(own), std::move(shop),
          emptyDatabaseRow(std::int64_t{1}, "template1", 0),
          emptyDatabaseRow(std::int64_t{4}, "template0", 0)};
}

std::vector<Row> writerRows(const TableContext& context) {
  const sim::Postgres& server = context.server();
  return {{server.checkpointsTimed, server.checkpointsRequested,
           static_cast<double>(
               static_cast<std::int64_t>(static_cast<double>(server.checkpointsTimed) * 0.9 *
                                         static_cast<double>(server.values.checkpointTimeoutMs))),
           static_cast<double>(static_cast<std::int64_t>(server.buffersCheckpoint * 0.002)),
           wholeOf(server.buffersCheckpoint), std::int64_t{0}, std::int64_t{0},
           wholeOf(server.buffersAlloc * 0.0001), std::int64_t{0}, wholeOf(server.buffersAlloc),
           context.us(server.statisticsSince.ms)}};
}

// Bytes the exporter counts; MODEL: a record of 110 bytes, page images apart.
std::vector<Row> walRows(const TableContext& context) {
  const double bytes = context.server().walBytes, images = context.server().walImages;
  const double records =
      std::max(0.0, bytes - images * sim::calibration::kPageImageBytes) / 110 + images;
  return {{wholeOf(records), wholeOf(images), Numeric(static_cast<std::int64_t>(bytes)),
           std::int64_t{0}, wholeOf(bytes / 8192), wholeOf(bytes / 16'000), 0.0, 0.0,
           context.us(0)}};
}

std::vector<Row> archiverRows(const TableContext& context) {
  return {{std::int64_t{0}, Datum(), Datum(), std::int64_t{0}, Datum(), Datum(), context.us(0)}};
}

std::vector<Row> none(const TableContext&) {
  return {};
}

// FNV-1a of the text: the same statement has the same id in every run.
std::int64_t queryId(const std::string& text) {
  std::uint64_t hash = 14'695'981'039'346'656'037u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1'099'511'628'211u;
  return static_cast<std::int64_t>(hash);
}

// The website's statements by class. Calls, blocks and temporary blocks are shares of the
// database's own counters, so that their sums agree.
std::vector<Row> statementRows(const TableContext& context) {
  const sim::Postgres& server = context.server();
  const sim::WorldSpec& spec = context.world().spec();
  std::vector<Row> rows;
  double pages = 0, sorts = 0;
  for (const sim::QueryClass& one : spec.workload.classes) {
    pages += one.share * one.pages;
    sorts += one.share * one.sortNodes;
  }
  const double blocks = server.blocksHit + server.blocksRead;
  const double missing = blocks > 0 ? server.blocksRead / blocks : 0;
  for (const sim::QueryClass& one : spec.workload.classes) {
    const double calls = static_cast<double>(static_cast<std::int64_t>(server.commits * one.share));
    const double ofBlocks = pages > 0 ? one.share * one.pages / pages : 0;
    const double ofSorts = sorts > 0 ? one.share * one.sortNodes / sorts : 0;
    // Time on the processor, and for pages that were not in the pool.
    const double mean = one.cpuMs + one.pages * missing * spec.host.diskReadMs;
    const double temporary = server.tempBytes * ofSorts / 8192;
    Row row(43, Datum(std::int64_t{0}));
    row[0] = kUserOid;
    row[1] = kDatabaseOid;
    row[2] = true;
    row[3] = queryId(one.statement);
    row[4] = one.statement;
    for (const std::size_t i : {6u, 7u, 8u, 9u, 10u, 28u, 29u, 30u, 31u, 36u, 38u, 40u, 42u}) {
      row[i] = 0.0;
    }
    row[11] = wholeOf(calls);
    row[12] = calls * mean;
    row[13] = calls > 0 ? mean * 0.31 : 0.0;
    row[14] = calls > 0 ? mean * 9.4 : 0.0;
    row[15] = calls > 0 ? mean : 0.0;
    row[16] = calls > 0 ? mean * 0.8 : 0.0;
    row[17] = wholeOf(calls * std::max(1.0, one.pages * 0.4));
    row[18] = wholeOf(server.blocksHit * ofBlocks);
    row[19] = wholeOf(server.blocksRead * ofBlocks);
    row[20] = wholeOf(calls * one.pagesDirtied);
    row[26] = wholeOf(temporary);
    row[27] = wholeOf(temporary);
    row[32] = wholeOf(calls * one.walBytes / 110);
    row[33] = wholeOf(calls * one.walBytes / 110 / 16);
    row[34] = Numeric(static_cast<std::int64_t>(calls * one.walBytes));
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<TableColumn> statementColumns() {
  std::vector<TableColumn> columns = {{"userid", K::Oid},       {"dbid", K::Oid},
                                      {"toplevel", K::Boolean}, {"queryid", K::BigInt},
                                      {"query", K::Text},       {"plans", K::BigInt}};
  for (const char* name : {"total_plan_time", "min_plan_time", "max_plan_time", "mean_plan_time",
                           "stddev_plan_time"}) {
    columns.push_back({name, K::Double});
  }
  columns.push_back({"calls", K::BigInt});
  for (const char* name : {"total_exec_time", "min_exec_time", "max_exec_time", "mean_exec_time",
                           "stddev_exec_time"}) {
    columns.push_back({name, K::Double});
  }
  for (const char* name :
       {"rows", "shared_blks_hit", "shared_blks_read", "shared_blks_dirtied", "shared_blks_written",
        "local_blks_hit", "local_blks_read", "local_blks_dirtied", "local_blks_written",
        "temp_blks_read", "temp_blks_written"}) {
    columns.push_back({name, K::BigInt});
  }
  for (const char* name :
       {"blk_read_time", "blk_write_time", "temp_blk_read_time", "temp_blk_write_time"}) {
    columns.push_back({name, K::Double});
  }
  columns.push_back({"wal_records", K::BigInt});
  columns.push_back({"wal_fpi", K::BigInt});
  columns.push_back({"wal_bytes", K::Numeric});
  for (const char* name : {"jit_functions", "jit_generation_time", "jit_inlining_count",
                           "jit_inlining_time", "jit_optimization_count", "jit_optimization_time",
                           "jit_emission_count", "jit_emission_time"}) {
    columns.push_back({name, std::string_view(name).ends_with("time") ? K::Double : K::BigInt});
  }
  return columns;
}

std::vector<TableColumn> databaseStatisticsColumns() {
  std::vector<TableColumn> columns = {
      {"datid", K::Oid}, {"datname", K::Name}, {"numbackends", K::Integer}};
  for (const char* name : {"xact_commit", "xact_rollback", "blks_read", "blks_hit", "tup_returned",
                           "tup_fetched", "tup_inserted", "tup_updated", "tup_deleted", "conflicts",
                           "temp_files", "temp_bytes", "deadlocks", "checksum_failures"}) {
    columns.push_back({name, K::BigInt});
  }
  columns.push_back({"checksum_last_failure", K::Timestamptz});
  for (const char* name : {"blk_read_time", "blk_write_time", "session_time", "active_time",
                           "idle_in_transaction_time"}) {
    columns.push_back({name, K::Double});
  }
  for (const char* name : {"sessions", "sessions_abandoned", "sessions_fatal", "sessions_killed"}) {
    columns.push_back({name, K::BigInt});
  }
  columns.push_back({"stats_reset", K::Timestamptz});
  return columns;
}

std::vector<TableColumn> replicationColumns() {
  return {{"pid", K::Integer},         {"usesysid", K::Oid},
          {"usename", K::Name},        {"application_name", K::Text},
          {"client_addr", K::Inet},    {"client_hostname", K::Text},
          {"client_port", K::Integer}, {"backend_start", K::Timestamptz},
          {"backend_xmin", K::Xid},    {"state", K::Text},
          {"sent_lsn", K::PgLsn},      {"write_lsn", K::PgLsn},
          {"flush_lsn", K::PgLsn},     {"replay_lsn", K::PgLsn},
          {"write_lag", K::Interval},  {"flush_lag", K::Interval},
          {"replay_lag", K::Interval}, {"sync_priority", K::Integer},
          {"sync_state", K::Text},     {"reply_time", K::Timestamptz}};
}

std::vector<TableColumn> slotColumns() {
  return {{"slot_name", K::Name},   {"plugin", K::Name},          {"slot_type", K::Text},
          {"datoid", K::Oid},       {"database", K::Name},        {"temporary", K::Boolean},
          {"active", K::Boolean},   {"active_pid", K::Integer},   {"xmin", K::Xid},
          {"catalog_xmin", K::Xid}, {"restart_lsn", K::PgLsn},    {"confirmed_flush_lsn", K::PgLsn},
          {"wal_status", K::Text},  {"safe_wal_size", K::BigInt}, {"two_phase", K::Boolean}};
}

}  // namespace

std::string unavailable(const TableContext& context, std::string_view name) {
  if (name != "pg_stat_statements") return {};
  const std::string libraries = context.server().settings.show("shared_preload_libraries");
  if (base::contains(libraries, "pg_stat_statements")) return {};
  return "pg_stat_statements must be loaded via shared_preload_libraries";
}

std::vector<VirtualTable> statisticsViews() {
  return {{"pg_stat_database", 'v', databaseStatisticsColumns(), databaseStatisticsRows},
          {"pg_stat_bgwriter",
           'v',
           {{"checkpoints_timed", K::BigInt},
            {"checkpoints_req", K::BigInt},
            {"checkpoint_write_time", K::Double},
            {"checkpoint_sync_time", K::Double},
            {"buffers_checkpoint", K::BigInt},
            {"buffers_clean", K::BigInt},
            {"maxwritten_clean", K::BigInt},
            {"buffers_backend", K::BigInt},
            {"buffers_backend_fsync", K::BigInt},
            {"buffers_alloc", K::BigInt},
            {"stats_reset", K::Timestamptz}},
           writerRows},
          {"pg_stat_wal",
           'v',
           {{"wal_records", K::BigInt},
            {"wal_fpi", K::BigInt},
            {"wal_bytes", K::Numeric},
            {"wal_buffers_full", K::BigInt},
            {"wal_write", K::BigInt},
            {"wal_sync", K::BigInt},
            {"wal_write_time", K::Double},
            {"wal_sync_time", K::Double},
            {"stats_reset", K::Timestamptz}},
           walRows},
          {"pg_stat_archiver",
           'v',
           {{"archived_count", K::BigInt},
            {"last_archived_wal", K::Text},
            {"last_archived_time", K::Timestamptz},
            {"failed_count", K::BigInt},
            {"last_failed_wal", K::Text},
            {"last_failed_time", K::Timestamptz},
            {"stats_reset", K::Timestamptz}},
           archiverRows},
          {"pg_stat_replication", 'v', replicationColumns(), none},
          {"pg_replication_slots", 'v', slotColumns(), none},
          {"pg_stat_wal_receiver",
           'v',
           {{"pid", K::Integer},
            {"status", K::Text},
            {"receive_start_lsn", K::PgLsn},
            {"latest_end_lsn", K::PgLsn},
            {"latest_end_time", K::Timestamptz},
            {"slot_name", K::Text},
            {"sender_host", K::Text},
            {"sender_port", K::Integer},
            {"conninfo", K::Text}},
           none},
          {"pg_stat_statements", 'v', statementColumns(), statementRows, "public"}};
}

}  // namespace console
