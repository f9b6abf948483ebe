// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/plan/explain.h"

#include <algorithm>

#include "base/text.h"

namespace console {
namespace {

std::string stagePrefix(const PlanNode& node) {
  const std::string partial = node.stage == AggregateStage::Partial    ? "Partial "
                              : node.stage == AggregateStage::Finalize ? "Finalize "
                                                                       : "";
  const bool aggregates = node.kind == PlanKind::Aggregate ||
                          node.kind == PlanKind::HashAggregate ||
                          node.kind == PlanKind::GroupAggregate;
  return (node.parallelAware ? "Parallel " : "") + (aggregates ? partial : "");
}

std::string kindName(const PlanNode& node) {
  constexpr const char* kNames[] = {
      "Result",      "Seq Scan",      "Index Scan", "Index Only Scan", "Function Scan",
      "Values Scan", "Subquery Scan", "ProjectSet", "Append",          "Sort",
      "Limit",       "Unique",        "Aggregate",  "GroupAggregate",  "HashAggregate",
      "Hash",        "Hash Join",     "Merge Join", "Nested Loop",     "Materialize",
      "Gather",      "Gather Merge",  "Update",     "Delete"};
  std::string name = kNames[static_cast<std::size_t>(node.kind)];
  const char* side = node.join == JoinType::Left    ? " Left"
                     : node.join == JoinType::Right ? " Right"
                     : node.join == JoinType::Full  ? " Full"
                     : node.join == JoinType::Semi  ? " Semi"
                                                    : "";
  if (*side != 0) {
    name = node.kind == PlanKind::HashJoin     ? "Hash" + std::string(side) + " Join"
           : node.kind == PlanKind::MergeJoin  ? "Merge" + std::string(side) + " Join"
           : node.kind == PlanKind::NestedLoop ? "Nested Loop" + std::string(side) + " Join"
                                               : name;
  }
  return name;
}

class TextWriter {
 public:
  explicit TextWriter(const ExplainOptions& options) : m_options(options) {}

  void write(const PlanNode& node, int depth) {
    // Details of a node stand two columns beyond its name, a child's arrow six beyond its parent's.
    const std::string head =
        depth == 0 ? "" : std::string(static_cast<std::size_t>(depth) * 6 - 4, ' ') + "->  ";
    m_indent = std::string(depth == 0 ? 2 : static_cast<std::size_t>(depth) * 6 + 2, ' ');
    lines.push_back(head + nodeTitle(node) + figures(node));
    details(node);
    for (const PlanNode& child : node.children) write(child, depth + 1);
  }

  std::vector<std::string> lines;

 private:
  void add(const std::string& text) { lines.push_back(m_indent + text); }

  std::string figures(const PlanNode& node) const {
    std::string text;
    if (m_options.costs) {
      text += "  (cost=" + base::fixedText(node.startup, 2) + ".." +
              base::fixedText(node.total, 2) + " rows=" + base::fixedText(node.rows, 0) +
              " width=" + std::to_string(node.width()) + ")";
    }
    if (!m_options.analyze) return text;
    text += m_options.costs ? " (actual" : " (actual";
    if (m_options.timing) {
      text += " time=" + base::fixedText(node.run.startupMs, 3) + ".." +
              base::fixedText(node.run.totalMs, 3);
    }
    return text + " rows=" + std::to_string(shownRows(node)) +
           " loops=" + std::to_string(node.run.loops) + ")";
  }

  void details(const PlanNode& node) {
    conditions(node);
    if (m_options.analyze) {
      if (node.run.sort) {
        sortLine(*node.run.sort, "");
        int worker = 0;
        for (const sim::SortCost& cost : node.run.workerSorts) {
          sortLine(cost, "Worker " + std::to_string(worker++) + ":  ");
        }
      }
      if (node.run.aggregate) aggregateLine(*node.run.aggregate);
      if (node.run.hash) hashLine(*node.run.hash);
    }
    if (m_options.buffers && m_options.analyze) {
      const std::string buffers = bufferText(node.run.buffers);
      if (!buffers.empty()) add("Buffers: " + buffers);
    }
  }

  void conditions(const PlanNode& node) {
    if (node.kind == PlanKind::Sort) add("Sort Key: " + joinKeys(node));
    if (!node.keys.empty() &&
        (node.kind == PlanKind::HashAggregate || node.kind == PlanKind::GroupAggregate)) {
      add("Group Key: " + joinKeys(node));
    }
    const bool outer = !node.condition.empty();
    if (outer && node.kind == PlanKind::HashJoin) add("Hash Cond: " + node.condition);
    if (outer && node.kind == PlanKind::MergeJoin) add("Merge Cond: " + node.condition);
    if (outer && node.kind == PlanKind::NestedLoop) add("Join Filter: " + node.condition);
    if (outer && (node.kind == PlanKind::IndexScan || node.kind == PlanKind::IndexOnlyScan)) {
      add("Index Cond: " + node.condition);
    }
    if (!node.filter.empty()) {
      add("Filter: " + node.filter);
      if (m_options.analyze && node.run.removed > 0) {
        add("Rows Removed by Filter: " + std::to_string(node.run.removed));
      }
    }
    if (node.kind == PlanKind::IndexOnlyScan && m_options.analyze) add("Heap Fetches: 0");
    if (node.workers > 0) {
      add("Workers Planned: " + std::to_string(node.workers));
      if (m_options.analyze) add("Workers Launched: " + std::to_string(node.workers));
    }
  }

  static std::string joinKeys(const PlanNode& node) {
    std::string keys;
    for (const std::string& key : node.keys) keys += (keys.empty() ? "" : ", ") + key;
    return keys;
  }

  void sortLine(const sim::SortCost& cost, const std::string& prefix) {
    add(prefix + "Sort Method: " + sim::sortMethodName(cost.method) + "  " +
        (cost.onDisk() ? "Disk: " : "Memory: ") + std::to_string(cost.spaceKb) + "kB");
  }

  void aggregateLine(const sim::HashAggregateCost& cost) {
    std::string text = "Batches: " + std::to_string(cost.batches) +
                       "  Memory Usage: " + std::to_string((cost.memoryPeak + 1023) / 1024) + "kB";
    if (cost.fileBlocks > 0) text += "  Disk Usage: " + std::to_string(cost.fileBlocks * 8) + "kB";
    add(text);
  }

  void hashLine(const sim::HashJoinCost& cost) {
    std::string text = "Buckets: " + std::to_string(cost.buckets);
    text += "  Batches: " + std::to_string(cost.batches);
    if (cost.originalBatches != cost.batches) {
      text += " (originally " + std::to_string(cost.originalBatches) + ")";
    }
    add(text + "  Memory Usage: " + std::to_string((cost.spacePeak + 1023) / 1024) + "kB");
  }

 public:
  static std::string bufferText(const BufferUse& use) {
    std::string shared, temp;
    if (use.hit > 0) shared += " hit=" + std::to_string(use.hit);
    if (use.read > 0) shared += " read=" + std::to_string(use.read);
    if (use.dirtied > 0) shared += " dirtied=" + std::to_string(use.dirtied);
    if (use.written > 0) shared += " written=" + std::to_string(use.written);
    if (use.tempRead > 0) temp += " read=" + std::to_string(use.tempRead);
    if (use.tempWritten > 0) temp += " written=" + std::to_string(use.tempWritten);
    std::string text;
    if (!shared.empty()) text += "shared" + shared;
    if (!temp.empty()) text += (text.empty() ? "temp" : ", temp") + temp;
    return text;
  }

 private:
  const ExplainOptions& m_options;
  std::string m_indent;
};

}  // namespace

std::int64_t shownRows(const PlanNode& node) {
  return static_cast<std::int64_t>(std::max(node.run.rows, 0.0) + 0.5);
}

std::string nodeTitle(const PlanNode& node) {
  std::string title = stagePrefix(node) + kindName(node);
  if (!node.index.empty()) title += " using " + node.index;
  if (!node.relation.empty()) title += " on " + node.relation;
  if (node.kind == PlanKind::ValuesScan || node.kind == PlanKind::SubqueryScan) title += " on";
  if (!node.alias.empty() && node.alias != node.relation) title += " " + node.alias;
  return title;
}

std::vector<std::string> explainText(const PlanNode& plan, const ExplainOptions& options,
                                     const ExplainFacts& facts) {
  TextWriter writer(options);
  writer.write(plan, 0);
  if (options.buffers && facts.planningHits > 0) {
    writer.lines.push_back("Planning:");
    writer.lines.push_back("  Buffers: shared hit=" + std::to_string(facts.planningHits));
  }
  if (options.summary) {
    writer.lines.push_back("Planning Time: " + base::fixedText(facts.planningMs, 3) + " ms");
  }
  if (facts.compiled && options.analyze && options.costs) {
    writer.lines.push_back("JIT:");
    writer.lines.push_back("  Functions: 4");
    writer.lines.push_back(
        "  Options: Inlining false, Optimization false, Expressions true, Deforming true");
    if (options.timing) {
      writer.lines.push_back(
          "  Timing: Generation 0.612 ms, Inlining 0.000 ms, Optimization 0.287 ms, Emission "
          "6.041 ms, Total 6.940 ms");
    }
  }
  if (options.analyze && options.summary) {
    writer.lines.push_back("Execution Time: " + base::fixedText(facts.executionMs, 3) + " ms");
  }
  return std::move(writer.lines);
}

}  // namespace console
