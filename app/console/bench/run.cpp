// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/bench/run.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/random.h"
#include "base/text.h"
#include "console/bench/transaction_log.h"
#include "console/sql/authentication.h"
#include "console/sql/connect.h"
#include "sim/model_constants.h"
#include "sim/session_actions.h"

namespace console {
namespace {

// MODEL: response times spread about their mean as exponential ones do, a little less.
constexpr double kSpread = 0.85;
// A copy of the world goes on for at most so long; what is left of a longer run is as its end was.
constexpr std::int64_t kLongestMs = 3'600'000;

sim::Action startAction(const Call& call, const BenchmarkRun& run, const DemandReader& demand) {
  sim::Action action;
  action.verb = sim::Verb::Load;
  action.target = "pgbench";
  action.text = sim::demandText(demand.demand());
  action.fields = {{"clients", std::to_string(run.clients)},
                   {"threads", std::to_string(run.threads)},
                   {"user", run.user},
                   {"database", run.database},
                   {"application", "pgbench"},
                   {"connect", std::to_string(static_cast<std::int64_t>(run.connectMs + 0.5))}};
  for (const std::string& one : demand.statements()) action.fields["statements"] += one + "\n";
  action.fields["sent"] = demand.sent();
  if (run.mode != "simple") action.fields["protocol"] = run.mode;
  PsqlSession client;
  client.user = run.user;
  client.database = run.database;
  client.systemUser = call.state.user;
  action.fields["authenticated"] = authenticatedAs(call.world(), client);
  if (run.seconds > 0) {
    action.fields["milliseconds"] = std::to_string(run.seconds * 1000);
  } else {
    action.fields["transactions"] = std::to_string(run.transactions * run.clients);
  }
  if (run.rate > 0) {
    action.fields["rate"] = std::to_string(static_cast<std::int64_t>(run.rate * 1000));
  }
  return action;
}

std::string milliseconds(double value) {
  return base::fixedText(value, 3);
}

std::string whole(double value) {
  return std::to_string(static_cast<std::int64_t>(value));
}

// One of these, in proportion to their weights; draw: from 0 to 1.
std::size_t drawn(const std::vector<double>& weights, double draw) {
  double left = draw * std::accumulate(weights.begin(), weights.end(), 0.0);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    left -= weights[i];
    if (left < 0) return i;
  }
  return 0;
}

// What pgbench says of a client whose server has said farewell. Which command the client was at is
// chance, in proportion to the time they take; and whether it reads a FATAL error as its command's
// result, or as a notice together with the end of the connection.
std::string lostWords(const BenchmarkRun& run, std::size_t client, const sim::Farewell& said) {
  const auto seed = static_cast<std::uint64_t>(std::max<std::int64_t>(run.startMs, 0)) + 1;
  const auto draw = [&](std::uint32_t which) {
    return base::uniform(seed, base::Stream::Terminal, said.atMs,
                         static_cast<std::uint32_t>(client) * 3 + which);
  };
  std::size_t script = 0;
  std::int64_t command = 0;
  if (!run.scripts.empty()) {
    std::vector<double> weights, seconds;
    for (const BenchmarkScript& one : run.scripts) weights.push_back(one.weight);
    script = drawn(weights, draw(0));
    const BenchmarkScript& at = run.scripts[script];
    for (const std::int64_t number : at.sent) {
      const auto index = static_cast<std::size_t>(number);
      seconds.push_back(index < at.seconds.size() ? at.seconds[index] : 1);
    }
    if (!at.sent.empty()) command = at.sent[drawn(seconds, draw(1))];
  }
  const std::string who = "pgbench: error: client " + std::to_string(client);
  const std::string where = "aborted in command " + std::to_string(command);
  if (said.words.starts_with("FATAL") && draw(2) < 0.5) {
    return who + " script " + std::to_string(script) + " " + where + " query 0: " + said.words +
           "\n";
  }
  return (said.words.empty() ? "" : said.words + "\n") + who + " " + where + " (SQL) of script " +
         std::to_string(script) + "; perhaps the backend died while processing\n";
}

void watchClients(Machine& machine, BenchmarkRun& run, std::string& output) {
  const sim::Postgres& server = machine.world.postgres();
  const sim::ClientLoad* load = sim::findLoad(server, run.firstPid);
  if (load == nullptr || load->alive == load->clients) return;
  for (std::size_t i = 0; i < run.lost.size(); ++i) {
    const std::uint32_t pid = run.firstPid + static_cast<std::uint32_t>(i);
    if (run.lost[i] || sim::findSession(server, pid) != nullptr) continue;
    const sim::Farewell* said = sim::findFarewell(server, pid);
    if (said == nullptr) continue;  // it hung up by itself
    output += lostWords(run, i, *said);
    run.lost[i] = true;
    sim::Action read;
    read.verb = sim::Verb::Session;
    read.target = std::to_string(pid);
    read.text = "close";
    (void)machine.world.apply(read, machine.who, machine.telemetry);
  }
}

// "progress: 1.0 s, 11061.7 tps, lat 0.334 ms stddev 0.446, 0 failed": at so many seconds, of a
// part of what was done since the last report.
void tellProgress(const sim::ClientLoad& load, BenchmarkRun& run, double at, double part,
                  std::string& output) {
  const double done = part * (load.transactions - run.toldTransactions);
  const double waited = part * (load.latencySum - run.toldLatency);
  const double lagged = part * (load.lagSum - run.toldLag);
  const double latency = done > 0 ? 1000 * waited / done : 0;
  output += "progress: " + base::fixedText(at, 1) + " s, " +
            base::fixedText(done / (at - run.told), 1) + " tps, lat " + milliseconds(latency) +
            " ms stddev " + milliseconds(latency * kSpread) + ", 0 failed";
  if (run.rate > 0) output += ", lag " + milliseconds(done > 0 ? 1000 * lagged / done : 0) + " ms";
  output += "\n";
  run.told = at;
  run.toldTransactions += done;
  run.toldLatency += waited;
  run.toldLag += lagged;
}

void watchProgress(const sim::World& world, BenchmarkRun& run, std::string& output) {
  const sim::ClientLoad* load = sim::findLoad(world.postgres(), run.firstPid);
  if (run.progress <= 0 || load == nullptr) return;
  const double now = static_cast<double>(world.now().ms - run.startMs) / 1000;
  const double every = static_cast<double>(run.progress);
  // Nobody looked while the run went on: reports come at their times, with the mean of that while.
  while (now - run.told >= every) {
    const double part = now - run.told < 2 * every ? 1 : every / (now - run.told);
    tellProgress(*load, run, part < 1 ? run.told + every : now, part, output);
  }
}

double secondsOf(const BenchmarkScript& script) {
  return std::accumulate(script.seconds.begin(), script.seconds.end(), 1e-9);
}

// What each script and each command took of the mean latency, in proportion to its work.
std::string scriptReports(const BenchmarkRun& run, double transactions, double tps,
                          double latencyMs) {
  const bool several = run.scripts.size() > 1;
  double weights = 0, mean = 0;
  for (const BenchmarkScript& script : run.scripts) {
    weights += script.weight;
    mean += script.weight * secondsOf(script);
  }
  mean /= weights;
  std::string text;
  for (std::size_t i = 0; i < run.scripts.size(); ++i) {
    const BenchmarkScript& script = run.scripts[i];
    const double share = script.weight / weights;
    const double own = latencyMs * secondsOf(script) / mean;
    const std::string percent = base::fixedText(share * 100, 1) + "% of total";
    if (several) {
      text += "SQL script " + std::to_string(i + 1) + ": " + script.title +
              "\n - weight: " + whole(script.weight) + " (targets " + percent + ")\n - " +
              whole(transactions * share) + " transactions (" + percent +
              ", tps = " + base::fixedText(tps * share, 6) +
              ")\n - number of failed transactions: 0 (0.000%)\n - latency average = " +
              milliseconds(own) + " ms\n - latency stddev = " + milliseconds(own * kSpread) +
              " ms\n";
    }
    if (!run.perCommand) continue;
    text +=
        std::string(several ? " - " : "") + "statement latencies in milliseconds and failures:\n";
    const std::size_t count = std::min(script.firstLines.size(), script.seconds.size());
    for (std::size_t c = 0; c < count; ++c) {
      const double took = own * script.seconds[c] / secondsOf(script);
      text += "   " + base::padLeft(milliseconds(took), 11) + "  " + base::padLeft("0", 10) + "  " +
              script.firstLines[c] + "\n";
    }
  }
  return text;
}

}  // namespace

std::string startBenchmark(Call& call, BenchmarkRun& run, const DemandReader& demand) {
  // Threads connect their clients one after another, all threads at once as far as cores go.
  const double lanes =
      std::min<double>(static_cast<double>(run.threads), call.world().spec().host.cores);
  run.connectMs = 1000 * sim::calibration::kConnectSeconds * static_cast<double>(run.clients) /
                  std::max(lanes, 1.0);
  const sim::Outcome outcome = call.apply(startAction(call, run, demand));
  if (!outcome.accepted) {
    PsqlSession session;
    session.user = run.user;
    session.database = run.database;
    return "pgbench: error: connection to server " + connectionTarget(call.world(), session) +
           " failed: " + outcome.text +
           "\npgbench: error: could not create connection for client " +
           std::to_string(outcome.exitCode) + "\n";
  }
  run.firstPid = call.world().postgres().loads.back().firstPid;
  run.startMs = call.world().now().ms;
  run.lost.assign(static_cast<std::size_t>(run.clients), false);
  return {};
}

void watchBenchmark(Machine machine, BenchmarkRun& run, std::string& output) {
  watchClients(machine, run, output);
  watchProgress(machine.world, run, output);
}

bool benchmarkOver(const sim::World& world, const BenchmarkRun& run) {
  const sim::ClientLoad* load = sim::findLoad(world.postgres(), run.firstPid);
  if (load == nullptr || !load->runs()) return true;
  return std::all_of(run.lost.begin(), run.lost.end(), [](bool one) { return one; });
}

std::string benchmarkReport(const sim::World& world, const BenchmarkRun& run) {
  const sim::ClientLoad* load = sim::findLoad(world.postgres(), run.firstPid);
  double transactions = load != nullptr ? load->transactions : 0;
  double seconds = load != nullptr ? load->seconds : 0;
  if (load != nullptr && load->runs() && load->rateNow > 0 && !run.lostSome()) {
    const double wanted = static_cast<double>(run.transactions * run.clients);
    const double left = run.seconds > 0 ? static_cast<double>(run.seconds) - seconds
                                        : (wanted - transactions) / load->rateNow;
    seconds += std::max(left, 0.0);
    transactions += std::max(left, 0.0) * load->rateNow;
  }
  transactions = std::floor(transactions + 0.5);
  const std::size_t scripts = run.scripts.size();
  std::string text =
      "transaction type: " + (scripts == 1 ? run.scripts[0].title : "multiple scripts") +
      "\nscaling factor: " + whole(run.scale) + "\nquery mode: " + run.mode +
      "\nnumber of clients: " + std::to_string(run.clients) +
      "\nnumber of threads: " + std::to_string(run.threads) + "\nmaximum number of tries: 1\n";
  if (run.seconds > 0) {
    text += "duration: " + std::to_string(run.seconds) +
            " s\nnumber of transactions actually processed: " + whole(transactions) + "\n";
  } else {
    text += "number of transactions per client: " + std::to_string(run.transactions) +
            "\nnumber of transactions actually processed: " + whole(transactions) + "/" +
            std::to_string(run.transactions * run.clients) + "\n";
  }
  const std::string aborted =
      "pgbench: error: Run was aborted; the above results are incomplete.\n";
  const std::string end = load == nullptr || run.lostSome() ? aborted : "";
  if (transactions <= 0) return text + "number of failed transactions: 0 (NaN%)\n" + end;
  const double tps = seconds > 0 ? transactions / seconds : 0;
  const double latency = 1000 * load->latencySum / load->transactions;
  text += "number of failed transactions: 0 (0.000%)\nlatency average = " + milliseconds(latency) +
          " ms\n";
  if (run.progress > 0 || run.rate > 0) {
    text += "latency stddev = " + milliseconds(latency * kSpread) + " ms\n";
  }
  if (run.rate > 0) {
    text += "rate limit schedule lag: avg " +
            milliseconds(1000 * load->lagSum / load->transactions) + " (max " +
            milliseconds(1000 * load->lagMost) + ") ms\n";
  }
  const std::string rate = " ms\ntps = " + base::fixedText(tps, 6);
  if (run.reconnects) {
    text +=
        "average connection time = " + milliseconds(1000 * sim::calibration::kReconnectCpuSeconds) +
        rate + " (including reconnection times)\n";
  } else {
    text += "initial connection time = " + milliseconds(run.connectMs) + rate +
            " (without initial connection time)\n";
  }
  if (scripts > 1 || run.perCommand) text += scriptReports(run, transactions, tps, latency);
  return text + end;
}

void growTables(Machine& machine, const BenchmarkRun& run, double transactions) {
  for (const TableChange& change : run.changes) {
    for (const sim::Relation& one : machine.world.postgres().relations) {
      if (one.name != change.table || one.database != run.database) continue;
      sim::Relation table = one;
      table.rows += static_cast<std::int64_t>(change.inserted * transactions);
      for (sim::RelationColumn& column : table.columns) {
        const bool set = std::find(change.columns.begin(), change.columns.end(), column.name) !=
                         change.columns.end();
        if (set && change.updated * transactions >= 1) column.source.clear();
      }
      table.dead = std::min<std::int64_t>(
          table.rows, table.dead + static_cast<std::int64_t>(change.updated * transactions));
      table.pages = std::max(table.pages, sim::heapPages(table, table.rows));
      table.allVisible = false;
      sim::Action action;
      action.verb = sim::Verb::Relation;
      action.target = table.name;
      action.fields["database"] = table.database;
      action.text = sim::relationText(table);
      (void)machine.world.apply(action, machine.who, machine.telemetry);
      break;
    }
  }
}

void killBenchmark(Machine& machine, BenchmarkRun& run) {
  for (std::size_t i = 0; i < run.lost.size(); ++i) {
    if (run.lost[i]) continue;
    sim::Action action;
    action.verb = sim::Verb::Session;
    action.target = std::to_string(run.firstPid + static_cast<std::uint32_t>(i));
    action.text = "close";
    action.fields["how"] = "lost";
    (void)machine.world.apply(action, machine.who, machine.telemetry);
  }
  run.clients = 0;
}

void writeLogs(ShellState& state, const BenchmarkRun& run, const std::vector<std::string>& lines) {
  if (run.logPath.empty()) return;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string& file = state.files[transactionLogPath(run, i)];
    if (file.size() < kMostLogged) file += lines[i];
  }
}

BenchmarkEnd benchmarkAhead(const Machine& machine, BenchmarkRun& run) {
  BenchmarkEnd end;
  sim::World ahead = machine.world;
  sim::Telemetry unread(sim::Detail::Summary);
  const std::int64_t began = ahead.now().ms;
  end.logs.resize(static_cast<std::size_t>(std::max<std::int64_t>(run.threads, 1)));
  const auto watch = [&] {
    watchBenchmark({ahead, unread, machine.who}, run, end.output);
    const std::vector<std::string> lines = transactionLines(ahead, run);
    for (std::size_t i = 0; i < lines.size(); ++i) end.logs[i] += lines[i];
  };
  watch();
  while (!benchmarkOver(ahead, run) && ahead.now().ms - began < kLongestMs) {
    ahead.tick(unread);
    watch();
  }
  end.output += benchmarkReport(ahead, run);
  const sim::ClientLoad* load = sim::findLoad(ahead.postgres(), run.firstPid);
  end.milliseconds = ahead.now().ms - began;
  if (load == nullptr) return end;
  end.transactions = load->transactions;
  // A run's end lies within a tick, unless somebody else put an end to it.
  const double seconds = run.seconds > 0 ? static_cast<double>(run.seconds) : load->seconds;
  const auto whole = static_cast<std::int64_t>(seconds * 1000 + run.connectMs);
  if (!run.lostSome()) end.milliseconds = std::max<std::int64_t>(0, run.startMs + whole - began);
  end.exitCode = run.lostSome() ? 2 : 0;
  return end;
}

}  // namespace console
