// SPDX-License-Identifier: GPL-3.0-or-later
// What a shell remembers between lines: where it is, variables, files written to /tmp, the open
// psql session. A plain value; everything about the machine itself lives in the world.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace console {

// Output switches of psql: -A -t -x and their backslash commands.
struct PsqlFormat {
  bool expanded = false, tuplesOnly = false, unaligned = false, timing = false;
  std::string separator = "|";
  bool operator==(const PsqlFormat&) const = default;
};

// A setting that a database, a role or the connection itself brought into the session.
struct SessionDefault {
  std::string value;   // canonical
  std::string source;  // "database", "user", "database user", "client"
  bool operator==(const SessionDefault&) const = default;
};

// A connection of psql to the server.
struct PsqlSession {
  bool open = false;       // psql is in the foreground
  bool connected = false;  // false after the server went away
  std::string user = "postgres", database = "shop", host;
  PsqlFormat format;
  std::string statement;  // what was typed of an unfinished statement
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

struct ShellState {
  std::string directory = "/etc/postgresql/15/main";
  std::string previousDirectory;
  std::string user = "oncall";
  int lastExit = 0;
  std::map<std::string, std::string> variables;
  std::string limits;  // of the command being run under prlimit: "as=400000000 stack=unlimited"
  std::map<std::string, std::string> files;  // below /tmp and the home directory
  PsqlSession psql;
  bool operator==(const ShellState&) const = default;
};

}  // namespace console
