// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/session.h"

#include <algorithm>

#include "base/random.h"
#include "base/text.h"
#include "console/sql/catalogue.h"
#include "console/sql/engine.h"
#include "console/sql/plan/syntax.h"
#include "console/sql/session_log.h"
#include "console/sql/session_role.h"
#include "console/sql/statements.h"
#include "console/sql/tables/table_statements.h"
#include "console/sql/transaction_modes.h"
#include "sim/session_actions.h"

namespace console {
namespace {

bool isOneOf(const SqlToken& token, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return token.is(word); });
}

std::string upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  }
  return text;
}

// "51.590 ms", and from a second on with "(00:01.234)" behind it, as psql writes it.
std::string durationOf(double ms) {
  std::string text = base::fixedText(ms, 3) + " ms";
  if (ms < 1000) return text;
  const auto whole = static_cast<std::int64_t>(ms + 0.5);
  const auto two = [](std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  const std::string part = std::to_string(1000 + whole % 1000).substr(1);
  const std::int64_t minutes = whole / 60'000;
  const std::string head =
      minutes < 60 ? two(minutes) : two(minutes / 60) + ":" + two(minutes % 60);
  return text + " (" + head + ":" + two(whole / 1000 % 60) + "." + part + ")";
}

// CREATE TEMP TABLE name: the name; empty for other statements.
std::string temporaryTable(const TokenList& list) {
  std::size_t i = 0;
  const auto next = [&]() -> const SqlToken& {
    return list.tokens[std::min(i++, list.tokens.size() - 1)];
  };
  if (!next().is("create")) return {};
  if (!isOneOf(next(), {"temp", "temporary"}) || !next().is("table")) return {};
  const SqlToken& name = next();
  return name.kind == TokenKind::Word || name.kind == TokenKind::Quoted ? name.text : "";
}

}  // namespace

sim::ServerMessage sqlError(std::string sqlstate, std::string text, std::string detail,
                            std::string hint) {
  return {"ERROR", std::move(text), std::move(detail), std::move(hint), std::move(sqlstate)};
}

const sim::Role& SqlSession::role() const {
  static const sim::Role kNobody;
  const sim::Role* found = world().postgres().role(currentRole(m_state));
  return found != nullptr ? *found : kNobody;
}

bool SqlSession::keepInner(const SqlFailure& failure) {
  if (m_inner == nullptr) return false;
  *m_inner = failure;
  return true;
}

std::optional<SqlFailure> SqlSession::runInner(const std::string& statement, std::string* out) {
  std::optional<SqlFailure> failure;
  std::optional<SqlFailure>* const before = m_inner;
  m_inner = &failure;
  std::string ignored, error;
  if (!runStatement(statement, out != nullptr ? *out : ignored, error) && !failure) {
    failure = SqlFailure{sqlError("XX000", "the statement failed"), std::string::npos, {}};
  }
  m_inner = before;
  return failure;
}

std::map<std::string, std::string> SqlSession::tables() const {
  std::map<std::string, std::string> result;
  for (const sim::Relation& one : world().postgres().relations) {
    if (one.database == m_state.database) result[one.name] = sim::relationText(one);
  }
  return result;
}

void SqlSession::restoreTables(const std::map<std::string, std::string>& before) {
  const auto apply = [&](const std::string& name, const std::string& text) {
    sim::Action action;
    action.verb = sim::Verb::Relation;
    action.target = name;
    action.text = text;
    action.fields["database"] = m_state.database;
    if (text.empty()) action.fields["drop"] = "yes";
    if (m_machine.world.apply(action, m_machine.who, m_machine.telemetry).accepted) {
      m_changed.push_back(action);
    }
  };
  const std::map<std::string, std::string> now = tables();
  for (const auto& [name, text] : now) {
    if (!before.contains(name)) apply(name, {});
  }
  for (const auto& [name, text] : before) {
    const auto there = now.find(name);
    if (there == now.end() || there->second != text) apply(name, text);
  }
}

void SqlSession::show(const ResultTable& table, std::string& out) {
  m_state.rowCount = static_cast<std::int64_t>(table.rows.size());
  if (m_kept != nullptr && !inner()) {
    *m_kept = table;
    return;
  }
  out += formatTable(table, m_state.format);
}

void SqlSession::tag(std::string_view text, std::string& out) {
  const std::size_t digits = text.find_last_not_of("0123456789");
  const bool counts = digits + 1 < text.size() && text.size() - digits < 18;
  m_state.rowCount = counts ? std::stoll(std::string(text.substr(digits + 1))) : 0;
  if (!m_state.format.quiet) out += std::string(text) + "\n";
}

void SqlSession::spend(double milliseconds) {
  m_spentMs = std::max(m_spentMs, 0.0) + milliseconds;
  m_duration = m_duration + base::SimTime{static_cast<std::int64_t>(milliseconds + 0.5)};
}

bool SqlSession::survived(std::string& error) {
  const sim::Farewell* said = sim::findFarewell(world().postgres(), m_state.pid);
  if (there() || said == nullptr) return alive(error);
  m_duration.ms -= std::clamp<std::int64_t>(localMs() - said->atMs, 0, m_duration.ms);
  return lost(error);
}

bool SqlSession::fail(const sim::ServerMessage& message, std::string& error, std::size_t at) {
  if (keepInner({message, at, {}})) return false;
  if (message.sqlstate == kWaitsForLock) {
    m_state.blocked = true;
    return false;
  }
  m_state.sqlstate = message.sqlstate;
  m_state.lastError = message.text;
  // The log sets continued lines off with a tab, the client sees them as they are.
  const auto plain = [](const std::string& text) { return base::replaceAll(text, "\n\t", "\n"); };
  const SqlError shown{plain(message.text), plain(message.detail), plain(message.hint), at};
  const auto verbosity = m_state.variables.find("VERBOSITY");
  error += errorText(shown, m_state.statement, message.sqlstate,
                     verbosity == m_state.variables.end() ? "default" : verbosity->second);
  m_state.lastReport = errorText(shown, m_state.statement, message.sqlstate, "verbose");
  sim::ServerMessage logged = message;
  if (at != std::string::npos) logged.text += " at character " + std::to_string(at + 1);
  logSaid(m_machine, m_state, logged, m_state.statement);
  return false;
}

void SqlSession::log(const sim::ServerMessage& message) {
  logSaid(m_machine, m_state, message, m_state.statement);
}

bool SqlSession::failNear(const TokenList& list, std::size_t token, std::string& error) {
  const SqlToken& t = list.tokens[std::min(token, list.tokens.size() - 1)];
  if (t.kind == TokenKind::End && t.length == 0) {
    return fail(sqlError("42601", "syntax error at end of input"), error, m_state.statement.size());
  }
  return fail(sqlError("42601", "syntax error at or near \"" +
                                    m_state.statement.substr(t.at, t.length) + "\""),
              error, t.at);
}

bool SqlSession::change(const sim::Action& action, std::string& error) {
  const sim::Outcome outcome = m_machine.world.apply(action, m_machine.who, m_machine.telemetry);
  if (outcome.accepted) {
    m_changed.push_back(action);
    return true;
  }
  std::string text = outcome.text;
  if (text.starts_with("ERROR:  ")) text = text.substr(8);
  return fail(sqlError("XX000", text.substr(0, text.find('\n'))), error);
}

bool SqlSession::runStatements(std::string_view text, bool stopAtError, std::string& out,
                               std::string& error) {
  SplitSql split = splitStatements(text);
  if (!base::trim(split.rest).empty()) split.statements.push_back(split.rest);
  const bool block = stopAtError && split.statements.size() > 1;  // one string is one transaction
  bool ok = true;
  if (block && alive(error)) logBeforeRunning(m_machine, m_state, std::string(text));
  m_wholeLogged = block;
  m_wholeMs = 0;
  for (const std::string& raw : split.statements) {
    // The server counts places from the start of what it was sent, psql sends without leading
    // blanks.
    const std::size_t start = raw.find_first_not_of(" \t\r\n");
    if (start == std::string::npos || raw[start] == ';') continue;
    const std::string statement = raw.substr(start);
    if (block && base::lower(statement).starts_with("alter system")) {
      return fail(sqlError("25001", "ALTER SYSTEM cannot run inside a transaction block"), error);
    }
    if (!runOne(statement, out, error)) {
      ok = false;
      if (stopAtError || m_state.broken) break;
    }
  }
  if (block && ok) logAfterRunning(m_machine, m_state, std::string(text), m_wholeMs);
  m_wholeLogged = false;
  return ok;
}

bool SqlSession::runOne(const std::string& statement, std::string& out, std::string& error) {
  if (!beginStatement(statement, error)) return false;
  const std::size_t outBefore = out.size();
  const std::string before = m_state.statement;
  m_state.statement = statement;
  m_state.sqlstate = "00000";
  m_spentMs = -1;
  const std::int64_t startedMs = m_duration.ms;
  if (!m_wholeLogged && m_state.blockedSinceMs < 0) {
    logBeforeRunning(m_machine, m_state, statement);
  }
  const std::string word = base::lower(statement.substr(0, statement.find_first_of(" \t\n(;")));
  const bool ends = word == "commit" || word == "rollback" || word == "end" || word == "abort";
  bool ok = m_state.failed && !ends
                ? fail(sqlError("25P02",
                                "current transaction is aborted, commands ignored until end "
                                "of transaction block"),
                       error)
                : runStatement(statement, out, error);
  if (m_state.blocked) {
    out.resize(outBefore);
    m_state.statement = before;
    return false;
  }
  m_state.blockedSinceMs = -1;
  if (!ok && m_state.inTransaction) m_state.failed = true;
  if (m_state.registered && !there()) {
    out.resize(outBefore);
    m_state.statement = before;
    return lost(error);
  }
  if (!finishStatement()) {
    out.resize(outBefore);
    ok = fail(sqlError("57014", "canceling statement due to user request"), error);
  }
  // pg_sleep() and its like say what they take by the clock alone.
  const auto passed = static_cast<double>(m_duration.ms - startedMs);
  if (passed > std::max(m_spentMs, 0.0) + 1) m_spentMs = passed + 0.1;
  if (ok && m_wholeLogged) m_wholeMs += serverMilliseconds();
  if (ok && !m_wholeLogged) {
    logAfterRunning(m_machine, m_state, statement, serverMilliseconds());
  }
  m_state.statement = before;
  if (m_state.format.timing) {
    m_timing += "Time: " + durationOf(serverMilliseconds() + transferMilliseconds()) + "\n";
  }
  return ok;
}

// MODEL: what a statement takes of which nothing else is known: a page or so from the disk.
double SqlSession::serverMilliseconds() const {
  const double noise =
      base::uniform(m_machine.world.seed(), base::Stream::Terminal, m_machine.world.now().ms, 99);
  const double wait = 1000.0 * m_machine.world.host().diskReadLatency;
  return m_spentMs >= 0 ? m_spentMs : 0.2 + noise * 1.4 + wait;
}

// MODEL: the way to psql and back.
double SqlSession::transferMilliseconds() const {
  const double noise =
      base::uniform(m_machine.world.seed(), base::Stream::Terminal, m_machine.world.now().ms, 99);
  return 0.2 + noise * 0.2;
}

bool SqlSession::runStatement(const std::string& statement, std::string& out, std::string& error) {
  const TokenList list = scanSql(statement);
  if (!list.error.empty()) return fail(sqlError("42601", list.error), error, list.errorAt);
  const SqlToken& first = list.tokens[0];
  const SqlToken& second = list.tokens[std::min<std::size_t>(1, list.tokens.size() - 1)];
  if (const std::size_t deep = tooDeepParenthesis(list); deep != std::string::npos) {
    return fail(sqlError("42601", "memory exhausted at or near \"(\""), error, deep);
  }
  const Statement s{*this, statement, list, out, error};
  if (const auto refusal = refusedAsReadOnly(s)) return s.refuse(*refusal);
  if (first.is("show")) return runShow(s);
  if (first.is("set")) {
    if (const std::optional<bool> done = runSetTransaction(s)) return *done;
  }
  if (isOneOf(first, {"set", "reset"})) return runSet(s);
  if (first.is("alter") && second.is("system")) return runAlterSystem(s);
  if (first.is("alter") && isOneOf(second, {"database", "role", "user"})) return runAlterStored(s);
  if (first.is("update") && second.is("pg_settings")) return runUpdateSettings(s);
  if (first.is("grant") || first.is("revoke")) return runGrant(s);
  if (isOneOf(first, {"create", "drop"}) && second.is("database")) return runDatabaseStatement(s);
  if (first.is("checkpoint")) return runCheckpoint(s);
  if (isOneOf(first, {"create", "drop"}) && isOneOf(second, {"role", "user"})) {
    return runRoleStatement(s);
  }
  if (const std::optional<bool> done = runTransaction(s)) return *done;
  if (first.is("discard")) return runDiscard(s);
  if (const std::optional<bool> done = runTableStatement(s)) return *done;
  if (!temporaryTable(list).empty() || (first.is("insert") && !m_state.temporary.empty())) {
    return query(statement, out, error);
  }
  if (isOneOf(first, {"insert", "update",     "delete", "create",  "drop",    "alter",   "truncate",
                      "vacuum", "analyze",    "grant",  "revoke",  "reindex", "cluster", "copy",
                      "lock",   "checkpoint", "merge",  "comment", "call",    "do"})) {
    const bool two = isOneOf(first, {"create", "drop", "alter"}) && second.kind == TokenKind::Word;
    return fail(sqlError("25006", "cannot execute " + upper(first.text) +
                                      (two ? " " + upper(second.text) : "") +
                                      " in a read-only transaction"),
                error);
  }
  if (isOneOf(first, {"select", "with", "values", "table", "("})) {
    return query(statement, out, error);
  }
  return failNear(list, 0, error);
}

bool SqlSession::query(const std::string& statement, std::string& out, std::string& error) {
  QueryResult result = runQuery({m_machine, m_state, m_changed, m_duration}, statement);
  for (const std::string& notice : result.notices) error += notice + "\n";
  if (result.ok) {
    if (result.tag.empty()) {
      show(result.table, out);
    } else {
      tag(result.tag, out);
    }
    return true;
  }
  const std::string& text = result.error.text;
  const sim::WorldSpec& spec = world().spec();
  for (const std::string& table : shopTables(spec)) {
    if (text == "relation \"" + table + "\" does not exist" &&
        m_state.database == spec.database.database) {
      result.error = {"permission denied for table " + table, "", "", std::string::npos, "42501"};
      break;
    }
  }
  for (const sim::Relation& one : world().postgres().relations) {
    if (text == "relation \"" + one.name + "\" does not exist" &&
        one.database == m_state.database) {
      result.error = {"canceling statement due to statement timeout", "", "", std::string::npos,
                      "57014"};
      break;
    }
  }
  const std::string sqlstate =
      result.error.sqlstate.empty() ? sqlstateOf(result.error.text) : result.error.sqlstate;
  return fail(sqlError(sqlstate, result.error.text, result.error.detail, result.error.hint), error,
              result.error.at);
}

}  // namespace console
