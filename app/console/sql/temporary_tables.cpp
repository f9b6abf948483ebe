// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/temporary_tables.h"

#include "base/text.h"
#include "console/sql/query/analyzer.h"
#include "console/sql/query/executor.h"
#include "console/sql/query/parser.h"

namespace console {
namespace {

constexpr std::size_t kMostTables = 20, kMostBytes = 256 * 1024;
// Between tables' parts: name and columns, then rows; between cells; a cell that is NULL.
constexpr char kPart = '\x1d', kCell = '\x1f';
const std::string kNull = "\x1e";

std::string written(const TemporaryTable& table) {
  std::string text = table.name;
  for (const query::OutputColumn& one : table.columns) {
    text += std::string(1, kCell) + one.name + kCell + typeName(one.type);
  }
  for (const Row& row : table.rows) {
    text += kPart;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) text += kCell;
      text += row[i].null() ? kNull : datumText(row[i], table.columns[i].type);
    }
  }
  return text;
}

TemporaryTable readTable(const std::string& text) {
  TemporaryTable table;
  const std::vector<std::string> parts = base::split(text, kPart);
  const std::vector<std::string> head = base::split(parts[0], kCell);
  table.name = head[0];
  for (std::size_t i = 1; i + 1 < head.size(); i += 2) {
    table.columns.push_back({head[i], typeNamed(head[i + 1]).value_or(DataType(TypeKind::Text))});
  }
  for (std::size_t r = 1; r < parts.size(); ++r) {
    const std::vector<std::string> cells = base::split(parts[r], kCell);
    Row row(table.columns.size());
    for (std::size_t i = 0; i < row.size() && i < cells.size(); ++i) {
      if (cells[i] != kNull) row[i] = readDatum(cells[i], table.columns[i].type, {}).datum;
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

QueryResult failed(SqlError error) {
  QueryResult result;
  result.ok = false;
  result.error = std::move(error);
  return result;
}

const SqlError& tooMuch() {
  static const SqlError kError{"canceling statement due to statement timeout", "", "",
                               std::string::npos, "57014"};
  return kError;
}

// The rows of the query that begins at token first.
bool rowsOf(QueryContext& context, const TokenList& list, std::string_view statement,
            std::size_t first, TemporaryTable& made, SqlError& error) {
  query::Parser parser(list, statement);
  const query::SelectPtr select = parser.statementFrom(first);
  if (!select) {
    error = parser.error();
    return false;
  }
  query::Runtime runtime(context);
  query::Analyzer analyzer(runtime);
  const query::PlanPtr plan = analyzer.analyze(*select);
  if (plan) {
    query::Executor executor(runtime, analyzer.commonTables());
    made.rows = executor.run(*plan, nullptr);
    made.columns = plan->columns;
    made.columns.resize(plan->visible);
  }
  if (!runtime.failed()) return true;
  error = runtime.error();
  return false;
}

QueryResult create(QueryContext& context, const TokenList& list, std::string_view statement) {
  const auto at = [&](std::size_t i) -> const SqlToken& {
    return list.tokens[std::min(i, list.tokens.size() - 1)];
  };
  TemporaryTable table;
  table.name = at(3).text;
  QueryResult result;
  if (temporaryTable(context.session, table.name)) {
    return failed(
        {"relation \"" + table.name + "\" already exists", "", "", std::string::npos, "42P07"});
  }
  if (at(4).is("as")) {
    SqlError error;
    if (!rowsOf(context, list, statement, 5, table, error)) return failed(error);
    result.tag = "SELECT " + std::to_string(table.rows.size());
  } else {
    query::Parser parser(list, statement);
    std::size_t end = 4;
    for (const auto& [name, spec] : parser.columnDefinitions(4, end)) {
      const std::optional<DataType> type = typeNamed(spec.name);
      if (!type) {
        return failed({"type \"" + spec.name + "\" does not exist", "", "", spec.at, "42704"});
      }
      table.columns.push_back({name, *type});
    }
    if (parser.failed()) return failed(parser.error());
    result.tag = "CREATE TABLE";
  }
  const std::string text = written(table);
  if (context.session.temporary.size() >= kMostTables || text.size() > kMostBytes) {
    return failed(tooMuch());
  }
  context.session.temporary.push_back(text);
  return result;
}

QueryResult insert(QueryContext& context, const TokenList& list, std::string_view statement) {
  const auto at = [&](std::size_t i) -> const SqlToken& {
    return list.tokens[std::min(i, list.tokens.size() - 1)];
  };
  const std::string name = at(2).text;
  for (std::string& kept : context.session.temporary) {
    TemporaryTable table = readTable(kept);
    if (table.name != name) continue;
    std::size_t i = 3;
    std::vector<std::size_t> places;
    if (at(i).is("(") && at(i + 1).kind == TokenKind::Word && !at(i + 1).is("select")) {
      for (++i; at(i).kind == TokenKind::Word || at(i).kind == TokenKind::Quoted; ++i) {
        std::size_t column = 0;
        while (column < table.columns.size() && table.columns[column].name != at(i).text) ++column;
        if (column == table.columns.size()) {
          return failed(
              {"column \"" + at(i).text + "\" of relation \"" + name + "\" does not exist", "", "",
               at(i).at, "42703"});
        }
        places.push_back(column);
        if (!at(i + 1).is(",")) {
          i += 2;
          break;
        }
        ++i;
      }
    } else {
      for (std::size_t c = 0; c < table.columns.size(); ++c) places.push_back(c);
    }
    TemporaryTable more;
    SqlError error;
    if (!rowsOf(context, list, statement, i, more, error)) return failed(error);
    if (more.columns.size() > places.size()) {
      return failed({"INSERT has more expressions than target columns", "", "", at(i).at, "42601"});
    }
    query::Runtime runtime(context);
    for (const Row& row : more.rows) {
      Row full(table.columns.size());
      for (std::size_t c = 0; c < row.size(); ++c) {
        full[places[c]] =
            query::castDatum(runtime, row[c], more.columns[c].type, table.columns[places[c]].type);
      }
      table.rows.push_back(std::move(full));
    }
    if (runtime.failed()) return failed(runtime.error());
    std::string text = written(table);
    if (text.size() > kMostBytes) return failed(tooMuch());
    kept = std::move(text);
    context.session.usedTemporary = true;
    QueryResult result;
    result.tag = "INSERT 0 " + std::to_string(more.rows.size());
    return result;
  }
  return failed({"relation \"" + name + "\" does not exist", "", "", at(2).at, "42P01"});
}

}  // namespace

std::optional<TemporaryTable> temporaryTable(const PsqlSession& session, const std::string& name) {
  for (const std::string& text : session.temporary) {
    TemporaryTable table = readTable(text);
    if (table.name == name) return table;
  }
  return std::nullopt;
}

QueryResult changeTemporaryTables(QueryContext& context, const TokenList& list,
                                  std::string_view statement) {
  return list.tokens[0].is("create") ? create(context, list, statement)
                                     : insert(context, list, statement);
}

}  // namespace console
