// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/jobs.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "console/bench/run.h"
#include "console/bench/transaction_log.h"
#include "console/interpreter.h"
#include "console/psql/program.h"
#include "console/sql/session.h"
#include "sim/session_actions.h"

namespace console {
namespace {

constexpr std::size_t kMostOutput = 1u << 20;

// What a statement that was running when its session ended would have printed, it does not.
bool interrupted(Machine& machine, Job& job) {
  PsqlSession& session = job.session;
  if (!session.registered) return false;
  const sim::Postgres& server = machine.world.postgres();
  const sim::Session* there = sim::findSession(server, session.pid);
  std::vector<sim::Action> changed;
  base::SimTime none;
  SqlSession sql(machine, session, changed, none);
  if (there == nullptr) {
    const sim::Farewell* said = sim::findFarewell(server, session.pid);
    if (said != nullptr && said->atMs < job.clockMs) {
      job.pending.clear();
      (void)sql.alive(job.output);
      job.feeds.clear();
      job.exitCode = 2;
      job.endsMs = said->atMs;
      return true;
    }
    return false;
  }
  if (!there->cancelled) return false;
  job.pending.clear();
  sql.cancelStatement(job.output);
  job.clockMs = machine.world.now().ms;
  return false;
}

// The shell as a psql in the background finds it.
ShellState aroundJob(const ShellState& state) {
  ShellState inner = state;
  inner.psql = {};
  inner.jobs.clear();
  return inner;
}

// One string of -c, or one line of a script: the last of the feeds is the next. False: it waits for
// a lock, and is to be tried again.
bool feed(Machine& machine, ShellState& inner, Job& job, const std::vector<std::string>& history) {
  const std::string next = job.feeds.back();
  std::vector<sim::Action> changed;
  base::SimTime took;
  std::string output;
  bool quit = false;
  job.session.background = true;
  job.session.blocked = false;
  const PsqlSurroundings around{
      machine, inner, changed, took,
      [&](const std::string& line, const std::string& input, std::string& out, std::string& error) {
        Interpreter interpreter(machine, inner, history);
        Call call{machine, inner, interpreter, {"sh"}, input, true, out, error, changed, took};
        const int code = interpreter.runScript({line, "sh", {}}, call);
        took = took + interpreter.duration();
        return code;
      }};
  PsqlProgram psql(around, job.session, output, output);
  int code = 0;
  if (next.starts_with('l')) {
    quit = !psql.feed(next.substr(1));
    code = job.session.broken ? 2 : psql.quits() ? 0 : quit ? 3 : 0;
  } else {
    const bool fine = psql.runCommand(next.substr(1));
    if (!fine && !job.session.blocked) quit = true;
    code = fine ? 0 : job.session.broken ? 2 : 1;
  }
  if (job.session.blocked) return false;
  job.feeds.pop_back();
  job.exitCode = code;
  if (quit || job.session.broken) job.feeds.clear();
  job.clockMs = machine.world.now().ms + took.ms;
  (took.ms > 0 ? job.pending : job.output) += output;
  return true;
}

void announceLeave(Machine& machine, const Job& job) {
  sim::Action action;
  action.verb = sim::Verb::Session;
  action.target = std::to_string(job.session.pid);
  action.text = "leave";
  action.fields["at"] = std::to_string(job.clockMs);
  machine.world.apply(action, machine.who, machine.telemetry);
}

void runPsqlJob(Machine& machine, ShellState& state, Job& job,
                const std::vector<std::string>& history) {
  const std::int64_t nowMs = machine.world.now().ms;
  ShellState inner = aroundJob(state);
  while (job.endsMs < 0) {
    if (interrupted(machine, job)) break;
    if (job.clockMs > nowMs) break;
    job.output += job.pending;
    job.pending.clear();
    if (job.output.size() > kMostOutput) job.output.resize(kMostOutput);
    if (job.feeds.empty()) {
      std::vector<sim::Action> changed;
      base::SimTime none;
      SqlSession(machine, job.session, changed, none).disconnect();
      job.endsMs = job.clockMs;
      break;
    }
    if (!feed(machine, inner, job, history)) break;
    if (job.feeds.empty() && job.clockMs > nowMs) announceLeave(machine, job);
  }
}

void endBenchmark(Machine& machine, Job& job) {
  job.output += benchmarkReport(machine.world, job.benchmark);
  job.exitCode = job.benchmark.lostSome() ? 2 : 0;
  const sim::ClientLoad* load = sim::findLoad(machine.world.postgres(), job.benchmark.firstPid);
  if (load != nullptr) growTables(machine, job.benchmark, load->transactions);
}

void runJob(Machine& machine, ShellState& state, Job& job,
            const std::vector<std::string>& history) {
  if (job.endsMs >= 0) return;
  const std::int64_t nowMs = machine.world.now().ms;
  if (job.session.connected || job.session.registered) {
    runPsqlJob(machine, state, job, history);
  } else if (job.benchmark.clients > 0) {
    watchBenchmark(machine, job.benchmark, job.output);
    writeLogs(state, job.benchmark, transactionLines(machine.world, job.benchmark));
    if (!benchmarkOver(machine.world, job.benchmark)) return;
    endBenchmark(machine, job);
    job.endsMs = nowMs;
  } else {
    job.endsMs = nowMs;
  }
}

// A redirected job writes to its file when it is done.
void deliver(ShellState& state, Job& job, std::string& text) {
  if (job.outputPath.empty()) {
    text += job.output;
  } else {
    state.files[job.outputPath] += job.output;
  }
  job.output.clear();
}

}  // namespace

void runJobs(Machine& machine, ShellState& state, const std::vector<std::string>& history) {
  for (std::size_t i = 0; i < state.jobs.size(); ++i) {
    Job job = state.jobs[i];
    runJob(machine, state, job, history);
    state.jobs[i] = std::move(job);
  }
}

std::string jobLine(const Job& job, bool last, std::string_view status) {
  return "[" + std::to_string(job.number) + "]" + (last ? "+" : "-") + "  " +
         base::padRight(status, 24) + job.command + "\n";
}

std::string finishedJobs(ShellState& state, std::int64_t nowMs) {
  std::string text, lines;
  for (std::size_t i = 0; i < state.jobs.size(); ++i) {
    Job& job = state.jobs[i];
    const bool over = job.endsMs >= 0 && job.endsMs <= nowMs;
    // What a benchmark prints on its way is seen at once.
    if (over || job.benchmark.clients > 0) deliver(state, job, text);
    if (!over) continue;
    const std::string status =
        job.killed ? "Terminated"
                   : (job.exitCode == 0 ? "Done" : "Exit " + std::to_string(job.exitCode));
    lines += jobLine(job, i + 1 == state.jobs.size(), status);
  }
  std::erase_if(state.jobs, [&](const Job& job) { return job.endsMs >= 0 && job.endsMs <= nowMs; });
  if (!text.empty() && !text.ends_with('\n')) text += '\n';
  return text + lines;
}

Job* findJob(ShellState& state, std::string_view name) {
  if (name.starts_with('%')) name.remove_prefix(1);
  if (state.jobs.empty()) return nullptr;
  if (name.empty() || name == "%" || name == "+") return &state.jobs.back();
  int number = 0;
  const auto [end, code] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (code != std::errc() || end != name.data() + name.size()) return nullptr;
  for (Job& job : state.jobs) {
    if (job.number == number) return &job;
  }
  return nullptr;
}

void killJob(Machine& machine, Job& job) {
  std::vector<sim::Action> changed;
  base::SimTime none;
  if (job.session.registered) SqlSession(machine, job.session, changed, none).disconnect();
  watchBenchmark(machine, job.benchmark, job.output);
  killBenchmark(machine, job.benchmark);
  job.feeds.clear();
  job.pending.clear();
  job.killed = true;
  job.exitCode = 143;
  job.endsMs = machine.world.now().ms;
}

std::int64_t finishJob(Machine& machine, ShellState& state, Job& job,
                       const std::vector<std::string>& history) {
  const std::int64_t nowMs = machine.world.now().ms;
  std::int64_t took = 0;
  job.session.background = false;
  ShellState inner = aroundJob(state);
  while (job.endsMs < 0 && job.session.connected) {
    took += std::max<std::int64_t>(0, job.clockMs - nowMs);
    job.clockMs = nowMs;
    const std::size_t left = job.feeds.size();
    job.output += job.pending;
    job.pending.clear();
    if (left > 0 && !feed(machine, inner, job, history)) break;
    if (left == 0) runPsqlJob(machine, state, job, history);
  }
  if (job.endsMs < 0 && job.benchmark.clients > 0) {
    const BenchmarkEnd end = benchmarkAhead(machine, job.benchmark);
    job.output += end.output;
    writeLogs(state, job.benchmark, end.logs);
    job.exitCode = end.exitCode;
    took = end.milliseconds;
    growTables(machine, job.benchmark, end.transactions);
  }
  if (job.endsMs > nowMs) took = job.endsMs - nowMs;
  job.endsMs = nowMs;
  return took;
}

}  // namespace console
