// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/tables/plpgsql.h"

#include <algorithm>

#include "base/text.h"
#include "console/sql/tables/memory_contexts.h"
#include "console/sql/tables/plpgsql_code.h"
#include "console/sql/tables/table_functions.h"
#include "console/sql/tables/table_work.h"
#include "sim/relation.h"

namespace console {
namespace {

using Kind = CodeStatement::Kind;

constexpr std::int64_t kMostSteps = 500'000, kSqlSteps = 12;
// MODEL: stack of one call of a PL/pgSQL function from an expression of another, from endless
// recursions under three limits.
constexpr std::int64_t kLevelBytes = 2512, kOutermostBytes = 3000;
constexpr int kDeepestReal = 400;

const char* labelOf(const CodeStatement& s) {
  switch (s.kind) {
    case Kind::Assign:
      return "assignment";
    case Kind::If:
      return "IF";
    case Kind::For:
      return "FOR with integer loop variable";
    case Kind::While:
      return "WHILE";
    case Kind::Execute:
      return "EXECUTE";
    case Kind::Perform:
      return "PERFORM";
    case Kind::Return:
      return "RETURN";
    case Kind::Raise:
      return "RAISE";
    case Kind::Exit:
      return "EXIT";
    default:
      return "SQL statement";
  }
}

class CodeInterpreter {
 public:
  CodeInterpreter(TableWork& work, std::string name) : m_work(work), m_name(std::move(name)) {
    m_scope = work.scope();
  }

  EvaluationScope& scope() { return m_scope; }
  std::optional<SqlFailure>& failure() { return m_failure; }
  Value& result() { return m_result; }

  bool run(const CodeBlock& block) {
    for (const CodeBlock::Variable& variable : block.variables) {
      Value value;
      if (variable.initial) {
        const std::optional<Value> computed = compute(*variable.initial);
        if (!computed) return false;
        value = *computed;
      }
      if (variable.type.ends_with("[]") && value.null()) value.type = ValueType::Array;
      m_scope.names[variable.name] = value;
    }
    return statements(block.body) != Flow::Failed;
  }

 private:
  enum class Flow : std::uint8_t { On, Exit, Return, Failed };

  std::optional<Value> compute(const Expr& expr) {
    Evaluator evaluator(m_scope);
    std::optional<Value> value = evaluator.evaluate(expr);
    if (!value) {
      m_failure = evaluator.failure();
      if (m_failure) m_failure->at = std::string::npos;
    }
    return value;
  }

  Flow statements(const std::vector<CodeStatement>& list) {
    for (const CodeStatement& s : list) {
      if (++m_steps > kMostSteps) {
        m_failure =
            SqlFailure{{"ERROR", "canceling statement due to statement timeout", {}, {}, "57014"},
                       std::string::npos,
                       {}};
        return Flow::Failed;
      }
      const Flow flow = one(s);
      if (flow == Flow::Failed) {
        if (!m_told) {
          m_told = true;
          if (m_failure) m_failure->context.push_back(place(s));
        }
        return flow;
      }
      if (flow != Flow::On) return flow;
    }
    return Flow::On;
  }

  [[nodiscard]] std::string place(const CodeStatement& s) const {
    return "PL/pgSQL function " + m_name + " line " + std::to_string(s.line) + " at " + labelOf(s);
  }

  Flow one(const CodeStatement& s) {
    switch (s.kind) {
      case Kind::Assign:
        return assign(s);
      case Kind::If: {
        const std::optional<Value> value = compute(*s.expr);
        if (!value) return Flow::Failed;
        return statements(!value->null() && value->whole != 0 ? s.body : s.otherwise);
      }
      case Kind::For:
        return counting(s);
      case Kind::While:
      case Kind::Loop:
        return looping(s);
      case Kind::Exit: {
        if (!s.expr) return Flow::Exit;
        const std::optional<Value> value = compute(*s.expr);
        if (!value) return Flow::Failed;
        return !value->null() && value->whole != 0 ? Flow::Exit : Flow::On;
      }
      case Kind::Execute: {
        const std::optional<Value> text = compute(*s.expr);
        return !text || !sql(text->text) ? Flow::Failed : Flow::On;
      }
      case Kind::Sql:
        return sql(s.text) ? Flow::On : Flow::Failed;
      case Kind::Perform:
        return compute(*s.expr) ? Flow::On : Flow::Failed;
      case Kind::Return: {
        if (!s.expr) return Flow::Return;
        const std::optional<Value> value = compute(*s.expr);
        if (!value) return Flow::Failed;
        m_result = *value;
        return Flow::Return;
      }
      case Kind::Raise:
        return raise(s);
      default:
        return Flow::On;
    }
  }

  bool sql(const std::string& text) {
    m_steps += kSqlSteps;
    std::optional<SqlFailure> failure = m_work.statement().session.runInner(text);
    if (!failure) return true;
    m_failure = std::move(failure);
    m_failure->at = std::string::npos;
    m_failure->context.insert(m_failure->context.begin(), "SQL statement \"" + text + "\"");
    return false;
  }

  Flow assign(const CodeStatement& s) {
    const auto variable = m_scope.names.find(s.target);
    if (variable == m_scope.names.end()) {
      m_failure =
          SqlFailure{{"ERROR", "\"" + s.target + "\" is not a known variable", {}, {}, "42601"},
                     std::string::npos,
                     {}};
      return Flow::Failed;
    }
    std::optional<Value> value = compute(*s.expr);
    if (!value) return Flow::Failed;
    if (!s.index) {
      if (value->type == ValueType::Unknown) value->type = ValueType::Text;
      variable->second = std::move(*value);
      return Flow::On;
    }
    const std::optional<Value> index = compute(*s.index);
    if (!index) return Flow::Failed;
    Value& array = variable->second;
    array.type = ValueType::Array;
    const std::int64_t bytes = value->textual() ? value->size + 4 : 8;
    if (index->whole > array.size) {
      array.size = index->whole;
      array.bytes += elementBytes(bytes);
    }
    array.element = std::make_shared<const Value>(*value);
    return arrayFits(array, bytes) ? Flow::On : Flow::Failed;
  }

  // An expanded array keeps a copy of each element in its own chunk, and a pointer and a flag.
  static std::int64_t elementBytes(std::int64_t bytes) {
    std::int64_t chunk = 8;
    while (chunk < bytes) chunk <<= 1;
    return bytes > 8192 ? bytes + 24 : chunk + 16;
  }

  bool arrayFits(const Value& array, std::int64_t request) {
    const std::int64_t left = addressSpaceLeft(m_work.statement().session.world());
    constexpr std::int64_t kSession = 1'640'000, kBlock = 8 << 20;
    std::int64_t slots = 1024;
    while (slots < array.size) slots *= 2;
    const std::int64_t total = array.bytes + slots * 9;
    if (left < 0 || total + kSession + kBlock / 2 <= left) return true;
    ContextUse use = codeContexts(m_expressions);
    use.portal.insert(use.portal.begin() + 2, "    expanded array: " + std::to_string(total) +
                                                  " total in " +
                                                  std::to_string(16 + total / kBlock) +
                                                  " blocks; 91048 free (334 chunks); " +
                                                  std::to_string(total - 91048) + " used");
    logMemoryContexts(m_work.statement().session, std::move(use));
    m_failure = SqlFailure{{"ERROR",
                            "out of memory",
                            "Failed on request of size " + std::to_string(request) +
                                " in memory context \"expanded array\".",
                            {},
                            "53200"},
                           std::string::npos,
                           {}};
    return false;
  }

  // One assignment to an array element, over and over: the same growth each time.
  [[nodiscard]] bool onlyGrows(const CodeStatement& s) const {
    return s.body.size() == 1 && s.body[0].kind == Kind::Assign && s.body[0].index &&
           s.body[0].index->kind == ExprKind::Column && s.body[0].index->text == s.target;
  }

  Flow counting(const CodeStatement& s) {
    m_expressions = {s.second->text, s.expr->text};
    if (!s.body.empty() && !s.body[0].text.empty()) {
      m_expressions.insert(m_expressions.begin(), s.body[0].text);
    }
    const std::optional<Value> from = compute(*s.expr), to = compute(*s.second);
    if (!from || !to) return Flow::Failed;
    constexpr std::int64_t kSettled = 200;
    for (std::int64_t i = from->whole; i <= to->whole; ++i) {
      m_scope.names[s.target] = integerValue(i);
      const Flow flow = statements(s.body);
      if (flow == Flow::Exit) break;
      if (flow != Flow::On) return flow;
      if (i - from->whole >= kSettled && onlyGrows(s)) {
        Value& array = m_scope.names[s.body[0].target];
        const std::int64_t each = array.bytes / std::max<std::int64_t>(array.size, 1);
        const std::int64_t leap = std::min<std::int64_t>(to->whole - i, 5000);
        array.size += leap;
        array.bytes += leap * each;
        i += leap;
        constexpr std::int64_t kMostElements = 134'217'727;
        if (array.size > kMostElements) {
          m_failure = SqlFailure{
              {"ERROR", "array size exceeds the maximum allowed (134217727)", {}, {}, "54000"},
              std::string::npos,
              {place(s.body[0])}};
          m_told = true;
          return Flow::Failed;
        }
      }
    }
    return Flow::On;
  }

  Flow looping(const CodeStatement& s) {
    while (true) {
      if (++m_steps > kMostSteps) return statements(s.body);
      if (s.expr) {
        const std::optional<Value> value = compute(*s.expr);
        if (!value) return Flow::Failed;
        if (value->null() || value->whole == 0) return Flow::On;
      }
      const Flow flow = statements(s.body);
      if (flow == Flow::Exit) return Flow::On;
      if (flow != Flow::On) return flow;
    }
  }

  Flow raise(const CodeStatement& s) {
    const std::optional<Value> message = compute(*s.expr);
    if (!message) return Flow::Failed;
    std::string text = message->text;
    for (const Expr& one : s.list) {
      const std::optional<Value> value = compute(one);
      if (!value) return Flow::Failed;
      const std::size_t mark = text.find('%');
      if (mark != std::string::npos) text.replace(mark, 1, valueText(*value));
    }
    if (s.target == "exception") {
      m_failure = SqlFailure{{"ERROR", text, {}, {}, "P0001"}, std::string::npos, {}};
      return Flow::Failed;
    }
    std::string level = s.target;
    for (char& c : level) {
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    }
    m_work.statement().error += level + ":  " + text + "\n";
    return Flow::On;
  }

  TableWork& m_work;
  std::string m_name;
  EvaluationScope m_scope;
  Value m_result;
  std::optional<SqlFailure> m_failure;
  std::vector<std::string> m_expressions;  // whose plans are kept, newest first
  std::int64_t m_steps = 0;
  bool m_told = false;
};

SqlFailure tooDeep(std::int64_t bytes) {
  return {{"ERROR",
           "stack depth limit exceeded",
           {},
           "Increase the configuration parameter \"max_stack_depth\" (currently " +
               std::to_string(bytes / 1024) +
               "kB), after ensuring the platform's stack depth limit is adequate.",
           "54001"},
          std::string::npos,
          {}};
}

std::optional<Value> sqlFunction(TableWork& work, const FunctionDefinition& definition,
                                 const std::vector<Value>& args,
                                 std::optional<SqlFailure>& failure) {
  const TokenList list = scanSql(definition.body);
  SyntaxReader reader(list, definition.body);
  const std::optional<SelectQuery> query = reader.query();
  if (!query || !query->from.empty() || query->targets.empty()) return std::nullopt;
  EvaluationScope scope = work.scope();
  for (std::size_t i = 0; i < args.size(); ++i) {
    scope.names["$" + std::to_string(i + 1)] = args[i];
    if (i < definition.arguments.size()) scope.names[definition.arguments[i].first] = args[i];
  }
  Evaluator evaluator(scope);
  std::optional<Value> value = evaluator.evaluate(query->targets[0].expr);
  if (!value) failure = evaluator.failure();
  return value;
}

}  // namespace

bool runBlock(TableWork& work, const std::string& body) {
  const CodeReading reading = readCode(body);
  if (!reading.block) return work.fail("42601", reading.error);
  CodeInterpreter interpreter(work, "inline_code_block");
  if (interpreter.run(*reading.block)) return true;
  return work.fail(interpreter.failure().value_or(
      SqlFailure{{"ERROR", "internal error", {}, {}, "XX000"}, std::string::npos, {}}));
}

std::optional<FunctionDefinition> readFunction(const std::string& statement) {
  const TokenList list = scanSql(statement);
  if (!list.error.empty()) return std::nullopt;
  SyntaxReader reader(list, statement, 1);  // after CREATE
  if (reader.accept("or")) reader.accept("replace");
  if (!reader.accept("function")) return std::nullopt;
  FunctionDefinition result;
  const std::optional<std::string> name = reader.name();
  if (!name || !reader.accept("(")) return std::nullopt;
  result.name = *name;
  std::string types;
  while (!reader.token().is(")") && !reader.atEnd()) {
    const std::optional<std::string> first = reader.name();
    if (!first) return std::nullopt;
    std::string argument = *first, type = *first;
    if (!reader.token().is(",") && !reader.token().is(")")) {
      const std::optional<std::string> second = reader.typeName();
      if (!second) return std::nullopt;
      type = *second;
    }
    const std::string canonical = sim::canonicalType(type);
    result.arguments.emplace_back(argument, type);
    types += (types.empty() ? "" : ",") + (canonical.empty() ? type : canonical);
    reader.accept(",");
  }
  if (!reader.accept(")")) return std::nullopt;
  result.signature = result.name + "(" + types + ")";
  result.language = "sql";
  while (!reader.atEnd()) {
    if (reader.accept("returns")) {
      reader.accept("setof");
      if (!reader.typeName()) return std::nullopt;
    } else if (reader.accept("language")) {
      result.language = reader.token().text;
      if (!reader.name()) return std::nullopt;
    } else if (reader.accept("as") && reader.token().kind == TokenKind::Text) {
      result.body = reader.token().text;
      reader.skip();
    } else if (!reader.name()) {
      return std::nullopt;
    }
  }
  if (result.body.empty()) return std::nullopt;
  return result;
}

std::optional<Value> callFunction(TableWork& work, const Expr& call, const std::vector<Value>& args,
                                  std::optional<SqlFailure>& failure) {
  const auto& functions = work.statement().session.world().postgres().functions;
  const auto found = std::find_if(functions.begin(), functions.end(),
                                  [&](const auto& one) { return one.name == call.text; });
  if (found == functions.end()) return serverFunction(work, call, args, failure);
  const std::optional<FunctionDefinition> definition = readFunction(found->definition);
  if (!definition || definition->arguments.size() != args.size()) return std::nullopt;
  const std::int64_t stack = work.scope().maxStackBytes;
  const std::int64_t levels = 1 + std::max<std::int64_t>(0, stack - kOutermostBytes) / kLevelBytes;
  if (work.depth >= std::min<std::int64_t>(levels, kDeepestReal)) {
    failure = tooDeep(stack);
    // Beyond what is really gone through, the levels repeat.
    for (std::int64_t level = work.depth; level < levels; ++level) {
      failure->context.insert(failure->context.end(), work.frame.begin(), work.frame.end());
    }
    return std::nullopt;
  }
  if (definition->language == "sql") return sqlFunction(work, *definition, args, failure);
  const CodeReading reading = readCode(definition->body);
  if (!reading.block) {
    failure = SqlFailure{{"ERROR", reading.error, {}, {}, "42601"}, std::string::npos, {}};
    return std::nullopt;
  }
  CodeInterpreter interpreter(work, definition->signature);
  for (std::size_t i = 0; i < args.size(); ++i) {
    interpreter.scope().names[definition->arguments[i].first] = args[i];
    interpreter.scope().names["$" + std::to_string(i + 1)] = args[i];
  }
  // The frame of an expression that calls on: what CONTEXT says of each level.
  for (const CodeStatement& s : reading.block->body) {
    if (s.kind != Kind::Return || s.text.empty()) continue;
    work.frame = {"SQL expression \"" + s.text + "\"", "PL/pgSQL function " +
                                                           definition->signature + " line " +
                                                           std::to_string(s.line) + " at RETURN"};
  }
  ++work.depth;
  const bool fine = interpreter.run(*reading.block);
  --work.depth;
  if (fine) return interpreter.result();
  failure = interpreter.failure();
  if (failure && work.depth > 0 && failure->message.sqlstate == "54001" && !work.frame.empty()) {
    failure->context.insert(failure->context.end() - 1, work.frame[0]);
  }
  return std::nullopt;
}

}  // namespace console
