// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of FROM. Every row is as wide as all of FROM; a source fills its own columns.
#include <unordered_map>

#include "console/sql/query/executor.h"

namespace console::query {

bool Executor::pass(const std::vector<NodePtr>& conditions, const Frame& frame) {
  for (const NodePtr& one : conditions) {
    if (!evaluate(*one, frame).truth() || m_runtime.failed()) return false;
  }
  return true;
}

std::string Executor::keyOf(const std::vector<NodePtr>& keys, const Frame& frame, bool& null) {
  std::string text;
  null = false;
  for (const NodePtr& one : keys) {
    const Datum value = evaluate(*one, frame);
    null = null || value.null();
    text += datumKey(value, one->type) + '\x1f';
  }
  return text;
}

std::vector<Row> Executor::leafRows(const Source& source, const Plan& plan, const Frame* outer,
                                    const Row* left) {
  std::vector<Row> found;
  const Frame around{left, nullptr, nullptr, nullptr, outer};
  switch (source.kind) {
    case SourceKind::Table:
      found = source.table->rows({m_runtime.query().machine, m_runtime.session()});
      break;
    case SourceKind::Common:
      found = m_common[source.common];
      break;
    case SourceKind::Query:
      found = run(*source.plan, &around);
      break;
    case SourceKind::Function: {
      std::vector<Datum> items = seriesOf(*source.call, around);
      std::int64_t number = 0;
      for (Datum& item : items) {
        Row row = {std::move(item)};
        if (source.ordinality) row.emplace_back(++number);
        found.push_back(std::move(row));
      }
      break;
    }
    default:
      return {Row(plan.width)};
  }
  std::vector<Row> rows;
  rows.reserve(found.size());
  for (Row& narrow : found) {
    if (!m_runtime.work(1 + static_cast<std::int64_t>(plan.width) / 4)) return {};
    Row row = left != nullptr ? *left : Row(plan.width);
    row.resize(plan.width);
    for (std::size_t i = 0; i < source.width && i < narrow.size(); ++i) {
      row[source.offset + i] = std::move(narrow[i]);
    }
    if (!source.filters.empty()) {
      const Frame frame{&row, nullptr, nullptr, nullptr, outer};
      if (!pass(source.filters, frame)) {
        if (m_runtime.failed()) return {};
        continue;
      }
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<Row> Executor::rowsOf(const Source& source, const Plan& plan, const Frame* outer,
                                  const Row* left) {
  if (source.kind != SourceKind::Join) return leafRows(source, plan, outer, left);
  std::vector<Row> rows = joined(source, plan, outer, left);
  if (source.filters.empty() || m_runtime.failed()) return rows;
  std::erase_if(rows, [&](const Row& row) {
    const Frame frame{&row, nullptr, nullptr, nullptr, outer};
    return !pass(source.filters, frame);
  });
  return rows;
}

std::vector<Row> Executor::joined(const Source& source, const Plan& plan, const Frame* outer,
                                  const Row* left) {
  const Source &first = source.sides[0], &second = source.sides[1];
  const std::vector<Row> lefts = rowsOf(first, plan, outer, left);
  if (m_runtime.failed()) return {};
  const bool lateral = second.lateral;
  std::vector<Row> rights;
  if (!lateral) rights = rowsOf(second, plan, outer, left);
  std::vector<bool> matched(rights.size());
  // Rows of the right side by their key.
  std::unordered_map<std::string, std::vector<std::size_t>> byKey;
  const bool keyed = !source.rightKeys.empty() && !lateral;
  for (std::size_t i = 0; keyed && i < rights.size(); ++i) {
    bool null = false;
    const Frame frame{&rights[i], nullptr, nullptr, nullptr, outer};
    std::string key = keyOf(source.rightKeys, frame, null);
    if (!null) byKey[std::move(key)].push_back(i);
  }
  std::vector<Row> rows;
  const bool keepsLeft = source.join == JoinKind::Left || source.join == JoinKind::Full;
  for (const Row& one : lefts) {
    if (m_runtime.failed()) return {};
    if (lateral) rights = rowsOf(second, plan, outer, &one);
    const Frame leftFrame{&one, nullptr, nullptr, nullptr, outer};
    bool any = false;
    const auto take = [&](std::size_t i) {
      if (!m_runtime.work(1 + static_cast<std::int64_t>(plan.width) / 4)) return;
      Row row = one;
      for (std::size_t k = second.offset; k < second.offset + second.width; ++k) {
        row[k] = rights[i][k];
      }
      const Frame frame{&row, nullptr, nullptr, nullptr, outer};
      if (!pass(source.conditions, frame)) return;
      if (lateral && !source.rightKeys.empty()) {
        bool null = false, other = false;
        if (keyOf(source.leftKeys, frame, null) != keyOf(source.rightKeys, frame, other) || null) {
          return;
        }
      }
      any = true;
      if (!lateral) matched[i] = true;
      rows.push_back(std::move(row));
    };
    if (keyed) {
      bool null = false;
      const std::string key = keyOf(source.leftKeys, leftFrame, null);
      const auto found = null ? byKey.end() : byKey.find(key);
      if (found != byKey.end()) {
        for (const std::size_t i : found->second) take(i);
      }
    } else {
      for (std::size_t i = 0; i < rights.size() && !m_runtime.failed(); ++i) take(i);
    }
    if (!any && keepsLeft) rows.push_back(one);
  }
  if (source.join == JoinKind::Right || source.join == JoinKind::Full) {
    for (std::size_t i = 0; i < rights.size(); ++i) {
      if (!matched[i]) rows.push_back(rights[i]);
    }
  }
  return rows;
}

}  // namespace console::query
