// SPDX-License-Identifier: GPL-3.0-or-later
// One psql session: connecting, SQL statements and backslash commands, as psql prints them and as
// the server logs their errors.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "console/shell.h"
#include "console/sql/connect.h"
#include "console/sql/engine.h"
#include "console/sql/plan/evaluate.h"

namespace console {

class SqlSession {
 public:
  SqlSession(Machine& machine, PsqlSession& state, std::vector<sim::Action>& changed,
             base::SimTime& duration)
      : m_machine(machine), m_state(state), m_changed(changed), m_duration(duration) {}

  // Empty text: connected. Otherwise what psql says, and it is not. options: PGOPTIONS.
  [[nodiscard]] std::string connect(const std::string& options = {});
  // Statements separated by semicolons; stops at the first error when asked to. False: an error.
  bool runStatements(std::string_view text, bool stopAtError, std::string& out, std::string& error);
  // The next result is left in table instead of being printed.
  void keepTable(ResultTable* table) { m_kept = table; }
  // "Time: 1.234 ms" of the statements run, when timing is on.
  [[nodiscard]] const std::string& timing() const { return m_timing; }
  // The server is still the one that was connected to; otherwise says so on error.
  bool alive(std::string& error);
  // The client hangs up; what a transaction had not committed is taken back.
  void disconnect();
  // This client's moment: the world's, and what its commands have taken since.
  [[nodiscard]] std::int64_t localMs() const;
  // The statement that runs was cancelled by a signal.
  void cancelStatement(std::string& error);
  // Tells the world of the session; no change anybody made. False: refused.
  bool tellServer(const sim::Action& action);

  // -- for the statements, each kind in a file of its own --
  [[nodiscard]] const sim::World& world() const { return m_machine.world; }
  [[nodiscard]] PsqlSession& state() { return m_state; }
  [[nodiscard]] const sim::Role& role() const;
  // The server refuses the statement being run: tells the client (with LINE and caret when at is a
  // place in it), writes the log, remembers the SQLSTATE. Always false.
  bool fail(const sim::ServerMessage& message, std::string& error,
            std::size_t at = std::string::npos);
  // Writes the server's log only, with the statement being run.
  void log(const sim::ServerMessage& message);
  // A result, and a command tag, on their way to the client.
  void show(const ResultTable& table, std::string& out);
  void tag(std::string_view text, std::string& out);
  bool failNear(const TokenList& list, std::size_t token, std::string& error);
  // Runs a statement inside another (PL/pgSQL, EXECUTE): its failure is handed back, not told.
  [[nodiscard]] std::optional<SqlFailure> runInner(const std::string& statement,
                                                   std::string* out = nullptr);
  // User tables of the database now, and back to what they were: what ROLLBACK takes back.
  [[nodiscard]] std::map<std::string, std::string> tables() const;
  void restoreTables(const std::map<std::string, std::string>& before);
  [[nodiscard]] bool inner() const { return m_inner != nullptr; }
  // While a statement inside another runs: keeps the failure for it. False: there is none.
  bool keepInner(const SqlFailure& failure);
  [[nodiscard]] QueryContext context() { return {m_machine, m_state, m_changed, m_duration}; }
  // The statement takes so long.
  void spend(double milliseconds);
  // After what a statement did may have ended the server: tells what the client hears, at that
  // time.
  bool survived(std::string& error);
  // Does it to the world; false when the world refused, which was told.
  bool change(const sim::Action& action, std::string& error);

 private:
  // -- the connection: session_connection.cpp --
  [[nodiscard]] std::optional<sim::ServerMessage> admitted(const std::string& options,
                                                           SessionStart& start);
  [[nodiscard]] std::string refusalText(const sim::ServerMessage& refusal, const std::string& lead);
  void logAuthorized();
  [[nodiscard]] bool there() const;
  bool lost(std::string& error);  // tells what the server said last; always false
  bool beginStatement(const std::string& statement, std::string& error);
  // Of the statement run last: in the server, and until the client has the answer.
  [[nodiscard]] double serverMilliseconds() const;
  [[nodiscard]] double transferMilliseconds() const;
  bool finishStatement();  // false: it was cancelled by a signal
  bool runOne(const std::string& statement, std::string& out, std::string& error);
  bool runStatement(const std::string& statement, std::string& out, std::string& error);
  bool query(const std::string& statement, std::string& out, std::string& error);

  Machine& m_machine;
  PsqlSession& m_state;
  std::vector<sim::Action>& m_changed;
  base::SimTime& m_duration;
  std::optional<SqlFailure>* m_inner = nullptr;
  ResultTable* m_kept = nullptr;
  std::string m_timing;
  bool m_wholeLogged = false;  // the string the statements stand in is what the log shows
  double m_wholeMs = 0;        // that its statements have taken
  double m_spentMs = -1;       // by the statement being run, when that is known
};

// The SQLSTATE of no error: the statement of a job waits for a lock and is to be tried again.
constexpr std::string_view kWaitsForLock = "waits";

// An ERROR with its SQLSTATE.
[[nodiscard]] sim::ServerMessage sqlError(std::string sqlstate, std::string text,
                                          std::string detail = {}, std::string hint = {});
// The SQLSTATE of an error text of the query engine.
[[nodiscard]] std::string sqlstateOf(std::string_view text);

}  // namespace console
