// SPDX-License-Identifier: GPL-3.0-or-later
// Views of what the server has counted of tables and indexes. Scans follow from the statements the
// website sent so far, blocks from the database's own counters.
#include <algorithm>

#include "console/sql/catalogue.h"

namespace console {
namespace {

using K = TypeKind;

// What the workload did to a table.
struct TableUse {
  double scans = 0, pages = 0, inserted = 0, updated = 0, deleted = 0;
};

TableUse useOf(const TableContext& context, const std::string& table) {
  TableUse use;
  for (const sim::QueryClass& one : context.world().spec().workload.classes) {
    if (one.statement.find(table) == std::string::npos) continue;
    const double calls = context.server().commits * one.share;
    use.pages += calls * one.pages;
    if (one.statement.starts_with("INSERT")) {
      use.inserted += calls;
    } else if (one.statement.starts_with("UPDATE")) {
      use.updated += calls;
      use.scans += calls;
    } else if (one.statement.starts_with("DELETE")) {
      use.deleted += calls;
      use.scans += calls;
    } else {
      use.scans += calls;
    }
  }
  return use;
}

std::vector<CatalogueRelation> userRelations(const TableContext& context, char kind) {
  std::vector<CatalogueRelation> all = catalogueRelations(context.world(), context.session, false);
  std::erase_if(all, [&](const CatalogueRelation& one) { return one.kind != kind; });
  return all;
}

double allPages(const TableContext& context) {
  double pages = 0;
  for (const CatalogueRelation& one : userRelations(context, 'r')) {
    pages += useOf(context, one.name).pages;
  }
  return pages;
}

std::vector<Row> tableRows(const TableContext& context) {
  std::vector<Row> rows;
  // MODEL: autovacuum was last at work in the night before.
  const Datum night = context.us(-4 * 3'600'000);
  for (const CatalogueRelation& one : userRelations(context, 'r')) {
    const TableUse use = useOf(context, one.name);
    const auto live = one.relation != nullptr ? one.relation->rows : std::int64_t{0};
    const auto dead = one.relation != nullptr ? one.relation->dead : std::int64_t{0};
    const double changed = use.inserted + use.updated + use.deleted;
    const bool workload = use.pages > 0;
    rows.push_back({one.oid,
                    one.schema,
                    one.name,
                    std::int64_t{0},
                    std::int64_t{0},
                    wholeOf(use.scans),
                    wholeOf(use.scans),
                    wholeOf(use.inserted),
                    wholeOf(use.updated),
                    wholeOf(use.deleted),
                    wholeOf(use.updated * 0.6),
                    live,
                    dead + static_cast<std::int64_t>(use.updated * 0.4),
                    wholeOf(changed),
                    wholeOf(use.inserted),
                    Datum(),
                    workload ? night : Datum(),
                    Datum(),
                    workload ? night : Datum(),
                    std::int64_t{0},
                    std::int64_t{workload ? 1 : 0},
                    std::int64_t{0},
                    std::int64_t{workload ? 1 : 0}});
  }
  return rows;
}

std::vector<Row> indexRows(const TableContext& context) {
  std::vector<Row> rows;
  for (const CatalogueRelation& one : userRelations(context, 'i')) {
    const TableUse use = useOf(context, one.relation->name);
    const auto count = static_cast<double>(one.relation->indexes.size());
    rows.push_back({one.tableOid, one.oid, one.schema, one.relation->name, one.name,
                    wholeOf(use.scans / count), wholeOf(use.scans / count),
                    wholeOf(use.scans / count)});
  }
  return rows;
}

// A quarter of the blocks a statement touches are its indexes'. MODEL.
constexpr double kIndexShare = 0.25;

std::vector<Row> tableBlockRows(const TableContext& context) {
  std::vector<Row> rows;
  const double all = allPages(context);
  const sim::Postgres& server = context.server();
  for (const CatalogueRelation& one : userRelations(context, 'r')) {
    const double share = all > 0 ? useOf(context, one.name).pages / all : 0;
    const double read = server.blocksRead * share, hit = server.blocksHit * share;
    rows.push_back({one.oid, one.schema, one.name, wholeOf(read * (1 - kIndexShare)),
                    wholeOf(hit * (1 - kIndexShare)), wholeOf(read * kIndexShare),
                    wholeOf(hit * kIndexShare), Datum(), Datum(), Datum(), Datum()});
  }
  return rows;
}

std::vector<Row> indexBlockRows(const TableContext& context) {
  std::vector<Row> rows;
  const double all = allPages(context);
  const sim::Postgres& server = context.server();
  for (const CatalogueRelation& one : userRelations(context, 'i')) {
    const auto count = static_cast<double>(one.relation->indexes.size());
    const double share =
        all > 0 ? useOf(context, one.relation->name).pages / all * kIndexShare / count : 0;
    rows.push_back({one.tableOid, one.oid, one.schema, one.relation->name, one.name,
                    wholeOf(server.blocksRead * share), wholeOf(server.blocksHit * share)});
  }
  return rows;
}

std::vector<TableColumn> tableColumns() {
  return {{"relid", K::Oid},
          {"schemaname", K::Name},
          {"relname", K::Name},
          {"seq_scan", K::BigInt},
          {"seq_tup_read", K::BigInt},
          {"idx_scan", K::BigInt},
          {"idx_tup_fetch", K::BigInt},
          {"n_tup_ins", K::BigInt},
          {"n_tup_upd", K::BigInt},
          {"n_tup_del", K::BigInt},
          {"n_tup_hot_upd", K::BigInt},
          {"n_live_tup", K::BigInt},
          {"n_dead_tup", K::BigInt},
          {"n_mod_since_analyze", K::BigInt},
          {"n_ins_since_vacuum", K::BigInt},
          {"last_vacuum", K::Timestamptz},
          {"last_autovacuum", K::Timestamptz},
          {"last_analyze", K::Timestamptz},
          {"last_autoanalyze", K::Timestamptz},
          {"vacuum_count", K::BigInt},
          {"autovacuum_count", K::BigInt},
          {"analyze_count", K::BigInt},
          {"autoanalyze_count", K::BigInt}};
}

std::vector<TableColumn> indexColumns() {
  return {{"relid", K::Oid},           {"indexrelid", K::Oid},      {"schemaname", K::Name},
          {"relname", K::Name},        {"indexrelname", K::Name},   {"idx_scan", K::BigInt},
          {"idx_tup_read", K::BigInt}, {"idx_tup_fetch", K::BigInt}};
}

std::vector<TableColumn> tableBlockColumns() {
  return {{"relid", K::Oid},
          {"schemaname", K::Name},
          {"relname", K::Name},
          {"heap_blks_read", K::BigInt},
          {"heap_blks_hit", K::BigInt},
          {"idx_blks_read", K::BigInt},
          {"idx_blks_hit", K::BigInt},
          {"toast_blks_read", K::BigInt},
          {"toast_blks_hit", K::BigInt},
          {"tidx_blks_read", K::BigInt},
          {"tidx_blks_hit", K::BigInt}};
}

std::vector<TableColumn> indexBlockColumns() {
  return {{"relid", K::Oid},          {"indexrelid", K::Oid},    {"schemaname", K::Name},
          {"relname", K::Name},       {"indexrelname", K::Name}, {"idx_blks_read", K::BigInt},
          {"idx_blks_hit", K::BigInt}};
}

}  // namespace

std::vector<VirtualTable> tableStatisticsViews() {
  return {{"pg_stat_user_tables", 'v', tableColumns(), tableRows},
          {"pg_stat_all_tables", 'v', tableColumns(), tableRows},
          {"pg_stat_user_indexes", 'v', indexColumns(), indexRows},
          {"pg_stat_all_indexes", 'v', indexColumns(), indexRows},
          {"pg_statio_user_tables", 'v', tableBlockColumns(), tableBlockRows},
          {"pg_statio_user_indexes", 'v', indexBlockColumns(), indexBlockRows}};
}

}  // namespace console
