// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/text/parameter.h"

#include <algorithm>

#include "console/text/glob.h"

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
std::string without(const std::string& text, const std::string& pattern, bool front, bool longest) {
  if (text.size() > kMostMatched) return text;
  const std::size_t size = text.size();
  for (std::size_t i = 0; i <= size; ++i) {
    const std::size_t length = longest ? size - i : i;
    const std::string_view piece = std::string_view(text).substr(front ? 0 : size - length, length);
    if (globMatches(pattern, piece))
      return front ? text.substr(length) : text.substr(0, size - length);
  }
  return text;
}

// The longest piece at from that the pattern takes; npos: none.
std::size_t longestAt(std::string_view text, std::size_t from, const std::string& pattern) {
  for (std::size_t length = text.size() - from; length > 0; --length) {
    if (globMatches(pattern, text.substr(from, length))) return length;
  }
  return std::string_view::npos;
}

std::string replaced(const std::string& text, const std::string& pattern, const std::string& with,
                     char where) {
  if (pattern.empty() || text.size() > kMostMatched / 10) return text;
  if (where == '%') {
    const std::string rest = without(text, pattern, false, true);
    return rest.size() == text.size() ? text : rest + with;
  }
  std::string result;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t length = longestAt(text, at, pattern);
    if (length == std::string_view::npos) {
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

std::string cased(std::string text, bool upper, bool all) {
  const std::size_t end = all ? text.size() : std::min<std::size_t>(1, text.size());
  for (std::size_t i = 0; i < end; ++i) {
    char& c = text[i];
    if (upper && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (!upper && c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

class Expansion {
 public:
  Expansion(std::string_view inside, const ParameterSource& source)
      : m_inside(inside), m_source(source) {}

  base::Result<std::string> run() {
    if (m_inside.size() > 1 && m_inside[0] == '#' && nameLength(m_inside.substr(1)) > 0) {
      return length(m_inside.substr(1));
    }
    const bool indirect = m_inside.size() > 1 && m_inside[0] == '!';
    std::string_view rest = m_inside.substr(indirect ? 1 : 0);
    const std::size_t size = nameLength(rest);
    if (size == 0) return bad();
    std::string name(rest.substr(0, size));
    if (indirect) name = m_source.value(name).value_or("");
    rest.remove_prefix(size);
    const std::optional<std::string> value = m_source.value(name);
    if (rest.empty()) return value.value_or("");
    const bool colon = rest[0] == ':';
    if (colon && rest.size() > 1 &&
        std::string_view("-=+?").find(rest[1]) != std::string_view::npos) {
      rest.remove_prefix(1);
    }
    if (std::string_view("-=+?").find(rest[0]) != std::string_view::npos) {
      return substitute(name, value, !colon, rest);
    }
    return changed(value.value_or(""), rest);
  }

 private:
  [[nodiscard]] base::Error bad() const {
    return {"syntax", "", "${" + std::string(m_inside) + "}: bad substitution"};
  }

  base::Result<std::string> length(std::string_view name) const {
    if (nameLength(name) != name.size()) return bad();
    if (name == "@" || name == "*") return m_source.value("#").value_or("0");
    const std::string value = m_source.value(std::string(name)).value_or("");
    const auto characters = std::count_if(value.begin(), value.end(), [](char c) {
      return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    });
    return std::to_string(characters);
  }

  // - = + ?: for a variable that is not set, or empty as well when a colon stands before them.
  base::Result<std::string> substitute(const std::string& name,
                                       const std::optional<std::string>& value, bool emptyCounts,
                                       std::string_view rest) const {
    const bool there = value && (emptyCounts || !value->empty());
    const std::string_view word = rest.substr(1);
    if (rest[0] == '+') return there ? m_source.text(word) : std::string();
    if (there) return *value;
    if (rest[0] == '?') {
      const std::string reason = m_source.text(word);
      return base::Error{"unset", "",
                         name + ": " +
                             (!reason.empty() ? reason
                              : emptyCounts   ? "parameter not set"
                                              : "parameter null or not set")};
    }
    std::string text = m_source.text(word);
    if (rest[0] == '=') m_source.assign(name, text);
    return text;
  }

  base::Result<std::string> changed(const std::string& value, std::string_view rest) const {
    const char op = rest[0];
    const bool twice = rest.size() > 1 && rest[1] == op;
    const std::string_view after = rest.substr(twice ? 2 : 1);
    if (op == '#' || op == '%') return without(value, m_source.pattern(after), op == '#', twice);
    if (op == '^' || op == ',') return cased(value, op == '^', twice);
    if (op == ':') return part(value, rest.substr(1));
    if (op != '/') return bad();
    const bool anchored = !twice && rest.size() > 1 && (rest[1] == '#' || rest[1] == '%');
    const std::string_view both = anchored ? rest.substr(2) : after;
    std::size_t slash = 0;
    while (slash < both.size() && both[slash] != '/') slash += both[slash] == '\\' ? 2 : 1;
    slash = std::min(slash, both.size());
    const std::string with =
        slash < both.size() ? m_source.text(both.substr(slash + 1)) : std::string();
    return replaced(value, m_source.pattern(both.substr(0, slash)), with,
                    twice      ? '/'
                    : anchored ? rest[1]
                               : '1');
  }

  // FROM or FROM:LENGTH, counted from the end when negative.
  base::Result<std::string> part(const std::string& value, std::string_view sums) const {
    const std::size_t colon = sums.find(':');
    const auto size = static_cast<std::int64_t>(value.size());
    std::int64_t from = m_source.arithmetic(sums.substr(0, colon));
    if (from < 0) from += size;
    if (from < 0 || from > size) return std::string();
    std::int64_t end = size;
    if (colon != std::string_view::npos) {
      const std::int64_t length = m_source.arithmetic(sums.substr(colon + 1));
      if (length < 0 && size + length < from) {
        return base::Error{"syntax", "",
                           std::string(sums.substr(colon + 1)) + ": substring expression < 0"};
      }
      end = length < 0 ? size + length : std::min(size, from + std::min(length, size));
    }
    return value.substr(static_cast<std::size_t>(from), static_cast<std::size_t>(end - from));
  }

  std::string_view m_inside;
  const ParameterSource& m_source;
};

}  // namespace

base::Result<std::string> parameterValue(std::string_view inside, const ParameterSource& source) {
  return Expansion(inside, source).run();
}

}  // namespace console
