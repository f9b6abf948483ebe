// SPDX-License-Identifier: GPL-3.0-or-later
// Functions of the catalogue: sizes and names of relations and databases, comments, definitions.
#include "console/sql/catalogue.h"
#include "console/sql/query/functions.h"

namespace console::query {
namespace {

std::optional<CatalogueRelation> relationOf(const CallSite& site, const Datum& name) {
  return relationByName(site.runtime.world(), site.runtime.session(), name.text());
}

template <bool kHeap, bool kMaps, bool kIndexes>
Datum relationSize(const CallSite& site, Arguments a) {
  const auto relation = relationOf(site, a[0]);
  if (!relation) return {};
  const RelationSizes sizes = sizesOf(*relation);
  return (kHeap ? sizes.heap : 0) + (kMaps ? sizes.maps : 0) + (kIndexes ? sizes.indexes : 0);
}

Datum databaseSizeOf(const CallSite& site, const CatalogueDatabase* found,
                     const std::string& wanted) {
  if (found == nullptr) {
    return site.runtime.fail("3D000", "database \"" + wanted + "\" does not exist");
  }
  return found->bytes;
}
Datum databaseSize(const CallSite& site, Arguments a) {
  for (const CatalogueDatabase& one : catalogueDatabases(site.runtime.world())) {
    if (one.name == a[0].text()) return databaseSizeOf(site, &one, a[0].text());
  }
  return databaseSizeOf(site, nullptr, a[0].text());
}
Datum databaseSizeByOid(const CallSite& site, Arguments a) {
  for (const CatalogueDatabase& one : catalogueDatabases(site.runtime.world())) {
    if (one.oid == a[0].whole()) return one.bytes;
  }
  return {};
}
Datum tablespaceSize(const CallSite& site, Arguments) {
  std::int64_t sum = 0;
  for (const CatalogueDatabase& one : catalogueDatabases(site.runtime.world())) sum += one.bytes;
  return sum;
}

Datum roleName(const CallSite& site, Arguments a) {
  for (const sim::Role& role : site.runtime.world().postgres().roles) {
    if (roleOid(site.runtime.world(), role.name) == a[0].whole()) return role.name;
  }
  return "unknown (OID=" + std::to_string(a[0].whole()) + ")";
}
Datum indexText(const CallSite& site, Arguments a) {
  const auto relation = relationByOid(site.runtime.world(), site.runtime.session(), a[0].whole());
  return relation && relation->kind == 'i' ? Datum(indexDefinition(*relation)) : Datum();
}
Datum nothing(const CallSite&, Arguments) {
  return {};
}
Datum visible(const CallSite&, Arguments) {
  return true;
}
Datum encodingName(const CallSite&, Arguments a) {
  return a[0].whole() == 6 ? "UTF8" : a[0].whole() == 0 ? "SQL_ASCII" : "";
}
Datum filePath(const CallSite& site, Arguments a) {
  const auto relation = relationOf(site, a[0]);
  if (!relation) return {};
  return "base/" + std::to_string(kDatabaseOid) + "/" + std::to_string(relation->oid);
}
Datum relationNamed(const CallSite& site, Arguments a) {
  const auto relation = relationByName(site.runtime.world(), site.runtime.session(), a[0].text());
  return relation ? Datum(relation->name) : Datum();
}
// Types that pg_attribute.atttypid names.
Datum formatType(const CallSite&, Arguments a) {
  constexpr std::pair<std::int64_t, TypeKind> kTypes[] = {
      {16, TypeKind::Boolean},     {18, TypeKind::InternalChar},  {19, TypeKind::Name},
      {20, TypeKind::BigInt},      {21, TypeKind::SmallInt},      {23, TypeKind::Integer},
      {25, TypeKind::Text},        {26, TypeKind::Oid},           {701, TypeKind::Double},
      {1114, TypeKind::Timestamp}, {1184, TypeKind::Timestamptz}, {1186, TypeKind::Interval},
      {1700, TypeKind::Numeric},   {1043, TypeKind::Varchar}};
  for (const auto& [oid, kind] : kTypes) {
    if (oid == a[0].whole()) return typeName(kind);
  }
  return "???";
}

constexpr FunctionLine kLines[] = {
    {"pg_relation_size", "regclass<, text> -> bigint", relationSize<true, false, false>},
    {"pg_table_size", "regclass -> bigint", relationSize<true, true, false>},
    {"pg_indexes_size", "regclass -> bigint", relationSize<false, false, true>},
    {"pg_total_relation_size", "regclass -> bigint", relationSize<true, true, true>},
    {"pg_database_size", "name -> bigint", databaseSize},
    {"pg_database_size", "oid -> bigint", databaseSizeByOid},
    {"pg_tablespace_size", "name -> bigint", tablespaceSize},
    {"pg_get_userbyid", "oid -> name", roleName},
    {"pg_get_indexdef", "oid -> text", indexText},
    {"pg_get_expr", "text, oid -> text", nothing},
    {"obj_description", "oid<, name> -> text", nothing},
    {"shobj_description", "oid, name -> text", nothing},
    {"col_description", "oid, integer -> text", nothing},
    {"pg_table_is_visible", "oid -> boolean", visible},
    {"pg_encoding_to_char", "integer -> name", encodingName},
    {"pg_relation_filepath", "regclass -> text", filePath},
    {"to_regclass", "text -> regclass", relationNamed},
    {"format_type", "?oid, integer -> text", formatType}};

}  // namespace

std::span<const FunctionLine> catalogueFunctions() {
  return kLines;
}

}  // namespace console::query
