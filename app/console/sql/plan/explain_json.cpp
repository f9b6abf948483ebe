// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "base/text.h"
#include "console/sql/plan/explain.h"

namespace console {
namespace {

std::string quotedText(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string typeName(const PlanNode& node) {
  constexpr const char* kNames[] = {
      "Result",      "Seq Scan",      "Index Scan",  "Index Only Scan", "Function Scan",
      "Values Scan", "Subquery Scan", "ProjectSet",  "Append",          "Sort",
      "Limit",       "Unique",        "Aggregate",   "Aggregate",       "Aggregate",
      "Hash",        "Hash Join",     "Merge Join",  "Nested Loop",     "Materialize",
      "Gather",      "Gather Merge",  "ModifyTable", "ModifyTable"};
  return kNames[static_cast<std::size_t>(node.kind)];
}

class JsonWriter {
 public:
  JsonWriter(const ExplainOptions& options, std::string& out) : m_options(options), m_out(out) {}

  void node(const PlanNode& plan, int indent, const char* relationship) {
    m_first = true;
    m_indent = std::string(static_cast<std::size_t>(indent), ' ');
    field("Node Type", quotedText(typeName(plan)));
    if (plan.kind == PlanKind::Update) field("Operation", "\"Update\"");
    if (plan.kind == PlanKind::Delete) field("Operation", "\"Delete\"");
    if (plan.kind == PlanKind::Aggregate) field("Strategy", "\"Plain\"");
    if (plan.kind == PlanKind::GroupAggregate) field("Strategy", "\"Sorted\"");
    if (plan.kind == PlanKind::HashAggregate) field("Strategy", "\"Hashed\"");
    if (isAggregate(plan)) {
      field("Partial Mode", plan.stage == AggregateStage::Partial    ? "\"Partial\""
                            : plan.stage == AggregateStage::Finalize ? "\"Finalize\""
                                                                     : "\"Simple\"");
    }
    if (*relationship != 0) field("Parent Relationship", quotedText(relationship));
    field("Parallel Aware", plan.parallelAware ? "true" : "false");
    field("Async Capable", "false");
    names(plan);
    figures(plan);
    details(plan);
    if (m_options.buffers && m_options.analyze) buffers(plan.run.buffers);
    if (plan.children.empty()) return;
    field("Plans", "[");
    const std::string own = m_indent;
    for (std::size_t i = 0; i < plan.children.size(); ++i) {
      const char* side = plan.kind == PlanKind::Append ? "Member" : i == 0 ? "Outer" : "Inner";
      m_out += std::string(i > 0 ? "," : "") + "\n" + own + "  {";
      node(plan.children[i], indent + 4, side);
      m_out += "\n" + own + "  }";
    }
    m_out += "\n" + own + "]";
    m_first = false;
    m_indent = own;
  }

 private:
  static bool isAggregate(const PlanNode& plan) {
    return plan.kind == PlanKind::Aggregate || plan.kind == PlanKind::GroupAggregate ||
           plan.kind == PlanKind::HashAggregate;
  }

  void field(const char* name, const std::string& value) {
    m_out += std::string(m_first ? "" : ",") + "\n" + m_indent + "\"" + name + "\": " + value;
    m_first = false;
  }
  void number(const char* name, std::int64_t value) { field(name, std::to_string(value)); }

  void names(const PlanNode& plan) {
    const bool joins = plan.kind == PlanKind::HashJoin || plan.kind == PlanKind::MergeJoin ||
                       plan.kind == PlanKind::NestedLoop;
    if (joins) {
      constexpr const char* kTypes[] = {"\"Inner\"", "\"Left\"",  "\"Right\"",
                                        "\"Full\"",  "\"Inner\"", "\"Semi\""};
      field("Join Type", kTypes[static_cast<std::size_t>(plan.join)]);
    }
    if (!plan.index.empty()) field("Index Name", quotedText(plan.index));
    if (plan.kind == PlanKind::FunctionScan) {
      field("Function Name", quotedText(plan.relation));
    } else if (!plan.relation.empty()) {
      field("Relation Name", quotedText(plan.relation));
    }
    if (!plan.alias.empty()) field("Alias", quotedText(plan.alias));
  }

  void figures(const PlanNode& plan) {
    if (m_options.costs) {
      field("Startup Cost", base::fixedText(plan.startup, 2));
      field("Total Cost", base::fixedText(plan.total, 2));
      field("Plan Rows", base::fixedText(plan.rows, 0));
      number("Plan Width", plan.width());
    }
    if (!m_options.analyze) return;
    if (m_options.timing) {
      field("Actual Startup Time", base::fixedText(plan.run.startupMs, 3));
      field("Actual Total Time", base::fixedText(plan.run.totalMs, 3));
    }
    number("Actual Rows", shownRows(plan));
    number("Actual Loops", plan.run.loops);
  }

  void keys(const char* name, const PlanNode& plan) {
    std::string list;
    for (const std::string& key : plan.keys) list += (list.empty() ? "" : ", ") + quotedText(key);
    field(name, "[" + list + "]");
  }

  void details(const PlanNode& plan) {
    if (plan.kind == PlanKind::Sort) keys("Sort Key", plan);
    if (isAggregate(plan) && !plan.keys.empty()) keys("Group Key", plan);
    if (!plan.condition.empty()) {
      const char* name = plan.kind == PlanKind::HashJoin     ? "Hash Cond"
                         : plan.kind == PlanKind::MergeJoin  ? "Merge Cond"
                         : plan.kind == PlanKind::NestedLoop ? "Join Filter"
                                                             : "Index Cond";
      field(name, quotedText(plan.condition));
    }
    if (!plan.filter.empty()) field("Filter", quotedText(plan.filter));
    if (plan.workers > 0) number("Workers Planned", plan.workers);
    if (!m_options.analyze) return;
    if (plan.workers > 0) number("Workers Launched", plan.workers);
    if (!plan.filter.empty()) number("Rows Removed by Filter", plan.run.removed);
    if (plan.run.sort) {
      field("Sort Method", quotedText(sim::sortMethodName(plan.run.sort->method)));
      number("Sort Space Used", plan.run.sort->spaceKb);
      field("Sort Space Type", plan.run.sort->onDisk() ? "\"Disk\"" : "\"Memory\"");
    }
    if (plan.run.aggregate) {
      number("HashAgg Batches", plan.run.aggregate->batches);
      number("Peak Memory Usage", (plan.run.aggregate->memoryPeak + 1023) / 1024);
      number("Disk Usage", plan.run.aggregate->fileBlocks * 8);
    }
    if (plan.run.hash) {
      number("Hash Buckets", plan.run.hash->buckets);
      number("Original Hash Buckets", plan.run.hash->buckets);
      number("Hash Batches", plan.run.hash->batches);
      number("Original Hash Batches", plan.run.hash->originalBatches);
      number("Peak Memory Usage", (plan.run.hash->spacePeak + 1023) / 1024);
    }
  }

 public:
  void buffers(const BufferUse& use) {
    number("Shared Hit Blocks", use.hit);
    number("Shared Read Blocks", use.read);
    number("Shared Dirtied Blocks", use.dirtied);
    number("Shared Written Blocks", use.written);
    for (const char* name : {"Local Hit Blocks", "Local Read Blocks", "Local Dirtied Blocks",
                             "Local Written Blocks"}) {
      number(name, 0);
    }
    number("Temp Read Blocks", use.tempRead);
    number("Temp Written Blocks", use.tempWritten);
  }
  void start(int indent) {
    m_first = true;
    m_indent = std::string(static_cast<std::size_t>(indent), ' ');
  }

 private:
  const ExplainOptions& m_options;
  std::string& m_out;
  std::string m_indent;
  bool m_first = true;
};

}  // namespace

std::string explainJson(const PlanNode& plan, const ExplainOptions& options,
                        const ExplainFacts& facts) {
  std::string out = "[\n  {\n    \"Plan\": {";
  JsonWriter writer(options, out);
  writer.node(plan, 6, "");
  out += "\n    }";
  if (options.buffers) {
    out += ",\n    \"Planning\": {";
    BufferUse planning;
    planning.hit = facts.planningHits;
    writer.start(6);
    writer.buffers(planning);
    out += "\n    }";
  }
  if (options.summary) {
    out += ",\n    \"Planning Time\": " + base::fixedText(facts.planningMs, 3);
  }
  if (options.analyze) {
    out += ",\n    \"Triggers\": [\n    ]";
  }
  if (options.analyze && options.summary) {
    out += ",\n    \"Execution Time\": " + base::fixedText(facts.executionMs, 3);
  }
  return out + "\n  }\n]";
}

}  // namespace console
