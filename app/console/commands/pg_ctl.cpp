// SPDX-License-Identifier: GPL-3.0-or-later
// pg_ctl: starts, stops and signals the server by its postmaster.pid. Texts, exit codes and the
// order of its checks are those of pg_ctl.c of 15.
#include <algorithm>
#include <cstdlib>

#include "base/text.h"
#include "console/file_view.h"
#include "console/options.h"
#include "console/service_control.h"
#include "sim/lock_files.h"
#include "sim/server.h"

namespace console {
namespace {

constexpr int kDefaultTimeout = 60;  // seconds

class PgCtl {
 public:
  PgCtl(Call& call, Options options)
      : m_call(call),
        m_options(std::move(options)),
        m_files(call.machine, call.state),
        m_directory(m_options.value('D', environmentValue(call.world(), call.state, "PGDATA"))) {
    while (m_directory.size() > 1 && m_directory.ends_with('/')) m_directory.pop_back();
    m_timeout = static_cast<int>(m_options.has('t') ? numberOr(m_options.value('t'), 0, 0, 86'400)
                                                    : kDefaultTimeout);
  }

  int run(const std::string& action);

 private:
  int start();
  int stop();
  int restart();
  int reload();
  int status();
  int promote();
  int logRotate();
  int kill();

  int fail(const std::string& text, int code = 1) {
    m_call.complain("pg_ctl: " + text);
    return code;
  }
  void say(const std::string& text) {
    if (!m_options.has('s')) m_call.print(text);
  }
  int couldNotStart() { return fail("could not start server\nExamine the log output."); }
  [[nodiscard]] std::string pidPath() const { return m_directory + "/postmaster.pid"; }
  int noPidFile(const char* more = "") {
    return fail("PID file \"" + pidPath() + "\" does not exist\nIs server running?" + more);
  }
  bool readPid(bool forStatus);
  bool readMode();
  // Why the process cannot be signalled; empty: it can.
  [[nodiscard]] std::string signalFault(std::int64_t pid) const;
  int cannotSignal(const char* what) {
    return fail("could not send " + std::string(what) + " signal (PID: " + std::to_string(m_pid) +
                "): " + signalFault(m_pid));
  }
  int singleUser(const char* what) {
    return fail("cannot " + std::string(what) +
                " server; single-user server is running (PID: " + std::to_string(-m_pid) + ")");
  }
  [[nodiscard]] bool isServer() const {
    const sim::Postgres& server = m_call.world().postgres();
    return server.life != sim::Life::Stopped && m_pid == server.postmasterPid;
  }
  bool logFileOpens();
  int launch();
  int awaitStart(const ServiceResult& result);
  // Waits until the server is down; false: it took too long.
  bool awaitStop();
  void spend(double seconds) {
    m_call.duration = m_call.duration + base::SimTime{static_cast<std::int64_t>(seconds * 1000)};
  }
  // Three dots, then one at once and one for each further second.
  static std::string dots(double seconds) {
    return "..." + std::string(1 + static_cast<std::size_t>(std::clamp(seconds, 0.0, 3600.0)), '.');
  }

  Call& m_call;
  Options m_options;
  FileView m_files;
  std::string m_directory, m_mode;
  StartOptions m_serverOptions;
  int m_timeout = kDefaultTimeout;
  std::int64_t m_pid = 0;  // of postmaster.pid; 0: there is none
  int m_code = 0;          // what readPid() failed with
};

// get_pgpid()
bool PgCtl::readPid(bool forStatus) {
  m_pid = 0;
  m_code = forStatus ? 4 : 1;
  const sim::ClusterFiles disk(m_call.world().spec(), m_call.world().postgres());
  const std::string& user = m_call.state.user;
  if (!m_files.exists(m_directory)) {
    (void)fail("directory \"" + m_directory + "\" does not exist");
    return false;
  }
  const bool enters = disk.permits(m_directory + "/x", user, sim::Access::Read);
  if (enters && m_files.isDirectory(m_directory) && !m_files.exists(m_directory + "/PG_VERSION")) {
    (void)fail("directory \"" + m_directory + "\" is not a database cluster directory");
    return false;
  }
  m_code = 1;
  const auto open = [&](const char* reason) {
    (void)fail("could not open PID file \"" + pidPath() + "\": " + reason);
    return false;
  };
  if (!m_files.isDirectory(m_directory)) return open("Not a directory");
  if (!enters) return open("Permission denied");
  const auto node = disk.node(pidPath());
  if (!node) return true;
  if (!sim::allows(*node, user, sim::Access::Read)) return open("Permission denied");
  if (node->kind == sim::NodeKind::File && node->text.empty()) {
    (void)fail("the PID file \"" + pidPath() + "\" is empty");
    return false;
  }
  char* end = nullptr;
  m_pid = std::strtol(node->text.c_str(), &end, 10);
  if (end != node->text.c_str()) return true;
  (void)fail("invalid data in PID file \"" + pidPath() + "\"");
  return false;
}

bool PgCtl::readMode() {
  m_mode = m_options.value('m', "fast");
  for (const char* one : {"smart", "fast", "immediate"}) {
    if (m_mode == std::string(1, one[0])) m_mode = one;
    if (m_mode == one) return true;
  }
  (void)fail("unrecognized shutdown mode \"" + m_mode +
             "\"\nTry \"pg_ctl --help\" for more information.");
  return false;
}

std::string PgCtl::signalFault(std::int64_t pid) const {
  const sim::Postgres& server = m_call.world().postgres();
  if (sim::isAlive(server, pid)) return {};
  return sim::isAlive(server, pid, "root") ? "Operation not permitted" : "No such process";
}

// The shell that runs the server opens the file given with -l.
bool PgCtl::logFileOpens() {
  if (!m_options.has('l')) return true;
  const std::string given = m_options.value('l'), full = m_files.resolve(given);
  const std::string folder = sim::folderOf(full);
  const auto refused = [&](const char* reason) {
    m_call.complain("/bin/sh: 1: cannot create " + given + ": " + reason);
    return false;
  };
  if (!m_files.isDirectory(folder)) return refused("Directory nonexistent");
  const sim::ClusterFiles disk(m_call.world().spec(), m_call.world().postgres());
  const FileInfo info = m_files.info(folder);
  const bool open = full == "/dev/null" || folder == "/tmp" ||
                    (disk.covers(full) ? disk.permits(m_files.exists(full) ? full : folder,
                                                      "postgres", sim::Access::Write)
                                       : info.owner == "postgres");
  return open || refused("Permission denied");
}

int PgCtl::awaitStart(const ServiceResult& result) {
  const bool quiet = m_options.has('l');  // else the server writes to the terminal
  std::string log = quiet ? "" : result.log;
  if (!result.ok) {
    spend(1);
    say("waiting for server to start" + dots(0) + log + " stopped waiting\n");
    return couldNotStart();
  }
  Outlook outlook = lookAhead(m_call, m_timeout, false);
  if (!quiet) log += outlook.log;
  // A start without recovery is known more finely than the world's seconds.
  const sim::Postgres& server = m_call.world().postgres();
  if (outlook.running && server.cleanShutdown) outlook.seconds = sim::startSeconds(server.settings);
  spend(std::min(outlook.seconds, static_cast<double>(m_timeout)));
  if (!outlook.settled || m_timeout == 0) {
    say("waiting for server to start" + (m_timeout == 0 ? "..." : dots(m_timeout - 1)) + log +
        " stopped waiting\n");
    return fail("server did not start in time");
  }
  if (!outlook.running) {
    say("waiting for server to start" + dots(outlook.seconds) + log + " stopped waiting\n");
    return couldNotStart();
  }
  say("waiting for server to start" + dots(outlook.seconds) + log + " done\nserver started\n");
  return 0;
}

int PgCtl::launch() {
  if (!logFileOpens()) {
    say("waiting for server to start" + dots(0) + " stopped waiting\n");
    return couldNotStart();
  }
  const ServiceResult result = startAnyway(m_call, m_serverOptions);
  if (!m_options.has('W')) return awaitStart(result);
  say("server starting\n");
  if (!m_options.has('l')) m_call.print(result.log);
  return 0;
}

int PgCtl::start() {
  if (!readPid(false)) return m_code;
  if (m_pid != 0) {
    (void)fail("another server might be running; trying to start server anyway");
  }
  return launch();
}

bool PgCtl::awaitStop() {
  // A process that is no server keeps its pid file for good.
  const Outlook outlook = isServer() ? lookAhead(m_call, m_timeout, true) : Outlook{};
  const double waited = outlook.settled ? outlook.seconds : m_timeout;
  spend(waited + (outlook.settled ? 1 : 0));
  if (outlook.settled) {
    say("waiting for server to shut down" + dots(waited) + " done\nserver stopped\n");
    return true;
  }
  say("waiting for server to shut down" + dots(waited - 1) + " failed\n");
  (void)fail("server does not shut down");
  if (m_mode == "smart") {
    m_call.complain(
        "HINT: The \"-m fast\" option immediately disconnects sessions rather than\n"
        "waiting for session-initiated disconnection.");
  }
  return false;
}

int PgCtl::stop() {
  if (!readPid(false)) return m_code;
  if (m_pid == 0) return noPidFile();
  if (m_pid < 0) return singleUser("stop");
  if (!signalFault(m_pid).empty()) return cannotSignal("stop");
  if (isServer()) (void)stopServer(m_call, m_mode);
  if (m_options.has('W')) {
    say("server shutting down\n");
    return 0;
  }
  return awaitStop() ? 0 : 1;
}

int PgCtl::restart() {
  if (!readPid(false)) return m_code;
  if (m_pid == 0) {
    (void)noPidFile("\ntrying to start server anyway");
    return launch();
  }
  if (m_pid < 0 && signalFault(-m_pid).empty()) {
    (void)singleUser("restart");
    m_call.complain("Please terminate the single-user server and try again.");
    return 1;
  }
  if (m_pid < 0 || !signalFault(m_pid).empty()) {
    (void)fail("old server process (PID: " + std::to_string(std::abs(m_pid)) +
               ") seems to be gone\nstarting server anyway");
    return launch();
  }
  if (!isServer()) return awaitStop() ? launch() : 1;
  const Outlook outlook = stopAhead(m_call, m_mode, m_timeout);
  if (!outlook.settled) {
    (void)stopServer(m_call, m_mode);
    return awaitStop() ? 0 : 1;
  }
  ServiceResult result = restartServer(m_call, m_mode, m_serverOptions);
  if (result.ok) result.log.clear();  // the old server does not write to this terminal
  say("waiting for server to shut down" + dots(outlook.seconds) + " done\nserver stopped\n");
  spend(1);
  if (!logFileOpens()) return couldNotStart();
  return awaitStart(result);
}

int PgCtl::reload() {
  if (!readPid(false)) return m_code;
  if (m_pid == 0) return noPidFile();
  if (m_pid < 0) {
    (void)singleUser("reload");
    m_call.complain("Please terminate the single-user server and try again.");
    return 1;
  }
  if (!signalFault(m_pid).empty()) return cannotSignal("reload");
  if (isServer()) (void)reloadServer(m_call);
  say("server signaled\n");
  return 0;
}

int PgCtl::status() {
  if (!readPid(true)) return m_code;
  const std::int64_t pid = std::abs(m_pid);
  if (pid != 0 && signalFault(pid).empty()) {
    m_call.print(std::string("pg_ctl: ") + (m_pid < 0 ? "single-user server" : "server") +
                 " is running (PID: " + std::to_string(pid) + ")\n");
    if (m_pid > 0) {
      const auto words = m_files.read(m_directory + "/postmaster.opts");
      if (words) m_call.print(words.value());
    }
    return 0;
  }
  m_call.print("pg_ctl: no server running\n");
  return 3;
}

int PgCtl::promote() {
  if (!readPid(false)) return m_code;
  if (m_pid == 0) return noPidFile();
  if (m_pid < 0) return singleUser("promote");
  return fail("cannot promote server; server is not in standby mode");
}

int PgCtl::logRotate() {
  if (!readPid(false)) return m_code;
  if (m_pid == 0) return noPidFile();
  if (m_pid < 0) return singleUser("rotate log file; cannot");
  if (!signalFault(m_pid).empty()) return cannotSignal("log rotation");
  say("server signaled to rotate log file\n");
  return 0;
}

int PgCtl::kill() {
  if (m_options.rest.size() < 3) {
    return fail("missing arguments for kill mode\nTry \"pg_ctl --help\" for more information.");
  }
  struct Name {
    std::string_view text;
    int number;
  };
  constexpr Name kNames[] = {{"HUP", 1},  {"INT", 2},   {"QUIT", 3},  {"ABRT", 6},
                             {"KILL", 9}, {"USR1", 10}, {"USR2", 12}, {"TERM", 15}};
  const std::string& given = m_options.rest[1];
  const auto* const name = std::find_if(std::begin(kNames), std::end(kNames),
                                        [&](const Name& one) { return one.text == given; });
  if (name == std::end(kNames)) {
    return fail("unrecognized signal name \"" + given +
                "\"\nTry \"pg_ctl --help\" for more information.");
  }
  sim::Action action;
  action.verb = sim::Verb::Signal;
  action.target = m_options.rest[2];
  action.text = given;
  m_pid = std::strtol(action.target.c_str(), nullptr, 10);
  const std::string fault = signalFault(m_pid);
  if (fault.empty() && m_call.apply(action).accepted) return 0;
  return fail("could not send signal " + std::to_string(name->number) + " (PID: " + action.target +
              "): " + (fault.empty() ? "Operation not permitted" : fault));
}

int PgCtl::run(const std::string& action) {
  if (m_options.rest.size() > 1 && action != "kill") {
    return fail("too many command-line arguments (first is \"" + action +
                "\")\nTry \"pg_ctl --help\" for more information.");
  }
  if (!readMode()) return 1;
  const auto extra = sim::readStartOptions(m_options.value('o'));
  if (!extra) return m_call.fail("invalid options: \"" + m_options.value('o') + "\"");
  m_serverOptions = *extra;
  if (action == "start") return start();
  if (action == "stop") return stop();
  if (action == "restart") return restart();
  if (action == "reload") return reload();
  if (action == "status") return status();
  if (action == "promote") return promote();
  if (action == "logrotate") return logRotate();
  if (action == "kill") return kill();
  return fail("unrecognized operation mode \"" + action +
              "\"\nTry \"pg_ctl --help\" for more information.");
}

}  // namespace

int runPgCtl(Call& call) {
  constexpr LongOption kLongs[] = {{"pgdata", 'D'},  {"mode", 'm'},    {"options", 'o'},
                                   {"log", 'l'},     {"silent", 's'},  {"wait", 'w'},
                                   {"no-wait", 'W'}, {"timeout", 't'}, {"core-files", 'c'}};
  Options options = parseOptions(call, "D:m:o:l:swWt:p:c", kLongs);
  if (!options.ok) return 1;
  if (call.state.user == "root") {
    call.complain(
        "pg_ctl: cannot be run as root\nPlease log in (using, e.g., \"su\") as the "
        "(unprivileged) user that will\nown the server process.");
    return 1;
  }
  if (options.rest.empty()) {
    call.complain("pg_ctl: no operation specified\nTry \"pg_ctl --help\" for more information.");
    return 1;
  }
  const std::string action = options.rest[0];
  return PgCtl(call, std::move(options)).run(action);
}

int serverStatus(Call& call) {
  const std::string before = call.state.user;
  call.state.user = "postgres";
  Options options;
  options.rest = {"status"};
  const int code = PgCtl(call, std::move(options)).run("status");
  call.state.user = before;
  return code;
}

}  // namespace console
