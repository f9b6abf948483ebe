// SPDX-License-Identifier: GPL-3.0-or-later
// Starts, stops and reloads of a server, with what pg_ctl says, what the log has, and what a client
// meets meanwhile.
#include <algorithm>
#include <array>
#include <regex>
#include <set>

#include "base/text.h"
#include "cluster_faults.h"
#include "runtime_cases.h"
#include "start_stop.h"
#include "text.h"

namespace fidelity {
namespace {

std::string hbaFile() {
  return Lab::dataDirectory() + "/pg_hba.conf";
}

std::string kindOf(const Json& recorded) {
  return textOf(recorded.at("action"), "kind");
}

void stopServer(Lab& lab, const std::string& mode) {
  lab.control("stop -m " + mode);
  lab.wait(5);
}

// The server as the recordings have it: started by pg_ctl with options of the command line.
void startServer(Lab& lab) {
  stopServer(lab, "fast");
  lab.control("start");
  lab.wait(5);
}

// -- startup --

std::string psqlWhenDown(Lab& lab, const std::string& kind) {
  const bool tcp = base::contains(kind, "TCP");
  return lab.type(std::string("psql -X ") + (tcp ? "-h 127.0.0.1 " : "") +
                  "-d postgres -c 'SELECT 1'");
}

// "fast" of "pg_ctl start after a fast shutdown"
std::string modeIn(const std::string& text) {
  for (const char* mode : {"smart", "fast", "immediate"}) {
    if (base::contains(text, mode)) return mode;
  }
  return {};
}

// Other clients knock while the server starts; only the log has them.
void knockWhileStarting(Lab lab, const Json& recorded, Finding& finding) {
  lab.mark();
  lab.control("start -W");
  const auto log = recordedLog(recorded);
  const bool knocked = std::any_of(log.begin(), log.end(), [](const std::string& line) {
    return base::contains(line, "FATAL:  the database system is starting up");
  });
  if (knocked) (void)psqlWhenDown(lab, "");
  lab.wait(120);
  compareLog(recorded, lab, finding);
}

// Leaves as much WAL as the case names behind the last checkpoint, and no server.
void leaveWal(Lab& lab, const Json& recorded) {
  static const std::regex kAmount("(\\d+) MB of WAL");
  constexpr int kMegabytesOfScale = 15,
                kOrdinary = 600;  // pgbench -i: 13 MB of rows, 2 of an index
  const std::string kind = kindOf(recorded);
  std::smatch amount;
  const bool told = std::regex_search(kind, amount, kAmount);
  const int scale = (told ? std::atoi(amount[1].str().c_str()) : kOrdinary) / kMegabytesOfScale;
  // The recording's later cases went on with the settings of the first.
  if (!told) {
    lab.append(Lab::mainFile(), {"max_wal_size = 4GB", "checkpoint_timeout = 1h",
                                 "log_startup_progress_interval = 200ms"});
  }
  startServer(lab);
  lab.type("pgbench -i -q -s " + std::to_string(scale) + " postgres");
  stopServer(lab, "immediate");
}

// What clients were told meanwhile depends on the moment.
std::vector<std::string> withoutPolls(const std::vector<std::string>& lines) {
  std::vector<std::string> kept;
  for (const std::string& line : lines) {
    const bool poll = base::contains(line, "FATAL:  the database system is ") ||
                      base::contains(line, "Consistent recovery state has not been yet reached");
    // A cut in the recording stands for more lines like those around it.
    const bool cut = line.starts_with("\xe2\x80\xa6[");
    if (!poll && !cut) kept.push_back(line);
  }
  return withoutRepeats(std::move(kept));
}

Finding replayLongRecovery(Lab& lab, const Json& recorded) {
  Finding finding;
  lab.mark();
  if (base::contains(kindOf(recorded), " -t ")) {
    replayStartCommand(lab, recorded, finding);
    compareLog(recorded, lab, finding);
    return finding;
  }
  Lab other = lab;
  lab.control("start -W");
  std::set<std::string> attempts;
  for (const Json& one : recorded.at("client_output").at("connection_attempts_every_0.25s")) {
    attempts.insert(one.get<std::string>() + "\n");
  }
  for (const std::string& attempt : attempts) {
    compareText("connection attempt", attempt, psqlWhenDown(lab, ""), finding);
  }
  lab.wait(120);
  const auto expected = withoutPolls(recordedLog(recorded));
  const auto got = withoutPolls(comparable(lab.logSinceMark()));
  const LineScore score = compareLines(expected, got);
  finding.linesSame += score.same;
  finding.linesAll += score.all;
  if (score.same != score.all) {
    finding.difference += difference("server log", joined(expected), joined(got));
  }
  replayStartCommand(other, recorded, finding);
  return finding;
}

void prepareStartup(Lab& lab, const Json& recorded, Finding& finding) {
  const Json& action = recorded.at("action");
  const std::string kind = kindOf(recorded), note = textOf(action, "note");
  if (recorded.contains("settings")) {
    const auto lines = textsOf(recorded.at("settings"), "conf_lines");
    if (!lines.empty()) lab.append(Lab::mainFile(), lines);
  }
  const std::string mode = modeIn(kind);
  if (base::contains(kind, "WAL to replay") || base::contains(kind, "long recovery")) {
    return leaveWal(lab, recorded);
  }
  if (base::contains(kind, "restart_after_crash")) {
    lab.append(Lab::mainFile(), {"restart_after_crash = off"});
    startServer(lab);
    lab.type("kill -9 $(pgrep -f checkpointer)");
    lab.wait(10);
    return;
  }
  // Of what clients did, only WAL is left after an immediate stop.
  const bool writes = mode == "immediate" && textOf(action, "clients_at_shutdown") == "pgbench";
  if (writes) lab.type("pgbench -i -q -s 10 postgres");
  startServer(lab);
  if (writes) {
    lab.type("pgbench -n -c 4 -T 4 postgres > /tmp/heard 2>&1 &", 1);
    lab.wait(1);
  }
  stopServer(lab, mode.empty() ? "fast" : mode);
  appendAsServer(lab, hbaFile(), textsOf(action, "appended_lines"));
  if (!note.empty() && !applyFault(lab, note)) {
    finding.difference += "    what was done: " + note + "\n";
  }
}

Finding replayStartup(const Json& recorded) {
  Finding finding;
  Lab lab;
  const std::string kind = kindOf(recorded);
  prepareStartup(lab, recorded, finding);
  if (kind.starts_with("psql ")) {
    compareText("client", textOf(recorded, "client_output"), psqlWhenDown(lab, kind), finding);
    return finding;
  }
  if (base::contains(kind, "WAL to replay") || base::contains(kind, "long recovery")) {
    return replayLongRecovery(lab, recorded);
  }
  knockWhileStarting(lab, recorded, finding);
  lab.mark();
  replayStartCommand(lab, recorded, finding);
  return finding;
}

// -- shutdown --

constexpr std::size_t kClient = 1;
constexpr const char* kHeard = "/tmp/heard";

// The clients the case names, at a terminal of their own; what they have heard so far.
std::string openClients(Lab& lab, const std::string& clients) {
  if (clients == "pgbench") {
    lab.type("pgbench -n -c 4 -T 4 postgres > " + std::string(kHeard) + " 2>&1 &", kClient);
  } else if (clients == "busy-client") {
    lab.type("printf 'select pg_sleep(6);\\nselect 2;\\n' | psql -X -d postgres > " +
                 std::string(kHeard) + " 2>&1 &",
             kClient);
  } else if (clients == "idle-client") {
    lab.open(kClient, "postgres");
    return lab.type("select 1;", kClient) + "\n";
  } else if (clients == "in-transaction") {
    lab.open(kClient, "postgres");
    return lab.type("begin;", kClient) + "\n" + lab.type("create table kept (a int);", kClient) +
           "\n";
  }
  return {};
}

// What they hear from then on, until they leave.
std::string closeClients(Lab& lab, const std::string& clients) {
  if (clients == "no-clients") return {};
  if (clients == "idle-client" || clients == "in-transaction") {
    std::string heard = lab.type("select 2;", kClient);
    if (!base::contains(heard, "lost")) lab.type("\\q", kClient);
    return heard;
  }
  lab.wait(3);
  // The shell tells of its job first: nobody sat at one in the recording.
  (void)lab.type("", kClient);
  return lab.type("cat " + std::string(kHeard), kClient);
}

// psql says how it goes on after the connection is lost; the recording's ended there.
std::string untilLost(const std::string& text) {
  return text.substr(0, text.find("\tbefore or while processing the request."));
}

// Which client fails first, and at what, is chance; figures are measured ones.
std::string benchShape(const std::string& text) {
  static const std::regex kNumber("[0-9]+([.][0-9]+)?");
  std::vector<std::string> lines;
  for (const std::string& line : base::lines(text)) {
    if (line.starts_with("[1]") || line.empty()) continue;
    lines.push_back(std::regex_replace(line, kNumber, "N"));
  }
  std::sort(lines.begin(), lines.end());
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  return joined(lines);
}

void compareClients(const Json& recorded, const std::string& heard, Finding& finding) {
  const Json& client = recorded.at("client_output");
  const std::string session = textOf(client, "session"), bench = textOf(client, "pgbench");
  if (!session.empty()) compareText("session", untilLost(session), untilLost(heard), finding);
  if (!bench.empty()) compareText("pgbench", benchShape(bench), benchShape(heard), finding);
}

Finding replayStopWhenDown(Lab& lab, const Json& recorded) {
  Finding finding;
  stopServer(lab, "fast");
  lab.mark();
  compareText("client", textOf(recorded, "client_output"), lab.control("stop"), finding);
  compareCode("exit code", recorded, "pg_ctl_exit_code", lab.exitCode(), finding);
  compareLog(recorded, lab, finding);
  return finding;
}

Finding replayShutdown(const Json& recorded) {
  Finding finding;
  Lab lab;
  const std::string kind = kindOf(recorded), clients = textOf(recorded.at("action"), "clients");
  if (clients == "pgbench") lab.type("pgbench -i -q -s 10 postgres");
  startServer(lab);
  if (base::contains(kind, "not running")) return replayStopWhenDown(lab, recorded);
  const std::string words = "stop -m " + modeIn(kind) + " -t 6";
  const Json& client = recorded.at("client_output");
  std::string heard = openClients(lab, clients);
  lab.wait(1);
  Lab other = lab;
  compareText("pg_ctl", textOf(client, "pg_ctl"), other.control(words), finding);
  compareCode("exit code", recorded, "pg_ctl_exit_code", other.exitCode(), finding);
  lab.mark();
  lab.control(words + " -W");
  lab.wait(1);
  const std::string attempt = psqlWhenDown(lab, "");
  compareText("connection attempt", textOf(client, "connection_attempt_0.5s_later"), attempt,
              finding);
  // The recording looked a second time where it had been answered.
  if (base::contains(attempt, "FATAL")) (void)psqlWhenDown(lab, "");
  lab.wait(6);
  heard += closeClients(lab, clients);
  compareClients(recorded, heard, finding);
  lab.wait(10);
  compareLog(recorded, lab, finding);
  return finding;
}

// -- reload --

void compareRuleErrors(Lab& lab, const Json& expected, Finding& finding) {
  std::string there;
  for (const Json& row : expected) {
    there += row.at("line_number").dump() + "|" + textOf(row, "error") + "\n";
  }
  const std::string here =
      joined(lab.rows("SELECT line_number, error FROM pg_hba_file_rules WHERE error IS NOT NULL"));
  compareText("pg_hba_file_rules", there, here, finding);
}

void compareSettingRows(Lab& lab, const Json& rows, Finding& finding) {
  for (const Json& row : rows) {
    const std::string name = textOf(row, "name");
    const auto here = lab.rows(
        "SELECT setting, unit, source, pending_restart FROM pg_settings "
        "WHERE name = '" +
        name + "'");
    const std::string there = textOf(row, "setting") + "|" + textOf(row, "unit") + "|" +
                              textOf(row, "source") + "|" +
                              (row.at("pending_restart").get<bool>() ? "t" : "f");
    compareText(name, there, joined(here), finding);
    compareText("SHOW " + name, textOf(row, "show"), joined(lab.rows("SHOW " + name)), finding);
  }
}

std::string reloadCommand(Lab& lab, const Json& recorded) {
  const std::string kind = kindOf(recorded);
  const Json& action = recorded.at("action");
  const auto lines = textsOf(action, "appended_lines");
  if (base::contains(kind, "not running")) stopServer(lab, "fast");
  const bool identity = base::contains(kind, "pg_ident");
  if (base::contains(kind, "pg_hba") || identity) {
    appendAsServer(lab, identity ? Lab::dataDirectory() + "/pg_ident.conf" : hbaFile(), lines);
  } else if (!lines.empty()) {
    lab.append(Lab::mainFile(), lines);
  }
  if (const std::string note = textOf(action, "note"); !note.empty()) (void)applyFault(lab, note);
  lab.mark();
  if (base::contains(kind, "select ") || base::contains(kind, "SELECT ")) {
    return lab.psql({kind.substr(base::lower(kind).find("select ")) + ";"});
  }
  if (base::contains(kind, "pg_ctl reload")) return lab.control("reload");
  if (base::contains(kind, "SIGHUP") || base::contains(kind, "kill -HUP")) {
    return lab.type("sudo kill -HUP $(head -1 " + Lab::dataDirectory() + "/postmaster.pid)");
  }
  (void)lab.psql({"SELECT pg_reload_conf();"});
  return {};  // the recordings do not keep its answer
}

Finding replayReload(const Json& recorded) {
  Finding finding;
  Lab lab;
  startServer(lab);
  const std::string said = reloadCommand(lab, recorded);
  compareText("client", textOf(recorded, "client_output"), said, finding);
  compareCode("exit code", recorded, "pg_ctl_exit_code", lab.exitCode(), finding);
  compareLog(recorded, lab, finding);
  const Json& effect = recorded.at("effect");
  if (effect.contains("pg_hba_file_rules_errors")) {
    compareRuleErrors(lab, effect.at("pg_hba_file_rules_errors"), finding);
  }
  if (effect.contains("settings")) compareSettingRows(lab, effect.at("settings"), finding);
  return finding;
}

constexpr std::array<RuntimeFamily, 3> kFamilies = {
    {{"startup", replayStartup}, {"shutdown", replayShutdown}, {"reload", replayReload}}};

}  // namespace

void compareCode(const char* what, const Json& recorded, const char* key, int code,
                 Finding& finding) {
  const Json& effect = recorded.at("effect");
  if (!effect.contains(key)) return;
  compareText(what, effect.at(key).dump(), std::to_string(code), finding);
}

void replayStartCommand(Lab& lab, const Json& recorded, Finding& finding) {
  static const std::regex kTimeout(R"( -t (\d+))");
  const std::string kind = kindOf(recorded);
  std::smatch timeout;
  const bool limited = std::regex_search(kind, timeout, kTimeout);
  const std::string said = lab.control("start" + (limited ? timeout[0].str() : std::string()));
  compareCode("exit code", recorded, "pg_ctl_exit_code", lab.exitCode(), finding);
  const Json& client = recorded.at("client_output");
  compareText("pg_ctl", client.is_string() ? client.get<std::string>() : textOf(client, "pg_ctl"),
              said, finding);
  const Json& effect = recorded.at("effect");
  if (effect.contains("pg_ctl_status_says_running")) {
    lab.type("sudo -u postgres pg_ctl -D " + Lab::dataDirectory() + " status");
    compareText("pg_ctl status", effect.at("pg_ctl_status_says_running").dump(),
                lab.exitCode() == 0 ? "true" : "false", finding);
  }
  if (effect.contains("still_running")) {
    compareText("running", effect.at("still_running").dump(),
                lab.world().postgres().accepts() ? "true" : "false", finding);
  }
}

void killBesideStoppedBackend(Lab& lab) {
  constexpr std::size_t kIdle = 1;
  lab.open(kIdle, "postgres");
  lab.type("sudo kill -STOP $(pgrep -f checkpointer)");
  lab.mark();
  lab.type("sudo kill -9 $(head -1 " + Lab::dataDirectory() + "/postmaster.pid)");
  lab.wait(1);
}

std::span<const RuntimeFamily> startStopFamilies() {
  return kFamilies;
}

}  // namespace fidelity
