// SPDX-License-Identifier: GPL-3.0-or-later
// What a shell remembers between lines: where it is, variables, files written to /tmp, the open
// psql session. A plain value; everything about the machine itself lives in the world.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "console/shell_options.h"
#include "console/variables.h"

namespace console {

// Output switches of psql: -A -t -x, \pset and their kin.
struct PsqlFormat {
  bool expanded = false, expandedAuto = false, tuplesOnly = false, unaligned = false;
  bool csv = false, timing = false, quiet = false, footer = true;
  int border = 1;  // 0, 1 or 2
  std::string separator = "|", recordSeparator = "\n", csvSeparator = ",";
  std::string null, title;
  bool operator==(const PsqlFormat&) const = default;
};

// Where psql stands in a statement that is not finished.
struct ScanState {
  std::string inside;  // what ends the quotation: ', ", $tag$; empty: none
  bool escapes = false;
  int depth = 0;    // of parentheses
  int comment = 0;  // of /* */
  bool operator==(const ScanState&) const = default;
};

// A setting that a database, a role or the connection itself brought into the session.
struct SessionDefault {
  std::string value;   // canonical
  std::string source;  // "database", "user", "database user", "client"
  bool operator==(const SessionDefault&) const = default;
};

// A connection of psql to the server.
// What ROLLBACK TO takes a transaction back to.
struct Savepoint {
  std::string name;
  std::map<std::string, std::string> settings, settingsCommitted, tables;  // as in PsqlSession
  bool operator==(const Savepoint&) const = default;
};

struct PsqlSession {
  bool open = false;         // psql is in the foreground
  bool connected = false;    // false after the server went away
  bool registered = false;   // the world has a session with this pid
  bool broken = false;       // the connection was lost and nobody can type on: psql ends
  bool replication = false;  // asked for a walsender
  bool background = false;   // psql is a job: it can wait for a lock
  bool blocked = false;      // and does
  std::int64_t blockedSinceMs = -1;
  bool waitLogged = false;  // log_lock_waits has told of it
  std::string application = "psql";
  std::string user = "postgres", database = "shop", host, port;
  std::string systemUser = "oncall", password;  // of the operating system; PGPASSWORD
  PsqlFormat format;
  std::string statement;  // what was typed of an unfinished statement
  ScanState scan;
  std::map<std::string, std::string> variables;  // \set
  std::string outputTarget;                      // \o: a file, or "|command"
  std::string conditions;                        // \if: one letter for each that is open
  std::string lastStatement;                     // what \g runs when nothing was typed
  std::string lastReport;                        // of the last error, for \errverbose
  std::int64_t rowCount = 0;
  bool inTransaction = false, failed = false;
  std::string sqlstate = "00000";                        // of the last statement: psql's :SQLSTATE
  std::string lastError;                                 // psql's :LAST_ERROR_MESSAGE
  std::map<std::string, std::string> settings;           // SET in this session, canonical values
  std::map<std::string, std::string> settingsBefore;     // at BEGIN
  std::map<std::string, std::string> settingsCommitted;  // what COMMIT leaves: SET, not SET LOCAL
  std::map<std::string, SessionDefault> defaults;        // what RESET returns to, where it differs
  std::vector<std::string> temporary;  // statements that made and filled temporary tables
  bool usedTemporary = false;          // temp_buffers can change no more
  std::map<std::string, std::string> tablesBefore;  // at BEGIN: relationText() by name
  std::vector<Savepoint> savepoints;                // the oldest first
  std::map<std::string, std::string> prepared;      // the first of the prepared statements
  std::int64_t preparedCount = 0, preparedBytes = 0;
  std::set<std::string> planned;                // what the session's catalogue caches have met
  std::int64_t temporaryFiles = 0;              // made so far: they are numbered
  bool compilerLoaded = false;                  // by a statement that was worth compiling
  std::int32_t fastLocks = 0, sharedLocks = 0;  // held by the transaction
  std::int64_t connectedMs = 0;
  std::int32_t crashes = 0, starts = 0;  // the server's counts when the connection was made
  std::uint32_t pid = 0;                 // of the backend that serves it
  bool operator==(const PsqlSession&) const = default;
};

// A script of pgbench's, as far as its reports tell.
struct BenchmarkScript {
  std::string title;
  double weight = 1;
  std::vector<std::int64_t> sent;       // numbers of the commands that go to the server
  std::vector<std::string> firstLines;  // of each command
  std::vector<double> seconds;          // each takes when nobody else is about
  bool operator==(const BenchmarkScript&) const = default;
};

// What a script changes in a table, per transaction.
struct TableChange {
  std::string table;
  double inserted = 0, updated = 0;
  std::vector<std::string> columns;  // that are set
  bool operator==(const TableChange&) const = default;
};

// A run of pgbench: what was asked, and how far it has been watched.
struct BenchmarkRun {
  std::string user, database, mode = "simple";
  std::int64_t clients = 0, threads = 1;       // clients 0: there is none
  std::int64_t transactions = 0, seconds = 0;  // per client; one of them
  std::int64_t progress = 0;                   // seconds between reports; 0: none
  double rate = 0, scale = 1;
  bool perCommand = false;  // -r: latencies of commands
  bool reconnects = false;  // -C: each transaction has a connection of its own
  std::string logPath;      // -l: the log of transactions, without a thread's number; empty: none
  double samplingRate = 1;  // of transactions, for that log
  double logged = 0;        // transactions the log has told of, or left out
  std::vector<BenchmarkScript> scripts;
  std::vector<TableChange> changes;
  std::uint32_t firstPid = 0;  // of its load (sim/client_load.h)
  std::int64_t startMs = 0;
  double connectMs = 0;
  std::vector<bool> lost;  // clients the server dropped
  double told = 0, toldTransactions = 0, toldLatency = 0, toldLag = 0;  // at the last report
  bool operator==(const BenchmarkRun&) const = default;

  [[nodiscard]] bool lostSome() const {
    for (const bool one : lost) {
      if (one) return true;
    }
    return false;
  }
};

// A command that runs in the background. Times are simulated milliseconds.
struct Job {
  int number = 1;
  std::uint32_t pid = 0;
  std::string command;
  std::string output;        // printed so far, not yet shown
  std::string outputPath;    // where it goes; empty: the terminal
  std::int64_t endsMs = -1;  // -1: not known yet
  int exitCode = 0;
  bool killed = false;
  PsqlSession session;             // of psql in the background
  std::vector<std::string> feeds;  // what that psql is still to do, the next one last
  std::string pending;             // what it prints once its statement is done
  std::int64_t clockMs = 0;        // when that is
  BenchmarkRun benchmark;
  bool operator==(const Job&) const = default;
};

// What a shell has of its own: a subshell changes a copy of it.
struct ShellContext {
  std::string directory = "/etc/postgresql/15/main";
  std::string previousDirectory;
  std::string user = "oncall";
  ShellVariables variables;
  std::map<std::string, std::string> functions;        // their bodies as they were written
  std::vector<std::string> arguments;                  // $1, $2, ... of the shell or a function
  std::string scriptName = "-bash";                    // $0
  std::set<std::string> options = firstOptions(true);  // of set and shopt: those that are on
  std::map<std::string, std::string> traps;            // by signal: "EXIT", "SIGINT"
  std::map<std::string, std::string> aliases;
  bool interactive = true;  // somebody types at it
  bool file = false;        // it reads a script
  int line = 1;             // of the script, being run
  bool operator==(const ShellContext&) const = default;

  [[nodiscard]] bool on(const std::string& option) const { return options.contains(option); }
  // "bash: " or "script: line 3: ": how a complaint of the shell itself begins.
  [[nodiscard]] std::string complaint() const {
    return interactive ? "bash: " : scriptName + ": line " + std::to_string(line) + ": ";
  }
};

struct ShellState : ShellContext {
  int lastExit = 0;
  std::vector<int> pipeStatus = {0};  // of each stage of the last pipeline
  std::string unfinished;             // lines typed of a command that goes on: a quotation, a loop
  std::string remembered;             // those lines as the history joins them
  std::string limits;  // of the command being run under prlimit: "as=400000000 stack=unlimited"
  std::map<std::string, std::string> files;  // below /tmp and the home directory
  PsqlSession psql;
  std::vector<Job> jobs;
  bool operator==(const ShellState&) const = default;
};

}  // namespace console
