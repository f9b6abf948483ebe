// SPDX-License-Identifier: GPL-3.0-or-later
// Queries; parser_expressions.cpp reads what stands inside them.
#include "console/sql/query/parser.h"

#include <algorithm>

#include "console/sql/vocabulary.h"

namespace console::query {

const SqlToken& Parser::token(std::size_t ahead) const {
  return m_list.tokens[std::min(m_i + ahead, m_list.tokens.size() - 1)];
}

bool Parser::take(std::string_view word) {
  if (!is(word)) return false;
  ++m_i;
  return true;
}

bool Parser::expect(std::string_view word) {
  if (take(word)) return true;
  failHere();
  return false;
}

void Parser::fail(std::string text, std::size_t at, std::string hint) {
  if (!m_error) m_error = SqlError{std::move(text), {}, std::move(hint), at, "42601"};
}

void Parser::failHere(std::size_t ahead) {
  const SqlToken& t = token(ahead);
  if (t.kind == TokenKind::End && t.length == 0) return fail("syntax error at end of input", t.at);
  fail("syntax error at or near \"" + std::string(m_statement.substr(t.at, t.length)) + "\"", t.at);
}

bool Parser::isName(std::size_t ahead) const {
  const SqlToken& t = token(ahead);
  return t.kind == TokenKind::Quoted || (t.kind == TokenKind::Word && !isReservedName(t.text));
}

std::string Parser::name() {
  if (!isName()) {
    failHere();
    return {};
  }
  return m_list.tokens[m_i++].text;
}

std::vector<std::string> Parser::nameList() {
  std::vector<std::string> names;
  if (!expect("(")) return names;
  do {
    names.push_back(name());
  } while (!failed() && take(","));
  expect(")");
  return names;
}

bool Parser::startsQuery(std::size_t ahead) const {
  return is("select", ahead) || is("values", ahead) || is("with", ahead) ||
         (is("table", ahead) && isName(ahead + 1));
}

SelectPtr Parser::statement() {
  return statementFrom(0);
}

SelectPtr Parser::statementFrom(std::size_t first) {
  m_i = first;
  SelectPtr query = select();
  if (!failed() && token().kind != TokenKind::End) failHere();
  return failed() ? nullptr : query;
}

bool Parser::tooDeep(int deepest) {
  if (m_depth <= deepest) return false;
  m_error = SqlError{"stack depth limit exceeded",
                     {},
                     "Increase the configuration parameter \"max_stack_depth\" (currently 2048kB), "
                     "after ensuring the platform's stack depth limit is adequate.",
                     std::string::npos,
                     "54001"};
  return true;
}

SelectPtr Parser::select() {
  const Level level(*this);
  if (tooDeep(kDeepestQuery)) return nullptr;
  auto outer = std::make_shared<Select>();
  if (is("with")) with(*outer);
  if (failed()) return nullptr;
  SelectPtr query = setOperations(0);
  if (failed() || !query) return nullptr;
  if (!outer->with.empty()) {
    query->with.insert(query->with.begin(), outer->with.begin(), outer->with.end());
    query->recursive = query->recursive || outer->recursive;
  }
  tail(*query);
  return failed() ? nullptr : query;
}

void Parser::with(Select& query) {
  ++m_i;
  query.recursive = take("recursive");
  do {
    CommonTable table;
    table.at = token().at;
    table.name = name();
    if (failed()) return;
    if (is("(")) table.columns = nameList();
    if (!expect("as")) return;
    if (take("not")) {
      if (!expect("materialized")) return;
    } else {
      take("materialized");
    }
    if (!expect("(")) return;
    if (is("insert") || is("update") || is("delete")) {
      const std::string verb(token().text);
      std::string upper = verb;
      for (char& c : upper) c = static_cast<char>(c - 32);
      m_error = SqlError{"cannot execute " + upper + " in a read-only transaction",
                         {},
                         {},
                         std::string::npos,
                         "25006"};
      return;
    }
    table.query = select();
    if (failed() || !expect(")")) return;
    query.with.push_back(std::move(table));
  } while (take(","));
}

// INTERSECT binds closer than UNION and EXCEPT.
SelectPtr Parser::setOperations(int level) {
  SelectPtr left = level == 0 ? setOperations(1) : simpleSelect();
  while (!failed() && (level == 0 ? is("union") || is("except") : is("intersect"))) {
    SetOperation operation;
    operation.at = token().at;
    operation.word = token().text;
    ++m_i;
    operation.all = take("all");
    if (!operation.all) take("distinct");
    operation.query = level == 0 ? setOperations(1) : simpleSelect();
    if (failed()) return nullptr;
    auto joined = std::make_shared<Select>();
    joined->at = left->at;
    joined->first = left;
    joined->operations.push_back(std::move(operation));
    left = joined;
  }
  return left;
}

SelectPtr Parser::simpleSelect() {
  auto query = std::make_shared<Select>();
  query->at = token().at;
  if (take("(")) {
    SelectPtr inner = select();
    if (failed() || !expect(")")) return nullptr;
    // A wrapper, so that ORDER BY behind the parentheses is not taken for the inner one's.
    query->first = inner;
    return query;
  }
  if (take("values")) {
    do {
      if (!expect("(")) return nullptr;
      query->values.push_back(list(")"));
      if (failed()) return nullptr;
    } while (take(","));
    return query;
  }
  if (is("table") && isName(1)) {
    ++m_i;
    Target star;
    star.expr = make(ExprKind::Star, token().at);
    query->targets.push_back(star);
    FromItem item;
    item.at = token().at;
    item.name = name();
    query->from.push_back(std::move(item));
    return query;
  }
  if (!expect("select")) return nullptr;
  if (take("distinct")) {
    query->distinct = true;
    if (take("on")) {
      if (!expect("(")) return nullptr;
      query->distinctOn = list(")");
    }
  } else {
    take("all");
  }
  targets(*query);
  if (!failed() && is("into")) {
    m_error = SqlError{"cannot execute SELECT INTO in a read-only transaction",
                       {},
                       {},
                       std::string::npos,
                       "25006"};
  }
  if (!failed() && take("from")) from(*query);
  if (!failed() && take("where")) query->where = expression();
  if (!failed() && is("group") && is("by", 1)) groupBy(*query);
  if (!failed() && take("having")) query->having = expression();
  if (!failed() && take("window")) windows(*query);
  return failed() ? nullptr : query;
}

void Parser::targets(Select& query) {
  if (token().kind == TokenKind::End || is("from") || is("where")) {
    if (token().kind == TokenKind::End && token().length == 0) return;  // SELECT alone is a query
    if (is("from") || is("where")) return;
    return;
  }
  do {
    Target target;
    if (is("*")) {
      target.expr = make(ExprKind::Star, token().at);
      ++m_i;
    } else {
      target.expr = expression();
      if (failed()) return;
      if (take("as")) {
        const SqlToken& t = token();
        if (t.kind != TokenKind::Word && t.kind != TokenKind::Quoted) return failHere();
        target.alias = t.text;
        ++m_i;
      } else if (isName() && (token().kind == TokenKind::Quoted || !needsAs(token().text))) {
        target.alias = name();
      }
    }
    query.targets.push_back(std::move(target));
  } while (take(","));
}

void Parser::groupBy(Select& query) {
  m_i += 2;
  query.grouped = true;
  if (!take("all")) take("distinct");
  for (const char* word : {"rollup", "cube", "grouping"}) {
    if (is(word) && (is("(", 1) || is("sets", 1))) {
      m_error = SqlError{"GROUPING SETS, ROLLUP and CUBE are not supported by this server",
                         {},
                         {},
                         token().at,
                         "0A000"};
      return;
    }
  }
  do {
    if (is("(") && is(")", 1)) {
      m_i += 2;
      continue;
    }
    query.groupBy.push_back(expression());
  } while (!failed() && take(","));
}

void Parser::windows(Select& query) {
  do {
    const std::string called = name();
    if (failed() || !expect("as")) return;
    query.windows.emplace_back(called, window());
  } while (!failed() && take(","));
}

WindowSpec Parser::window() {
  WindowSpec spec;
  spec.at = token().at;
  if (!expect("(")) return spec;
  if (isName() && !is("partition") && !is("rows") && !is("range") && !is("groups")) {
    spec.base = name();
  }
  if (take("partition")) {
    if (!expect("by")) return spec;
    do {
      spec.partition.push_back(expression());
    } while (!failed() && take(","));
  }
  if (!failed() && is("order")) {
    ++m_i;
    if (!expect("by")) return spec;
    spec.order = sortItems();
  }
  if (!failed() && (is("rows") || is("range") || is("groups"))) frame(spec);
  if (!failed()) expect(")");
  return spec;
}

void Parser::frame(WindowSpec& spec) {
  spec.framed = true;
  spec.rows = is("rows");
  spec.groups = is("groups");
  ++m_i;
  if (take("between")) {
    spec.from = frameEnd(spec.fromOffset);
    if (failed() || !expect("and")) return;
    spec.to = frameEnd(spec.toOffset);
  } else {
    spec.from = frameEnd(spec.fromOffset);
    spec.to = FrameEnd::Current;
  }
}

FrameEnd Parser::frameEnd(ExprPtr& offset) {
  if (take("unbounded")) {
    if (take("preceding")) return FrameEnd::UnboundedPreceding;
    expect("following");
    return FrameEnd::Unbounded;
  }
  if (take("current")) {
    expect("row");
    return FrameEnd::Current;
  }
  offset = sum();
  if (failed()) return FrameEnd::Current;
  if (take("preceding")) return FrameEnd::Preceding;
  expect("following");
  return FrameEnd::Following;
}

std::vector<SortItem> Parser::sortItems() {
  std::vector<SortItem> items;
  do {
    SortItem item;
    item.expr = expression();
    if (failed()) return items;
    if (take("desc")) {
      item.descending = true;
    } else {
      take("asc");
    }
    item.nullsFirst = item.descending;
    if (take("nulls")) {
      if (take("first")) {
        item.nullsFirst = true;
      } else if (expect("last")) {
        item.nullsFirst = false;
      }
    }
    items.push_back(std::move(item));
  } while (!failed() && take(","));
  return items;
}

void Parser::tail(Select& query) {
  if (is("order")) {
    ++m_i;
    if (!expect("by")) return;
    query.orderBy = sortItems();
  }
  while (!failed()) {
    if (take("limit")) {
      if (!take("all")) query.limit = expression();
    } else if (take("offset")) {
      query.offset = expression();
      if (!take("rows")) take("row");
    } else if (take("fetch")) {
      if (!take("first") && !expect("next")) return;
      if (is("row") || is("rows")) {
        query.limit = make(ExprKind::Number, token().at, "1");
      } else {
        query.limit = sum();
      }
      if (failed()) return;
      if (!take("row") && !expect("rows")) return;
      if (!expect("only")) return;
    } else if (take("for")) {
      query.locks = true;
      while (token().kind == TokenKind::Word && !is(")")) ++m_i;
    } else {
      return;
    }
  }
}

void Parser::from(Select& query) {
  do {
    query.from.push_back(fromItem());
  } while (!failed() && take(","));
}

FromItem Parser::fromItem() {
  FromItem left = fromPrimary();
  while (!failed()) {
    FromItem joined;
    joined.kind = FromKind::Join;
    joined.at = token().at;
    joined.natural = take("natural");
    bool crosses = false;
    if (take("cross")) {
      crosses = true;
      joined.join = JoinKind::Cross;
    } else if (take("left")) {
      joined.join = JoinKind::Left;
      take("outer");
    } else if (take("right")) {
      joined.join = JoinKind::Right;
      take("outer");
    } else if (take("full")) {
      joined.join = JoinKind::Full;
      take("outer");
    } else {
      const bool inner = take("inner");
      if (!inner && !is("join")) {
        if (joined.natural) failHere();
        return left;
      }
    }
    if (!expect("join")) return left;
    joined.sides.push_back(std::move(left));
    joined.sides.push_back(fromPrimary());
    if (failed()) return joined;
    if (!crosses && !joined.natural) {
      if (take("on")) {
        joined.on = expression();
      } else if (is("using")) {
        ++m_i;
        joined.shared = nameList();
      } else {
        failHere();
      }
    }
    left = std::move(joined);
  }
  return left;
}

FromItem Parser::fromPrimary() {
  FromItem item;
  const Level level(*this);
  if (tooDeep(kDeepestQuery)) return item;
  item.at = token().at;
  item.lateral = take("lateral");
  take("only");
  if (is("(")) {
    std::size_t ahead = 1;
    while (is("(", ahead)) ++ahead;
    if (startsQuery(ahead)) {
      ++m_i;
      item.kind = FromKind::Query;
      item.query = select();
      if (failed() || !expect(")")) return item;
      fromAlias(item);
      if (item.alias.empty() && !failed()) {
        m_error = SqlError{item.query->values.empty() ? "subquery in FROM must have an alias"
                                                      : "VALUES in FROM must have an alias",
                           {},
                           item.query->values.empty() ? "For example, FROM (SELECT ...) [AS] foo."
                                                      : "For example, FROM (VALUES ...) [AS] foo.",
                           item.at,
                           "42601"};
      }
      return item;
    }
    ++m_i;
    FromItem inner = fromItem();
    if (failed() || !expect(")")) return inner;
    return inner;
  }
  item.name = name();
  if (failed()) return item;
  if (take(".")) {
    item.schema = item.name;
    item.name = name();
  }
  if (is("(")) {
    item.kind = FromKind::Function;
    auto made = make(ExprKind::Call, item.at);
    made->names = {item.name};
    item.call = call(made);
    if (failed()) return item;
    if (is("with") && is("ordinality", 1)) {
      m_i += 2;
      item.ordinality = true;
    }
  } else {
    take("*");
  }
  fromAlias(item);
  return item;
}

void Parser::fromAlias(FromItem& item) {
  const bool as = take("as");
  if (as && is("(")) return failHere();
  if (as || isName()) item.alias = name();
  if (failed() || item.alias.empty() || !is("(")) return;
  ++m_i;
  do {
    item.columnAliases.push_back(name());
    // A column definition: the type is what the function returns anyway.
    if (!failed() && !is(",") && !is(")")) (void)type();
  } while (!failed() && take(","));
  expect(")");
}

std::vector<std::pair<std::string, TypeSpec>> Parser::columnDefinitions(std::size_t first,
                                                                        std::size_t& end) {
  std::vector<std::pair<std::string, TypeSpec>> columns;
  m_i = first;
  if (!expect("(")) return columns;
  do {
    const std::string column = name();
    if (failed()) break;
    const std::optional<TypeSpec> spec = type();
    if (!spec) break;
    columns.emplace_back(column, *spec);
    // Constraints of a column: nothing here depends on them.
    int depth = 0;
    while (token().kind != TokenKind::End && (depth > 0 || (!is(",") && !is(")")))) {
      if (is("(")) ++depth;
      if (is(")")) --depth;
      ++m_i;
    }
  } while (!failed() && take(","));
  if (!failed()) expect(")");
  end = m_i;
  return columns;
}

}  // namespace console::query
