// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/hba.h"

#include <gtest/gtest.h>

namespace {

using sim::readHbaFile;
using sim::readIdentFile;

// What a reading of one line complains of; empty: nothing.
std::string faultOf(const std::string& line) {
  const auto read = readHbaFile({{"/hba", line + "\n"}}, "/hba", false);
  return read.log.empty() ? std::string() : read.log.front().text;
}

TEST(Hba, TellsFaultsAsTheServerDoes) {
  EXPECT_EQ(faultOf("local all all trust"), "");
  EXPECT_EQ(faultOf("host all all 10.0.0.0 255.255.255.0 md5"), "");
  EXPECT_EQ(faultOf("host all all samehost md5"), "");
  EXPECT_EQ(faultOf("hots all all trust"), "invalid connection type \"hots\"");
  EXPECT_EQ(faultOf("local"), "end-of-line before database specification");
  EXPECT_EQ(faultOf("local all all"), "end-of-line before authentication method");
  EXPECT_EQ(faultOf("host all all 10.0.0.0/99 trust"),
            "invalid CIDR mask in address \"10.0.0.0/99\"");
  EXPECT_EQ(faultOf("host all all 10.0.0.0 ::1 trust"), "IP address and mask do not match");
  EXPECT_EQ(faultOf("host all all 10.0.0.0/24 peer"),
            "peer authentication is only supported on local sockets");
  EXPECT_EQ(faultOf("local all all md5 foo=bar"),
            "unrecognized authentication option name: \"foo\"");
  EXPECT_EQ(faultOf("host all all a,b trust"), "multiple values specified for host address");
  EXPECT_EQ(faultOf("# nothing"), "configuration file \"/hba\" contains no entries");
}

TEST(Hba, NamesTheLineAndKeepsTheOthers) {
  const auto read =
      readHbaFile({{"/hba", "# one\nlocal all \\\nall trust\nhots\n"}}, "/hba", false);
  EXPECT_FALSE(read.ok);
  ASSERT_EQ(read.rules.size(), 2U);
  EXPECT_EQ(read.rules[0].line, 2);
  EXPECT_EQ(read.rules[0].method, "trust");
  ASSERT_EQ(read.log.size(), 1U);
  EXPECT_EQ(read.log[0].context, "line 4 of configuration file \"/hba\"");
}

TEST(Hba, ReadsMapsOfUsers) {
  const auto read = readIdentFile({{"/ident", "m root postgres\nfoo bar\nm /( x\n"}}, "/ident");
  EXPECT_FALSE(read.ok);
  ASSERT_EQ(read.rules.size(), 3U);
  EXPECT_EQ(read.rules[0].systemUser, "root");
  EXPECT_EQ(read.rules[1].error, "missing entry at end of line");
  EXPECT_EQ(read.rules[2].error, "invalid regular expression \"(\": parentheses () not balanced");
  EXPECT_FALSE(readIdentFile({}, "/ident").ok);
}

}  // namespace
