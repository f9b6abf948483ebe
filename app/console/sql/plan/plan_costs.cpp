// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/plan/plan_costs.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/portable_math.h"
#include "sim/execution/allocation.h"

namespace console {
namespace {

constexpr double kBlock = 8192;

double log2Of(double value) {
  return base::portableLog(std::max(value, 1.0)) / 0.6931471805599453;
}

double relationBytes(double tuples, int width) {
  return tuples * static_cast<double>(sim::maxAlign(width) + 24);
}

double relationPages(double tuples, int width) {
  return std::ceil(relationBytes(tuples, width) / kBlock);
}

// Mackert and Lohman: pages fetched by random probes into a table that partly fits in cache.
double pagesFetched(const PlanSettings& s, double tuples, double pages) {
  const double t = std::max(pages, 1.0), b = std::max(s.effectiveCachePages, 1.0);
  if (t <= b) return std::min(2.0 * t * tuples / (2.0 * t + tuples), t);
  const double limit = 2.0 * t * b / (2.0 * t - b);
  return tuples <= limit ? 2.0 * t * tuples / (2.0 * t + tuples)
                         : b + (tuples - limit) * (t - b) / t;
}

}  // namespace

PlanSettings readPlanSettings(const std::function<std::string(std::string_view)>& setting) {
  PlanSettings s;
  const auto real = [&](std::string_view name, double& value) {
    const std::string text = setting(name);
    if (!text.empty()) value = std::strtod(text.c_str(), nullptr);
  };
  const auto whole = [&](std::string_view name, auto& value, std::int64_t unit = 1) {
    const std::string text = setting(name);
    if (!text.empty()) {
      value = static_cast<std::remove_reference_t<decltype(value)>>(
          std::strtoll(text.c_str(), nullptr, 10) * unit);
    }
  };
  const auto flag = [&](std::string_view name, bool& value) {
    const std::string text = setting(name);
    if (!text.empty()) value = text == "on";
  };
  real("seq_page_cost", s.seqPage);
  real("random_page_cost", s.randomPage);
  real("cpu_tuple_cost", s.tuple);
  real("cpu_index_tuple_cost", s.indexTuple);
  real("cpu_operator_cost", s.op);
  real("parallel_setup_cost", s.parallelSetup);
  real("parallel_tuple_cost", s.parallelTuple);
  real("effective_cache_size", s.effectiveCachePages);
  real("hash_mem_multiplier", s.hashMemMultiplier);
  real("jit_above_cost", s.jitAboveCost);
  whole("work_mem", s.workMemBytes, 1024);
  whole("maintenance_work_mem", s.maintenanceWorkMemBytes, 1024);
  whole("max_parallel_workers_per_gather", s.workersPerGather);
  whole("max_parallel_workers", s.parallelWorkers);
  whole("max_worker_processes", s.workerProcesses);
  whole("min_parallel_table_scan_size", s.minParallelTablePages);
  whole("min_parallel_index_scan_size", s.minParallelIndexPages);
  whole("temp_file_limit", s.tempFileLimitKb);
  whole("max_stack_depth", s.maxStackBytes, 1024);
  whole("statement_timeout", s.statementTimeoutMs);
  flag("enable_seqscan", s.seqscan);
  flag("enable_indexscan", s.indexscan);
  flag("enable_indexonlyscan", s.indexonlyscan);
  flag("enable_sort", s.sort);
  flag("enable_hashagg", s.hashagg);
  flag("enable_hashjoin", s.hashjoin);
  flag("enable_mergejoin", s.mergejoin);
  flag("enable_nestloop", s.nestloop);
  flag("enable_material", s.material);
  flag("enable_parallel_hash", s.parallelHash);
  flag("enable_gathermerge", s.gathermerge);
  flag("parallel_leader_participation", s.leader);
  flag("jit", s.jit);
  return s;
}

void costSeqScan(const PlanSettings& s, PlanNode& node, double tuples, int conditions) {
  node.startup = s.seqscan ? 0 : kDisableCost;
  const double cpu = (s.tuple + s.op * conditions) * tuples / node.divisor;
  node.total = node.startup + s.seqPage * static_cast<double>(node.pages) + cpu;
}

void costIndexScan(const PlanSettings& s, PlanNode& node, double tuples, double selectivity,
                   double correlation, int conditions) {
  const bool only = node.kind == PlanKind::IndexOnlyScan;
  const bool enabled = only ? s.indexonlyscan : s.indexscan;
  const double fetched = std::max(1.0, tuples * selectivity);
  const double indexPages =
      std::ceil(std::max(1.0, selectivity * static_cast<double>(node.indexPages)));
  // b-tree descent: log2 of the tuples in comparisons, and 50 operators for each level.
  double height = 0;
  for (double level = static_cast<double>(node.indexPages); level > 1; level /= 300) ++height;
  const double descent = std::ceil(log2Of(tuples)) * s.op + (height + 1) * 50.0 * s.op;
  node.startup = descent + (enabled ? 0 : kDisableCost);
  const double indexCost = indexPages * s.randomPage + fetched * (s.indexTuple + s.op);
  const double pages = static_cast<double>(node.pages);
  double worst = 0, best = 0;
  if (!only) {
    worst = pagesFetched(s, fetched, pages) * s.randomPage;
    best = s.randomPage + std::max(std::ceil(selectivity * pages) - 1, 0.0) * s.seqPage;
  }
  const double square = correlation * correlation;
  node.total = node.startup + indexCost + worst + square * (best - worst) +
               fetched * (s.tuple + s.op * conditions);
}

void costSort(const PlanSettings& s, PlanNode& node) {
  const PlanNode& input = node.children[0];
  const double tuples = std::max(input.rows, 2.0);
  const double compare = 2.0 * s.op;
  const double bytes = relationBytes(tuples, input.width());
  const double memory = static_cast<double>(s.workMemBytes);
  const double wanted = node.bound >= 0 && static_cast<double>(node.bound) < tuples
                            ? static_cast<double>(node.bound)
                            : tuples;
  const double outputBytes = relationBytes(wanted, input.width());
  double startup = compare * tuples * log2Of(tuples);
  if (outputBytes > memory) {
    const double pages = std::ceil(bytes / kBlock);
    const double runs = bytes / memory;
    const double order = static_cast<double>(sim::mergeOrder(s.workMemBytes));
    const double passes = runs > order ? std::ceil(log2Of(runs) / log2Of(order)) : 1.0;
    startup += 2.0 * pages * passes * (s.seqPage * 0.75 + s.randomPage * 0.25);
  } else if (tuples > 2 * wanted || bytes > memory) {
    startup = compare * tuples * log2Of(2.0 * std::max(wanted, 1.0));
  }
  node.startup = input.total + startup + (s.sort ? 0 : kDisableCost);
  node.total = node.startup + s.op * tuples;
}

void costAggregate(const PlanSettings& s, PlanNode& node, int groupColumns, int aggregates) {
  const PlanNode& input = node.children[0];
  const double transition = s.op * aggregates * input.rows;
  const double grouping = s.op * groupColumns * input.rows;
  if (node.kind == PlanKind::Aggregate) {
    node.startup = input.total + transition;
    node.total = node.startup + s.tuple;
    return;
  }
  if (node.kind == PlanKind::GroupAggregate) {
    node.startup = input.startup;
    node.total = input.total + transition + grouping + s.tuple * node.groups;
    return;
  }
  node.startup = input.total + transition + grouping + (s.hashagg ? 0 : kDisableCost);
  node.total = node.startup + s.tuple * node.groups;
  const double entry = sim::hashEntryBytes(node.transitions, input.width(), node.transitionSpace);
  const sim::HashAggregateLimits limits =
      sim::hashAggregateLimits(entry, node.groups, 0, s.hashMemoryBytes());
  const double batches =
      std::ceil(std::max(node.groups * entry / static_cast<double>(limits.memory),
                         node.groups / static_cast<double>(limits.groups)));
  if (batches <= 1 || limits.partitions < 2) return;
  const double depth = std::ceil(log2Of(batches) / log2Of(static_cast<double>(limits.partitions)));
  const double pages = 2.0 * relationPages(input.rows, input.width()) * depth;
  const double spill = depth * input.rows * 2.0 * s.tuple;
  node.startup += pages * s.randomPage + spill;
  node.total += pages * s.randomPage + pages * s.seqPage + spill;
}

void costHashJoin(const PlanSettings& s, PlanNode& node, const sim::HashTableSize& size,
                  double innerDistinct) {
  const PlanNode& outer = node.children[0];
  const PlanNode& inner = node.children[1];
  double startup = outer.startup + inner.total + (s.op + s.tuple) * inner.rows;
  double run = outer.total - outer.startup + s.op * outer.rows;
  if (size.batches > 1) {
    const double innerPages = relationPages(inner.rows, inner.width());
    const double outerPages = relationPages(outer.rows, outer.width());
    startup += s.seqPage * innerPages;
    run += s.seqPage * (innerPages + 2 * outerPages);
  }
  const double buckets = static_cast<double>(size.buckets) * static_cast<double>(size.batches);
  const double bucketSize = 1.0 / std::max(1.0, std::min(buckets, innerDistinct));
  run += s.op * outer.rows * std::max(1.0, inner.rows * bucketSize) * 0.5;
  run += s.tuple * node.rows;
  node.startup = startup + (s.hashjoin ? 0 : kDisableCost);
  node.total = node.startup + run;
}

void costMergeJoin(const PlanSettings& s, PlanNode& node) {
  const PlanNode& outer = node.children[0];
  const PlanNode& inner = node.children[1];
  node.startup = outer.startup + inner.startup + (s.mergejoin ? 0 : kDisableCost);
  node.total = node.startup + (outer.total - outer.startup) + (inner.total - inner.startup) +
               s.op * (outer.rows + inner.rows) + s.tuple * node.rows;
}

void costNestedLoop(const PlanSettings& s, PlanNode& node, double innerRescan, int conditions) {
  const PlanNode& outer = node.children[0];
  const PlanNode& inner = node.children[1];
  node.startup = outer.startup + inner.startup + (s.nestloop ? 0 : kDisableCost);
  const double pairs = outer.rows * inner.rows;
  node.total = node.startup + (outer.total - outer.startup) + (inner.total - inner.startup) +
               std::max(outer.rows - 1, 0.0) * innerRescan + (s.tuple + s.op * conditions) * pairs;
}

void costGather(const PlanSettings& s, PlanNode& node) {
  const PlanNode& input = node.children[0];
  node.startup = input.startup + s.parallelSetup;
  node.total = input.total + s.parallelSetup + s.parallelTuple * node.rows;
  if (node.kind != PlanKind::GatherMerge) return;
  const double sources = node.workers + 1;
  node.startup += 2.0 * s.op * sources * log2Of(sources) + (s.gathermerge ? 0 : kDisableCost);
  node.total = node.startup + (input.total - input.startup) +
               node.rows * (2.0 * s.op * log2Of(sources) + s.op) +
               s.parallelTuple * node.rows * 1.05;
}

void costLimit(PlanNode& node) {
  const PlanNode& input = node.children[0];
  const double run = input.total - input.startup;
  const double rows = std::max(input.rows, 1.0);
  const double skipped = std::min(static_cast<double>(node.offset), rows);
  node.startup = input.startup + run * skipped / rows;
  const double taken = std::min(skipped + node.rows, rows);
  node.total = input.startup + run * taken / rows;
}

void costMaterialize(const PlanSettings& s, PlanNode& node) {
  const PlanNode& input = node.children[0];
  node.startup = input.startup;
  node.total = input.total + 2 * s.op * input.rows;
  const double bytes = relationBytes(input.rows, input.width());
  if (bytes > static_cast<double>(s.workMemBytes))
    node.total += s.seqPage * std::ceil(bytes / kBlock);
}

int parallelWorkers(const PlanSettings& s, std::int64_t pages) {
  if (s.workersPerGather <= 0 || pages < s.minParallelTablePages) return 0;
  int workers = 1;
  std::int64_t threshold = std::max<std::int64_t>(s.minParallelTablePages, 1);
  while (pages >= threshold * 3 && workers < 1024) {
    ++workers;
    threshold *= 3;
  }
  return std::min(workers, s.workersPerGather);
}

double parallelDivisor(const PlanSettings& s, int workers) {
  const double leader = s.leader ? std::max(0.0, 1.0 - 0.3 * workers) : 0.0;
  return workers + leader;
}

}  // namespace console
