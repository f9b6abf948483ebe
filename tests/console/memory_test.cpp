// SPDX-License-Identifier: GPL-3.0-or-later
// free, /proc/meminfo, vmstat and the exported metrics must tell one story.
#include <gtest/gtest.h>

#include <map>
#include <sstream>

#include "base/text.h"
#include "console/system/numbers.h"
#include "terminal.h"

namespace {

std::map<std::string, std::int64_t> meminfo(Terminal& t) {
  std::map<std::string, std::int64_t> values;
  for (const std::string& line : base::lines(t("cat /proc/meminfo"))) {
    values[line.substr(0, line.find(':'))] = std::stoll(line.substr(line.find(':') + 1));
  }
  return values;
}

std::vector<std::int64_t> numbers(const std::string& line) {
  std::istringstream stream(line);
  std::string label;
  stream >> label;
  std::vector<std::int64_t> values;
  for (std::int64_t value = 0; stream >> value;) values.push_back(value);
  return values;
}

TEST(Memory, MeminfoAgreesWithTheExporter) {
  Terminal t;
  const auto info = meminfo(t);
  EXPECT_EQ(info.size(), 53u);
  const std::pair<const char*, sim::Metric> kPairs[] = {
      {"MemTotal", sim::Metric::NodeMemTotal},
      {"MemFree", sim::Metric::NodeMemFree},
      {"MemAvailable", sim::Metric::NodeMemAvailable},
      {"Cached", sim::Metric::NodeMemCached},
      {"Shmem", sim::Metric::NodeMemShmem},
      {"AnonPages", sim::Metric::NodeMemAnon},
      {"PageTables", sim::Metric::NodeMemPageTables},
      {"Slab", sim::Metric::NodeMemSlab},
      {"Dirty", sim::Metric::NodeMemDirty},
      {"CommitLimit", sim::Metric::NodeMemCommitLimit},
      {"Committed_AS", sim::Metric::NodeMemCommitted},
      {"SwapTotal", sim::Metric::NodeSwapTotal}};
  for (const auto& [name, metric] : kPairs) {
    const double exported = static_cast<double>(t.telemetry.last(metric)) / 1024;
    // One page of rounding each for up to three parts, and 24 bits of a float.
    EXPECT_NEAR(static_cast<double>(info.at(name)), exported, 12 + exported * 1e-6) << name;
  }
}

TEST(Memory, FreeAgreesWithMeminfo) {
  Terminal t;
  const auto info = meminfo(t);
  const auto lines = base::lines(t("free"));
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0],
            "               total        used        free      shared  buff/cache   available");
  const auto row = numbers(lines[1]);
  const std::vector<std::int64_t> expected = {
      info.at("MemTotal"),
      info.at("MemTotal") - info.at("MemAvailable"),
      info.at("MemFree"),
      info.at("Shmem"),
      info.at("Buffers") + info.at("Cached") + info.at("SReclaimable"),
      info.at("MemAvailable")};
  EXPECT_EQ(row, expected);
  const auto vmstat = base::lines(t("vmstat"));
  ASSERT_EQ(vmstat.size(), 3u);
  const auto columns = numbers("x " + vmstat[2]);
  ASSERT_EQ(columns.size(), 17u);
  EXPECT_EQ(columns[3], info.at("MemFree"));
  EXPECT_EQ(columns[5], info.at("Cached") + info.at("SReclaimable"));
  EXPECT_EQ(columns[12] + columns[13] + columns[14] + columns[15], 100);
}

TEST(Memory, LayoutOfFields) {
  Terminal t;
  EXPECT_EQ(
      t("grep -E '^(MemTotal|VmallocTotal|HugePages_Total|Hugepagesize)' /proc/meminfo"),
      "MemTotal:        8388608 kB\nVmallocTotal:   34359738367 kB\nHugePages_Total:       0\n"
      "Hugepagesize:       2048 kB");
  EXPECT_EQ(t("free -h | tail -1"), "Swap:             0B          0B          0B");
  EXPECT_EQ(t("vmstat 1 5 | head -2"),
            "procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu-----\n"
            " r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st");
  EXPECT_EQ(t.reply("vmstat 1 5").duration, base::seconds(4));
  EXPECT_EQ(t("cat /proc/pressure/memory"),
            "some avg10=0.00 avg60=0.00 avg300=0.00 total=0\nfull avg10=0.00 avg60=0.00 "
            "avg300=0.00 total=0");
  EXPECT_EQ(t("vmstat x"), "vmstat: failed to parse argument: 'x'");
}

TEST(Memory, SwapIsAnAction) {
  Terminal t;
  const console::Reply reply = t.reply("sudo swapon --size 4GB");
  ASSERT_EQ(reply.changed.size(), 1u);
  EXPECT_EQ(reply.changed[0].verb, sim::Verb::AddSwap);
  EXPECT_EQ(meminfo(t).at("SwapTotal"), 4 << 20);
  EXPECT_EQ(t("swapon --show"), "NAME      TYPE SIZE USED PRIO\n/swapfile file 4.0G 0B   -2");
  EXPECT_NE(t.reply("swapon --size 1YB").exitCode, 0);
}

TEST(Memory, MappingsAddUpToWhatTheStatusSays) {
  Terminal t;
  int server = 0;
  for (const std::string& pid : base::lines(t("ps -e -o pid= | tail -40"))) {
    const std::string number(base::trim(pid));
    const std::string status = t("grep -E '^(VmSize|VmRSS)' /proc/" + number + "/status");
    if (status.find("VmSize") == std::string::npos) continue;  // of the kernel
    const std::vector<std::string> said = base::lines(status);
    const std::vector<std::int64_t> sums =
        numbers(t("sudo pmap -x " + number + " | tail -1 | sed 's/total kB/total/'"));
    ASSERT_EQ(sums.size(), 3u) << number;
    EXPECT_EQ(sums[0], numbers(said[0])[0]) << number;
    EXPECT_EQ(sums[1], numbers(said[1])[0]) << number;
    server += t("sudo pmap " + number).find("zero (deleted)") != std::string::npos ? 1 : 0;
  }
  EXPECT_GT(server, 5);  // the postmaster, its helpers and backends map the segment
  EXPECT_EQ(t("ipcs -m | grep -c postgres"), "1");
}

}  // namespace
