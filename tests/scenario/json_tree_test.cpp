// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenario/json_tree.h"

#include <gtest/gtest.h>

namespace {

using scenario::Document;
using scenario::Node;

std::string first(std::string_view text) {
  Document document("f", text);
  const auto root = document.parse();
  const auto problems = document.takeProblems();
  EXPECT_EQ(root.has_value(),
            problems.empty() || problems[0].found.find("again") != std::string::npos);
  return problems.empty() ? "" : problems[0].text();
}

// "line:column" of the value at a path of member positions.
std::string place(std::string_view text, const std::vector<std::size_t>& path) {
  Document document("f", text);
  const auto root = document.parse();
  if (!root) return "no tree";
  const Node* node = &*root;
  for (const std::size_t step : path) node = &node->items.at(step);
  document.add(node->offset, "", "", "");
  const auto problems = document.takeProblems();
  return std::to_string(problems[0].line) + ':' + std::to_string(problems[0].column);
}

TEST(JsonTree, KnowsWhereEveryKindOfValueStands) {
  const std::string text =
      "{\n"
      "  \"text\": \"a \\\" quote\\\\\",\n"
      "  \"number\": -12.5e1,\n"
      "  \"list\": [1, true, null ,false, [2]],\n"
      "  \"object\": {\"a\": 7}\n"
      "}";
  EXPECT_EQ(place(text, {}), "1:1");
  EXPECT_EQ(place(text, {0}), "2:11");
  EXPECT_EQ(place(text, {1}), "3:13");
  EXPECT_EQ(place(text, {2}), "4:11");
  EXPECT_EQ(place(text, {2, 0}), "4:12");
  EXPECT_EQ(place(text, {2, 1}), "4:15");
  EXPECT_EQ(place(text, {2, 2}), "4:21");
  EXPECT_EQ(place(text, {2, 3}), "4:27");
  EXPECT_EQ(place(text, {2, 4, 0}), "4:35");
  EXPECT_EQ(place(text, {3, 0}), "5:19");
  EXPECT_EQ(place("42", {}), "1:1");
  EXPECT_EQ(place("  42 ", {}), "1:3");
}

TEST(JsonTree, CountsColumnsInCharactersAndSkipsTheByteOrderMark) {
  EXPECT_EQ(place("[\"\xC3\xA9\xE2\x82\xAC\", 7]", {1}), "1:8");
  EXPECT_EQ(place("\xEF\xBB\xBF[7]", {0}), "1:2");
}

TEST(JsonTree, KeepsValues) {
  Document document("f", "{\"a\": [1, 2.5, \"\\u00e9\", true, null, 18446744073709551615]}");
  const auto root = document.parse();
  ASSERT_TRUE(root);
  EXPECT_EQ(root->keys[0].name, "a");
  const std::vector<Node>& items = root->items[0].items;
  EXPECT_EQ(items[0].integer, 1);
  EXPECT_EQ(items[0].kind, Node::Kind::Integer);
  EXPECT_EQ(items[1].number, 2.5);
  EXPECT_EQ(items[2].text, "\xC3\xA9");
  EXPECT_TRUE(items[3].truth);
  EXPECT_EQ(items[4].kind, Node::Kind::Null);
  EXPECT_EQ(items[5].kind, Node::Kind::Number);
}

TEST(JsonTree, AcceptsCommentsAndNothingElseBeyondJson) {
  EXPECT_EQ(first("// one\n{\"a\": /* two */ 1}\n// three"), "");
  EXPECT_EQ(first("{a: 1}").substr(0, 6), "f:1:2:");
  EXPECT_EQ(first("{'a': 1}").substr(0, 6), "f:1:2:");
  EXPECT_EQ(first("[1,\n 2,]").substr(0, 6), "f:2:4:");
  EXPECT_EQ(first("[NaN]").substr(0, 6), "f:1:2:");
}

TEST(JsonTree, NamesRepeatedKeysAndKeepsTheFirst) {
  Document document("f", "{\"a\": 1,\n \"a\": [2, {\"b\": 1, \"b\": 2}]}");
  const auto root = document.parse();
  ASSERT_TRUE(root);
  ASSERT_EQ(root->items.size(), 1u);
  EXPECT_EQ(root->items[0].integer, 1);
  const auto problems = document.takeProblems();
  ASSERT_EQ(problems.size(), 2u);
  EXPECT_EQ(problems[0].text(), "f:2:2: /a: found the key \"a\" again, expected each key once");
  EXPECT_EQ(problems[1].pointer, "/a/1/b");
}

TEST(JsonTree, RefusesWhatIsTooDeepOrTooMuch) {
  const std::string deepest = std::string(64, '[') + std::string(64, ']');
  EXPECT_EQ(first(deepest), "");
  EXPECT_NE(first('[' + deepest + ']').find("more than 64 levels"), std::string::npos);
  EXPECT_NE(first(std::string(1'000'000, '[')).find("more than 64 levels"), std::string::npos);
  std::string many = "[0";
  for (std::size_t i = 0; i < scenario::kMaximumValues; ++i) many += ",0";
  EXPECT_NE(first(many + ']').find("values"), std::string::npos);
  EXPECT_NE(first(std::string(scenario::kMaximumFileBytes + 1, ' ')).find("16 MiB"),
            std::string::npos);
}

TEST(JsonTree, RefusesOtherEncodings) {
  EXPECT_EQ(first("{\n\"a\": \"\xFF\"}"), "f:2:7: found the byte 0xff, expected UTF-8 text");
  EXPECT_EQ(first("[\"\xED\xA0\x80\"]"), "f:1:3: found the byte 0xed, expected UTF-8 text");
  EXPECT_EQ(first(std::string("\xFF\xFE{\0}\0", 6)),
            "f:1:1: found text in UTF-16 or UTF-32, expected UTF-8 text");
  EXPECT_EQ(first(std::string("\0\0\0{", 4)),
            "f:1:1: found text in UTF-16 or UTF-32, expected UTF-8 text");
}

// Every prefix of a scenario and every flipped byte is answered, never a crash.
TEST(JsonTree, SurvivesDamage) {
  const std::string text =
      "{\"a\": [1, -2.5e3, \"x\\u0041\\\"\", true, null], /* c */ \"b\": {\"\": \"\"}}";
  for (std::size_t i = 0; i < text.size(); ++i) {
    Document cut("f", std::string_view(text).substr(0, i));
    EXPECT_FALSE(cut.parse()) << i;
    for (const char byte : {'\0', '"', '[', '}', '\x80', '\xFF'}) {
      std::string damaged = text;
      damaged[i] = byte;
      Document document("f", damaged);
      const bool read = document.parse().has_value();
      EXPECT_TRUE(read || !document.clean()) << i << ' ' << int{byte};
    }
  }
}

TEST(JsonTree, QuotesForComplaints) {
  EXPECT_EQ(scenario::inQuotes("a\nb"), "\"a b\"");
  EXPECT_EQ(scenario::inQuotes(std::string(59, 'a') + "\xC3\xA9z"),
            '"' + std::string(59, 'a') + "...\"");
  EXPECT_EQ(scenario::pointerPart("a/b~c"), "a~1b~0c");
}

}  // namespace
