// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/plan/closed_rows.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "console/sql/plan/planner.h"
#include "sim/relation.h"

namespace console {
namespace {

constexpr std::array<std::string_view, 6> kComparisons = {"=", "<>", "<", "<=", ">", ">="};

bool isComparison(const std::string& op) {
  return std::find(kComparisons.begin(), kComparisons.end(), op) != kComparisons.end();
}

std::string_view opposite(std::string_view op) {
  constexpr std::array<std::string_view, 6> kOpposites = {"<>", "=", ">=", ">", "<=", "<"};
  for (std::size_t i = 0; i < kComparisons.size(); ++i) {
    if (kComparisons[i] == op) return kOpposites[i];
  }
  return op;
}

std::string_view mirrored(std::string_view op) {
  if (op == "<") return ">";
  if (op == ">") return "<";
  if (op == "<=") return ">=";
  if (op == ">=") return "<=";
  return op;
}

bool holds(std::string_view op, std::int64_t left, double right) {
  const auto value = static_cast<double>(left);
  if (op == "=") return value == right;
  if (op == "<>") return value != right;
  if (op == "<") return value < right;
  if (op == "<=") return value <= right;
  if (op == ">") return value > right;
  return value >= right;
}

// Whether a function is called, which may have a new result each time.
bool calls(const Expr& expr) {
  return expr.kind == ExprKind::Call || std::any_of(expr.args.begin(), expr.args.end(), calls);
}

bool inRange(const PlaceForm& form, bool wide, std::int64_t count) {
  if (wide) return true;
  const auto [least, most] = form.range(count);
  return least >= -2147483648LL && most <= 2147483647LL;
}

void append(std::vector<Progression>& to, const Progression& rows) {
  if (rows.count > 0) to.push_back(rows);
}

// The rows where the form stands so to the value: ranges of rows.
std::vector<Progression> cut(const PlaceForm& form, std::string_view op, double value,
                             const Progression& rows) {
  std::vector<Progression> result;
  const double most = 4e18;
  const auto bound = [&](double at) {
    return static_cast<std::int64_t>(std::clamp(at, -most, most));
  };
  // Rows before the value is reached, and before it is passed, on the form's way.
  std::int64_t reached = form.crossing(bound(std::ceil(value)), rows.count);
  std::int64_t passed = form.crossing(bound(std::floor(value) + 1), rows.count);
  if (!form.rises()) std::swap(reached, passed);
  const bool below = op == "<" || op == "<=" || op == "<>";
  const bool above = op == ">" || op == ">=" || op == "<>";
  const bool equal = op == "=" || op == "<=" || op == ">=";
  const bool first = form.rises() ? below : above, last = form.rises() ? above : below;
  std::int64_t from = first ? 0 : equal ? reached : passed;
  std::int64_t until = last ? rows.count : equal ? passed : reached;
  if (op == "<>") {
    append(result, rows.part(0, 1, reached));
    append(result, rows.part(passed, 1, rows.count - passed));
    return result;
  }
  append(result, rows.part(from, 1, until - from));
  return result;
}

// The same for remainders: every class of rows, or every row when there are fewer.
std::optional<std::vector<Progression>> sift(const PlaceForm& form, std::string_view op,
                                             double value, const Progression& rows) {
  const std::int64_t period = std::min(form.period(), rows.count);
  if (period > kMostParts) return std::nullopt;
  std::vector<Progression> result;
  for (std::int64_t t = 0; t < period; ++t) {
    if (!holds(op, form.at(t), value)) continue;
    result.push_back(rows.part(t, period, (rows.count - t - 1) / period + 1));
  }
  return result;
}

// A number a literal stands for beside a whole number; nothing: it is none.
std::optional<double> numberOf(const Value& value) {
  if (value.numeric()) return value.number();
  if (!value.textual() || value.text.empty()) return std::nullopt;
  char* end = nullptr;
  const auto number = static_cast<double>(std::strtoll(value.text.c_str(), &end, 10));
  if (*end != '\0') return std::nullopt;
  return number;
}

std::optional<std::vector<Progression>> comparedForms(std::string_view op, RowForm a, RowForm b,
                                                      const Progression& rows) {
  if (a.constant || (a.place.constant() && !b.constant)) {
    std::swap(a, b);
    op = mirrored(op);
  }
  if (a.constant) return std::nullopt;
  std::optional<double> value = 0;
  std::optional<PlaceForm> form = a.place;
  if (b.constant) {
    value = numberOf(*b.constant);
  } else if (b.place.constant()) {
    value = static_cast<double>(b.place.at(0));
  } else {
    const std::optional<PlaceForm> less = timesConstant(b.place, -1, rows.count);
    form = less ? plusForm(a.place, *less, rows.count) : std::nullopt;
  }
  if (!value || !form) return std::nullopt;
  if (form->constant()) {
    if (!holds(op, form->at(0), *value)) return std::vector<Progression>{};
    return std::vector<Progression>{rows};
  }
  return form->remainder ? sift(*form, op, *value, rows) : cut(*form, op, *value, rows);
}

}  // namespace

Value RowForm::at(std::int64_t t) const {
  if (constant) return *constant;
  return wide ? bigintValue(place.at(t)) : integerValue(place.at(t));
}

std::optional<RowForm> ClosedRows::constantOf(const Expr& expr) const {
  std::optional<Value> value = Evaluator(m_scope).evaluate(expr);
  if (!value) return std::nullopt;
  if (value->type == ValueType::Unknown) value->type = ValueType::Text;
  RowForm form;
  if (value->integral()) {
    form.place.start = value->whole;
    form.wide = value->type == ValueType::BigInt;
  } else {
    form.constant = std::move(value);
  }
  return form;
}

ClosedRows::ClosedRows(const RowSource& source, const EvaluationScope& scope)
    : m_source(source), m_scope(scope) {
  if (!source.isSeries()) m_series = source.seriesAlone();
}

std::optional<RowForm> ClosedRows::columnForm(const Expr& column, const Progression& rows) const {
  const Expr* source = m_source.expression(column.text);
  if (source == nullptr) return std::nullopt;
  if (source->kind != ExprKind::Column || source->text != m_source.seriesName()) {
    return m_series ? ClosedRows(*m_series, m_scope).formOf(*source, rows) : std::nullopt;
  }
  RowForm form;
  form.place.slope = m_source.step() * rows.step;
  form.place.start = m_source.from() + m_source.step() * rows.first;
  form.wide = m_source.wide();
  return form;
}

std::optional<RowForm> ClosedRows::formOf(const Expr& expr, const Progression& rows) const {
  if (expr.kind == ExprKind::Column) return columnForm(expr, rows);
  if (expr.kind == ExprKind::Query || expr.kind == ExprKind::Star) return std::nullopt;
  std::vector<Expr> columns;
  collectColumns(expr, columns);
  if (columns.empty() && !calls(expr)) return constantOf(expr);
  if (expr.kind == ExprKind::Cast) {
    const std::string type = sim::canonicalType(expr.text);
    if (type != "integer" && type != "bigint") return std::nullopt;
    std::optional<RowForm> form = formOf(expr.args[0], rows);
    if (!form || form->constant) return std::nullopt;
    form->wide = type == "bigint";
    return inRange(form->place, form->wide, rows.count) ? form : std::nullopt;
  }
  return expr.kind == ExprKind::Operator ? operation(expr, rows) : std::nullopt;
}

std::optional<RowForm> ClosedRows::operation(const Expr& expr, const Progression& rows) const {
  if (expr.args.size() != 2 || expr.text.size() != 1) return std::nullopt;
  const std::optional<RowForm> a = formOf(expr.args[0], rows);
  const std::optional<RowForm> b = a ? formOf(expr.args[1], rows) : std::nullopt;
  if (!a || !b || a->constant || b->constant) return std::nullopt;
  const bool fixed = b->place.constant();
  const std::int64_t value = fixed ? b->place.at(0) : 0;
  std::optional<PlaceForm> place;
  if (expr.text == "+") place = plusForm(a->place, b->place, rows.count);
  if (expr.text == "-") {
    const std::optional<PlaceForm> less = timesConstant(b->place, -1, rows.count);
    if (less) place = plusForm(a->place, *less, rows.count);
  }
  if (expr.text == "*" && fixed) place = timesConstant(a->place, value, rows.count);
  if (expr.text == "*" && !fixed && a->place.constant()) {
    place = timesConstant(b->place, a->place.at(0), rows.count);
  }
  if (expr.text == "/" && fixed) place = quotient(a->place, value, rows.count);
  if (expr.text == "%" && fixed) place = remainder(a->place, value, rows.count);
  RowForm form;
  form.wide = a->wide || b->wide;
  if (!place || !inRange(*place, form.wide, rows.count)) return std::nullopt;
  form.place = *place;
  return form;
}

std::optional<std::vector<Progression>> ClosedRows::compared(const std::string& op,
                                                             const Expr& left, const Expr& right,
                                                             const Progression& rows) const {
  const auto some = parts(left, rows);
  if (!some) return std::nullopt;
  std::vector<Progression> result;
  for (const FormPart& one : *some) {
    const std::optional<RowForm> with = formOf(right, one.rows);
    const auto more = with ? comparedForms(op, one.form, *with, one.rows) : std::nullopt;
    if (!more) return std::nullopt;
    result.insert(result.end(), more->begin(), more->end());
    if (static_cast<std::int64_t>(result.size()) > kMostParts) return std::nullopt;
  }
  return result;
}

// Rows of which a is as the first says and b as the second.
std::optional<std::vector<Progression>> ClosedRows::both(const Expr& a, bool first, const Expr& b,
                                                         bool second,
                                                         const Progression& rows) const {
  const auto some = select(a, rows, first);
  if (!some) return std::nullopt;
  std::vector<Progression> result;
  for (const Progression& one : *some) {
    const auto more = select(b, one, second);
    if (!more) return std::nullopt;
    result.insert(result.end(), more->begin(), more->end());
    if (static_cast<std::int64_t>(result.size()) > kMostParts) return std::nullopt;
  }
  return result;
}

std::optional<std::vector<Progression>> ClosedRows::select(const Expr& condition,
                                                           const Progression& rows,
                                                           bool wanted) const {
  if (rows.count <= 0) return std::vector<Progression>{};
  if (condition.kind == ExprKind::Boolean) {
    if ((condition.text == "true") != wanted) return std::vector<Progression>{};
    return std::vector<Progression>{rows};
  }
  if (condition.kind != ExprKind::Operator) return std::nullopt;
  const auto& args = condition.args;
  if (condition.text == "not") return select(args[0], rows, !wanted);
  if (condition.text == "is null" || condition.text == "is not null") {
    const std::optional<RowForm> form = formOf(args[0], rows);
    if (!form) return std::nullopt;
    const bool null = form->constant && form->constant->null();
    if ((null == (condition.text == "is null")) != wanted) return std::vector<Progression>{};
    return std::vector<Progression>{rows};
  }
  if (condition.text == "and" || condition.text == "or") {
    // Both as wanted; or the first alone, and the second where the first is not.
    if ((condition.text == "and") == wanted) return both(args[0], wanted, args[1], wanted, rows);
    std::optional<std::vector<Progression>> result = select(args[0], rows, wanted);
    const auto rest = both(args[0], !wanted, args[1], wanted, rows);
    if (!result || !rest) return std::nullopt;
    result->insert(result->end(), rest->begin(), rest->end());
    return result;
  }
  if (isComparison(condition.text) && args.size() == 2) {
    return compared(wanted ? condition.text : std::string(opposite(condition.text)), args[0],
                    args[1], rows);
  }
  Expr plain = condition;
  if (condition.text == "between" && args.size() == 3) {
    Expr low = condition, high = condition;
    low.text = ">=";
    low.args = {args[0], args[1]};
    high.text = "<=";
    high.args = {args[0], args[2]};
    plain.text = "and";
    plain.args = {low, high};
    return select(plain, rows, wanted);
  }
  if (condition.text == "in" && args.size() > 1) {
    plain.text = "=";
    plain.args = {args[0], args[1]};
    if (args.size() == 2) return select(plain, rows, wanted);
    Expr rest = condition, any = condition;
    rest.args.erase(rest.args.begin() + 1);
    any.text = "or";
    any.args = {plain, rest};
    return select(any, rows, wanted);
  }
  return std::nullopt;
}

std::optional<std::vector<FormPart>> ClosedRows::caseParts(const Expr& expr,
                                                           const Progression& rows) const {
  std::vector<FormPart> result;
  std::vector<Progression> left = {rows};
  const auto take = [&](const Expr& value, const std::vector<Progression>& of) {
    for (const Progression& one : of) {
      const auto more = parts(value, one);
      if (!more) return false;
      result.insert(result.end(), more->begin(), more->end());
    }
    return static_cast<std::int64_t>(result.size()) <= kMostParts;
  };
  std::size_t i = 0;
  for (; i + 1 < expr.args.size(); i += 2) {
    std::vector<Progression> others;
    for (const Progression& one : left) {
      const auto yes = select(expr.args[i], one, true);
      const auto no = select(expr.args[i], one, false);
      if (!yes || !no || !take(expr.args[i + 1], *yes)) return std::nullopt;
      others.insert(others.end(), no->begin(), no->end());
    }
    left = std::move(others);
  }
  Expr null;
  if (!take(i < expr.args.size() ? expr.args[i] : null, left)) return std::nullopt;
  return result;
}

std::optional<std::vector<FormPart>> ClosedRows::parts(const Expr& expr,
                                                       const Progression& rows) const {
  if (rows.count <= 0) return std::vector<FormPart>{};
  if (std::optional<RowForm> form = formOf(expr, rows)) {
    return std::vector<FormPart>{{rows, std::move(*form)}};
  }
  if (expr.kind == ExprKind::Case) return caseParts(expr, rows);
  if (expr.kind == ExprKind::Column && m_series) {
    const Expr* source = m_source.expression(expr.text);
    return source != nullptr ? ClosedRows(*m_series, m_scope).parts(*source, rows) : std::nullopt;
  }
  if (expr.kind != ExprKind::Operator) return std::nullopt;
  std::vector<FormPart> result;
  for (const bool truth : {true, false}) {
    const auto some = select(expr, rows, truth);
    if (!some) return std::nullopt;
    RowForm form;
    form.constant = booleanValue(truth);
    for (const Progression& one : *some) result.push_back({one, form});
  }
  return result;
}

std::optional<std::vector<EqualRows>> ClosedRows::byValue(const Expr& expr,
                                                          const Progression& rows) const {
  const auto divided = parts(expr, rows);
  if (!divided) return std::nullopt;
  std::vector<EqualRows> result;
  for (const auto& [part, form] : *divided) {
    if (form.constant || form.place.constant()) {
      result.push_back({part, form.at(0)});
      continue;
    }
    if (form.place.remainder) {
      const std::int64_t period = std::min(form.place.period(), part.count);
      if (period > kMostParts) return std::nullopt;
      for (std::int64_t t = 0; t < period; ++t) {
        result.push_back({part.part(t, period, (part.count - t - 1) / period + 1), form.at(t)});
      }
    } else {
      const auto [least, most] = form.place.range(part.count);
      if (std::min(most - least, part.count) > kMostParts) return std::nullopt;
      for (std::int64_t t = 0; t < part.count;) {
        const std::int64_t value = form.place.at(t);
        const std::int64_t next =
            form.place.linear()
                ? t + 1
                : form.place.crossing(form.place.rises() ? value + 1 : value, part.count);
        result.push_back({part.part(t, 1, next - t), form.at(t)});
        t = next;
      }
    }
    if (static_cast<std::int64_t>(result.size()) > kMostParts) return std::nullopt;
  }
  return result;
}

std::optional<std::vector<std::int64_t>> ClosedRows::best(const std::vector<RowOrder>& order,
                                                          const Progression& rows,
                                                          std::int64_t most) const {
  std::vector<std::int64_t> found;
  const auto first = [&](const Progression& from, bool atEnd) {
    const std::int64_t count = std::min(most, from.count);
    const std::int64_t begin = atEnd ? from.count - count : 0;
    for (std::int64_t t = 0; t < count; ++t) found.push_back(from.first + from.step * (begin + t));
  };
  if (order.empty()) {
    first(rows, false);
    return found;
  }
  const std::optional<RowForm> form = formOf(*order[0].key, rows);
  const std::vector<RowOrder> others(order.begin() + 1, order.end());
  if (form && (form->constant || form->place.constant())) return best(others, rows, most);
  if (form && form->place.linear()) {
    first(rows, form->place.rises() == order[0].descending);
    return found;
  }
  auto values = byValue(*order[0].key, rows);
  if (!values) return std::nullopt;
  std::stable_sort(values->begin(), values->end(), [&](const EqualRows& a, const EqualRows& b) {
    return order[0].descending ? comesBefore(b.value, a.value) : comesBefore(a.value, b.value);
  });
  for (std::size_t i = 0; i < values->size(); ++i) {
    const auto differs = [&](std::size_t k) {
      return comesBefore((*values)[k].value, (*values)[i].value) ||
             comesBefore((*values)[i].value, (*values)[k].value);
    };
    // Equal values of several parts stand side by side: the other keys decide among them.
    const bool begins = i == 0 || differs(i - 1);
    if (begins && static_cast<std::int64_t>(found.size()) >= most) break;
    const auto more = best(others, (*values)[i].rows, most);
    if (!more) return std::nullopt;
    found.insert(found.end(), more->begin(), more->end());
  }
  return found;
}

}  // namespace console
