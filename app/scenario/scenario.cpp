// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenario/scenario.h"

namespace scenario {

const ActionList* Scenario::list(const std::string& name) const {
  for (const ActionList& candidate : lists) {
    if (candidate.name == name) return &candidate;
  }
  return nullptr;
}

}  // namespace scenario
