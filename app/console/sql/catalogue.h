// SPDX-License-Identifier: GPL-3.0-or-later
// The relations of a database as pg_class knows them: user tables and their indexes, the tables the
// website's queries name, and the system views. What \d lists and ::regclass finds.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "console/sql/result_table.h"
#include "console/sql/virtual_tables.h"
#include "sim/relation.h"
#include "sim/world_spec.h"

namespace console {

constexpr std::int64_t kDatabaseOid = 16'386;  // of the website's database
constexpr std::int64_t kUserOid = 16'384;      // of the website's role
constexpr std::int64_t kPublicOid = 2200, kCatalogueOid = 11;

struct CatalogueRelation {
  std::int64_t oid = 0;
  std::string schema = "public", name, owner;
  char kind = 'r';  // r table, i index, v view
  std::int64_t pages = 0;
  double tuples = 0;
  bool temporary = false;
  const sim::Relation* relation = nullptr;  // of an index: its table
  const sim::RelationIndex* index = nullptr;
  const VirtualTable* view = nullptr;
  std::int64_t tableOid = 0;  // of an index
};
// Without the system's when system is false; by schema and name.
[[nodiscard]] std::vector<CatalogueRelation> catalogueRelations(const sim::World& world,
                                                                const PsqlSession& session,
                                                                bool system);
[[nodiscard]] std::optional<CatalogueRelation> relationByName(const sim::World& world,
                                                              const PsqlSession& session,
                                                              const std::string& name);
[[nodiscard]] std::optional<CatalogueRelation> relationByOid(const sim::World& world,
                                                             const PsqlSession& session,
                                                             std::int64_t oid);
// Bytes: the heap alone, with its maps, its indexes.
struct RelationSizes {
  std::int64_t heap = 0, maps = 0, indexes = 0;
};
[[nodiscard]] RelationSizes sizesOf(const CatalogueRelation& relation);
// "CREATE UNIQUE INDEX ... ON public.t USING btree (id)".
[[nodiscard]] std::string indexDefinition(const CatalogueRelation& index);

struct CatalogueDatabase {
  std::int64_t oid = 0;
  std::string name, owner;
  bool isTemplate = false, allows = true;
  std::int64_t bytes = 0;
};
[[nodiscard]] std::vector<CatalogueDatabase> catalogueDatabases(const sim::World& world);
[[nodiscard]] std::int64_t databaseOid(const sim::World& world, const std::string& name);
[[nodiscard]] std::int64_t roleOid(const sim::World& world, const std::string& name);

[[nodiscard]] std::vector<std::string> shopTables(const sim::WorldSpec& spec);  // sorted

}  // namespace console
