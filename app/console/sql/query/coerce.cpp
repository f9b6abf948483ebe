// SPDX-License-Identifier: GPL-3.0-or-later
// The Analyzer's types: literals read as what is wanted, conversions put in.
#include "base/text.h"
#include "console/sql/query/analyzer.h"

namespace console::query {

std::nullptr_t Analyzer::fail(std::string sqlstate, std::string text, std::size_t at,
                              std::string hint, std::string detail) {
  m_runtime.fail(
      SqlError{std::move(text), std::move(detail), std::move(hint), at, std::move(sqlstate)});
  return nullptr;
}

NodePtr Analyzer::make(Op op, DataType type, std::size_t at) {
  auto node = std::make_shared<Node>();
  node->op = op;
  node->type = type;
  node->at = at;
  return node;
}

NodePtr Analyzer::constant(Datum datum, DataType type, std::size_t at) {
  NodePtr node = make(Op::Constant, type, at);
  node->constant = std::move(datum);
  return node;
}

NodePtr Analyzer::coerce(NodePtr node, DataType type, std::size_t at) {
  if (!node || failed()) return nullptr;
  if (node->type == type) return node;
  if (node->type.is(TypeKind::Unknown)) return explicitCast(std::move(node), type, at);
  NodePtr cast = make(Op::Cast, type, node->at);
  cast->operand = node->type;
  cast->args = {std::move(node)};
  return cast;
}

NodePtr Analyzer::explicitCast(NodePtr node, DataType type, std::size_t at) {
  if (!node || failed()) return nullptr;
  if (node->op == Op::Constant && node->type.is(TypeKind::Unknown)) {
    if (node->constant.null()) return constant({}, type, node->at);
    if (!type.is(TypeKind::RegClass)) {
      InputResult read = readDatum(node->constant.text(), type, InputContext{m_runtime.nowUs()});
      if (!read.error.empty()) {
        return fail(read.sqlstate, read.error, node->at, {}, read.detail);
      }
      NodePtr made = constant(std::move(read.datum), type, node->at);
      if (type.precision < 0) return made;
      node = std::move(made);
    }
  } else if (node->type == type && type.precision < 0) {
    return node;
  }
  if (!node->type.is(TypeKind::Unknown) && !(node->type == type) && !mayCast(node->type, type)) {
    return fail("42846", "cannot cast type " + typeName(node->type) + " to " + typeName(type), at);
  }
  NodePtr cast = make(Op::Cast, type, node->at);
  cast->operand = node->type;
  cast->args = {std::move(node)};
  return cast;
}

std::optional<DataType> Analyzer::typeFor(const TypeSpec& spec) {
  std::optional<DataType> type = typeNamed(spec.name);
  if (!type) {
    fail("42704", "type \"" + spec.name + "\" does not exist", spec.at);
    return std::nullopt;
  }
  if (spec.name == "char" && spec.precision < 0) type->precision = 1;
  if (spec.precision >= 0) {
    type->precision = spec.precision;
    type->scale = spec.scale;
    if (type->is(TypeKind::Numeric) && (spec.precision < 1 || spec.precision > 1000)) {
      fail("22023",
           "NUMERIC precision " + std::to_string(spec.precision) + " must be between 1 and 1000",
           spec.at);
      return std::nullopt;
    }
  }
  return type;
}

bool Analyzer::unify(std::vector<NodePtr*> nodes, DataType& type, const char* what) {
  type = TypeKind::Unknown;
  for (NodePtr* node : nodes) {
    const std::optional<DataType> common = commonType(type, (*node)->type);
    if (!common) {
      fail("42804",
           std::string(what) + " types " + typeName(type) + " and " + typeName((*node)->type) +
               " cannot be matched",
           (*node)->at);
      return false;
    }
    type = *common;
  }
  if (type.is(TypeKind::Unknown)) type = TypeKind::Text;
  type.precision = type.scale = -1;
  for (NodePtr* node : nodes) {
    *node = coerce(*node, type);
    if (failed()) return false;
  }
  return true;
}

NodePtr Analyzer::boolean(NodePtr node, const char* clause) {
  if (!node || failed()) return nullptr;
  if (node->type.is(TypeKind::Boolean)) return node;
  if (node->type.is(TypeKind::Unknown)) return coerce(std::move(node), TypeKind::Boolean);
  return fail("42804",
              "argument of " + std::string(clause) + " must be type boolean, not type " +
                  typeName(node->type),
              node->at);
}

bool sameNode(const Node& a, const Node& b) {
  if (a.op != b.op || a.type != b.type || a.level != b.level || a.index != b.index ||
      a.function != b.function || a.text != b.text || a.negated != b.negated || a.all != b.all ||
      a.plan != b.plan || a.args.size() != b.args.size()) {
    return false;
  }
  if (a.op == Op::Constant) {
    return a.constant.null() == b.constant.null() &&
           (a.constant.null() || datumText(a.constant, a.type) == datumText(b.constant, b.type));
  }
  for (std::size_t i = 0; i < a.args.size(); ++i) {
    if ((a.args[i] == nullptr) != (b.args[i] == nullptr)) return false;
    if (a.args[i] && !sameNode(*a.args[i], *b.args[i])) return false;
  }
  return true;
}

}  // namespace console::query
