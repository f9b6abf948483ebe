// SPDX-License-Identifier: GPL-3.0-or-later
#include "random_action.h"

#include "configuration_text.h"

namespace fuzz {
namespace {

constexpr std::string_view kTargets[] = {"sev1",
                                         "sev2",
                                         "sev5",
                                         "investigating",
                                         "resolved",
                                         "fast",
                                         "smart",
                                         "immediate",
                                         "alerts",
                                         "changes",
                                         "status",
                                         "log:postgresql",
                                         "log:kernel",
                                         "log:website",
                                         "log:network",
                                         "log:",
                                         "chart:pg_up",
                                         "chart:node_memory_MemAvailable_bytes",
                                         "chart:",
                                         "h1",
                                         "h2",
                                         "1",
                                         "4",
                                         "vm.swappiness",
                                         "vm.overcommit_memory",
                                         "vm.overcommit_ratio",
                                         "vm.min_free_kbytes",
                                         "vm.nr_hugepages",
                                         "vm.drop_caches",
                                         "shared_buffers",
                                         "work_mem",
                                         "max_connections",
                                         "all",
                                         "app",
                                         "postgres",
                                         "statement_timeout",
                                         ""};

constexpr std::string_view kTexts[] = {"",
                                       "16GB",
                                       "8GB",
                                       "-1",
                                       "0",
                                       "on",
                                       "KILL",
                                       "TERM",
                                       "HUP",
                                       "INT",
                                       "QUIT",
                                       "9",
                                       "we know why",
                                       "1TB",
                                       "99999999TB",
                                       "free -m",
                                       "psql -c 'show all'",
                                       "network-health",
                                       "0.5",
                                       "'quoted'",
                                       "a, b",
                                       "default"};

constexpr std::string_view kFields[] = {
    "remove",    "readable",  "empty",        "options",   "limits",       "database",
    "role",      "superuser", "limit",        "set",       "alter-system", "drop",
    "impact",    "rollback",  "verification", "emergency", "from",         "to",
    "component", "mechanism", "setting",      "direction", "confidence",   "observation",
    "stance",    "change",    "metric",       "per",       "op",           "threshold",
    "for",       "nothing"};

constexpr std::string_view kValues[] = {"yes",
                                        "no",
                                        "-c shared_buffers=1GB",
                                        "-c x",
                                        "-c max_connections=5 -c port=1",
                                        "as=400000000 stack=8388608",
                                        "stack=0",
                                        "as=1",
                                        "as=unlimited nproc=1",
                                        "shop",
                                        "app",
                                        "database",
                                        "memory",
                                        "shared_buffers",
                                        "too-high",
                                        "60",
                                        "101",
                                        "for",
                                        "against",
                                        "10:00:00",
                                        "10:30",
                                        "99:99:99",
                                        ">",
                                        "<",
                                        "==",
                                        "pg_up",
                                        "node_load1",
                                        "5min",
                                        "1s",
                                        "work_mem,,log_statement",
                                        "nan",
                                        "1e308",
                                        ""};

std::string word(Dice& dice) {
  if (dice.oneIn(5)) return dice.number();
  if (dice.oneIn(30)) return dice.bytes(40);
  if (dice.oneIn(300)) return std::string(dice.below(200'000), 'x');
  return {};
}

std::string pid(const sim::World& world, Dice& dice) {
  const sim::Postgres& server = world.postgres();
  if (dice.oneIn(4) || server.cohorts.empty()) return std::to_string(server.postmasterPid);
  const sim::Cohort& cohort = server.cohorts[dice.below(server.cohorts.size())];
  return std::to_string(static_cast<std::int64_t>(cohort.firstPid) +
                        static_cast<std::int64_t>(dice.below(60)));
}

std::string targetOf(const sim::World& world, Dice& dice) {
  const sim::WorldSpec& spec = world.spec();
  switch (dice.below(7)) {
    case 0:
      if (!spec.monitoring.rules.empty())
        return spec.monitoring.rules[dice.below(spec.monitoring.rules.size())].name;
      return {};
    case 1:
      if (!spec.people.empty()) return spec.people[dice.below(spec.people.size())].id;
      return {};
    case 2:
      return pid(world, dice);
    case 3:
      return world.postgres().files.empty()
                 ? std::string()
                 : world.postgres().files[dice.below(world.postgres().files.size())].path;
    case 4:
      return word(dice);
    default:
      return std::string(dice.oneOf(kTargets));
  }
}

// Targets and texts that suit the verb, more often than chance would.
void fit(sim::Action& action, const sim::World& world, Dice& dice) {
  using enum sim::Verb;
  if (action.verb == EditFile) {
    static const ConfigurationText texts(
        {world.spec().database.configFile,
         world.spec().database.dataDirectory + "/postgresql.auto.conf"});
    action.target = texts.file(dice);
    action.text = texts.text(dice);
  } else if (action.verb == Signal) {
    action.target = pid(world, dice);
  } else if (action.verb == Admit) {
    action.target = std::to_string(dice.below(110));
  } else if (action.verb == AddSwap) {
    action.text = std::to_string(dice.below(200)) + "GB";
  } else if (action.verb == Sysctl) {
    action.text = dice.number();
  } else if (action.verb == Restart || action.verb == Stop) {
    action.target = "fast";
  }
}

}  // namespace

sim::Action randomAction(const sim::World& world, Dice& dice) {
  sim::Action action;
  // Beyond the last verb too; the incident is not closed too often.
  action.verb = static_cast<sim::Verb>(dice.below(static_cast<std::size_t>(sim::Verb::Count) + 2));
  if (action.verb == sim::Verb::Close && !dice.oneIn(10)) action.verb = sim::Verb::Restart;
  action.target = targetOf(world, dice);
  action.text = dice.oneIn(2) ? std::string(dice.oneOf(kTexts)) : word(dice);
  if (dice.oneIn(2)) fit(action, world, dice);
  while (dice.oneIn(2)) {
    const std::string value = dice.oneIn(4) ? word(dice) : std::string(dice.oneOf(kValues));
    action.fields[std::string(dice.oneOf(kFields))] = value;
  }
  return action;
}

}  // namespace fuzz
