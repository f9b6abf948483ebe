// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/plan/plan_contexts.h"

#include <algorithm>
#include <utility>

#include "console/sql/plan/memory_demand.h"
#include "sim/execution/allocation.h"

namespace console {
namespace {

using Lines = std::vector<std::string>;

constexpr std::int64_t kLargestBlock = 8 << 20;
// A chunk of tuples with the headers of allocator and chunk list; HASH_CHUNK_SIZE is 32 kB.
constexpr std::int64_t kHashChunk = 32 * 1024, kHashChunkBlock = kHashChunk + 88;

std::string emptyContext(const std::string& name) {
  return contextLine(name, 8192, 1, 7928, 0);
}

bool runsWhole(const PlanNode& node) {
  if (node.kind == PlanKind::SubqueryScan && !node.children.empty()) {
    return runsWhole(node.children[0]);
  }
  return node.kind == PlanKind::Sort || node.kind == PlanKind::Aggregate ||
         node.kind == PlanKind::HashAggregate;
}

class ContextList {
 public:
  // ExecInitNode, from the root down.
  void open(const PlanNode& node) {
    for (Lines& group : before(node)) add(std::move(group));
    for (const PlanNode& child : node.children) open(child);
    if (node.kind == PlanKind::HashAggregate) add(table(node));
    if (node.kind == PlanKind::FunctionScan) {
      add({contextLineOf("Table function arguments", 7336)});
    }
    if (node.kind == PlanKind::ProjectSet) add({emptyContext("tSRF function arguments")});
  }

  void add(Lines group) { m_groups.push_back(std::move(group)); }

  // In the order in which nodes begin to run, up to the one that failed.
  void run(const PlanNode& node) {
    if (m_reached) return;
    if (node.kind == PlanKind::HashJoin && node.children.size() == 2) {
      const bool outerFirst = outerRunsFirst(node);
      if (outerFirst) run(node.children[0]);
      if (!m_reached) run(node.children[1]);
      if (!outerFirst) run(node.children[0]);
    } else {
      if (node.kind == PlanKind::Hash) add(hashTable(node));
      if (node.kind == PlanKind::Sort) add(sorted(node));
      for (const PlanNode& child : node.children) run(child);
    }
    if (!node.run.lack.empty()) m_reached = true;
  }

  [[nodiscard]] Lines newestFirst() const {
    Lines lines;
    for (auto group = m_groups.rbegin(); group != m_groups.rend(); ++group) {
      lines.insert(lines.end(), group->begin(), group->end());
    }
    return lines;
  }

 private:
  static std::string contextLineOf(const std::string& name, std::int64_t free) {
    return contextLine(name, 8192, 1, free, 0);
  }

  // Expression contexts that a node makes before it initialises its children.
  static std::vector<Lines> before(const PlanNode& node) {
    const Lines one = {emptyContext("ExprContext")};
    switch (node.kind) {
      case PlanKind::Sort:
      case PlanKind::Materialize:
      case PlanKind::Append:
        return {};
      case PlanKind::Aggregate:
      case PlanKind::GroupAggregate:
      case PlanKind::MergeJoin:
        return {one, one, one};
      case PlanKind::HashAggregate:
        return {one, one, {groups(node)}, one};
      case PlanKind::ValuesScan:
        return {one, one};
      default:
        return {one};
    }
  }

  static std::string groups(const PlanNode& node) {
    if (!node.run.lack.empty()) return node.run.lack.back();
    if (!node.run.aggregate) return emptyContext("ExprContext");
    std::int64_t total = sim::kBlockBytes, blocks = 1, next = sim::kBlockBytes;
    const std::int64_t used = node.run.aggregate->groupBytes;
    for (; total < used; ++blocks, next = std::min(next * 2, kLargestBlock)) total += next;
    return contextLine("ExprContext", total, blocks, std::max<std::int64_t>(total - used, 0), 11);
  }

  static Lines table(const PlanNode& node) {
    if (!node.run.lack.empty()) {
      return Lines(node.run.lack.begin(), node.run.lack.end() - 1);
    }
    const std::int64_t bytes = node.run.aggregate ? node.run.aggregate->tableBytes : 0;
    return {contextLine("HashAgg meta context",
                        std::max(bytes - sim::kBlockBytes, sim::kBlockBytes), 2, 5008, 1),
            "  " + emptyContext("ExprContext")};
  }

  // The buckets are there from the start, chunks of tuples once the side below has run.
  static Lines hashTable(const PlanNode& node) {
    if (!node.run.lack.empty()) return node.run.lack;
    std::int64_t chunks = 0;
    if (node.run.hash) {
      chunks = sim::divideUp(
          std::max<std::int64_t>(0, node.run.hash->spacePeak - node.run.bucketBytes), kHashChunk);
    }
    const std::int64_t total =
        sim::kBlockBytes + node.run.bucketBytes + 56 + chunks * kHashChunkBlock;
    return {contextLineOf("HashTableContext", 7720),
            "  " + contextLine("HashBatchContext", total, 2 + chunks, 7928, 0)};
  }

  static Lines sorted(const PlanNode& node) {
    if (!node.run.lack.empty()) return node.run.lack;
    // An array of 1024 slots of 24 bytes to begin with.
    const std::int64_t held = node.run.sort ? node.run.sort->peakBytes : 0;
    const std::int64_t array = node.run.sort ? node.run.sort->arrayBytes : 0;
    const std::int64_t slots = std::max<std::int64_t>(1024 * 24, array) + 56;
    std::int64_t tuples = sim::kBlockBytes, blocks = 1, next = sim::kBlockBytes;
    for (; tuples < held - slots; ++blocks, next = std::min(next * 2, kLargestBlock)) {
      tuples += next;
    }
    return {contextLine("TupleSort main", sim::kBlockBytes + slots, 2, 4456, 0),
            "  " + emptyContext("TupleSort sort"),
            "    " + contextLine("Caller tuples", tuples, blocks, 7928, 0)};
  }

  std::vector<Lines> m_groups;
  bool m_reached = false;  // the node that failed
};

}  // namespace

bool outerRunsFirst(const PlanNode& join) {
  if (join.kind != PlanKind::HashJoin || join.children.size() != 2 || join.parallelAware) {
    return false;
  }
  const bool keepsInner = join.join == JoinType::Right || join.join == JoinType::Full;
  if (keepsInner) return false;
  const PlanNode& outer = join.children[0];
  const bool first = join.join == JoinType::Left || outer.startup < join.children[1].total;
  return first && runsWhole(outer);
}

std::int64_t nodeCount(const PlanNode& root) {
  std::int64_t count = 1;
  for (const PlanNode& child : root.children) count += nodeCount(child);
  return count;
}

bool comparesRows(const PlanNode& node) {
  constexpr PlanKind kKinds[] = {PlanKind::Sort, PlanKind::Hash, PlanKind::MergeJoin,
                                 PlanKind::HashAggregate, PlanKind::GroupAggregate};
  if (std::find(std::begin(kKinds), std::end(kKinds), node.kind) != std::end(kKinds)) return true;
  return std::any_of(node.children.begin(), node.children.end(), comparesRows);
}

std::vector<std::string> planContexts(const PlanNode& root) {
  ContextList list;
  list.open(root);
  list.add({emptyContext("printtup")});
  list.run(root);
  return list.newestFirst();
}

}  // namespace console
