// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/portable_math.h"

#include <gtest/gtest.h>

#include <cmath>

namespace {

constexpr double kLimit = 1e-13;

void expectClose(double ours, double reference, double x) {
  EXPECT_NEAR(ours, reference, kLimit * std::fabs(reference)) << x;
}

}  // namespace

TEST(PortableMath, ExpAgreesWithTheLibrary) {
  for (double x = -699.9; x < 700; x += 0.3137) expectClose(base::portableExp(x), std::exp(x), x);
  for (double x = 1e-15; x < 1; x *= 1.7) {
    expectClose(base::portableExp(x), std::exp(x), x);
    expectClose(base::portableExp(-x), std::exp(-x), -x);
  }
  EXPECT_EQ(base::portableExp(0), 1.0);
  EXPECT_EQ(base::portableExp(-701), 0.0);
  EXPECT_EQ(base::portableExp(-1e300), 0.0);
  EXPECT_EQ(base::portableExp(1e300), base::portableExp(700));
}

TEST(PortableMath, LogAgreesWithTheLibrary) {
  for (double x = 1e-300; x < 1e300; x *= 1.37) expectClose(base::portableLog(x), std::log(x), x);
  for (double d = 1e-12; d < 0.5; d *= 1.31) {
    expectClose(base::portableLog(1 + d), std::log(1 + d), 1 + d);
    expectClose(base::portableLog(1 - d), std::log(1 - d), 1 - d);
  }
  EXPECT_EQ(base::portableLog(1), 0.0);
}

TEST(PortableMath, PowAgreesWithTheLibrary) {
  for (double x = 1e-6; x < 1e8; x *= 2.3) {
    for (const double y : {-3.0, -1.2, -0.5, 0.0, 0.8, 1.0, 2.5}) {
      expectClose(base::portablePow(x, y), std::pow(x, y), x);
    }
  }
}

TEST(PortableMath, WorksAtCompileTime) {
  static_assert(base::portableExp(1.0) > 2.718281828 && base::portableExp(1.0) < 2.718281829);
  static_assert(base::portableLog(2.0) > 0.693147180 && base::portableLog(2.0) < 0.693147181);
}
