// SPDX-License-Identifier: GPL-3.0-or-later
// Computes expressions as a backend would, with its limits: sizes of allocations, arrays and texts,
// integer overflow, the depth of its stack.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "console/sql/plan/syntax.h"
#include "console/sql/plan/value.h"
#include "sim/settings/settings.h"

namespace console {

// An error of the server, where in the statement it is, and what was being done (CONTEXT).
struct SqlFailure {
  sim::ServerMessage message;
  std::size_t at = std::string::npos;
  std::vector<std::string> context;
};

struct EvaluationScope {
  std::map<std::string, Value> names;  // columns and variables
  // Functions the server does not bring along; nothing: there is none of that name.
  std::function<std::optional<Value>(const Expr& call, const std::vector<Value>& args,
                                     std::optional<SqlFailure>& failure)>
      function;
  // The value of a scalar subquery, or whether EXISTS finds a row.
  std::function<std::optional<Value>(const Expr& query, std::optional<SqlFailure>& failure)> query;
  // Asked before a large allocation: bytes, memory context.
  std::function<std::optional<SqlFailure>(std::int64_t bytes, const std::string& context)> allocate;
  std::int64_t maxStackBytes = 2 << 20;
};

class Evaluator {
 public:
  explicit Evaluator(const EvaluationScope& scope) : m_scope(scope) {}
  // Nothing: failed, see failure().
  [[nodiscard]] std::optional<Value> evaluate(const Expr& expr);
  [[nodiscard]] const std::optional<SqlFailure>& failure() const { return m_failure; }

 private:
  std::optional<Value> refuse(std::string sqlstate, std::string text, std::size_t at,
                              std::string detail = {}, std::string hint = {});
  std::optional<Value> column(const Expr& expr);
  std::optional<Value> operation(const Expr& expr);
  std::optional<Value> logic(const Expr& expr);
  std::optional<Value> arithmetic(const Expr& expr, const Value& left, const Value& right);
  std::optional<Value> wholeArithmetic(const Expr& expr, const Value& left, const Value& right);
  std::optional<Value> comparison(const Expr& expr, const Value& left, const Value& right);
  std::optional<Value> matching(const Expr& expr, const Value& left, const Value& right);
  std::optional<Value> concatenation(const Expr& expr, const Value& left, const Value& right);
  std::optional<Value> cast(const Expr& expr);
  std::optional<Value> castTo(const Value& value, const std::string& type, std::size_t at);
  std::optional<Value> toNumber(const Value& value, const std::string& type, std::size_t at);
  std::optional<Value> toJson(const Value& value, std::size_t at);
  std::optional<Value> call(const Expr& expr);
  std::optional<Value> textCall(const Expr& expr, const std::vector<Value>& args, bool& known);
  std::optional<Value> otherCall(const Expr& expr, const std::vector<Value>& args, bool& known);
  std::optional<Value> repeated(const Value& text, std::int64_t times, std::size_t at);
  std::optional<Value> format(const std::vector<Value>& args, std::size_t at);
  std::optional<Value> arrayFill(const std::vector<Value>& args, std::size_t at);
  std::optional<Value> arrayOf(const Expr& expr);
  std::optional<Value> caseOf(const Expr& expr);
  std::optional<Value> subquery(const Expr& expr);
  // Room for a text of so many bytes, or the refusal.
  bool room(std::int64_t bytes, std::size_t at);

  const EvaluationScope& m_scope;
  std::optional<SqlFailure> m_failure;
};

// 32 hexadecimal digits.
[[nodiscard]] std::string md5Hex(std::string_view text);

}  // namespace console
