// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a plan as a model: rows, time, buffers, memory and temporary files of every node, and the
// limits that end it early.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "console/sql/plan/evaluate.h"
#include "console/sql/plan/plan_costs.h"
#include "console/sql/plan/plan_node.h"

namespace console {

// A temporary file as the server logs it when it is closed.
struct TemporaryFile {
  std::string name;  // "pgsql_tmp4190.0", below base/pgsql_tmp
  std::int64_t bytes = 0;
  std::uint32_t pid = 0;
  bool withStatement = true;  // false: closed while the statement was given up
};

struct RunEnvironment {
  PlanSettings settings;
  std::int64_t bufferPages = 16384;     // of the pool
  double hitRatio = 1;                  // of pages the pool cannot be sure to hold
  double pageReadMs = 0.02;             // a page that was not in the pool
  std::int64_t addressSpaceLeft = -1;   // bytes the backend may still map; -1: no limit
  std::int64_t temporarySpace = -1;     // bytes free where temporary files lie; -1: plenty
  std::int64_t sharedMemorySpace = -1;  // bytes free in /dev/shm
  bool compilerLoaded = false;          // and mapped, by an earlier statement
  std::uint32_t pid = 0, firstWorkerPid = 0;
  std::int64_t nextFile = 0;  // number of the session's next temporary file
  std::uint64_t seed = 1;
};

struct PlanRun {
  std::optional<SqlFailure> failure;
  std::vector<TemporaryFile> files;  // in the order they are closed
  std::int64_t filesMade = 0;        // of the session's own process
  std::int64_t peakBytes = 0;        // private memory above the idle backend's
  double milliseconds = 0;
  int workers = 0;
  bool compiled = false;  // by the just-in-time compiler
  // What the memory contexts of the statement held when memory ran out, below ExecutorState.
  std::vector<std::string> contexts;
  std::int64_t nodes = 0;  // of the plan; 0: an index was built
  bool compares = false;   // it sorts, hashes or groups
  std::string index;       // that index
  std::size_t indexColumns = 0;
  // Background workers that were told to stop because of the failure.
  std::vector<std::uint32_t> stopped;
};
// Fills in the nodes' runs.
[[nodiscard]] PlanRun runPlan(PlanNode& root, const RunEnvironment& environment);
// The sort of a CREATE INDEX, under maintenance_work_mem.
[[nodiscard]] PlanRun runIndexBuild(const sim::Relation& relation, const sim::RelationIndex& index,
                                    const RunEnvironment& environment);

}  // namespace console
