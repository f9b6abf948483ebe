// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/plan/deparse.h"

#include "base/text.h"
#include "sim/relation.h"

namespace console {
namespace {

std::string literal(const Expr& expr, const Expr* other, const DeparseNames& names) {
  std::string type = other != nullptr && names.typeOf ? names.typeOf(*other) : "text";
  if (type.empty()) type = "text";
  return "'" + base::replaceAll(expr.text, "'", "''") + "'::" + type;
}

std::string part(const Expr& expr, const Expr* other, const DeparseNames& names,
                 bool remainder = false) {
  // There is no remainder of a bigint by an integer: the integer is widened.
  const bool widened = expr.kind == ExprKind::Number && other != nullptr && names.typeOf &&
                       remainder && names.typeOf(*other) == "bigint";
  if (widened) return "'" + expr.text + "'::bigint";
  return expr.kind == ExprKind::Text ? literal(expr, other, names) : deparse(expr, names);
}

std::string operatorText(const Expr& expr, const DeparseNames& names) {
  if (expr.text == "not") return "(NOT " + deparse(expr.args[0], names) + ")";
  if (expr.text == "is null") return "(" + deparse(expr.args[0], names) + " IS NULL)";
  if (expr.text == "is not null") return "(" + deparse(expr.args[0], names) + " IS NOT NULL)";
  if (expr.text == "between") {
    return "((" + deparse(expr.args[0], names) + " >= " + part(expr.args[1], &expr.args[0], names) +
           ") AND (" + deparse(expr.args[0], names) +
           " <= " + part(expr.args[2], &expr.args[0], names) + "))";
  }
  if (expr.text == "in") {
    std::string list;
    for (std::size_t i = 1; i < expr.args.size(); ++i) {
      list += (i > 1 ? "," : "") + expr.args[i].text;
    }
    const std::string type = names.typeOf ? names.typeOf(expr.args[0]) : "text";
    return "(" + deparse(expr.args[0], names) + " = ANY ('{" + list + "}'::" + type + "[]))";
  }
  std::string op = expr.text;
  if (op == "and" || op == "or") op = op == "and" ? "AND" : "OR";
  if (op == "like") op = "~~";
  if (op == "ilike") op = "~~*";
  const bool remainder = op == "%";
  return "(" + part(expr.args[0], &expr.args[1], names, remainder) + " " + op + " " +
         part(expr.args[1], &expr.args[0], names, remainder) + ")";
}

}  // namespace

std::string deparse(const Expr& expr, const DeparseNames& names) {
  switch (expr.kind) {
    case ExprKind::Column:
      return names.column(expr);
    case ExprKind::Number:
      return expr.text.starts_with("-") ? "'" + expr.text + "'::integer" : expr.text;
    case ExprKind::Text:
      return literal(expr, nullptr, names);
    case ExprKind::Boolean:
      return expr.text;
    case ExprKind::Null:
      return "NULL::text";
    case ExprKind::Cast: {
      const std::string inner = deparse(expr.args[0], names);
      const bool plain = expr.args[0].kind == ExprKind::Column;
      return (plain ? "(" + inner + ")" : inner) + "::" + sim::canonicalType(expr.text);
    }
    case ExprKind::Call: {
      std::string args = expr.star ? "*" : expr.distinct ? "DISTINCT " : "";
      for (std::size_t i = 0; i < expr.args.size(); ++i) {
        args += (i > 0 ? ", " : "") + deparse(expr.args[i], names);
      }
      return expr.text + "(" + args + ")";
    }
    case ExprKind::Operator:
      return operatorText(expr, names);
    default:
      return "(...)";
  }
}

}  // namespace console
