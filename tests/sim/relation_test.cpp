// SPDX-License-Identifier: GPL-3.0-or-later
// Page counts are those of real tables: pg_relation_size() of PostgreSQL 15.18.
#include "sim/relation.h"

#include <gtest/gtest.h>

namespace {

sim::Relation big(std::int64_t rows) {
  sim::Relation relation;
  relation.name = "big";
  relation.database = "postgres";
  relation.columns = {{"a", "integer", 4, static_cast<double>(rows), 1, "g"},
                      {"b", "text", 33, static_cast<double>(rows), 0, "md5(g::text)"},
                      {"c", "bigint", 8, 100003, 0, "(g::bigint*7919)%100003"}};
  relation.series = "g";
  relation.rows = rows;
  relation.pages = sim::heapPages(relation, rows);
  return relation;
}

}  // namespace

TEST(Relation, PagesFollowFromThePageLayout) {
  EXPECT_EQ(big(400000).pages, 3739);
  EXPECT_EQ(big(1000000).pages * 8192, 76562432);
  sim::Relation pair;
  pair.columns = {{"a", "integer", 4, 0, 0, {}}, {"b", "integer", 4, 0, 0, {}}};
  EXPECT_EQ(sim::heapPages(pair, 1500000), 6638);
  EXPECT_EQ(sim::heapPages(pair, 0), 0);
}

TEST(Relation, IndexPagesFollowFromIndexTuples) {
  sim::Relation pair;
  pair.rows = 1500000;
  pair.columns = {{"a", "integer", 4, 1500000, 1, {}}, {"b", "integer", 4, 1000, 0, {}}};
  EXPECT_NEAR(static_cast<double>(sim::btreePages(pair, {"a"})), 4116, 20);
  EXPECT_NEAR(static_cast<double>(sim::btreePages(pair, {"b"})), 1343, 200);
  EXPECT_EQ(sim::indexTupleBytes(big(10), {"b"}), 48);
  EXPECT_EQ(sim::indexTupleBytes(big(10), {"c"}), 16);
}

TEST(Relation, MinimalTuplesAreWhatSortsKeep) {
  const sim::Relation relation = big(10);
  EXPECT_EQ(sim::minimalTupleBytes({relation.columns[1]}), 49);
  EXPECT_EQ(sim::minimalTupleBytes({relation.columns[0], relation.columns[1]}), 53);
  EXPECT_EQ(sim::minimalTupleBytes(relation.columns), 64);
}

TEST(Relation, TextAndBackIsTheSame) {
  sim::Relation relation = big(400000);
  relation.indexes.push_back({"big_b_idx", {"b"}, 2500, true});
  relation.dead = 5;
  relation.analyzed = true;
  const auto read = sim::relationFrom(sim::relationText(relation));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(*read, relation);
}

TEST(Relation, OtherTextsAreRefused) {
  for (const char* text :
       {"", "table", "column\ta", "nothing", "table\tx\n", "row\t1\n", "index\ta\t1\t0\tb\n"}) {
    EXPECT_FALSE(sim::relationFrom(text).has_value()) << text;
  }
}
