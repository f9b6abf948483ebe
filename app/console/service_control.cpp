// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/service_control.h"

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

ServiceResult perform(Call& call, sim::Verb verb, const std::string& mode,
                      const StartOptions& options) {
  const std::size_t before = call.machine.telemetry.logs().size();
  sim::Action action;
  action.verb = verb;
  action.target = mode;
  if (!options.empty()) action.fields["options"] = optionText(options);
  const bool starts = verb == sim::Verb::Start || verb == sim::Verb::Restart;
  if (starts && !call.state.limits.empty()) action.fields["limits"] = call.state.limits;
  const sim::Outcome outcome = call.apply(action);
  ServiceResult result;
  result.ok = outcome.accepted && outcome.exitCode == 0;
  const auto& logs = call.machine.telemetry.logs();
  for (std::size_t i = before; i < logs.size(); ++i) {
    if (logs[i].source != sim::LogSource::Postgres) continue;
    result.log += sim::logText(logs[i], call.machine.telemetry, call.world().spec()) + "\n";
  }
  if (result.log.empty() && !outcome.text.empty()) result.log = outcome.text + "\n";
  return result;
}

bool up(const Call& call) {
  return call.world().postgres().life != sim::Life::Stopped;
}

}  // namespace

ServiceResult startServer(Call& call, const StartOptions& options) {
  if (up(call)) return {false, true, ""};
  return perform(call, sim::Verb::Start, "", options);
}

ServiceResult stopServer(Call& call, const std::string& mode) {
  if (!up(call)) return {false, true, ""};
  return perform(call, sim::Verb::Stop, mode, {});
}

ServiceResult restartServer(Call& call, const std::string& mode, const StartOptions& options) {
  if (!up(call)) return startServer(call, options);
  ServiceResult result = perform(call, sim::Verb::Restart, mode, options);
  if (!result.ok) return result;
  // The server stops over the next moments; whether it comes up again, a copy of the world tells.
  sim::World trial = call.world();
  sim::Telemetry log;
  constexpr int kPatience = 600;  // seconds
  for (int i = 0; i < kPatience && trial.postgres().restartPending; ++i) {
    trial.advanceTo(trial.now() + base::seconds(1), log);
  }
  if (trial.postgres().life != sim::Life::Stopped) return result;
  result.ok = false;
  result.log.clear();
  for (const sim::LogRecord& record : log.logs()) {
    if (record.source == sim::LogSource::Postgres) {
      result.log += sim::logText(record, log, trial.spec()) + "\n";
    }
  }
  return result;
}

ServiceResult reloadServer(Call& call) {
  if (!up(call)) return {false, true, ""};
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
