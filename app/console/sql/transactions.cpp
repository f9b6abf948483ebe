// SPDX-License-Identifier: GPL-3.0-or-later
// BEGIN, COMMIT, ROLLBACK, savepoints, and DISCARD, which takes a session back to its beginning.
#include <map>

#include "console/sql/statements.h"
#include "console/sql/transaction_modes.h"
#include "sim/relation.h"

namespace console {
namespace {

// Tables of the database without those of this session alone.
std::map<std::string, std::string> lastingTables(SqlSession& session) {
  std::map<std::string, std::string> tables = session.tables();
  std::erase_if(tables, [&](const auto& one) {
    const std::optional<sim::Relation> relation = sim::relationFrom(one.second);
    return relation && relation->session == session.state().pid;
  });
  return tables;
}

bool needsBlock(const Statement& s, const std::string& what) {
  if (s.session.state().inTransaction) return false;
  s.refuse(sqlError("25P01", what + " can only be used in transaction blocks"));
  return true;
}

std::size_t lastSavepoint(const PsqlSession& session, const std::string& name) {
  std::size_t i = session.savepoints.size();
  while (i > 0 && session.savepoints[i - 1].name != name) --i;
  return i;  // one past it; 0: there is none
}

bool noSavepoint(const Statement& s, const std::string& name) {
  return s.refuse(sqlError("3B001", "savepoint \"" + name + "\" does not exist"));
}

bool begin(const Statement& s) {
  TransactionModes modes;
  if (!readModesOfBegin(s, modes)) return false;
  PsqlSession& state = s.session.state();
  if (state.inTransaction) {
    warn(s, "25001", "there is already a transaction in progress");
  } else {
    state.settingsBefore = state.settingsCommitted = state.settings;
    state.tablesBefore = s.session.tables();
  }
  state.inTransaction = true;
  for (const auto& [name, value] : modes) state.settings[name] = value;
  return s.done(s.at(0).is("begin") ? "BEGIN" : "START TRANSACTION");
}

// Where AND [NO] CHAIN stands, or the end; true when a new transaction is to follow.
bool chains(const Statement& s, std::size_t& i) {
  if (s.at(i).is("work") || s.at(i).is("transaction")) ++i;
  if (!s.at(i).is("and")) return false;
  const bool no = s.at(i + 1).is("no");
  i += no ? 2 : 1;
  if (s.at(i).is("chain")) ++i;
  return !no;
}

bool end(const Statement& s, bool rolls) {
  PsqlSession& state = s.session.state();
  std::size_t i = 1;
  const bool chain = chains(s, i);
  if (s.at(i).kind != TokenKind::End) return s.unexpected(i);
  if (chain && needsBlock(s, rolls ? "ROLLBACK AND CHAIN" : "COMMIT AND CHAIN")) return false;
  if (!state.inTransaction) warn(s, "25P01", "there is no transaction in progress");
  rolls = rolls || state.failed;
  if (state.inTransaction) {
    restoreSettings(state.settings, rolls ? state.settingsBefore : state.settingsCommitted);
    if (rolls) s.session.restoreTables(state.tablesBefore);
    state.tablesBefore.clear();
  }
  state.savepoints.clear();
  state.inTransaction = state.failed = false;
  if (chain) {
    state.settingsBefore = state.settingsCommitted = state.settings;
    state.tablesBefore = s.session.tables();
    state.inTransaction = true;
  }
  return s.done(rolls ? "ROLLBACK" : "COMMIT");
}

bool rollbackTo(const Statement& s, std::size_t i) {
  PsqlSession& state = s.session.state();
  if (s.at(i).is("savepoint")) ++i;
  if (!s.isName(i)) return s.unexpected(i);
  if (needsBlock(s, "ROLLBACK TO SAVEPOINT")) return false;
  const std::size_t past = lastSavepoint(state, s.at(i).text);
  if (past == 0) return noSavepoint(s, s.at(i).text);
  state.savepoints.resize(past);
  const Savepoint& point = state.savepoints.back();
  restoreSettings(state.settings, point.settings);
  restoreSettings(state.settingsCommitted, point.settingsCommitted);
  s.session.restoreTables(point.tables);
  state.failed = false;
  return s.done("ROLLBACK");
}

bool release(const Statement& s) {
  PsqlSession& state = s.session.state();
  const std::size_t i = s.at(1).is("savepoint") ? 2 : 1;
  if (!s.isName(i)) return s.unexpected(i);
  if (needsBlock(s, "RELEASE SAVEPOINT")) return false;
  const std::size_t past = lastSavepoint(state, s.at(i).text);
  if (past == 0) return noSavepoint(s, s.at(i).text);
  state.savepoints.resize(past - 1);
  return s.done("RELEASE");
}

bool savepoint(const Statement& s) {
  if (!s.isName(1)) return s.unexpected(1);
  if (needsBlock(s, "SAVEPOINT")) return false;
  PsqlSession& state = s.session.state();
  state.savepoints.push_back(
      {s.at(1).text, state.settings, state.settingsCommitted, s.session.tables()});
  return s.done("SAVEPOINT");
}

}  // namespace

std::optional<bool> runTransaction(Statement s) {
  const SqlToken& first = s.at(0);
  if (first.is("begin") || first.is("start")) return begin(s);
  if (first.is("commit") || first.is("end")) return end(s, false);
  if (first.is("savepoint")) return savepoint(s);
  if (first.is("release")) return release(s);
  if (first.is("abort")) return end(s, true);
  if (!first.is("rollback")) return std::nullopt;
  const std::size_t i = s.at(1).is("work") || s.at(1).is("transaction") ? 2 : 1;
  return s.at(i).is("to") ? rollbackTo(s, i + 1) : end(s, true);
}

bool runDiscard(Statement s) {
  const SqlToken& what = s.at(1);
  PsqlSession& state = s.session.state();
  const bool all = what.is("all"), temporary = what.is("temp") || what.is("temporary");
  if (!all && !temporary && !what.is("plans") && !what.is("sequences")) return s.unexpected(1);
  if (s.at(2).kind != TokenKind::End) return s.unexpected(2);
  if (all && state.inTransaction) {
    return s.refuse(sqlError("25001", "DISCARD ALL cannot run inside a transaction block"));
  }
  if (all) {
    restoreSettings(state.settings, {});
    restoreSettings(state.settingsCommitted, {});
    state.prepared.clear();
    state.preparedBytes = state.preparedCount = 0;
  }
  if (all || what.is("plans")) state.planned.clear();
  if (all || temporary) {
    state.temporary.clear();
    s.session.restoreTables(lastingTables(s.session));
  }
  return s.done(temporary          ? "DISCARD TEMP"
                : all              ? "DISCARD ALL"
                : what.is("plans") ? "DISCARD PLANS"
                                   : "DISCARD SEQUENCES");
}

}  // namespace console
