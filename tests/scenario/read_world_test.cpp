// SPDX-License-Identifier: GPL-3.0-or-later
#include "edited.h"
#include "scenario/sections.h"

namespace {

TEST(ReadWorld, FillsTheSpecification) {
  const sim::WorldSpec world =
      goodScenario({{R"("cores": 16,)", R"("cores": 8, "swap": "4GB",)"}}).world;
  EXPECT_EQ(world.timing.fineFrom, base::minutes(30));
  EXPECT_EQ(world.timing.endsAt, base::minutes(120));
  EXPECT_EQ(world.host.cores, 8);
  EXPECT_EQ(world.host.swapBytes, 4LL << 30);
  EXPECT_EQ(world.host.diskReadMs, 0.5);
  EXPECT_EQ(world.host.diskUsedBytes, 400LL << 30);
  ASSERT_EQ(world.workload.users.size(), 2u);
  EXPECT_EQ(world.workload.users[1].at, base::minutes(60));
  EXPECT_EQ(world.workload.users[1].users, 12000);
  EXPECT_EQ(world.workload.classes[1].name, "search");
  EXPECT_DOUBLE_EQ(world.workload.classes[1].share, 0.4);
  EXPECT_EQ(world.workload.classes[1].cpuMs, 7);
  EXPECT_EQ(world.website.timeoutSeconds, 10);
  ASSERT_EQ(world.monitoring.rules.size(), 1u);
  EXPECT_EQ(world.monitoring.rules[0].condition.metric, sim::Metric::WebLatencyP99);
  EXPECT_EQ(world.monitoring.rules[0].forSeconds, 60);
  EXPECT_EQ(world.review.reviewer, "dba");
}

TEST(ReadWorld, WhatIsLeftOutKeepsItsDefault) {
  const sim::WorldSpec world =
      goodScenario({{R"({"cached": "40%", "timeout": "10s"})", "{}"}}).world;
  const sim::WebsiteSpec website;
  EXPECT_EQ(world.website.cachedShare, website.cachedShare);
  EXPECT_EQ(world.website.poolPerHost, website.poolPerHost);
  EXPECT_EQ(world.network.rttMs, sim::NetworkSpec{}.rttMs);
  EXPECT_EQ(world.safety.sharedBuffersHigh, sim::SafetySpec{}.sharedBuffersHigh);
}

TEST(ReadWorld, ReadsAllOfTheWebsite) {
  const sim::WebsiteSpec website =
      goodScenario({{R"({"cached": "40%", "timeout": "10s"})",
                     R"({"cached": "25%", "poolPerHost": 20, "timeout": "5s", "slow": "3s",
                         "hosts": {"minimum": 2, "maximum": 6, "requestsPerHost": 200, "startsIn": "2min"},
                         "retries": {"share": "10%", "times": 1, "pause": "500ms"},
                         "objective": {"latency": "1s", "errors": "0.5%"}})"}})
          .world.website;
  EXPECT_EQ(website.cachedShare, 0.25);
  EXPECT_EQ(website.hostsMaximum, 6);
  EXPECT_EQ(website.hostStartSeconds, 120);
  EXPECT_EQ(website.retrySeconds, 0.5);
  EXPECT_DOUBLE_EQ(website.objectiveErrorRatio, 0.005);
}

TEST(ReadWorld, RefusesWhatCannotBe) {
  EXPECT_EQ(complaint({{R"("fineFrom": "09:30")", R"("fineFrom": "09:30:30")"}}),
            "/timing/fineFrom: found \"09:30:30\", expected a time whole minutes after the start");
  EXPECT_EQ(readEdited({{R"("endsAt": "11:00")", R"("endsAt": "10:00")"}}).problems[0].expected,
            "a time after opensAt");
  EXPECT_EQ(
      complaint({{R"("cores": 16)", R"("cores": 16, "hugePages": 40000)"}}),
      "/host/hugePages: found 40000, expected at most 32768 pages of 2MB, which fill the RAM");
  EXPECT_EQ(
      complaint({{R"("review":)", R"("safety": {"sharedBuffers": {"low": "50%"}}, "review":)"}}),
      "/safety: found bands out of order, expected low <= greenLow <= greenHigh <= high and green "
      "<= amber");
  EXPECT_EQ(complaint({{R"("rules": [)", R"("scrape": "0s", "rules": [)"}}),
            "/monitoring/scrape: found \"0s\", expected at least 1s");
}

}  // namespace
