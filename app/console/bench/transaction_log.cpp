// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/bench/transaction_log.h"

#include <algorithm>

#include "base/portable_math.h"
#include "base/random.h"
#include "base/text.h"

namespace console {
namespace {

// The thread a client belongs to: each takes an equal part of those that are left.
std::size_t threadOf(std::int64_t client, std::int64_t clients, std::int64_t threads) {
  std::int64_t dealt = 0;
  for (std::int64_t i = 0; i < threads; ++i) {
    dealt += (clients - dealt + threads - i - 1) / (threads - i);
    if (client < dealt) return static_cast<std::size_t>(i);
  }
  return 0;
}

std::size_t scriptOf(const BenchmarkRun& run, double chance) {
  double weights = 0;
  for (const BenchmarkScript& script : run.scripts) weights += script.weight;
  for (std::size_t i = 0; i < run.scripts.size(); ++i) {
    chance -= weights > 0 ? run.scripts[i].weight / weights : 0;
    if (chance < 0) return i;
  }
  return 0;
}

}  // namespace

std::string transactionLogPath(const BenchmarkRun& run, std::size_t thread) {
  return thread == 0 ? run.logPath : run.logPath + "." + std::to_string(thread);
}

std::vector<std::string> transactionLines(const sim::World& world, BenchmarkRun& run) {
  // MODEL: a line has some forty bytes.
  constexpr double kMostLines = kMostLogged / 40.0;
  std::vector<std::string> texts(static_cast<std::size_t>(std::max<std::int64_t>(run.threads, 1)));
  const sim::ClientLoad* load = sim::findLoad(world.postgres(), run.firstPid);
  if (run.logPath.empty() || load == nullptr || run.clients <= 0) return texts;
  const double done = load->transactions, from = run.logged;
  run.logged = done;
  if (done <= from || from * run.samplingRate >= kMostLines || load->seconds <= 0) return texts;
  const double connected = static_cast<double>(run.startMs) + run.connectMs;
  const double untilMs =
      std::min(connected + 1000 * load->seconds, static_cast<double>(world.now().ms));
  const double perMs = done / std::max(untilMs - connected, 1.0);
  const double meanUs = 1e6 * load->latencySum / done, lagUs = 1e6 * load->lagSum / done;
  const std::uint64_t seed = world.seed() ^ run.firstPid;
  for (auto t = static_cast<std::int64_t>(from); t < static_cast<std::int64_t>(done); ++t) {
    const auto draw = [&](std::uint32_t what) {
      return base::uniform(seed, base::Stream::Terminal, t, what);
    };
    if (run.samplingRate < 1 && draw(1) > run.samplingRate) continue;
    if (static_cast<double>(t) * run.samplingRate >= kMostLines) break;
    const double latency = std::max(20.0, -meanUs * base::portableLog(1 - draw(2)));
    const double atMs = connected + (static_cast<double>(t) + draw(3)) / perMs;
    const auto endUs = static_cast<std::int64_t>(
        (static_cast<double>(world.spec().timing.startUnixMs) + atMs) * 1000);
    const std::int64_t client = t % run.clients;
    std::string& text = texts[threadOf(client, run.clients, run.threads)];
    text += std::to_string(client) + " " + std::to_string(t / run.clients + 1) + " " +
            base::fixedText(latency, 0) + " " + std::to_string(scriptOf(run, draw(4))) + " " +
            std::to_string(endUs / 1'000'000) + " " + std::to_string(endUs % 1'000'000);
    if (run.rate > 0) {
      text += " " + base::fixedText(-lagUs * base::portableLog(1 - draw(5)), 0);
    }
    text += "\n";
  }
  return texts;
}

}  // namespace console
