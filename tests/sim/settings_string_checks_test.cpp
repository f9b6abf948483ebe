// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "sim/settings/string_checks.h"

namespace sim::settings {
namespace {

TEST(StringChecks, logDestination) {
  EXPECT_TRUE(checkString("log_destination", "stderr, CSVLOG").ok);
  EXPECT_EQ(checkString("log_destination", "stderr, file").detail,
            "Unrecognized key word: \"file\".");
  EXPECT_EQ(checkString("log_destination", "stderr,").detail, "List syntax is invalid.");
}

TEST(StringChecks, logTimezoneIsAZoneByItsProperName) {
  EXPECT_EQ(checkString("log_timezone", "europe/berlin").canonical, "Europe/Berlin");
  EXPECT_EQ(checkString("log_timezone", "CET-1CEST").canonical, "CET-1CEST");
  EXPECT_FALSE(checkString("log_timezone", "Mars/Phobos").ok);
  EXPECT_EQ(checkString("log_timezone", "").detail, "");
}

TEST(StringChecks, dateStyleIsNormalised) {
  EXPECT_EQ(checkString("DateStyle", "iso, mdy").canonical, "ISO, MDY");
  EXPECT_EQ(checkString("DateStyle", "European, sql").canonical, "SQL, DMY");
  EXPECT_EQ(checkString("DateStyle", "german").canonical, "German, DMY");
  EXPECT_EQ(checkString("DateStyle", "iso, sql").detail,
            "Conflicting \"datestyle\" specifications.");
  EXPECT_EQ(checkString("DateStyle", "isoo").detail, "Unrecognized key word: \"isoo\".");
}

TEST(StringChecks, listsLocalesAndNames) {
  EXPECT_TRUE(checkString("search_path", "\"$user\", public").ok);
  EXPECT_TRUE(checkString("search_path", "").ok);
  EXPECT_FALSE(checkString("search_path", "a b").ok);
  EXPECT_FALSE(checkString("search_path", "\"a").ok);
  EXPECT_TRUE(checkString("lc_messages", "de_DE.UTF-8").ok);
  EXPECT_FALSE(checkString("lc_messages", "german").ok);
  EXPECT_EQ(checkString("cluster_name", "caf\xc3\xa9").canonical, "caf??");
  EXPECT_FALSE(checkString("recovery_target", "later").ok);
  EXPECT_EQ(checkString("archive_command", "cp %p /backup/%f").canonical, "cp %p /backup/%f");
}

}  // namespace
}  // namespace sim::settings
