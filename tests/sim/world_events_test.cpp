// SPDX-License-Identifier: GPL-3.0-or-later
// Scripted causes, reviews that come back, and the lines of a website without its server.
#include <gtest/gtest.h>

#include "sim/network.h"
#include "world_log.h"

namespace {

using base::minutes;
using base::seconds;
using sim::Happening;
using sim::LogSource;

struct Day {
  explicit Day(const sim::WorldSpec& spec) : world(sim::Model::make(spec), 1) {}
  Day(const Happening& happening) : Day(with(happening)) {}
  static sim::WorldSpec with(const Happening& happening) {
    sim::WorldSpec spec = worldtest::spec("16GB");
    spec.timing.fineFrom = minutes(1);
    spec.happenings = {happening};
    return spec;
  }
  void to(std::int64_t second) { world.advanceTo(seconds(second), telemetry); }
  [[nodiscard]] std::string log(LogSource source) const {
    return worldtest::messages(telemetry, world.spec(), source);
  }
  sim::World world;
  sim::Telemetry telemetry;
};

Happening from100(Happening::Kind kind, double value, int lasts = 50) {
  Happening happening;
  happening.at = seconds(100);
  happening.seconds = lasts;
  happening.kind = kind;
  happening.value = value;
  return happening;
}

}  // namespace

TEST(WorldEvents, ALogLineIsWrittenOnce) {
  Happening line = from100(Happening::Kind::LogLine, 0);
  line.source = "network";
  line.text = "sw2 xe-0/0/7 link flap";
  Day day(line);
  day.to(99);
  EXPECT_EQ(day.log(LogSource::Network), "");
  day.to(200);
  EXPECT_EQ(day.log(LogSource::Network), "sw2 xe-0/0/7 link flap\n");
}

TEST(WorldEvents, AnActionIsDoneByWhoeverDoesIt) {
  Happening status = from100(Happening::Kind::Action, 0);
  status.action = {sim::Verb::Status, "investigating", "Hello", {}};
  status.who = "manager";
  Day day(status);
  day.to(200);
  ASSERT_EQ(day.world.statusPosts().size(), 1u);
  EXPECT_EQ(day.world.statusPosts()[0].who, "manager");
  EXPECT_EQ(day.world.statusPosts()[0].at, seconds(100));
}

TEST(WorldEvents, LinkErrorsCountWhileTheyLastAndHurtNobody) {
  Day day(from100(Happening::Kind::LinkErrors, 4));
  Day quiet(worldtest::spec("16GB"));
  day.to(99);
  EXPECT_EQ(day.world.network().otherLinkErrors, 0);
  day.to(400);
  EXPECT_EQ(day.world.network().otherLinkErrors, 200);
  EXPECT_EQ(day.world.website().failed, 0);
}

TEST(WorldEvents, LinkErrorsAreLoggedEveryFiveMinutes) {
  Day day(from100(Happening::Kind::LinkErrors, 4, 0));
  day.to(601);
  EXPECT_EQ(day.log(LogSource::Network),
            "sw2 xe-0/0/7: 1200 input errors (CRC/alignment) in the last 300 s, link is up\n"
            "sw2 xe-0/0/7: 1200 input errors (CRC/alignment) in the last 300 s, link is up\n");
}

TEST(WorldEvents, RoundTripAndLossRiseAndFall) {
  Day rtt(from100(Happening::Kind::NetworkRtt, 20));
  rtt.to(120);
  EXPECT_NEAR(rtt.world.network().rttMs, 20.35, 0.02);
  rtt.to(160);
  EXPECT_NEAR(rtt.world.network().rttMs, 0.35, 0.02);
  Day loss(from100(Happening::Kind::NetworkLoss, 0.02));
  loss.to(120);
  EXPECT_EQ(loss.world.network().lossRatio, 0.02);
  EXPECT_GT(loss.world.network().retransmits, 0);
  loss.to(160);
  EXPECT_EQ(loss.world.network().lossRatio, 0);
}

TEST(WorldEvents, TrafficFactorsLastTheirTime) {
  Day day(from100(Happening::Kind::TrafficFactor, 1.5));
  day.to(149);
  EXPECT_EQ(day.world.website().users, 1500);
  day.to(150);
  EXPECT_EQ(day.world.website().users, 1000);
}

TEST(WorldEvents, AnsweredChangeRequestsAreAnnouncedOnce) {
  Day day(worldtest::spec("44GB"));
  day.to(60 * 300);
  const auto file = [&](const std::string& value) {
    const sim::Action action{
        sim::Verb::RequestChange,
        "shared_buffers",
        value,
        {{"impact", "restart of two minutes"}, {"rollback", "put the old file back"}}};
    EXPECT_TRUE(day.world.apply(action, "trainee", day.telemetry).accepted);
  };
  file("16GB");
  file("44GB");
  day.to(60 * 305 - 1);
  EXPECT_EQ(day.world.changeRequests()[0].state, sim::ChangeRequest::State::Submitted);
  const auto verdicts = [&] {
    std::vector<std::string> texts;
    for (const sim::Notification& note : day.telemetry.notifications()) {
      if (note.from == "change-review") texts.push_back(note.topic + " " + note.text.substr(0, 35));
    }
    return texts;
  };
  EXPECT_TRUE(verdicts().empty());
  day.to(60 * 310);
  EXPECT_EQ(day.world.changeRequests()[0].state, sim::ChangeRequest::State::Approved);
  EXPECT_EQ(day.world.changeRequests()[1].state, sim::ChangeRequest::State::Rejected);
  EXPECT_EQ(verdicts(), (std::vector<std::string>{"change-1 Change request 1: With shared_buffe",
                                                  "change-2 Change request 2: With shared_buffe"}));
}

TEST(WorldEvents, ClientsOfAServerThatIsDownAreToldSo) {
  Day day(worldtest::spec("16GB"));
  day.to(60 * 299);
  const std::size_t before = day.log(LogSource::Website).size();
  EXPECT_EQ(before, 0u);
  ASSERT_TRUE(
      day.world.apply({sim::Verb::Stop, "immediate", "", {}}, "trainee", day.telemetry).accepted);
  day.to(60 * 299 + 3);
  const std::string log = day.log(LogSource::Website);
  EXPECT_NE(log.find("port 5432 failed: Connection refused"), std::string::npos) << log;
  ASSERT_TRUE(day.world.apply({sim::Verb::Start, "", "", {}}, "trainee", day.telemetry).accepted);
  // First the files that were not written out are synced, then the WAL is replayed.
  day.to(60 * 299 + 8);
  EXPECT_NE(day.log(LogSource::Postgres).find("FATAL:  the database system is starting up"),
            std::string::npos);
  day.to(60 * 299 + 60);
  EXPECT_NE(day.log(LogSource::Website).find("FATAL:  the database system is not yet accepting"),
            std::string::npos);
  EXPECT_NE(day.log(LogSource::Postgres).find("FATAL:  the database system is not yet accepting"),
            std::string::npos);
}
