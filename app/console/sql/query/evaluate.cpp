// SPDX-License-Identifier: GPL-3.0-or-later
// The value of an expression for a row.
#include <algorithm>

#include "console/sql/query/executor.h"

namespace console::query {
namespace {

bool compares(const std::string& op, int order) {
  if (op == "=") return order == 0;
  if (op == "<>") return order != 0;
  if (op == "<") return order < 0;
  if (op == "<=") return order <= 0;
  if (op == ">") return order > 0;
  return order >= 0;
}

}  // namespace

Datum Executor::evaluate(const Node& node, const Frame& frame) {
  if (!m_runtime.work()) return {};
  switch (node.op) {
    case Op::Constant:
      return node.constant;
    case Op::Column: {
      const Frame* at = &frame;
      for (int i = 0; i < node.level && at != nullptr; ++i) at = at->outer;
      if (at == nullptr || at->row == nullptr || node.index >= at->row->size()) return {};
      return (*at->row)[node.index];
    }
    case Op::Aggregate:
      return frame.aggregates != nullptr ? (*frame.aggregates)[node.index] : Datum();
    case Op::Window:
      return frame.windows != nullptr ? (*frame.windows)[node.index] : Datum();
    case Op::Series:
      return frame.series != nullptr ? (*frame.series)[node.index] : Datum();
    case Op::Call:
      return callOf(node, frame);
    case Op::And:
    case Op::Or:
    case Op::Not:
      return logic(node, frame);
    case Op::IsNull:
      return evaluate(*node.args[0], frame).null() != node.negated;
    case Op::IsTruth:
    case Op::IsDistinct:
    case Op::Compare:
    case Op::NullIf:
      return comparison(node, frame);
    case Op::InList:
      return inList(node, frame);
    case Op::Case:
      return caseOf(node, frame);
    case Op::Coalesce:
      for (const NodePtr& one : node.args) {
        Datum value = evaluate(*one, frame);
        if (!value.null() || m_runtime.failed()) return value;
      }
      return {};
    case Op::Extreme:
      return extreme(node, frame);
    case Op::Cast:
      return castDatum(m_runtime, evaluate(*node.args[0], frame), node.operand, node.type);
    case Op::Items: {
      Items array;
      for (const NodePtr& one : node.args) array.push_back(evaluate(*one, frame));
      return array;
    }
    case Op::Subscript:
    case Op::Slice:
      return subscript(node, frame);
    case Op::Scalar:
    case Op::Exists:
    case Op::ArrayQuery:
      return subquery(node, frame);
    case Op::InQuery:
      return inQuery(node, frame);
    case Op::Quantified:
      return quantified(node, frame);
  }
  return {};
}

Datum Executor::comparison(const Node& node, const Frame& frame) {
  if (node.op == Op::IsTruth) {
    const Datum value = evaluate(*node.args[0], frame);
    const bool is = node.text == "unknown" ? value.null()
                    : value.null()         ? false
                                           : value.truth() == (node.text == "true");
    return is != node.negated;
  }
  if (node.op == Op::IsDistinct) {
    const Datum a = evaluate(*node.args[0], frame), b = evaluate(*node.args[1], frame);
    const bool same =
        a.null() || b.null() ? a.null() && b.null() : compareData(a, b, node.operand) == 0;
    return same == node.negated;
  }
  if (node.op == Op::NullIf) {
    const Datum a = evaluate(*node.args[1], frame), b = evaluate(*node.args[2], frame);
    if (!a.null() && !b.null() && compareData(a, b, node.operand) == 0) return {};
    return evaluate(*node.args[0], frame);
  }
  const Datum a = evaluate(*node.args[0], frame);
  if (a.null()) return {};
  const Datum b = evaluate(*node.args[1], frame);
  if (b.null()) return {};
  return compares(node.text, compareData(a, b, node.operand));
}

Datum Executor::callOf(const Node& node, const Frame& frame) {
  std::vector<Datum> args;
  std::vector<DataType> types;
  args.reserve(node.args.size());
  for (const NodePtr& one : node.args) {
    args.push_back(evaluate(*one, frame));
    types.push_back(one->type);
    if (m_runtime.failed()) return {};
    if (node.function->strict && args.back().null()) return {};
  }
  const CallSite site{m_runtime, types, node.type};
  return node.function->run(site, args);
}

std::vector<Datum> Executor::seriesOf(const Node& node, const Frame& frame) {
  std::vector<Datum> args;
  std::vector<DataType> types;
  for (const NodePtr& one : node.args) {
    args.push_back(evaluate(*one, frame));
    types.push_back(one->type);
    if (m_runtime.failed()) return {};
    if (node.function->strict && args.back().null()) return {};
  }
  const CallSite site{m_runtime, types, node.type};
  if (node.op == Op::Call) return {node.function->run(site, args)};
  return node.function->rows(site, args);
}

Datum Executor::logic(const Node& node, const Frame& frame) {
  if (node.op == Op::Not) {
    const Datum value = evaluate(*node.args[0], frame);
    return value.null() ? Datum() : Datum(!value.truth());
  }
  const bool decides = node.op == Op::Or;  // the value that settles it
  bool unknown = false;
  for (const NodePtr& one : node.args) {
    const Datum value = evaluate(*one, frame);
    if (m_runtime.failed()) return {};
    if (value.null()) {
      unknown = true;
    } else if (value.truth() == decides) {
      return decides;
    }
  }
  return unknown ? Datum() : Datum(!decides);
}

Datum Executor::caseOf(const Node& node, const Frame& frame) {
  for (std::size_t i = 0; i + 1 < node.args.size(); i += 2) {
    if (evaluate(*node.args[i], frame).truth()) return evaluate(*node.args[i + 1], frame);
    if (m_runtime.failed()) return {};
  }
  return evaluate(*node.args.back(), frame);
}

Datum Executor::extreme(const Node& node, const Frame& frame) {
  Datum best;
  for (const NodePtr& one : node.args) {
    Datum value = evaluate(*one, frame);
    if (value.null()) continue;
    const int order = best.null() ? 1 : compareData(value, best, node.type);
    if (best.null() || (node.negated ? order < 0 : order > 0)) best = std::move(value);
  }
  return best;
}

Datum Executor::inList(const Node& node, const Frame& frame) {
  const Datum value = evaluate(*node.args[0], frame);
  if (value.null()) return {};
  bool unknown = false;
  for (std::size_t i = 1; i < node.args.size(); ++i) {
    const Datum one = evaluate(*node.args[i], frame);
    if (m_runtime.failed()) return {};
    if (one.null()) {
      unknown = true;
    } else if (compareData(value, one, node.operand) == 0) {
      return !node.negated;
    }
  }
  return unknown ? Datum() : Datum(node.negated);
}

Datum Executor::subscript(const Node& node, const Frame& frame) {
  const Datum base = evaluate(*node.args[0], frame);
  const Datum from = evaluate(*node.args[1], frame);
  if (base.null() || from.null()) return {};
  const Items& array = base.array();
  const auto size = static_cast<std::int64_t>(array.size());
  if (node.op == Op::Subscript) {
    const std::int64_t at = from.whole();
    return at >= 1 && at <= size ? array[static_cast<std::size_t>(at - 1)] : Datum();
  }
  const Datum to = evaluate(*node.args[2], frame);
  if (to.null()) return {};
  Items part;
  for (std::int64_t i = std::max<std::int64_t>(from.whole(), 1); i <= std::min(to.whole(), size);
       ++i) {
    part.push_back(array[static_cast<std::size_t>(i - 1)]);
  }
  return part;
}

const std::vector<Row>& Executor::rowsOfSubquery(const Node& node, const Frame& frame) {
  const Plan* plan = node.plan.get();
  if (const auto kept = m_kept.find(plan); kept != m_kept.end()) return kept->second;
  if (standsAlone(*plan)) {
    std::vector<Row> rows = run(*plan, &frame);
    return m_kept[plan] = std::move(rows);
  }
  m_fresh = run(*plan, &frame);
  return m_fresh;
}

Datum Executor::subquery(const Node& node, const Frame& frame) {
  const std::vector<Row>& rows = rowsOfSubquery(node, frame);
  if (m_runtime.failed()) return {};
  if (node.op == Op::Exists) return !rows.empty();
  if (node.op == Op::ArrayQuery) {
    Items array;
    for (const Row& row : rows) array.push_back(row[0]);
    return array;
  }
  if (rows.size() > 1) {
    return m_runtime.fail("21000",
                          "more than one row returned by a subquery used as an expression");
  }
  return rows.empty() ? Datum() : rows[0][0];
}

Datum Executor::inQuery(const Node& node, const Frame& frame) {
  const Datum value = evaluate(*node.args[0], frame);
  const std::vector<Row> rows = rowsOfSubquery(node, frame);
  if (m_runtime.failed()) return {};
  if (rows.empty()) return node.negated;
  if (value.null()) return {};
  bool unknown = false;
  for (const Row& row : rows) {
    node.args[1]->constant = row[0];
    const Datum one = evaluate(*node.args[2], frame);
    if (m_runtime.failed()) return {};
    if (one.null()) {
      unknown = true;
    } else if (compareData(value, one, node.operand) == 0) {
      return !node.negated;
    }
  }
  return unknown ? Datum() : Datum(node.negated);
}

Datum Executor::quantified(const Node& node, const Frame& frame) {
  const Datum value = evaluate(*node.args[0], frame);
  std::vector<Datum> items;
  if (node.plan) {
    const std::vector<Row> rows = rowsOfSubquery(node, frame);
    for (const Row& row : rows) items.push_back(row[0]);
  } else {
    const Datum array = evaluate(*node.args[1], frame);
    if (array.null()) return {};
    items = array.array();
  }
  bool unknown = false;
  Node& left = *node.args[node.args.size() - 2];
  Node& right = *node.args[node.args.size() - 1];
  for (Datum& item : items) {
    left.constant = value;
    right.constant = std::move(item);
    const Datum result = evaluate(*node.compare, frame);
    if (m_runtime.failed()) return {};
    if (result.null()) {
      unknown = true;
    } else if (result.truth() != node.all) {
      return !node.all;
    }
  }
  return unknown ? Datum() : Datum(node.all);
}

namespace {

bool nodeStandsAlone(const Node& node, int level) {
  if (node.op == Op::Column && node.level > level) return false;
  if (node.plan && !standsAlone(*node.plan, level + 1)) return false;
  if (node.compare && !nodeStandsAlone(*node.compare, level)) return false;
  return std::all_of(node.args.begin(), node.args.end(),
                     [&](const NodePtr& one) { return !one || nodeStandsAlone(*one, level); });
}

bool allAlone(const std::vector<NodePtr>& nodes, int level) {
  return std::all_of(nodes.begin(), nodes.end(),
                     [&](const NodePtr& one) { return !one || nodeStandsAlone(*one, level); });
}

bool callAlone(const AggregateCall& call, int level) {
  return allAlone(call.args, level) && (!call.filter || nodeStandsAlone(*call.filter, level)) &&
         std::all_of(call.order.begin(), call.order.end(),
                     [&](const NodeSort& one) { return nodeStandsAlone(*one.node, level); });
}

bool sourceAlone(const Source& source, int level) {
  if (source.kind == SourceKind::Common) return false;  // its rows may still change
  if (source.plan && !standsAlone(*source.plan, level + 1)) return false;
  if (source.call && !nodeStandsAlone(*source.call, level)) return false;
  return allAlone(source.conditions, level) && allAlone(source.leftKeys, level) &&
         allAlone(source.rightKeys, level) && allAlone(source.filters, level) &&
         std::all_of(source.sides.begin(), source.sides.end(),
                     [&](const Source& side) { return sourceAlone(side, level); });
}

}  // namespace

bool standsAlone(const Plan& plan, int level) {
  if (!plan.common.empty()) return false;
  if (plan.left && !standsAlone(*plan.left, level)) return false;
  if (plan.right && !standsAlone(*plan.right, level)) return false;
  for (const auto& row : plan.values) {
    if (!allAlone(row, level)) return false;
  }
  for (const WindowCall& window : plan.windows) {
    if (!callAlone(window.aggregate, level) || !allAlone(window.partition, level)) return false;
    for (const NodeSort& one : window.order) {
      if (!nodeStandsAlone(*one.node, level)) return false;
    }
  }
  return sourceAlone(plan.source, level) && allAlone(plan.filters, level) &&
         allAlone(plan.targets, level) && allAlone(plan.series, level) &&
         allAlone(plan.groupBy, level) && (!plan.having || nodeStandsAlone(*plan.having, level)) &&
         std::all_of(plan.aggregates.begin(), plan.aggregates.end(),
                     [&](const AggregateCall& call) { return callAlone(call, level); });
}

}  // namespace console::query
