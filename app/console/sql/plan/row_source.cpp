// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/plan/row_source.h"

#include <algorithm>
#include <cstdlib>

#include "base/text.h"

namespace console {
namespace {

Value literalOf(const std::string& text, const std::string& type) {
  if (text == "\x1e") return {};
  if (type == "integer" || type == "smallint" || type == "oid") {
    return integerValue(std::strtoll(text.c_str(), nullptr, 10));
  }
  if (type == "bigint") return bigintValue(std::strtoll(text.c_str(), nullptr, 10));
  if (type == "numeric") {
    const std::size_t point = text.find('.');
    return numericValue(std::strtod(text.c_str(), nullptr),
                        point == std::string::npos ? 0 : static_cast<int>(text.size() - point - 1));
  }
  if (type == "double precision" || type == "real") {
    return realValue(std::strtod(text.c_str(), nullptr));
  }
  if (type == "boolean") return booleanValue(text == "t" || text == "true");
  return textValue(text);
}

}  // namespace

std::optional<Expr> readExpression(const std::string& text) {
  const TokenList list = scanSql(text);
  if (!list.error.empty()) return std::nullopt;
  SyntaxReader reader(list, text);
  std::optional<Expr> expr = reader.expression();
  if (!expr || !reader.atEnd()) return std::nullopt;
  return expr;
}

std::optional<RowSource> RowSource::of(const sim::Relation& relation) {
  RowSource source;
  source.m_rows = relation.rows;
  if (relation.series.empty()) {
    if (static_cast<std::int64_t>(relation.literals.size()) != relation.rows) return std::nullopt;
    for (const sim::RelationColumn& column : relation.columns) {
      source.m_columns.push_back({column.name, {}, false});
    }
    for (const std::string& row : relation.literals) {
      const std::vector<std::string> cells = base::split(row, '\x1f');
      std::vector<Value> values;
      for (std::size_t i = 0; i < relation.columns.size(); ++i) {
        values.push_back(i < cells.size() ? literalOf(cells[i], relation.columns[i].type)
                                          : Value{});
      }
      source.m_literals.push_back(std::move(values));
    }
    return source;
  }
  source.m_series = relation.series;
  source.m_from = relation.seriesFrom;
  for (const sim::RelationColumn& column : relation.columns) {
    std::optional<Expr> expr = readExpression(column.source);
    const bool counts = expr && expr->kind == ExprKind::Column && expr->text == relation.series;
    source.m_columns.push_back({column.name, std::move(expr), counts});
  }
  return source;
}

RowSource RowSource::series(const std::string& name, std::int64_t from, std::int64_t step,
                            std::int64_t rows, bool wide) {
  RowSource source;
  source.m_series = name;
  source.m_from = from;
  source.m_step = step;
  source.m_rows = rows;
  source.m_wide = wide;
  Expr column;
  column.kind = ExprKind::Column;
  column.text = name;
  source.m_columns.push_back({name, column, step == 1});
  return source;
}

bool RowSource::fill(std::int64_t index, std::map<std::string, Value>& names,
                     const std::vector<std::string>* wanted) const {
  const auto left = [&](const std::string& name) {
    return wanted != nullptr && std::find(wanted->begin(), wanted->end(), name) == wanted->end();
  };
  if (!m_literals.empty()) {
    const auto& row = m_literals[static_cast<std::size_t>(index)];
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
      if (!left(m_columns[i].name)) names[m_columns[i].name] = row[i];
    }
    return true;
  }
  EvaluationScope scope;
  const std::int64_t value = m_from + m_step * index;
  scope.names[m_series] = m_wide ? bigintValue(value) : integerValue(value);
  for (const Column& column : m_columns) {
    if (left(column.name)) continue;
    if (!column.expr) return false;
    std::optional<Value> computed = Evaluator(scope).evaluate(*column.expr);
    if (!computed) return false;
    if (computed->type == ValueType::Unknown) computed->type = ValueType::Text;
    names[column.name] = std::move(*computed);
  }
  return true;
}

bool RowSource::known(const std::string& column) const {
  if (m_rows == 0 || !m_literals.empty()) return true;
  return expression(column) != nullptr;
}

const Expr* RowSource::expression(const std::string& column) const {
  for (const Column& one : m_columns) {
    if (one.name == column) return one.expr ? &*one.expr : nullptr;
  }
  return nullptr;
}

std::optional<std::int64_t> RowSource::counting(const std::string& column) const {
  for (const Column& one : m_columns) {
    if (one.name == column && one.counts) return m_from;
  }
  return std::nullopt;
}

}  // namespace console
