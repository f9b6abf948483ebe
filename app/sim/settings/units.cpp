// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/settings/units.h"

namespace sim::settings {
namespace {

constexpr double kKilo = 1024.0;

// Each factor is exact or the nearest double of one division, as the server computes it.
UnitTable memoryUnits(double bytesPerUnit) {
  const auto factor = [&](double bytes) { return bytes / bytesPerUnit; };
  UnitTable table;
  table.memory = true;
  table.units = {Unit{"TB", factor(kKilo * kKilo * kKilo * kKilo)},
                 Unit{"GB", factor(kKilo * kKilo * kKilo)},
                 Unit{"MB", factor(kKilo * kKilo)},
                 Unit{"kB", factor(kKilo)},
                 Unit{"B", factor(1.0)},
                 Unit{}};
  table.count = 5;
  return table;
}

UnitTable timeUnits(double unitMilliseconds) {
  UnitTable table;
  const double perMs = unitMilliseconds;
  table.units = {Unit{"d", 86400000.0 / perMs}, Unit{"h", 3600000.0 / perMs},
                 Unit{"min", 60000.0 / perMs},  Unit{"s", 1000.0 / perMs},
                 Unit{"ms", 1.0 / perMs},       Unit{"us", 1.0 / (1000.0 * perMs)}};
  table.count = 6;
  return table;
}

}  // namespace

UnitTable unitsFor(std::string_view setting) {
  if (setting == "B") return memoryUnits(1.0);
  if (setting == "kB") return memoryUnits(kKilo);
  if (setting == "8kB") return memoryUnits(8.0 * kKilo);
  if (setting == "MB") return memoryUnits(kKilo * kKilo);
  if (setting == "ms") return timeUnits(1.0);
  if (setting == "s") return timeUnits(1000.0);
  if (setting == "min") return timeUnits(60000.0);
  return {};
}

}  // namespace sim::settings
