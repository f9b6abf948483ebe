// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/virtual_tables.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/text.h"
#include "console/sql/tables/memory_contexts.h"
#include "console/system/processes.h"
#include "sim/session_actions.h"

namespace console {
namespace {

using Rows = std::vector<SqlRow>;
constexpr std::int64_t kDatabaseOid = 16'386;

SqlValue whole(double value) {
  return static_cast<std::int64_t>(value);
}
SqlValue optionalText(const std::string& text) {
  return text.empty() ? SqlValue() : SqlValue(text);
}

std::string contextName(sim::SettingContext context) {
  constexpr std::string_view kNames[] = {"internal", "postmaster", "sighup", "superuser-backend",
                                         "backend",  "superuser",  "user"};
  return std::string(kNames[static_cast<std::size_t>(context)]);
}

std::string typeName(sim::SettingType type) {
  constexpr std::string_view kNames[] = {"bool", "integer", "real", "string", "enum"};
  return std::string(kNames[static_cast<std::size_t>(type)]);
}

std::string boundText(double value) {
  if (value == std::floor(value) && std::abs(value) < 1e15)
    return std::to_string(static_cast<std::int64_t>(value));
  std::string text = base::fixedText(value, 6);
  while (text.ends_with('0')) text.pop_back();
  return text;
}

Rows settingsRows(const sim::World& world, const PsqlSession& session) {
  Rows rows;
  for (const sim::SettingDefinition& definition : world.postgres().settings.catalogue().all()) {
    const sim::SettingState* state = world.postgres().settings.state(definition.name);
    const SettingReading reading = readSetting(world, session, definition.name);
    const bool number =
        definition.type == sim::SettingType::Integer || definition.type == sim::SettingType::Real;
    std::string values;
    for (const std::string& value : definition.enumValues)
      values += (values.empty() ? "" : ",") + value;
    const bool file = state != nullptr && !state->sourceFile.empty();
    rows.push_back({definition.name, reading.canonical, optionalText(definition.unit),
                    definition.category, definition.shortDescription, SqlValue(),
                    contextName(definition.context), typeName(definition.type), reading.source,
                    number ? SqlValue(boundText(definition.minimum)) : SqlValue(),
                    number ? SqlValue(boundText(definition.maximum)) : SqlValue(),
                    values.empty() ? SqlValue() : SqlValue("{" + values + "}"),
                    definition.bootValue, state != nullptr ? state->value : definition.bootValue,
                    file ? SqlValue(state->sourceFile) : SqlValue(),
                    file ? SqlValue(std::int64_t{state->sourceLine}) : SqlValue(),
                    std::int64_t{state != nullptr && state->pendingRestart ? 1 : 0}});
  }
  return rows;
}

Rows fileSettingsRows(const sim::World& world, const PsqlSession&) {
  Rows rows;
  for (const sim::FileSetting& one :
       world.postgres().settings.fileSettings(world.postgres().files)) {
    rows.push_back({one.file, std::int64_t{one.line}, std::int64_t{one.sequence},
                    optionalText(one.name), one.setting, std::int64_t{one.applied ? 1 : 0},
                    optionalText(one.error)});
  }
  return rows;
}

SqlRow activityRow(std::uint32_t pid, SqlValue started, const std::string& type) {
  SqlRow row(22);
  row[2] = std::int64_t{pid};
  row[10] = std::move(started);
  row[21] = type;
  row[6] = "";
  row[20] = "";
  return row;
}

void addServerRows(Rows& rows, const sim::World& world, std::int64_t startMs) {
  struct Wait {
    std::string_view type, event;
  };
  constexpr Wait kWaits[] = {{"checkpointer", "CheckpointerMain"},
                             {"background writer", "BgWriterMain"},
                             {"walwriter", "WalWriterMain"},
                             {"autovacuum launcher", "AutoVacuumMain"},
                             {"logical replication launcher", "LogicalLauncherMain"}};
  for (const Process& process : processes(world)) {
    for (const Wait& wait : kWaits) {
      if (process.type != wait.type) continue;
      SqlRow row =
          activityRow(process.pid, timestampText(startMs + process.startedMs), process.type);
      row[14] = "Activity";
      row[15] = std::string(wait.event);
      if (wait.type == "logical replication launcher") {
        row[4] = std::int64_t{10};
        row[5] = "postgres";
      }
      rows.push_back(std::move(row));
    }
  }
}

std::int64_t databaseOid(const sim::World& world, const std::string& name) {
  for (const sim::Database& one : world.postgres().databases) {
    if (one.name == name && one.oid != 0) return one.oid;
  }
  return name == "postgres" ? 5 : name == "template1" ? 1 : kDatabaseOid;
}

// Roles have oids in the order of their creation; the first is the cluster's own.
std::int64_t roleOid(const sim::World& world, const std::string& name) {
  const auto& roles = world.postgres().roles;
  for (std::size_t i = 1; i < roles.size(); ++i) {
    if (roles[i].name == name) return 16'383 + static_cast<std::int64_t>(i);
  }
  return 10;
}

SqlRow sessionRow(const sim::Session& one, const sim::World& world, std::int64_t startMs) {
  const std::int64_t now = world.now().ms;
  const sim::SessionState state = one.stateAt(now);
  const auto moment = [&](std::int64_t ms) {
    return ms < 0 ? SqlValue() : SqlValue(timestampText(startMs + std::min(ms, now)));
  };
  SqlRow row = activityRow(one.pid, moment(one.startedMs), std::string(sessionKindName(one.kind)));
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
  row[20] = sim::sessionQuery(one, world.seed(), world.now());
  return row;
}

Rows activityRows(const sim::World& world, const PsqlSession& session) {
  Rows rows;
  const std::int64_t startMs = world.spec().timing.startUnixMs;
  const sim::DatabaseSpec& database = world.spec().database;
  addServerRows(rows, world, startMs);
  for (const BackendWork& one : backendWork(world)) {
    const auto& cohort = world.postgres().cohorts[static_cast<std::size_t>(one.cohort)];
    SqlRow row = activityRow(one.pid, timestampText(startMs + cohort.startedMs), "client backend");
    row[0] = kDatabaseOid;
    row[1] = database.database;
    row[4] = std::int64_t{16'384};
    row[5] = database.user;
    row[6] = "shop-web";
    row[7] = clientAddress(one.cohort);
    row[9] = std::int64_t{clientPort(one.pid)};
    if (one.active) row[11] = timestampText(startMs + one.queryStartMs);
    row[12] = timestampText(startMs + one.queryStartMs);
    row[13] = timestampText(startMs + one.stateChangeMs);
    if (!one.active || one.readsDisk) {
      row[14] = one.active ? "IO" : "Client";
      row[15] = one.active ? "DataFileRead" : "ClientRead";
    }
    row[16] = one.active ? "active" : "idle";
    row[20] = one.statement;
    rows.push_back(std::move(row));
  }
  for (const sim::Session& one : world.postgres().sessions) {
    rows.push_back(sessionRow(one, world, startMs));
  }
  if (session.registered) return rows;
  SqlRow own = activityRow(session.pid, timestampText(session.connectedMs), "client backend");
  own[0] = databaseOid(world, session.database);
  own[1] = session.database;
  own[4] = std::int64_t{10};
  own[5] = session.user;
  own[6] = "psql";
  own[9] = std::int64_t{-1};
  own[11] = own[12] = own[13] = timestampText(world.unixMs());
  own[16] = "active";
  own[20] = session.statement;
  rows.push_back(std::move(own));
  return rows;
}

SqlRow emptyDatabaseRow(SqlValue oid, SqlValue name, std::int64_t backends) {
  SqlRow row(28, SqlValue(std::int64_t{0}));
  row[0] = std::move(oid);
  row[1] = std::move(name);
  row[2] = backends;
  row[16] = row[17] = row[27] = SqlValue();
  return row;
}

Rows databaseStatisticsRows(const sim::World& world, const PsqlSession& session) {
  const sim::Postgres& server = world.postgres();
  const std::string& name = world.spec().database.database;
  // A laboratory without visitors is asked in the database one connects to first.
  const auto& users = world.spec().workload.users;
  const bool quiet = world.spec().database.laboratory &&
                     std::all_of(users.begin(), users.end(),
                                 [](const sim::WorkloadPoint& point) { return point.users <= 0; });
  SqlRow shop = emptyDatabaseRow(kDatabaseOid, name,
                                 server.connections() + (session.database == name ? 1 : 0));
  SqlRow own =
      emptyDatabaseRow(std::int64_t{5}, "postgres", session.database == "postgres" ? 1 : 0);
  SqlRow& counted = quiet && session.database == "postgres" ? own : shop;
  counted[3] = whole(server.commits);
  counted[4] = whole(server.rollbacks);
  counted[5] = whole(server.blocksRead);
  counted[6] = whole(server.blocksHit);
  counted[7] = whole(server.blocksHit * 5.2);
  counted[8] = whole(server.blocksHit * 0.71);
  counted[13] = whole(server.tempFiles);
  counted[14] = whole(server.tempBytes);
  shop[23] = server.sessionsOpened;
  shop[25] = server.sessionsFatal;
  shop[26] = server.sessionsKilled;
  return {emptyDatabaseRow(std::int64_t{0}, SqlValue(), 0), std::move(own), std::move(shop),
          emptyDatabaseRow(std::int64_t{1}, "template1", 0),
          emptyDatabaseRow(std::int64_t{4}, "template0", 0)};
}

Rows writerRows(const sim::World& world, const PsqlSession&) {
  const sim::Postgres& server = world.postgres();
  return {{server.checkpointsTimed, server.checkpointsRequested,
           whole(static_cast<double>(server.checkpointsTimed) * 0.9 *
                 static_cast<double>(server.values.checkpointTimeoutMs)),
           whole(server.buffersCheckpoint * 0.002), whole(server.buffersCheckpoint),
           std::int64_t{0}, std::int64_t{0}, whole(server.buffersAlloc * 0.0001), std::int64_t{0},
           whole(server.buffersAlloc),
           timestampText(world.spec().timing.startUnixMs + server.statisticsSince.ms)}};
}

Rows databaseRows(const sim::World& world, const PsqlSession&) {
  Rows rows;
  const auto add = [&](std::int64_t oid, const std::string& name, std::int64_t owner,
                       bool isTemplate, bool allows) {
    rows.push_back({oid, name, owner, std::int64_t{6}, "c", std::int64_t{isTemplate ? 1 : 0},
                    std::int64_t{allows ? 1 : 0}, std::int64_t{-1}, "C.UTF-8", "C.UTF-8"});
  };
  add(5, "postgres", 10, false, true);
  add(kDatabaseOid, world.spec().database.database, 16'384, false, true);
  add(1, "template1", 10, true, true);
  add(4, "template0", 10, true, false);
  return rows;
}

using T = SqlType;
std::vector<SqlColumn> databaseStatisticsColumns() {
  return {{"datid", T::Integer},
          {"datname", T::Text},
          {"numbackends", T::Integer},
          {"xact_commit", T::Integer},
          {"xact_rollback", T::Integer},
          {"blks_read", T::Integer},
          {"blks_hit", T::Integer},
          {"tup_returned", T::Integer},
          {"tup_fetched", T::Integer},
          {"tup_inserted", T::Integer},
          {"tup_updated", T::Integer},
          {"tup_deleted", T::Integer},
          {"conflicts", T::Integer},
          {"temp_files", T::Integer},
          {"temp_bytes", T::Integer},
          {"deadlocks", T::Integer},
          {"checksum_failures", T::Integer},
          {"checksum_last_failure", T::Timestamp},
          {"blk_read_time", T::Real},
          {"blk_write_time", T::Real},
          {"session_time", T::Real},
          {"active_time", T::Real},
          {"idle_in_transaction_time", T::Real},
          {"sessions", T::Integer},
          {"sessions_abandoned", T::Integer},
          {"sessions_fatal", T::Integer},
          {"sessions_killed", T::Integer},
          {"stats_reset", T::Timestamp}};
}

std::vector<SqlColumn> activityColumns() {
  return {{"datid", T::Integer},
          {"datname", T::Text},
          {"pid", T::Integer},
          {"leader_pid", T::Integer},
          {"usesysid", T::Integer},
          {"usename", T::Text},
          {"application_name", T::Text},
          {"client_addr", T::Text},
          {"client_hostname", T::Text},
          {"client_port", T::Integer},
          {"backend_start", T::Timestamp},
          {"xact_start", T::Timestamp},
          {"query_start", T::Timestamp},
          {"state_change", T::Timestamp},
          {"wait_event_type", T::Text},
          {"wait_event", T::Text},
          {"state", T::Text},
          {"backend_xid", T::Text},
          {"backend_xmin", T::Text},
          {"query_id", T::Integer},
          {"query", T::Text},
          {"backend_type", T::Text}};
}

std::vector<VirtualTable> makeTables() {
  std::vector<VirtualTable> tables;
  tables.push_back({"pg_backend_memory_contexts",
                    {{"name", T::Text},
                     {"ident", T::Text},
                     {"parent", T::Text},
                     {"level", T::Integer},
                     {"total_bytes", T::Integer},
                     {"total_nblocks", T::Integer},
                     {"free_bytes", T::Integer},
                     {"free_chunks", T::Integer},
                     {"used_bytes", T::Integer}},
                    memoryContextRows});
  tables.push_back({"pg_settings",
                    {{"name", T::Text},
                     {"setting", T::Text},
                     {"unit", T::Text},
                     {"category", T::Text},
                     {"short_desc", T::Text},
                     {"extra_desc", T::Text},
                     {"context", T::Text},
                     {"vartype", T::Text},
                     {"source", T::Text},
                     {"min_val", T::Text},
                     {"max_val", T::Text},
                     {"enumvals", T::Text},
                     {"boot_val", T::Text},
                     {"reset_val", T::Text},
                     {"sourcefile", T::Text},
                     {"sourceline", T::Integer},
                     {"pending_restart", T::Boolean}},
                    settingsRows});
  tables.push_back({"pg_file_settings",
                    {{"sourcefile", T::Text},
                     {"sourceline", T::Integer},
                     {"seqno", T::Integer},
                     {"name", T::Text},
                     {"setting", T::Text},
                     {"applied", T::Boolean},
                     {"error", T::Text}},
                    fileSettingsRows});
  tables.push_back({"pg_stat_activity", activityColumns(), activityRows});
  tables.push_back({"pg_stat_database", databaseStatisticsColumns(), databaseStatisticsRows});
  tables.push_back({"pg_stat_bgwriter",
                    {{"checkpoints_timed", T::Integer},
                     {"checkpoints_req", T::Integer},
                     {"checkpoint_write_time", T::Real},
                     {"checkpoint_sync_time", T::Real},
                     {"buffers_checkpoint", T::Integer},
                     {"buffers_clean", T::Integer},
                     {"maxwritten_clean", T::Integer},
                     {"buffers_backend", T::Integer},
                     {"buffers_backend_fsync", T::Integer},
                     {"buffers_alloc", T::Integer},
                     {"stats_reset", T::Timestamp}},
                    writerRows});
  tables.push_back({"pg_database",
                    {{"oid", T::Integer},
                     {"datname", T::Text},
                     {"datdba", T::Integer},
                     {"encoding", T::Integer},
                     {"datlocprovider", T::Text},
                     {"datistemplate", T::Boolean},
                     {"datallowconn", T::Boolean},
                     {"datconnlimit", T::Integer},
                     {"datcollate", T::Text},
                     {"datctype", T::Text}},
                    databaseRows});
  return tables;
}

}  // namespace

const std::vector<VirtualTable>& virtualTables() {
  static const std::vector<VirtualTable> all = makeTables();
  return all;
}

const VirtualTable* findVirtualTable(std::string_view name) {
  for (const VirtualTable& table : virtualTables()) {
    if (table.name == name) return &table;
  }
  return nullptr;
}

std::string timestampText(std::int64_t unixMs) {
  std::string text = base::logTimeText(unixMs).substr(0, 23);  // "2024-05-07 10:45:00.123"
  while (text.ends_with('0') && text.size() > 20) text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text + "+00";
}

SettingReading readSetting(const sim::World& world, const PsqlSession& session,
                           std::string_view name) {
  SettingReading reading;
  const sim::ServerSettings& settings = world.postgres().settings;
  const sim::SettingDefinition* definition = settings.catalogue().find(name);
  if (definition == nullptr) return reading;
  reading.known = true;
  const sim::SettingState* state = settings.state(name);
  reading.canonical = state != nullptr ? state->value : definition->bootValue;
  reading.source = state != nullptr ? state->source : "default";
  const std::string key = base::lower(name);
  if (key == "application_name") {
    reading.canonical = "psql";
    reading.source = "client";
  }
  if (const auto it = session.defaults.find(key); it != session.defaults.end()) {
    reading.canonical = it->second.value;
    reading.source = it->second.source;
  }
  if (const auto it = session.settings.find(key); it != session.settings.end()) {
    reading.canonical = it->second;
    reading.source = "session";
  }
  // Without archiving there is no command, whatever is set.
  if (key == "archive_command") reading.canonical = settings.show(name);
  reading.shown = sim::showValue(*definition, reading.canonical);
  return reading;
}

}  // namespace console
