// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "settings_sample.h"
#include "sim/settings/config_reader.h"

namespace sim::settings {
namespace {

struct Result {
  bool ok = false;
  std::vector<std::string> entries, log;
};

Result read(const std::vector<ConfigFile>& files) {
  ConfigReader reader(files, "/data");
  Result result;
  result.ok = reader.readFile("postgresql.conf", true);
  for (const ConfigEntry& entry : reader.entries()) {
    const std::string place = entry.file + ":" + std::to_string(entry.line) + " ";
    result.entries.push_back(place +
                             (entry.error.empty() ? entry.name + "=" + entry.value : entry.error));
  }
  result.log = logLines(reader.log());
  return result;
}

using Lines = std::vector<std::string>;

TEST(ConfigReader, quotesAndEscapes) {
  const Result result = read({{kMainFile, "a = 'it''s' # c\nb 'x\\n\\101\\\\'\nC=-1"}});
  EXPECT_TRUE(result.ok);
  EXPECT_EQ(result.entries,
            (Lines{"/data/postgresql.conf:1 a=it's", "/data/postgresql.conf:2 b=x\nA\\",
                   "/data/postgresql.conf:3 C=-1"}));
}

TEST(ConfigReader, syntaxErrorsNameTheLineAndGoOn) {
  const Result result = read({{kMainFile, "a =\nb = 1 2\nc = 3\nd = "}});
  EXPECT_FALSE(result.ok);
  EXPECT_EQ(result.log,
            (Lines{"LOG:  syntax error in file \"/data/postgresql.conf\" line 1, near end of line",
                   "LOG:  syntax error in file \"/data/postgresql.conf\" line 2, near token \"2\"",
                   // Without a last newline the server itself counts one line too few.
                   "LOG:  syntax error in file \"/data/postgresql.conf\" line 3, near end of "
                   "line"}));
  EXPECT_EQ(result.entries.at(2), "/data/postgresql.conf:3 c=3");
}

TEST(ConfigReader, includesWhereTheyStand) {
  const Result result = read({{kMainFile,
                               "a=1\ninclude 'conf.d/../x.conf'\ninclude_dir='conf.d'\n"
                               "include_if_exists 'none.conf'\nb=2\n"},
                              {"/data/x.conf", "x=1"},
                              {"/data/conf.d/20.conf", "late=1"},
                              {"/data/conf.d/10.conf", "early=1"},
                              {"/data/conf.d/10.txt", "never=1"},
                              {"/data/conf.d/.hidden.conf", "never=1"}});
  EXPECT_TRUE(result.ok);
  EXPECT_EQ(
      result.entries,
      (Lines{"/data/postgresql.conf:1 a=1", "/data/x.conf:1 x=1", "/data/conf.d/10.conf:1 early=1",
             "/data/conf.d/20.conf:1 late=1", "/data/postgresql.conf:5 b=2"}));
  EXPECT_EQ(result.log, Lines{"LOG:  skipping missing configuration file \"/data/none.conf\""});
}

TEST(ConfigReader, includeFaults) {
  EXPECT_EQ(read({{kMainFile, "include 'postgresql.conf'\n"}}).log,
            Lines{"LOG:  configuration file recursion in \"/data/postgresql.conf\""});
  EXPECT_EQ(read({{kMainFile, "include ' '\n"}}).log,
            Lines{"LOG:  empty configuration file name: \" \""});
  EXPECT_EQ(read({{kMainFile, "include_dir 'd'\n"}}).log,
            Lines{"LOG:  could not open configuration directory \"/data/d\": No such file or "
                  "directory"});
  const Result missing = read({{kMainFile, "\ninclude 'x'\n"}});
  EXPECT_EQ(missing.entries, Lines{"/data/postgresql.conf:2 could not open file \"/data/x\""});
}

TEST(ConfigReader, filesThatIncludeEachOtherComeToAnEnd) {
  const Result pair =
      read({{kMainFile, "include 'b'\n"}, {"/data/b", "include 'postgresql.conf'\n"}});
  EXPECT_FALSE(pair.ok);
  EXPECT_EQ(pair.log, Lines{"LOG:  could not open configuration file \"b\": maximum nesting depth "
                            "exceeded"});
  std::string many;
  for (int i = 0; i < 50; ++i) many += "include 'c'\ninclude 'b'\n";
  EXPECT_FALSE(read({{kMainFile, many}, {"/data/b", many}, {"/data/c", many}}).ok);
}

TEST(ConfigReader, givesUpAFullyBogusFile) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "= =\n";
  const Result result = read({{kMainFile, text}});
  EXPECT_EQ(result.log.size(), 101U);
  EXPECT_EQ(result.log.back(),
            "LOG:  too many syntax errors found, abandoning file \"/data/postgresql.conf\"");
}

}  // namespace
}  // namespace sim::settings
