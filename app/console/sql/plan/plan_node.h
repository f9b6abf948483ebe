// SPDX-License-Identifier: GPL-3.0-or-later
// A plan as PostgreSQL's EXPLAIN shows it: nodes with what the planner reckons and, once run, what
// really came.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "console/sql/plan/syntax.h"
#include "sim/execution/hash_aggregate.h"
#include "sim/execution/hash_join.h"
#include "sim/execution/tuplesort.h"
#include "sim/relation.h"

namespace console {

enum class PlanKind : std::uint8_t {
  Result,
  SeqScan,
  IndexScan,
  IndexOnlyScan,
  FunctionScan,
  ValuesScan,
  SubqueryScan,
  ProjectSet,
  Append,
  Sort,
  Limit,
  Unique,
  Aggregate,
  GroupAggregate,
  HashAggregate,
  Hash,
  HashJoin,
  MergeJoin,
  NestedLoop,
  Materialize,
  Gather,
  GatherMerge,
  Update,
  Delete,
};

enum class AggregateStage : std::uint8_t { Whole, Partial, Finalize };

// A column a node hands up: where it comes from and what it looks like.
struct PlanColumn {
  std::string table;  // alias
  sim::RelationColumn info;
};

// Blocks touched, as BUFFERS counts them; a node's include its children's.
struct BufferUse {
  std::int64_t hit = 0, read = 0, dirtied = 0, written = 0, tempRead = 0, tempWritten = 0;
  BufferUse& operator+=(const BufferUse& other) {
    hit += other.hit;
    read += other.read;
    dirtied += other.dirtied;
    written += other.written;
    tempRead += other.tempRead;
    tempWritten += other.tempWritten;
    return *this;
  }
  bool operator==(const BufferUse&) const = default;
};

// What came of a node when it ran.
struct NodeRun {
  double rows = 0;
  std::int64_t loops = 1;
  double startupMs = 0, totalMs = 0;  // of one loop
  std::int64_t removed = 0;           // rows a filter kept back
  BufferUse buffers;
  std::optional<sim::SortCost> sort;
  std::optional<sim::HashAggregateCost> aggregate;
  std::optional<sim::HashJoinCost> hash;
  std::int64_t bucketBytes = 0;  // of a Hash: its buckets, made before the first row comes
  // Of the node that found no memory: its contexts by then, as a dump lists them.
  std::vector<std::string> lack;
  std::vector<sim::SortCost> workerSorts;
  std::vector<sim::HashAggregateCost> workerAggregates;
};

struct PlanNode {
  PlanKind kind = PlanKind::Result;
  double startup = 0, total = 0, rows = 1;
  double realRows = 1;  // what will come, where the planner's reckoning is off
  std::vector<PlanColumn> output;
  std::vector<PlanNode> children;

  std::string relation, alias, index;
  std::string filter, condition;  // Filter; Index Cond, Hash Cond, Merge Cond, Join Filter
  std::vector<std::string> keys;  // Sort Key, Group Key
  JoinType join = JoinType::Inner;
  AggregateStage stage = AggregateStage::Whole;
  bool parallelAware = false;
  int workers = 0;  // planned, of a Gather
  std::int64_t pages = 0, indexPages = 0;
  double tableRows = 0;  // real rows of the relation scanned
  std::int64_t bound = -1;
  std::int64_t offset = 0;
  double groups = 1, realGroups = 1;
  std::optional<sim::WholeKeys> wholeKeys;  // of groups, in the order they come
  std::int64_t transitions = 0;
  std::int64_t transitionSpace = 0, transitionChunks = 0;  // as in sim::HashAggregateInput
  double divisor = 1;               // of a partial plan: shares of leader and workers
  bool guessed = false;             // realRows is an estimate: no answer may rest on it
  std::vector<std::string> sorted;  // "alias.column" the rows come ordered by
  NodeRun run;

  [[nodiscard]] std::vector<sim::RelationColumn> columns() const {
    std::vector<sim::RelationColumn> result;
    for (const PlanColumn& one : output) result.push_back(one.info);
    return result;
  }
  // The planner's width: the sum of mean widths.
  [[nodiscard]] int width() const {
    double sum = 0;
    for (const PlanColumn& one : output) {
      const int length = sim::typeLayout(one.info.type).length;
      sum += length > 0 ? length : one.info.width;
    }
    return static_cast<int>(sum + 0.5);
  }
};

}  // namespace console
