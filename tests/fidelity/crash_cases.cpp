// SPDX-License-Identifier: GPL-3.0-or-later
// Server processes that are killed under load: what their clients hear, what the log says, how the
// server comes back.
#include "crash_cases.h"

#include <algorithm>
#include <regex>

#include "base/text.h"
#include "runtime_cases.h"
#include "text.h"

namespace fidelity {
namespace {

constexpr const char* kAttempt = "psql -X -d postgres -c 'select 1'";
constexpr std::size_t kIdle = 1, kTransaction = 2, kBench = 3;

// Clients that were cut off are told of in one of four ways, by what their backend was at.
bool isClientGone(const std::string& line) {
  return base::contains(line, "could not send data to client") ||
         base::contains(line, "could not receive data from client") ||
         base::contains(line, "connection to client lost") ||
         base::contains(line, "unexpected EOF on client connection");
}

// The recording polled for the server's return: what it was refused with depends on the moment.
bool isPoll(const std::string& line) {
  return base::contains(line, "FATAL:  the database system is ") ||
         base::contains(line, "Consistent recovery state has not been yet reached");
}

std::vector<std::string> essential(const std::vector<std::string>& lines) {
  static const std::regex kStatement(
      "Failed process was running: (BEGIN|END|SELECT|UPDATE|INSERT).*");
  static const std::regex kEnd("(invalid record length|unexpected pageaddr) .*");
  std::vector<std::string> result;
  for (const std::string& line : lines) {
    if (isPoll(line)) continue;
    std::string text = isClientGone(line) ? "{client gone}" : line;
    text = std::regex_replace(text, kStatement, "Failed process was running: {statement}");
    result.push_back(std::regex_replace(text, kEnd, "{end of WAL}"));
  }
  return withoutRepeats(std::move(result));
}

// psql says how it goes on after the connection is lost; the recording's ended there.
std::string untilLost(const std::string& text) {
  std::string kept;
  for (const std::string& line : base::lines(text)) {
    if (base::contains(line, "onnection to server was lost") ||
        base::contains(line, "The connection to the server was lost")) {
      break;
    }
    kept += line + "\n";
  }
  return kept;
}

// Which client fails first, and where, is chance: lines in order of their text, numbers masked.
std::string benchShape(const std::string& text) {
  static const std::regex kNumber("[0-9]+([.][0-9]+)?");
  std::vector<std::string> lines;
  for (const std::string& line : base::lines(text)) {
    if (line.starts_with("[1]") || line.empty()) continue;
    std::string shape = std::regex_replace(line, kNumber, "N");
    // A client in the middle of a query reads its end in another way, in one line.
    const std::size_t fatal = shape.find("FATAL:  ");
    if (fatal != std::string::npos && fatal > 0) lines.push_back(shape.substr(fatal));
    shape =
        std::regex_replace(shape, std::regex("client N script N aborted in command N query N: .*"),
                           "client N aborted in command N (SQL) of script N; perhaps the "
                           "backend died while processing");
    lines.push_back(shape);
  }
  std::sort(lines.begin(), lines.end());
  return joined(lines);
}

void compareEssentialLog(const Json& recorded, const Lab& lab, Finding& finding) {
  const std::vector<std::string> expected = essential(recordedLog(recorded));
  const std::vector<std::string> got = essential(comparable(lab.logSinceMark()));
  const LineScore score = compareLines(expected, got);
  finding.linesSame += score.same;
  finding.linesAll += score.all;
  if (score.same != score.all) {
    finding.difference += difference("server log", joined(expected), joined(got));
  }
}

std::string signalOf(const Json& action) {
  const auto number = action.find("signal");
  return number != action.end() && number->is_number() ? number->dump() : "9";
}

// The process the case's words name.
std::string pidOf(Lab& lab, const std::string& kind) {
  std::string where = "application_name = 'pgbench'";
  for (const char* type : {"walwriter", "autovacuum launcher", "logical replication launcher",
                           "checkpointer", "background writer"}) {
    if (base::contains(kind, type)) where = "backend_type = '" + std::string(type) + "'";
  }
  const auto rows = lab.rows("select pid from pg_stat_activity where " + where + " order by pid");
  return rows.empty() ? std::string("0") : rows[0];
}

void openClients(Lab& lab, std::string& idle, std::string& transaction) {
  lab.open(kIdle, "postgres");
  idle = lab.type("select 'idle session before the crash' as note;", kIdle) + "\n";
  lab.open(kTransaction, "postgres");
  transaction = lab.type("begin;", kTransaction) + "\n";
  transaction += lab.type("select 1;", kTransaction) + "\n";
}

void waitUntilBack(Lab& lab) {
  constexpr int kPatience = 60;
  for (int i = 0; i < kPatience; ++i) {
    lab.wait(1);
    lab.type(kAttempt);
    if (lab.exitCode() == 0) return;
  }
}

Finding replayUnderLoad(const Json& recorded) {
  Lab lab;
  lab.type("pgbench -i -q -s 10 postgres");
  startWith(lab, configurationOf(recorded), {});
  std::string idle, transaction;
  openClients(lab, idle, transaction);
  std::string bench = lab.type("pgbench -n -c 4 -T 60 postgres > /tmp/bench 2>&1 &", kBench);
  lab.wait(3);
  const std::string pid = pidOf(lab, kindOf(recorded));
  lab.mark();
  lab.type("sudo kill -" + signalOf(recorded.at("action")) + " " + pid);
  const Json& told = recorded.at("client_output");
  Finding finding;
  compareText("connection attempt", textOf(told, "connection_attempt_just_after"),
              lab.type(kAttempt), finding);
  waitUntilBack(lab);
  idle += lab.type("select 'after' as note;", kIdle);
  transaction += lab.type("select 2;", kTransaction);
  const bool over = lab.type("jobs", kBench).empty();
  if (!over) lab.type("kill %1", kBench);
  bench = lab.type("cat /tmp/bench", kBench);
  compareText("idle session", untilLost(textOf(told, "idle_session")), untilLost(idle), finding);
  compareText("session in transaction", untilLost(textOf(told, "session_in_transaction")),
              untilLost(transaction), finding);
  compareText("pgbench", benchShape(textOf(told, "pgbench")), benchShape(bench), finding);
  compareEssentialLog(recorded, lab, finding);
  return finding;
}

Finding replayWithoutRestart(const Json& recorded) {
  Lab lab;
  startWith(lab, configurationOf(recorded), {});
  lab.open(kIdle, "postgres");
  lab.type("select pg_backend_pid() as bpid \\g", kIdle);
  const auto rows = lab.rows(
      "select pid from pg_stat_activity where application_name = 'psql' order by backend_start");
  lab.mark();
  lab.type("sudo kill -9 " + (rows.empty() ? std::string("0") : rows[0]));
  lab.wait(8);
  const Json& told = recorded.at("client_output");
  Finding finding;
  compareText("session", untilLost(textOf(told, "session")),
              untilLost(lab.type("select 1;", kIdle)), finding);
  compareText("psql", textOf(told, "psql_after"), lab.type(kAttempt), finding);
  compareText("pg_ctl status", textOf(told, "pg_ctl_status"), lab.control("status"), finding);
  compareText("exit code", recorded.at("effect").at("pg_ctl_status_exit_code").dump(),
              std::to_string(lab.exitCode()), finding);
  compareEssentialLog(recorded, lab, finding);
  return finding;
}

// A query in the background, so that its workers can be killed from here.
Finding replayParallelWorker(const Json& recorded) {
  Lab lab;
  lab.type("pgbench -i -q -s 10 postgres");
  startWith(lab, configurationOf(recorded), {});
  lab.psql({"checkpoint;", "create table trace as select 1 as a;"});
  std::string query;
  for (const std::string& line : textsOf(recorded, "server_log")) {
    const std::size_t at = line.find("Failed process was running: ");
    if (at != std::string::npos) query = line.substr(at + 28);
  }
  const std::string script =
      "set max_parallel_workers_per_gather = 2;\nset parallel_setup_cost = 0;\n"
      "set parallel_tuple_cost = 0;\nset min_parallel_table_scan_size = 0;\n" +
      query;
  lab.type("echo " + quoted(script) + " | psql -X -d postgres &", kIdle);
  lab.wait(2);
  const auto rows = lab.rows(
      "select pid from pg_stat_activity where backend_type = 'parallel worker' order by pid");
  lab.mark();
  lab.type("sudo kill -9 " + (rows.empty() ? std::string("0") : rows[0]));
  waitUntilBack(lab);
  std::string got = lab.type("true", kIdle);
  const std::size_t job = got.find("[1]");
  if (job != std::string::npos) got.resize(job);
  Finding finding;
  compareText("session", textOf(recorded.at("client_output"), "session"), got, finding);
  compareEssentialLog(recorded, lab, finding);
  return finding;
}

// What concerns the lock file is left out: the recording's postmaster had not been waited for yet.
std::vector<std::string> withoutLockFile(const std::vector<std::string>& lines) {
  std::vector<std::string> result;
  for (const std::string& line : lines) {
    if (!base::contains(line, "lock file") && !base::contains(line, "Is another postmaster")) {
      result.push_back(line);
    }
  }
  return result;
}

Finding replayPostmaster(const Json& recorded) {
  Lab lab;
  lab.type("pgbench -i -q -s 10 postgres");
  startWith(lab, configurationOf(recorded), {});
  std::string idle, transaction;
  lab.open(kIdle, "postgres");
  lab.type("pgbench -n -c 4 -T 20 postgres > /tmp/bench 2>&1 &", kBench);
  lab.wait(3);
  lab.mark();
  lab.type("sudo kill -9 $(head -1 " + Lab::dataDirectory() + "/postmaster.pid)");
  const Json& told = recorded.at("client_output");
  Finding finding;
  compareText("psql at once", textOf(told, "psql_at_once"), lab.type(kAttempt), finding);
  lab.wait(2);
  compareText("second start", textOf(told, "pg_ctl_second_start"), lab.control("start"), finding);
  lab.wait(10);
  compareText("idle session", untilLost(textOf(told, "idle_session")),
              untilLost(lab.type("select 1;", kIdle)), finding);
  lab.type("jobs", kBench);
  compareText("pgbench", benchShape(textOf(told, "pgbench")),
              benchShape(lab.type("cat /tmp/bench", kBench)), finding);
  const std::vector<std::string> expected = withoutLockFile(essential(recordedLog(recorded)));
  const std::vector<std::string> got = withoutLockFile(essential(comparable(lab.logSinceMark())));
  const LineScore score = compareLines(expected, got);
  finding.linesSame += score.same;
  finding.linesAll += score.all;
  if (score.same != score.all) {
    finding.difference += difference("server log", joined(expected), joined(got));
  }
  return finding;
}

}  // namespace

Finding replayCrash(const Json& recorded) {
  const std::string kind = kindOf(recorded);
  if (base::contains(kind, "restart_after_crash = off")) return replayWithoutRestart(recorded);
  if (recorded.at("action").contains("load")) return replayUnderLoad(recorded);
  if (base::contains(kind, "parallel worker")) return replayParallelWorker(recorded);
  if (base::contains(kind, "postmaster itself")) return replayPostmaster(recorded);
  Finding finding;
  finding.difference = "    no replay for: " + kind + "\n";
  return finding;
}

}  // namespace fidelity
