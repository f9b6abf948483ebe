// SPDX-License-Identifier: GPL-3.0-or-later
// GROUP BY: rows into groups, aggregates over them.
#include <algorithm>
#include <map>
#include <set>

#include "console/sql/query/executor.h"

namespace console::query {

int Executor::compareKeys(const std::vector<NodeSort>& order, const std::vector<Datum>& a,
                          const std::vector<Datum>& b) const {
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (a[i].null() || b[i].null()) {
      if (a[i].null() && b[i].null()) continue;
      return a[i].null() == order[i].nullsFirst ? -1 : 1;
    }
    const int one = compareData(a[i], b[i], order[i].node->type);
    if (one != 0) return order[i].descending ? -one : one;
  }
  return 0;
}

Datum Executor::aggregate(const AggregateCall& call, const std::vector<const Frame*>& frames) {
  std::vector<Row> rows;
  std::vector<std::pair<std::vector<Datum>, Row>> sorted;
  std::set<std::string> seen;
  for (const Frame* frame : frames) {
    if (call.filter && !evaluate(*call.filter, *frame).truth()) continue;
    Row row;
    std::string key;
    for (const NodePtr& one : call.args) {
      row.push_back(evaluate(*one, *frame));
      if (call.distinct) key += datumKey(row.back(), one->type) + '\x1f';
    }
    if (m_runtime.failed()) return {};
    if (call.distinct && !seen.insert(key).second) continue;
    if (call.order.empty()) {
      rows.push_back(std::move(row));
      continue;
    }
    std::vector<Datum> keys;
    for (const NodeSort& one : call.order) keys.push_back(evaluate(*one.node, *frame));
    sorted.emplace_back(std::move(keys), std::move(row));
  }
  if (call.distinct && call.order.empty() && !call.args.empty()) {
    // DISTINCT sorts what it has.
    std::stable_sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) {
      if (a[0].null() || b[0].null()) return !a[0].null() && b[0].null();
      return compareData(a[0], b[0], call.types[0]) < 0;
    });
  }
  std::stable_sort(sorted.begin(), sorted.end(), [&](const auto& a, const auto& b) {
    return compareKeys(call.order, a.first, b.first) < 0;
  });
  for (auto& [keys, row] : sorted) rows.push_back(std::move(row));
  const CallSite site{m_runtime, call.types, call.result};
  return call.function->aggregate(site, rows);
}

std::vector<Executor::Work> Executor::grouped(const Plan& plan, std::vector<Row> rows,
                                              const Frame* outer) {
  struct Group {
    std::vector<Datum> keys;
    std::vector<std::size_t> rows;
  };
  std::vector<Group> groups;
  std::map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Frame frame{&rows[i], nullptr, nullptr, nullptr, outer};
    std::string key;
    std::vector<Datum> values;
    for (const NodePtr& one : plan.groupBy) {
      values.push_back(evaluate(*one, frame));
      key += datumKey(values.back(), one->type) + '\x1f';
    }
    if (m_runtime.failed()) return {};
    const auto [place, fresh] = places.emplace(key, groups.size());
    if (fresh) groups.push_back({std::move(values), {}});
    groups[place->second].rows.push_back(i);
  }
  // Without GROUP BY there is always one group.
  if (groups.empty() && plan.groupBy.empty()) groups.emplace_back();
  std::stable_sort(groups.begin(), groups.end(), [&](const Group& a, const Group& b) {
    for (std::size_t i = 0; i < plan.groupBy.size(); ++i) {
      if (a.keys[i].null() || b.keys[i].null()) {
        if (a.keys[i].null() != b.keys[i].null()) return b.keys[i].null();
        continue;
      }
      const int order = compareData(a.keys[i], b.keys[i], plan.groupBy[i]->type);
      if (order != 0) return order < 0;
    }
    return false;
  });
  std::vector<Work> work;
  for (const Group& group : groups) {
    std::vector<Frame> frames;
    std::vector<const Frame*> pointers;
    frames.reserve(group.rows.size());
    for (const std::size_t i : group.rows) {
      frames.push_back({&rows[i], nullptr, nullptr, nullptr, outer});
      pointers.push_back(&frames.back());
    }
    Work one;
    one.row = group.rows.empty() ? Row(plan.width) : rows[group.rows[0]];
    for (const AggregateCall& call : plan.aggregates) {
      one.aggregates.push_back(aggregate(call, pointers));
      if (m_runtime.failed()) return {};
    }
    if (plan.having) {
      const Frame frame{&one.row, &one.aggregates, nullptr, nullptr, outer};
      if (!evaluate(*plan.having, frame).truth()) continue;
    }
    work.push_back(std::move(one));
  }
  return work;
}

}  // namespace console::query
