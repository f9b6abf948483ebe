// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/sim_time.h"

#include <gtest/gtest.h>

namespace {

constexpr std::int64_t kMay7 = 1'715'078'700'123;  // 2024-05-07T10:45:00.123Z

}  // namespace

TEST(SimTime, CivilDatesAndBack) {
  EXPECT_EQ(base::toUnixMs({}), 0);
  EXPECT_EQ(base::toUnixMs({2024, 5, 7, 10, 45, 0, 123}), kMay7);
  EXPECT_EQ(base::toUnixMs({2000, 2, 29, 0, 0, 0, 0}), 951'782'400'000);
  EXPECT_EQ(base::toUnixMs({1969, 12, 31, 23, 59, 59, 999}), -1);
  for (int year : {1, 4, 100, 400, 1600, 1900, 1970, 2000, 2023, 2024, 2100, 9999}) {
    for (int month = 1; month <= 12; ++month) {
      for (int day : {1, 15, 28}) {
        const base::CivilTime civil{year, month, day, 23, 59, 58, 7};
        EXPECT_EQ(base::fromUnixMs(base::toUnixMs(civil)), civil);
      }
    }
  }
}

TEST(SimTime, DaysFollowEachOther) {
  constexpr std::int64_t kDay = 86'400'000;
  std::int64_t at = base::toUnixMs({1899, 12, 30, 0, 0, 0, 0});
  base::CivilTime before = base::fromUnixMs(at);
  for (int i = 0; i < 80'000; ++i) {
    at += kDay;
    const base::CivilTime now = base::fromUnixMs(at);
    const bool nextDay = now.day == before.day + 1 && now.month == before.month;
    const bool nextMonth = now.day == 1 && now.month == before.month % 12 + 1 && before.day >= 28;
    ASSERT_TRUE(nextDay || nextMonth) << now.year << "-" << now.month << "-" << now.day;
    before = now;
  }
}

TEST(SimTime, Texts) {
  EXPECT_EQ(base::clockText(kMay7), "10:45:00");
  EXPECT_EQ(base::logTimeText(kMay7), "2024-05-07 10:45:00.123 UTC");
  EXPECT_EQ(base::isoText(kMay7), "2024-05-07T10:45:00.123Z");
  EXPECT_EQ(base::ctimeText(kMay7), "Tue May  7 10:45:00 2024");
  EXPECT_EQ(base::ctimeText(-1), "Wed Dec 31 23:59:59 1969");
  EXPECT_EQ(base::journalTimeText(kMay7), "May 07 10:45:00");
}

TEST(SimTime, ParsesAClock) {
  EXPECT_EQ(base::parseClock("10:45").value(), 38'700'000);
  EXPECT_EQ(base::parseClock("10:45:30").value(), 38'730'000);
  EXPECT_EQ(base::parseClock("23:59:59.999").value(), 86'399'999);
  for (const char* text : {"", "1:45", "10-45", "24:00", "10:60", "10:45:60", "10:45:3",
                           "10:45:30.1", "10:45:30.1234", "10:45 ", "ab:cd", "10:45x30"}) {
    const auto result = base::parseClock(text);
    ASSERT_FALSE(result) << text;
    EXPECT_EQ(result.error().code, "bad-time");
  }
}

TEST(SimTime, ParsesAnIsoTime) {
  EXPECT_EQ(base::parseIso("2024-05-07T10:45:00.123Z").value(), kMay7);
  EXPECT_EQ(base::parseIso("2024-05-07 10:45Z").value(), 1'715'078'700'000);
  EXPECT_TRUE(base::parseIso("2024-02-29T00:00Z"));
  for (const char* text :
       {"", "2024-05-07", "2024-05-07T10:45:00", "2023-02-29T00:00Z", "1900-02-29T00:00Z",
        "2024-13-01T00:00Z", "2024-00-01T00:00Z", "2024-04-31T00:00Z", "2024-05-07T25:00Z",
        "0000-01-01T00:00Z", "2024-05-07T10:45:00+02:00"}) {
    EXPECT_FALSE(base::parseIso(text)) << text;
  }
}

TEST(SimTime, DurationsForPeople) {
  EXPECT_EQ(base::durationText(base::seconds(7)), "7s");
  EXPECT_EQ(base::durationText(base::minutes(12)), "12m 00s");
  EXPECT_EQ(base::durationText(base::seconds(3723)), "1h 02m 03s");
  EXPECT_EQ(base::durationText({0}), "0s");
}

TEST(SimTime, Arithmetic) {
  EXPECT_EQ((base::minutes(1) + base::seconds(2)).ms, 62'000);
  EXPECT_EQ((base::minutes(1) - base::seconds(2)).seconds(), 58);
  EXPECT_LT(base::seconds(59), base::minutes(1));
}
