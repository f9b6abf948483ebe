// SPDX-License-Identifier: GPL-3.0-or-later
// The kernel's report of a real run of the world, read like a person with a calculator would: its
// blocks against each other, against the host's memory and against the processes there are.
#include "sim/oom_report.h"

#include <gtest/gtest.h>

#include <map>
#include <regex>

#include "base/text.h"
#include "world_log.h"

using namespace sim;

namespace {

struct Row {
  std::int64_t pid = 0, uid = 0, vmPages = 0, pages = 0, tableBytes = 0, swap = 0, adjust = 0;
  std::string name;
};

// A report with what the host looked like a tick before.
struct Case {
  std::string text;
  Memory before;
  std::vector<std::uint32_t> pids;  // of the server, a tick before
  std::int64_t sharedKb = 0;
};

// The first kills of a starved host.
const std::vector<Case>& cases() {
  static const std::vector<Case> all = [] {
    std::vector<Case> found;
    World world(Model::make(worldtest::spec("44GB")), 3);
    Telemetry telemetry;
    while (world.now() < base::minutes(420) && found.size() < 3) {
      const Memory before = world.host().memory;
      std::vector<std::uint32_t> pids;
      for (std::int32_t i = 0; i < world.postgres().connections(); ++i) {
        pids.push_back(backendPid(world.postgres(), i));
      }
      pids.push_back(world.postgres().postmasterPid);
      const std::size_t read = telemetry.logs().size();
      const std::int64_t kills = world.host().oomKills;
      world.tick(telemetry);
      if (world.host().oomKills == kills) continue;
      for (std::size_t i = read; i < telemetry.logs().size(); ++i) {
        const LogRecord& record = telemetry.logs()[i];
        if (record.shape != static_cast<std::uint16_t>(LogShape::KernelOomReport)) continue;
        found.push_back({logMessage(record, telemetry, world.spec()), before, pids,
                         world.postgres().values.sharedMemoryBytes / 1024});
      }
    }
    return found;
  }();
  return all;
}

std::vector<std::int64_t> numbers(const std::string& text, const std::string& pattern) {
  std::vector<std::int64_t> found;
  const std::regex expression(pattern);
  for (std::sregex_iterator i(text.begin(), text.end(), expression), end; i != end; ++i) {
    found.push_back(std::stoll((*i)[1].str()));
  }
  return found;
}

std::int64_t number(const std::string& text, const std::string& pattern) {
  const auto found = numbers(text, pattern);
  EXPECT_EQ(found.size(), 1U) << pattern;
  return found.empty() ? -1 : found[0];
}

// A total of Mem-Info in pages.
std::int64_t total(const std::string& text, const std::string& name) {
  return number(text, "\n ?(?:[a-z_]+:\\d+ )*" + name + ":(\\d+)(?: |\n)");
}

std::vector<Row> rows(const std::string& text) {
  std::vector<Row> all;
  const std::regex row(R"(\[ *(\d+)\] +(\d+) +(\d+) +(\d+) +(\d+) +(\d+) +(\d+) +(-?\d+) (\S+))");
  for (std::sregex_iterator i(text.begin(), text.end(), row), end; i != end; ++i) {
    const std::smatch& m = *i;
    EXPECT_EQ(m[1].str(), m[3].str());
    all.push_back({std::stoll(m[1]), std::stoll(m[2]), std::stoll(m[4]), std::stoll(m[5]),
                   std::stoll(m[6]), std::stoll(m[7]), std::stoll(m[8]), m[9]});
  }
  return all;
}

std::int64_t verdict(const std::string& text, const std::string& field) {
  return number(text, "Killed process .*" + field + R"((\d+))");
}

}  // namespace

TEST(OomReport, ThereAreKillsToLookAt) {
  ASSERT_GE(cases().size(), 2U);
}

TEST(OomReport, MemoryAddsUpToTheHostsRam) {
  for (const Case& c : cases()) {
    const std::int64_t zones =
        number(c.text, R"(\n(\d+) pages RAM)") - number(c.text, R"(\n(\d+) pages reserved)");
    const std::int64_t ram = worldtest::spec("44GB").host.ramBytes / 4096;
    EXPECT_EQ(zones, ram);
    const std::int64_t anonLists = total(c.text, "active_anon") + total(c.text, "inactive_anon");
    const std::int64_t files = total(c.text, "active_file") + total(c.text, "inactive_file");
    const std::int64_t kernel = c.before.kernel / 4096;
    const std::int64_t sum =
        anonLists + files + total(c.text, "pagetables") + total(c.text, "free") + kernel;
    EXPECT_LE(std::abs(sum - ram), 8) << sum - ram;
    EXPECT_EQ(number(c.text, R"(\n(\d+) total pagecache pages)"), files + total(c.text, "shmem"));
    // Everything but free is what it was a second before, or a little more.
    EXPECT_NEAR(static_cast<double>(total(c.text, "pagetables")) * 4096,
                static_cast<double>(c.before.pageTables), 1e9);
    EXPECT_NEAR(static_cast<double>(total(c.text, "shmem")) * 4096,
                static_cast<double>(c.before.shmem), 1e9);
    EXPECT_NEAR(static_cast<double>(anonLists - total(c.text, "shmem")) * 4096,
                static_cast<double>(c.before.anon), 1e9);
  }
}

TEST(OomReport, NodeAndZonesRepeatTheTotals) {
  for (const Case& c : cases()) {
    for (const char* field : {"active_anon", "inactive_anon", "active_file", "inactive_file"}) {
      const auto all = numbers(c.text, std::string("[ \n]") + field + R"(:(\d+))");
      ASSERT_EQ(all.size(), 5U) << field;
      EXPECT_EQ(all[0] * 4, all[1]);
      EXPECT_EQ(all[2] + all[3] + all[4], all[1]) << field;
    }
    for (const char* field : {"shmem", "pagetables", "dirty", "mapped"}) {
      const auto all = numbers(c.text, std::string("[ \n]") + field + R"(:(\d+))");
      ASSERT_EQ(all.size(), 2U) << field;
      EXPECT_EQ(all[0] * 4, all[1]) << field;
    }
    std::int64_t free = 0;
    for (const std::int64_t zone : numbers(c.text, R"(Node 0 \w+ free:(\d+)kB)")) free += zone;
    EXPECT_EQ(free, total(c.text, "free") * 4);
    // The zone that programs live in is below its minimum: that is why somebody dies.
    const std::string normal = c.text.substr(c.text.find("Node 0 Normal free:"));
    EXPECT_LT(number(normal.substr(0, 200), R"(free:(\d+)kB)"),
              number(normal.substr(0, 200), R"(min:(\d+)kB)"));
  }
}

TEST(OomReport, TheTableListsEveryProcessOnceInOrder) {
  for (const Case& c : cases()) {
    const std::vector<Row> table = rows(c.text);
    std::map<std::int64_t, Row> byPid;
    std::int64_t before = 0;
    for (const Row& row : table) {
      EXPECT_GT(row.pid, before);
      before = row.pid;
      byPid[row.pid] = row;
      EXPECT_LE(row.pages, row.vmPages) << row.pid;
      EXPECT_EQ(row.tableBytes % 4096, 0) << row.pid;
      if (row.uid != 107) continue;
      EXPECT_EQ(row.name, "postgres");
      EXPECT_GE(row.vmPages, c.sharedKb / 4);
    }
    for (const std::uint32_t pid : c.pids) EXPECT_TRUE(byPid.contains(pid)) << pid;
    EXPECT_GE(table.size(), c.pids.size() + 6 + 5);
    EXPECT_EQ(byPid[c.pids.back()].adjust, -900);
  }
}

TEST(OomReport, PageTablesOfAllProcessesAreThePageTablesThereAre) {
  for (const Case& c : cases()) {
    std::int64_t bytes = 0;
    for (const Row& row : rows(c.text)) bytes += row.tableBytes;
    EXPECT_NEAR(static_cast<double>(bytes) / 4096, static_cast<double>(total(c.text, "pagetables")),
                4);
  }
}

TEST(OomReport, TheVictimIsTheWorstAndItsFiguresAreTheSameTwice) {
  for (const Case& c : cases()) {
    const std::int64_t victim = number(c.text, R"(Killed process (\d+) )");
    const auto badness = [](const Row& row) {
      return row.pages + row.swap + row.tableBytes / 4096;
    };
    Row killed;
    std::int64_t worst = 0;
    for (const Row& row : rows(c.text)) {
      if (row.pid == victim) killed = row;
      if (row.adjust == 0) worst = std::max(worst, badness(row));
    }
    EXPECT_EQ(killed.pid, victim);
    EXPECT_EQ(badness(killed), worst);
    EXPECT_EQ(killed.vmPages * 4, verdict(c.text, "total-vm:"));
    EXPECT_EQ(killed.pages * 4, verdict(c.text, "anon-rss:") + verdict(c.text, "file-rss:") +
                                    verdict(c.text, "shmem-rss:"));
    EXPECT_EQ(killed.tableBytes, verdict(c.text, "pgtables:") * 1024);
    EXPECT_EQ(number(c.text, R"(task=postgres,pid=(\d+),uid=107)"), victim);
    EXPECT_EQ(number(c.text, R"(oom_reaper: reaped process (\d+) )"), victim);
    EXPECT_EQ(number(c.text, R"(oom_reaper: .*shmem-rss:(\d+)kB)"), verdict(c.text, "shmem-rss:"));
  }
}

TEST(OomReport, WithoutBackendsThereIsNoTable) {
  worldtest::Server server;
  server.postgres.cohorts.fill({});
  const auto c = server.context();
  EXPECT_TRUE(oomTasks(c, oomReport(c, {})).empty());
}
