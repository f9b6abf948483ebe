// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/text/quoting.h"

#include <algorithm>

namespace console {
namespace {

bool hasControl(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; });
}

// $'...' with C's escapes.
std::string ansiQuoted(std::string_view text) {
  static constexpr std::string_view kBytes = "\a\b\t\n\v\f\r\x1b", kLetters = "abtnvfrE";
  std::string result = "$'";
  for (const char c : text) {
    const std::size_t known = kBytes.find(c);
    if (known != std::string_view::npos) {
      result += {'\\', kLetters[known]};
    } else if ((c >= 0 && c < ' ') || c == 0x7f) {
      const auto byte = static_cast<unsigned char>(c);
      result += {'\\', static_cast<char>('0' + byte / 64), static_cast<char>('0' + byte / 8 % 8),
                 static_cast<char>('0' + byte % 8)};
    } else {
      if (c == '\'' || c == '\\') result += '\\';
      result += c;
    }
  }
  return result + "'";
}

bool isPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_./:@%+,-=").find(c) != std::string_view::npos ||
         static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

std::string singleQuoted(std::string_view text) {
  if (hasControl(text)) return ansiQuoted(text);
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'') {
      result += "'\\''";
    } else {
      result += c;
    }
  }
  return result + "'";
}

std::string quotedIfNeeded(std::string_view text) {
  if (hasControl(text)) return ansiQuoted(text);
  const bool plain = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return isPlain(c) || c == '#' || c == '~';
  });
  if (plain && text[0] != '#' && text[0] != '~') return std::string(text);
  return text == "'" ? "\\'" : singleQuoted(text);
}

std::string doubleQuoted(std::string_view text) {
  if (hasControl(text)) return ansiQuoted(text);
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '$' || c == '`' || c == '\\') result += '\\';
    result += c;
  }
  return result + "\"";
}

std::string backslashQuoted(std::string_view text) {
  if (text.empty()) return "''";
  if (hasControl(text)) return ansiQuoted(text);
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool plain = (isPlain(c) && c != ',') || (c == '#' && i > 0) || (c == '~' && i > 0);
    if (!plain) result += '\\';
    result += c;
  }
  return result;
}

}  // namespace console
