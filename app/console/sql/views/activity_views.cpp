// SPDX-License-Identifier: GPL-3.0-or-later
// Views of who is connected and what is going on: pg_stat_activity, pg_locks, progress.
#include <algorithm>

#include "console/sql/catalogue.h"
#include "console/sql/session_role.h"
#include "console/sql/tables/memory_contexts.h"
#include "console/system/processes.h"
#include "sim/session_actions.h"

namespace console {
namespace {

using K = TypeKind;

Row activityRow(std::uint32_t pid, Datum started, const std::string& type) {
  Row row(22);
  row[2] = std::int64_t{pid};
  row[10] = std::move(started);
  row[21] = type;
  row[6] = "";
  row[20] = "";
  return row;
}

void addServerRows(std::vector<Row>& rows, const TableContext& context) {
  struct Wait {
    std::string_view type, event;
  };
  constexpr Wait kWaits[] = {{"checkpointer", "CheckpointerMain"},
                             {"background writer", "BgWriterMain"},
                             {"walwriter", "WalWriterMain"},
                             {"autovacuum launcher", "AutoVacuumMain"},
                             {"logical replication launcher", "LogicalLauncherMain"}};
  for (const Process& process : processes(context.world())) {
    for (const Wait& wait : kWaits) {
      if (process.type != wait.type) continue;
      Row row = activityRow(process.pid, context.us(process.startedMs), process.type);
      row[14] = "Activity";
      row[15] = wait.event;
      if (wait.type == "logical replication launcher") {
        row[4] = std::int64_t{10};
        row[5] = "postgres";
      }
      rows.push_back(std::move(row));
    }
  }
}

Row ownRow(const TableContext& context) {
  const PsqlSession& session = context.session;
  Row own = activityRow(session.pid, session.connectedMs * 1000, "client backend");
  own[0] = databaseOid(context.world(), session.database);
  own[1] = session.database;
  own[4] = roleOid(context.world(), session.user);
  own[5] = session.user;
  own[6] = "psql";
  own[9] = std::int64_t{-1};
  own[11] = own[12] = own[13] = context.world().unixMs() * 1000;
  own[16] = "active";
  own[20] = session.statement;
  return own;
}

// A session that the world knows: psql's, pgbench's, a walsender, an autovacuum worker.
Row sessionRow(const sim::Session& one, const TableContext& context) {
  const sim::World& world = context.world();
  const std::int64_t now = world.now().ms;
  const sim::SessionState state =
      sim::sessionState(context.server(), one, world.seed(), world.now());
  const auto moment = [&](std::int64_t ms) {
    return ms < 0 ? Datum() : Datum(context.us(std::min(ms, now)));
  };
  Row row = activityRow(one.pid, moment(one.startedMs), std::string(sessionKindName(one.kind)));
  if (!one.database.empty()) {
    row[0] = databaseOid(world, one.database);
    row[1] = one.database;
  }
  if (!one.role.empty()) {
    row[4] = roleOid(world, one.role);
    row[5] = one.role;
  }
  row[6] = one.application;
  if (!one.host.empty()) row[7] = one.host;
  if (one.kind != sim::SessionKind::AutovacuumWorker) {
    row[9] = std::int64_t{one.host.empty() ? -1 : clientPort(one.pid)};
  }
  if (state != sim::SessionState::Idle) row[11] = moment(one.xactStartMs);
  row[12] = moment(one.queryStartMs);
  row[13] = moment(state == sim::SessionState::Active ? one.queryStartMs : one.stateChangeMs);
  const bool waits = std::any_of(one.locks.begin(), one.locks.end(),
                                 [](const sim::SessionLock& lock) { return !lock.granted; });
  if (waits) {
    row[14] = "Lock";
    row[15] = "relation";
  } else if (state != sim::SessionState::Active) {
    row[14] = "Client";
    row[15] = "ClientRead";
  } else if (!one.waitType.empty()) {
    row[14] = one.waitType;
    row[15] = one.waitEvent;
  }
  row[16] = std::string(sessionStateName(state));
  row[20] = sim::sessionQuery(context.server(), one, world.seed(), world.now());
  return row;
}

// Of other roles' sessions an ordinary role sees no more than that they are there.
void hide(Row& row, const TableContext& context) {
  if (context.actsAs("pg_read_all_stats") || row[5].null() ||
      row[5].text() == currentRole(context.session))
    return;
  for (std::size_t i = 7; i < 21; ++i) row[i] = Datum();
  row[6] = Datum();
  row[20] = "<insufficient privilege>";
}

std::vector<Row> activityRows(const TableContext& context) {
  std::vector<Row> rows;
  const sim::DatabaseSpec& database = context.world().spec().database;
  addServerRows(rows, context);
  for (const BackendWork& one : backendWork(context.world())) {
    const auto& cohort = context.server().cohorts[static_cast<std::size_t>(one.cohort)];
    Row row = activityRow(one.pid, context.us(cohort.startedMs), "client backend");
    row[0] = kDatabaseOid;
    row[1] = database.database;
    row[4] = kUserOid;
    row[5] = database.user;
    row[6] = "shop-web";
    row[7] = clientAddress(one.cohort);
    row[9] = std::int64_t{clientPort(one.pid)};
    if (one.active) row[11] = context.us(one.queryStartMs);
    row[12] = context.us(one.queryStartMs);
    row[13] = context.us(one.stateChangeMs);
    if (!one.active || one.readsDisk) {
      row[14] = one.active ? "IO" : "Client";
      row[15] = one.active ? "DataFileRead" : "ClientRead";
    }
    row[16] = one.active ? "active" : "idle";
    row[20] = one.statement;
    rows.push_back(std::move(row));
  }
  for (const sim::Session& one : context.server().sessions) {
    rows.push_back(sessionRow(one, context));
  }
  if (!context.session.registered) rows.push_back(ownRow(context));
  for (Row& row : rows) hide(row, context);
  return rows;
}

std::vector<TableColumn> activityColumns() {
  return {{"datid", K::Oid},
          {"datname", K::Name},
          {"pid", K::Integer},
          {"leader_pid", K::Integer},
          {"usesysid", K::Oid},
          {"usename", K::Name},
          {"application_name", K::Text},
          {"client_addr", K::Inet},
          {"client_hostname", K::Text},
          {"client_port", K::Integer},
          {"backend_start", K::Timestamptz},
          {"xact_start", K::Timestamptz},
          {"query_start", K::Timestamptz},
          {"state_change", K::Timestamptz},
          {"wait_event_type", K::Text},
          {"wait_event", K::Text},
          {"state", K::Text},
          {"backend_xid", K::Xid},
          {"backend_xmin", K::Xid},
          {"query_id", K::BigInt},
          {"query", K::Text},
          {"backend_type", K::Text}};
}

Row relationLock(std::int64_t relation, std::uint32_t pid, const std::string& mode) {
  return {"relation",
          kDatabaseOid,
          relation,
          Datum(),
          Datum(),
          Datum(),
          Datum(),
          Datum(),
          Datum(),
          Datum(),
          "3/" + std::to_string(pid % 977),
          std::int64_t{pid},
          mode,
          true,
          true,
          Datum()};
}
Row transactionLock(std::uint32_t pid, std::int64_t number) {
  const std::string name = std::to_string(3 + pid % 90) + "/" + std::to_string(number);
  return {"virtualxid",    Datum(), Datum(), Datum(), Datum(), name,
          Datum(),         Datum(), Datum(), Datum(), name,    std::int64_t{pid},
          "ExclusiveLock", true,    true,    Datum()};
}

// Every running statement holds the lock on its own transaction, and reads its tables under
// AccessShareLock with their indexes.
std::vector<Row> lockRows(const TableContext& context) {
  std::vector<Row> rows;
  const std::vector<CatalogueRelation> relations =
      catalogueRelations(context.world(), context.session, false);
  for (const BackendWork& one : backendWork(context.world())) {
    if (!one.active) continue;
    for (const CatalogueRelation& relation : relations) {
      const std::string& table =
          relation.relation != nullptr ? relation.relation->name : relation.name;
      if (one.statement.find(table) == std::string::npos) continue;
      const bool writes = one.statement.starts_with("INSERT") ||
                          one.statement.starts_with("UPDATE") ||
                          one.statement.starts_with("DELETE");
      rows.push_back(
          relationLock(relation.oid, one.pid, writes ? "RowExclusiveLock" : "AccessShareLock"));
    }
    rows.push_back(transactionLock(one.pid, one.queryStartMs / 10 % 100'000));
  }
  for (const sim::Session& one : context.server().sessions) {
    for (const sim::SessionLock& lock : one.locks) {
      Row row = relationLock(lock.relation, one.pid, std::string(sim::lockModeName(lock.mode)));
      row[13] = lock.granted;
      row[14] = false;  // such locks are in the shared table
      if (!lock.granted) row[15] = context.us(lock.sinceMs);
      rows.push_back(std::move(row));
    }
    if (!one.locks.empty())
      rows.push_back(transactionLock(one.pid, one.xactStartMs / 10 % 100'000));
  }
  const auto own = context.session.pid;
  if (const auto view = relationByName(context.world(), context.session, "pg_locks")) {
    rows.push_back(relationLock(view->oid, own, "AccessShareLock"));
  }
  rows.push_back(transactionLock(own, context.world().now().seconds()));
  return rows;
}

std::vector<Row> none(const TableContext&) {
  return {};
}

std::vector<VirtualTable> progressViews() {
  return {{"pg_stat_progress_vacuum",
           'v',
           {{"pid", K::Integer},
            {"datid", K::Oid},
            {"datname", K::Name},
            {"relid", K::Oid},
            {"phase", K::Text},
            {"heap_blks_total", K::BigInt},
            {"heap_blks_scanned", K::BigInt},
            {"heap_blks_vacuumed", K::BigInt},
            {"index_vacuum_count", K::BigInt},
            {"max_dead_tuples", K::BigInt},
            {"num_dead_tuples", K::BigInt}},
           none},
          {"pg_stat_progress_analyze",
           'v',
           {{"pid", K::Integer},
            {"datid", K::Oid},
            {"datname", K::Name},
            {"relid", K::Oid},
            {"phase", K::Text},
            {"sample_blks_total", K::BigInt},
            {"sample_blks_scanned", K::BigInt},
            {"ext_stats_total", K::BigInt},
            {"ext_stats_computed", K::BigInt},
            {"child_tables_total", K::BigInt},
            {"child_tables_done", K::BigInt},
            {"current_child_table_relid", K::Oid}},
           none},
          {"pg_stat_progress_create_index",
           'v',
           {{"pid", K::Integer},
            {"datid", K::Oid},
            {"datname", K::Name},
            {"relid", K::Oid},
            {"index_relid", K::Oid},
            {"command", K::Text},
            {"phase", K::Text},
            {"lockers_total", K::BigInt},
            {"lockers_done", K::BigInt},
            {"current_locker_pid", K::BigInt},
            {"blocks_total", K::BigInt},
            {"blocks_done", K::BigInt},
            {"tuples_total", K::BigInt},
            {"tuples_done", K::BigInt},
            {"partitions_total", K::BigInt},
            {"partitions_done", K::BigInt}},
           none}};
}

}  // namespace

std::vector<VirtualTable> activityViews() {
  std::vector<VirtualTable> all = {{"pg_stat_activity", 'v', activityColumns(), activityRows},
                                   {"pg_locks",
                                    'v',
                                    {{"locktype", K::Text},
                                     {"database", K::Oid},
                                     {"relation", K::Oid},
                                     {"page", K::Integer},
                                     {"tuple", K::SmallInt},
                                     {"virtualxid", K::Text},
                                     {"transactionid", K::Xid},
                                     {"classid", K::Oid},
                                     {"objid", K::Oid},
                                     {"objsubid", K::SmallInt},
                                     {"virtualtransaction", K::Text},
                                     {"pid", K::Integer},
                                     {"mode", K::Text},
                                     {"granted", K::Boolean},
                                     {"fastpath", K::Boolean},
                                     {"waitstart", K::Timestamptz}},
                                    lockRows},
                                   {"pg_prepared_xacts",
                                    'v',
                                    {{"transaction", K::Xid},
                                     {"gid", K::Text},
                                     {"prepared", K::Timestamptz},
                                     {"owner", K::Name},
                                     {"database", K::Name}},
                                    none},
                                   {"pg_backend_memory_contexts",
                                    'v',
                                    {{"name", K::Text},
                                     {"ident", K::Text},
                                     {"parent", K::Text},
                                     {"level", K::Integer},
                                     {"total_bytes", K::BigInt},
                                     {"total_nblocks", K::BigInt},
                                     {"free_bytes", K::BigInt},
                                     {"free_chunks", K::BigInt},
                                     {"used_bytes", K::BigInt}},
                                    memoryContextRows}};
  for (VirtualTable& one : progressViews()) all.push_back(std::move(one));
  return all;
}

}  // namespace console
