// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/visitors.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "sim/server_backends.h"
#include "world_log.h"

namespace {

using base::minutes;
using base::seconds;

// A website in front of a server that answers from memory, one second at a time.
struct Shop : worldtest::Server {
  explicit Shop(const sim::WorldSpec& spec) : Server(spec) {
    site.hosts = 2;
    auto c = context();
    (void)sim::connectHosts(c, 2, 10);
  }
  Shop() : Shop(worldtest::spec("16GB")) {}
  void tick(double traffic = 1) {
    now = now + seconds(1);
    const std::uint64_t chance = base::draw64(1, base::Stream::Arrivals, now.seconds());
    sim::stepVisitors(site, *model, postgres,
                      {chance, now, 1, traffic, {0.005, 1, 0.0005, 0.0007}});
  }
  void run(int count) {
    for (int i = 0; i < count; ++i) tick();
  }
  sim::Website site;
};

sim::WorldSpec steady(double users) {
  sim::WorldSpec spec = worldtest::spec("16GB");
  spec.workload.users = {{{}, users}};
  spec.workload.noise = 0;
  return spec;
}

}  // namespace

TEST(Visitors, UsersFollowTheLinesBetweenThePoints) {
  sim::WorkloadSpec spec;
  EXPECT_EQ(sim::usersAt(spec, minutes(5)), 0);
  spec.users = {{minutes(10), 1000}, {minutes(20), 3000}, {minutes(20), 5000}};
  EXPECT_EQ(sim::usersAt(spec, minutes(0)), 1000);
  EXPECT_EQ(sim::usersAt(spec, minutes(15)), 2000);
  EXPECT_EQ(sim::usersAt(spec, minutes(20)), 3000);
  EXPECT_EQ(sim::usersAt(spec, minutes(21)), 5000);
}

TEST(Visitors, TheAutoscalerAddsHostsAfterTheirStartAndNeverTooMany) {
  const sim::WorldSpec spec = worldtest::spec("16GB");  // 300 a second x 10 s = 3000 users a host
  sim::Website site;
  site.users = 7000;
  sim::scaleHosts(site, spec.website, spec.workload, minutes(1));
  EXPECT_EQ(site.hosts, 1);
  EXPECT_EQ(site.hostsStarting, 2);
  sim::scaleHosts(site, spec.website, spec.workload, minutes(1) + seconds(89));
  EXPECT_EQ(site.hosts, 1);
  sim::scaleHosts(site, spec.website, spec.workload, minutes(1) + seconds(90));
  EXPECT_EQ(site.hosts, 3);
  site.users = 100'000;
  sim::scaleHosts(site, spec.website, spec.workload, minutes(5));
  sim::scaleHosts(site, spec.website, spec.workload, minutes(7));
  EXPECT_EQ(site.hosts, 4);
  site.users = 8000;  // 4 hosts would still be wanted at a quarter more
  sim::scaleHosts(site, spec.website, spec.workload, minutes(8));
  EXPECT_EQ(site.hosts, 4);
  site.users = 3000;
  sim::scaleHosts(site, spec.website, spec.workload, minutes(9));
  EXPECT_EQ(site.hosts, 2);
}

TEST(Visitors, ACalmDayServesEverybodyAndCountsEveryRequest) {
  Shop shop(steady(3000));
  shop.run(600);
  const sim::Website& site = shop.site;
  EXPECT_EQ(site.failed, 0);
  EXPECT_EQ(site.arrived, site.served + site.waiting);
  // 3000 users, one request per 10 s of thinking and some milliseconds.
  EXPECT_NEAR(static_cast<double>(site.served), 180'000, 1000);
  // Two of five visitors never need the database.
  EXPECT_NEAR(static_cast<double>(site.cached), 180'000 * 0.4 / 0.6, 1000);
  EXPECT_GE(site.healthySinceMs, 0);
  EXPECT_EQ(site.firstHurtMs, -1);
  EXPECT_LT(site.userMinutesLost, 1e-9);
  EXPECT_EQ(site.budgetBurned, 0);
}

TEST(Visitors, WithoutAServerEveryRequestFailsAndTheAffectedAreThoseWhoNeedIt) {
  Shop shop(steady(3000));
  shop.run(60);
  shop.postgres.life = sim::Life::Recovering;
  shop.run(240);
  const sim::Website& site = shop.site;
  EXPECT_EQ(site.errorRatio, 1.0);
  EXPECT_EQ(site.healthySinceMs, -1);
  EXPECT_EQ(site.objectiveMissedMs, 240'000);
  EXPECT_NEAR(site.userMinutesLost, 3000 * 4, 30);
  EXPECT_GT(site.affectedNow, 0.5);
  EXPECT_LE(site.affectedNow, 0.6);  // 40 % are served from the edge
  EXPECT_NEAR(site.distinctAffected / site.distinctUsers, 0.6, 0.02);
  EXPECT_NEAR(site.budgetBurned, 240.0 / (0.001 * 30 * 86400), 1e-9);
  EXPECT_EQ(site.arrived, site.served + site.failed + site.waiting);
}

TEST(Visitors, TheHurtAreForgottenAfterAMinuteOrTwoButNotTheDistinctOnes) {
  Shop shop(steady(3000));
  shop.run(60);
  shop.postgres.life = sim::Life::Recovering;
  shop.run(120);
  shop.postgres.life = sim::Life::Running;
  shop.run(10);
  const double affected = shop.site.distinctAffected;
  const double users = shop.site.distinctUsers;
  shop.run(600);
  EXPECT_LT(shop.site.affectedNow, 0.001);
  EXPECT_GE(shop.site.distinctAffected, affected);
  EXPECT_LT(shop.site.distinctAffected, affected * 1.001);
  EXPECT_EQ(shop.site.distinctUsers, users);  // who came later is not of the incident
  EXPECT_GE(shop.site.healthySinceMs, 0);
}

TEST(Visitors, ShedVisitsFailAtOnceAndSpareTheServer) {
  Shop open(steady(3000));
  Shop half(steady(3000));
  half.site.admittedPercent = 50;
  open.run(300);
  half.run(300);
  EXPECT_NEAR(half.site.errorRatio, 0.5, 0.01);
  EXPECT_NEAR(static_cast<double>(half.site.served), 0.5 * static_cast<double>(open.site.served),
              2000);
  EXPECT_EQ(half.site.arrived, half.site.served + half.site.failed + half.site.waiting);
  half.site.admittedPercent = 0;
  const std::int64_t served = half.site.served;
  half.run(60);
  EXPECT_NEAR(static_cast<double>(half.site.served - served), 0, 10);
}

TEST(Visitors, TrafficFactorsMultiplyTheUsers) {
  Shop shop(steady(1000));
  shop.tick(3);
  EXPECT_EQ(shop.site.users, 3000);
}

TEST(Visitors, NoiseMovesTheRateByItsSpreadAndNotItsMean) {
  sim::WorldSpec spec = steady(3000);
  spec.workload.noise = 0.02;
  Shop shop(spec);
  shop.run(60);
  double sum = 0;
  double squares = 0;
  constexpr int kSeconds = 4000;
  for (int i = 0; i < kSeconds; ++i) {
    shop.tick();
    sum += shop.site.last.arrived;
    squares += shop.site.last.arrived * shop.site.last.arrived;
  }
  const double mean = sum / kSeconds;
  const double deviation = std::sqrt(squares / kSeconds - mean * mean);
  EXPECT_NEAR(mean, 299.8, 0.5);
  EXPECT_NEAR(deviation / mean, 0.02, 0.001);
}
