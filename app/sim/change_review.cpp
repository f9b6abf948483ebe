// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/change_review.h"

#include <algorithm>

#include "base/text.h"
#include "sim/server.h"

namespace sim {
namespace {

constexpr double kGiB = 1024.0 * 1024 * 1024;
constexpr double kBackendBytes = 8.0 * 1024 * 1024;
// MODEL: a budget counts a fifth of the connections as busy with two nodes each (catalogue 3.2).
constexpr double kBusyShare = 0.2;
constexpr double kNodesEach = 2;

std::string gib(double bytes) {
  return base::fixedText(bytes / kGiB, 1) + " GiB";
}

// The running settings with one value replaced, as after the restart that the change needs.
RunningValues valuesWith(const Postgres& server, const HostSpec& host, const std::string& setting,
                         const std::string& value) {
  ServerSettings trial = server.settings;
  std::vector<std::pair<std::string, std::string>> options = server.startOptions;
  options.emplace_back(setting, value);
  (void)trial.start(server.files, options);
  return runningValues(trial, host);
}

}  // namespace

MemoryBudget budgetOf(const Model& model, const RunningValues& values) {
  const WorldSpec& spec = model.spec;
  const double connections =
      std::min<double>(values.maxConnections - values.reservedConnections,
                       static_cast<double>(spec.website.hostsMaximum) * spec.website.poolPerHost);
  MemoryBudget budget;
  budget.ramBytes = static_cast<double>(spec.host.ramBytes);
  budget.sharedBytes = static_cast<double>(values.sharedMemoryBytes);
  budget.pageTableBytes = values.hugePages ? 0 : connections * budget.sharedBytes * 8 / 4096;
  budget.backendBytes = connections * kBackendBytes;
  budget.sortBytes =
      connections * kBusyShare * kNodesEach * static_cast<double>(values.workMemBytes);
  budget.maintenanceBytes = static_cast<double>(
      std::min<std::int64_t>(values.maintenanceWorkMemBytes, static_cast<std::int64_t>(kGiB)));
  budget.kernelBytes = static_cast<double>(spec.host.kernelBytes);
  budget.sharedBuffersShare = static_cast<double>(values.sharedBuffersBytes) / budget.ramBytes;
  return budget;
}

Band bandOf(const MemoryBudget& budget, const SafetySpec& safety) {
  const double pool = budget.sharedBuffersShare;
  if (pool > safety.sharedBuffersHigh || pool < safety.sharedBuffersLow / 2 ||
      budget.share() > safety.budgetAmber) {
    return Band::Red;
  }
  const bool green = pool >= safety.sharedBuffersGreenLow &&
                     pool <= safety.sharedBuffersGreenHigh && budget.share() <= safety.budgetGreen;
  return green ? Band::Green : Band::Amber;
}

ReviewVerdict reviewChange(const Model& model, const Postgres& server, const std::string& setting,
                           const std::string& value, const std::string& impact,
                           const std::string& rollback) {
  if (base::trim(impact).size() < 10) {
    return {false,
            "Please say what the change does to the service: which settings, restart or reload, "
            "who notices."};
  }
  if (base::trim(rollback).size() < 10) {
    return {false, "There is no rollback plan. How do we get back, and how long does it take?"};
  }
  if (const auto refusal = server.settings.checkAlterSystem(setting, value)) {
    return {false, "The server would refuse it: " + refusal->text};
  }
  const MemoryBudget budget = budgetOf(model, valuesWith(server, model.spec.host, setting, value));
  const std::string sum = "With " + setting + " = " + value + " the budget at full load is " +
                          gib(budget.total()) + " of " + gib(budget.ramBytes) + " (shared memory " +
                          gib(budget.sharedBytes) + ", page tables " + gib(budget.pageTableBytes) +
                          ", backends " + gib(budget.backendBytes) + ", sorts " +
                          gib(budget.sortBytes) + "). ";
  switch (bandOf(budget, model.spec.safety)) {
    case Band::Green:
      return {true, sum + "Approved."};
    case Band::Amber:
      return {true,
              sum + "Approved, but it is outside what we usually run: watch it at the next peak."};
    case Band::Red:
      break;
  }
  return {false, sum + "Not approved: that does not fit this host."};
}

}  // namespace sim
