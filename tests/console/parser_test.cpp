// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/parser.h"

#include <gtest/gtest.h>

namespace {

// "[text|'quoted'|$variable|(line)]" for each word, pipelines joined by their joints.
std::string shape(std::string_view line) {
  const auto parsed = console::parseLine(line);
  if (!parsed) return parsed.error().message;
  std::string text;
  for (const console::Pipeline& pipeline : parsed.value()) {
    using Joint = console::Pipeline::Joint;
    if (!text.empty())
      text += pipeline.joint == Joint::IfSucceeded ? " && "
              : pipeline.joint == Joint::IfFailed  ? " || "
                                                   : " ; ";
    for (std::size_t c = 0; c < pipeline.commands.size(); ++c) {
      text += c > 0 ? " | " : "";
      for (const console::ShellWord& word : pipeline.commands[c].words) {
        text += "[";
        for (const console::WordPart& part : word) {
          if (part.kind == console::PartKind::Variable) text += "$";
          if (part.kind == console::PartKind::Substitution) text += "(";
          text += part.quoted ? "'" + part.text + "'" : part.text;
          if (part.kind == console::PartKind::Substitution) text += ")";
        }
        text += "]";
      }
      for (const auto& r : pipeline.commands[c].redirections) {
        text += r.kind == console::Redirection::Kind::Append  ? ">>"
                : r.kind == console::Redirection::Kind::Write ? ">"
                                                              : "<";
      }
    }
  }
  return text;
}

TEST(Parser, SplitsWordsPipesAndLists) {
  EXPECT_EQ(shape("free -m"), "[free][-m]");
  EXPECT_EQ(shape("a|b && c ; d || e"), "[a] | [b] && [c] ; [d] || [e]");
  EXPECT_EQ(shape("echo x > /tmp/y"), "[echo][x]>");
  EXPECT_EQ(shape("echo x 2>&1 >> /tmp/y # note"), "[echo][x]<>>");
  EXPECT_EQ(shape(""), "");
}

TEST(Parser, KeepsQuotingOfEachPart) {
  EXPECT_EQ(shape("grep 'a b'\"c $X\"d"), "[grep]['a b''c '$'X'd]");
  EXPECT_EQ(shape("echo \\$X ${HOME} $(cat 'a)b')"), "[echo]['$'X][$HOME][(cat 'a)b')]");
}

TEST(Parser, RefusesInBashsWords) {
  EXPECT_EQ(shape("echo 'x"), "bash: unexpected EOF while looking for matching `''");
  EXPECT_EQ(shape("| x"), "bash: syntax error near unexpected token `|'");
  EXPECT_EQ(shape("echo >"), "bash: syntax error near unexpected token `newline'");
  EXPECT_EQ(shape("a &&"), "bash: syntax error: unexpected end of file");
  EXPECT_EQ(shape("a ;; b"), "bash: syntax error near unexpected token `;;'");
}

}  // namespace
