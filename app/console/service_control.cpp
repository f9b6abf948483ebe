// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/service_control.h"

#include <algorithm>

namespace console {
namespace {

std::string optionText(const StartOptions& options) {
  std::string text;
  for (const auto& [name, value] : options) {
    const bool quoted = value.find_first_of(" \t") != std::string::npos;
    const std::string pair = name + "=" + value;
    text += (text.empty() ? "-c " : " -c ") + (quoted ? "'" + pair + "'" : pair);
  }
  return text;
}

sim::Action actionOf(const Call& call, sim::Verb verb, const std::string& mode,
                     const StartOptions& options, bool another) {
  sim::Action action;
  action.verb = verb;
  action.target = mode;
  if (!options.empty()) action.fields["options"] = optionText(options);
  if (another) action.fields["another"] = "yes";
  const bool starts = verb == sim::Verb::Start || verb == sim::Verb::Restart;
  if (starts && !call.state.limits.empty()) action.fields["limits"] = call.state.limits;
  return action;
}

// The server's own lines from a record on.
std::string textOf(const sim::Telemetry& telemetry, std::size_t from, const sim::WorldSpec& spec) {
  std::string text;
  const auto& logs = telemetry.logs();
  for (std::size_t i = from; i < logs.size(); ++i) {
    if (logs[i].source != sim::LogSource::Postgres) continue;
    text += sim::logText(logs[i], telemetry, spec) + "\n";
  }
  return text;
}

ServiceResult perform(Call& call, sim::Verb verb, const std::string& mode,
                      const StartOptions& options, bool another = false) {
  const std::size_t before = call.machine.telemetry.logs().size();
  const sim::Outcome outcome = call.apply(actionOf(call, verb, mode, options, another));
  ServiceResult result;
  result.ok = outcome.accepted && outcome.exitCode == 0;
  result.exitCode = outcome.exitCode == 0 && !result.ok ? 1 : outcome.exitCode;
  result.log = textOf(call.machine.telemetry, before, call.world().spec());
  if (result.log.empty() && !outcome.text.empty()) result.log = outcome.text + "\n";
  return result;
}

bool up(const Call& call) {
  return call.world().postgres().life != sim::Life::Stopped;
}

}  // namespace

namespace {

Outlook follow(sim::World trial, int limitSeconds, bool untilStopped) {
  Outlook outlook;
  sim::Telemetry log;
  const base::SimTime begin = trial.now();
  const auto settled = [&] {
    const sim::Postgres& server = trial.postgres();
    outlook.running = server.accepts();
    return (outlook.running && !untilStopped) ||
           (server.life == sim::Life::Stopped && !server.restartPending);
  };
  const base::SimTime end = begin + base::seconds(limitSeconds);
  while (!settled() && trial.now() < end) {
    trial.advanceTo(trial.now() + base::seconds(1), log);
  }
  outlook.settled = settled();
  outlook.seconds = static_cast<double>((trial.now() - begin).ms) / 1000;
  outlook.log = textOf(log, 0, trial.spec());
  return outlook;
}

}  // namespace

Outlook lookAhead(const Call& call, int limitSeconds, bool untilStopped) {
  return follow(call.world(), limitSeconds, untilStopped);
}

Outlook stopAhead(const Call& call, const std::string& mode, int limitSeconds) {
  sim::World trial = call.world();
  sim::Telemetry ignored;
  sim::Action action;
  action.verb = sim::Verb::Stop;
  action.target = mode;
  (void)trial.apply(action, call.machine.who, ignored);
  return follow(std::move(trial), limitSeconds, true);
}

ServiceResult startAnyway(Call& call, const StartOptions& options, bool foreground) {
  if (foreground) {
    sim::World trial = call.world();
    sim::Telemetry log;
    const sim::Action action = actionOf(call, sim::Verb::Start, "", options, up(call));
    const sim::Outcome outcome = trial.apply(action, call.machine.who, log);
    if (!outcome.accepted) {
      return {false, false, textOf(log, 0, trial.spec()), std::max(outcome.exitCode, 1)};
    }
  }
  return perform(call, sim::Verb::Start, "", options, up(call));
}

ServiceResult startServer(Call& call, const StartOptions& options) {
  if (up(call)) return {false, true, "", 0};
  ServiceResult result = perform(call, sim::Verb::Start, "", options);
  if (!result.ok) return result;
  // The startup process may still find what it cannot work with.
  constexpr int kPatience = 5;  // seconds; longer is a recovery, which goes well
  const Outlook outlook = lookAhead(call, kPatience, false);
  if (outlook.settled && !outlook.running) {
    result.ok = false;
    result.exitCode = 1;
    result.log += outlook.log;
  }
  return result;
}

ServiceResult stopServer(Call& call, const std::string& mode) {
  if (!up(call)) return {false, true, "", 0};
  return perform(call, sim::Verb::Stop, mode, {});
}

ServiceResult restartServer(Call& call, const std::string& mode, const StartOptions& options) {
  if (!up(call)) return startServer(call, options);
  ServiceResult result = perform(call, sim::Verb::Restart, mode, options);
  if (!result.ok) return result;
  // The server stops over the next moments; whether it comes up again, a copy of the world tells.
  constexpr int kPatience = 600;  // seconds
  const Outlook outlook = lookAhead(call, kPatience, false);
  if (!outlook.settled || outlook.running) return result;
  result.ok = false;
  result.log = outlook.log;
  return result;
}

ServiceResult reloadServer(Call& call) {
  if (!up(call)) return {false, true, "", 0};
  return perform(call, sim::Verb::Reload, "", {});
}

std::string agoText(std::int64_t seconds) {
  if (seconds < 60) return std::to_string(seconds) + "s";
  if (seconds < 3600)
    return std::to_string(seconds / 60) + "min " + std::to_string(seconds % 60) + "s";
  if (seconds < 86'400)
    return std::to_string(seconds / 3600) + "h " + std::to_string(seconds / 60 % 60) + "min";
  return std::to_string(seconds / 86'400) + " days";
}

}  // namespace console
