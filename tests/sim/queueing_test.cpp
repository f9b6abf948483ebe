// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/queueing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include "base/random.h"
#include "event_simulation.h"
#include "product_form.h"

namespace {

struct Row {
  const char* verdict(double error, double limit) const {
    return std::fabs(error) <= limit ? "pass" : "FAIL";
  }
  void print(const char* condition, double reference, double ours, double error,
             double limit) const {
    std::printf("%s, %.4g, %.4g, %+.2f %%, %g %%, %s\n", condition, reference, ours, 100 * error,
                100 * limit, verdict(error, limit));
    EXPECT_LE(std::fabs(error), limit) << condition;
  }
};

struct Named {
  const char* name;
  sim::Demand demand;
};
constexpr Named kDemands[] = {{"CPU-bound", {0.04, 2, 0.002, 0.001}},
                              {"disk-bound", {0.01, 8, 0.006, 0.0}},
                              {"mixed", {0.02, 3, 0.006, 0.002}},
                              {"mostly delay", {0.002, 1, 0.001, 0.06}}};

double users(const sim::FlowState& s) {
  return s.inSystem + s.firstRetry + s.secondRetry;
}

// Random input in a wide range; every draw its own index.
sim::FlowInput randomInput(std::int64_t i) {
  std::uint32_t index = 0;
  const auto draw = [&](double low, double high) {
    return low + (high - low) * base::uniform(5, base::Stream::Noise, i / 7, index++);
  };
  sim::FlowInput in;
  in.users = draw(0, 1) < 0.1 ? 0 : std::pow(10.0, draw(0, 5));
  in.thinkSeconds = draw(0.5, 30);
  in.arrivalFactor = draw(0, 1) < 0.1 ? 0 : draw(0, 3);
  in.pool = static_cast<int>(draw(0, 300));
  in.timeoutSeconds = draw(0, 1) < 0.1 ? 0 : draw(0.1, 100);
  in.retryShare = draw(0, 1);
  in.retrySeconds = draw(0.2, 10);
  in.demand = {draw(0, 0.1), draw(0, 20), draw(0, 0.01), draw(0, 0.05)};
  in.serving = draw(0, 1) < 0.8;
  in.seconds = draw(0, 1) < 0.5 ? 1 : 60;
  return in;
}

// Seconds in which a backlog is about to be gone, or has just gone: the ensemble blurs over the
// random time of the drain, one path turns sharply, so they are not compared.
std::vector<bool> drainEnds(const std::vector<double>& waiting) {
  constexpr std::size_t kAround = 15;
  std::vector<bool> result(waiting.size(), false);
  for (std::size_t i = 1; i < waiting.size(); ++i) {
    if (!(waiting[i - 1] > 1 && waiting[i] <= 1)) continue;
    const std::size_t from = i > kAround ? i - kAround : 0;
    for (std::size_t k = from; k < std::min(i + kAround, waiting.size()); ++k) result[k] = true;
  }
  return result;
}

// A quiet minute, a ramp up into overload, a plateau, the way back, a quiet minute.
std::vector<double> overloadAndBack(double low, double high) {
  std::vector<double> factors;
  const auto ramp = [&](double from, double to, int seconds) {
    for (int i = 0; i < seconds; ++i) factors.push_back(from + (to - from) * i / seconds);
  };
  ramp(low, low, 60);
  ramp(low, high, 120);
  ramp(high, high, 90);
  ramp(high, low, 120);
  ramp(low, low, 60);
  return factors;
}

void compareWithEvents(const char* name, event_simulation::Setup setup, int runs) {
  event_simulation::Sums sums;
  for (int run = 0; run < runs; ++run) {
    event_simulation::run(setup, 1000 + static_cast<std::uint64_t>(run), sums);
  }
  const sim::Stations stations(setup.cpuServers, setup.diskChannels);
  sim::FlowState state;
  std::vector<double> ours, waiting;
  double served = 0, failed = 0, servedReference = 0, failedReference = 0;
  for (std::size_t i = 0; i < setup.arrivalFactor.size(); ++i) {
    setup.input.arrivalFactor = setup.arrivalFactor[i];
    const sim::FlowResult result = stations.step(state, setup.input);
    ours.push_back(state.inSystem);
    waiting.push_back(result.waiting);
    served += result.served;
    failed += result.failed;
    servedReference += sums.served[i] / runs;
    failedReference += sums.failed[i] / runs;
  }
  const std::vector<bool> skip = drainEnds(waiting);
  double total = 0, error = 0;
  std::vector<double> relative;
  for (std::size_t i = 10; i < ours.size(); ++i) {
    const double reference = sums.inSystem[i] / runs;
    total += reference;
    error += std::fabs(ours[i] - reference);
    if (!skip[i]) relative.push_back(std::fabs(ours[i] / reference - 1.0));
  }
  std::sort(relative.begin(), relative.end());
  const Row row;
  char line[120];
  const auto label = [&](const char* what) {
    std::snprintf(line, sizeof line, "%s: %s", name, what);
    return line;
  };
  row.print(label("in system total"), total, total + error, error / total, 0.03);
  row.print(label("in system 95th percentile of seconds"), 0, 0,
            relative[relative.size() * 95 / 100], 0.07);
  row.print(label("served"), servedReference, served, served / servedReference - 1.0, 0.01);
  row.print(label("failed"), failedReference, failed, failed / failedReference - 1.0, 0.15);
}

event_simulation::Setup overload(const sim::Demand& demand, int pool) {
  event_simulation::Setup setup;
  setup.cpuServers = 16;
  setup.diskChannels = 16;
  setup.input.users = 1000;
  setup.input.thinkSeconds = 10;
  setup.input.pool = pool;
  setup.input.timeoutSeconds = 4;
  setup.input.retryShare = 0.5;
  setup.input.retrySeconds = 1;
  setup.input.demand = demand;
  setup.arrivalFactor = overloadAndBack(0.45, 1.6);
  return setup;
}

}  // namespace

TEST(Queueing, SteadyStateIsThatOfTheExactProductForm) {
  std::printf("condition, reference, ours, error, limit, verdict\n");
  const Row row;
  const sim::Stations stations(8, 4);
  for (const auto& [name, demand] : kDemands) {
    for (const int pool : {20, 50, 100}) {
      const double full = product_form::closedThroughputs(8, 4, demand, pool).back();
      for (const double thinkSeconds : {1.0, 10.0}) {
        for (const double load : {0.3, 0.6, 0.8, 0.9, 1.1, 1.5}) {
          sim::FlowInput in;
          in.users = std::floor(full * load * thinkSeconds);
          in.thinkSeconds = thinkSeconds;
          in.pool = pool;
          in.timeoutSeconds = 1e9;
          in.demand = demand;
          const product_form::Steady exact = product_form::closedSystem(8, 4, in);
          sim::FlowState state;
          sim::FlowResult result;
          for (int i = 0; i < 1000; ++i) result = stations.step(state, in);
          char line[120];
          std::snprintf(line, sizeof line, "%s pool %d users %g think %g: ", name, pool, in.users,
                        thinkSeconds);
          const double response = state.inSystem / result.served;
          row.print((line + std::string("X")).c_str(), exact.throughput, result.served,
                    result.served / exact.throughput - 1.0, 0.01);
          row.print((line + std::string("R")).c_str(), exact.responseSeconds, response,
                    response / exact.responseSeconds - 1.0, 0.05);
        }
      }
    }
  }
}

TEST(Queueing, FollowsTheEventSimulationThroughOverloadAndBack) {
  std::printf("condition, reference, ours, error, limit, verdict\n");
  compareWithEvents("CPU-bound", overload({0.2, 3, 0.016, 0.01}, 60), 150);
  compareWithEvents("disk-bound", overload({0.05, 4, 0.05, 0.01}, 60), 100);
  compareWithEvents("pool-bound", overload({0.02, 1, 0.01, 0.5}, 45), 150);
}

TEST(Queueing, PeopleAndAttemptsBalanceWhateverHappens) {
  const sim::Stations stations(8, 4);
  sim::FlowState state;
  for (std::int64_t i = 0; i < 50'000; ++i) {
    const sim::FlowInput in = randomInput(i);
    const double before = state.inSystem;
    const sim::FlowResult r = stations.step(state, in);
    const double scale = std::max({1.0, in.users, r.arrived, before});
    ASSERT_NEAR(r.arrived, r.served + r.failed + state.inSystem - before, 1e-9 * scale) << i;
    ASSERT_LE(users(state), in.users + 1e-9 * scale) << i;
    for (const double value :
         {state.inSystem, state.firstRetry, state.secondRetry, r.arrived, r.served, r.failed,
          r.abandoned, r.inService, r.waiting, r.waitSeconds, r.serviceSeconds, r.cpuBusy,
          r.diskBusy, r.diskQueue, r.diskReadSeconds}) {
      ASSERT_GE(value, 0.0) << i;
      ASSERT_TRUE(std::isfinite(value)) << i;
    }
    ASSERT_LE(r.cpuBusy, 8.0 + 1e-9) << i;
    ASSERT_LE(r.diskBusy, 4.0 + 1e-9) << i;
    ASSERT_LE(r.abandoned, r.failed * (1 + 1e-12) + 1e-9) << i;
    if (!in.serving) {
      ASSERT_EQ(state.inSystem, 0.0);
      ASSERT_EQ(r.served, 0.0);
    }
  }
}

TEST(Queueing, RefusalEmptiesTheSystemAndRetriesComeBack) {
  const sim::Stations stations(4, 4);
  sim::FlowState state;
  sim::FlowInput in;
  in.users = 1000;
  in.pool = 50;
  in.demand = {0.01, 1, 0.002, 0.001};
  for (int i = 0; i < 100; ++i) (void)stations.step(state, in);
  const double inSystem = state.inSystem;
  EXPECT_GT(inSystem, 0.5);
  in.serving = false;
  sim::FlowResult r = stations.step(state, in);
  EXPECT_EQ(state.inSystem, 0.0);
  EXPECT_EQ(r.served, 0.0);
  EXPECT_NEAR(r.failed, r.arrived + inSystem, 1e-9);
  for (int i = 0; i < 100; ++i) r = stations.step(state, in);
  // A visitor's question makes 1 + 1/2 + 1/4 attempts while nothing answers.
  const double thinkers = in.users - users(state);
  EXPECT_NEAR(r.arrived, 1.75 * thinkers / in.thinkSeconds, 1e-6 * r.arrived);
  EXPECT_NEAR(r.abandoned, thinkers / in.thinkSeconds, 1e-6 * r.arrived);
}

TEST(Queueing, NobodyWaitsLongerThanTheTimeOut) {
  const sim::Stations stations(4, 4);
  for (const double seconds : {1.0, 60.0}) {
    sim::FlowState state;
    sim::FlowInput in;
    in.users = 5000;
    in.pool = 20;
    in.timeoutSeconds = 7;
    in.seconds = seconds;
    in.demand = {0.05, 1, 0.002, 0.001};  // 80 a second at most, 500 asked for
    sim::FlowResult r;
    for (int i = 0; i < 300; ++i) r = stations.step(state, in);
    EXPECT_NEAR(r.waiting, 7 * r.arrived / seconds, 1e-6 * r.waiting);
    EXPECT_EQ(r.waitSeconds, 7);
    EXPECT_NEAR(r.served / seconds, 80, 0.8);
    EXPECT_NEAR(r.inService, 20, 0.01);
  }
}

TEST(Queueing, LongTicksReachTheSameSteadyState) {
  const sim::Stations stations(8, 8);
  for (const double population : {100.0, 1000.0, 5000.0, 9000.0, 20000.0}) {
    sim::FlowInput in;
    in.users = population;
    in.pool = 100;
    in.demand = {0.01, 4, 0.003, 0.001};
    sim::FlowState fine, coarse;
    sim::FlowResult a, b;
    for (int i = 0; i < 1200; ++i) a = stations.step(fine, in);
    in.seconds = 60;
    for (int i = 0; i < 60; ++i) b = stations.step(coarse, in);
    EXPECT_NEAR(b.served / 60, a.served, 1e-4 * a.served) << population;
    EXPECT_NEAR(coarse.inSystem, fine.inSystem, 2e-3 * fine.inSystem) << population;
    EXPECT_NEAR(b.failed / 60, a.failed, 2e-3 * a.served) << population;
  }
}

TEST(Queueing, AnyPopulationGivesASteadyThroughputWithinItsLimits) {
  const sim::Stations stations(8, 8);
  for (double population = 100; population <= 1e6; population *= 10) {
    sim::FlowInput in;
    in.users = population;
    in.pool = 100;
    in.demand = {0.01, 4, 0.003, 0.001};  // 666 a second at most, by the disk
    sim::FlowState state;
    sim::FlowResult r;
    for (int i = 0; i < 600; ++i) r = stations.step(state, in);
    const double asked = population / (in.thinkSeconds + 0.023);
    EXPECT_NEAR(r.served / std::min(asked, 666.7), 1.0, 0.01) << population;
    EXPECT_EQ(population > 30000, r.failed > 0) << population;
  }
}

TEST(Queueing, EqualInputsGiveEqualBits) {
  const sim::Stations stations(8, 4);
  sim::FlowState a, b;
  for (std::int64_t i = 0; i < 2000; ++i) {
    const sim::FlowInput in = randomInput(i);
    EXPECT_EQ(stations.step(a, in), stations.step(b, in));
    EXPECT_EQ(a, b);
  }
}

TEST(Queueing, QuantilesRiseFromTheWaitOn) {
  sim::FlowResult r;
  r.waitSeconds = 2;
  r.serviceSeconds = 0.1;
  EXPECT_NEAR(sim::Stations::quantileSeconds(r, 0.5), 2.0693, 1e-4);
  EXPECT_NEAR(sim::Stations::quantileSeconds(r, 0.95), 2.2996, 1e-4);
  EXPECT_LT(sim::Stations::quantileSeconds(r, 0.95), sim::Stations::quantileSeconds(r, 0.99));
}
