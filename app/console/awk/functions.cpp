// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/awk/functions.h"

#include <algorithm>
#include <cmath>

#include "base/portable_math.h"
#include "base/text.h"

namespace console::awk {
namespace {

Value substring(const std::string& text, const std::vector<Value>& v) {
  const double from = std::round(v[1].asNumber());
  const double end = v.size() > 2 ? from + std::round(v[2].asNumber()) : 1e18;
  const double first = std::max(from, 1.0);
  const double last = std::min(end, static_cast<double>(text.size()) + 1);
  if (!(first < last)) return Value::of(std::string());
  return Value::of(
      text.substr(static_cast<std::size_t>(first) - 1, static_cast<std::size_t>(last - first)));
}

std::string upper(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return text;
}

}  // namespace

std::optional<Value> plainFunction(const std::string& name, const std::vector<Value>& v,
                                   const std::string& record) {
  const double number = v.empty() ? 0 : v[0].asNumber();
  const std::string text = v.empty() ? record : v[0].asText();
  if (name == "length") return Value::of(static_cast<double>(text.size()));
  if (name == "substr" && v.size() >= 2) return substring(text, v);
  if (name == "index" && v.size() == 2) {
    const std::size_t at = text.find(v[1].asText());
    return Value::of(at == std::string::npos ? 0.0 : static_cast<double>(at + 1));
  }
  if (name == "tolower") return Value::of(base::lower(text));
  if (name == "toupper") return Value::of(upper(text));
  if (name == "int") return Value::of(std::trunc(number));
  if (name == "sqrt") return Value::of(std::sqrt(number));
  if (name == "exp") return Value::of(base::portableExp(std::clamp(number, -700.0, 700.0)));
  if (name == "log") {
    return Value::of(number > 0    ? base::portableLog(number)
                     : number == 0 ? -HUGE_VAL
                                   : std::nan(""));
  }
  if (name == "close" || name == "fflush") return Value::of(0.0);
  return std::nullopt;
}

std::vector<std::string> splitPlainly(const std::string& text, const std::string& separator) {
  std::vector<std::string> parts;
  if (text.empty()) return parts;
  if (separator == " ") {
    std::size_t at = text.find_first_not_of(" \t\n");
    while (at != std::string::npos) {
      const std::size_t end = text.find_first_of(" \t\n", at);
      parts.push_back(text.substr(at, end == std::string::npos ? end : end - at));
      at = end == std::string::npos ? end : text.find_first_not_of(" \t\n", end);
    }
    return parts;
  }
  if (!separator.empty()) return base::split(text, separator[0]);
  for (const char c : text) parts.emplace_back(1, c);
  return parts;
}

std::string replacement(const std::string& with, const std::string& match) {
  std::string result;
  for (std::size_t i = 0; i < with.size(); ++i) {
    if (with[i] == '\\' && i + 1 < with.size() && with[i + 1] == '&') {
      result += with[++i];
    } else if (with[i] == '&') {
      result += match;
    } else {
      result += with[i];
    }
  }
  return result;
}

double power(double number, double exponent) {
  if (exponent == std::floor(exponent) && std::abs(exponent) <= 1024) {
    double result = 1;
    for (int i = 0; i < static_cast<int>(std::abs(exponent)); ++i) result *= number;
    return exponent < 0 ? 1 / result : result;
  }
  if (!(number > 0)) return number == 0 ? 0.0 : std::nan("");
  return base::portableExp(std::clamp(exponent * base::portableLog(number), -700.0, 700.0));
}

}  // namespace console::awk
