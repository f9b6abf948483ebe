// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/benchmark.h"

#include <algorithm>

#include "base/random.h"
#include "base/text.h"
#include "console/shell.h"
#include "console/sql/connect.h"
#include "sim/session_actions.h"

namespace console {
namespace {

// MODEL, from measurements of 15.18 on two cores: CPU of a transaction on server and client, and
// what one client gets at most (it waits for its commit record to be written).
struct Script {
  double cpuSeconds, mostPerClient, walBytes, pagesDirtied;
};
constexpr Script kTpcB = {0.00117, 110, 14'600, 1.9};
constexpr Script kSelectOnly = {0.00026, 9'000, 0, 0};

const Script& scriptOf(const BenchmarkRun& run) {
  return run.selectOnly ? kSelectOnly : kTpcB;
}

sim::Action sessionAction(std::uint32_t pid, const char* what) {
  sim::Action action;
  action.verb = sim::Verb::Session;
  action.target = std::to_string(pid);
  action.text = what;
  return action;
}

std::string lostWords(const BenchmarkRun& run, std::size_t client, std::int64_t atMs) {
  // Commands 4 to 10 of the TPC-B script are sent to the server, its first four set variables.
  const auto draw = base::below(7, run.startMs > 0 ? static_cast<std::uint64_t>(run.startMs) : 1,
                                base::Stream::Terminal, atMs, static_cast<std::uint32_t>(client));
  const std::string command = std::to_string(run.selectOnly ? 1 : 4 + draw);
  return "pgbench: error: client " + std::to_string(client) + " aborted in command " + command +
         " (SQL) of script 0; perhaps the backend died while processing\n";
}

}  // namespace

std::string startBenchmark(Machine& machine, BenchmarkRun& run, std::int64_t nowMs) {
  run.startMs = nowMs;
  const sim::World& world = machine.world;
  const Script& script = scriptOf(run);
  const double cores = world.spec().host.cores;
  const double all =
      std::min(run.clients * script.mostPerClient, std::max(1.0, cores) / script.cpuSeconds);
  run.ratePerClient = all / std::max(1, run.clients);
  PsqlSession session;
  session.user = run.user;
  session.database = run.database;
  for (int i = 0; i < run.clients; ++i) {
    session.pid = sim::freshSessionPid(world.postgres(), world.seed(), world.now());
    const sim::Login login{run.user, run.database, "pgbench", {}, sim::SessionKind::Client};
    if (const auto refusal = sim::turnedAway(world.spec(), world.postgres(), login)) {
      const bool postmaster = refusal->severity == "LOG";
      world.logSession(*refusal, postmaster ? world.postgres().postmasterPid : session.pid, {},
                       machine.telemetry);
      stopBenchmark(machine, run, false);
      return "pgbench: error: connection to server " + connectionTarget(world, session) +
             " failed: " + (postmaster ? "" : "FATAL:  ") + refusal->text +
             "\npgbench: error: could not create connection for client " + std::to_string(i) + "\n";
    }
    sim::Action open = sessionAction(session.pid, "open");
    open.fields = {{"role", run.user}, {"database", run.database}, {"application", "pgbench"}};
    if (!machine.world.apply(open, machine.who, machine.telemetry).accepted) continue;
    run.pids.push_back(session.pid);
    sim::Action work = sessionAction(session.pid, "bench");
    work.fields = {{"rate", std::to_string(static_cast<std::int64_t>(run.ratePerClient * 1000))},
                   {"wal", std::to_string(static_cast<std::int64_t>(script.walBytes))},
                   {"pages", std::to_string(static_cast<std::int64_t>(script.pagesDirtied * 1000))},
                   {"query", run.selectOnly ? "SELECT" : "TPC-B"},
                   {"until", std::to_string(nowMs + run.seconds * 1000)}};
    machine.world.apply(work, machine.who, machine.telemetry);
  }
  run.alive = run.pids.size();
  return {};
}

void watchBenchmark(Machine& machine, BenchmarkRun& run, std::string& output) {
  const sim::Postgres& server = machine.world.postgres();
  const std::int64_t endMs = run.startMs + run.seconds * 1000;
  for (std::size_t i = 0; i < run.pids.size(); ++i) {
    const std::uint32_t pid = run.pids[i];
    if (pid == 0 || sim::findSession(server, pid) != nullptr) continue;
    const sim::Farewell* said = sim::findFarewell(server, pid);
    if (said == nullptr || said->atMs >= endMs) continue;  // it hung up by itself
    if (!said->words.empty()) output += said->words + "\n";
    output += lostWords(run, i, said->atMs);
    run.done += run.ratePerClient * static_cast<double>(said->atMs - run.startMs) / 1000;
    run.lastLostMs = said->atMs;
    run.pids[i] = 0;
    run.lost += 1;
    run.alive -= 1;
    machine.world.apply(sessionAction(pid, "close"), machine.who, machine.telemetry);
  }
}

bool benchmarkOver(const BenchmarkRun& run, std::int64_t nowMs) {
  return run.alive == 0 || nowMs >= run.startMs + run.seconds * 1000;
}

std::string benchmarkReport(const BenchmarkRun& run, std::int64_t nowMs) {
  const std::int64_t endMs = run.startMs + run.seconds * 1000;
  const std::int64_t stoppedMs = run.alive == 0 ? run.lastLostMs : std::min(nowMs, endMs);
  const double seconds = std::max(0.001, static_cast<double>(stoppedMs - run.startMs) / 1000);
  const double count = run.done + run.ratePerClient * static_cast<double>(run.alive) * seconds;
  const double rate = count / seconds;
  const auto whole = static_cast<std::int64_t>(count);
  // MODEL: a connection takes 60 ms of a busy machine with two cores (connect_cost), in a row.
  const double connecting = 15.0 * run.clients;
  std::string text =
      "transaction type: " +
      std::string(run.selectOnly ? "<builtin: select only>" : "<builtin: TPC-B (sort of)>") +
      "\nscaling factor: " + std::to_string(run.scale) +
      "\nquery mode: simple\nnumber of clients: " + std::to_string(run.clients) +
      "\nnumber of threads: " + std::to_string(run.threads) +
      "\nmaximum number of tries: 1\nduration: " + std::to_string(run.seconds) +
      " s\nnumber of transactions actually processed: " + std::to_string(whole) +
      "\nnumber of failed transactions: 0 (0.000%)\n";
  if (whole > 0) {
    text += "latency average = " + base::fixedText(1000.0 * run.clients / rate, 3) +
            " ms\ninitial connection time = " + base::fixedText(connecting, 3) +
            " ms\ntps = " + base::fixedText(rate, 6) + " (without initial connection time)\n";
  }
  if (run.lost > 0) {
    text += "pgbench: error: Run was aborted; the above results are incomplete.\n";
  }
  return text;
}

void stopBenchmark(Machine& machine, BenchmarkRun& run, bool killed) {
  for (const std::uint32_t pid : run.pids) {
    if (pid == 0) continue;
    sim::Action action = sessionAction(pid, "close");
    if (killed) action.fields["how"] = "lost";
    machine.world.apply(action, machine.who, machine.telemetry);
  }
  run.pids.clear();
  run.alive = 0;
}

}  // namespace console
