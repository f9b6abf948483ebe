// SPDX-License-Identifier: GPL-3.0-or-later
// Memory contexts of plans and sessions, and how a dump shows many of them.
#include "console/sql/plan/plan_contexts.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/text.h"
#include "console/sql/tables/memory_contexts.h"

namespace {

console::PlanNode node(console::PlanKind kind, std::vector<console::PlanNode> children = {}) {
  console::PlanNode result;
  result.kind = kind;
  result.children = std::move(children);
  return result;
}

// A join of two hash aggregates; the inner one finds no memory.
console::PlanNode joinThatFails() {
  using console::PlanKind;
  console::PlanNode outer = node(PlanKind::HashAggregate, {node(PlanKind::SeqScan)});
  outer.startup = 10;
  sim::HashAggregateCost cost;
  cost.tableBytes = 1 << 20;
  cost.groupBytes = 100'000;
  outer.run.aggregate = cost;
  console::PlanNode inner = node(PlanKind::HashAggregate, {node(PlanKind::SeqScan)});
  inner.run.lack = {"HashAgg meta context: M", "  ExprContext: child", "ExprContext: groups"};
  console::PlanNode hash = node(PlanKind::Hash, {inner});
  hash.total = 20;
  hash.run.bucketBytes = 8192;
  return node(PlanKind::HashJoin, {outer, hash});
}

TEST(PlanContexts, ListWhatEachNodeMadeNewestFirst) {
  const std::vector<std::string> lines = console::planContexts(joinThatFails());
  const std::string empty = "ExprContext: 8192 total in 1 blocks; 7928 free (0 chunks); 264 used";
  const std::vector<std::string> expected = {
      // The table was begun, its rows never came.
      "HashTableContext: 8192 total in 1 blocks; 7720 free (0 chunks); 472 used",
      "  HashBatchContext: 16440 total in 2 blocks; 7928 free (0 chunks); 8512 used",
      "printtup: 8192 total in 1 blocks; 7928 free (0 chunks); 264 used",
      // Hash, aggregate, scan.
      "HashAgg meta context: M", "  ExprContext: child", empty, empty, "ExprContext: groups", empty,
      empty, empty,
      // The outer side has run, then the join's own.
      "HashAgg meta context: 1040384 total in 2 blocks; 5008 free (1 chunks); 1035376 used",
      "  " + empty, empty, empty,
      "ExprContext: 131072 total in 5 blocks; 31072 free (11 chunks); 100000 used", empty, empty,
      empty};
  EXPECT_EQ(lines, expected);
}

TEST(PlanContexts, ASideThatIsCheaperToBeginRunsFirst) {
  console::PlanNode join = joinThatFails();
  EXPECT_TRUE(console::outerRunsFirst(join));
  join.children[0].startup = 30;
  EXPECT_FALSE(console::outerRunsFirst(join));
  join.join = console::JoinType::Left;
  EXPECT_TRUE(console::outerRunsFirst(join));
  join.join = console::JoinType::Full;
  EXPECT_FALSE(console::outerRunsFirst(join));
}

TEST(PlanContexts, WhatNeverRanHoldsNothing) {
  console::PlanNode join = joinThatFails();
  join.children[0].startup = 30;
  join.children[0].run.aggregate.reset();
  const std::vector<std::string> lines = console::planContexts(join);
  EXPECT_EQ(lines.size(), 19U);
  EXPECT_EQ(std::count_if(lines.begin(), lines.end(),
                          [](const auto& line) { return base::contains(line, "131072"); }),
            0);
}

TEST(MemoryContexts, ADumpShowsAHundredChildrenAndSumsTheOthers) {
  console::ContextUse use;
  const std::size_t before = console::dumpedContexts(use).size();
  EXPECT_EQ(before, console::memoryContexts(use).size());
  for (int i = 0; i < 120; ++i) {
    use.cache.push_back("CachedPlan: 2048 total in 2 blocks; 48 free (1 chunks); 2000 used: x");
  }
  use.cached = {1000, 8'192'000, 4000, 1000, 0};
  const std::vector<console::MemoryContextLine> all = console::memoryContexts(use);
  const std::vector<console::MemoryContextLine> shown = console::dumpedContexts(use);
  const auto sum = std::find_if(shown.begin(), shown.end(),
                                [](const console::MemoryContextLine& line) { return line.more; });
  ASSERT_NE(sum, shown.end());
  EXPECT_EQ(sum->level, 2);
  const std::size_t caches = static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [](const auto& line) { return line.level == 2; }));
  EXPECT_TRUE(sum->text.starts_with(std::to_string(caches - 100 + 1000) +
                                    " more child contexts containing "))
      << sum->text;
  EXPECT_EQ(shown.size(), all.size() - (caches - 100) + 1);
  // Nothing is lost from the total but what was only counted.
  const std::string whole = console::grandTotal(all), part = console::grandTotal(shown);
  const auto bytes = [](const std::string& text) { return std::stoll(text.substr(13)); };
  EXPECT_EQ(bytes(part), bytes(whole) + 8'192'000);
}

}  // namespace
