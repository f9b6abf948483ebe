// SPDX-License-Identifier: GPL-3.0-or-later
// How often each page is touched when keys are drawn by a law and lie in order of place, as rows of
// a freshly filled table and leaves of its index do.
#pragma once

#include <vector>

#include "sim/client_load.h"

namespace sim {

// Pages of one access and each one's share of its references; shares sum to 1.
[[nodiscard]] std::vector<PageClass> keyPages(const PageAccess& access);
// All accesses of a demand together, by how often a transaction makes (or changes) each.
[[nodiscard]] std::vector<PageClass> pageClasses(const ScriptDemand& demand, bool changed);

}  // namespace sim
