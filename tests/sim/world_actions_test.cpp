// SPDX-License-Identifier: GPL-3.0-or-later
// Every verb: what it does, and that a refusal says why and changes nothing.
#include <gtest/gtest.h>

#include "world_log.h"

namespace {

using base::minutes;
using sim::Verb;

class WorldActions : public ::testing::Test {
 protected:
  // 10:01 on the day of 44 GB: the alert is firing, the server up.
  WorldActions() : world(started()) { world.advanceTo(minutes(301), telemetry); }

  static sim::World started() {
    static const auto model = [] {
      sim::WorldSpec spec = worldtest::spec("44GB");
      spec.people[0].joinsAfterSeconds = 300;
      spec.monitoring.rules[0].condition = {sim::Metric::PgUp, std::nullopt, 0, ">=", 0};
      sim::AlertRule quiet = spec.monitoring.rules[0];
      quiet.name = "NeverFires";
      quiet.condition.op = "<";
      quiet.condition.threshold = -1;
      spec.monitoring.rules.push_back(quiet);
      return sim::Model::make(spec);
    }();
    static const sim::World opened = [] {
      sim::World one(model, 1);
      sim::Telemetry unread(sim::Detail::Summary);
      one.advanceTo(minutes(300), unread);
      return one;
    }();
    return opened;
  }

  using Fields = std::map<std::string, std::string>;
  void accepted(Verb verb, const std::string& target = {}, const std::string& text = {},
                const Fields& fields = {}) {
    const sim::Action action{verb, target, text, fields};
    EXPECT_TRUE(world.check(action, "trainee").accepted);
    const sim::Outcome outcome = world.apply(action, "trainee", telemetry);
    EXPECT_TRUE(outcome.accepted) << sim::verbName(verb) << ": " << outcome.text;
    EXPECT_EQ(outcome.exitCode, 0);
  }
  // The answer's words, after making sure that nothing has changed.
  std::string refused(Verb verb, const std::string& target = {}, const std::string& text = {},
                      const Fields& fields = {}) {
    const sim::World before = world;
    const sim::Outcome outcome = world.apply({verb, target, text, fields}, "trainee", telemetry);
    EXPECT_FALSE(outcome.accepted) << sim::verbName(verb);
    EXPECT_NE(outcome.exitCode, 0);
    EXPECT_FALSE(outcome.text.empty());
    EXPECT_EQ(world.fingerprint(), before.fingerprint()) << sim::verbName(verb);
    return outcome.text;
  }
  [[nodiscard]] std::string configPath() const { return world.spec().database.configFile; }
  [[nodiscard]] const sim::Postgres& server() const { return world.postgres(); }

  sim::World world;
  sim::Telemetry telemetry;
};

}  // namespace

TEST_F(WorldActions, Acknowledge) {
  EXPECT_EQ(refused(Verb::Acknowledge, "Nothing"), "There is no alert named \"Nothing\".");
  EXPECT_EQ(refused(Verb::Acknowledge, "NeverFires"), "NeverFires is not firing.");
  accepted(Verb::Acknowledge, "WebsiteLatencyHigh");
  EXPECT_TRUE(world.monitoring().rules[0].acknowledged);
  EXPECT_EQ(refused(Verb::Acknowledge, "WebsiteLatencyHigh"),
            "WebsiteLatencyHigh has been acknowledged already.");
}

TEST_F(WorldActions, Declare) {
  EXPECT_EQ(refused(Verb::Declare, "sev9"), "Severity \"sev9\" is unknown; expected sev1 to sev4.");
  accepted(Verb::Declare, "sev3");
  const base::SimTime first = world.now();
  world.tick(telemetry);
  accepted(Verb::Declare, "sev1");  // raised later: the declaration keeps its time
  EXPECT_EQ(world.incident().severity, "sev1");
  EXPECT_EQ(world.incident().declaredAt, first);
}

TEST_F(WorldActions, PageAndAsk) {
  (void)refused(Verb::Page, "nobody");
  (void)refused(Verb::Ask, "dba", "no-such-topic");
  accepted(Verb::Page, "dba");
  (void)refused(Verb::Page, "dba");
  EXPECT_EQ(world.people().persons[0].pagedAt, world.now());
  accepted(Verb::Ask, "dba", "look");
  EXPECT_EQ(world.people().pending.size(), 1u);
}

TEST_F(WorldActions, Status) {
  (void)refused(Verb::Status, "fixed", "All is well");
  EXPECT_EQ(refused(Verb::Status, "investigating", "  "), "A status message needs words.");
  accepted(Verb::Status, "investigating", "We are on it.");
  EXPECT_EQ(
      world.statusPosts(),
      (std::vector<sim::StatusPost>{{world.now(), "trainee", "investigating", "We are on it."}}));
}

TEST_F(WorldActions, EditFile) {
  EXPECT_EQ(refused(Verb::EditFile, "/etc/passwd", "x"), "/etc/passwd: No such file or directory");
  EXPECT_EQ(refused(Verb::EditFile, configPath(), std::string(1'000'001, 'x')),
            "The file would be larger than 1 MB.");
  accepted(Verb::EditFile, configPath(), server().files[0].text);
  EXPECT_TRUE(world.commits().empty());  // unchanged
  accepted(Verb::EditFile, configPath(), "shared_buffers = 16GB\n");
  ASSERT_EQ(world.commits().size(), 1u);
  const sim::ConfigChange& commit = world.commits()[0];
  EXPECT_EQ(commit.author, "trainee");
  EXPECT_EQ(commit.title, "Edit postgresql.conf on db1");
  EXPECT_EQ(commit.commit.size(), 7u);
  EXPECT_NE(commit.diff.find("-shared_buffers = 44GB\n"), std::string::npos);
  EXPECT_NE(commit.diff.find("+shared_buffers = 16GB\n"), std::string::npos);
  EXPECT_EQ(server().values.sharedBuffersBytes, 44LL << 30);
}

TEST_F(WorldActions, AlterSystem) {
  EXPECT_EQ(refused(Verb::AlterSystem, "no_such_setting", "1"),
            "ERROR:  unrecognized configuration parameter \"no_such_setting\"");
  (void)refused(Verb::AlterSystem, "shared_buffers", "plenty");
  accepted(Verb::AlterSystem, "shared_buffers", "16GB");
  const auto autoConf = [this] { return server().files.back().text; };
  EXPECT_NE(autoConf().find("shared_buffers = '16GB'"), std::string::npos);
  accepted(Verb::AlterSystem, "shared_buffers", "");
  EXPECT_EQ(autoConf().find("shared_buffers"), std::string::npos);
  accepted(Verb::Stop, "immediate");
  EXPECT_EQ(refused(Verb::AlterSystem, "work_mem", "8MB"),
            "The server does not accept connections.");
}

TEST_F(WorldActions, StopStartAndReload) {
  accepted(Verb::Reload);
  (void)refused(Verb::Stop, "gently");
  EXPECT_EQ(refused(Verb::Start), "pg_ctl: another server might be running");
  accepted(Verb::Stop, "immediate");
  world.advanceTo(world.now() + base::seconds(3), telemetry);
  EXPECT_EQ(server().life, sim::Life::Stopped);
  EXPECT_EQ(refused(Verb::Reload), "pg_ctl: no server running");
  (void)refused(Verb::Stop, "fast");
  EXPECT_EQ(refused(Verb::Start, "", "", {{"options", "-c shared_buffers"}}),
            "Options are written -c name=value; found \"-c shared_buffers\".");
  accepted(Verb::Start, "", "", {{"options", "-c shared_buffers=16GB -c work_mem=8MB"}});
  EXPECT_EQ(server().values.sharedBuffersBytes, 16LL << 30);
  EXPECT_EQ(server().values.workMemBytes, 8LL << 20);
}

TEST_F(WorldActions, Restart) {
  (void)refused(Verb::Restart, "gently");
  (void)refused(Verb::Restart, "fast", "", {{"options", "now"}});
  accepted(Verb::Restart, "fast", "", {{"options", "--shared_buffers=16GB"}});
  world.advanceTo(world.now() + minutes(5), telemetry);
  EXPECT_EQ(server().life, sim::Life::Running);
  EXPECT_EQ(server().values.sharedBuffersBytes, 16LL << 30);
  EXPECT_EQ(server().starts, 2);
}

TEST_F(WorldActions, SignalABackend) {
  const std::uint32_t pid = server().cohorts[0].firstPid;
  (void)refused(Verb::Signal, "ten", "TERM");
  EXPECT_EQ(refused(Verb::Signal, "999999", "TERM"), "kill: (999999) - No such process");
  const double before = server().cohorts[0].references;
  accepted(Verb::Signal, std::to_string(pid), "INT");
  EXPECT_EQ(server().cohorts[0].references, before);
  accepted(Verb::Signal, std::to_string(pid), "TERM");
  EXPECT_LT(server().cohorts[0].references, before);
  EXPECT_EQ(server().life, sim::Life::Running);
  accepted(Verb::Signal, std::to_string(pid), "KILL");
  EXPECT_EQ(server().life, sim::Life::Crashed);
}

TEST_F(WorldActions, SignalThePostmaster) {
  const std::string postmaster = std::to_string(server().postmasterPid);
  accepted(Verb::Signal, postmaster, "HUP");
  EXPECT_EQ(server().life, sim::Life::Running);
  accepted(Verb::Signal, postmaster, "INT");
  EXPECT_EQ(server().stopMode, sim::StopMode::Fast);
  accepted(Verb::Signal, postmaster, "QUIT");
  EXPECT_EQ(server().stopMode, sim::StopMode::Immediate);
  accepted(Verb::Signal, postmaster, "KILL");
  EXPECT_EQ(server().life, sim::Life::Stopped);
  (void)refused(Verb::Signal, postmaster, "TERM");
}

TEST_F(WorldActions, Admit) {
  for (const char* wrong : {"", "101", "-1", "half", "50%"}) (void)refused(Verb::Admit, wrong);
  accepted(Verb::Admit, "25");
  EXPECT_EQ(world.website().admittedPercent, 25);
  EXPECT_EQ(worldtest::messages(telemetry, world.spec(), sim::LogSource::Website)
                    .find("INFO edge: letting 25 %") == std::string::npos,
            false);
}

TEST_F(WorldActions, FailOverIsNoWayOut) {
  EXPECT_TRUE(refused(Verb::FailOver).starts_with("The standby runs the same configuration"));
}

TEST_F(WorldActions, AddSwap) {
  for (const char* wrong : {"", "lots", "1kB", "300GB"}) (void)refused(Verb::AddSwap, "", wrong);
  accepted(Verb::AddSwap, "", "8GB");
  EXPECT_EQ(world.host().swapTotal, 8LL << 30);
  EXPECT_EQ(worldtest::messages(telemetry, world.spec(), sim::LogSource::Kernel),
            "Adding 8388608k swap on /swapfile.  Priority:-2 extents:1 across:8388608k SSFS\n");
}

TEST_F(WorldActions, Sysctl) {
  EXPECT_EQ(refused(Verb::Sysctl, "vm.magic", "1"),
            "sysctl: cannot stat /proc/sys/vm/magic: No such file or directory");
  (void)refused(Verb::Sysctl, "vm.overcommit_memory", "3");
  (void)refused(Verb::Sysctl, "vm.swappiness", "low");
  (void)refused(Verb::Sysctl, "vm.nr_hugepages", "9000");
  accepted(Verb::Sysctl, "vm.overcommit_memory", "2");
  EXPECT_EQ(world.host().sysctl.at("vm.overcommit_memory"), "2");
}

TEST_F(WorldActions, RequestChange) {
  (void)refused(Verb::RequestChange, "", "16GB");
  (void)refused(Verb::RequestChange, "shared_buffers", "");
  EXPECT_EQ(refused(Verb::RequestChange, "shared_bufers", "16GB"),
            "unrecognized configuration parameter \"shared_bufers\"");
  accepted(Verb::RequestChange, "shared_buffers", "16GB",
           {{"impact", "restart of two minutes"}, {"rollback", "put the old file back"}});
  accepted(Verb::RequestChange, "work_mem", "8MB", {{"emergency", "yes"}});
  ASSERT_EQ(world.changeRequests().size(), 2u);
  EXPECT_EQ(world.changeRequests()[0].answerAt, world.now() + minutes(5));
  EXPECT_EQ(world.changeRequests()[1].answerAt, world.now() + minutes(1));
  EXPECT_EQ(world.changeRequests()[1].number, 2);
}

TEST_F(WorldActions, CloseEndsEverythingButTheNotebook) {
  accepted(Verb::Close, "", "done");
  EXPECT_EQ(world.incident().closedAt, world.now());
  for (int verb = 0; verb <= static_cast<int>(Verb::Close); ++verb) {
    (void)refused(static_cast<Verb>(verb), "fast", "8GB");
  }
  accepted(Verb::Look, "alerts");
}

TEST_F(WorldActions, TheNotebookChangesNothing) {
  const std::uint64_t before = world.fingerprint();
  for (int verb = static_cast<int>(Verb::Close) + 1; verb < static_cast<int>(Verb::Count); ++verb) {
    accepted(static_cast<Verb>(verb), "anything", "at all");
  }
  EXPECT_EQ(world.fingerprint(), before);
}
