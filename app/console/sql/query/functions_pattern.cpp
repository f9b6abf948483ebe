// SPDX-License-Identifier: GPL-3.0-or-later
// Functions of patterns: LIKE, SIMILAR TO, regexp_*.
#include "base/text.h"
#include "console/sql/query/matching.h"

namespace console::query {
namespace {

constexpr std::size_t kMostPieces = 20'000;

// PostgreSQL's classes \d \s \w \y and non-greedy forms in the words of our own patterns.
std::string translated(const std::string& pattern) {
  std::string text;
  bool inClass = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '\\' && i + 1 < pattern.size()) {
      const char next = pattern[++i];
      const char* named = next == 'd'   ? "[:digit:]"
                          : next == 's' ? "[:space:]"
                          : next == 'w' ? "[:alnum:]_"
                                        : nullptr;
      const char* other = next == 'D'   ? "[^[:digit:]]"
                          : next == 'S' ? "[^[:space:]]"
                          : next == 'W' ? "[^[:alnum:]_]"
                          : next == 'm' ? "\\<"
                          : next == 'M' ? "\\>"
                          : next == 'y' ? "\\b"
                                        : nullptr;
      if (named != nullptr) {
        text += inClass ? std::string(named) : "[" + std::string(named) + "]";
      } else if (other != nullptr && !inClass) {
        text += other;
      } else if (next == 'n' || next == 't') {
        text += next == 'n' ? '\n' : '\t';
      } else {
        text += '\\';
        text += next;
      }
      continue;
    }
    if (c == '[' && !inClass) {
      inClass = true;
      text += c;
      if (i + 1 < pattern.size() && pattern[i + 1] == '^') text += pattern[++i];
      if (i + 1 < pattern.size() && pattern[i + 1] == ']') text += pattern[++i];
      continue;
    }
    if (inClass && c == '[' && i + 1 < pattern.size() && pattern[i + 1] == ':') {
      const std::size_t close = pattern.find(":]", i + 2);
      if (close != std::string::npos) {
        text += pattern.substr(i, close + 2 - i);
        i = close + 1;
        continue;
      }
    }
    if (c == ']') inClass = false;
    if (!inClass && pattern.compare(i, 3, "(?:") == 0) {
      text += '(';
      i += 2;
      continue;
    }
    text += c;
  }
  return text;
}

std::string part(const std::string& text, const PatternMatch& match, std::size_t group) {
  const std::size_t from = match.at[2 * group], to = match.at[2 * group + 1];
  return from == std::string::npos || to == std::string::npos ? "" : text.substr(from, to - from);
}

bool hasGroups(const std::string& pattern) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\') {
      ++i;
    } else if (pattern[i] == '(' && pattern.compare(i, 3, "(?:") != 0) {
      return true;
    }
  }
  return false;
}

std::size_t groupCount(const std::string& pattern) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\') {
      ++i;
    } else if (pattern[i] == '(' && pattern.compare(i, 3, "(?:") != 0) {
      ++count;
    }
  }
  return std::min<std::size_t>(count, kPatternGroups - 1);
}

std::vector<PatternMatch> allMatches(Runtime& runtime, const Pattern& pattern,
                                     const std::string& text, std::size_t from, bool global) {
  std::vector<PatternMatch> found;
  while (from <= text.size() && found.size() < kMostPieces) {
    if (!runtime.work(8 + static_cast<std::int64_t>(text.size() / 16))) break;
    const std::optional<PatternMatch> match = pattern.find(text, from);
    if (!match) break;
    found.push_back(*match);
    if (!global) break;
    from = match->end() > match->begin() ? match->end() : match->end() + 1;
  }
  return found;
}

std::string flagsOf(Arguments a, std::size_t i) {
  return a.size() > i ? a[i].text() : "";
}

Datum likePlain(const CallSite& site, Arguments a) {
  return likeMatch(site.runtime, a[0].text(), a[1].text(), a.size() > 2 ? a[2].text() : "\\",
                   false);
}
Datum likeAny(const CallSite& site, Arguments a) {
  return likeMatch(site.runtime, a[0].text(), a[1].text(), a.size() > 2 ? a[2].text() : "\\", true);
}

// SIMILAR TO: % and _ of LIKE in a regular expression that must fit the whole text.
Datum similar(const CallSite& site, Arguments a) {
  std::string pattern = "^(";
  for (const char c : a[1].text()) {
    if (c == '%') {
      pattern += ".*";
    } else if (c == '_') {
      pattern += '.';
    } else if (c == '.' || c == '^' || c == '$') {
      pattern += std::string("\\") + c;
    } else {
      pattern += c;
    }
  }
  const std::optional<bool> found = regularMatch(site.runtime, a[0].text(), pattern + ")$", false);
  return found ? Datum(*found) : Datum();
}

Datum regexpReplace(const CallSite& site, Arguments a) {
  const std::string& text = a[0].text();
  const std::string flags = flagsOf(a, 3);
  const auto pattern =
      regularPattern(site.runtime, a[1].text(), flags.find('i') != std::string::npos);
  if (!pattern) return {};
  std::string result;
  std::size_t done = 0;
  for (const PatternMatch& match :
       allMatches(site.runtime, *pattern, text, 0, flags.find('g') != std::string::npos)) {
    result += text.substr(done, match.begin() - done);
    const std::string& with = a[2].text();
    for (std::size_t i = 0; i < with.size(); ++i) {
      if (with[i] != '\\' || i + 1 >= with.size()) {
        result += with[i];
        continue;
      }
      const char next = with[++i];
      if (next == '&') {
        result += part(text, match, 0);
      } else if (next >= '1' && next <= '9') {
        result += part(text, match, static_cast<std::size_t>(next - '0'));
      } else {
        result += next;
      }
    }
    done = match.end();
    if (result.size() > (1u << 20)) {
      return site.runtime.fail("57014", "canceling statement due to statement timeout");
    }
  }
  return result + text.substr(done);
}

Items matchArray(const std::string& pattern, const std::string& text, const PatternMatch& match) {
  Items parts;
  if (!hasGroups(pattern)) return {Datum(part(text, match, 0))};
  for (std::size_t g = 1; g <= groupCount(pattern); ++g) {
    parts.push_back(match.at[2 * g] == std::string::npos ? Datum() : Datum(part(text, match, g)));
  }
  return parts;
}

Datum regexpMatch(const CallSite& site, Arguments a) {
  const auto pattern =
      regularPattern(site.runtime, a[1].text(), flagsOf(a, 2).find('i') != std::string::npos);
  if (!pattern) return {};
  const auto found = allMatches(site.runtime, *pattern, a[0].text(), 0, false);
  return found.empty() ? Datum() : Datum(matchArray(a[1].text(), a[0].text(), found[0]));
}

std::vector<Datum> regexpMatches(const CallSite& site, Arguments a) {
  const std::string flags = flagsOf(a, 2);
  const auto pattern =
      regularPattern(site.runtime, a[1].text(), flags.find('i') != std::string::npos);
  if (!pattern) return {};
  std::vector<Datum> rows;
  for (const PatternMatch& match :
       allMatches(site.runtime, *pattern, a[0].text(), 0, flags.find('g') != std::string::npos)) {
    rows.emplace_back(matchArray(a[1].text(), a[0].text(), match));
  }
  return rows;
}

std::vector<Datum> pieces(const CallSite& site, Arguments a) {
  const auto pattern =
      regularPattern(site.runtime, a[1].text(), flagsOf(a, 2).find('i') != std::string::npos);
  if (!pattern) return {};
  const std::string& text = a[0].text();
  std::vector<Datum> rows;
  std::size_t done = 0;
  for (const PatternMatch& match : allMatches(site.runtime, *pattern, text, 0, true)) {
    if (match.end() == match.begin() && (match.begin() == 0 || match.begin() >= text.size())) {
      continue;
    }
    rows.emplace_back(text.substr(done, match.begin() - done));
    done = match.end();
  }
  rows.emplace_back(text.substr(done));
  return rows;
}

Datum splitToArray(const CallSite& site, Arguments a) {
  return Items(pieces(site, a));
}

Datum regexpCount(const CallSite& site, Arguments a) {
  const auto pattern = regularPattern(site.runtime, a[1].text(), false);
  if (!pattern) return {};
  return static_cast<std::int64_t>(allMatches(site.runtime, *pattern, a[0].text(), 0, true).size());
}

Datum regexpLike(const CallSite& site, Arguments a) {
  const std::optional<bool> found = regularMatch(site.runtime, a[0].text(), a[1].text(),
                                                 flagsOf(a, 2).find('i') != std::string::npos);
  return found ? Datum(*found) : Datum();
}

Datum regexpSubstring(const CallSite& site, Arguments a) {
  const auto pattern = regularPattern(site.runtime, a[1].text(), false);
  if (!pattern) return {};
  const auto found = allMatches(site.runtime, *pattern, a[0].text(), 0, false);
  if (found.empty()) return {};
  return part(a[0].text(), found[0], hasGroups(a[1].text()) ? 1 : 0);
}
Datum regexpSubstr(const CallSite& site, Arguments a) {
  const auto pattern = regularPattern(site.runtime, a[1].text(), false);
  if (!pattern) return {};
  const auto found = allMatches(site.runtime, *pattern, a[0].text(), 0, false);
  return found.empty() ? Datum() : Datum(part(a[0].text(), found[0], 0));
}

constexpr FunctionLine kLines[] = {
    {"op_like", "text, text<, text> -> boolean", likePlain},
    {"op_ilike", "text, text<, text> -> boolean", likeAny},
    {"op_similar", "text, text<, text> -> boolean", similar},
    {"regexp_replace", "text, text, text<, text> -> text", regexpReplace},
    {"regexp_match", "text, text<, text> -> text[]", regexpMatch},
    {"regexp_split_to_array", "text, text<, text> -> text[]", splitToArray},
    {"regexp_count", "text, text -> integer", regexpCount},
    {"regexp_like", "text, text<, text> -> boolean", regexpLike},
    {"regexp_substr", "text, text -> text", regexpSubstr},
    {"substring", "text, text -> text", regexpSubstring}};

}  // namespace

std::vector<Datum> regexpMatchesRows(const CallSite& site, Arguments a) {
  return regexpMatches(site, a);
}
std::vector<Datum> regexpPieces(const CallSite& site, Arguments a) {
  return pieces(site, a);
}

std::optional<Pattern> regularPattern(Runtime& runtime, const std::string& pattern,
                                      bool ignoreCase) {
  const bool embedded = pattern.starts_with("(?i)");
  base::Result<Pattern> made = Pattern::make(translated(embedded ? pattern.substr(4) : pattern),
                                             PatternSyntax::Extended, ignoreCase || embedded);
  if (made) return std::move(made.value());
  // Our patterns complain in grep's words; the server has a phrase of its own for each.
  const std::string& said = made.error().message;
  std::string reason = base::lower(said);
  if (base::contains(reason, "(") || base::contains(reason, "paren")) {
    reason = "parentheses () not balanced";
  } else if (base::contains(reason, "[") || base::contains(reason, "bracket")) {
    reason = "brackets [] not balanced";
  } else if (base::contains(reason, "brace") || base::contains(reason, "{")) {
    reason = "braces {} not balanced";
  } else if (base::contains(reason, "backslash")) {
    reason = "invalid escape \\ sequence";
  } else if (base::contains(reason, "preceding") || base::contains(reason, "repetition")) {
    reason = "quantifier operand invalid";
  }
  runtime.fail("2201B", "invalid regular expression: " + reason);
  return std::nullopt;
}

std::optional<bool> regularMatch(Runtime& runtime, const std::string& text,
                                 const std::string& pattern, bool ignoreCase) {
  // The pattern of a condition is the same for row after row.
  thread_local std::string lastText;
  thread_local bool lastIgnores = false;
  thread_local std::optional<Pattern> last;
  runtime.work(4 + static_cast<std::int64_t>(text.size() / 16));
  if (!last || lastText != pattern || lastIgnores != ignoreCase) {
    runtime.work(50);
    last = regularPattern(runtime, pattern, ignoreCase);
    lastText = pattern;
    lastIgnores = ignoreCase;
  }
  if (!last) return std::nullopt;
  return last->matches(text);
}

bool likeMatch(Runtime& runtime, std::string_view text, std::string_view pattern,
               std::string_view escape, bool ignoreCase) {
  std::int64_t steps = 0;
  const std::optional<bool> matches = likeMatch(text, pattern, escape, ignoreCase, steps);
  if (!matches) {
    runtime.fail("57014", "canceling statement due to statement timeout");
    return false;
  }
  runtime.work(steps / 16);
  return *matches;
}

std::optional<bool> likeMatch(std::string_view text, std::string_view pattern,
                              std::string_view escape, bool ignoreCase, std::int64_t& steps) {
  constexpr std::int64_t kMostSteps = 2'000'000;
  const std::string lowText = ignoreCase ? base::lower(text) : std::string();
  const std::string lowPattern = ignoreCase ? base::lower(pattern) : std::string();
  if (ignoreCase) {
    text = lowText;
    pattern = lowPattern;
  }
  const char mark = escape.empty() ? '\0' : escape[0];
  std::size_t t = 0, p = 0, starT = 0, starP = std::string_view::npos;
  while (t < text.size()) {
    if (++steps > kMostSteps) return std::nullopt;
    const bool escaped = p + 1 < pattern.size() && mark != '\0' && pattern[p] == mark;
    if (p < pattern.size() && !escaped && pattern[p] == '%') {
      starP = p++;
      starT = t;
    } else if (p < pattern.size() &&
               (escaped ? pattern[p + 1] == text[t] : pattern[p] == '_' || pattern[p] == text[t])) {
      p += escaped ? 2 : 1;
      ++t;
      // _ stands for a whole character.
      while (!escaped && pattern[p - 1] == '_' && t < text.size() && (text[t] & 0xC0) == 0x80) ++t;
    } else if (starP != std::string_view::npos) {
      p = starP + 1;
      t = ++starT;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '%') ++p;
  return p == pattern.size();
}

std::span<const FunctionLine> patternFunctions() {
  return kLines;
}

}  // namespace console::query
