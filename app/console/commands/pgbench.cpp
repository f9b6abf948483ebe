// SPDX-License-Identifier: GPL-3.0-or-later
// pgbench: makes its tables (-i) and runs scripts by many clients. Options, texts and exit codes
// are 15's; scripts know \set and \sleep.
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/text.h"
#include "console/bench/demand.h"
#include "console/bench/run.h"
#include "console/bench/transaction_log.h"
#include "console/file_view.h"
#include "console/interpreter.h"
#include "console/options.h"
#include "console/sql/session.h"
#include "sim/session_actions.h"

namespace console {
namespace {

constexpr char kSampling = '\1', kPrefix = '\2';  // options that have no letter
constexpr LongOption kLongs[] = {{"builtin", 'b'},       {"client", 'c'},
                                 {"jobs", 'j'},          {"time", 'T'},
                                 {"transactions", 't'},  {"scale", 's'},
                                 {"select-only", 'S'},   {"skip-some-updates", 'N'},
                                 {"file", 'f'},          {"initialize", 'i'},
                                 {"no-vacuum", 'n'},     {"vacuum-all", 'v'},
                                 {"quiet", 'q'},         {"fillfactor", 'F'},
                                 {"protocol", 'M'},      {"progress", 'P'},
                                 {"rate", 'R'},          {"report-per-command", 'r'},
                                 {"host", 'h'},          {"port", 'p'},
                                 {"username", 'U'},      {"version", 'V'},
                                 {"define", 'D'},        {"connect", 'C'},
                                 {"log", 'l'},           {"sampling-rate", kSampling},
                                 {"log-prefix", kPrefix}};
constexpr std::string_view kSpec = "b:c:j:T:t:s:SNf:inF:vqM:P:R:rh:p:U:VdD:lC\1:\2:";

int fail(Call& call, const std::string& text, int code = 1) {
  call.complain("pgbench: error: " + text);
  return code;
}

// A whole number from 1 up; false: told.
bool readNumber(Call& call, const Options& given, char key, const char* name, std::int64_t& value) {
  if (!given.has(key)) return true;
  constexpr std::int64_t kMost = 2'147'483'647;
  const std::string text = given.value(key);
  char* end = nullptr;
  const long long number = std::strtoll(text.c_str(), &end, 10);
  if (text.empty() || *end != '\0') {
    fail(call, "invalid value \"" + text + "\" for option " + name);
    return false;
  }
  if (number < 1 || number > kMost) {
    fail(call, std::string(name) + " must be in range 1.." + std::to_string(kMost));
    return false;
  }
  value = number;
  return true;
}

std::string builtinList() {
  std::string text = "Available builtin scripts:\n";
  for (const BuiltinScript& one : builtinScripts()) {
    text += "  " + base::padLeft(std::string(one.name), 13) + ": " + std::string(one.title) + "\n";
  }
  return text + "\n";
}

// "name@2" into its weight.
double weightOf(std::string& name) {
  const std::size_t at = name.rfind('@');
  if (at == std::string::npos) return 1;
  const double weight = std::strtod(name.c_str() + at + 1, nullptr);
  name.resize(at);
  return std::clamp(std::floor(weight), 0.0, 2147483647.0);
}

// As reports of each command name it.
std::string firstLine(const BenchCommand& command) {
  switch (command.kind) {
    case BenchCommand::Kind::Set:
      return "\\set " + command.name + " " + command.text;
    case BenchCommand::Kind::Sleep:
      return "\\sleep " + command.text;
    case BenchCommand::Kind::Sql:
      break;
  }
  const std::size_t end = command.text.find('\n');
  return end == std::string::npos ? command.text + ";" : command.text.substr(0, end);
}

class Program {
 public:
  Program(Call& call, const Options& given) : m_call(call), m_given(given) {}
  int run();

 private:
  bool readOptions();
  bool readLogOptions();
  bool openLogs();
  bool addBuiltin(std::string name);
  bool addFile(std::string name);
  bool readScripts();
  int connect();
  bool countBranches();
  void vacuum();
  int bench();
  int begin(const DemandReader& reader);
  bool defineVariables(DemandReader& reader);
  int aborted(const DemandReader& reader, std::size_t index);
  void describe();
  void tellVersion() { m_call.print("pgbench (" + m_call.world().spec().database.version + ")\n"); }
  [[nodiscard]] bool usesBuiltin() const {
    return std::any_of(m_scripts.begin(), m_scripts.end(),
                       [](const BenchScript& one) { return one.builtin; });
  }

  Call& m_call;
  const Options& m_given;
  BenchmarkRun m_run;
  std::vector<BenchScript> m_scripts;
  bool m_vacuum = true, m_prepared = false;
  InitOptions m_init;
  PsqlSession m_session;
  bool m_scaleGiven = false;
};

bool Program::readOptions() {
  std::int64_t scale = 1;
  m_run.clients = 1;
  const bool fine = readNumber(m_call, m_given, 'c', "-c/--clients", m_run.clients) &&
                    readNumber(m_call, m_given, 'j', "-j/--jobs", m_run.threads) &&
                    readNumber(m_call, m_given, 's', "-s/--scale", scale) &&
                    readNumber(m_call, m_given, 't', "-t/--transactions", m_run.transactions) &&
                    readNumber(m_call, m_given, 'T', "-T/--time", m_run.seconds) &&
                    readNumber(m_call, m_given, 'P', "-P/--progress", m_run.progress);
  if (!fine) return false;
  m_scaleGiven = m_given.has('s');
  m_run.scale = static_cast<double>(scale);
  m_init.scale = scale;
  m_init.fillfactor = numberOr(m_given.value('F'), 100, 10, 100);
  m_init.quiet = m_given.has('q');
  m_init.vacuum = !m_given.has('n');
  m_vacuum = !m_given.has('n');
  if (m_given.has('R')) {
    m_run.rate = std::strtod(m_given.value('R').c_str(), nullptr);
    if (!(m_run.rate > 0) || m_run.rate > 1e9) {
      fail(m_call, "invalid rate limit: \"" + m_given.value('R') + "\"");
      return false;
    }
  }
  m_run.perCommand = m_given.has('r');
  m_run.reconnects = m_given.has('C');
  m_run.mode = m_given.value('M', "simple");
  if (m_run.mode != "simple" && m_run.mode != "extended" && m_run.mode != "prepared") {
    fail(m_call, "invalid query mode (-M): \"" + m_run.mode + "\"");
    return false;
  }
  m_prepared = m_run.mode == "prepared";
  if (m_run.transactions > 0 && m_run.seconds > 0) {
    fail(m_call, "specify either a number of transactions (-t) or a duration (-T), not both");
    return false;
  }
  if (m_run.transactions == 0 && m_run.seconds == 0) m_run.transactions = 10;
  m_run.threads = std::min(m_run.threads, m_run.clients);
  return readLogOptions();
}

bool Program::readLogOptions() {
  const bool logs = m_given.has('l');
  if (m_given.has(kSampling)) {
    const std::string text = m_given.value(kSampling);
    m_run.samplingRate = std::strtod(text.c_str(), nullptr);
    if (!(m_run.samplingRate > 0) || m_run.samplingRate > 1) {
      fail(m_call, "invalid sampling rate: \"" + text + "\"");
      return false;
    }
    if (!logs) {
      fail(m_call, "log sampling (--sampling-rate) is allowed only when logging transactions (-l)");
      return false;
    }
  }
  if (m_given.has(kPrefix) && !logs) {
    fail(m_call, "log file prefix (--log-prefix) is allowed only when logging transactions (-l)");
    return false;
  }
  return true;
}

// The logs of all threads, empty; false: the first cannot be made.
bool Program::openLogs() {
  if (!m_given.has('l')) return true;
  const Job* job = m_call.interpreter.job();
  const std::uint32_t pid =
      job != nullptr ? job->pid
                     : sim::freshSessionPid(m_call.world().postgres(), m_call.world().seed(),
                                            m_call.world().now()) +
                           1;
  const std::string name = m_given.value(kPrefix, "pgbench_log") + "." + std::to_string(pid);
  const FileView files(m_call.machine, m_call.state);
  m_run.logPath = files.resolve(name);
  for (std::int64_t i = 0; i < m_run.threads; ++i) {
    const std::string path = transactionLogPath(m_run, static_cast<std::size_t>(i));
    const auto written = files.write(path, "", false, m_call.changed);
    const bool ours = m_call.state.files.contains(path);
    if (written.ok() && ours) continue;
    fail(m_call, "could not open logfile \"" + (i == 0 ? name : name + "." + std::to_string(i)) +
                     "\": " + (written.ok() ? "Permission denied" : written.error().message));
    return false;
  }
  return true;
}

bool Program::addBuiltin(std::string name) {
  const double weight = weightOf(name);
  for (const BuiltinScript& one : builtinScripts()) {
    if (name.empty() || !one.name.starts_with(name)) continue;
    auto script = readBenchScript(std::string(one.title), one.text);
    if (!script.ok()) return false;
    script.value().weight = weight;
    script.value().builtin = true;
    m_scripts.push_back(std::move(script.value()));
    return true;
  }
  fail(m_call, "no builtin script found for name \"" + name + "\"");
  m_call.complain(builtinList().substr(0, builtinList().size() - 1));
  return false;
}

bool Program::addFile(std::string name) {
  const double weight = weightOf(name);
  const auto text = FileView(m_call.machine, m_call.state).read(name);
  if (!text.ok()) {
    fail(m_call, "could not open file \"" + name + "\": " + text.error().message);
    return false;
  }
  auto script = readBenchScript(name, text.value());
  if (!script.ok()) {
    fail(m_call, script.error().message);
    return false;
  }
  script.value().weight = weight;
  m_scripts.push_back(std::move(script.value()));
  return true;
}

bool Program::readScripts() {
  constexpr std::size_t kMost = 128;  // MAX_SCRIPTS
  for (const auto& [key, value] : m_given.given) {
    const bool script = key == 'S' || key == 'N' || key == 'b' || key == 'f';
    if (script && m_scripts.size() >= kMost) {
      fail(m_call, "at most 128 SQL scripts are allowed");
      return false;
    }
    if (key == 'S' && !addBuiltin("select-only")) return false;
    if (key == 'N' && !addBuiltin("simple-update")) return false;
    if (key == 'b' && !addBuiltin(value)) return false;
    if (key == 'f' && !addFile(value)) return false;
  }
  return !m_scripts.empty() || addBuiltin("tpcb-like");
}

int Program::connect() {
  m_session.database = m_given.rest.empty()
                           ? environmentValue(m_call.world(), m_call.state, "PGDATABASE")
                           : m_given.rest[0];
  if (m_session.database.empty()) m_session.database = m_call.world().spec().database.database;
  m_session.user = m_given.value('U', environmentValue(m_call.world(), m_call.state, "PGUSER"));
  m_session.application = "pgbench";
  m_session.systemUser = m_call.state.user;
  m_session.password = environmentValue(m_call.world(), m_call.state, "PGPASSWORD");
  const std::string host = m_given.value('h');
  if (!host.starts_with("/")) m_session.host = host == "localhost" ? "127.0.0.1" : host;
  SqlSession sql(m_call.machine, m_session, m_call.changed, m_call.duration);
  const std::string reason =
      sql.connect(environmentValue(m_call.world(), m_call.state, "PGOPTIONS"));
  if (reason.empty()) return 0;
  fail(m_call, reason);
  return fail(m_call, "could not create connection for setup");
}

// The scale is the number of branches there are.
bool Program::countBranches() {
  const std::string query = "select count(*) from pgbench_branches";
  SqlSession sql(m_call.machine, m_session, m_call.changed, m_call.duration);
  std::string out, error;
  m_session.format.tuplesOnly = m_session.format.unaligned = true;
  if (!sql.runStatements(query, true, out, error)) {
    while (error.ends_with('\n')) error.pop_back();
    fail(m_call, "could not count number of branches: " + error);
    m_call.complain(
        "pgbench: hint: Perhaps you need to do initialization (\"pgbench -i\") in database \"" +
        m_session.database + "\".");
    return false;
  }
  const double branches = std::strtod(out.c_str(), nullptr);
  if (branches <= 0) {
    fail(m_call,
         "invalid count(*) from pgbench_branches: \"" + std::string(base::trim(out)) + "\"");
    return false;
  }
  if (m_scaleGiven && branches != m_run.scale) {
    m_call.complain(
        "pgbench: warning: scale option ignored, using count from pgbench_branches table (" +
        std::to_string(static_cast<std::int64_t>(branches)) + ")");
  }
  m_run.scale = branches;
  return true;
}

void Program::vacuum() {
  std::string text = "starting vacuum...";
  for (const char* statement :
       {"vacuum pgbench_branches", "vacuum pgbench_tellers", "truncate pgbench_history"}) {
    SqlSession sql(m_call.machine, m_session, m_call.changed, m_call.duration);
    std::string out, error;
    if (sql.runStatements(statement, true, out, error)) continue;
    while (error.ends_with('\n')) error.pop_back();
    text +=
        error.substr(0, error.find("\nLINE")) + "\n(ignoring this error and continuing anyway)\n";
  }
  m_call.complain(text + "end.");
}

int Program::aborted(const DemandReader& reader, std::size_t index) {
  std::string reason = reader.error();
  while (reason.ends_with('\n')) reason.pop_back();
  const std::string where = "client 0 script " + std::to_string(index) + " aborted in command " +
                            std::to_string(reader.failedCommand());
  if (reader.failedInClient()) {
    fail(m_call, reason);
    fail(m_call, "client 0 aborted in command " + std::to_string(reader.failedCommand()) +
                     " (set) of script " + std::to_string(index) +
                     "; evaluation of meta-command failed");
  } else {
    fail(m_call, where + " query 0: " + reason);
  }
  m_call.print(benchmarkReport(m_call.world(), m_run));
  return 2;
}

int Program::bench() {
  tellVersion();
  if (usesBuiltin() && !countBranches()) return 1;
  if (m_vacuum) vacuum();
  double weights = 0;
  for (const BenchScript& script : m_scripts) weights += script.weight;
  if (weights <= 0) return fail(m_call, "total script weight must not be zero");
  describe();
  SqlSession sql(m_call.machine, m_session, m_call.changed, m_call.duration);
  DemandReader reader(sql, m_run.scale, m_prepared);
  if (!defineVariables(reader)) return 1;
  for (std::size_t i = 0; i < m_scripts.size(); ++i) {
    const BenchScript& script = m_scripts[i];
    if (!reader.add(script, script.weight / weights)) return aborted(reader, i);
    m_run.scripts[i].seconds = reader.commandSeconds();
  }
  if (m_run.reconnects) reader.reconnect();
  sql.disconnect();
  return begin(reader);
}

void Program::describe() {
  m_run.user = m_session.user;
  m_run.database = m_session.database;
  for (const BenchScript& script : m_scripts) {
    BenchmarkScript& told = m_run.scripts.emplace_back();
    told.title = script.title;
    told.weight = script.weight;
    for (std::size_t i = 0; i < script.commands.size(); ++i) {
      told.firstLines.push_back(firstLine(script.commands[i]));
      if (script.commands[i].kind != BenchCommand::Kind::Sql) continue;
      told.sent.push_back(static_cast<std::int64_t>(i));
    }
  }
}

// -D name=value, as often as it is given.
bool Program::defineVariables(DemandReader& reader) {
  for (const auto& [key, value] : m_given.given) {
    if (key != 'D') continue;
    const std::size_t equals = value.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == value.size()) {
      fail(m_call, "invalid variable definition: \"" + value + "\"");
      return false;
    }
    const std::string text = value.substr(equals + 1);
    char* end = nullptr;
    const double number = std::strtod(text.c_str(), &end);
    reader.define(value.substr(0, equals), *end == '\0' ? number : 0);
  }
  return true;
}

// In the foreground what will come of it is known at once; a job is watched as time passes.
int Program::begin(const DemandReader& reader) {
  m_run.changes = reader.changes();
  if (!openLogs()) return 1;
  const std::string refusal = startBenchmark(m_call, m_run, reader);
  if (!refusal.empty()) {
    m_call.error += refusal;
    return 1;
  }
  if (Job* job = m_call.interpreter.job()) {
    job->benchmark = std::move(m_run);
    return 0;
  }
  const BenchmarkEnd end = benchmarkAhead(m_call.machine, m_run);
  growTables(m_call.machine, m_run, end.transactions);
  writeLogs(m_call.state, m_run, end.logs);
  m_call.print(end.output);
  m_call.duration = m_call.duration + base::SimTime{end.milliseconds};
  return end.exitCode;
}

int Program::run() {
  if (m_given.value('b') == "list") {
    m_call.complain(builtinList().substr(0, builtinList().size() - 1));
    return 0;
  }
  if (!readOptions()) return 1;
  if (!m_given.has('i') && !readScripts()) return 1;
  if (const int code = connect(); code != 0) return code;
  const int code = m_given.has('i') ? initializeBench(m_call, m_session, m_init) : bench();
  SqlSession(m_call.machine, m_session, m_call.changed, m_call.duration).disconnect();
  return code;
}

int runPgbench(Call& call) {
  const Options options = parseOptions(call, kSpec, kLongs);
  if (!options.ok) return 1;
  if (options.has('V')) {
    call.print("pgbench (PostgreSQL) " + call.world().spec().database.version + "\n");
    return 0;
  }
  return Program(call, options).run();
}

constexpr Command kCommands[] = {
    {"pgbench",
     "pgbench [-i] [-s SCALE] [-c CLIENTS] [-j THREADS] [-T SECONDS] [-S] [-f FILE] [DB]",
     "load the server with many clients, or make the tables for it", runPgbench}};

}  // namespace

std::span<const Command> benchmarkCommands() {
  return kCommands;
}

}  // namespace console
