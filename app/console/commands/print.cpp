// SPDX-License-Identifier: GPL-3.0-or-later
// Words of the shell that print: echo, printf.
#include <charconv>
#include <optional>

#include "console/interpreter.h"
#include "console/options.h"
#include "console/text/date_format.h"
#include "console/text/format.h"
#include "console/text/quoting.h"

namespace console {
namespace {

// Cuts at \c, which ends all that is printed; false: it was there.
bool upToEnd(std::string& text) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] != '\\') continue;
    if (text[i + 1] == 'c') {
      text.resize(i);
      return false;
    }
    ++i;
  }
  return true;
}

int runEcho(Call& call) {
  std::size_t first = 1;
  bool newline = true, escapes = false;
  for (; first < call.args.size(); ++first) {
    const std::string& argument = call.args[first];
    const bool option = argument.size() > 1 && argument[0] == '-' &&
                        argument.find_first_not_of("neE", 1) == std::string::npos;
    if (!option) break;
    for (const char c : argument) {
      if (c == 'n') newline = false;
      if (c == 'e' || c == 'E') escapes = c == 'e';
    }
  }
  std::string text;
  for (std::size_t i = first; i < call.args.size(); ++i)
    text += (i > first ? " " : "") + call.args[i];
  if (escapes && !upToEnd(text)) newline = false;
  call.print((escapes ? unescapedText(text) : text) + (newline ? "\n" : ""));
  return 0;
}

class Printf {
 public:
  Printf(Call& call, std::size_t first)
      : m_call(call), m_format(call.args[first]), m_first(first + 1) {}

  // The format serves again until all arguments are used up.
  int run(std::string& text) {
    std::size_t before = 0;
    do {
      before = m_next;
      once(text);
    } while (!m_ended && m_next > before && m_next < count() && text.size() < kOutputLimit);
    return m_code;
  }

 private:
  [[nodiscard]] std::size_t count() const { return m_call.args.size() - m_first; }
  [[nodiscard]] const std::string& argument(std::size_t i) const {
    return m_call.args[m_first + i];
  }

  void once(std::string& text) {
    std::size_t at = 0;
    while (at < m_format.size() && !m_ended) {
      const std::size_t sign = std::min(m_format.find('%', at), m_format.size());
      std::string plain = m_format.substr(at, sign - at);
      m_ended = !upToEnd(plain);
      text += unescapedText(plain);
      if (m_ended || sign == m_format.size()) return;
      at = conversion(sign, text);
    }
  }

  // One specification whose % stands at sign; where what follows it begins.
  std::size_t conversion(std::size_t sign, std::string& text) {
    std::size_t end = m_format.find_first_not_of("-+ #0123456789.*'", sign + 1);
    if (end == std::string::npos) {
      complain("`" + m_format.substr(sign) + "': missing format character");
      m_ended = true;
      return end;
    }
    const std::string flags = m_format.substr(sign, end - sign);
    if (m_format[end] == '(') {
      const std::size_t close = m_format.find(")T", end);
      if (close != std::string::npos) {
        moment(m_format.substr(end + 1, close - end - 1), flags, text);
        return close + 2;
      }
    }
    while (end < m_format.size() &&
           std::string_view("lhjzt").find(m_format[end]) != std::string_view::npos) {
      ++end;
    }
    const char letter = end < m_format.size() ? m_format[end] : '\0';
    if (letter == '%' && end == sign + 1) {
      text += '%';
    } else if (std::string_view("diouxXeEfFgGcs").find(letter) != std::string_view::npos &&
               letter != 0) {
      text += formatText(flags + letter, arguments(), m_next);
    } else if (letter == 'b') {
      std::string given = next();
      m_ended = !upToEnd(given);
      shown(unescapedText(given), flags, text);
    } else if (letter == 'q') {
      shown(backslashQuoted(next()), flags, text);
    } else {
      complain("`" + std::string(1, letter) + "': invalid format character");
      m_ended = true;
    }
    return end + 1;
  }

  std::string next() { return m_next < count() ? argument(m_next++) : (++m_next, std::string()); }

  // A text of ours in the width that was asked for.
  static void shown(const std::string& given, const std::string& flags, std::string& text) {
    std::size_t none = 0;
    FormatArguments one;
    one.count = 1;
    one.text = [&](std::size_t) { return given; };
    one.number = [](std::size_t) { return 0.0; };
    text += formatText(flags + "s", one, none);
  }

  // %(FORMAT)T of seconds since 1970; -1, and nothing: now.
  void moment(const std::string& format, const std::string& flags, std::string& text) {
    const bool given = m_next < count();
    const std::int64_t seconds = given ? whole(m_next) : -1;
    ++m_next;
    const std::int64_t ms = seconds < 0 && seconds >= -2 ? m_call.unixMs()
                            : seconds > INT64_MAX / 1000 || seconds < INT64_MIN / 1000
                                ? 0
                                : seconds * 1000;
    shown(dateText(format.empty() ? "%X" : format, ms), flags, text);
  }

  FormatArguments arguments() {
    FormatArguments all;
    all.count = count();
    all.text = [this](std::size_t i) { return argument(i); };
    all.whole = [this](std::size_t i) { return whole(i); };
    all.number = [this](std::size_t i) {
      const std::string& text = argument(i);
      if (const auto letter = quotedLetter(text)) return static_cast<double>(*letter);
      std::size_t used = 0;
      const double value = leadingDouble(text, &used);
      if (used != text.size()) complain(text + ": invalid number");
      return value;
    };
    return all;
  }

  // 'A and "A stand for the letter's number.
  static std::optional<std::int64_t> quotedLetter(const std::string& text) {
    if (text.empty() || (text[0] != '\'' && text[0] != '"')) return std::nullopt;
    return text.size() > 1 ? static_cast<unsigned char>(text[1]) : 0;
  }

  std::int64_t whole(std::size_t i) {
    const std::string& text = argument(i);
    if (const auto letter = quotedLetter(text)) return *letter;
    std::string_view digits = text;
    while (digits.starts_with(' ') || digits.starts_with('\t')) digits.remove_prefix(1);
    const bool negative = digits.starts_with('-');
    if (negative || digits.starts_with('+')) digits.remove_prefix(1);
    int radix = 10;
    if (digits.starts_with("0x") || digits.starts_with("0X")) {
      radix = 16;
      digits.remove_prefix(2);
    } else if (digits.size() > 1 && digits[0] == '0') {
      radix = 8;
    }
    std::uint64_t value = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value, radix);
    if (read.ec == std::errc::result_out_of_range) {
      complain("warning: " + text + ": Numerical result out of range");
      return negative ? INT64_MIN : INT64_MAX;
    }
    if (read.ptr != digits.data() + digits.size()) complain(text + ": invalid number");
    return static_cast<std::int64_t>(negative ? 0 - value : value);
  }

  void complain(const std::string& text) { m_code = m_call.failAsShell(text); }

  Call& m_call;
  const std::string m_format;
  std::size_t m_first;
  std::size_t m_next = 0;
  bool m_ended = false;
  int m_code = 0;
};

int runPrintf(Call& call) {
  std::size_t first = 1;
  std::string place;
  if (call.args.size() > 2 && call.args[1] == "-v") {
    place = call.args[2];
    if (!isName(place.substr(0, place.find('[')))) {
      return call.failAsShell("`" + place + "': not a valid identifier", 2);
    }
    first = 3;
  }
  if (first < call.args.size() && call.args[first] == "--") ++first;
  if (first >= call.args.size()) {
    call.complain("printf: usage: printf [-v var] format [arguments]");
    return 2;
  }
  std::string text;
  const int code = Printf(call, first).run(text);
  if (place.empty()) {
    call.print(text);
  } else {
    call.interpreter.expander().setPlace(place, text, call.error);
  }
  return code;
}

constexpr Command kCommands[] = {
    {"echo", "echo [-n] [-e] TEXT...", "print its arguments", runEcho},
    {"printf", "printf [-v NAME] FORMAT TEXT...", "print with a format", runPrintf}};

}  // namespace

std::span<const Command> printCommands() {
  return kCommands;
}

}  // namespace console
