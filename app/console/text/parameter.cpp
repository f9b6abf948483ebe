// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/text/parameter.h"

#include <algorithm>
#include <utility>

#include "console/text/glob.h"
#include "console/text/quoting.h"

namespace console {
namespace {

constexpr std::size_t kMostMatched = 20'000;  // bytes a pattern is tried on: beyond, none fits

// Bytes of the name at the beginning: a variable, an argument's number or a sign.
std::size_t nameLength(std::string_view text) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  if (text.empty()) return 0;
  std::size_t end = 0;
  if (digit(text[0])) {
    while (end < text.size() && digit(text[end])) ++end;
  } else if (letter(text[0])) {
    while (end < text.size() && (letter(text[end]) || digit(text[end]))) ++end;
  } else if (std::string_view("?$#@*!-").find(text[0]) != std::string_view::npos) {
    end = 1;
  }
  return end;
}

// Without the shortest or longest piece at one end that the pattern takes.
std::string without(const std::string& text, const std::string& pattern, GlobEnd end,
                    bool longest) {
  if (text.size() > kMostMatched) return text;
  const std::size_t length = globPiece(pattern, text, end, longest).value_or(0);
  return end == GlobEnd::Front ? text.substr(length) : text.substr(0, text.size() - length);
}

std::string replaced(const std::string& text, const std::string& pattern, const std::string& with,
                     char where) {
  if (pattern.empty()) return where == '#' ? with + text : where == '%' ? text + with : text;
  if (text.size() > kMostMatched / 10) return text;
  if (where == '%') {
    const std::string rest = without(text, pattern, GlobEnd::Back, true);
    return rest.size() == text.size() ? text : rest + with;
  }
  std::string result;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t length =
        globPiece(pattern, std::string_view(text).substr(at), GlobEnd::Front, true).value_or(0);
    if (length == 0) {
      if (where == '#') break;
      result += text[at++];
      continue;
    }
    result += with;
    at += length;
    if (where != '/') break;
  }
  return result + text.substr(at);
}

// how: ^ capital, , small, ~ the other; for the bytes the pattern takes, or all when there is none.
std::string cased(std::string text, char how, bool all, const std::string& pattern) {
  const std::size_t end = all ? text.size() : std::min<std::size_t>(1, text.size());
  for (std::size_t i = 0; i < end; ++i) {
    char& c = text[i];
    if (!pattern.empty() && !globMatches(pattern, std::string_view(text).substr(i, 1))) continue;
    if (c >= 'a' && c <= 'z' && how != ',') {
      c = static_cast<char>(c - 'a' + 'A');
    } else if (c >= 'A' && c <= 'Z' && how != '^') {
      c = static_cast<char>(c - 'A' + 'a');
    }
  }
  return text;
}

std::size_t characters(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

class Expansion {
 public:
  Expansion(std::string_view inside, const ParameterSource& source)
      : m_inside(inside), m_source(source) {}

  base::Result<ParameterWords> run() {
    std::string_view rest = m_inside;
    if (rest.size() > 1 && rest[0] == '#' && nameLength(rest.substr(1)) > 0) {
      rest.remove_prefix(1);
      if (!takePlace(rest)) return bad();
      return rest.empty() ? length() : base::Result<ParameterWords>(bad());
    }
    const bool indirect = rest.size() > 1 && rest[0] == '!';
    if (indirect) rest.remove_prefix(1);
    if (!takePlace(rest)) return bad();
    if (indirect) {
      if ((rest == "*" || rest == "@") && !m_subscript) {
        return list(m_source.names(m_name), rest == "*");
      }
      if (m_subscript && rest.empty() && (*m_subscript == "@" || *m_subscript == "*")) {
        return list(m_source.keys(m_name), *m_subscript == "*");
      }
      if (!follow()) return bad();
    }
    const ParameterWords value = m_source.value(m_name, m_subscript);
    const bool colon = rest.size() > 1 && rest[0] == ':';
    const std::string_view op = colon ? rest.substr(1) : rest;
    if (!op.empty() && std::string_view("-=+?").find(op[0]) != std::string_view::npos) {
      return substitute(value, !colon, op);
    }
    if (!value.set && !value.list && m_source.mustBeSet) {
      return base::Error{"unset", "", place() + ": unbound variable"};
    }
    return rest.empty() ? value : changed(value, rest);
  }

 private:
  [[nodiscard]] base::Error bad() const {
    return {"syntax", "", "${" + std::string(m_inside) + "}: bad substitution"};
  }
  [[nodiscard]] std::string place() const {
    return m_subscript ? m_name + "[" + *m_subscript + "]" : m_name;
  }
  static ParameterWords list(std::vector<std::string> words, bool star) {
    return {std::move(words), true, true, star};
  }
  static ParameterWords one(std::string text) { return {{std::move(text)}, true, false, false}; }

  // NAME or NAME[SUBSCRIPT].
  bool takePlace(std::string_view& rest) {
    const std::size_t size = nameLength(rest);
    if (size == 0) return false;
    m_name = rest.substr(0, size);
    rest.remove_prefix(size);
    m_subscript.reset();
    if (!rest.starts_with('[')) return true;
    const std::size_t end = subscriptEnd(rest, 0);
    if (end == std::string_view::npos || end == 1) return false;
    m_subscript = rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
    return true;
  }

  // ${!NAME}: what NAME holds is the name.
  bool follow() {
    const ParameterWords held = m_source.value(m_name, m_subscript);
    const std::string name = held.words.empty() ? "" : held.words[0];
    std::string_view rest = name;
    return takePlace(rest) && rest.empty();
  }

  base::Result<ParameterWords> length() const {
    const ParameterWords value = m_source.value(m_name, m_subscript);
    if (value.list) return one(std::to_string(value.words.size()));
    if (!value.set && m_source.mustBeSet) {
      return base::Error{"unset", "", place() + ": unbound variable"};
    }
    return one(std::to_string(value.words.empty() ? 0 : characters(value.words[0])));
  }

  // - = + ?: for a variable that is not set, or empty as well when a colon stands before them.
  base::Result<ParameterWords> substitute(const ParameterWords& value, bool emptyCounts,
                                          std::string_view rest) const {
    const bool empty = value.words.empty() || (value.words.size() == 1 && value.words[0].empty());
    const bool there = value.set && (emptyCounts || !empty);
    const std::string_view word = rest.substr(1);
    if (rest[0] == '+') return one(there ? m_source.text(word) : std::string());
    if (there) return value;
    if (rest[0] == '?') {
      const std::string reason = m_source.text(word);
      return base::Error{"unset", "",
                         place() + ": " +
                             (!reason.empty() ? reason
                              : emptyCounts   ? "parameter not set"
                                              : "parameter null or not set")};
    }
    std::string text = m_source.text(word);
    if (rest[0] == '=') m_source.assign(m_name, m_subscript, text);
    return one(std::move(text));
  }

  // What comes after the name, done to each word.
  base::Result<ParameterWords> changed(ParameterWords value, std::string_view rest) const {
    if (!value.set && !value.list) return one("");
    if (rest[0] == ':') {
      return value.list ? someOf(std::move(value), rest.substr(1))
                        : part(value.words.empty() ? "" : value.words[0], rest.substr(1));
    }
    const char op = rest[0];
    if (op == '@') return transformed(std::move(value), rest.substr(1));
    const bool twice = rest.size() > 1 && rest[1] == op;
    const std::string_view after = rest.substr(twice ? 2 : 1);
    if (std::string_view("#%^,~").find(op) != std::string_view::npos) {
      const std::string pattern = m_source.pattern(after);
      for (std::string& text : value.words) {
        if (op == '#' || op == '%') {
          text = without(text, pattern, op == '#' ? GlobEnd::Front : GlobEnd::Back, twice);
        } else {
          text = cased(std::move(text), op, twice, pattern);
        }
      }
      return value;
    }
    if (op != '/') return bad();
    const bool anchored = !twice && rest.size() > 1 && (rest[1] == '#' || rest[1] == '%');
    const std::string_view both = anchored ? rest.substr(2) : after;
    std::size_t slash = 0;
    while (slash < both.size() && both[slash] != '/') slash += both[slash] == '\\' ? 2 : 1;
    slash = std::min(slash, both.size());
    const std::string with =
        slash < both.size() ? m_source.text(both.substr(slash + 1)) : std::string();
    const std::string pattern = m_source.pattern(both.substr(0, slash));
    for (std::string& text : value.words) {
      text = replaced(text, pattern, with, twice ? '/' : anchored ? rest[1] : '1');
    }
    return value;
  }

  // ${NAME@Q} and its kin.
  base::Result<ParameterWords> transformed(ParameterWords value, std::string_view op) const {
    if (op.size() != 1 || std::string_view("QULuEAaP").find(op[0]) == std::string_view::npos) {
      return bad();
    }
    for (std::string& text : value.words) {
      if (op == "Q") text = singleQuoted(text);
      if (op == "U") text = cased(std::move(text), '^', true, "");
      if (op == "u") text = cased(std::move(text), '^', false, "");
      if (op == "L") text = cased(std::move(text), ',', true, "");
      if (op == "a") text = m_source.flags(m_name);
    }
    if (op == "A" && !value.list) {
      const std::string flags = m_source.flags(m_name);
      value = one((flags.empty() ? "" : "declare -" + flags + " ") + m_name + "=" +
                  singleQuoted(value.words[0]));
    }
    return value;
  }

  // FROM or FROM:LENGTH, counted from the end when negative.
  base::Result<ParameterWords> part(const std::string& value, std::string_view sums) const {
    std::size_t from = 0, count = 0;
    if (auto range = rangeOf(value.size(), sums, from, count); !range) return range.error();
    return one(value.substr(from, count));
  }

  // The same of a list. That of arguments begins with $0.
  base::Result<ParameterWords> someOf(ParameterWords value, std::string_view sums) const {
    if (!m_subscript) {
      const ParameterWords zero = m_source.value("0", std::nullopt);
      value.words.insert(value.words.begin(), zero.words.begin(), zero.words.end());
    }
    std::size_t from = 0, count = 0;
    if (auto range = rangeOf(value.words.size(), sums, from, count); !range) return range.error();
    const auto first = value.words.begin() + static_cast<std::ptrdiff_t>(from);
    value.words = std::vector<std::string>(first, first + static_cast<std::ptrdiff_t>(count));
    return value;
  }

  base::Result<> rangeOf(std::size_t whole, std::string_view sums, std::size_t& first,
                         std::size_t& count) const {
    const std::size_t colon = sums.find(':');
    const auto size = static_cast<std::int64_t>(whole);
    std::int64_t from = m_source.arithmetic(sums.substr(0, colon));
    if (from < 0) from += size;
    if (from < 0 || from > size) return base::Nothing{};
    std::int64_t end = size;
    if (colon != std::string_view::npos) {
      const std::int64_t length = m_source.arithmetic(sums.substr(colon + 1));
      if (length < 0 && size + length < from) {
        return base::Error{"syntax", "",
                           std::string(sums.substr(colon + 1)) + ": substring expression < 0"};
      }
      end = length < 0 ? size + length : std::min(size, from + std::min(length, size));
    }
    first = static_cast<std::size_t>(from);
    count = static_cast<std::size_t>(end - from);
    return base::Nothing{};
  }

  std::string_view m_inside;
  const ParameterSource& m_source;
  std::string m_name;
  std::optional<std::string> m_subscript;
};

}  // namespace

std::string ParameterWords::joined(const std::string& apart) const {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) text += (i > 0 ? apart : "") + words[i];
  return text;
}

std::size_t subscriptEnd(std::string_view text, std::size_t from) {
  int depth = 0;
  char quote = 0;
  for (std::size_t i = from; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '[') {
      ++depth;
    } else if (c == ']' && --depth == 0) {
      return i;
    }
  }
  return std::string_view::npos;
}

base::Result<ParameterWords> parameterValue(std::string_view inside,
                                            const ParameterSource& source) {
  return Expansion(inside, source).run();
}

}  // namespace console
