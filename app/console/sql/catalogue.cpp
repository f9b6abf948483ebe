// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/catalogue.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "console/sql/tables/workload_tables.h"
#include "console/sql/tokens.h"

namespace console {
namespace {

constexpr std::int64_t kFirstWorkloadOid = 24'576, kOidStep = 16;
constexpr std::int64_t kFirstViewOid = 12'000;

// Numbers that PostgreSQL gives its own tables; views get the next free ones.
std::int64_t systemOid(std::string_view name, std::size_t place) {
  constexpr std::pair<std::string_view, std::int64_t> kFixed[] = {
      {"pg_class", 1259},      {"pg_attribute", 1249},
      {"pg_database", 1262},   {"pg_namespace", 2615},
      {"pg_index", 2610},      {"pg_extension", 3079},
      {"pg_authid", 1260},     {"pg_db_role_setting", 2964},
      {"pg_tablespace", 1213}, {"pg_proc", 1255},
      {"pg_type", 1247}};
  for (const auto& [known, oid] : kFixed) {
    if (known == name) return oid;
  }
  return kFirstViewOid + static_cast<std::int64_t>(place) * 4;
}

void addTable(std::vector<CatalogueRelation>& all, const sim::Relation& table, std::int64_t oid,
              const std::string& owner) {
  CatalogueRelation one;
  one.oid = oid;
  one.name = table.name;
  one.owner = owner;
  one.pages = table.pages;
  one.tuples = table.analyzed ? static_cast<double>(table.rows) : -1;
  one.temporary = table.temporary();
  if (one.temporary) one.schema = "pg_temp_3";
  one.relation = &table;
  all.push_back(one);
  std::int64_t number = 0;
  for (const sim::RelationIndex& index : table.indexes) {
    CatalogueRelation made = one;
    made.oid =
        oid + (oid >= kFirstWorkloadOid && oid < kFirstWorkloadOid * 2 ? 1 : 100'000) + number++;
    made.kind = 'i';
    made.name = index.name;
    made.pages = index.pages;
    made.tuples = static_cast<double>(table.rows);
    made.index = &index;
    made.tableOid = oid;
    all.push_back(std::move(made));
  }
}

}  // namespace

std::vector<std::string> shopTables(const sim::WorldSpec& spec) {
  std::set<std::string> names;
  for (const sim::QueryClass& one : spec.workload.classes) {
    const TokenList list = scanSql(one.statement);
    for (std::size_t i = 0; i + 1 < list.tokens.size(); ++i) {
      const SqlToken& t = list.tokens[i];
      const bool names_follow = t.is("from") || t.is("join") || t.is("into") || t.is("update");
      if (names_follow && list.tokens[i + 1].kind == TokenKind::Word)
        names.insert(list.tokens[i + 1].text);
    }
  }
  return {names.begin(), names.end()};
}

std::vector<CatalogueRelation> catalogueRelations(const sim::World& world,
                                                  const PsqlSession& session, bool system) {
  std::vector<CatalogueRelation> all;
  const sim::DatabaseSpec& database = world.spec().database;
  std::int64_t oid = kFirstWorkloadOid;
  if (session.database == database.database) {
    for (const std::string& name : shopTables(world.spec())) {
      const sim::Relation* table = workloadTable(world, session, name);
      if (table != nullptr) addTable(all, *table, oid, database.user);
      oid += kOidStep;
    }
  }
  for (const sim::Relation& table : world.postgres().relations) {
    if (table.database != session.database) continue;
    if (table.temporary() && table.session != session.pid) continue;
    addTable(all, table, table.oid, table.owner.empty() ? "postgres" : table.owner);
  }
  if (system) {
    std::size_t place = 0;
    for (const VirtualTable& view : virtualTables()) {
      CatalogueRelation one;
      one.oid = systemOid(view.name, place++);
      one.schema = view.schema;
      one.name = view.name;
      one.owner = "postgres";
      one.kind = view.kind;
      one.pages = view.kind == 'r' ? 8 : 0;
      one.view = &view;
      all.push_back(std::move(one));
    }
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const CatalogueRelation& a, const CatalogueRelation& b) {
                     return std::tie(a.schema, a.name) < std::tie(b.schema, b.name);
                   });
  return all;
}

std::optional<CatalogueRelation> relationByName(const sim::World& world, const PsqlSession& session,
                                                const std::string& name) {
  for (CatalogueRelation& one : catalogueRelations(world, session, true)) {
    if (one.name == name) return std::move(one);
  }
  return std::nullopt;
}

std::optional<CatalogueRelation> relationByOid(const sim::World& world, const PsqlSession& session,
                                               std::int64_t oid) {
  for (CatalogueRelation& one : catalogueRelations(world, session, true)) {
    if (one.oid == oid) return std::move(one);
  }
  return std::nullopt;
}

RelationSizes sizesOf(const CatalogueRelation& relation) {
  constexpr std::int64_t kPage = 8192;
  RelationSizes sizes;
  sizes.heap = relation.pages * kPage;
  if (relation.kind != 'r' || relation.relation == nullptr) return sizes;
  // Free space map and visibility map: three pages and one, once VACUUM was there.
  sizes.maps = relation.pages > 0 ? 3 * kPage : 0;
  for (const sim::RelationIndex& index : relation.relation->indexes) {
    sizes.indexes += index.pages * kPage;
  }
  return sizes;
}

std::string indexDefinition(const CatalogueRelation& index) {
  if (index.index == nullptr) return {};
  std::string columns;
  for (const std::string& name : index.index->columns) {
    columns += (columns.empty() ? "" : ", ") + name;
  }
  return std::string("CREATE ") + (index.index->unique ? "UNIQUE " : "") + "INDEX " + index.name +
         " ON " + index.schema + "." + index.relation->name + " USING btree (" + columns + ")";
}

std::vector<CatalogueDatabase> catalogueDatabases(const sim::World& world) {
  const sim::DatabaseSpec& database = world.spec().database;
  // Sizes of an empty database of PostgreSQL 15 (pg_database_size).
  constexpr std::int64_t kEmpty = 7'574'319, kTemplate = 7'500'591;
  std::vector<CatalogueDatabase> all = {
      {5, "postgres", "postgres", false, true, kEmpty},
      {kDatabaseOid, database.database, database.user, false, true, database.databaseBytes},
      {1, "template1", "postgres", true, true, kTemplate},
      {4, "template0", "postgres", true, false, kTemplate}};
  for (const sim::Database& one : world.postgres().databases) {
    const bool known = std::any_of(all.begin(), all.end(), [&](const CatalogueDatabase& other) {
      return other.name == one.name;
    });
    if (!known) all.push_back({std::int64_t{one.oid}, one.name, one.owner, false, true, kEmpty});
  }
  return all;
}

std::int64_t databaseOid(const sim::World& world, const std::string& name) {
  for (const CatalogueDatabase& one : catalogueDatabases(world)) {
    if (one.name == name) return one.oid;
  }
  return 5;
}

// Roles have oids in the order of their creation; the first is the cluster's own.
std::int64_t roleOid(const sim::World& world, const std::string& name) {
  const auto& roles = world.postgres().roles;
  for (std::size_t i = 1; i < roles.size(); ++i) {
    if (roles[i].name == name) return 16'383 + static_cast<std::int64_t>(i);
  }
  return 10;
}

}  // namespace console
