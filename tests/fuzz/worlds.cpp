// SPDX-License-Identifier: GPL-3.0-or-later
#include "worlds.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "base/text.h"
#include "scenario/reader.h"

namespace fuzz {
namespace {

[[noreturn]] void giveUp(const std::string& message) {
  std::fprintf(stderr, "%s\n", message.c_str());
  std::exit(2);
}

base::SimTime clock(const scenario::Scenario& scenario, const char* text) {
  const std::int64_t day = 24LL * 3600 * 1000;
  return {base::parseClock(text).value() - scenario.world.timing.startUnixMs % day};
}

}  // namespace

std::shared_ptr<const sim::SettingCatalogue> catalogue() {
  static const auto settings =
      scenario::readSettings(SOURCE_DIR "/assets/postgresql-15-settings.json");
  if (!settings.ok()) giveUp(settings.error().message);
  return settings.value();
}

std::shared_ptr<const scenario::Scenario> seedScenario() {
  static const auto reading = scenario::readScenarioFile(
      SOURCE_DIR "/scenarios/2024-05-07-main-database.json", catalogue());
  for (const auto& problem : reading.problems) giveUp(problem.text());
  return reading.scenario;
}

std::string contentOf(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) giveUp("cannot read " + path);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

std::vector<drill::Lab> laboratories() {
  std::vector<drill::Lab> labs;
  for (const std::string& load : scenario::labLoads()) {
    scenario::LabOptions options;
    options.load = load;
    if (load == "shop") options.swapBytes = 2LL << 30;
    if (load == "report") options.plainLayout = true;
    auto lab = drill::Lab::open(options, catalogue());
    if (!lab.ok()) giveUp(lab.error().message);
    labs.push_back(std::move(lab.value()));
  }
  return labs;
}

std::vector<drill::Run> momentsOfTheOutage() {
  const auto scenario = seedScenario();
  const scenario::ActionList* history = scenario->list("history");
  if (history == nullptr) giveUp("the seed scenario has no history");
  drill::Run run(scenario, {1, drill::Mode::Watch});
  run.follow(history->actions);
  std::vector<drill::Run> moments;
  for (const char* time : {"09:50", "10:41", "11:20", "11:59"}) {
    run.advanceTo(clock(*scenario, time));
    moments.push_back(run);
    moments.back().takeOver(drill::Mode::Practice);
  }
  return moments;
}

Surroundings surroundings(const drill::Lab& lab) {
  Surroundings around;
  for (const sim::SettingDefinition& one : catalogue()->all()) around.settings.push_back(one.name);
  drill::Lab copy = lab;
  for (const char* command : {"find /", "find /proc", "find /sys"}) {
    for (std::string& path : base::lines(copy.type(command).text)) {
      if (path.starts_with("/")) around.files.push_back(std::move(path));
    }
  }
  around.pids = {"1", "0", "-1", "self", "99999", "2147483648"};
  for (const std::string& pid :
       base::split(copy.type("pgrep postgres | head -n 20 | tr '\\n' ' '").text, ' ')) {
    if (!pid.empty()) around.pids.push_back(pid);
  }
  return around;
}

std::string imbalance(const sim::World& world) {
  const sim::Memory& memory = world.host().memory;
  if (memory.sum() != world.spec().host.ramBytes) return "memory does not add up to RAM";
  for (const std::int64_t part : {memory.kernel, memory.hugePages, memory.anon, memory.shmem,
                                  memory.pageTables, memory.pageCache, memory.free}) {
    if (part < 0) return "a part of memory is negative";
  }
  const sim::Website& site = world.website();
  if (site.arrived != site.served + site.failed + site.waiting) return "requests do not add up";
  if (site.waiting < 0) return "fewer than no requests wait";
  const sim::Postgres& server = world.postgres();
  if (server.active > server.connections()) return "more active than connected";
  // A smart shutdown waits for those who are still connected.
  if (!server.accepts() && server.life != sim::Life::ShuttingDown && server.connections() != 0) {
    return "connections to a server that is down";
  }
  return {};
}

}  // namespace fuzz
