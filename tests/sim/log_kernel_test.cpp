// SPDX-License-Identifier: GPL-3.0-or-later
// The kernel's out-of-memory report: its order, and numbers that agree with each other.
#include <gtest/gtest.h>

#include <regex>
#include <string>
#include <vector>

#include "base/text.h"
#include "sim/log_shapes.h"
#include "sim/telemetry.h"
#include "sim/world_spec.h"

using namespace sim;

namespace {

OomReport report() {
  OomReport r;
  r.ramKb = 64LL << 20;
  r.freeKb = 81'928;
  r.anonKb = 9'400'000;
  r.shmemKb = 30'000'000;
  r.fileKb = 900'000;
  r.pageTablesKb = 24'000'000;
  r.slabKb = 600'000;
  r.dirtyKb = 4000;
  r.triggerPid = 4107;
  r.postmasterPid = 1012;
  r.segmentKb = 47'000'000;
  r.backends = 150;
  r.firstBackendPid = 4100;
  r.victimPid = 4104;
  r.victimAnonKb = 42'003;  // not a whole page
  r.victimShmemKb = 21'000'000;
  r.victimPageTablesKb = 41'200;
  return r;
}

std::string lines() {
  return kernelOomLines(report());
}

std::vector<std::int64_t> numbersOf(const std::string& text, const std::string& pattern) {
  std::vector<std::int64_t> found;
  const std::regex expression(pattern);
  for (std::sregex_iterator i(text.begin(), text.end(), expression), end; i != end; ++i) {
    found.push_back(std::stoll((*i)[1].str()));
  }
  return found;
}

std::int64_t sum(const std::vector<std::int64_t>& list, std::size_t from = 0) {
  std::int64_t total = 0;
  for (std::size_t i = from; i < list.size(); ++i) total += list[i];
  return total;
}

}  // namespace

TEST(KernelOomReport, BlocksComeInTheKernelsOrder) {
  const std::string text = lines();
  std::size_t at = 0;
  for (const char* mark :
       {"postgres invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0, "
        "oom_score_adj=0\n",
        "CPU: 3 PID: 4107 Comm: postgres Not tainted 6.1.0-",
        "Hardware name: ",
        "Call Trace:\n <TASK>",
        " </TASK>\nMem-Info:\nactive_anon:",
        "Node 0 active_anon:",
        "Node 0 DMA free:",
        "lowmem_reserve[]: 0",
        "Node 0 DMA32 free:",
        "Node 0 Normal free:",
        "Node 0 DMA: ",
        "Node 0 Normal: ",
        "hugepages_size=1048576kB",
        "hugepages_size=2048kB",
        " total pagecache pages",
        "Free swap  = 0kB\nTotal swap = 0kB",
        " pages RAM",
        "Tasks state (memory values in pages):",
        "[  pid  ]   uid  tgid total_vm      rss",
        "oom-kill:constraint=CONSTRAINT_NONE,",
        "task=postgres,pid=4104,uid=107",
        "Out of memory: Killed process 4104 (postgres) total-vm:",
        "oom_reaper: reaped process 4104 (postgres), now anon-rss:0kB"}) {
    const std::size_t found = text.find(mark, at);
    ASSERT_NE(found, std::string::npos) << mark;
    at = found;
  }
}

TEST(KernelOomReport, ZonesAddUpToTheWhole) {
  const std::string text = lines();
  const auto free = numbersOf(text, R"(Node 0 \w+ free:(\d+)kB)");
  ASSERT_EQ(free.size(), 3U);
  EXPECT_EQ(sum(free), 81'928);
  EXPECT_EQ(sum(numbersOf(text, R"( managed:(\d+)kB)")), 64LL << 20);
  for (const char* field : {"active_anon", "inactive_anon", "active_file", "inactive_file"}) {
    // First the total in pages, then the node in kB, then the zones.
    const auto values = numbersOf(text, std::string("[ \n]") + field + R"(:(\d+))");
    ASSERT_EQ(values.size(), 5U) << field;
    EXPECT_EQ(values[0] * 4, values[1]) << field;
    EXPECT_EQ(sum(values, 2), values[1]) << field;
  }
  const auto anon = numbersOf(text, R"(\b(?:in)?active_anon:(\d+) )");
  EXPECT_EQ(sum(anon) * 4, 39'400'000);  // anonymous lists hold shared memory too
}

TEST(KernelOomReport, FreeListsAddUpToTheirZone) {
  const std::regex list(R"(Node 0 (\w+): (.*) = (\d+)kB)");
  const std::string text = lines();
  int zones = 0;
  for (std::sregex_iterator i(text.begin(), text.end(), list), end; i != end; ++i, ++zones) {
    const std::string blocks = (*i)[2].str();
    const auto counts = numbersOf(blocks, R"((\d+)\*\d+kB)");
    const auto sizes = numbersOf(blocks, R"(\d+\*(\d+)kB)");
    ASSERT_EQ(counts.size(), 11U);
    std::int64_t total = 0;
    for (std::size_t k = 0; k < counts.size(); ++k) total += counts[k] * sizes[k];
    EXPECT_EQ(total, std::stoll((*i)[3].str()));
  }
  EXPECT_EQ(zones, 3);
}

TEST(KernelOomReport, TheVictimInTheTableIsTheVictimInTheVerdict) {
  const std::string text = lines();
  const std::regex task(R"(\[ *4104\] +107 +4104 +(\d+) +(\d+) +(\d+) +0 +0 postgres)");
  std::smatch row;
  ASSERT_TRUE(std::regex_search(text, row, task));
  const std::regex verdict(
      R"(Killed process 4104 \(postgres\) total-vm:(\d+)kB, anon-rss:(\d+)kB, )"
      R"(file-rss:(\d+)kB, shmem-rss:(\d+)kB, UID:107 pgtables:(\d+)kB oom_score_adj:0)");
  std::smatch killed;
  ASSERT_TRUE(std::regex_search(text, killed, verdict));
  EXPECT_EQ(std::stoll(row[1]), std::stoll(killed[1]) / 4);
  EXPECT_EQ(std::stoll(row[2]) * 4,
            std::stoll(killed[2]) + std::stoll(killed[3]) + std::stoll(killed[4]));
  EXPECT_EQ(std::stoll(row[3]), std::stoll(killed[5]) * 1024);
  EXPECT_EQ(numbersOf(text, R"(\n(?:\[ *(\d+)\] +\d+))").size(), 19U);
  EXPECT_NE(text.find("-900 postgres\n"), std::string::npos);
}

TEST(KernelOomReport, SurvivesItsTextAndGetsThePrefixOnEveryLine) {
  const OomReport given = report();
  const std::string compact = oomReportText(given);
  EXPECT_EQ(kernelOomLines(oomReportFrom(compact)), kernelOomLines(given));
  WorldSpec spec;
  spec.timing.startUnixMs = base::toUnixMs({2024, 5, 7, 10, 20, 13, 0});
  Telemetry telemetry;
  const LogRecord record =
      logRecord(LogShape::KernelOomReport, {0}, 0, {}, telemetry.addText(compact));
  EXPECT_EQ(record.source, LogSource::Kernel);
  const auto shown = base::lines(logText(record, telemetry, spec));
  EXPECT_GT(shown.size(), 80U);
  for (const std::string& line : shown) {
    EXPECT_TRUE(line.starts_with("[Tue May  7 10:20:13 2024] ")) << line;
  }
}

TEST(KernelOomReport, EmptyOrTinyReportsDoNoHarm) {
  EXPECT_FALSE(kernelOomLines(OomReport()).empty());
  OomReport one;
  one.ramKb = 4, one.backends = 1, one.victimPid = 7, one.firstBackendPid = 7;
  EXPECT_NE(kernelOomLines(one).find("Killed process 7"), std::string::npos);
}
