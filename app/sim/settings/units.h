// SPDX-License-Identifier: GPL-3.0-or-later
// The units PostgreSQL 15 knows for memory and time and what they are worth in the unit of a
// setting. Nothing about numbers as text.
#pragma once

#include <array>
#include <string_view>

namespace sim::settings {

struct Unit {
  std::string_view name;
  double factor = 1;  // how many units of the setting one of these is
};

// Units usable for one unit of a setting, largest first.
struct UnitTable {
  std::array<Unit, 6> units;
  std::size_t count = 0;
  bool memory = false;
};

// setting: "B", "kB", "8kB", "MB", "ms", "s" or "min"; any other has an empty table.
[[nodiscard]] UnitTable unitsFor(std::string_view setting);

}  // namespace sim::settings
