// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/engine.h"

#include <sqlite3.h>

#include <cmath>
#include <cstdlib>
#include <memory>

#include "base/text.h"
#include "console/sql/functions.h"
#include "console/sql/virtual_tables.h"
#include "console/sql/vocabulary.h"

namespace console {
namespace {

constexpr std::size_t kRowLimit = 20'000;
constexpr std::size_t kByteLimit = 2u << 20;
constexpr int kProgressSteps = 2000;
constexpr int kProgressCalls = 2000;

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, Close>;
using Statement = std::unique_ptr<sqlite3_stmt, Close>;

int authorize(void*, int action, const char*, const char* second, const char*, const char*) {
  if (action == SQLITE_SELECT || action == SQLITE_READ || action == SQLITE_RECURSIVE)
    return SQLITE_OK;
  if (action == SQLITE_FUNCTION && second != nullptr && isInnerFunction(second)) return SQLITE_OK;
  return SQLITE_DENY;
}

int countDown(void* left) {
  return --*static_cast<int*>(left) < 0 ? 1 : 0;
}

Database openDatabase() {
  sqlite3* raw = nullptr;
  sqlite3_open_v2(":memory:", &raw,
                  SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  Database database(raw);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  sqlite3_exec(raw, "PRAGMA case_sensitive_like=ON", nullptr, nullptr, nullptr);
  sqlite3_limit(raw, SQLITE_LIMIT_LENGTH, 1'000'000);
  sqlite3_limit(raw, SQLITE_LIMIT_EXPR_DEPTH, 200);
  sqlite3_limit(raw, SQLITE_LIMIT_ATTACHED, 0);
  return database;
}

std::string_view declaredType(SqlType type) {
  switch (type) {
    case SqlType::Integer:
      return "INTEGER";
    case SqlType::Real:
      return "REAL";
    case SqlType::Boolean:
      return "BOOLEAN";
    default:
      return "TEXT";
  }
}

void bindValue(sqlite3_stmt* statement, int index, const SqlValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    sqlite3_bind_text(statement, index, text->data(), static_cast<int>(text->size()),
                      SQLITE_TRANSIENT);
  } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
    sqlite3_bind_int64(statement, index, *number);
  } else if (const auto* real = std::get_if<double>(&value)) {
    sqlite3_bind_double(statement, index, *real);
  } else {
    sqlite3_bind_null(statement, index);
  }
}

void fillTable(sqlite3* database, const VirtualTable& table, const QueryContext& context) {
  std::string columns, marks;
  for (const SqlColumn& column : table.columns) {
    columns += (columns.empty() ? "\"" : ", \"") + std::string(column.name) + "\" " +
               std::string(declaredType(column.type));
    marks += marks.empty() ? "?" : ", ?";
  }
  const std::string name = "\"" + std::string(table.name) + "\"";
  sqlite3_exec(database, ("CREATE TABLE " + name + " (" + columns + ")").c_str(), nullptr, nullptr,
               nullptr);
  sqlite3_stmt* raw = nullptr;
  sqlite3_prepare_v2(database, ("INSERT INTO " + name + " VALUES (" + marks + ")").c_str(), -1,
                     &raw, nullptr);
  const Statement insert(raw);
  sqlite3_exec(database, "BEGIN", nullptr, nullptr, nullptr);
  for (const SqlRow& row : table.rows(context.machine.world, context.session)) {
    for (std::size_t i = 0; i < row.size(); ++i) bindValue(raw, static_cast<int>(i) + 1, row[i]);
    sqlite3_step(raw);
    sqlite3_reset(raw);
  }
  sqlite3_exec(database, "COMMIT", nullptr, nullptr, nullptr);
}

// What a double looks like where the server would have answered with a numeric.
std::string realText(double value, int decimals) {
  if (decimals >= 0) return base::fixedText(value, decimals);
  if (!std::isfinite(value)) return value > 0 ? "Infinity" : value < 0 ? "-Infinity" : "NaN";
  if (value == std::floor(value) && std::abs(value) < 1e15)
    return std::to_string(static_cast<std::int64_t>(value));
  const double size = std::abs(value);
  int digits = 16;
  for (double limit = 1; limit <= size && digits > 1; limit *= 10) --digits;
  if (size >= 1e16) digits = 0;
  std::string text = base::fixedText(value, digits);
  while (text.find('.') != std::string::npos && (text.ends_with('0') || text.ends_with('.')))
    text.pop_back();
  return text;
}

std::string between(const std::string& text, std::string_view before, std::string_view after = "") {
  const std::size_t from = text.find(before);
  if (from == std::string::npos) return {};
  const std::size_t start = from + before.size();
  return text.substr(start, after.empty() ? std::string::npos : text.find(after, start) - start);
}

SqlError endOfInput(std::string_view statement) {
  const SqlToken end = scanSql(statement).tokens.back();
  return {end.length > 0 ? "syntax error at or near \";\"" : "syntax error at end of input", "", "",
          end.at};
}

// SQLite's complaint in PostgreSQL's words.
SqlError translated(const std::string& message, std::size_t at, std::string_view statement) {
  const auto word = [&](std::string_view name) {
    const std::size_t found = base::lower(statement).find(base::lower(name));
    return at != std::string::npos ? at : found;
  };
  if (const std::string name = between(message, "no such table: "); !name.empty()) {
    return {"relation \"" + name + "\" does not exist", "", "", word(name)};
  }
  if (const std::string name = between(message, "no such column: "); !name.empty()) {
    const bool dotted = name.find('.') != std::string::npos;
    return {"column " + (dotted ? name : "\"" + name + "\"") + " does not exist", "", "",
            word(name)};
  }
  if (const std::string name = between(message, "ambiguous column name: "); !name.empty()) {
    return {"column reference \"" + name + "\" is ambiguous", "", "", word(name)};
  }
  if (const std::string near = between(message, "near \"", "\": syntax error"); !near.empty()) {
    const TokenList list = scanSql(statement);
    for (const SqlToken& token : list.tokens) {
      if (at != std::string::npos && token.at == at && token.length > 0) {
        return {"syntax error at or near \"" +
                    std::string(statement.substr(token.at, token.length)) + "\"",
                "", "", at};
      }
    }
    return {"syntax error at or near \"" + base::replaceAll(near, "\"", "") + "\"", "", "",
            word(base::replaceAll(near, "\"", ""))};
  }
  if (base::contains(message, "incomplete input")) return endOfInput(statement);
  if (base::contains(message, "misuse of aggregate")) {
    return {"aggregate functions are not allowed in WHERE", "", "", at};
  }
  if (base::contains(message, "interrupted"))
    return {"canceling statement due to statement timeout", "", "", std::string::npos};
  if (base::contains(message, "not authorized") || base::contains(message, "no such function")) {
    return {"function " + between(message, "function: ") + " does not exist", "", "", at};
  }
  if (base::contains(message, "SELECTs to the left and right of")) {
    return {"each UNION query must have the same number of columns", "", "", at};
  }
  if (base::contains(message, "ORDER BY term") || base::contains(message, "GROUP BY term")) {
    return {message.substr(message.find("BY term") - 6, 8) + " position is not in select list", "",
            "", at};
  }
  // A function's own words; DETAIL and HINT follow behind unit separators.
  const std::vector<std::string> parts = base::split(message, '\x1f');
  return {parts[0], parts.size() > 1 ? parts[1] : "", parts.size() > 2 ? parts[2] : "",
          std::string::npos};
}

QueryResult failed(SqlError error) {
  QueryResult result;
  result.ok = false;
  result.error = std::move(error);
  return result;
}

class Reader {
 public:
  Reader(sqlite3_stmt* statement, const std::vector<OutputHint>& hints) : m_statement(statement) {
    const int count = sqlite3_column_count(statement);
    for (int i = 0; i < count; ++i) {
      const char* name = sqlite3_column_name(statement, i);
      const char* type = sqlite3_column_decltype(statement, i);
      const std::string declared = type == nullptr ? "" : type;
      OutputHint hint = hints.size() == static_cast<std::size_t>(count)
                            ? hints[static_cast<std::size_t>(i)]
                            : OutputHint{};
      hint.boolean = hint.boolean || declared == "BOOLEAN";
      m_hints.push_back(hint);
      table.columns.push_back(
          {name == nullptr ? "?column?" : name, declared == "INTEGER" || declared == "REAL"});
    }
  }

  // False when the limits are reached.
  bool addRow() {
    ResultRow row;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const int column = static_cast<int>(i);
      const int type = sqlite3_column_type(m_statement, column);
      std::optional<std::string> cell;
      if (type == SQLITE_INTEGER || type == SQLITE_FLOAT) {
        const bool whole = type == SQLITE_INTEGER && m_hints[i].decimals <= 0;
        if (m_hints[i].boolean) {
          cell = sqlite3_column_int64(m_statement, column) != 0 ? "t" : "f";
        } else {
          cell = whole ? std::to_string(sqlite3_column_int64(m_statement, column))
                       : realText(sqlite3_column_double(m_statement, column), m_hints[i].decimals);
          table.columns[i].rightAligned = true;
        }
      } else if (type != SQLITE_NULL) {
        const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(m_statement, column));
        cell = text == nullptr ? "" : text;
      }
      m_bytes += cell ? cell->size() + 3 : 3;
      row.push_back(std::move(cell));
    }
    table.rows.push_back(std::move(row));
    return table.rows.size() < kRowLimit && m_bytes < kByteLimit;
  }

  ResultTable table;

 private:
  sqlite3_stmt* m_statement;
  std::vector<OutputHint> m_hints;
  std::size_t m_bytes = 0;
};

// Views only a superuser may read.
bool closedTo(const QueryContext& context, std::string_view name) {
  const sim::Role* role = context.machine.world.postgres().role(context.session.user);
  const bool superuser = role != nullptr && role->superuser;
  return !superuser && (name == "pg_file_settings" || name == "pg_hba_file_rules" ||
                        name == "pg_backend_memory_contexts" || name == "pg_authid");
}

// Temporary tables live as the statements that made them: the session stays a plain value.
void restoreTemporary(sqlite3* database, const PsqlSession& session) {
  for (const std::string& statement : session.temporary) {
    sqlite3_exec(database, statement.c_str(), nullptr, nullptr, nullptr);
  }
}

// A statement is cancelled when what it would take exceeds statement_timeout. MODEL: 0.3 ms and
// 8 us for each row of the views it reads, as measured on an idle server.
QueryResult overTime(const QueryContext& context, sqlite3* database,
                     const std::set<std::string>& tables) {
  constexpr double kStatementMs = 0.3, kRowMs = 0.008;
  const std::string limit =
      readSetting(context.machine.world, context.session, "statement_timeout").canonical;
  const double timeout = limit.empty() ? 0 : std::strtod(limit.c_str(), nullptr);
  if (timeout <= 0) return {};
  double milliseconds = kStatementMs;
  for (const std::string& name : tables) {
    sqlite3_stmt* raw = nullptr;
    sqlite3_prepare_v2(database, ("SELECT count(*) FROM \"" + name + "\"").c_str(), -1, &raw,
                       nullptr);
    const Statement count(raw);
    if (raw != nullptr && sqlite3_step(raw) == SQLITE_ROW) {
      milliseconds += kRowMs * static_cast<double>(sqlite3_column_int64(raw, 0));
    }
  }
  if (milliseconds <= timeout) return {};
  return failed({"canceling statement due to statement timeout", "", "", std::string::npos});
}

QueryResult changeTemporary(QueryContext& context, const TokenList& list,
                            std::string_view statement) {
  constexpr std::size_t kMostStatements = 100;
  const bool creates = list.tokens[0].is("create");
  if (context.session.temporary.size() >= kMostStatements) {
    return failed({"canceling statement due to statement timeout", "", "", std::string::npos});
  }
  const Database database = openDatabase();
  restoreTemporary(database.get(), context.session);
  int left = kProgressCalls;
  sqlite3_progress_handler(database.get(), kProgressSteps, countDown, &left);
  const std::string text(statement);
  if (sqlite3_exec(database.get(), text.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    return failed(translated(sqlite3_errmsg(database.get()), std::string::npos, statement));
  }
  QueryResult result;
  result.tag =
      creates ? "CREATE TABLE" : "INSERT 0 " + std::to_string(sqlite3_changes(database.get()));
  if (!creates) context.session.usedTemporary = true;
  context.session.temporary.push_back(text);
  return result;
}

}  // namespace

QueryResult runQuery(QueryContext context, std::string_view statement) {
  const TokenList list = scanSql(statement);
  if (!list.error.empty()) return failed({list.error, "", "", list.errorAt});
  if (list.tokens[0].is("create") || list.tokens[0].is("insert")) {
    return changeTemporary(context, list, statement);
  }
  const RewrittenQuery query = rewriteQuery(list);
  if (!query.ok) return failed(query.error);
  const Database database = openDatabase();
  for (const std::string& name : query.tables) {
    if (closedTo(context, name))
      return failed({"permission denied for view " + name, "", "", std::string::npos});
    if (const VirtualTable* table = findVirtualTable(name))
      fillTable(database.get(), *table, context);
  }
  restoreTemporary(database.get(), context.session);
  addFunctions(database.get(), context);
  int left = kProgressCalls;
  sqlite3_progress_handler(database.get(), kProgressSteps, countDown, &left);
  sqlite3_set_authorizer(database.get(), authorize, nullptr);
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v2(database.get(), query.sql.c_str(),
                                      static_cast<int>(query.sql.size()), &raw, nullptr);
  const Statement prepared(raw);
  if (code != SQLITE_OK || raw == nullptr) {
    const int offset = sqlite3_error_offset(database.get());
    const std::size_t at =
        offset < 0 ? std::string::npos : query.originalPlace(static_cast<std::size_t>(offset));
    return failed(raw == nullptr && code == SQLITE_OK
                      ? endOfInput(statement)
                      : translated(sqlite3_errmsg(database.get()), at, statement));
  }
  if (const QueryResult late = overTime(context, database.get(), query.tables); !late.ok)
    return late;
  Reader reader(raw, query.hints);
  int step = sqlite3_step(raw);
  while (step == SQLITE_ROW) {
    if (!reader.addRow())
      return failed({"canceling statement due to statement timeout", "", "", std::string::npos});
    step = sqlite3_step(raw);
  }
  if (step != SQLITE_DONE)
    return failed(translated(sqlite3_errmsg(database.get()), std::string::npos, statement));
  QueryResult result;
  result.table = std::move(reader.table);
  return result;
}

}  // namespace console
