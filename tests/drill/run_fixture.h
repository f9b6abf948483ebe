// SPDX-License-Identifier: GPL-3.0-or-later
// The seed scenario and a practice session in it, for tests of runs, replay and run files. Not for
// scores.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "drill/run.h"
#include "scenario/reader.h"

namespace runtest {

inline std::shared_ptr<const scenario::Scenario> seedScenario() {
  const auto settings =
      scenario::readSettings(std::string(SOURCE_DIR) + "/assets/postgresql-15-settings.json");
  if (!settings.ok()) {
    ADD_FAILURE() << settings.error().message;
    std::abort();  // no test can go on without it
  }
  auto reading = scenario::readScenarioFile(
      std::string(SOURCE_DIR) + "/scenarios/2024-05-07-main-database.json", settings.value());
  for (const auto& problem : reading.problems) ADD_FAILURE() << problem.text();
  if (!reading.scenario) std::abort();
  return reading.scenario;
}

// "10:03:30" on the seed scenario's day, which starts at 05:00.
inline base::SimTime clock(const std::string& text) {
  return {base::parseClock(text).value() - base::parseClock("05:00").value()};
}

inline sim::Action action(sim::Verb verb, const std::string& target = {},
                          const std::string& text = {},
                          const std::map<std::string, std::string>& fields = {}) {
  return {verb, target, text, fields};
}

// Everything a trainee can do, in 25 minutes.
inline std::vector<sim::TimedAction> session() {
  using enum sim::Verb;
  const auto by = [](const char* at, sim::Action what) {
    return sim::TimedAction{clock(at), "trainee", std::move(what)};
  };
  return {
      by("10:00:50", action(Look, "alerts")),
      by("10:01:30", action(Acknowledge, "WebsiteLatencyHigh")),
      by("10:01:30", action(Declare, "sev2")),
      by("10:02:00", action(Page, "netops")),
      by("10:02:10", action(Look, "chart:node_memory_PageTables_bytes")),
      by("10:02:30", action(Command, {}, "free -m")),
      by("10:03:00", action(Hypothesis, "h1", "it is memory",
                            {{"component", "database"}, {"confidence", "60"}})),
      by("10:03:10", action(Pin, "h1", {}, {{"observation", "2"}, {"stance", "for"}})),
      by("10:04:00", action(Ask, "netops", "network-health")),
      by("10:05:00", action(Command, {}, "dmesg | tail -n 20")),
      by("10:05:30", action(Command, {}, "psql -c 'SHOW shared_buffers'")),
      by("10:06:00", action(Hint, "1")),
      by("10:07:00", action(Look, "log:postgresql")),
      by("10:07:30", action(Look, "changes")),
      by("10:08:00", action(Command, {}, "sudo systemctl reload postgresql@15-main")),
      by("10:12:00", action(Restart, "fast")),
      by("10:18:00", action(Status, "identified", "We know why & correct it: \"memory\".")),
      by("10:25:00", action(Verify, {}, "still slow")),
  };
}

inline drill::Run played(const std::shared_ptr<const scenario::Scenario>& scenario,
                         const std::vector<sim::TimedAction>& script, base::SimTime until,
                         base::SimTime step = base::seconds(600),
                         drill::Mode mode = drill::Mode::Practice) {
  drill::Run run(scenario, {1, mode});
  run.follow(script);
  for (base::SimTime time = run.now(); time < until;) {
    time = std::min(time + step, until);
    run.advanceTo(time);
  }
  return run;
}

// A folder of this process that goes away with the test.
class TemporaryFolder {
 public:
  TemporaryFolder()
      : m_path(std::filesystem::temp_directory_path() /
               ("outage-drill-test-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(m_path);
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] std::string file(const std::string& name) const { return (m_path / name).string(); }

 private:
  std::filesystem::path m_path;
};

inline std::string contentOf(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

}  // namespace runtest
