// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/query/executor.h"

#include <algorithm>
#include <map>
#include <set>

namespace console::query {
namespace {

constexpr std::size_t kMostRounds = 10'000;  // of a recursive query

// Order of two cells: NULLs where the key wants them.
int compareCells(const Datum& a, const Datum& b, const SortKey& key) {
  if (a.null() || b.null()) {
    if (a.null() && b.null()) return 0;
    return a.null() == key.nullsFirst ? -1 : 1;
  }
  const int order = compareData(a, b, key.type);
  return key.descending ? -order : order;
}

std::string rowKey(const Row& row, const std::vector<OutputColumn>& columns, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += datumKey(row[i], columns[i].type) + '\x1f';
  return text;
}

// Rows in the order of their columns, as grouping by sorting leaves them.
void sortRows(std::vector<Row>& rows, const std::vector<OutputColumn>& columns, std::size_t count) {
  std::stable_sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) {
    for (std::size_t i = 0; i < count; ++i) {
      const int order = compareCells(a[i], b[i], {i, columns[i].type, false, false});
      if (order != 0) return order < 0;
    }
    return false;
  });
}

void makeDistinct(std::vector<Row>& rows, const std::vector<OutputColumn>& columns,
                  std::size_t count) {
  std::set<std::string> seen;
  std::erase_if(rows,
                [&](const Row& row) { return !seen.insert(rowKey(row, columns, count)).second; });
}

}  // namespace

std::vector<Row> Executor::run(const Plan& plan, const Frame* outer) {
  runCommon(plan, outer);
  if (m_runtime.failed()) return {};
  if (plan.left) return finish(plan, setOperation(plan, outer), outer);
  if (plan.values.empty()) return finish(plan, select(plan, outer), outer);
  std::vector<Row> rows;
  const Frame around{nullptr, nullptr, nullptr, nullptr, outer};
  for (const auto& line : plan.values) {
    Row& row = rows.emplace_back();
    for (const NodePtr& one : line) row.push_back(evaluate(*one, around));
    if (m_runtime.failed()) return {};
  }
  return finish(plan, std::move(rows), outer);
}

void Executor::runCommon(const Plan& plan, const Frame* outer) {
  for (const CommonPlan& common : plan.common) {
    m_common[common.number] = run(*common.plan, outer);
    if (m_runtime.failed()) return;
    if (common.recursive) recurse(common, outer);
  }
}

void Executor::recurse(const CommonPlan& common, const Frame* outer) {
  const std::vector<OutputColumn>& columns = common.plan->columns;
  const std::size_t count = common.plan->visible;
  std::vector<Row> all = m_common[common.number];
  if (!common.all) makeDistinct(all, columns, count);
  m_common[common.number] = all;
  std::set<std::string> seen;
  for (const Row& row : all) seen.insert(rowKey(row, columns, count));
  for (std::size_t round = 0; !m_common[common.number].empty(); ++round) {
    std::vector<Row> fresh = run(*common.recursive, outer);
    if (m_runtime.failed()) return;
    for (Row& row : fresh) {
      for (std::size_t i = 0; i < count; ++i) {
        row[i] = castDatum(m_runtime, row[i], common.recursive->columns[i].type, columns[i].type);
      }
    }
    if (!common.all) {
      std::erase_if(
          fresh, [&](const Row& row) { return !seen.insert(rowKey(row, columns, count)).second; });
    }
    if (round > kMostRounds || !m_runtime.work(static_cast<std::int64_t>(fresh.size()) + 50)) {
      m_runtime.fail("57014", "canceling statement due to statement timeout");
      return;
    }
    all.insert(all.end(), fresh.begin(), fresh.end());
    m_common[common.number] = std::move(fresh);
  }
  m_common[common.number] = std::move(all);
}

std::vector<Row> Executor::setOperation(const Plan& plan, const Frame* outer) {
  std::vector<Row> left = run(*plan.left, outer);
  if (plan.operation.empty() || m_runtime.failed()) return left;
  std::vector<Row> right = run(*plan.right, outer);
  const auto convert = [&](std::vector<Row>& rows, const std::vector<DataType>& types) {
    for (Row& row : rows) {
      for (std::size_t i = 0; i < plan.visible; ++i) {
        row[i] = castDatum(m_runtime, row[i], types[i], plan.columns[i].type);
      }
    }
  };
  convert(left, plan.leftTypes);
  convert(right, plan.rightTypes);
  if (m_runtime.failed()) return {};
  if (plan.operation == "union") {
    left.insert(left.end(), std::make_move_iterator(right.begin()),
                std::make_move_iterator(right.end()));
  } else {
    std::map<std::string, std::int64_t> counts;
    for (const Row& row : right) ++counts[rowKey(row, plan.columns, plan.visible)];
    const bool intersects = plan.operation == "intersect";
    std::erase_if(left, [&](const Row& row) {
      const auto found = counts.find(rowKey(row, plan.columns, plan.visible));
      const bool there = found != counts.end() && found->second > 0;
      if (there && plan.all) --found->second;
      return there != intersects;
    });
  }
  if (!plan.all) {
    sortRows(left, plan.columns, plan.visible);
    makeDistinct(left, plan.columns, plan.visible);
  }
  return left;
}

std::vector<Row> Executor::select(const Plan& plan, const Frame* outer) {
  std::vector<Row> rows;
  if (plan.source.kind == SourceKind::Nothing) {
    rows.emplace_back();
  } else {
    rows = rowsOf(plan.source, plan, outer, nullptr);
  }
  if (!plan.filters.empty()) {
    std::erase_if(rows, [&](const Row& row) {
      const Frame frame{&row, nullptr, nullptr, nullptr, outer};
      return !pass(plan.filters, frame);
    });
  }
  if (m_runtime.failed()) return {};
  std::vector<Work> work;
  if (plan.grouped) {
    work = grouped(plan, std::move(rows), outer);
  } else {
    for (Row& row : rows) work.push_back({std::move(row), {}, {}, {}});
  }
  if (!plan.windows.empty()) windows(plan, work, outer);
  std::vector<Row> outputs;
  for (const Work& one : work) {
    output(plan, one, outer, outputs);
    if (m_runtime.failed()) return {};
  }
  return outputs;
}

// The select list for a row; set-returning functions make several of it.
void Executor::output(const Plan& plan, const Work& work, const Frame* outer,
                      std::vector<Row>& rows) {
  Frame frame{&work.row, plan.grouped ? &work.aggregates : nullptr,
              plan.windows.empty() ? nullptr : &work.windows, nullptr, outer};
  std::vector<std::vector<Datum>> series;
  std::size_t count = 1;
  if (!plan.series.empty()) {
    count = 0;
    for (const NodePtr& one : plan.series) {
      series.push_back(seriesOf(*one, frame));
      count = std::max(count, series.back().size());
    }
  }
  for (std::size_t i = 0; i < count; ++i) {
    Row items;
    for (const auto& one : series) items.push_back(i < one.size() ? one[i] : Datum());
    if (!series.empty()) frame.series = &items;
    Row row;
    row.reserve(plan.targets.size());
    for (const NodePtr& one : plan.targets) row.push_back(evaluate(*one, frame));
    if (!m_runtime.work(static_cast<std::int64_t>(plan.targets.size()))) return;
    rows.push_back(std::move(row));
  }
}

std::vector<Row> Executor::finish(const Plan& plan, std::vector<Row> rows, const Frame* outer) {
  if (m_runtime.failed()) return {};
  if (plan.distinct && plan.distinctOn == 0) {
    if (plan.orderBy.empty()) sortRows(rows, plan.columns, plan.visible);
    makeDistinct(rows, plan.columns, plan.visible);
  }
  if (!plan.orderBy.empty()) {
    std::stable_sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) {
      for (const SortKey& key : plan.orderBy) {
        const int order = compareCells(a[key.column], b[key.column], key);
        if (order != 0) return order < 0;
      }
      return false;
    });
  }
  if (plan.distinctOn > 0) {
    std::set<std::string> seen;
    std::erase_if(rows, [&](const Row& row) {
      std::string key;
      for (std::size_t i = 0; i < std::min(plan.distinctOn, plan.orderBy.size()); ++i) {
        key += datumKey(row[plan.orderBy[i].column], plan.orderBy[i].type) + '\x1f';
      }
      return !seen.insert(key).second;
    });
  }
  const Frame around{nullptr, nullptr, nullptr, nullptr, outer};
  std::int64_t skip = 0, most = -1;
  if (plan.offset) {
    const Datum value = evaluate(*plan.offset, around);
    skip = value.null() ? 0 : value.whole();
    if (skip < 0) m_runtime.fail("2201X", "OFFSET must not be negative");
  }
  if (plan.limit) {
    const Datum value = evaluate(*plan.limit, around);
    most = value.null() ? -1 : value.whole();
    if (!value.null() && most < 0) m_runtime.fail("2201W", "LIMIT must not be negative");
  }
  if (m_runtime.failed()) return {};
  const auto size = static_cast<std::int64_t>(rows.size());
  rows.erase(rows.begin(), rows.begin() + std::min(skip, size));
  if (most >= 0 && most < static_cast<std::int64_t>(rows.size())) {
    rows.resize(static_cast<std::size_t>(most));
  }
  for (Row& row : rows) row.resize(plan.visible);
  return rows;
}

}  // namespace console::query
