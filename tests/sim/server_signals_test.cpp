// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/server_signals.h"

#include <gtest/gtest.h>

#include "world_fixture.h"
#include "world_log.h"

namespace {

struct ServerSignals : testing::Test {
  ServerSignals() : world(worldtest::quiet()) {}

  bool kill(std::uint32_t pid, const std::string& signal) {
    sim::Action action;
    action.verb = sim::Verb::Signal;
    action.target = std::to_string(pid);
    action.text = signal;
    return world.apply(action, "test", telemetry).accepted;
  }
  [[nodiscard]] bool logged(const std::string& text) const {
    for (const sim::LogRecord& record : telemetry.logs()) {
      const std::string message = sim::logMessage(record, telemetry, world.spec());
      if (message.find(text) != std::string::npos) return true;
    }
    return false;
  }

  sim::World world;
  sim::Telemetry telemetry;
};

}  // namespace

TEST_F(ServerSignals, AnAuxiliaryProcessIsNamedAsThePostmasterDoes) {
  const std::uint32_t walWriter = world.postgres().auxiliaryPid + 2;
  ASSERT_TRUE(kill(walWriter, "9"));
  EXPECT_TRUE(logged("WAL writer process (PID " + std::to_string(walWriter) +
                     ") was terminated by signal 9: Killed"));
  EXPECT_EQ(world.postgres().life, sim::Life::Crashed);
}

TEST_F(ServerSignals, TheCheckpointerIgnoresSigterm) {
  ASSERT_TRUE(kill(world.postgres().auxiliaryPid, "TERM"));
  EXPECT_EQ(world.postgres().life, sim::Life::Running);
  EXPECT_FALSE(logged("PID " + std::to_string(world.postgres().auxiliaryPid)));
}

TEST_F(ServerSignals, SignalsHaveTheirOwnWords) {
  EXPECT_EQ(sim::crashBySignal("server process", 1, "ABRT", {}).how,
            "was terminated by signal 6: Aborted");
  EXPECT_EQ(sim::crashBySignal("server process", 1, "QUIT", {}).how, "exited with exit code 2");
  EXPECT_FALSE(kill(3, "KILL")) << "no process of the server's";
}

TEST_F(ServerSignals, APostmasterThatIsKilledLeavesItsSocket) {
  ASSERT_TRUE(kill(world.postgres().postmasterPid, "SIGKILL"));
  EXPECT_EQ(world.postgres().life, sim::Life::Stopped);
  EXPECT_FALSE(world.postgres().disk.changes().empty());
}
