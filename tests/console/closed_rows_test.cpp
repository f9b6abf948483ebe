// SPDX-License-Identifier: GPL-3.0-or-later
// Closed forms against going through the rows, for expressions drawn from a seed.
#include "console/sql/plan/closed_rows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/random.h"
#include "console/sql/plan/accumulator.h"

namespace {

using console::ClosedRows;
using console::EvaluationScope;
using console::Evaluator;
using console::Expr;
using console::RowSource;
using console::Value;

constexpr std::int64_t kRows = 700;

RowSource source() {
  sim::Relation relation;
  relation.name = "t";
  relation.rows = kRows;
  relation.series = "g";
  relation.seriesFrom = 3;
  const char* sources[] = {"g", "(g - 1) / 50 + 1", "(g::bigint * 7919) % 103", "100 - g / 3",
                           "case when (g % 5 = 0) then (7) else (g) end"};
  for (const char* one : sources) {
    sim::RelationColumn column;
    column.name = std::string(1, static_cast<char>('a' + relation.columns.size()));
    column.source = one;
    relation.columns.push_back(column);
  }
  return *RowSource::of(relation);
}

struct Draw {
  std::uint64_t seed;
  std::uint32_t n = 0;
  std::uint64_t below(std::uint64_t bound) {
    return base::below(bound, seed, base::Stream::Queries, 0, n++);
  }
  std::string column() { return std::string(1, static_cast<char>('a' + below(5))); }
  std::string number() { return std::to_string(static_cast<int>(below(140)) - 20); }
  std::string value() {
    switch (below(5)) {
      case 0:
        return "(" + column() + " + " + number() + ")";
      case 1:
        return "(" + column() + " * " + std::to_string(below(9)) + ")";
      case 2:
        return "(a / " + std::to_string(below(30) + 1) + ")";
      case 3:
        return "(a % " + std::to_string(below(30) + 1) + ")";
      default:
        return column();
    }
  }
  std::string condition(int depth) {
    const char* ops[] = {"=", "<>", "<", "<=", ">", ">="};
    switch (depth > 2 ? 0 : below(6)) {
      case 1:
        return "(" + condition(depth + 1) + " and " + condition(depth + 1) + ")";
      case 2:
        return "(" + condition(depth + 1) + " or " + condition(depth + 1) + ")";
      case 3:
        return "(not " + condition(depth + 1) + ")";
      case 4:
        return "(" + value() + " between " + number() + " and " + number() + ")";
      case 5:
        return "(" + value() + " in (" + number() + ", " + number() + ", " + number() + "))";
      default:
        return "(" + value() + " " + ops[below(6)] + " " + (below(4) == 0 ? value() : number()) +
               (below(6) == 0 ? " + 0.5)" : ")");
    }
  }
};

Value at(const RowSource& rows, std::int64_t row, const Expr& expr) {
  EvaluationScope scope;
  EXPECT_TRUE(rows.fill(row, scope.names));
  return Evaluator(scope).evaluate(expr).value_or(Value{});
}

TEST(ClosedRows, ConditionsTakeTheRowsTheyTakeOneByOne) {
  const RowSource rows = source();
  const EvaluationScope scope;
  const ClosedRows closed(rows, scope);
  int answered = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    Draw draw{seed};
    const std::string text = draw.condition(0);
    const Expr condition = *console::readExpression(text);
    const auto passing = closed.select(condition, closed.all());
    if (!passing) continue;
    ++answered;
    std::set<std::int64_t> found;
    for (const console::Progression& one : *passing) {
      for (std::int64_t t = 0; t < one.count; ++t) {
        EXPECT_TRUE(found.insert(one.first + one.step * t).second) << text;
      }
    }
    for (std::int64_t row = 0; row < kRows; ++row) {
      ASSERT_EQ(found.contains(row), at(rows, row, condition).whole != 0) << text << " row " << row;
    }
  }
  EXPECT_GT(answered, 300);
}

TEST(ClosedRows, PartsSumAndDivideAsTheRowsDo) {
  const RowSource rows = source();
  const EvaluationScope scope;
  const ClosedRows closed(rows, scope);
  int answered = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Draw draw{seed + 1000};
    const std::string text = draw.value();
    Expr sum = *console::readExpression("sum(" + text + ")"), least = sum, most = sum;
    least.text = "min";
    most.text = "max";
    const Expr& expr = sum.args[0];
    const auto parts = closed.parts(expr, closed.all());
    const auto values = closed.byValue(expr, closed.all());
    if (!parts || !values) continue;
    ++answered;
    console::Accumulator many[] = {console::Accumulator(sum), console::Accumulator(least),
                                   console::Accumulator(most)};
    console::Accumulator each[] = {many[0], many[1], many[2]};
    std::map<std::string, std::int64_t> groups, counted;
    for (std::int64_t row = 0; row < kRows; ++row) {
      const Value value = at(rows, row, expr);
      for (console::Accumulator& one : each) one.add(value);
      ++groups[valueText(value)];
    }
    for (const console::FormPart& part : *parts) {
      for (console::Accumulator& one : many) one.add(part.form, part.rows.count);
    }
    for (const console::EqualRows& one : *values) counted[valueText(one.value)] += one.rows.count;
    for (int i = 0; i < 3; ++i) {
      EXPECT_EQ(valueText(*many[i].result(false, kRows)), valueText(*each[i].result(false, kRows)))
          << text << " " << i;
    }
    EXPECT_EQ(groups, counted) << text;
  }
  EXPECT_GT(answered, 250);
}

TEST(ClosedRows, TheFirstInAnOrderAreThoseOfASort) {
  const RowSource rows = source();
  const EvaluationScope scope;
  const ClosedRows closed(rows, scope);
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    Draw draw{seed + 5000};
    const Expr first = *console::readExpression(draw.value());
    const Expr second = *console::readExpression("a");
    const bool down = draw.below(2) == 0, then = draw.below(2) == 0;
    const auto best = closed.best({{&first, down}, {&second, then}}, closed.all(), 9);
    if (!best) continue;
    std::vector<std::int64_t> all;
    for (std::int64_t row = 0; row < kRows; ++row) all.push_back(row);
    std::stable_sort(all.begin(), all.end(), [&](std::int64_t x, std::int64_t y) {
      const std::int64_t a = at(rows, x, first).whole, b = at(rows, y, first).whole;
      if (a != b) return down ? a > b : a < b;
      return then ? x > y : x < y;
    });
    all.resize(9);
    const std::set<std::int64_t> found(best->begin(), best->end());
    for (const std::int64_t row : all) EXPECT_TRUE(found.contains(row)) << seed << " row " << row;
    EXPECT_LT(found.size(), 200U);
  }
}

// 10^14 rows take no longer than ten.
TEST(ClosedRows, SizeDoesNotMatter) {
  const RowSource rows = RowSource::series("g", 1, 1, 100'000'000'000'000, true);
  const EvaluationScope scope;
  const ClosedRows closed(rows, scope);
  const Expr expr = *console::readExpression("g * 7919 % 100003");
  console::Accumulator sum(*console::readExpression("sum(g)"));
  const auto parts = closed.parts(expr, closed.all());
  ASSERT_TRUE(parts);
  for (const console::FormPart& one : *parts) sum.add(one.form, one.rows.count);
  EXPECT_EQ(valueText(*sum.result(false, 0)), "5000100000000059674");
}

}  // namespace
