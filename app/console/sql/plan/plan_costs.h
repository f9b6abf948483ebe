// SPDX-License-Identifier: GPL-3.0-or-later
// The planner's cost formulas (costsize.c of PostgreSQL 15) with the session's settings.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "console/sql/plan/plan_node.h"

namespace console {

struct PlanSettings {
  double seqPage = 1, randomPage = 4, tuple = 0.01, indexTuple = 0.005, op = 0.0025;
  double parallelSetup = 1000, parallelTuple = 0.1;
  double effectiveCachePages = 524288;
  std::int64_t workMemBytes = 4 << 20, maintenanceWorkMemBytes = 64 << 20;
  double hashMemMultiplier = 2;
  int workersPerGather = 2, parallelWorkers = 8, workerProcesses = 8;
  std::int64_t minParallelTablePages = 1024, minParallelIndexPages = 64;
  bool seqscan = true, indexscan = true, indexonlyscan = true, sort = true, hashagg = true,
       hashjoin = true, mergejoin = true, nestloop = true, material = true, parallelHash = true,
       gathermerge = true, leader = true, jit = true;
  double jitAboveCost = 100000;
  std::int64_t tempFileLimitKb = -1;
  std::int64_t maxStackBytes = 2 << 20;
  std::int64_t statementTimeoutMs = 0;

  [[nodiscard]] std::int64_t hashMemoryBytes() const {
    return static_cast<std::int64_t>(
        std::min(static_cast<double>(workMemBytes) * hashMemMultiplier, 2e15));
  }
};
// setting: the canonical value of a setting in the session.
[[nodiscard]] PlanSettings readPlanSettings(
    const std::function<std::string(std::string_view)>& setting);

// A plan type that was switched off costs this much more (disable_cost).
constexpr double kDisableCost = 1.0e10;

void costSeqScan(const PlanSettings& s, PlanNode& node, double tuples, int conditions);
void costIndexScan(const PlanSettings& s, PlanNode& node, double tuples, double selectivity,
                   double correlation, int conditions);
void costSort(const PlanSettings& s, PlanNode& node);
void costAggregate(const PlanSettings& s, PlanNode& node, int groupColumns, int aggregates);
void costHashJoin(const PlanSettings& s, PlanNode& node, const sim::HashTableSize& size,
                  double innerDistinct);
void costMergeJoin(const PlanSettings& s, PlanNode& node);
void costNestedLoop(const PlanSettings& s, PlanNode& node, double innerRescan, int conditions);
void costGather(const PlanSettings& s, PlanNode& node);
void costLimit(PlanNode& node);
void costMaterialize(const PlanSettings& s, PlanNode& node);
// Workers for a scan of so many pages.
[[nodiscard]] int parallelWorkers(const PlanSettings& s, std::int64_t pages);
[[nodiscard]] double parallelDivisor(const PlanSettings& s, int workers);

}  // namespace console
