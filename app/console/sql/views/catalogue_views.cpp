// SPDX-License-Identifier: GPL-3.0-or-later
// The catalogue's own tables: relations, columns, schemas, indexes, extensions.
#include <algorithm>

#include "base/text.h"
#include "console/sql/catalogue.h"
#include "console/sql/privileges.h"

namespace console {
namespace {

using K = TypeKind;

constexpr std::int64_t kFrozen = 717;  // of a cluster that initdb has made: datfrozenxid

std::int64_t namespaceOid(const std::string& schema) {
  if (schema == "public") return kPublicOid;
  if (schema == "information_schema") return 13'000;
  return schema.starts_with("pg_temp") ? 16'600 : kCatalogueOid;
}

// pg_type.oid of a type by its name.
std::int64_t typeOid(DataType type) {
  constexpr std::pair<TypeKind, std::int64_t> kTypes[] = {
      {K::Boolean, 16},       {K::InternalChar, 18}, {K::Name, 19},      {K::BigInt, 20},
      {K::SmallInt, 21},      {K::Integer, 23},      {K::Text, 25},      {K::Oid, 26},
      {K::Xid, 28},           {K::Double, 701},      {K::Inet, 869},     {K::Timestamp, 1114},
      {K::Timestamptz, 1184}, {K::Interval, 1186},   {K::Numeric, 1700}, {K::Varchar, 1043},
      {K::PgLsn, 3220},       {K::Date, 1082}};
  for (const auto& [kind, oid] : kTypes) {
    if (kind == type.kind) return type.array ? oid + 1000 : oid;
  }
  return 0;
}

Datum itemsOf(const sim::World& world, const SecuredObject& object) {
  const std::string lines = aclLines(world, object);
  if (lines.empty() && !aclText(world, object)) return {};
  Items items;
  for (const std::string& line : base::lines(lines)) items.emplace_back(line);
  return items;
}

Datum aclOfRelation(const TableContext& context, const CatalogueRelation& one) {
  if (one.relation == nullptr || one.kind != 'r') return {};
  return itemsOf(context.world(), securedTable(context.world(), *one.relation));
}

std::vector<Row> classRows(const TableContext& context) {
  std::vector<Row> rows;
  for (const CatalogueRelation& one : catalogueRelations(context.world(), context.session, true)) {
    std::int64_t attributes = 0;
    if (one.view != nullptr) {
      attributes = static_cast<std::int64_t>(one.view->columns.size());
    } else if (one.kind == 'i') {
      attributes = static_cast<std::int64_t>(one.index->columns.size());
    } else {
      attributes = static_cast<std::int64_t>(one.relation->columns.size());
    }
    const std::string owner = one.owner;
    rows.push_back({one.oid,
                    one.name,
                    namespaceOid(one.schema),
                    roleOid(context.world(), owner),
                    std::int64_t{one.kind == 'i' ? 403 : 2},
                    one.oid,
                    std::int64_t{0},
                    one.pages,
                    one.tuples,
                    std::int64_t{one.kind == 'r' ? one.pages : 0},
                    std::int64_t{0},
                    one.kind == 'r' && one.relation != nullptr && !one.relation->indexes.empty(),
                    false,
                    one.temporary ? "t" : "p",
                    std::string(1, one.kind),
                    attributes,
                    false,
                    false,
                    std::int64_t{one.kind == 'r' ? kFrozen : 0},
                    std::int64_t{one.kind == 'r' ? 1 : 0},
                    aclOfRelation(context, one),
                    Datum()});
  }
  return rows;
}

std::vector<Row> attributeRows(const TableContext& context) {
  std::vector<Row> rows;
  for (const CatalogueRelation& one : catalogueRelations(context.world(), context.session, true)) {
    std::int64_t number = 0;
    const auto add = [&](std::string_view name, std::int64_t type, bool notNull) {
      rows.push_back({one.oid, name, type, ++number, std::int64_t{-1}, notNull, false});
    };
    if (one.view != nullptr) {
      for (const TableColumn& column : one.view->columns) {
        add(column.name, typeOid(column.type), false);
      }
    } else if (one.kind == 'r') {
      for (const sim::RelationColumn& column : one.relation->columns) {
        add(column.name, typeOid(typeNamed(column.type).value_or(DataType(K::Text))), false);
      }
    }
  }
  return rows;
}

std::vector<Row> namespaceRows(const TableContext& context) {
  const Items usual = {"postgres=UC/postgres", "=U/postgres"};
  return {{std::int64_t{99}, "pg_toast", std::int64_t{10}, Datum()},
          {kCatalogueOid, "pg_catalog", std::int64_t{10}, usual},
          {kPublicOid, "public", std::int64_t{6171},
           itemsOf(context.world(), securedSchema(context.session.database))},
          {std::int64_t{13'000}, "information_schema", std::int64_t{10}, usual}};
}

std::vector<Row> indexRows(const TableContext& context) {
  std::vector<Row> rows;
  for (const CatalogueRelation& one : catalogueRelations(context.world(), context.session, false)) {
    if (one.kind != 'i') continue;
    rows.push_back({one.oid, one.tableOid, static_cast<std::int64_t>(one.index->columns.size()),
                    one.index->unique, one.name.ends_with("_pkey"), true, true, true});
  }
  return rows;
}

std::vector<Row> tablesRows(const TableContext& context) {
  std::vector<Row> rows;
  for (const CatalogueRelation& one : catalogueRelations(context.world(), context.session, true)) {
    if (one.kind != 'r') continue;
    rows.push_back({one.schema, one.name, one.owner, Datum(),
                    one.relation != nullptr && !one.relation->indexes.empty(), false, false,
                    false});
  }
  return rows;
}

std::vector<Row> indexesRows(const TableContext& context) {
  std::vector<Row> rows;
  for (const CatalogueRelation& one : catalogueRelations(context.world(), context.session, false)) {
    if (one.kind != 'i') continue;
    rows.push_back({one.schema, one.relation->name, one.name, Datum(), indexDefinition(one)});
  }
  return rows;
}

std::vector<Row> viewsRows(const TableContext& context) {
  std::vector<Row> rows;
  for (const CatalogueRelation& one : catalogueRelations(context.world(), context.session, true)) {
    if (one.kind == 'v') rows.push_back({one.schema, one.name, one.owner, Datum()});
  }
  return rows;
}

std::vector<Row> databaseRows(const TableContext& context) {
  std::vector<Row> rows;
  for (const CatalogueDatabase& one : catalogueDatabases(context.world())) {
    rows.push_back({one.oid, one.name, roleOid(context.world(), one.owner), std::int64_t{6}, "c",
                    one.isTemplate, one.allows, std::int64_t{-1}, kFrozen, std::int64_t{1},
                    std::int64_t{1663}, "C.UTF-8", "C.UTF-8", Datum(), Datum(),
                    itemsOf(context.world(), securedDatabase(context.world(), one.name))});
  }
  return rows;
}

bool hasStatements(const TableContext& context) {
  return unavailable(context, "pg_stat_statements").empty();
}

std::vector<Row> extensionRows(const TableContext& context) {
  std::vector<Row> rows = {{std::int64_t{13'500}, "plpgsql", std::int64_t{10}, kCatalogueOid, false,
                            "1.0", Datum(), Datum()}};
  if (hasStatements(context)) {
    rows.push_back({std::int64_t{16'700}, "pg_stat_statements", std::int64_t{10}, kPublicOid, true,
                    "1.10", Datum(), Datum()});
  }
  return rows;
}

std::vector<Row> availableRows(const TableContext& context) {
  const bool there = hasStatements(context);
  return {{"pg_buffercache", "1.3", Datum(), "examine the shared buffer cache"},
          {"pg_prewarm", "1.2", Datum(), "prewarm relation data"},
          {"pg_stat_statements", "1.10", there ? Datum("1.10") : Datum(),
           "track planning and execution statistics of all SQL statements executed"},
          {"plpgsql", "1.0", "1.0", "PL/pgSQL procedural language"}};
}

std::vector<Row> tablespaceRows(const TableContext&) {
  return {{std::int64_t{1663}, "pg_default", std::int64_t{10}, Datum(), Datum()},
          {std::int64_t{1664}, "pg_global", std::int64_t{10}, Datum(), Datum()}};
}

std::vector<Row> schemaTableRows(const TableContext& context) {
  std::vector<Row> rows;
  for (const CatalogueRelation& one : catalogueRelations(context.world(), context.session, true)) {
    if (one.kind == 'i') continue;
    rows.push_back({context.session.database, one.schema, one.name,
                    one.kind == 'v' ? "VIEW"
                    : one.temporary ? "LOCAL TEMPORARY"
                                    : "BASE TABLE"});
  }
  return rows;
}

std::vector<Row> schemaColumnRows(const TableContext& context) {
  std::vector<Row> rows;
  for (const CatalogueRelation& one : catalogueRelations(context.world(), context.session, true)) {
    std::int64_t number = 0;
    const auto add = [&](std::string_view name, const std::string& type) {
      rows.push_back(
          {context.session.database, one.schema, one.name, name, ++number, Datum(), "YES", type});
    };
    if (one.view != nullptr) {
      for (const TableColumn& column : one.view->columns) {
        add(column.name, column.type.array ? "ARRAY" : typeName(column.type));
      }
    } else if (one.kind == 'r') {
      for (const sim::RelationColumn& column : one.relation->columns) add(column.name, column.type);
    }
  }
  return rows;
}

std::vector<TableColumn> classColumns() {
  return {{"oid", K::Oid},
          {"relname", K::Name},
          {"relnamespace", K::Oid},
          {"relowner", K::Oid},
          {"relam", K::Oid},
          {"relfilenode", K::Oid},
          {"reltablespace", K::Oid},
          {"relpages", K::Integer},
          {"reltuples", K::Double},
          {"relallvisible", K::Integer},
          {"reltoastrelid", K::Oid},
          {"relhasindex", K::Boolean},
          {"relisshared", K::Boolean},
          {"relpersistence", K::InternalChar},
          {"relkind", K::InternalChar},
          {"relnatts", K::SmallInt},
          {"relhasrules", K::Boolean},
          {"relispartition", K::Boolean},
          {"relfrozenxid", K::Xid},
          {"relminmxid", K::Xid},
          {"relacl", {K::Text, true}},
          {"reloptions", {K::Text, true}}};
}

std::vector<TableColumn> databaseColumns() {
  return {{"oid", K::Oid},
          {"datname", K::Name},
          {"datdba", K::Oid},
          {"encoding", K::Integer},
          {"datlocprovider", K::InternalChar},
          {"datistemplate", K::Boolean},
          {"datallowconn", K::Boolean},
          {"datconnlimit", K::Integer},
          {"datfrozenxid", K::Xid},
          {"datminmxid", K::Xid},
          {"dattablespace", K::Oid},
          {"datcollate", K::Text},
          {"datctype", K::Text},
          {"daticulocale", K::Text},
          {"datcollversion", K::Text},
          {"datacl", {K::Text, true}}};
}

std::vector<VirtualTable> extensionViews() {
  return {{"pg_extension",
           'r',
           {{"oid", K::Oid},
            {"extname", K::Name},
            {"extowner", K::Oid},
            {"extnamespace", K::Oid},
            {"extrelocatable", K::Boolean},
            {"extversion", K::Text},
            {"extconfig", {K::Oid, true}},
            {"extcondition", {K::Text, true}}},
           extensionRows},
          {"pg_available_extensions",
           'v',
           {{"name", K::Name},
            {"default_version", K::Text},
            {"installed_version", K::Text},
            {"comment", K::Text}},
           availableRows},
          {"pg_tablespace",
           'r',
           {{"oid", K::Oid},
            {"spcname", K::Name},
            {"spcowner", K::Oid},
            {"spcacl", K::Text},
            {"spcoptions", {K::Text, true}}},
           tablespaceRows}};
}

}  // namespace

std::vector<VirtualTable> catalogueViews() {
  std::vector<VirtualTable> all = {
      {"pg_class", 'r', classColumns(), classRows},
      {"pg_attribute",
       'r',
       {{"attrelid", K::Oid},
        {"attname", K::Name},
        {"atttypid", K::Oid},
        {"attnum", K::SmallInt},
        {"atttypmod", K::Integer},
        {"attnotnull", K::Boolean},
        {"attisdropped", K::Boolean}},
       attributeRows},
      {"pg_namespace",
       'r',
       {{"oid", K::Oid}, {"nspname", K::Name}, {"nspowner", K::Oid}, {"nspacl", {K::Text, true}}},
       namespaceRows},
      {"pg_index",
       'r',
       {{"indexrelid", K::Oid},
        {"indrelid", K::Oid},
        {"indnatts", K::SmallInt},
        {"indisunique", K::Boolean},
        {"indisprimary", K::Boolean},
        {"indisvalid", K::Boolean},
        {"indisready", K::Boolean},
        {"indislive", K::Boolean}},
       indexRows},
      {"pg_tables",
       'v',
       {{"schemaname", K::Name},
        {"tablename", K::Name},
        {"tableowner", K::Name},
        {"tablespace", K::Name},
        {"hasindexes", K::Boolean},
        {"hasrules", K::Boolean},
        {"hastriggers", K::Boolean},
        {"rowsecurity", K::Boolean}},
       tablesRows},
      {"pg_indexes",
       'v',
       {{"schemaname", K::Name},
        {"tablename", K::Name},
        {"indexname", K::Name},
        {"tablespace", K::Name},
        {"indexdef", K::Text}},
       indexesRows},
      {"pg_views",
       'v',
       {{"schemaname", K::Name},
        {"viewname", K::Name},
        {"viewowner", K::Name},
        {"definition", K::Text}},
       viewsRows},
      {"pg_database", 'r', databaseColumns(), databaseRows}};
  for (VirtualTable& one : extensionViews()) all.push_back(std::move(one));
  return all;
}

std::vector<VirtualTable> schemaViews() {
  return {{"tables",
           'v',
           {{"table_catalog", K::Name},
            {"table_schema", K::Name},
            {"table_name", K::Name},
            {"table_type", K::Varchar}},
           schemaTableRows,
           "information_schema"},
          {"columns",
           'v',
           {{"table_catalog", K::Name},
            {"table_schema", K::Name},
            {"table_name", K::Name},
            {"column_name", K::Name},
            {"ordinal_position", K::Integer},
            {"column_default", K::Varchar},
            {"is_nullable", K::Varchar},
            {"data_type", K::Varchar}},
           schemaColumnRows,
           "information_schema"}};
}

}  // namespace console
