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

char lowered(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Without a copy: lookups happen at every step of the world.
bool before(std::string_view a, std::string_view b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return static_cast<unsigned char>(lowered(x)) < static_cast<unsigned char>(lowered(y));
  });
}

}  // namespace

SettingCatalogue::SettingCatalogue(std::vector<SettingDefinition> definitions)
    : m_definitions(std::move(definitions)) {
  std::sort(m_definitions.begin(), m_definitions.end(),
            [](const auto& a, const auto& b) { return before(a.name, b.name); });
}

const SettingDefinition* SettingCatalogue::find(std::string_view name) const {
  name = currentName(name);
  const auto place = std::lower_bound(
      m_definitions.begin(), m_definitions.end(), name,
      [](const SettingDefinition& a, std::string_view wanted) { return before(a.name, wanted); });
  if (place == m_definitions.end() || before(name, place->name)) return nullptr;
  return &*place;
}

}  // namespace sim
