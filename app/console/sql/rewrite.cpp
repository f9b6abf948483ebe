// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/rewrite.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "console/sql/interval.h"
#include "console/sql/vocabulary.h"

namespace console {
namespace {

constexpr std::size_t kNone = std::string::npos;
constexpr std::size_t kDepthLimit = 200;

std::string sqlText(const std::string& text) {
  return "'" + base::replaceAll(text, "'", "''") + "'";
}
std::string sqlName(const std::string& name) {
  return "\"" + base::replaceAll(name, "\"", "\"\"") + "\"";
}

// Inside one pair of parentheses, or at the top.
struct Frame {
  std::size_t start = kNone;  // piece at which the parenthesis or its function begins
  const SqlFunction* function = nullptr;
  bool order = false, descending = false, nulls = false;
  std::size_t minusLeft = kNone,
              minusPiece = kNone;  // a difference of times waits for its right side
  bool divides = false;            // the next primary is a divisor
  bool fromList = false;           // names here are tables
};

struct Item {
  std::size_t from = 0, to = 0;  // tokens
};

class Rewriter {
 public:
  explicit Rewriter(const TokenList& list) : m_tokens(list.tokens) {}

  RewrittenQuery run() {
    m_frames.emplace_back();
    for (m_i = 0; m_i < m_tokens.size() && m_query.ok; ++m_i) step();
    if (m_query.ok && m_frames.size() > 1) failNear(m_tokens.size() - 1);
    if (m_query.ok) checkGrouping();
    if (m_query.ok) join();
    return std::move(m_query);
  }

 private:
  struct Piece {
    std::string text;
    std::size_t at;
  };

  [[nodiscard]] const SqlToken& token(std::size_t ahead = 0) const {
    return m_tokens[std::min(m_i + ahead, m_tokens.size() - 1)];
  }
  Frame& frame() { return m_frames.back(); }

  void fail(std::string text, std::size_t at, std::string hint = "") {
    m_query.ok = false;
    m_query.error = {std::move(text), "", std::move(hint), at};
  }
  void failNear(std::size_t index) {
    const SqlToken& t = m_tokens[std::min(index, m_tokens.size() - 1)];
    if (t.kind == TokenKind::End && t.length == 0)
      return fail("syntax error at end of input", t.at);
    std::string shown = t.text;
    if (t.kind == TokenKind::Text) shown = sqlText(t.text);
    if (t.kind == TokenKind::Quoted) shown = sqlName(t.text);
    fail("syntax error at or near \"" + shown + "\"", t.at);
  }

  std::size_t emit(std::string text) {
    m_pieces.push_back({std::move(text), token().at});
    return m_pieces.size() - 1;
  }

  // A primary (column, literal, call, parenthesis) that begins at piece start has just been read.
  void primary(std::size_t start, bool time) {
    m_primary = start;
    m_primaryIsTime = time;
    const SqlToken& next = token(1);
    if (next.is(".") || next.is("::")) return;
    Frame& f = frame();
    if (f.divides) {
      f.divides = false;
      m_pieces[start].text = "pg_nonzero(" + m_pieces[start].text;
      m_pieces.back().text += ")";
    }
    if (f.minusLeft != kNone) {
      m_pieces[f.minusLeft].text = "pg_minus(" + m_pieces[f.minusLeft].text;
      m_pieces[f.minusPiece].text = ",";
      m_pieces.back().text += ")";
      m_primary = f.minusLeft;
      m_primaryIsTime = false;
      f.minusLeft = f.minusPiece = kNone;
    }
  }

  void step() {
    const SqlToken& t = token();
    noteItems(t);
    if (!m_query.ok) return;
    switch (t.kind) {
      case TokenKind::End:
        closeOrder();
        return;
      case TokenKind::Text:
        return primary(emit(sqlText(t.text)), false);
      case TokenKind::Number:
        return primary(emit(t.text), false);
      case TokenKind::Quoted:
        return identifier(t);
      case TokenKind::Word:
        return isReservedWord(t.text) ? keyword(t) : word(t);
      case TokenKind::Operator:
        return symbol(t);
    }
  }

  // -- the select list --
  void noteItems(const SqlToken& t) {
    if (m_frames.size() != 1) return;
    if (m_items.empty() && !m_inItems && t.is("select") && !m_itemsDone) {
      m_inItems = true;
      m_itemStart = m_i + 1;
      if (token(1).is("distinct") || token(1).is("all")) ++m_itemStart;
      return;
    }
    if (!m_inItems) return;
    const bool ends = t.kind == TokenKind::End || t.is("from") || t.is("where") || t.is("group") ||
                      t.is("order") || t.is("limit") || t.is("union") || t.is("except") ||
                      t.is("intersect") || t.is("offset");
    if (!ends && !t.is(",")) return;
    if (m_itemStart >= m_i) return failNear(m_i);
    finishItem({m_itemStart, m_i});
    m_itemStart = m_i + 1;
    if (ends) {
      m_inItems = false;
      m_itemsDone = true;
    }
  }

  void finishItem(const Item& item) {
    m_items.push_back(item);
    const std::size_t last = item.to - 1;
    const bool star =
        m_tokens[last].is("*") && (item.to - item.from == 1 || m_tokens[last - 1].is("."));
    if (star) m_star = true;
    OutputHint hint;
    std::size_t depth = 0, cases = 0;
    bool aliased = false;
    for (std::size_t i = item.from; i < item.to; ++i) {
      const SqlToken& t = m_tokens[i];
      if (t.is("case")) ++cases;
      if (t.is("(")) ++depth;
      if (t.is(")") && depth > 0) --depth;
      if (depth == 0 && t.is("as")) aliased = true;
      if (depth == 0 && cases == 0 && t.kind != TokenKind::Text && isTruth(t)) hint.boolean = true;
      if (t.is("end") && cases > 0) --cases;
    }
    const SqlToken& first = m_tokens[item.from];
    if (const SqlFunction* function = callAt(item)) {
      hint.boolean = hint.boolean || function->boolean;
      if (function->name == "avg") hint.decimals = 16;
      if (function->name == "round") hint.decimals = roundDigits(item);
    }
    m_query.hints.push_back(hint);
    // A word after a complete expression is an alias without AS.
    const SqlToken& tail = m_tokens[last];
    const bool bare = item.to - item.from > 1 &&
                      (tail.kind == TokenKind::Word || tail.kind == TokenKind::Quoted) &&
                      !isReservedWord(tail.text) && !m_tokens[last - 1].is(".") &&
                      !m_tokens[last - 1].is("::") &&
                      m_tokens[last - 1].kind != TokenKind::Operator;
    const bool closes = m_tokens[last > 0 ? last - 1 : 0].is(")") && tail.kind == TokenKind::Word &&
                        last > item.from;
    if (star || aliased || ((bare || closes) && !isReservedWord(tail.text))) return;
    m_pieces.push_back({"AS " + sqlName(itemName(item, first)), first.at});
  }

  static bool isTruth(const SqlToken& t) {
    for (const char* word :
         {"=",    "<",     ">",  "<=",      ">=", "<>", "!=", "and", "or",   "not",   "is",
          "like", "ilike", "in", "between", "~",  "~*", "!~", "!~*", "true", "false", "exists"}) {
      if (t.is(word)) return true;
    }
    return false;
  }

  // The function whose call is the whole item.
  [[nodiscard]] const SqlFunction* callAt(const Item& item) const {
    if (item.to - item.from < 3 || !m_tokens[item.from + 1].is("(")) return nullptr;
    return findSqlFunction(m_tokens[item.from].text);
  }

  [[nodiscard]] int roundDigits(const Item& item) const {
    std::size_t depth = 0;
    for (std::size_t i = item.from + 1; i < item.to; ++i) {
      if (m_tokens[i].is("(")) ++depth;
      if (m_tokens[i].is(")") && --depth == 0) return 0;
      if (depth == 1 && m_tokens[i].is(",") && i + 2 < item.to &&
          m_tokens[i + 1].kind == TokenKind::Number && m_tokens[i + 1].text.size() <= 2 &&
          m_tokens[i + 2].is(")")) {
        return std::min(std::stoi(m_tokens[i + 1].text), 16);
      }
    }
    return -1;
  }

  [[nodiscard]] std::string itemName(const Item& item, const SqlToken& first) const {
    if (first.is("case")) return "case";
    if (first.is("(") || first.is("not") || first.kind == TokenKind::Operator) return "?column?";
    // Only a column, a call or a cast of one gives its name.
    std::size_t depth = 0;
    std::string cast;
    for (std::size_t i = item.from + 1; i < item.to; ++i) {
      const SqlToken& t = m_tokens[i];
      if (t.is("(")) ++depth;
      if (depth == 0 && t.is("::")) {
        if (cast.empty() && i + 1 < item.to) cast = m_tokens[i + 1].text;
        ++i;
        continue;
      }
      if (depth == 0 && !t.is(".") && t.kind == TokenKind::Operator && !t.is(")"))
        return "?column?";
      if (depth == 0 && isReservedWord(t.text) && t.kind == TokenKind::Word && !t.is("filter") &&
          !t.is("over")) {
        return "?column?";
      }
      if (t.is(")") && depth > 0) --depth;
      if ((t.is("filter") || t.is("over")) && depth == 0) break;
    }
    if (first.kind == TokenKind::Text || first.kind == TokenKind::Number) {
      if (cast.empty()) return "?column?";
      return cast == "int" || cast == "integer" ? "int4" : cast == "bigint" ? "int8" : cast;
    }
    std::size_t name = item.from;
    while (name + 2 < item.to && m_tokens[name + 1].is(".")) name += 2;
    return first.is("extract") ? "extract" : m_tokens[name].text;
  }

  void checkGrouping() {
    bool aggregates = false, grouped = false;
    for (const SqlToken& t : m_tokens) grouped = grouped || t.is("group");
    for (const Item& item : m_items) {
      for (std::size_t i = item.from; i + 1 < item.to; ++i) {
        const SqlFunction* function =
            m_tokens[i + 1].is("(") ? findSqlFunction(m_tokens[i].text) : nullptr;
        aggregates = aggregates || (function != nullptr && function->aggregate);
        if (m_tokens[i].is("over")) return;
      }
    }
    if (!aggregates || grouped || m_query.tables.size() != 1) return;
    for (const Item& item : m_items) {
      const SqlToken& t = m_tokens[item.to - 1];
      if (item.to - item.from != 1 || t.kind != TokenKind::Word || isReservedWord(t.text)) continue;
      return fail("column \"" + *m_query.tables.begin() + "." + t.text +
                      "\" must appear in the GROUP BY clause or be used in an aggregate function",
                  t.at);
    }
  }

  // -- words --
  void closeOrder() {
    Frame& f = frame();
    if (f.order && !f.nulls)
      m_pieces.push_back({f.descending ? "NULLS FIRST" : "NULLS LAST", token().at});
    f.order = f.descending = f.nulls = false;
  }

  void keyword(const SqlToken& t) {
    m_primary = kNone;
    Frame& f = frame();
    if (t.is("select")) f.fromList = false;
    if (t.is("from") || t.is("join")) f.fromList = true;
    if (t.is("where") || t.is("group") || t.is("order") || t.is("on") || t.is("having") ||
        t.is("limit") || t.is("union") || t.is("using")) {
      f.fromList = false;
    }
    if (t.is("limit") || t.is("offset") || t.is("union") || t.is("except") || t.is("intersect"))
      closeOrder();
    if (t.is("desc")) f.descending = true;
    if (t.is("nulls")) f.nulls = true;
    if (t.is("order") && token(1).is("by")) {
      emit("ORDER BY");
      ++m_i;
      f.order = true;
      f.descending = f.nulls = false;
      return;
    }
    if (t.is("ilike")) {
      emit("GLOB");
      return;
    }
    if (t.is("distinct") && token(1).is("on")) return failNear(m_i + 1);
    const std::size_t piece = emit(t.text);
    if (t.is("true") || t.is("false") || t.is("null") || t.is("end")) primary(piece, false);
  }

  void identifier(const SqlToken& t) {
    const bool continues = m_i > 0 && m_tokens[m_i - 1].is(".") && m_primary != kNone;
    const std::size_t start = continues ? m_primary : m_pieces.size();
    emit(sqlName(t.text));
    if (frame().fromList && !continues && tablePlace()) m_query.tables.insert(t.text);
    primary(start, isTimeColumn(t.text));
  }

  [[nodiscard]] bool tablePlace() const {
    if (m_i == 0) return false;
    const SqlToken& before = m_tokens[m_i - 1];
    return before.is("from") || before.is("join") || before.is(",") || before.is("(") ||
           (before.is(".") && m_i > 1 &&
            (m_tokens[m_i - 2].is("pg_catalog") || m_tokens[m_i - 2].is("public")));
  }

  void word(const SqlToken& t) {
    if ((t.is("pg_catalog") || t.is("public")) && token(1).is(".")) {
      ++m_i;  // the search path finds everything
      m_primary = kNone;
      return;
    }
    if ((t.is("interval") || t.is("timestamp") || t.is("timestamptz") || t.is("date")) &&
        token(1).kind == TokenKind::Text) {
      return timeLiteral(t);
    }
    if (t.is("extract") && token(1).is("(") && token(3).is("from")) {
      const std::size_t start =
          emit("pg_extract('" + base::replaceAll(token(2).text, "'", "") + "',");
      m_i += 3;
      pushFrame(start, nullptr);
      return;
    }
    if (!token(1).is("(") && !(m_i > 0 && m_tokens[m_i - 1].is("."))) {
      if (t.is("current_timestamp")) return primary(emit("pg_now()"), true);
      if (t.is("current_user") || t.is("session_user") || t.is("user"))
        return primary(emit("pg_current_user()"), false);
    }
    if (t.is("cast") && token(1).is("(")) {
      emit("CAST");
      return;
    }
    if (token(1).is("(") && !frame().fromList && !namesTableExpression()) return call(t);
    if (token(1).is("(") && tablePlace()) return unknownFunction(t);
    const bool continues = m_i > 0 && m_tokens[m_i - 1].is(".") && m_primary != kNone;
    const std::size_t start = continues ? m_primary : m_pieces.size();
    const bool alias = m_i > 0 && m_tokens[m_i - 1].is("as");
    if (frame().fromList && tablePlace()) m_query.tables.insert(t.text);
    emit(sqlName(t.text));
    if (!alias) primary(start, isTimeColumn(t.text));
  }

  // "name (columns) AS (" after WITH.
  [[nodiscard]] bool namesTableExpression() const {
    std::size_t i = m_i + 2;
    while (i < m_tokens.size() && !m_tokens[i].is(")") && !m_tokens[i].is("(")) ++i;
    return i + 2 < m_tokens.size() && m_tokens[i].is(")") && m_tokens[i + 1].is("as") &&
           m_tokens[i + 2].is("(");
  }

  void timeLiteral(const SqlToken& t) {
    const std::string text = token(1).text;
    std::string value = text;
    if (t.is("interval")) {
      const auto canonical = canonicalInterval(text);
      if (!canonical)
        return fail("invalid input syntax for type interval: \"" + text + "\"", token(1).at);
      value = *canonical;
    }
    const std::size_t piece = emit(sqlText(value));
    ++m_i;
    primary(piece, !t.is("interval"));
  }

  void call(const SqlToken& t) {
    const SqlFunction* function = findSqlFunction(t.text);
    if (function == nullptr) return unknownFunction(t);
    const int count = arguments();
    const bool star = function->name == "count" && token(2).is("*");
    if (!star && (count < function->least || (function->most >= 0 && count > function->most) ||
                  (function->name == "count" && count == 0))) {
      return unknownFunction(t);
    }
    const std::size_t start = emit(std::string(function->inner));
    ++m_i;
    emit("(");
    pushFrame(start, function);
  }

  // Arguments of the call that begins at the next token.
  [[nodiscard]] int arguments() const {
    if (token(2).is(")")) return 0;
    int count = 1;
    std::size_t depth = 0;
    for (std::size_t i = m_i + 1; i < m_tokens.size(); ++i) {
      if (m_tokens[i].is("(")) ++depth;
      if (m_tokens[i].is(")") && --depth == 0) break;
      if (m_tokens[i].is(",") && depth == 1) ++count;
    }
    return count;
  }

  void unknownFunction(const SqlToken& t) {
    std::string types;
    std::size_t depth = 0;
    bool first = true;
    for (std::size_t i = m_i + 1; i < m_tokens.size(); ++i) {
      const SqlToken& inner = m_tokens[i];
      if (inner.is("(") && ++depth == 1) continue;
      if (inner.is(")") && --depth == 0) break;
      if (inner.is(",") && depth == 1) {
        first = true;
        continue;
      }
      if (!first) continue;
      first = false;
      const bool whole = inner.text.find_first_of(".e") == std::string::npos;
      types += (types.empty() ? "" : ", ") + std::string(inner.kind == TokenKind::Number
                                                             ? (whole ? "integer" : "numeric")
                                                         : inner.kind == TokenKind::Text ? "unknown"
                                                                                         : "text");
    }
    fail("function " + t.text + "(" + types + ") does not exist", t.at,
         "No function matches the given name and argument types. You might need to add explicit "
         "type casts.");
  }

  // -- symbols --
  void pushFrame(std::size_t start, const SqlFunction* function) {
    if (m_frames.size() >= kDepthLimit) return fail("stack depth limit exceeded", kNone);
    m_frames.emplace_back();
    frame().start = start;
    frame().function = function;
    m_primary = kNone;
  }

  void symbol(const SqlToken& t) {
    if (t.is("(")) return pushFrame(emit("("), nullptr);
    if (t.is(")")) {
      if (m_frames.size() == 1) return failNear(m_i);
      closeOrder();
      const Frame closed = frame();
      m_frames.pop_back();
      emit(")");
      return primary(closed.start, closed.function != nullptr && closed.function->time);
    }
    if (t.is("::")) return cast();
    if (t.is(",")) {
      const bool order = frame().order;
      closeOrder();
      frame().order = order;
    }
    static constexpr std::pair<std::string_view, std::string_view> kMapped[] = {
        {"~", "REGEXP"}, {"~*", "MATCH"},     {"!~", "NOT REGEXP"}, {"!~*", "NOT MATCH"},
        {"~~", "LIKE"},  {"!~~", "NOT LIKE"}, {"~~*", "GLOB"},      {"!~~*", "NOT GLOB"}};
    for (const auto& [from, to] : kMapped) {
      if (!t.is(from)) continue;
      emit(std::string(to));
      m_primary = kNone;
      return;
    }
    constexpr std::string_view kAllowed[] = {",", ".", "+",  "-",  "*",  "/",  "%", "=",
                                             "<", ">", "<=", ">=", "<>", "!=", "||"};
    if (std::find(std::begin(kAllowed), std::end(kAllowed), t.text) == std::end(kAllowed))
      return failNear(m_i);
    const std::size_t piece = emit(t.text);
    if (t.is(".")) return;
    if (t.is("-") && m_primary != kNone && m_primaryIsTime) {
      frame().minusLeft = m_primary;
      frame().minusPiece = piece;
    }
    const bool countStar =
        t.is("*") && frame().function != nullptr && frame().function->name == "count";
    if ((t.is("/") || t.is("%")) && m_primary != kNone) frame().divides = true;
    if (!countStar) m_primary = kNone;
  }

  void cast() {
    if (m_primary == kNone || token(1).kind != TokenKind::Word) return failNear(m_i);
    ++m_i;
    const SqlToken type = token();
    for (const char* second : {"precision", "varying"}) {
      if (token(1).is(second)) ++m_i;
    }
    if (token(1).is("(") && token(3).is(")")) m_i += 3;
    std::string wrap;
    for (const auto& [name, function] : {std::pair{"int", "pg_cast_int"},
                                         {"integer", "pg_cast_int"},
                                         {"bigint", "pg_cast_int"},
                                         {"smallint", "pg_cast_int"},
                                         {"int4", "pg_cast_int"},
                                         {"int8", "pg_cast_int"},
                                         {"oid", "pg_cast_int"},
                                         {"numeric", "pg_cast_real"},
                                         {"decimal", "pg_cast_real"},
                                         {"float", "pg_cast_real"},
                                         {"real", "pg_cast_real"},
                                         {"double", "pg_cast_real"},
                                         {"float8", "pg_cast_real"},
                                         {"text", "pg_cast_text"},
                                         {"varchar", "pg_cast_text"},
                                         {"name", "pg_cast_text"},
                                         {"regclass", "pg_cast_text"},
                                         {"bool", "pg_cast_bool"},
                                         {"boolean", "pg_cast_bool"},
                                         {"inet", ""},
                                         {"timestamptz", ""},
                                         {"timestamp", ""},
                                         {"date", ""},
                                         {"interval", "interval"},
                                         {"time", ""},
                                         {"pg_lsn", ""},
                                         {"character", "pg_cast_text"}}) {
      if (!type.is(name)) continue;
      wrap = function;
      if (wrap == "interval") {
        const auto canonical =
            m_pieces.back().text.size() > 2
                ? canonicalInterval(m_pieces.back().text.substr(1, m_pieces.back().text.size() - 2))
                : std::nullopt;
        if (canonical && m_primary + 1 == m_pieces.size())
          m_pieces.back().text = sqlText(*canonical);
        wrap.clear();
      }
      if (!wrap.empty()) {
        m_pieces[m_primary].text = wrap + "(" + m_pieces[m_primary].text;
        m_pieces.back().text += ")";
      }
      return primary(m_primary, type.text.starts_with("timestamp"));
    }
    fail("type \"" + type.text + "\" does not exist", type.at);
  }

  void join() {
    for (const Piece& piece : m_pieces) {
      m_query.places.emplace_back(m_query.sql.size(), piece.at);
      m_query.sql += piece.text + " ";
    }
    if (m_star) m_query.hints.clear();
  }

  const std::vector<SqlToken>& m_tokens;
  RewrittenQuery m_query;
  std::vector<Piece> m_pieces;
  std::vector<Frame> m_frames;
  std::vector<Item> m_items;
  std::size_t m_i = 0, m_itemStart = 0;
  std::size_t m_primary = kNone;
  bool m_primaryIsTime = false, m_inItems = false, m_itemsDone = false, m_star = false;
};

}  // namespace

std::size_t RewrittenQuery::originalPlace(std::size_t offset) const {
  std::size_t best = std::string::npos;
  for (const auto& [inner, outer] : places) {
    if (inner <= offset) best = outer;
  }
  return best;
}

RewrittenQuery rewriteQuery(const TokenList& list) {
  return Rewriter(list).run();
}

}  // namespace console
