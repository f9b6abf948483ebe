// SPDX-License-Identifier: GPL-3.0-or-later
// The psql program at work on a session: takes lines, gathers them into statements, sends these to
// the server, carries out backslash commands, keeps its variables and where its output goes.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "console/shell.h"

namespace console {

class SqlSession;
struct ResultTable;

// What psql has around it: the machine, the shell's files, and a shell for \! and pipes.
struct PsqlSurroundings {
  Machine& machine;
  ShellState& shell;
  std::vector<sim::Action>& changed;
  base::SimTime& duration;
  // Runs a line with that input; returns its exit code.
  std::function<int(const std::string& line, const std::string& input, std::string& out,
                    std::string& error)>
      command;
};

class PsqlProgram {
 public:
  PsqlProgram(const PsqlSurroundings& around, PsqlSession& session, std::string& out,
              std::string& error)
      : m_around(around), m_session(session), m_out(out), m_error(error) {}

  // A line typed, or read from a pipe. False: psql ends here (\q, or ON_ERROR_STOP in a script).
  bool feed(std::string_view line);
  // What is left of an unfinished statement when the input ends.
  void finishInput();
  // All of a file: 0, 1 when it cannot be read, 3 when an error stopped it.
  int runFile(const std::string& path);
  int runInput(const std::string& text);
  // -c: one string of statements, or one backslash command. False: it failed.
  bool runCommand(const std::string& text);
  // A statement of psql's own: no output, no tag.
  bool runQuietly(const std::string& statement);
  [[nodiscard]] std::string connect(const std::string& options);

  // -- for the backslash commands --
  [[nodiscard]] PsqlSession& session() { return m_session; }
  [[nodiscard]] const sim::World& world() const { return m_around.machine.world; }
  [[nodiscard]] const PsqlSurroundings& around() const { return m_around; }
  [[nodiscard]] SqlSession server();
  // A message of psql's, with the place in the script being read.
  bool complain(const std::string& text);
  void print(const std::string& text) { m_out += text; }
  void printError(const std::string& text) { m_error += text; }
  // To where query results go: the terminal, or the target of \o.
  void printResult(const std::string& text);
  // Runs what stands in the buffer, or the last statement again; with its results left in table.
  bool runBuffer(ResultTable* table = nullptr);
  bool runStatement(const std::string& statement, ResultTable* table = nullptr);
  bool interactive() const { return m_interactive; }
  void setInteractive(bool interactive) { m_interactive = interactive; }
  void quit() { m_quit = true; }
  bool writeTo(const std::string& target, const std::string& text, bool append);
  [[nodiscard]] bool quits() const { return m_quit; }
  [[nodiscard]] bool failed() const { return m_failed; }  // something of the last line
  [[nodiscard]] bool stopsAtErrors() const;

 private:
  bool runLine(std::string_view line);
  bool runMetaAt(std::string_view line, std::size_t& at);
  bool active() const;  // no \if is false here
  std::string located(const std::string& text, bool labelled) const;

  const PsqlSurroundings& m_around;
  PsqlSession& m_session;
  std::string& m_out;
  std::string& m_error;
  std::string m_script;  // the file being read
  int m_line = 0;        // in it
  int m_depth = 0;       // of \i
  bool m_interactive = false, m_quit = false, m_failed = false, m_input = false;
};

// "shop=# " and what PROMPT1 and PROMPT2 make of it.
[[nodiscard]] std::string psqlPrompt(const PsqlSession& session, const sim::World& world);

// A variable of psql: those set, and those it sets by itself.
[[nodiscard]] std::optional<std::string> psqlVariable(const PsqlSession& session,
                                                      const sim::World& world,
                                                      const std::string& name);
// All of them, in name order.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> psqlVariables(
    const PsqlSession& session, const sim::World& world);
// Sets one; a complaint when it cannot take that value.
[[nodiscard]] std::string setPsqlVariable(PsqlSession& session, const std::string& name,
                                          const std::string& value);

}  // namespace console
