// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/text/format.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

#include "base/text.h"

namespace console {
namespace {

constexpr std::size_t kWidthLimit = 4096;

struct Specification {
  bool left = false, zero = false, plus = false, blank = false, alternate = false;
  std::size_t width = 0;
  int precision = -1;
};

std::string toChars(double value, std::chars_format form, int precision) {
  std::array<char, 512> buffer{};
  const auto result =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, form, precision);
  return result.ec == std::errc() ? std::string(buffer.data(), result.ptr) : "inf";
}

std::string wholeText(std::int64_t number, char conversion, bool alternate) {
  if (conversion == 'd' || conversion == 'i') return std::to_string(number);
  if (conversion == 'u') return std::to_string(static_cast<std::uint64_t>(number));
  std::array<char, 32> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(),
                                    static_cast<std::uint64_t>(number), conversion == 'o' ? 8 : 16);
  std::string text(buffer.data(), result.ptr);
  if (alternate && number != 0) text.insert(0, conversion == 'o' ? "0" : "0x");
  if (conversion == 'X') {
    for (char& c : text) c = c >= 'a' && c <= 'x' ? static_cast<char>(c - 32) : c;
  }
  return text;
}

std::int64_t wholeOf(double value) {
  return static_cast<std::int64_t>(std::isnan(value) ? 0.0 : std::clamp(value, -9.2e18, 9.2e18));
}

std::string signedText(std::string text, const Specification& s) {
  if (!text.starts_with('-') && (s.plus || s.blank)) text.insert(0, 1, s.plus ? '+' : ' ');
  return text;
}

std::string integerText(std::int64_t value, char conversion, const Specification& s) {
  std::string text = wholeText(value, conversion, s.alternate);
  const std::size_t sign = text.starts_with('-') ? 1 : 0;
  const auto digits = static_cast<std::size_t>(std::max(s.precision, 0));
  if (text.size() - sign < digits) text.insert(sign, digits - (text.size() - sign), '0');
  return conversion == 'd' || conversion == 'i' ? signedText(std::move(text), s) : text;
}

std::string numberText(double value, char conversion, const Specification& s) {
  const int precision = s.precision < 0 ? 6 : s.precision;
  std::string text;
  if (std::string_view("fF").find(conversion) != std::string_view::npos) {
    text = toChars(value, std::chars_format::fixed, precision);
  } else if (std::string_view("eE").find(conversion) != std::string_view::npos) {
    text = toChars(value, std::chars_format::scientific, precision);
  } else {
    text = toChars(value, std::chars_format::general, std::max(precision, 1));
  }
  if (conversion >= 'A' && conversion <= 'Z') {
    for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  }
  return signedText(std::move(text), s);
}

std::string padded(std::string text, const Specification& s, bool number) {
  if (text.size() >= s.width) return text;
  const std::size_t missing = s.width - text.size();
  if (s.left) return text + std::string(missing, ' ');
  if (s.zero && number) {
    const std::size_t sign = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
    return text.insert(sign, missing, '0');
  }
  return std::string(missing, ' ') + text;
}

class Formatter {
 public:
  Formatter(std::string_view format, const FormatArguments& arguments, std::size_t& next)
      : m_format(format), m_arguments(arguments), m_next(next) {}

  std::string run() {
    std::string text;
    while (m_at < m_format.size()) {
      const char c = m_format[m_at++];
      if (c != '%' || m_at >= m_format.size()) {
        text += c;
      } else if (m_format[m_at] == '%') {
        text += '%';
        ++m_at;
      } else {
        text += conversion();
      }
    }
    return text;
  }

 private:
  double nextNumber() {
    return m_next < m_arguments.count ? m_arguments.number(m_next++) : (++m_next, 0.0);
  }
  std::int64_t nextWhole() {
    if (!m_arguments.whole) return wholeOf(nextNumber());
    return m_next < m_arguments.count ? m_arguments.whole(m_next++) : (++m_next, 0);
  }
  std::string nextText() {
    return m_next < m_arguments.count ? m_arguments.text(m_next++) : (++m_next, std::string());
  }

  // left: set by a negative number in place of *.
  std::size_t count(bool* left = nullptr) {
    if (m_at < m_format.size() && m_format[m_at] == '*') {
      ++m_at;
      const double given = nextNumber();
      if (given < 0 && left != nullptr) *left = true;
      return static_cast<std::size_t>(std::clamp(std::abs(given), 0.0, double{kWidthLimit}));
    }
    std::size_t value = 0;
    while (m_at < m_format.size() && m_format[m_at] >= '0' && m_format[m_at] <= '9') {
      value = std::min(value * 10 + static_cast<std::size_t>(m_format[m_at++] - '0'), kWidthLimit);
    }
    return value;
  }

  std::string conversion() {
    const std::size_t start = m_at - 1;
    Specification s;
    for (; m_at < m_format.size(); ++m_at) {
      const char c = m_format[m_at];
      if (c == '-') {
        s.left = true;
      } else if (c == '0') {
        s.zero = true;
      } else if (c == '+') {
        s.plus = true;
      } else if (c == ' ') {
        s.blank = true;
      } else if (c == '#') {
        s.alternate = true;
      } else if (c != '\'') {
        break;
      }
    }
    s.width = count(&s.left);
    if (m_at < m_format.size() && m_format[m_at] == '.') {
      ++m_at;
      s.precision = static_cast<int>(std::min<std::size_t>(count(), 300));
    }
    while (m_at < m_format.size() && (m_format[m_at] == 'l' || m_format[m_at] == 'h')) ++m_at;
    if (m_at >= m_format.size()) return std::string(m_format.substr(start));
    const char c = m_format[m_at++];
    if (c == 's' || c == 'b') {
      std::string text = c == 'b' ? unescapedText(nextText()) : nextText();
      if (s.precision >= 0) text = text.substr(0, static_cast<std::size_t>(s.precision));
      return padded(std::move(text), s, false);
    }
    if (c == 'c') return padded(nextText().substr(0, 1), s, false);
    if (std::string_view("diuoxXeEfFgG").find(c) == std::string_view::npos) {
      return std::string(m_format.substr(start, m_at - start));
    }
    if (std::string_view("diuoxX").find(c) == std::string_view::npos) {
      return padded(numberText(nextNumber(), c, s), s, true);
    }
    const std::string text = integerText(nextWhole(), c, s);
    if (s.precision >= 0) s.zero = false;
    return padded(text, s, true);
  }

  std::string_view m_format;
  const FormatArguments& m_arguments;
  std::size_t& m_next;
  std::size_t m_at = 0;
};

}  // namespace

double leadingDouble(std::string_view text, std::size_t* used) {
  std::size_t start = text.find_first_not_of(" \t\n\r");
  if (start == std::string_view::npos) start = text.size();
  std::size_t at = start;
  const bool negative = at < text.size() && text[at] == '-';
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
  const bool digits =
      at < text.size() &&
      ((text[at] >= '0' && text[at] <= '9') ||
       (text[at] == '.' && at + 1 < text.size() && text[at + 1] >= '0' && text[at + 1] <= '9'));
  double value = 0;
  std::size_t end = 0;
  if (digits) {
    const auto result = std::from_chars(text.data() + at, text.data() + text.size(), value);
    end = static_cast<std::size_t>(result.ptr - text.data());
  }
  if (used != nullptr) *used = end;
  return negative ? -value : value;
}

std::string generalText(double value, int precision) {
  if (std::isnan(value)) return "nan";
  return toChars(value, std::chars_format::general, precision);
}

std::string formatText(std::string_view format, const FormatArguments& arguments,
                       std::size_t& next) {
  return Formatter(format, arguments, next).run();
}

namespace {

// \xHH, \uHHHH or \UHHHHHHHH whose letter stands at i; where its last byte does.
std::size_t addHexadecimal(std::string_view text, std::size_t i, std::string& result) {
  const char kind = text[i];
  const std::size_t most = kind == 'x' ? 2 : kind == 'u' ? 4 : 8;
  std::uint32_t value = 0;
  const std::string_view digits = text.substr(i + 1, most);
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  const auto used = static_cast<std::size_t>(read.ptr - digits.data());
  if (used == 0 || digits[0] == '-') {
    result += {'\\', kind};
    return i;
  }
  if (kind == 'x' || value < 0x80) {
    result += static_cast<char>(value & 0xFF);
  } else {
    const int more = value < 0x800 ? 1 : value < 0x10000 ? 2 : 3;
    const std::uint32_t head = more == 1 ? 0xC0U : more == 2 ? 0xE0U : 0xF0U;
    result += static_cast<char>(head | (value >> (6 * more) & 0x3FU));
    for (int k = more - 1; k >= 0; --k)
      result += static_cast<char>(0x80U | (value >> (6 * k) & 0x3FU));
  }
  return i + used;
}

}  // namespace

std::string unescapedText(std::string_view text) {
  static constexpr std::string_view kLetters = "ntra\\\"/bfv", kMeanings = "\n\t\r\a\\\"/\b\f\v";
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 >= text.size()) {
      result += text[i];
      continue;
    }
    const char c = text[++i];
    const std::size_t known = kLetters.find(c);
    if (known != std::string_view::npos) {
      result += kMeanings[known];
    } else if (c >= '0' && c <= '7') {
      int value = 0;
      const std::size_t end = std::min(text.size(), i + (c == '0' ? 4 : 3));
      for (; i < end && text[i] >= '0' && text[i] <= '7'; ++i) value = value * 8 + (text[i] - '0');
      --i;
      result += static_cast<char>(value & 0xFF);
    } else if (c == 'x' || c == 'u' || c == 'U') {
      i = addHexadecimal(text, i, result);
    } else if (c == 'e' || c == 'E') {
      result += '\x1b';
    } else {
      result += '\\';
      result += c;
    }
  }
  return result;
}

}  // namespace console
