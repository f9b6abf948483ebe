// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <bit>
#include <cstdint>

#include "base/check.h"
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

// FNV-1a of the name in lower case.
std::size_t hashOf(std::string_view name) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char c : name)
    hash = (hash ^ static_cast<unsigned char>(lowered(c))) * 0x100000001B3ULL;
  return static_cast<std::size_t>(hash ^ hash >> 32);
}

bool before(std::string_view a, std::string_view b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return static_cast<unsigned char>(lowered(x)) < static_cast<unsigned char>(lowered(y));
  });
}

}  // namespace

SettingCatalogue::SettingCatalogue(std::vector<SettingDefinition> definitions)
    : m_definitions(std::move(definitions)) {
  BASE_CHECK(m_definitions.size() < UINT16_MAX);
  std::sort(m_definitions.begin(), m_definitions.end(),
            [](const auto& a, const auto& b) { return before(a.name, b.name); });
  m_slots.resize(std::bit_ceil(2 * m_definitions.size() + 2));
  for (std::size_t i = 0; i < m_definitions.size(); ++i) {
    std::size_t slot = hashOf(m_definitions[i].name) % m_slots.size();
    while (m_slots[slot] != 0) slot = (slot + 1) % m_slots.size();
    m_slots[slot] = static_cast<std::uint16_t>(i + 1);
  }
}

const SettingDefinition* SettingCatalogue::find(std::string_view name) const {
  name = currentName(name);
  std::size_t slot = hashOf(name) % m_slots.size();
  for (; m_slots[slot] != 0; slot = (slot + 1) % m_slots.size()) {
    const SettingDefinition& one = m_definitions[m_slots[slot] - 1U];
    if (base::equalsIgnoreCase(one.name, name)) return &one;
  }
  return nullptr;
}

}  // namespace sim
