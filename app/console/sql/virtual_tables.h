// SPDX-License-Identifier: GPL-3.0-or-later
// The system catalogue and the statistics views of the simulated server as rows of values, made
// from the world on demand. Names, order and types of columns are PostgreSQL 15's. Each family of
// views lives in a file of its own under views/ and hands in its table.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "console/shell.h"
#include "console/sql/query/datum.h"

namespace console {

struct TableColumn {
  std::string_view name;
  DataType type;
};

struct TableContext {
  const Machine& machine;
  const PsqlSession& session;
  [[nodiscard]] const sim::World& world() const { return machine.world; }
  [[nodiscard]] const sim::Postgres& server() const { return machine.world.postgres(); }
  [[nodiscard]] bool superuser() const;
  // A superuser, or a member of a predefined role: pg_read_all_stats.
  [[nodiscard]] bool actsAs(const std::string& group) const;
  // Microseconds since 1970 of a simulated time.
  [[nodiscard]] std::int64_t us(std::int64_t simulatedMs) const;
};

// Whether a role may read a view of the system's: some are their owner's until granted.
[[nodiscard]] bool mayRead(const sim::World& world, const std::string& role, std::string_view view);

struct VirtualTable {
  std::string_view name;
  char kind = 'v';  // as pg_class.relkind: r table, v view
  std::vector<TableColumn> columns;
  std::vector<Row> (*rows)(const TableContext& context);
  std::string_view schema = "pg_catalog";
};
[[nodiscard]] const std::vector<VirtualTable>& virtualTables();
// schema empty: on the search path.
[[nodiscard]] const VirtualTable* findVirtualTable(std::string_view name,
                                                   std::string_view schema = {});

// A function without arguments whose rows have columns: pg_ls_waldir(). Null: there is none.
[[nodiscard]] const VirtualTable* findTableFunction(std::string_view name);

// Why a view that is there cannot be read now: "pg_stat_statements must be loaded ..."; or empty.
[[nodiscard]] std::string unavailable(const TableContext& context, std::string_view name);

[[nodiscard]] std::vector<VirtualTable> settingsViews();
[[nodiscard]] std::vector<VirtualTable> authenticationViews();
[[nodiscard]] std::vector<VirtualTable> activityViews();
[[nodiscard]] std::vector<VirtualTable> statisticsViews();
[[nodiscard]] std::vector<VirtualTable> tableStatisticsViews();
[[nodiscard]] std::vector<VirtualTable> catalogueViews();
[[nodiscard]] std::vector<VirtualTable> clusterViews();
[[nodiscard]] std::vector<VirtualTable> schemaViews();
[[nodiscard]] std::vector<VirtualTable> sessionViews();

// A text, or NULL when it is empty.
[[nodiscard]] Datum optionalText(const std::string& text);
[[nodiscard]] inline Datum wholeOf(double value) {
  return static_cast<std::int64_t>(value);
}

// The value of a setting in this session: canonical, and as SHOW prints it. Not known: no such
// setting.
struct SettingReading {
  bool known = false;
  std::string canonical, shown, source;
};
[[nodiscard]] SettingReading readSetting(const sim::World& world, const PsqlSession& session,
                                         std::string_view name);

}  // namespace console
