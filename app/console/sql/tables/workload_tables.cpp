// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/tables/workload_tables.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "console/sql/catalogue.h"
#include "console/sql/tokens.h"

namespace console {
namespace {

bool endsIn(const std::string& text, std::string_view end) {
  return text.ends_with(end);
}

// MODEL: what a column holds by its name, as shops name them.
sim::RelationColumn columnOf(const std::string& name, double rows) {
  if (name == "id" || endsIn(name, "_id")) return {name, "bigint", 8, rows, 0.1, {}};
  if (endsIn(name, "_at")) return {name, "timestamp with time zone", 8, rows, 0.9, {}};
  if (name == "price" || name == "total" || name == "amount") {
    return {name, "numeric", 6, std::min(rows, 5000.0), 0, {}};
  }
  if (name == "quantity" || name == "popularity" || name == "stock") {
    return {name, "integer", 4, std::min(rows, 1000.0), 0, {}};
  }
  return {name, "text", 48, rows, 0, {}};
}

std::map<std::string, sim::Relation> makeTables(const sim::WorldSpec& spec) {
  std::map<std::string, sim::Relation> tables;
  const std::vector<std::string> names = shopTables(spec);
  if (names.empty()) return tables;
  // The database's bytes are shared out evenly; MODEL: 200 bytes for a row.
  const std::int64_t share = spec.database.databaseBytes / static_cast<std::int64_t>(names.size());
  for (const std::string& name : names) {
    sim::Relation& table = tables[name];
    table.name = name;
    table.database = spec.database.database;
    table.rows = std::max<std::int64_t>(share / 280, 1);
    table.pages = std::max<std::int64_t>(share * 7 / 10 / 8192, 1);
    table.analyzed = table.allVisible = true;
  }
  for (const sim::QueryClass& one : spec.workload.classes) {
    const TokenList list = scanSql(one.statement);
    for (std::size_t i = 0; i < list.tokens.size(); ++i) {
      const SqlToken& t = list.tokens[i];
      if (t.kind != TokenKind::Word || t.text.find('_') == std::string::npos) continue;
      for (auto& [name, table] : tables) {
        const bool used = one.statement.find(name) != std::string::npos;
        if (!used || tables.contains(t.text) || table.column(t.text) != nullptr) continue;
        table.columns.push_back(columnOf(t.text, static_cast<double>(table.rows)));
      }
    }
    for (auto& [name, table] : tables) {
      const bool whole = base::contains(one.statement, "*") && base::contains(one.statement, name);
      if (whole && table.column("description") == nullptr) {
        table.columns.push_back(
            {"description", "text", 120, static_cast<double>(table.rows), 0, {}});
      }
    }
    for (const char* plain : {"name", "price", "popularity", "quantity", "items", "status"}) {
      if (std::none_of(list.tokens.begin(), list.tokens.end(),
                       [&](const SqlToken& t) { return t.is(plain); })) {
        continue;
      }
      for (auto& [name, table] : tables) {
        if (one.statement.find(name) == std::string::npos || table.column(plain) != nullptr)
          continue;
        table.columns.push_back(columnOf(plain, static_cast<double>(table.rows)));
      }
    }
  }
  for (auto& [name, table] : tables) {
    if (table.columns.empty() || table.columns[0].name == "description")
      table.columns.insert(table.columns.begin(), columnOf("id", static_cast<double>(table.rows)));
    const std::string key = table.columns[0].name;
    table.indexes.push_back(
        {name + "_pkey", {key}, std::max<std::int64_t>(table.pages / 10, 2), true});
    for (sim::RelationColumn& column : table.columns) {
      if (column.name == key || !endsIn(column.name, "_id")) continue;
      column.distinct = std::max(1.0, static_cast<double>(table.rows) / 400);
      table.indexes.push_back({name + "_" + column.name + "_idx",
                               {column.name},
                               std::max<std::int64_t>(table.pages / 14, 2),
                               false});
    }
  }
  return tables;
}

}  // namespace

const sim::Relation* workloadTable(const sim::World& world, const PsqlSession& session,
                                   const std::string& name) {
  if (session.database != world.spec().database.database) return nullptr;
  // Made from the spec alone: one scenario's tables are kept until another's are asked for.
  thread_local std::shared_ptr<const sim::Model> model;
  thread_local std::map<std::string, sim::Relation> tables;
  if (model != world.model()) {
    model = world.model();
    tables = makeTables(world.spec());
  }
  const auto found = tables.find(name);
  return found == tables.end() ? nullptr : &found->second;
}

}  // namespace console
