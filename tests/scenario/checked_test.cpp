// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenario/checked.h"

#include <gtest/gtest.h>

#include <functional>

namespace {

using scenario::Document;
using scenario::Object;
using scenario::Value;

// What a reading complains of, one complaint a line.
std::string complaints(std::string_view text, const std::function<void(Object&)>& read) {
  Document document("f", text);
  const auto root = document.parse();
  if (root) {
    Object object(Value(document, &*root, ""));
    read(object);
  }
  std::string all;
  for (const auto& problem : document.takeProblems()) {
    all += problem.pointer + ": found " + problem.found + ", expected " + problem.expected + '\n';
  }
  return all;
}

TEST(Checked, ReadsValuesWithUnits) {
  std::int64_t bytes = 0;
  double share = 0, ms = 0, minutes = 0;
  int seconds = 0;
  EXPECT_EQ(complaints(R"({"b": "64GB", "p": "60%", "m": "0.5ms", "t": "12min", "s": "90s"})",
                       [&](Object& object) {
                         object.need("b").bytes(bytes);
                         object.need("p").share(share);
                         object.need("m").duration(ms, scenario::kMillisecond);
                         object.need("t").duration(minutes, scenario::kMinute);
                         object.need("s").seconds(seconds);
                       }),
            "");
  EXPECT_EQ(bytes, 64LL << 30);
  EXPECT_DOUBLE_EQ(share, 0.6);
  EXPECT_DOUBLE_EQ(ms, 0.5);
  EXPECT_DOUBLE_EQ(minutes, 12);
  EXPECT_EQ(seconds, 90);
}

TEST(Checked, LeavesTheTargetAloneWhenTheValueIsWrong) {
  int number = 7;
  std::string text = "old";
  EXPECT_EQ(complaints(R"({"n": 11, "t": ["a"]})",
                       [&](Object& object) {
                         EXPECT_FALSE(object.need("n").integer(number, 1, 10));
                         EXPECT_FALSE(object.need("t").text(text));
                         EXPECT_FALSE(object.maybe("x").text(text));
                       }),
            "/n: found 11, expected a whole number from 1 to 10\n"
            "/t: found an array, expected a text\n");
  EXPECT_EQ(number, 7);
  EXPECT_EQ(text, "old");
}

TEST(Checked, NamesMissingAndUnknownKeys) {
  EXPECT_EQ(complaints(R"({"swapp": 1, "zzzzzz": 2})",
                       [&](Object& object) {
                         (void)object.need("ram");
                         (void)object.maybe("swap");
                       }),
            ": found nothing, expected the key \"ram\"\n"
            "/swapp: found the unknown key \"swapp\", expected \"swap\"\n"
            "/zzzzzz: found the unknown key \"zzzzzz\", expected one of \"ram\", \"swap\"\n");
}

TEST(Checked, JoinsLines) {
  std::string text, lines;
  EXPECT_EQ(complaints(R"({"a": ["one", "", "two"], "b": "one"})",
                       [&](Object& object) {
                         object.need("a").longText(text);
                         scenario::readLines(object.need("b"), lines);
                       }),
            "");
  EXPECT_EQ(text, "one\n\ntwo");
  EXPECT_EQ(lines, "one\n");
}

TEST(Checked, ReadsTimesOfTheDayAndOfOtherDays) {
  const sim::TimingSpec timing{base::parseIso("2024-05-07T05:00:00Z").value(), {}, {}, {}};
  base::SimTime clock, early, iso;
  EXPECT_EQ(
      complaints(R"({"c": "10:45:30", "e": "04:00", "i": "2024-05-06T05:00:00Z", "w": "25:00"})",
                 [&](Object& object) {
                   object.need("c").time(clock, timing);
                   object.need("e").time(early, timing);
                   object.need("i").time(iso, timing);
                   base::SimTime wrong;
                   EXPECT_FALSE(object.need("w").time(wrong, timing));
                 }),
      "/w: found \"25:00\", expected a time of day such as \"10:45\" or \"10:45:30\", or "
      "\"2024-05-03T14:12:00Z\"\n");
  EXPECT_EQ(clock, base::seconds(5 * 3600 + 45 * 60 + 30));
  EXPECT_EQ(early, base::minutes(-60));
  EXPECT_EQ(iso, base::minutes(-24 * 60));
}

TEST(Checked, ExpectsTheNearestOrSaysAll) {
  EXPECT_EQ(scenario::expectation("dbaa", {"dba", "netops"}), "\"dba\"");
  EXPECT_EQ(scenario::expectation("weather", {"dba", "netops"}), "one of \"dba\", \"netops\"");
  EXPECT_EQ(scenario::expectation("x", {}), "none: there are none");
}

TEST(Checked, AnObjectThatIsNoneIsSaidOnce) {
  EXPECT_EQ(complaints("{\"o\": 3}",
                       [](Object& object) {
                         Object inner(object.need("o"));
                         std::string text;
                         EXPECT_FALSE(inner.need("a").text(text));
                         EXPECT_TRUE(inner.need("list").items().empty());
                       }),
            "/o: found 3, expected an object\n");
}

}  // namespace
