// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/time_zone.h"

#include <gtest/gtest.h>

#include "base/sim_time.h"

using namespace sim;

namespace {

std::string shown(const std::string& zone, const base::CivilTime& utc) {
  const auto found = TimeZone::find(zone);
  if (!found) return "none";
  const ZoneTime there = localTime(*found, base::toUnixMs(utc));
  return base::logTimeText(there.localMs).substr(0, 19) + " " + there.abbreviation;
}

}  // namespace

// Expected: `TZ=... date -d ...` on Debian 12.
TEST(TimeZone, ShowsWhatADateCommandShows) {
  EXPECT_EQ(shown("UTC", {2024, 5, 7, 10, 0, 0, 0}), "2024-05-07 10:00:00 UTC");
  EXPECT_EQ(shown("Etc/UTC", {2024, 5, 7, 10, 0, 0, 0}), "2024-05-07 10:00:00 UTC");
  EXPECT_EQ(shown("GMT", {2024, 5, 7, 10, 0, 0, 0}), "2024-05-07 10:00:00 GMT");
  EXPECT_EQ(shown("Europe/Berlin", {2024, 3, 31, 0, 59, 59, 0}), "2024-03-31 01:59:59 CET");
  EXPECT_EQ(shown("europe/berlin", {2024, 3, 31, 1, 0, 0, 0}), "2024-03-31 03:00:00 CEST");
  EXPECT_EQ(shown("Europe/Berlin", {2024, 10, 27, 0, 59, 59, 0}), "2024-10-27 02:59:59 CEST");
  EXPECT_EQ(shown("Europe/Berlin", {2024, 10, 27, 1, 0, 0, 0}), "2024-10-27 02:00:00 CET");
  EXPECT_EQ(shown("America/New_York", {2024, 3, 10, 7, 0, 0, 0}), "2024-03-10 03:00:00 EDT");
  EXPECT_EQ(shown("America/St_Johns", {2024, 5, 7, 10, 0, 0, 0}), "2024-05-07 07:30:00 NDT");
  EXPECT_EQ(shown("Asia/Kathmandu", {2024, 5, 7, 20, 0, 0, 0}), "2024-05-08 01:45:00 +0545");
  EXPECT_EQ(shown("Europe/Istanbul", {2024, 5, 7, 10, 0, 0, 0}), "2024-05-07 13:00:00 +03");
}

TEST(TimeZone, SouthOfTheEquatorSummerSpansNewYear) {
  EXPECT_EQ(shown("Australia/Sydney", {2024, 1, 1, 0, 0, 0, 0}), "2024-01-01 11:00:00 AEDT");
  EXPECT_EQ(shown("Australia/Sydney", {2024, 4, 6, 16, 0, 0, 0}), "2024-04-07 02:00:00 AEST");
  EXPECT_EQ(shown("Australia/Sydney", {2024, 12, 31, 12, 0, 0, 0}), "2024-12-31 23:00:00 AEDT");
}

TEST(TimeZone, TakesPosixRules) {
  EXPECT_EQ(shown("EST5EDT", {2024, 7, 1, 12, 0, 0, 0}), "2024-07-01 08:00:00 EDT");
  EXPECT_EQ(shown("<-05>+5", {2024, 7, 1, 12, 0, 0, 0}), "2024-07-01 07:00:00 -05");
  EXPECT_EQ(shown("AAA-1BBB,J60/0,J300/0", {2024, 2, 29, 12, 0, 0, 0}), "2024-02-29 13:00:00 AAA");
  EXPECT_EQ(shown("AAA-1BBB,J60/0,J300/0", {2024, 3, 1, 12, 0, 0, 0}), "2024-03-01 14:00:00 BBB");
  EXPECT_EQ(shown("AAA-1BBB,59/0,300/0", {2024, 2, 29, 12, 0, 0, 0}), "2024-02-29 14:00:00 BBB");
}

TEST(TimeZone, RefusesWhatIsNone) {
  for (const char* name : {"", "Mars/Phobos", "CET-1CEST,M13.5.0,M10.5.0", "X1", "<+03-3", "CET-99",
                           "CET-1CEST,M3.5.0", "CET-1CEST,M3.5.0,M10.5.0,M1.1.1", "UTC "}) {
    EXPECT_FALSE(TimeZone::find(name).has_value()) << name;
  }
}
