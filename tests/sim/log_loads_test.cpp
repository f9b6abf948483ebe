// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/log_loads.h"

#include <gtest/gtest.h>

#include <charconv>
#include <map>

#include "base/text.h"
#include "log_fixture.h"

using sim::LogEntry;
using worldtest::LoggedWorld;

namespace {

// Eight clients of BEGIN, UPDATE, END for ten seconds, on a server nobody else uses.
struct LoggedLoad : LoggedWorld {
  explicit LoggedLoad(const std::string& lines, double tempFiles = 0) : LoggedWorld(lines) {
    spec.workload.users = {{{}, 0}};
    spec.website.hostsMinimum = spec.website.hostsMaximum = 0;
    world = sim::World(sim::Model::make(spec), 7);
    run(11);
    sim::ScriptDemand demand;
    demand.cpuSeconds = 5e-3;
    demand.commits = 1;
    demand.tempFiles = tempFiles;
    demand.tempBytes = tempFiles * 100'000;
    sim::Action action;
    action.verb = sim::Verb::Load;
    action.text = sim::demandText(demand);
    action.fields = {{"clients", "8"},
                     {"threads", "8"},
                     {"milliseconds", "10000"},
                     {"user", "app"},
                     {"database", "shop"},
                     {"application", "pgbench"},
                     {"authenticated", "identity=\"oncall\" method=peer (/hba:1)"},
                     {"statements", "BEGIN;\nUPDATE t SET a = \u27e61,900\u27e7;\nEND;\n"},
                     {"sent", "0 1 0.00001\n0 1 0.001\n0 1 0.0001\n"}};
    EXPECT_TRUE(world.apply(action, "trainee", telemetry).accepted);
    world.advanceTo(world.now() + base::seconds(12), telemetry);
  }
  [[nodiscard]] std::int64_t count(const std::string& part) const {
    std::int64_t n = 0;
    for (const LogEntry& e : entries()) n += base::contains(e.message, part) ? 1 : 0;
    return n;
  }
  [[nodiscard]] std::int64_t transactions() const {
    return static_cast<std::int64_t>(world.postgres().loads.back().transactions + 1e-9);
  }
};

}  // namespace

TEST(LogLoads, EachTransactionHasItsStatementsInOrder) {
  LoggedLoad l("log_statement = all");
  EXPECT_GT(l.transactions(), 500);
  EXPECT_EQ(l.count("statement: END;"), l.transactions());
  EXPECT_EQ(l.count("statement: UPDATE t SET a = "), l.transactions());
  std::map<std::uint32_t, int> opened;
  for (const LogEntry& e : l.entries()) {
    if (!e.message.starts_with("statement: ")) continue;
    EXPECT_EQ(e.process.application, "pgbench");
    EXPECT_FALSE(base::contains(e.message, "\u27e6")) << e.message;
    opened[e.process.pid] += base::contains(e.message, "BEGIN") ? 1 : 0;
  }
  EXPECT_EQ(opened.size(), 8u);
  EXPECT_TRUE(base::contains(l.entries().back().message, "END"));
}

TEST(LogLoads, NothingIsWrittenUnlessAskedFor) {
  LoggedLoad l("log_statement = ddl");
  EXPECT_EQ(l.count("statement"), 0);
  EXPECT_EQ(l.count("connection"), 0);
}

TEST(LogLoads, ModLogsChangesOnly) {
  LoggedLoad l("log_statement = mod");
  EXPECT_EQ(l.count("statement: UPDATE"), l.transactions());
  EXPECT_EQ(l.count("statement: BEGIN"), 0);
}

TEST(LogLoads, DurationsAddUpToTheLatency) {
  LoggedLoad l("log_min_duration_statement = 0");
  double sum = 0;
  for (const LogEntry& e : l.entries()) {
    if (!e.message.starts_with("duration: ")) continue;
    double value = 0;
    std::from_chars(e.message.data() + 10, e.message.data() + e.message.size(), value);
    sum += value / 1000;
  }
  const double all = l.world.postgres().loads.back().latencySum;
  EXPECT_NEAR(sum, all, 0.1 * all);
}

TEST(LogLoads, TheSlowOnesAreAsManyAsTheirShare) {
  LoggedLoad all("log_min_duration_statement = 0"), slow("log_min_duration_statement = 10");
  std::int64_t expected = 0;
  for (const LogEntry& e : all.entries()) {
    double value = 0;
    if (!e.message.starts_with("duration: ")) continue;
    std::from_chars(e.message.data() + 10, e.message.data() + e.message.size(), value);
    expected += value >= 10 ? 1 : 0;
  }
  EXPECT_GT(expected, 50);
  EXPECT_NEAR(static_cast<double>(slow.count("duration: ")), static_cast<double>(expected),
              0.2 * static_cast<double>(expected));
}

TEST(LogLoads, FilesAddUpToTheCounters) {
  LoggedLoad l("log_temp_files = 0", 0.5);
  std::int64_t files = 0, bytes = 0;
  for (const LogEntry& e : l.entries()) {
    const std::size_t at = e.message.find(", size ");
    if (at == std::string::npos) continue;
    std::int64_t size = 0;
    std::from_chars(e.message.data() + at + 7, e.message.data() + e.message.size(), size);
    bytes += size;
    files += 1;
    EXPECT_TRUE(e.statement.starts_with("UPDATE t")) << e.statement;
  }
  EXPECT_GT(files, 100);
  EXPECT_EQ(files, static_cast<std::int64_t>(l.world.postgres().tempFiles));
  EXPECT_EQ(bytes, static_cast<std::int64_t>(l.world.postgres().tempBytes));
}

TEST(LogLoads, ClientsComeAndGo) {
  LoggedLoad l("log_connections = on\nlog_disconnections = on");
  EXPECT_EQ(l.count("connection received: host=[local]"), 8);
  EXPECT_EQ(l.count("connection authenticated: identity=\"oncall\" method=peer (/hba:1)"), 8);
  EXPECT_EQ(l.count("connection authorized: user=app database=shop application_name=pgbench"), 8);
  EXPECT_EQ(l.count("disconnection: session time: 0:00:10.000 user=app database=shop "
                    "host=[local]"),
            8);
}
