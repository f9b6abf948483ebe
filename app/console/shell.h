// SPDX-License-Identifier: GPL-3.0-or-later
// What a trainee types at: a shell on the database host, psql, files. Text in, text out. A Shell is
// a value (working directory, history, variables, open psql session), so it is copied, replayed and
// branched with the run it belongs to.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/sim_time.h"
#include "console/shell_state.h"
#include "sim/telemetry.h"
#include "sim/world.h"

namespace console {

// The machine a command runs on. Reading goes through const views; every change through
// World::apply.
struct Machine {
  sim::World& world;
  sim::Telemetry& telemetry;
  std::string who;  // who types: the actor of whatever the command changes
};

struct Token;

struct Reply {
  std::string text;  // stdout and stderr as a terminal shows them, no trailing newline
  int exitCode = 0;
  base::SimTime duration;            // simulated time the command takes (ping -c 4: 3 s)
  std::vector<sim::Action> changed;  // what it did to the world, in order
  bool operator==(const Reply&) const = default;
};

constexpr char kInterrupt = '\x03', kEndOfInput = '\x04';  // Ctrl+C, Ctrl+D

class Shell {
 public:
  // Runs one line, with or without its newline; anything at all may be typed. A line with
  // kInterrupt in it gives up what was typed of a command or statement; kEndOfInput ends it as the
  // end of a script does.
  Reply run(Machine machine, std::string_view line);
  // "oncall@db1:~$ ", "> " while a command is not finished, "shop=# ", "shop-# " while a statement
  // is open.
  [[nodiscard]] std::string prompt(const sim::World& world) const;
  // Completions of the last word of line: commands, paths, settings.
  [[nodiscard]] std::vector<std::string> complete(const sim::World& world,
                                                  std::string_view line) const;
  [[nodiscard]] const std::vector<std::string>& history() const { return m_history; }
  [[nodiscard]] bool inPsql() const { return m_state.psql.open; }
  // A command or statement waits for more lines; empty ones count.
  [[nodiscard]] bool unfinished() const {
    return !(inPsql() ? m_state.psql.statement : m_state.unfinished).empty();
  }
  bool operator==(const Shell&) const = default;

 private:
  // What was typed so far of a command, with the line; ends: without it, as no more lines come.
  std::string wholeCommand(std::string_view line, bool ends);
  // The command goes on in the next line.
  void awaitMore(const std::string& whole, const std::vector<Token>& tokens);
  void remember(std::string_view line);
  Reply giveUp(Machine& machine);
  void beginAnew();
  void runInPsql(Machine& machine, std::string_view line, Reply& reply);

  ShellState m_state;
  std::vector<std::string> m_history;
};

// A line as a terminal shows it while it is typed: ^C for kInterrupt, no newline.
[[nodiscard]] std::string shownLine(std::string_view line);
// Names and one-line descriptions of the commands there are (help, completion, user guide).
[[nodiscard]] std::vector<std::pair<std::string, std::string>> commandList();

}  // namespace console
