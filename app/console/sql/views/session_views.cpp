// SPDX-License-Identifier: GPL-3.0-or-later
// Views of what sessions use: encryption, prepared statements, cursors; members of roles; and what
// there is none of here: functions that are counted, subscriptions, conflicts with recovery.
#include <algorithm>

#include "console/sql/catalogue.h"
#include "console/sql/privileges.h"

namespace console {
namespace {

using K = TypeKind;

std::vector<Row> none(const TableContext&) {
  return {};
}

// Of every client backend: nothing is encrypted here.
std::vector<std::uint32_t> clientPids(const TableContext& context) {
  std::vector<std::uint32_t> pids = {context.session.pid};
  for (const sim::Session& one : context.server().sessions) pids.push_back(one.pid);
  for (const sim::Cohort& cohort : context.server().cohorts) {
    for (std::int32_t i = 0; i < cohort.connections; ++i) {
      pids.push_back(cohort.firstPid + static_cast<std::uint32_t>(i));
    }
  }
  std::sort(pids.begin(), pids.end());
  pids.erase(std::unique(pids.begin(), pids.end()), pids.end());
  return pids;
}

std::vector<Row> sslRows(const TableContext& context) {
  std::vector<Row> rows;
  for (const std::uint32_t pid : clientPids(context)) {
    Row row(8);
    row[0] = std::int64_t{pid};
    row[1] = false;
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<Row> gssapiRows(const TableContext& context) {
  std::vector<Row> rows;
  for (const std::uint32_t pid : clientPids(context)) {
    rows.push_back({std::int64_t{pid}, false, Datum(), false});
  }
  return rows;
}

std::vector<Row> conflictRows(const TableContext& context) {
  std::vector<Row> rows;
  for (const CatalogueDatabase& one : catalogueDatabases(context.world())) {
    Row row = {one.oid, one.name};
    for (int i = 0; i < 5; ++i) row.emplace_back(std::int64_t{0});
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<Row> memberRows(const TableContext& context) {
  std::vector<Row> rows;
  for (const sim::Role& role : context.server().roles) {
    for (const std::string& group : role.memberOf) {
      rows.push_back({roleOid(context.world(), group), roleOid(context.world(), role.name),
                      std::int64_t{10}, false});
    }
  }
  return rows;
}

// A primary key or a unique index made one.
std::vector<Row> constraintRows(const TableContext& context) {
  std::vector<Row> rows;
  for (const CatalogueRelation& one : catalogueRelations(context.world(), context.session, false)) {
    if (one.kind != 'i' || !one.name.ends_with("_pkey")) continue;
    Items columns;
    for (std::size_t i = 0; i < one.index->columns.size(); ++i) {
      columns.emplace_back(static_cast<std::int64_t>(i + 1));
    }
    rows.push_back({one.oid + 1, one.name, kPublicOid, "p", false, false, true, one.tableOid,
                    one.oid, std::int64_t{0}, columns});
  }
  return rows;
}

// PREPARE of this session: the first is kept in words, of the others that they are there.
std::vector<Row> preparedRows(const TableContext& context) {
  std::vector<Row> rows;
  for (const auto& [name, statement] : context.session.prepared) {
    rows.push_back({name, statement, context.world().unixMs() * 1000, Items{}, true,
                    std::int64_t{0}, std::int64_t{0}});
  }
  return rows;
}

std::vector<Row> grantRows(const TableContext& context) {
  std::vector<Row> rows;
  for (const CatalogueRelation& one : catalogueRelations(context.world(), context.session, false)) {
    if (one.kind != 'r' || one.relation == nullptr) continue;
    for (const AclItem& item :
         aclOf(context.world(), securedTable(context.world(), *one.relation))) {
      for (std::size_t i = 0; i < kPrivilegeLetters.size(); ++i) {
        const Privileges bit = Privileges{1} << i;
        if ((item.granted & bit) == 0) continue;
        rows.push_back({item.grantor, item.grantee.empty() ? "PUBLIC" : item.grantee,
                        context.session.database, one.schema, one.name, privilegeName(bit),
                        (item.withOption & bit) != 0 || item.grantee == one.owner ? "YES" : "NO",
                        bit == privilegeNamed("select") ? "YES" : "NO"});
      }
    }
  }
  return rows;
}

std::vector<TableColumn> grantColumns() {
  return {{"grantor", K::Name},         {"grantee", K::Name},
          {"table_catalog", K::Name},   {"table_schema", K::Name},
          {"table_name", K::Name},      {"privilege_type", K::Varchar},
          {"is_grantable", K::Varchar}, {"with_hierarchy", K::Varchar}};
}

// Simple LRU caches: their names in pg_stat_slru's order. MODEL: none is short of buffers.
std::vector<Row> slruRows(const TableContext& context) {
  std::vector<Row> rows;
  for (const char* name : {"CommitTs", "MultiXactMember", "MultiXactOffset", "Notify", "Serial",
                           "Subtrans", "Xact", "other"}) {
    Row row = {name};
    for (int i = 0; i < 7; ++i) row.emplace_back(std::int64_t{0});
    row.emplace_back(context.us(context.server().postmasterStart.ms));
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

namespace {

std::vector<VirtualTable> clientViews() {
  return {
      {"pg_stat_ssl",
       'v',
       {{"pid", K::Integer},
        {"ssl", K::Boolean},
        {"version", K::Text},
        {"cipher", K::Text},
        {"bits", K::Integer},
        {"client_dn", K::Text},
        {"client_serial", K::Numeric},
        {"issuer_dn", K::Text}},
       sslRows},
      {"pg_stat_gssapi",
       'v',
       {{"pid", K::Integer},
        {"gss_authenticated", K::Boolean},
        {"principal", K::Text},
        {"encrypted", K::Boolean}},
       gssapiRows},
      {"pg_stat_database_conflicts",
       'v',
       {{"datid", K::Oid},
        {"datname", K::Name},
        {"confl_tablespace", K::BigInt},
        {"confl_lock", K::BigInt},
        {"confl_snapshot", K::BigInt},
        {"confl_bufferpin", K::BigInt},
        {"confl_deadlock", K::BigInt}},
       conflictRows},
      {"pg_auth_members",
       'r',
       {{"roleid", K::Oid}, {"member", K::Oid}, {"grantor", K::Oid}, {"admin_option", K::Boolean}},
       memberRows},
      {"pg_constraint",
       'r',
       {{"oid", K::Oid},
        {"conname", K::Name},
        {"connamespace", K::Oid},
        {"contype", K::InternalChar},
        {"condeferrable", K::Boolean},
        {"condeferred", K::Boolean},
        {"convalidated", K::Boolean},
        {"conrelid", K::Oid},
        {"conindid", K::Oid},
        {"confrelid", K::Oid},
        {"conkey", {K::SmallInt, true}}},
       constraintRows}};
}

std::vector<VirtualTable> statementViews() {
  return {{"pg_prepared_statements",
           'v',
           {{"name", K::Text},
            {"statement", K::Text},
            {"prepare_time", K::Timestamptz},
            {"parameter_types", {K::Text, true}},
            {"from_sql", K::Boolean},
            {"generic_plans", K::BigInt},
            {"custom_plans", K::BigInt}},
           preparedRows},
          {"pg_cursors",
           'v',
           {{"name", K::Text},
            {"statement", K::Text},
            {"is_holdable", K::Boolean},
            {"is_binary", K::Boolean},
            {"is_scrollable", K::Boolean},
            {"creation_time", K::Timestamptz}},
           none},
          {"pg_stat_user_functions",
           'v',
           {{"funcid", K::Oid},
            {"schemaname", K::Name},
            {"funcname", K::Name},
            {"calls", K::BigInt},
            {"total_time", K::Double},
            {"self_time", K::Double}},
           none},
          {"pg_stat_subscription",
           'v',
           {{"subid", K::Oid},
            {"subname", K::Name},
            {"pid", K::Integer},
            {"relid", K::Oid},
            {"received_lsn", K::PgLsn},
            {"last_msg_send_time", K::Timestamptz},
            {"last_msg_receipt_time", K::Timestamptz},
            {"latest_end_lsn", K::PgLsn},
            {"latest_end_time", K::Timestamptz}},
           none},
          {"pg_stat_slru",
           'v',
           {{"name", K::Text},
            {"blks_zeroed", K::BigInt},
            {"blks_hit", K::BigInt},
            {"blks_read", K::BigInt},
            {"blks_written", K::BigInt},
            {"blks_exists", K::BigInt},
            {"flushes", K::BigInt},
            {"truncates", K::BigInt},
            {"stats_reset", K::Timestamptz}},
           slruRows}};
}

}  // namespace

std::vector<VirtualTable> sessionViews() {
  std::vector<VirtualTable> all = clientViews();
  for (VirtualTable& one : statementViews()) all.push_back(std::move(one));

  for (const char* name : {"role_table_grants", "table_privileges"}) {
    all.push_back({name, 'v', grantColumns(), grantRows, "information_schema"});
  }
  return all;
}

}  // namespace console
