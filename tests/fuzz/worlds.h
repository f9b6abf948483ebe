// SPDX-License-Identifier: GPL-3.0-or-later
// Servers to start cases from, made once: laboratories under each load, the outage at several
// moments. Cases work on copies.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "drill/lab.h"
#include "drill/run.h"
#include "terminal_lines.h"

namespace fuzz {

[[nodiscard]] std::shared_ptr<const sim::SettingCatalogue> catalogue();
[[nodiscard]] std::shared_ptr<const scenario::Scenario> seedScenario();
[[nodiscard]] std::string contentOf(const std::string& path);
[[nodiscard]] std::vector<drill::Lab> laboratories();
// The seed scenario in practice: before the alert, in the thick of it, while the server recovers,
// and at the end of the history.
[[nodiscard]] std::vector<drill::Run> momentsOfTheOutage();
// What there is to name on the terminal of a laboratory.
[[nodiscard]] Surroundings surroundings(const drill::Lab& lab);
// Bytes of memory, requests and connections add up; empty when they do.
[[nodiscard]] std::string imbalance(const sim::World& world);

}  // namespace fuzz
