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

std::string wholeText(double value, char conversion) {
  if (std::isnan(value)) return "nan";
  const double limited = std::clamp(value, -9.2e18, 9.2e18);
  const auto number = static_cast<std::int64_t>(limited);
  if (conversion == 'd' || conversion == 'i' || conversion == 'u') return std::to_string(number);
  std::array<char, 32> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(),
                                    static_cast<std::uint64_t>(number), conversion == 'o' ? 8 : 16);
  std::string text(buffer.data(), result.ptr);
  if (conversion == 'X') {
    for (char& c : text) c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c;
  }
  return text;
}

std::string numberText(double value, char conversion, const Specification& s) {
  const int precision = s.precision < 0 ? 6 : s.precision;
  std::string text;
  if (std::string_view("fF").find(conversion) != std::string_view::npos) {
    text = toChars(value, std::chars_format::fixed, precision);
  } else if (std::string_view("eE").find(conversion) != std::string_view::npos) {
    text = toChars(value, std::chars_format::scientific, precision);
  } else if (std::string_view("gG").find(conversion) != std::string_view::npos) {
    text = toChars(value, std::chars_format::general, std::max(precision, 1));
  } else {
    text = wholeText(value, conversion);
    const std::size_t sign = text.starts_with('-') ? 1 : 0;
    const auto digits = static_cast<std::size_t>(std::max(s.precision, 0));
    if (text.size() - sign < digits) text.insert(sign, digits - (text.size() - sign), '0');
  }
  if (!text.starts_with('-') && (s.plus || s.blank)) text.insert(0, 1, s.plus ? '+' : ' ');
  return text;
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
  std::string nextText() {
    return m_next < m_arguments.count ? m_arguments.text(m_next++) : (++m_next, std::string());
  }

  std::size_t count() {
    if (m_at < m_format.size() && m_format[m_at] == '*') {
      ++m_at;
      return static_cast<std::size_t>(std::clamp(nextNumber(), 0.0, double{kWidthLimit}));
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
      } else if (c != '#' && c != '\'') {
        break;
      }
    }
    s.width = count();
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
    return padded(numberText(nextNumber(), c, s), s, true);
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
    } else if (c == 'e') {
      result += '\x1b';
    } else {
      result += '\\';
      result += c;
    }
  }
  return result;
}

}  // namespace console
