// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/fingerprint.h"

#include <gtest/gtest.h>

#include <string>

namespace {

template <typename... Values>
std::uint64_t of(Values... values) {
  base::Fingerprint print;
  (print.add(values), ...);
  return print.value();
}

}  // namespace

TEST(Fingerprint, SameValuesInTheSameOrderGiveTheSame) {
  EXPECT_EQ(of(1.5, std::int64_t{7}, "text"), of(1.5, std::int64_t{7}, std::string("text")));
  EXPECT_NE(of(std::int64_t{1}, std::int64_t{2}), of(std::int64_t{2}, std::int64_t{1}));
}

TEST(Fingerprint, SeesEveryBit) {
  EXPECT_NE(of(0.0), of(-0.0));
  EXPECT_NE(of(1.0), of(1.0 + 0x1p-52));
  EXPECT_NE(of(std::int64_t{0}), of(std::int64_t{1}));
  EXPECT_EQ(of(std::int32_t{-1}), of(std::int64_t{-1}));
  EXPECT_NE(of(true), of(false));
}

TEST(Fingerprint, TextsDoNotRunTogether) {
  EXPECT_NE(of("ab", "c"), of("a", "bc"));
  EXPECT_NE(of(""), of());
  EXPECT_NE(of("a"), of(std::string("a\0", 2)));
  EXPECT_NE(of("12345678"), of("12345679"));
  EXPECT_NE(of("123456789"), of("12345678 "));
}

// Recorded runs carry these values: they must never change.
TEST(Fingerprint, IsTheSameForEver) {
  EXPECT_EQ(base::hexText(of()), "6f75746167656472");
  EXPECT_EQ(base::hexText(of(std::uint64_t{1})), "32e9dc50397813e2");
  EXPECT_EQ(base::hexText(of("outage", 2.5)), "803986ab885bfec3");
}

TEST(Fingerprint, HexTextHasSixteenDigits) {
  EXPECT_EQ(base::hexText(0), "0000000000000000");
  EXPECT_EQ(base::hexText(0xFEDCBA9876543210ULL), "fedcba9876543210");
}
