// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/relation_actions.h"

#include <gtest/gtest.h>

namespace {

sim::Action make(const std::string& name, const std::string& text,
                 std::map<std::string, std::string> fields = {}) {
  sim::Action action;
  action.verb = sim::Verb::Relation;
  action.target = name;
  action.text = text;
  action.fields = std::move(fields);
  return action;
}

std::string table(const std::string& name, std::uint32_t session = 0) {
  sim::Relation relation;
  relation.name = name;
  relation.session = session;
  relation.columns = {{"a", "integer", 4, 10, 1, {}}};
  return sim::relationText(relation);
}

}  // namespace

TEST(RelationActions, TablesComeAndGo) {
  sim::Postgres server;
  EXPECT_TRUE(sim::changeRelation(server, make("t", table("t"))).accepted);
  ASSERT_EQ(server.relations.size(), 1u);
  EXPECT_NE(server.relations[0].oid, 0u);
  EXPECT_FALSE(sim::changeRelation(server, make("t", "rubbish")).accepted);
  EXPECT_FALSE(sim::changeRelation(server, make("u", table("t"))).accepted);
  EXPECT_TRUE(sim::changeRelation(server, make("t", {}, {{"drop", "yes"}})).accepted);
  EXPECT_TRUE(server.relations.empty());
  EXPECT_FALSE(sim::changeRelation(server, make("t", {}, {{"drop", "yes"}})).accepted);
}

TEST(RelationActions, ASessionTakesItsTemporaryTablesAlong) {
  sim::Postgres server;
  ASSERT_TRUE(sim::changeRelation(server, make("t", table("t", 77))).accepted);
  ASSERT_TRUE(sim::changeRelation(server, make("u", table("u"))).accepted);
  EXPECT_TRUE(sim::changeRelation(server, make("", {}, {{"session", "77"}})).accepted);
  ASSERT_EQ(server.relations.size(), 1u);
  EXPECT_EQ(server.relations[0].name, "u");
}

TEST(RelationActions, WhatAStatementUsedIsCounted) {
  sim::Postgres server;
  sim::Action action;
  action.verb = sim::Verb::Execute;
  action.target = "4711";
  action.fields = {{"temp-files", "2"}, {"temp-bytes", "1000"}, {"hit", "10"}, {"read", "3"}};
  EXPECT_TRUE(sim::bookExecution(server, action).accepted);
  EXPECT_EQ(server.tempFiles, 2);
  EXPECT_EQ(server.tempBytes, 1000);
  EXPECT_EQ(server.blocksHit, 10);
  EXPECT_EQ(server.blocksRead, 3);
  EXPECT_EQ(server.commits, 1);
  server.life = sim::Life::Stopped;
  EXPECT_FALSE(sim::bookExecution(server, action).accepted);
}
