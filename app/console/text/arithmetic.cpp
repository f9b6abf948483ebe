// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/text/arithmetic.h"

#include <charconv>

namespace console {
namespace {

struct Wrong {
  std::string text;
};

// Sums wrap as bash's 64-bit numbers do.
std::int64_t wrapped(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}

class Sum {
 public:
  Sum(std::string_view text, const std::function<std::string(const std::string&)>& variable)
      : m_text(text), m_variable(variable) {}

  std::int64_t run() {
    blanks();
    if (m_at >= m_text.size()) return 0;
    const std::int64_t value = level(0);
    if (m_at < m_text.size()) fail();
    return value;
  }

 private:
  [[noreturn]] void fail() const {
    throw Wrong{"syntax error in expression (error token is \"" +
                std::string(m_text.substr(std::min(m_at, m_text.size()))) + "\")"};
  }
  void blanks() {
    while (m_at < m_text.size() && (m_text[m_at] == ' ' || m_text[m_at] == '\t')) ++m_at;
  }
  bool take(std::string_view op) {
    if (m_text.substr(m_at, op.size()) != op) return false;
    m_at += op.size();
    blanks();
    return true;
  }

  // Loosest first: || && comparisons, + -, * / %.
  std::int64_t level(int depth) {
    if (depth > 4) return unary();
    static constexpr std::string_view kOperators[5][6] = {
        {"||"}, {"&&"}, {"==", "!=", "<=", ">=", "<", ">"}, {"+", "-"}, {"*", "/", "%"}};
    std::int64_t left = level(depth + 1);
    while (true) {
      std::string_view found;
      for (const std::string_view op : kOperators[depth]) {
        if (found.empty() && !op.empty() && take(op)) found = op;
      }
      if (found.empty()) return left;
      left = combined(found, left, level(depth + 1));
    }
  }

  static std::int64_t combined(std::string_view op, std::int64_t a, std::int64_t b) {
    const auto x = static_cast<std::uint64_t>(a), y = static_cast<std::uint64_t>(b);
    if (op == "+") return wrapped(x + y);
    if (op == "-") return wrapped(x - y);
    if (op == "*") return wrapped(x * y);
    if (op == "/" || op == "%") {
      if (b == 0) throw Wrong{"division by 0 (error token is \"0\")"};
      if (b == -1) return op == "/" ? wrapped(0 - x) : 0;
      return op == "/" ? a / b : a % b;
    }
    if (op == "||") return a != 0 || b != 0 ? 1 : 0;
    if (op == "&&") return a != 0 && b != 0 ? 1 : 0;
    if (op == "==") return a == b ? 1 : 0;
    if (op == "!=") return a != b ? 1 : 0;
    if (op == "<=") return a <= b ? 1 : 0;
    if (op == ">=") return a >= b ? 1 : 0;
    return (op == "<" ? a < b : a > b) ? 1 : 0;
  }

  std::int64_t unary() {
    if (++m_depth > 100) fail();
    std::int64_t value = 0;
    if (take("-")) {
      value = wrapped(0 - static_cast<std::uint64_t>(unary()));
    } else if (take("+")) {
      value = unary();
    } else if (take("!")) {
      value = unary() == 0 ? 1 : 0;
    } else if (take("(")) {
      value = level(0);
      if (!take(")")) fail();
    } else {
      value = operand();
    }
    --m_depth;
    return value;
  }

  std::int64_t operand() {
    const std::size_t start = m_at;
    if (take("$")) return operand();
    while (m_at < m_text.size() &&
           ((m_text[m_at] >= '0' && m_text[m_at] <= '9') || m_text[m_at] == '_' ||
            (m_text[m_at] >= 'a' && m_text[m_at] <= 'z') ||
            (m_text[m_at] >= 'A' && m_text[m_at] <= 'Z'))) {
      ++m_at;
    }
    if (m_at == start) fail();
    std::string word(m_text.substr(start, m_at - start));
    blanks();
    if (word[0] < '0' || word[0] > '9') word = m_variable(word);
    std::int64_t value = 0;
    const auto result = std::from_chars(word.data(), word.data() + word.size(), value);
    if (!word.empty() && (result.ec != std::errc() || result.ptr != word.data() + word.size())) {
      throw Wrong{"value too great for base (error token is \"" + word + "\")"};
    }
    return value;
  }

  std::string_view m_text;
  const std::function<std::string(const std::string&)>& m_variable;
  std::size_t m_at = 0;
  int m_depth = 0;
};

}  // namespace

base::Result<std::int64_t> arithmeticValue(
    std::string_view text, const std::function<std::string(const std::string&)>& variable) {
  try {
    return Sum(text, variable).run();
  } catch (const Wrong& wrong) {
    return base::Error{"syntax", "", wrong.text};
  }
}

}  // namespace console
