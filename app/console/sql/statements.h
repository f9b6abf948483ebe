// SPDX-License-Identifier: GPL-3.0-or-later
// The statements about configuration and roles: SHOW, SET, RESET, ALTER SYSTEM, ALTER DATABASE and
// ALTER ROLE ... SET, UPDATE pg_settings, CREATE and DROP ROLE, GRANT ... ON PARAMETER. Each prints
// its tag or lets the session fail in PostgreSQL's words.
#pragma once

#include <optional>
#include <string>

#include "console/sql/session.h"
#include "console/sql/tokens.h"

namespace console {

struct Statement {
  SqlSession& session;
  const std::string& text;
  const TokenList& list;
  std::string& out;
  std::string& error;

  [[nodiscard]] const SqlToken& at(std::size_t i) const {
    return list.tokens[i < list.tokens.size() ? i : list.tokens.size() - 1];
  }
  // A word in any of several places; the End token is none.
  [[nodiscard]] bool isName(std::size_t i) const {
    return at(i).kind == TokenKind::Word || at(i).kind == TokenKind::Quoted;
  }
  bool unexpected(std::size_t i) const { return session.failNear(list, i, error); }
  bool refuse(const sim::ServerMessage& message) const { return session.fail(message, error); }
  bool done(std::string_view tag) const {
    session.tag(tag, out);
    return true;
  }
};

bool runShow(Statement s);
bool runSet(Statement s);  // also RESET
bool runAlterSystem(Statement s);
bool runAlterStored(Statement s);  // ALTER DATABASE | ROLE | USER
bool runUpdateSettings(Statement s);
bool runRoleStatement(Statement s);  // CREATE | DROP ROLE | USER
bool runGrantOnParameter(Statement s);
bool runGrant(Statement s);  // also REVOKE
// -- database_statements.cpp --
bool runDatabaseStatement(Statement s);  // CREATE | DROP DATABASE
bool runDatabaseLimit(Statement s);      // ALTER DATABASE ... CONNECTION LIMIT
bool runCheckpoint(Statement s);
// -- transactions.cpp --
// BEGIN, COMMIT, ROLLBACK, SAVEPOINT, RELEASE and their kin; nothing: it is none of them.
std::optional<bool> runTransaction(Statement s);
bool runDiscard(Statement s);

// Takes all settings of the session back to these; names that only it has known stay, empty.
void restoreSettings(std::map<std::string, std::string>& settings,
                     const std::map<std::string, std::string>& before);
// What the server warns of goes to the client and to the log.
void warn(const Statement& s, std::string sqlstate, const std::string& text);

// SET name = value of a session, with its checks; nothing when it was taken.
[[nodiscard]] std::optional<sim::ServerMessage> setInSession(const sim::World& world,
                                                             PsqlSession& session,
                                                             const std::string& name,
                                                             const std::string& value, bool local);

}  // namespace console
