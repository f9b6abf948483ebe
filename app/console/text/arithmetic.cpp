// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/text/arithmetic.h"

#include <algorithm>
#include <charconv>

#include "console/text/parameter.h"

namespace console {
namespace {

struct Wrong {
  std::string text;
};

// Sums wrap as bash's 64-bit numbers do.
std::int64_t wrapped(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}

using Read = std::function<std::string(const std::string&)>;
using Write = std::function<void(const std::string&, const std::string&)>;

class Sum {
 public:
  Sum(std::string_view text, const Read& variable, const Write& assign)
      : m_text(text), m_variable(variable), m_assign(assign) {}

  std::int64_t run() {
    blanks();
    if (m_at >= m_text.size()) return 0;
    const std::int64_t value = list();
    if (m_at < m_text.size()) fail();
    return value;
  }

 private:
  [[noreturn]] void fail() const {
    throw Wrong{"syntax error in expression (error token is \"" +
                std::string(m_text.substr(std::min(m_at, m_text.size()))) + "\")"};
  }
  // Nothing stands where a number was expected.
  [[noreturn]] void missing() const {
    const std::size_t from = m_at < m_text.size() ? m_at : m_taken;
    throw Wrong{"syntax error: operand expected (error token is \"" +
                std::string(m_text.substr(std::min(from, m_text.size()))) + "\")"};
  }
  [[nodiscard]] std::string from(std::size_t place) const {
    return std::string(m_text.substr(std::min(place, m_text.size())));
  }
  void blanks() {
    while (m_at < m_text.size() &&
           std::string_view(" \t\n").find(m_text[m_at]) != std::string_view::npos)
      ++m_at;
  }
  bool take(std::string_view op) {
    if (m_text.substr(m_at, op.size()) != op) return false;
    m_taken = m_at;
    m_at += op.size();
    blanks();
    return true;
  }

  std::int64_t list() {
    std::int64_t value = choice();
    while (take(",")) value = choice();
    return value;
  }

  // NAME = SUM, NAME += SUM, ..., or A ? B : C.
  std::int64_t choice() {
    if (++m_depth > 100) fail();
    const std::size_t start = m_at;
    const std::string name = word();
    std::int64_t value = 0;
    const std::string_view op = name.empty() ? "" : assignment();
    if (!op.empty()) {
      const std::size_t place = m_at;
      value = choice();
      if (op != "=") {
        const std::string_view plain = op.substr(0, op.size() - 1);
        if (value == 0 && !m_quiet) mayDivide(plain, place);
        value = combined(plain, valueOf(name), value);
      }
      store(name, value);
    } else {
      m_at = start;
      value = level(0);
      if (take("?")) {
        const Quiet quiet(*this, value == 0);
        const std::int64_t yes = list();
        if (!take(":")) fail();
        m_quiet = quiet.before || value != 0;
        const std::int64_t no = choice();
        value = value != 0 ? yes : no;
      }
    }
    --m_depth;
    return value;
  }

  // What is not chosen assigns nothing.
  struct Quiet {
    Quiet(Sum& sum, bool now) : of(sum), before(sum.m_quiet) { of.m_quiet = before || now; }
    ~Quiet() { of.m_quiet = before; }
    Quiet(const Quiet&) = delete;
    Quiet& operator=(const Quiet&) = delete;
    Sum& of;
    const bool before;
  };

  std::string_view assignment() {
    static constexpr std::string_view kOperators[] = {
        "<<=", ">>=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^="};
    for (const std::string_view op : kOperators) {
      if (take(op)) return op;
    }
    if (m_text.substr(m_at, 2) != "==" && take("=")) return "=";
    return {};
  }

  void store(const std::string& name, std::int64_t value) {
    if (name[0] >= '0' && name[0] <= '9') {
      throw Wrong{"attempted assignment to non-variable (error token is \"=\")"};
    }
    if (m_assign && !m_quiet) m_assign(name, std::to_string(value));
  }

  // Loosest first: || && | ^ & equality, order, shifts, + -, * / %.
  std::int64_t level(int depth) {
    constexpr int kLevels = 10;
    if (depth == kLevels) return power();
    static constexpr std::string_view kOperators[kLevels][4] = {{"||"},
                                                                {"&&"},
                                                                {"|"},
                                                                {"^"},
                                                                {"&"},
                                                                {"==", "!="},
                                                                {"<=", ">=", "<", ">"},
                                                                {"<<", ">>"},
                                                                {"+", "-"},
                                                                {"*", "/", "%"}};
    std::int64_t left = level(depth + 1);
    while (true) {
      std::string_view found;
      for (const std::string_view op : kOperators[depth]) {
        if (!found.empty() || op.empty() || longer(op)) continue;
        if (take(op)) found = op;
      }
      if (found.empty()) return left;
      const Quiet quiet(*this, (found == "||" && left != 0) || (found == "&&" && left == 0));
      const std::size_t place = m_at;
      const std::int64_t right = level(depth + 1);
      if (right == 0 && !m_quiet) mayDivide(found, place);
      left = combined(found, left, right);
    }
  }

  // Whether what stands here is another operator that only begins with op.
  [[nodiscard]] bool longer(std::string_view op) const {
    static constexpr std::string_view kLonger[] = {"||", "&&", "<<", ">>", "<=", ">=", "**"};
    for (const std::string_view other : kLonger) {
      if (other.size() > op.size() && other.starts_with(op) &&
          m_text.substr(m_at, other.size()) == other) {
        return true;
      }
    }
    return false;
  }

  std::int64_t power() {
    const std::int64_t base = unary();
    if (!take("**")) return base;
    if (++m_depth > 100) fail();
    const std::int64_t times = power();
    --m_depth;
    if (times < 0) throw Wrong{"exponent less than 0 (error token is \"" + from(m_at) + "\")"};
    std::uint64_t value = 1, square = static_cast<std::uint64_t>(base);
    for (auto left = static_cast<std::uint64_t>(times); left > 0; left /= 2) {
      if (left % 2 == 1) value *= square;
      square *= square;
    }
    return wrapped(value);
  }

  // By the zero that stands at a place.
  void mayDivide(std::string_view op, std::size_t place) const {
    if (op == "/" || op == "%")
      throw Wrong{"division by 0 (error token is \"" + from(place) + "\")"};
  }

  static std::int64_t combined(std::string_view op, std::int64_t a, std::int64_t b) {
    const auto x = static_cast<std::uint64_t>(a), y = static_cast<std::uint64_t>(b);
    if (op == "+") return wrapped(x + y);
    if (op == "-") return wrapped(x - y);
    if (op == "*") return wrapped(x * y);
    if (op == "/" || op == "%") {
      if (b == 0) return 0;  // it is not asked for
      if (b == -1) return op == "/" ? wrapped(0 - x) : 0;
      return op == "/" ? a / b : a % b;
    }
    if (op == "<<") return wrapped(x << (y % 64));
    if (op == ">>") return a >> (y % 64);
    if (op == "&") return wrapped(x & y);
    if (op == "|") return wrapped(x | y);
    if (op == "^") return wrapped(x ^ y);
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
    if (take("++")) {
      value = stepped(true);
    } else if (take("--")) {
      value = stepped(false);
    } else if (take("-")) {
      value = wrapped(0 - static_cast<std::uint64_t>(unary()));
    } else if (take("+")) {
      value = unary();
    } else if (take("!")) {
      value = unary() == 0 ? 1 : 0;
    } else if (take("~")) {
      value = ~unary();
    } else if (take("(")) {
      value = list();
      if (!take(")")) fail();
    } else {
      value = operand();
    }
    --m_depth;
    return value;
  }

  // ++NAME or --NAME, read past the sign.
  std::int64_t stepped(bool more) {
    const std::string name = word();
    if (name.empty()) fail();
    const std::int64_t value = combined(more ? "+" : "-", valueOf(name), 1);
    store(name, value);
    return value;
  }

  // A name or a number with the blanks after it; empty when none stands here.
  std::string word() {
    static_cast<void>(take("$"));
    const std::size_t start = m_at;
    while (m_at < m_text.size() &&
           ((m_text[m_at] >= '0' && m_text[m_at] <= '9') || m_text[m_at] == '_' ||
            m_text[m_at] == '#' || (m_text[m_at] >= 'a' && m_text[m_at] <= 'z') ||
            (m_text[m_at] >= 'A' && m_text[m_at] <= 'Z'))) {
      ++m_at;
    }
    // NAME[SUBSCRIPT]
    if (m_at > start && m_at < m_text.size() && m_text[m_at] == '[' &&
        (m_text[start] < '0' || m_text[start] > '9')) {
      const std::size_t end = subscriptEnd(m_text, m_at);
      if (end != std::string_view::npos) m_at = end + 1;
    }
    std::string found(m_text.substr(start, m_at - start));
    blanks();
    return found;
  }

  std::int64_t operand() {
    const std::string name = word();
    if (name.empty()) missing();
    const std::int64_t value = valueOf(name);
    for (const std::string_view sign : {"++", "--"}) {
      if ((name[0] < '0' || name[0] > '9') && take(sign)) {
        store(name, combined(sign.substr(0, 1), value, 1));
        break;
      }
    }
    return value;
  }

  // Of a number (decimal, 0octal, 0xhexadecimal, BASE#DIGITS) or a variable that holds one.
  std::int64_t valueOf(std::string text) {
    if (text[0] < '0' || text[0] > '9') text = m_variable(text);
    const bool negative = text.starts_with('-');
    std::string_view digits = std::string_view(text).substr(negative ? 1 : 0);
    int radix = 10;
    if (const std::size_t sign = digits.find('#'); sign == 1 || sign == 2) {
      std::from_chars(digits.data(), digits.data() + sign, radix);
      digits.remove_prefix(sign + 1);
      if (radix < 2 || radix > 36) radix = 10;
    } else if (digits.starts_with("0x") || digits.starts_with("0X")) {
      radix = 16;
      digits.remove_prefix(2);
    } else if (digits.size() > 1 && digits[0] == '0') {
      radix = 8;
    }
    std::int64_t value = 0;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value, radix);
    if (!digits.empty() &&
        (result.ec != std::errc() || result.ptr != digits.data() + digits.size())) {
      throw Wrong{"value too great for base (error token is \"" + text + "\")"};
    }
    return negative ? -value : value;
  }

  std::string_view m_text;
  const Read& m_variable;
  const Write& m_assign;
  bool m_quiet = false;  // nothing is assigned
  std::size_t m_at = 0;
  std::size_t m_taken = 0;  // where the last operator stands
  int m_depth = 0;
};

}  // namespace

base::Result<std::int64_t> arithmeticValue(
    std::string_view text, const std::function<std::string(const std::string&)>& variable,
    const std::function<void(const std::string&, const std::string&)>& assign) {
  try {
    return Sum(text, variable, assign).run();
  } catch (const Wrong& wrong) {
    return base::Error{"syntax", "", wrong.text};
  }
}

}  // namespace console
