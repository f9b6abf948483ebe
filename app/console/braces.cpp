// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/braces.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace console {
namespace {

// A byte that may be a brace's, or a piece that is taken as it is.
struct Unit {
  char byte = 0;  // 0: a piece
  WordPart piece;
};
using Units = std::vector<Unit>;

Units unitsOf(const ShellWord& word) {
  Units units;
  for (const WordPart& part : word) {
    if (part.kind != PartKind::Text || part.quoted) {
      units.push_back({0, part});
    } else {
      for (const char c : part.text) units.push_back({c, {}});
    }
  }
  return units;
}

ShellWord wordOf(const Units& units) {
  ShellWord word;
  for (const Unit& unit : units) {
    if (unit.byte == 0) {
      word.push_back(unit.piece);
    } else if (word.empty() || word.back().kind != PartKind::Text || word.back().quoted) {
      word.push_back({PartKind::Text, std::string(1, unit.byte), false});
    } else {
      word.back().text += unit.byte;
    }
  }
  return word;
}

Units slice(const Units& units, std::size_t from, std::size_t to) {
  return {units.begin() + static_cast<std::ptrdiff_t>(from),
          units.begin() + static_cast<std::ptrdiff_t>(to)};
}

// {FIRST..LAST} or {FIRST..LAST..STEP}: numbers or letters.
std::vector<Units> range(const Units& inside) {
  std::string text;
  for (const Unit& unit : inside) {
    if (unit.byte == 0) return {};
    text += unit.byte;
  }
  std::vector<std::string> ends;
  for (std::size_t at = 0; ends.size() < 4;) {
    const std::size_t dots = text.find("..", at);
    ends.push_back(text.substr(at, dots == std::string::npos ? dots : dots - at));
    if (dots == std::string::npos) break;
    at = dots + 2;
  }
  if (ends.size() < 2 || ends.size() > 3) return {};
  const auto number = [](const std::string& digits) -> std::optional<std::int64_t> {
    std::int32_t value = 0;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (digits.empty() || result.ec != std::errc() || result.ptr != digits.data() + digits.size()) {
      return std::nullopt;
    }
    return value;
  };
  auto first = number(ends[0]), last = number(ends[1]);
  const bool letters = !first && !last && ends[0].size() == 1 && ends[1].size() == 1;
  if (letters) {
    first = ends[0][0];
    last = ends[1][0];
  }
  const auto given = ends.size() == 3 ? number(ends[2]) : std::optional<std::int64_t>(1);
  if (!first || !last || !given) return {};
  const std::int64_t step = std::max<std::int64_t>(1, *given < 0 ? -*given : *given);
  const auto padded = [](const std::string& end) {
    return end.size() > 1 && (end[0] == '0' || end.starts_with("-0"));
  };
  const std::size_t width =
      padded(ends[0]) || padded(ends[1]) ? std::max(ends[0].size(), ends[1].size()) : 0;
  std::vector<Units> words;
  const bool up = *first <= *last;
  for (std::int64_t i = *first; up ? i <= *last : i >= *last; i += up ? step : -step) {
    if (words.size() >= kMostBraceWords) return {};
    std::string digits = letters ? std::string(1, static_cast<char>(i)) : std::to_string(i);
    if (digits.size() < width) digits.insert(i < 0 ? 1 : 0, width - digits.size(), '0');
    Units& one = words.emplace_back();
    for (const char c : digits) one.push_back({c, {}});
  }
  return words;
}

void expandInto(std::vector<Units>& words, const Units& prefix, const Units& units, int depth);

// The alternatives of the brace that opens at open; empty: it is no such brace.
std::vector<Units> alternatives(const Units& units, std::size_t open, std::size_t& close) {
  std::vector<Units> found;
  int depth = 0;
  std::size_t from = open + 1;
  for (std::size_t i = open; i < units.size(); ++i) {
    if (units[i].byte == '{') ++depth;
    if (units[i].byte == ',' && depth == 1) {
      found.push_back(slice(units, from, i));
      from = i + 1;
    }
    if (units[i].byte == '}' && --depth == 0) {
      close = i;
      if (found.empty()) return range(slice(units, open + 1, i));
      found.push_back(slice(units, from, i));
      return found;
    }
  }
  return {};
}

void expandInto(std::vector<Units>& words, const Units& prefix, const Units& units, int depth) {
  for (std::size_t i = 0; i < units.size() && depth < 20; ++i) {
    if (units[i].byte != '{') continue;
    std::size_t close = 0;
    const std::vector<Units> choices = alternatives(units, i, close);
    if (choices.empty()) continue;
    Units before = prefix;
    before.insert(before.end(), units.begin(), units.begin() + static_cast<std::ptrdiff_t>(i));
    for (const Units& choice : choices) {
      if (words.size() > kMostBraceWords) return;
      Units rest = choice;
      rest.insert(rest.end(), units.begin() + static_cast<std::ptrdiff_t>(close) + 1, units.end());
      expandInto(words, before, rest, depth + 1);
    }
    return;
  }
  Units& word = words.emplace_back(prefix);
  word.insert(word.end(), units.begin(), units.end());
}

}  // namespace

std::vector<ShellWord> bracesExpanded(const ShellWord& word) {
  const bool some = std::any_of(word.begin(), word.end(), [](const WordPart& part) {
    return part.kind == PartKind::Text && !part.quoted && part.text.find('{') != std::string::npos;
  });
  if (!some) return {word};
  std::vector<Units> words;
  expandInto(words, {}, unitsOf(word), 0);
  if (words.size() > kMostBraceWords) return {word};
  std::vector<ShellWord> result;
  for (const Units& one : words) {
    ShellWord made = wordOf(one);
    if (!made.empty()) result.push_back(std::move(made));
  }
  return result;
}

}  // namespace console
