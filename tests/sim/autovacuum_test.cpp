// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/autovacuum.h"

#include <gtest/gtest.h>

#include "sim/session_actions.h"
#include "world_fixture.h"
#include "world_log.h"

namespace {

sim::SettingDefinition onOff(const std::string& name) {
  sim::SettingDefinition d;
  d.name = name;
  d.context = sim::SettingContext::Sighup;
  d.type = sim::SettingType::Bool;
  d.bootValue = "on";
  return d;
}

// The small catalogue, and the settings of autovacuum with a nap of a second.
sim::WorldSpec laboratory() {
  using enum sim::SettingContext;
  sim::WorldSpec spec = worldtest::spec("16GB");
  std::vector<sim::SettingDefinition> all = worldtest::catalogue()->all();
  all.push_back(onOff("autovacuum"));
  all.push_back(onOff("track_counts"));
  all.push_back(worldtest::integer("autovacuum_naptime", "s", Sighup, 1, 2147483, "1"));
  all.push_back(
      worldtest::integer("log_autovacuum_min_duration", "ms", Sighup, -1, 2147483647, "0"));
  spec.database.catalogue = std::make_shared<sim::SettingCatalogue>(std::move(all));
  return spec;
}

struct Vacuumed : worldtest::Server {
  explicit Vacuumed(std::int64_t dead) : Server(laboratory()) {
    sim::Relation relation;
    relation.name = "av";
    relation.database = "postgres";
    relation.oid = 16'400;
    relation.columns = {{"a", "integer", 4, 1000, 1, {}}};
    relation.rows = 100'000;
    relation.dead = dead;
    relation.pages = sim::heapPages(relation, relation.rows + dead);
    relation.analyzed = true;
    postgres.relations.push_back(relation);
  }
  void pass(int seconds) {
    for (int i = 0; i < seconds; ++i) {
      now = now + base::seconds(1);
      auto c = context();
      sim::stepAutovacuum(c);
    }
  }
};

}  // namespace

TEST(Autovacuum, LeavesATableAloneBelowItsThreshold) {
  Vacuumed server(20'000);  // 50 + 0.2 * 100,000 is more
  server.pass(30);
  EXPECT_EQ(server.postgres.relations[0].dead, 20'000);
  EXPECT_EQ(server.logged(), "");
}

TEST(Autovacuum, VacuumsWhatIsDueAndSaysSo) {
  Vacuumed server(50'000);
  server.pass(30);
  EXPECT_EQ(server.postgres.relations[0].dead, 0);
  EXPECT_TRUE(server.postgres.sessions.empty());
  EXPECT_NE(server.logged().find("LOG:  automatic vacuum of table \"postgres.public.av\""),
            std::string::npos)
      << server.logged();
}

TEST(Autovacuum, AWorkerIsASessionThatGivesWay) {
  Vacuumed server(50'000);
  server.pass(1);
  const std::uint32_t pid = sim::workerOn(server.postgres, 16'400);
  ASSERT_NE(pid, 0u);
  EXPECT_EQ(sim::findSession(server.postgres, pid)->query, "autovacuum: VACUUM public.av");
  EXPECT_EQ(sim::slotsInUse(server.postgres), 0) << "workers have slots of their own";
  auto c = server.context();
  sim::stopWorker(c, pid, false);
  EXPECT_EQ(sim::workerOn(server.postgres, 16'400), 0u);
  EXPECT_EQ(server.postgres.relations[0].dead, 50'000);
  EXPECT_NE(server.logged().find("ERROR:  canceling autovacuum task"), std::string::npos);
}

TEST(Autovacuum, TakesLongerUnderATighterLimit) {
  EXPECT_GT(sim::vacuumMilliseconds(5000, 250, 20, 20),
            10 * sim::vacuumMilliseconds(5000, 250, 2, 200));
  EXPECT_LT(sim::vacuumMilliseconds(5000, 250, 0, 200), sim::vacuumMilliseconds(5000, 250, 2, 200));
}
