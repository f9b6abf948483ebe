// SPDX-License-Identifier: GPL-3.0-or-later
// The functions an Evaluator knows.
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "console/sql/plan/evaluate.h"

namespace console {
namespace {

constexpr std::int64_t kVarlenaHeader = 4;
constexpr std::int64_t kMostText = 0x3FFFFFFF;  // MaxAllocSize

std::string upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  }
  return text;
}

}  // namespace

std::optional<Value> Evaluator::call(const Expr& expr) {
  std::vector<Value> args;
  for (const Expr& one : expr.args) {
    std::optional<Value> value = evaluate(one);
    if (!value) return std::nullopt;
    args.push_back(std::move(*value));
  }
  bool known = false;
  std::optional<Value> result = textCall(expr, args, known);
  if (!known) result = otherCall(expr, args, known);
  if (known) return result;
  if (m_scope.function) {
    std::optional<SqlFailure> failure;
    result = m_scope.function(expr, args, failure);
    if (failure) {
      m_failure = std::move(failure);
      return std::nullopt;
    }
    if (result) return result;
  }
  if (expr.text == "generate_series") {
    return refuse("0A000", "set-valued function called in context that cannot accept a set",
                  expr.at);
  }
  std::string types;
  for (const Value& value : args) types += (types.empty() ? "" : ", ") + valueTypeName(value);
  return refuse("42883", "function " + expr.text + "(" + types + ") does not exist", expr.at, {},
                "No function matches the given name and argument types. You might need to add "
                "explicit type casts.");
}

std::optional<Value> Evaluator::repeated(const Value& text, std::int64_t times, std::size_t at) {
  times = std::max<std::int64_t>(times, 0);
  std::int64_t bytes = 0;
  if (__builtin_mul_overflow(text.size, times, &bytes) || bytes > kMostText - kVarlenaHeader) {
    return refuse("54000", "requested length too large", std::string::npos);
  }
  if (bytes > static_cast<std::int64_t>(kKeptText) && !room(bytes + kVarlenaHeader, at)) {
    return std::nullopt;
  }
  std::string kept;
  for (std::int64_t i = 0; i < times && kept.size() < kKeptText && text.size > 0; ++i) {
    kept += text.text;
  }
  Value value = textValue(std::move(kept));
  value.size = bytes;
  return value;
}

// format() with %s, %I, %L and %%.
std::optional<Value> Evaluator::format(const std::vector<Value>& args, std::size_t) {
  const std::string& pattern = args[0].text;
  std::string out;
  std::size_t next = 1;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%' || i + 1 >= pattern.size()) {
      out += pattern[i];
      continue;
    }
    const char kind = pattern[++i];
    if (kind == '%') {
      out += '%';
    } else if (kind == 's' || kind == 'I' || kind == 'L') {
      if (next >= args.size()) {
        return refuse("22023", "too few arguments for format()", std::string::npos);
      }
      const std::string text = valueText(args[next++]);
      out += kind == 'L' ? "'" + base::replaceAll(text, "'", "''") + "'" : text;
    } else {
      return refuse("22023",
                    "unrecognized format() type specifier \"" + std::string(1, kind) + "\"",
                    std::string::npos, {}, "For a single \"%\" use \"%%\".");
    }
  }
  return textValue(std::move(out));
}

std::optional<Value> Evaluator::arrayFill(const std::vector<Value>& args, std::size_t) {
  constexpr std::int64_t kMostElements = 134'217'727;  // MaxArraySize
  std::int64_t elements = args[1].element != nullptr ? args[1].element->whole : 0;
  if (elements > kMostElements) {
    return refuse("54000",
                  "array size exceeds the maximum allowed (" + std::to_string(kMostElements) + ")",
                  std::string::npos);
  }
  elements = std::max<std::int64_t>(elements, 0);
  const std::int64_t each = args[0].type == ValueType::Integer ? 4
                            : args[0].textual()                ? args[0].size + 4
                                                               : 8;
  constexpr std::int64_t kArrayHeader = 24;
  if (elements * each > static_cast<std::int64_t>(kKeptText) &&
      !room(elements * each + kArrayHeader, 0)) {
    return std::nullopt;
  }
  Value array;
  array.type = ValueType::Array;
  array.size = elements;
  array.bytes = elements * each;
  array.element = std::make_shared<const Value>(args[0]);
  return array;
}

std::optional<Value> Evaluator::textCall(const Expr& expr, const std::vector<Value>& args,
                                         bool& known) {
  const std::string& name = expr.text;
  const std::size_t count = args.size();
  known = true;
  if (name == "format" && count > 0) return format(args, expr.at);
  if (name == "concat") {
    std::string text;
    for (const Value& value : args) text += value.null() ? "" : valueText(value);
    return textValue(std::move(text));
  }
  const bool anyNull =
      std::any_of(args.begin(), args.end(), [](const Value& v) { return v.null(); });
  if (name == "repeat" && count == 2) {
    return anyNull ? Value{} : repeated(args[0], args[1].whole, expr.at);
  }
  if ((name == "length" || name == "char_length" || name == "octet_length") && count == 1) {
    return anyNull ? Value{} : integerValue(args[0].textual() ? args[0].size : 0);
  }
  if (name == "md5" && count == 1 && (args[0].textual() || anyNull)) {
    return anyNull ? Value{} : textValue(md5Hex(args[0].text));
  }
  if (name == "upper" && count == 1) return anyNull ? Value{} : textValue(upper(args[0].text));
  if (name == "lower" && count == 1)
    return anyNull ? Value{} : textValue(base::lower(args[0].text));
  if (name == "left" && count == 2) {
    return anyNull ? Value{}
                   : textValue(args[0].text.substr(
                         0, static_cast<std::size_t>(std::max<std::int64_t>(args[1].whole, 0))));
  }
  if ((name == "substr" || name == "substring") && count >= 2) {
    if (anyNull) return Value{};
    const auto from = static_cast<std::size_t>(std::max<std::int64_t>(args[1].whole - 1, 0));
    const auto length = count > 2
                            ? static_cast<std::size_t>(std::max<std::int64_t>(args[2].whole, 0))
                            : std::string::npos;
    return textValue(from < args[0].text.size() ? args[0].text.substr(from, length)
                                                : std::string());
  }
  if (name == "lpad" && count >= 2) {
    const auto wide = static_cast<std::size_t>(std::clamp<std::int64_t>(args[1].whole, 0, 65536));
    const std::string fill = count > 2 && !args[2].text.empty() ? args[2].text.substr(0, 1) : " ";
    std::string text = valueText(args[0]).substr(0, wide);
    while (text.size() < wide) text.insert(0, fill);
    return textValue(std::move(text));
  }
  known = false;
  return std::nullopt;
}

std::optional<Value> Evaluator::otherCall(const Expr& expr, const std::vector<Value>& args,
                                          bool& known) {
  const std::string& name = expr.text;
  const std::size_t count = args.size();
  known = true;
  if (name == "array_fill" && count == 2) return arrayFill(args, expr.at);
  if ((name == "array_length" && count == 2) || (name == "cardinality" && count == 1)) {
    return args[0].size > 0 ? integerValue(args[0].size) : Value{};
  }
  if (name == "array_append" && count == 2) {
    Value array = args[0];
    array.type = ValueType::Array;
    ++array.size;
    array.bytes += args[1].textual() ? args[1].size : 8;
    return array;
  }
  if (name == "coalesce") {
    for (const Value& value : args) {
      if (!value.null()) return value;
    }
    return Value{};
  }
  if (name == "abs" && count == 1) {
    if (args[0].null()) return Value{};
    if (args[0].integral()) return integerValue(std::abs(args[0].whole));
    Value value = args[0];
    value.real = std::abs(value.real);
    return value;
  }
  if ((name == "floor" || name == "ceil" || name == "round" || name == "trunc") && count >= 1) {
    if (args[0].null() || args[0].integral()) return args[0];
    const double x = args[0].real;
    const int digits =
        count > 1 ? static_cast<int>(std::clamp<std::int64_t>(args[1].whole, 0, 16)) : 0;
    if (name == "round") return numericValue(x, digits);
    return numericValue(name == "floor"  ? std::floor(x)
                        : name == "ceil" ? std::ceil(x)
                                         : std::trunc(x),
                        0);
  }
  if (name == "mod" && count == 2) {
    Expr modulo = expr;
    modulo.text = "%";
    return arithmetic(modulo, args[0], args[1]);
  }
  if (name == "pg_column_size" && count == 1) {
    return integerValue(args[0].textual() ? args[0].size + 4 : 8);
  }
  known = false;
  return std::nullopt;
}

}  // namespace console
