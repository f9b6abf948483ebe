// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/session.h"

#include <algorithm>

#include "base/random.h"
#include "base/text.h"
#include "console/sql/catalogue.h"
#include "console/sql/engine.h"
#include "console/sql/interval.h"
#include "console/sql/virtual_tables.h"

namespace console {
namespace {

std::string target(const PsqlSession& state) {
  if (state.host.empty()) return "on socket \"/var/run/postgresql/.s.PGSQL.5432\"";
  return "at \"" + state.host + "\", port 5432";
}

// Why the server turns a new connection away; empty when it does not.
std::string refusal(const sim::World& world, const PsqlSession& state) {
  const sim::Postgres& server = world.postgres();
  const std::string lead = "connection to server " + target(state) + " failed: ";
  switch (server.life) {
    case sim::Life::Stopped:
      if (state.host.empty()) {
        return lead +
               "No such file or directory\n\tIs the server running locally and accepting "
               "connections on that socket?";
      }
      return lead +
             "Connection refused\n\tIs the server running on that host and accepting TCP/IP "
             "connections?";
    case sim::Life::Starting:
      return lead + "FATAL:  the database system is starting up";
    case sim::Life::ShuttingDown:
      return lead + "FATAL:  the database system is shutting down";
    case sim::Life::Crashed:
    case sim::Life::Recovering:
      return lead + "FATAL:  the database system is in recovery mode";
    case sim::Life::Running:
      break;
  }
  const std::int32_t used = server.connections(), most = server.values.maxConnections;
  if (used >= most) return lead + "FATAL:  sorry, too many clients already";
  if (state.user != "postgres" && used >= most - server.values.reservedConnections) {
    return lead +
           "FATAL:  remaining connection slots are reserved for non-replication superuser "
           "connections";
  }
  const sim::DatabaseSpec& database = world.spec().database;
  if (state.user != "postgres" && state.user != database.user) {
    return lead + "FATAL:  role \"" + state.user + "\" does not exist";
  }
  if (state.database != database.database && state.database != "postgres" &&
      state.database != "template1") {
    return lead + "FATAL:  database \"" + state.database + "\" does not exist";
  }
  return {};
}

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

SqlError nearToken(const std::vector<SqlToken>& tokens, std::size_t index,
                   std::string_view statement) {
  const SqlToken& t = tokens[std::min(index, tokens.size() - 1)];
  if (t.kind == TokenKind::End && t.length == 0)
    return {"syntax error at end of input", "", "", statement.size()};
  return {"syntax error at or near \"" + std::string(statement.substr(t.at, t.length)) + "\"", "",
          "", t.at};
}

// "name [. name]" at index; moves past it.
std::string settingName(const std::vector<SqlToken>& tokens, std::size_t& i) {
  if (tokens[i].kind != TokenKind::Word && tokens[i].kind != TokenKind::Quoted) return {};
  std::string name = tokens[i++].text;
  while (tokens[i].is(".") && (tokens[i + 1].kind == TokenKind::Word)) {
    name += "." + tokens[i + 1].text;
    i += 2;
  }
  return name;
}

struct Assignment {
  bool ok = false;
  std::size_t wrongAt = 0;  // token that does not belong there
  bool list = false, byDefault = false;
  std::string name, value;
};

// "name {=|TO} value [, value]" from token i on.
Assignment readAssignment(const std::vector<SqlToken>& tokens, std::size_t i) {
  Assignment a;
  a.name = settingName(tokens, i);
  a.wrongAt = i;
  if (a.name.empty() || !(tokens[i].is("=") || tokens[i].is("to"))) return a;
  ++i;
  while (true) {
    a.wrongAt = i;
    std::string sign;
    if (tokens[i].is("-") || tokens[i].is("+")) sign = tokens[i].is("-") ? "-" : "", ++i;
    const SqlToken& t = tokens[i];
    if (t.kind == TokenKind::End || t.kind == TokenKind::Operator) {
      a.wrongAt = i;
      return a;
    }
    if (t.is("default") && a.value.empty()) a.byDefault = true;
    a.value += (a.list ? ", " : "") + sign + t.text;
    ++i;
    if (!tokens[i].is(",")) break;
    a.list = true;
    ++i;
  }
  a.wrongAt = i;
  a.ok = tokens[i].kind == TokenKind::End;
  return a;
}

std::string messageText(const sim::ServerMessage& message) {
  std::string text = message.severity + ":  " + message.text + "\n";
  if (!message.detail.empty()) text += "DETAIL:  " + message.detail + "\n";
  if (!message.hint.empty()) text += "HINT:  " + message.hint + "\n";
  return text;
}

bool isListSetting(std::string_view name) {
  for (const char* one : {"search_path", "shared_preload_libraries", "session_preload_libraries",
                          "datestyle", "listen_addresses", "temp_tablespaces",
                          "synchronous_standby_names", "unix_socket_directories", "log_destination",
                          "local_preload_libraries", "wal_consistency_checking"}) {
    if (base::equalsIgnoreCase(name, one)) return true;
  }
  return false;
}

}  // namespace

std::string SqlSession::connect() {
  const std::string reason = refusal(m_machine.world, m_state);
  m_state.connected = reason.empty();
  if (!reason.empty()) return reason;
  const sim::Postgres& server = m_machine.world.postgres();
  m_state.connectedMs = m_machine.world.unixMs();
  m_state.crashes = server.crashes;
  m_state.starts = server.starts;
  m_state.pid =
      server.nextPid + 1 +
      static_cast<std::uint32_t>(base::below(400, m_machine.world.seed(), base::Stream::Terminal,
                                             m_machine.world.now().seconds(), 7));
  m_state.settings.clear();
  m_state.inTransaction = m_state.failed = false;
  return {};
}

bool SqlSession::alive(std::string& error) {
  const sim::Postgres& server = m_machine.world.postgres();
  if (m_state.connected && server.accepts() && server.crashes == m_state.crashes &&
      server.starts == m_state.starts) {
    return true;
  }
  if (!m_state.connected) {
    error += "You are currently not connected to a database.\n";
    return false;
  }
  m_state.inTransaction = m_state.failed = false;
  error +=
      "server closed the connection unexpectedly\n\tThis probably means the server terminated "
      "abnormally\n"
      "\tbefore or while processing the request.\nThe connection to the server was lost. "
      "Attempting reset: ";
  error += connect().empty() ? "Succeeded.\n" : "Failed.\n";
  return false;
}

bool SqlSession::runStatements(std::string_view text, bool stopAtError, std::string& out,
                               std::string& error) {
  SplitSql split = splitStatements(text);
  if (!base::trim(split.rest).empty()) split.statements.push_back(split.rest);
  const bool block = stopAtError && split.statements.size() > 1;  // one string is one transaction
  bool ok = true;
  for (const std::string& raw : split.statements) {
    // The server counts places from the start of what it was sent, psql sends without leading
    // blanks.
    const std::size_t start = raw.find_first_not_of(" \t\r\n");
    if (start == std::string::npos || raw[start] == ';') continue;
    const std::string statement = raw.substr(start);
    if (block && base::lower(statement).starts_with("alter system")) {
      error += "ERROR:  ALTER SYSTEM cannot run inside a transaction block\n";
      return false;
    }
    if (!runOne(statement, out, error)) {
      ok = false;
      if (stopAtError) return false;
    }
  }
  return ok;
}

bool SqlSession::runOne(const std::string& statement, std::string& out, std::string& error) {
  if (!alive(error)) return false;
  const std::string before = m_state.statement;
  m_state.statement = statement;
  bool known = true;
  const std::string word = base::lower(statement.substr(0, statement.find_first_of(" \t\n(;")));
  const bool ends = word == "commit" || word == "rollback" || word == "end" || word == "abort";
  bool ok = false;
  if (m_state.failed && !ends) {
    error +=
        "ERROR:  current transaction is aborted, commands ignored until end of transaction block\n";
  } else {
    ok = runUtility(statement, out, error, known);
    if (!known) ok = query(statement, out, error);
  }
  if (!ok && m_state.inTransaction) m_state.failed = true;
  m_state.statement = before;
  if (m_state.format.timing) {
    const double noise =
        base::uniform(m_machine.world.seed(), base::Stream::Terminal, m_machine.world.now().ms, 99);
    const double wait = 1000.0 * m_machine.world.host().diskReadLatency;
    out += "Time: " + base::fixedText(0.4 + noise * 1.6 + wait, 3) + " ms\n";
  }
  return ok;
}

bool SqlSession::runUtility(const std::string& statement, std::string& out, std::string& error,
                            bool& known) {
  const TokenList list = scanSql(statement);
  if (!list.error.empty()) {
    error += errorText({list.error, "", "", list.errorAt}, statement);
    return false;
  }
  const SqlToken& first = list.tokens[0];
  if (first.is("show")) return show(statement, out, error);
  if (first.is("set") || first.is("reset")) return set(statement, out, error);
  if (first.is("alter") && list.tokens[1].is("system")) return alterSystem(statement, out, error);
  if (isOneOf(first, {"begin", "start"})) {
    if (m_state.inTransaction) error += "WARNING:  there is already a transaction in progress\n";
    m_state.inTransaction = true;
    out += first.is("begin") ? "BEGIN\n" : "START TRANSACTION\n";
    return true;
  }
  if (isOneOf(first, {"commit", "end", "rollback", "abort"})) {
    if (!m_state.inTransaction) error += "WARNING:  there is no transaction in progress\n";
    const bool rolls = m_state.failed || isOneOf(first, {"rollback", "abort"});
    m_state.inTransaction = m_state.failed = false;
    out += rolls ? "ROLLBACK\n" : "COMMIT\n";
    return true;
  }
  if (isOneOf(first, {"insert", "update",     "delete", "create",  "drop",    "alter",   "truncate",
                      "vacuum", "analyze",    "grant",  "revoke",  "reindex", "cluster", "copy",
                      "lock",   "checkpoint", "merge",  "comment", "call",    "do"})) {
    const bool two =
        isOneOf(first, {"create", "drop", "alter"}) && list.tokens[1].kind == TokenKind::Word;
    error += "ERROR:  cannot execute " + upper(first.text) +
             (two ? " " + upper(list.tokens[1].text) : "") + " in a read-only transaction\n";
    return false;
  }
  known = !isOneOf(first, {"select", "with", "values", "table", "("});
  if (!known) return true;
  error += errorText(nearToken(list.tokens, 0, statement), statement);
  return false;
}

bool SqlSession::show(const std::string& statement, std::string& out, std::string& error) {
  const TokenList list = scanSql(statement);
  std::size_t i = 1;
  if (list.tokens[1].is("all") && list.tokens[2].kind == TokenKind::End) {
    ResultTable table;
    table.columns = {{"name"}, {"setting"}, {"description"}};
    for (const sim::SettingDefinition& d : m_machine.world.postgres().settings.catalogue().all()) {
      table.rows.push_back(
          {d.name, readSetting(m_machine.world, m_state, d.name).shown, d.shortDescription});
    }
    out += formatTable(table, m_state.format);
    return true;
  }
  std::string name = settingName(list.tokens, i);
  if (name.empty() || list.tokens[i].kind != TokenKind::End) {
    error += errorText(nearToken(list.tokens, i, statement), statement);
    return false;
  }
  const SettingReading reading = readSetting(m_machine.world, m_state, name);
  if (!reading.known) {
    error += "ERROR:  unrecognized configuration parameter \"" + name + "\"\n";
    return false;
  }
  const sim::SettingDefinition* definition =
      m_machine.world.postgres().settings.catalogue().find(name);
  ResultTable table;
  table.columns = {{definition->name}};
  table.rows = {{reading.shown}};
  table.footer = true;
  out += formatTable(table, m_state.format);
  return true;
}

bool SqlSession::set(const std::string& statement, std::string& out, std::string& error) {
  const TokenList list = scanSql(statement);
  const bool reset = list.tokens[0].is("reset");
  std::size_t i = 1;
  if (!reset && isOneOf(list.tokens[1], {"session", "local"})) ++i;
  Assignment a;
  if (reset) {
    a.name = settingName(list.tokens, i);
    a.ok = !a.name.empty() && list.tokens[i].kind == TokenKind::End;
    a.byDefault = true;
    a.wrongAt = i;
  } else {
    a = readAssignment(list.tokens, i);
  }
  if (!a.ok) {
    error += errorText(nearToken(list.tokens, a.wrongAt, statement), statement);
    return false;
  }
  const std::string done = reset ? "RESET\n" : "SET\n";
  if (reset && a.name == "all") {
    m_state.settings.clear();
    out += done;
    return true;
  }
  const sim::SettingDefinition* definition =
      m_machine.world.postgres().settings.catalogue().find(a.name);
  if (definition == nullptr) {
    error += "ERROR:  unrecognized configuration parameter \"" + a.name + "\"\n";
    return false;
  }
  using sim::SettingContext;
  const std::string head = "ERROR:  parameter \"" + definition->name + "\" ";
  const SettingContext c = definition->context;
  const char* why = c == SettingContext::Internal ? "cannot be changed"
                    : c == SettingContext::Postmaster
                        ? "cannot be changed without restarting the server"
                    : c == SettingContext::Sighup ? "cannot be changed now"
                    : c == SettingContext::Backend || c == SettingContext::SuperuserBackend
                        ? "cannot be set after connection start"
                        : nullptr;
  if (why != nullptr) {
    error += head + why + "\n";
    return false;
  }
  if (c == SettingContext::Superuser && m_state.user != "postgres") {
    error += "ERROR:  permission denied to set parameter \"" + definition->name + "\"\n";
    return false;
  }
  const std::string key = base::lower(definition->name);
  if (a.byDefault) {
    m_state.settings.erase(key);
  } else {
    const sim::ParsedValue parsed = sim::parseSettingValue(*definition, a.value);
    if (!parsed.ok) {
      error += messageText(parsed.refusal);
      return false;
    }
    m_state.settings[key] = parsed.canonical;
  }
  out += done;
  return true;
}

bool SqlSession::alterSystem(const std::string& statement, std::string& out, std::string& error) {
  const TokenList list = scanSql(statement);
  const bool reset = list.tokens[2].is("reset");
  if (!reset && !list.tokens[2].is("set")) {
    error += errorText(nearToken(list.tokens, 2, statement), statement);
    return false;
  }
  Assignment a;
  std::size_t i = 3;
  if (reset) {
    a.name = settingName(list.tokens, i);
    a.ok = !a.name.empty() && list.tokens[i].kind == TokenKind::End;
    a.wrongAt = i;
  } else {
    a = readAssignment(list.tokens, i);
  }
  if (!a.ok) {
    error += errorText(nearToken(list.tokens, a.wrongAt, statement), statement);
    return false;
  }
  if (m_state.inTransaction) {
    error += "ERROR:  ALTER SYSTEM cannot run inside a transaction block\n";
    return false;
  }
  if (m_state.user != "postgres") {
    error += "ERROR:  permission denied to set parameter \"" + a.name + "\"\n";
    return false;
  }
  if (a.list && !isListSetting(a.name)) {
    error += "ERROR:  SET " + a.name + " takes only one argument\n";
    return false;
  }
  const bool resets = reset || a.byDefault;
  const auto wrong = m_machine.world.postgres().settings.checkAlterSystem(
      a.name, resets ? std::nullopt : std::optional<std::string_view>(a.value));
  if (wrong) {
    error += messageText(*wrong);
    return false;
  }
  sim::Action action;
  action.verb = sim::Verb::AlterSystem;
  action.target = a.name;
  action.text = resets ? "" : a.value;
  const sim::Outcome outcome = m_machine.world.apply(action, m_machine.who, m_machine.telemetry);
  if (!outcome.accepted) {
    error += (base::contains(outcome.text, ":  ") ? "" : "ERROR:  ") + outcome.text + "\n";
    return false;
  }
  m_changed.push_back(action);
  out += "ALTER SYSTEM\n";
  return true;
}

bool SqlSession::query(const std::string& statement, std::string& out, std::string& error) {
  QueryResult result = runQuery({m_machine, m_state, m_changed, m_duration}, statement);
  if (!result.ok) {
    const std::string& text = result.error.text;
    for (const std::string& table : shopTables(m_machine.world.spec())) {
      if (text == "relation \"" + table + "\" does not exist" &&
          m_state.database == m_machine.world.spec().database.database) {
        result.error = {"permission denied for table " + table, "", "", std::string::npos};
        break;
      }
    }
    error += errorText(result.error, statement);
    return false;
  }
  out += formatTable(result.table, m_state.format);
  return true;
}

}  // namespace console
