// SPDX-License-Identifier: GPL-3.0-or-later
// The system views of the simulated server as rows of values, made from the world on demand.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "console/shell.h"

namespace console {

enum class SqlType : std::uint8_t { Text, Integer, Real, Boolean, Timestamp };
struct SqlColumn {
  std::string_view name;
  SqlType type;
};
// Null, text, integer or real; Booleans are integers 0 and 1.
using SqlValue = std::variant<std::monostate, std::string, std::int64_t, double>;
using SqlRow = std::vector<SqlValue>;

struct VirtualTable {
  std::string_view name;
  std::vector<SqlColumn> columns;
  std::vector<SqlRow> (*rows)(const sim::World& world, const PsqlSession& session);
};
[[nodiscard]] const std::vector<VirtualTable>& virtualTables();
[[nodiscard]] const VirtualTable* findVirtualTable(std::string_view name);

// "2024-05-07 10:45:00.123+00"
[[nodiscard]] std::string timestampText(std::int64_t unixMs);
// The value of a setting in this session: canonical, and as SHOW prints it. Empty name: unknown.
struct SettingReading {
  bool known = false;
  std::string canonical, shown, source;
};
[[nodiscard]] SettingReading readSetting(const sim::World& world, const PsqlSession& session,
                                         std::string_view name);

}  // namespace console
