// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <thread>

#include "base/random.h"
#include "figures.h"
#include "scenario/reader.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace bench {
namespace {

constexpr int kHours = 2;
constexpr double kTicks = kHours * 3600.0;
constexpr int kThreads = 2;

std::size_t ticksBetween(const sim::World& world, base::SimTime until) {
  const sim::TimingSpec& timing = world.spec().timing;
  const base::SimTime fine = std::max(world.now(), timing.fineFrom);
  const auto coarse = std::max<std::int64_t>(0, (timing.fineFrom - world.now()).ms / 60'000);
  return static_cast<std::size_t>(coarse + std::max<std::int64_t>(0, (until - fine).ms / 1000));
}

std::size_t heapBytes() {
#ifdef __GLIBC__
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
#else
  return 0;
#endif
}

// To two hours after the opening, without series.
void runSummary(const ModelPointer& model, std::uint64_t seed) {
  sim::World world(model, seed);
  sim::Telemetry telemetry(sim::Detail::Summary);
  world.advanceTo(model->spec.timing.opensAt + base::minutes(60 * kHours), telemetry);
}

// Processor seconds of the thread that took longer: what it takes when both cores are free.
double batchSeconds(const ModelPointer& model, int runs) {
  std::array<double, kThreads> used{};
  const auto work = [&](std::size_t thread) {
    used[thread] = secondsOf([&] {
      for (int run = static_cast<int>(thread); run < runs; run += kThreads) {
        runSummary(model, static_cast<std::uint64_t>(run) + 1);
      }
    });
  };
  std::array<std::thread, kThreads> threads;
  for (std::size_t i = 0; i < kThreads; ++i) threads[i] = std::thread(work, i);
  for (std::thread& thread : threads) thread.join();
  return *std::max_element(used.begin(), used.end());
}

double runMegabytes(const ScenarioPointer& scenario, const ModelPointer& model) {
  const std::size_t before = heapBytes();
  const drill::Run run = historicalRun(scenario, model);
  const std::size_t held = heapBytes() - before;
  const std::size_t counted = run.telemetry().memoryBytes() + sizeof(run);
  return static_cast<double>(std::max(held, counted)) / (1024 * 1024);
}

}  // namespace

ScenarioPointer seedScenario() {
  const auto settings =
      scenario::readSettings(std::string(SOURCE_DIR) + "/assets/postgresql-15-settings.json");
  if (!settings.ok()) {
    std::fprintf(stderr, "%s\n", settings.error().message.c_str());
    return nullptr;
  }
  auto reading = scenario::readScenarioFile(
      std::string(SOURCE_DIR) + "/scenarios/2024-05-07-main-database.json", settings.value());
  for (const auto& problem : reading.problems) {
    std::fprintf(stderr, "%s\n", problem.text().c_str());
  }
  return reading.scenario;
}

drill::Run historicalRun(const ScenarioPointer& scenario, const ModelPointer& model) {
  drill::Run run(scenario, {1, drill::Mode::Watch}, model);
  run.follow(scenario->list("history")->actions);
  run.advanceTo(scenario->world.timing.endsAt);
  return run;
}

double advanceMilliseconds(sim::World world, base::SimTime until) {
  sim::Telemetry telemetry;
  return 1000 * secondsOf([&] {
           telemetry.reserve(ticksBetween(world, until) + 2);
           world.advanceTo(until, telemetry);
         });
}

bool engine(const ScenarioPointer& scenario, const ModelPointer& model, const sim::World& opened,
            const Options& options) {
  printTitle("Engine");
  const base::SimTime end = opened.now() + base::minutes(60 * kHours);
  const sim::World early(model, 1);
  std::vector<Figure> figures = {
      {"two hours, all telemetry, logs and alerts", "ms", atMost(5),
       [&] { return advanceMilliseconds(opened, end); }},
      {"whole run with its morning, all telemetry",
       "ms",
       {},
       [&] { return advanceMilliseconds(early, scenario->world.timing.endsAt); }},
  };
  measureInterleaved(figures, options.rounds);
  bool sound = print(figures);
  sound = printDerived("of the two hours: a tick", figures[0].best() * 1e6 / kTicks, "ns") && sound;

  const int runs = options.smoke ? 4 : 1000;
  std::vector<Figure> batch = {
      {std::to_string(runs) + " seeded runs without series, 2 threads", "s", atMost(2),
       [&] { return batchSeconds(model, runs); }},
      {"memory of the whole historical run", "MB", atMost(32),
       [&] { return runMegabytes(scenario, model); }},
  };
  measureInterleaved(batch, options.smoke ? 1 : std::min(options.rounds, 3));
  sound = print(batch) && sound;
  const double ticks = static_cast<double>(ticksBetween(early, end));
  sound = printDerived("of them: runs per second on two cores", runs / batch[0].best(), "1/s") &&
          printDerived("of them: a tick", batch[0].best() * 1e9 * kThreads / runs / ticks, "ns") &&
          sound;
  return sound;
}

bool seeking(const drill::Run& history, const Options& options) {
  printTitle("Seek to a second drawn at random, in the historical run");
  const base::SimTime opensAt = history.scenario().world.timing.opensAt;
  const auto span = static_cast<std::uint64_t>((history.now() - opensAt).seconds());
  std::vector<Figure> figures = {{"half of them within", "ms", {}, nullptr},
                                 {"99 of 100 within", "ms", atMost(16), nullptr}};
  for (int round = 0; round < std::min(options.rounds, 5); ++round) {
    std::vector<double> times;
    for (int i = 0; i < (options.smoke ? 2 : 100); ++i) {
      const auto second = static_cast<std::int64_t>(
          base::below(span + 1, static_cast<std::uint64_t>(round), base::Stream::Bots, i));
      const base::SimTime target = opensAt + base::seconds(second);
      times.push_back(1000 * secondsOf([&] { const drill::Run there = history.at(target); }));
    }
    figures[0].values.push_back(quantile(times, 0.5));
    figures[1].values.push_back(quantile(times, 0.99));
  }
  return print(figures);
}

}  // namespace bench
