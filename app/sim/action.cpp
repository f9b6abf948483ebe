// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/action.h"

#include <array>
#include <cstddef>

namespace sim {
namespace {

constexpr std::size_t kVerbCount = static_cast<std::size_t>(Verb::Count);
constexpr std::array<std::string_view, kVerbCount> kNames = {
    "acknowledge",    "declare",   "page",     "ask",        "status",     "edit-file",
    "alter-system",   "reload",    "restart",  "stop",       "start",      "signal",
    "admit",          "fail-over", "add-swap", "sysctl",     "set-for",    "role",
    "relation",       "execute",   "session",  "checkpoint", "load",       "mount",
    "request-change", "close",     "look",     "command",    "hypothesis", "pin",
    "reject",         "diagnose",  "verify",   "hint",       "take-over",  "alert-rule"};
static_assert(!kNames.back().empty());

}  // namespace

std::string_view verbName(Verb verb) {
  const auto index = static_cast<std::size_t>(verb);
  return index < kVerbCount ? kNames[index] : std::string_view();
}

std::uint32_t verbCode(Verb verb) {
  constexpr std::uint32_t kAddedLater = 100;
  const auto index = static_cast<std::uint32_t>(verb);
  const auto relation = static_cast<std::uint32_t>(Verb::Relation);
  constexpr std::uint32_t kAdded = 6;  // from Relation to Mount
  if (verb >= Verb::Relation && verb <= Verb::Mount) return kAddedLater + (index - relation);
  return index < relation ? index : index - kAdded;
}

std::optional<Verb> verbFrom(std::string_view name) {
  for (std::size_t i = 0; i < kVerbCount; ++i) {
    if (kNames[i] == name) return static_cast<Verb>(i);
  }
  return std::nullopt;
}

std::vector<std::string> verbNames() {
  return {kNames.begin(), kNames.end()};
}

}  // namespace sim
