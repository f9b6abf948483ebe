// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "base/text.h"
#include "sim/settings/settings.h"

namespace sim {
namespace {

// Names of long ago that the server still understands.
std::string_view currentName(std::string_view name) {
  if (base::equalsIgnoreCase(name, "sort_mem")) return "work_mem";
  if (base::equalsIgnoreCase(name, "vacuum_mem")) return "maintenance_work_mem";
  return name;
}

}  // namespace

SettingCatalogue::SettingCatalogue(std::vector<SettingDefinition> definitions)
    : m_definitions(std::move(definitions)) {
  std::sort(m_definitions.begin(), m_definitions.end(),
            [](const auto& a, const auto& b) { return base::lower(a.name) < base::lower(b.name); });
}

const SettingDefinition* SettingCatalogue::find(std::string_view name) const {
  const std::string wanted = base::lower(currentName(name));
  const auto place = std::lower_bound(
      m_definitions.begin(), m_definitions.end(), wanted,
      [](const SettingDefinition& a, const std::string& b) { return base::lower(a.name) < b; });
  if (place == m_definitions.end() || base::lower(place->name) != wanted) return nullptr;
  return &*place;
}

}  // namespace sim
