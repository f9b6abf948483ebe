// SPDX-License-Identifier: GPL-3.0-or-later
#include "dice.h"

#include <algorithm>
#include <array>

namespace fuzz {
namespace {

constexpr std::array<std::string_view, 34> kEdges = {"0",
                                                     "-1",
                                                     "1",
                                                     "00",
                                                     "007",
                                                     "1.5",
                                                     "-0",
                                                     ".5",
                                                     "5.",
                                                     "1e3",
                                                     "1e308",
                                                     "1e309",
                                                     "-1e400",
                                                     "nan",
                                                     "inf",
                                                     "0x10",
                                                     "0xffffffff",
                                                     "2147483647",
                                                     "2147483648",
                                                     "-2147483648",
                                                     "-2147483649",
                                                     "4294967295",
                                                     "4294967296",
                                                     "9223372036854775807",
                                                     "9223372036854775808",
                                                     "-9223372036854775808",
                                                     "-9223372036854775809",
                                                     "18446744073709551615",
                                                     "18446744073709551616",
                                                     "99999999999999999999999999",
                                                     "1000000",
                                                     "100",
                                                     "65535",
                                                     "1_000"};

constexpr std::string_view kNasty[] = {std::string_view("\0", 1),
                                       "\x01",
                                       "\x1b[31m",
                                       "\x7f",
                                       "\xff",
                                       "\xfe\xff",
                                       "\xc3",
                                       "\xc3\xa9",
                                       "\xe2\x82\xac",
                                       "\xed\xa0\x80",
                                       "\xf4\x90\x80\x80",
                                       "\xf0\x9f\x98\x80",
                                       "\r",
                                       "\n",
                                       "\t",
                                       "\\",
                                       "'",
                                       "\"",
                                       "`",
                                       "$(",
                                       "${",
                                       "((",
                                       "))",
                                       "[",
                                       "]",
                                       "{",
                                       "}",
                                       "%s",
                                       "%n",
                                       "*",
                                       "?",
                                       ";",
                                       "|",
                                       "#",
                                       "--",
                                       "/*",
                                       "*/",
                                       "\xef\xbb\xbf"};

std::size_t place(const std::string& text, Dice& dice) {
  return dice.below(text.size() + 1);
}

std::string piece(const std::string& text, Dice& dice, std::size_t most) {
  const std::size_t from = place(text, dice);
  return text.substr(from, dice.below(most));
}

void mutateOnce(std::string& text, Dice& dice, std::size_t longest) {
  constexpr std::size_t kPiece = 40;
  switch (dice.below(9)) {
    case 0:
      if (!text.empty()) text[dice.below(text.size())] = dice.byte();
      break;
    case 1:
      if (!text.empty()) text[dice.below(text.size())] ^= static_cast<char>(1 << dice.below(8));
      break;
    case 2:
      text.insert(place(text, dice), dice.oneOf(kNasty));
      break;
    case 3:
      text.insert(place(text, dice), dice.number());
      break;
    case 4:
      if (!text.empty()) text.erase(dice.below(text.size()), 1 + dice.below(kPiece));
      break;
    case 5:
      text.insert(place(text, dice), piece(text, dice, kPiece));
      break;
    case 6: {
      const std::string part = piece(text, dice, kPiece);
      text.replace(place(text, dice), part.size(), part);
      break;
    }
    case 7:
      if (dice.oneIn(4)) text.resize(place(text, dice));
      break;
    default:
      if (dice.oneIn(20)) {
        std::string part = dice.oneIn(2) ? std::string(dice.oneOf(kNasty)) : piece(text, dice, 12);
        if (part.empty()) part = "(";
        std::size_t times = dice.below(std::size_t{1} << dice.below(17));
        times = std::min(times, longest / part.size());
        std::string many;
        for (std::size_t i = 0; i < times; ++i) many += part;
        text.insert(place(text, dice), many);
      }
  }
}

}  // namespace

std::string Dice::number() {
  if (oneIn(3)) return std::string(oneOf(kEdges));
  const std::string digits = std::to_string(below(std::size_t{1} << below(40)));
  return oneIn(10) ? "-" + digits : digits;
}

std::string Dice::bytes(std::size_t most) {
  std::string text(below(most + 1), '\0');
  for (char& c : text) c = byte();
  return text;
}

std::string mutated(std::string text, Dice& dice, std::size_t longest) {
  const std::size_t changes = 1 + dice.below(std::size_t{1} << dice.below(5));
  for (std::size_t i = 0; i < changes; ++i) mutateOnce(text, dice, longest);
  if (text.size() > longest) text.resize(longest);
  return text;
}

std::string shown(std::string_view text, std::size_t most) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string line;
  for (const char c : text.substr(0, most)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 32 && byte < 127 && c != '\\') {
      line += c;
    } else {
      line += "\\x";
      line += kDigits[byte >> 4];
      line += kDigits[byte & 15];
    }
  }
  if (text.size() > most) line += "... (" + std::to_string(text.size()) + " bytes)";
  return line;
}

}  // namespace fuzz
