// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sim/settings/config_lexer.h"

namespace sim::settings {
namespace {

std::vector<std::string> wordsOf(std::string_view text) {
  ConfigLexer lexer(text);
  std::vector<std::string> words;
  for (Word word = lexer.next(); word != Word::EndOfFile; word = lexer.next()) {
    const char* kinds[] = {"eof",  "eol", "id",   "qualified", "quoted",
                           "bare", "int", "real", "equals",    "stray"};
    words.push_back(std::string(kinds[static_cast<int>(word)]) + " " +
                    (word == Word::EndOfLine ? "" : std::string(lexer.text())));
  }
  return words;
}

using Words = std::vector<std::string>;

TEST(ConfigLexer, longestMatchWins) {
  EXPECT_EQ(wordsOf("work_mem = 8MB"), (Words{"id work_mem", "equals =", "int 8MB"}));
  EXPECT_EQ(wordsOf("1.5GB"), (Words{"real 1.5", "id GB"}));
  EXPECT_EQ(wordsOf("1e2"), (Words{"int 1e", "int 2"}));
  EXPECT_EQ(wordsOf("1.5e+2"), (Words{"real 1.5e+2"}));
  EXPECT_EQ(wordsOf("-0x1FkB"), (Words{"int -0x1FkB"}));
  EXPECT_EQ(wordsOf("my.custom a.b.c"), (Words{"qualified my.custom", "bare a.b.c"}));
  EXPECT_EQ(wordsOf("8work_mem"), (Words{"int 8work", "id _mem"}));
  EXPECT_EQ(wordsOf("work-mem C.UTF-8"), (Words{"bare work-mem", "bare C.UTF-8"}));
  EXPECT_EQ(wordsOf("@@"), (Words{"stray @", "stray @"}));
}

TEST(ConfigLexer, quotesCommentsAndLines) {
  EXPECT_EQ(wordsOf("'it''s' # note"), (Words{"quoted 'it''s'"}));
  EXPECT_EQ(wordsOf("'a\\'b'"), (Words{"quoted 'a\\'b'"}));
  EXPECT_EQ(wordsOf("'8MB\n"), (Words{"stray '", "int 8MB", "eol "}));
  EXPECT_EQ(wordsOf("'a'' \n"), (Words{"quoted 'a'", "stray '", "eol "}));
  ConfigLexer lexer("\n# x\r\nname");
  lexer.next();
  lexer.next();
  EXPECT_EQ(lexer.next(), Word::Identifier);
  EXPECT_EQ(lexer.line(), 3);
}

}  // namespace
}  // namespace sim::settings
