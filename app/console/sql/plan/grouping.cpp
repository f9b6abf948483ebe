// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/plan/grouping.h"

#include <algorithm>

namespace console {

RowGroup& Grouping::groupOf(Groups& groups, std::vector<Value> keys) const {
  std::vector<std::string> texts;
  // NULL is a group of its own.
  for (const Value& one : keys) texts.push_back(one.null() ? "n" : "v" + valueText(one));
  RowGroup& group = groups[std::move(texts)];
  if (group.states.empty()) {
    for (const Expr& call : m_aggregates) group.states.emplace_back(call);
  }
  if (group.rows == 0) group.keys = std::move(keys);
  return group;
}

// Divides the parts by the values of each key in turn.
bool Grouping::refine(const ClosedRows& rows, std::vector<EqualRows>& parts,
                      std::vector<std::vector<Value>>& values) const {
  for (const Expr& key : m_keys) {
    std::vector<EqualRows> finer;
    std::vector<std::vector<Value>> finerValues;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const auto divided = rows.byValue(key, parts[i].rows);
      if (!divided) return false;
      for (const EqualRows& one : *divided) {
        finer.push_back(one);
        finerValues.push_back(values[i]);
        finerValues.back().push_back(one.value);
      }
      if (static_cast<std::int64_t>(finer.size()) > kMostParts) return false;
    }
    parts = std::move(finer);
    values = std::move(finerValues);
  }
  return true;
}

bool Grouping::take(const ClosedRows& rows, const Progression& part, RowGroup& group) const {
  for (std::size_t i = 0; i < m_aggregates.size(); ++i) {
    if (m_aggregates[i].args.empty()) continue;
    if (group.states[i].distinct()) {
      const auto values = rows.byValue(m_aggregates[i].args[0], part);
      if (!values) return false;
      for (const EqualRows& one : *values) group.states[i].add(one.value, one.rows.count);
      continue;
    }
    const auto forms = rows.parts(m_aggregates[i].args[0], part);
    if (!forms) return false;
    for (const FormPart& one : *forms) group.states[i].add(one.form, one.rows.count);
  }
  return true;
}

bool Grouping::closed(const RowWalk& walk, Groups& groups) {
  if (!walk.passing()) return false;
  const ClosedRows rows(m_source, m_scope);
  std::vector<EqualRows> parts;
  for (const Progression& one : *walk.passing()) {
    if (one.count > 0) parts.push_back({one, {}});
  }
  std::vector<std::vector<Value>> values(parts.size());
  if (!refine(rows, parts, values)) return false;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Progression& part = parts[i].rows;
    RowGroup& group = groupOf(groups, std::move(values[i]));
    if (group.rows == 0 && !walk.fill(part.first, group.first)) return false;
    group.rows += part.count;
    if (!take(rows, part, group)) return false;
  }
  return true;
}

bool Grouping::oneByOne(RowWalk& walk, Groups& groups) {
  const bool through = walk.each([&](const EvaluationScope& row) {
    Evaluator evaluator(row);
    const auto valueOf = [&](const Expr& expr) {
      std::optional<Value> value = evaluator.evaluate(expr);
      if (!value) m_failure = evaluator.failure();
      return value;
    };
    std::vector<Value> keys;
    for (const Expr& key : m_keys) {
      std::optional<Value> value = valueOf(key);
      if (!value) return false;
      keys.push_back(std::move(*value));
    }
    RowGroup& group = groupOf(groups, std::move(keys));
    if (group.rows++ == 0) group.first = row.names;
    for (std::size_t i = 0; i < m_aggregates.size(); ++i) {
      if (m_aggregates[i].args.empty()) continue;
      const std::optional<Value> value = valueOf(m_aggregates[i].args[0]);
      if (!value) return false;
      group.states[i].add(*value);
    }
    return true;
  });
  if (!through) m_failure = walk.failure();
  return through && !m_failure;
}

std::optional<std::vector<RowGroup>> Grouping::groups(RowWalk& walk) {
  for (const Expr& call : m_aggregates) {
    if (Accumulator::knows(call)) continue;
    m_failure = notComputed("aggregate function " + call.text + " is not computed");
    return std::nullopt;
  }
  Groups groups;
  if (m_keys.empty()) (void)groupOf(groups, {});
  if (!closed(walk, groups)) {
    groups.clear();
    if (m_keys.empty()) (void)groupOf(groups, {});
    if (!oneByOne(walk, groups)) return std::nullopt;
  }
  std::vector<RowGroup> result;
  for (auto& [texts, group] : groups) result.push_back(std::move(group));
  std::stable_sort(result.begin(), result.end(), [](const RowGroup& a, const RowGroup& b) {
    for (std::size_t i = 0; i < a.keys.size(); ++i) {
      if (comesBefore(a.keys[i], b.keys[i])) return true;
      if (comesBefore(b.keys[i], a.keys[i])) return false;
    }
    return false;
  });
  return result;
}

}  // namespace console
