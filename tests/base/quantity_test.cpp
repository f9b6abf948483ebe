// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/quantity.h"

#include <gtest/gtest.h>

TEST(Quantity, BytesInEveryUnit) {
  EXPECT_EQ(base::parseBytes("17B").value(), 17);
  EXPECT_EQ(base::parseBytes("8kB").value(), 8192);
  EXPECT_EQ(base::parseBytes("8 KiB").value(), 8192);
  EXPECT_EQ(base::parseBytes("64GiB").value(), 64LL << 30);
  EXPECT_EQ(base::parseBytes("600 GB").value(), 600LL << 30);
  EXPECT_EQ(base::parseBytes(" 2TB ").value(), 2LL << 40);
  EXPECT_EQ(base::parseBytes("0.5MB").value(), 512 * 1024);
  EXPECT_EQ(base::parseBytes("0B").value(), 0);
}

TEST(Quantity, DurationsInEveryUnit) {
  EXPECT_EQ(base::parseDurationUs("3us").value(), 3);
  EXPECT_EQ(base::parseDurationUs("0.5ms").value(), 500);
  EXPECT_EQ(base::parseDurationUs("15s").value(), 15'000'000);
  EXPECT_EQ(base::parseDurationUs("2min").value(), 120'000'000);
  EXPECT_EQ(base::parseDurationUs("1 h").value(), 3'600'000'000);
  EXPECT_EQ(base::parseDurationUs("1d").value(), 86'400'000'000);
}

TEST(Quantity, Percentages) {
  EXPECT_DOUBLE_EQ(base::parsePercent("60%").value(), 0.6);
  EXPECT_DOUBLE_EQ(base::parsePercent("0.6 %").value(), 0.006);
  EXPECT_DOUBLE_EQ(base::parsePercent("100%").value(), 1.0);
  EXPECT_FALSE(base::parsePercent("101%"));
  EXPECT_FALSE(base::parsePercent("0.6"));
}

TEST(Quantity, RefusesWhatIsNoQuantityAndSaysWhatItFound) {
  for (const char* text :
       {"", " ", "GB", "64", "64 gb", "-1GB", "1e3GB", "12,5GB", "1GBs", "nanGB", "infGB", "0x10B",
        "99999999999999999999TB", "900000TBB", "1000000000TB"}) {
    const auto result = base::parseBytes(text);
    ASSERT_FALSE(result) << text;
    EXPECT_EQ(result.error().code, "bad-quantity") << text;
  }
  for (const char* text : {"15", "s", "15 S", "15sec", "-1s", "1m"}) {
    EXPECT_FALSE(base::parseDurationUs(text)) << text;
  }
  const base::Error error = base::parseBytes("64 gigs").error();
  EXPECT_NE(error.message.find("64 gigs"), std::string::npos);
  EXPECT_NE(error.message.find("expected"), std::string::npos);
}
