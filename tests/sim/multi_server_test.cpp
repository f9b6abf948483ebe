// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/multi_server.h"

#include <gtest/gtest.h>

#include "product_form.h"

TEST(MultiServer, AgreesWithErlangsFormulas) {
  for (const int servers : {1, 2, 4, 8, 16, 32, 64}) {
    const sim::MultiServer table(servers);
    for (double use = 0.03; use < 0.999; use += 0.0173) {
      const double offered = use * servers;
      const product_form::OpenStation exact = product_form::multiServer(servers, offered);
      EXPECT_NEAR(table.waitProbability(offered), exact.waitProbability, 1e-4)
          << servers << " " << use;
      EXPECT_NEAR(table.meanNumber(offered), exact.meanNumber, 1e-3 * exact.meanNumber)
          << servers << " " << use;
    }
  }
}

TEST(MultiServer, KnownValue) {
  const sim::MultiServer eight(8);
  EXPECT_NEAR(eight.waitProbability(7.2), 0.7015, 1e-4);
  EXPECT_NEAR(eight.meanNumber(7.2), 13.514, 1e-2);
}

TEST(MultiServer, StaysFiniteAndRisingAboveFullLoad) {
  const sim::MultiServer two(2);
  double before = two.meanNumber(1.99);
  for (double offered = 2.0; offered < 10.0; offered += 0.5) {
    const double now = two.meanNumber(offered);
    EXPECT_GT(now, before);
    EXPECT_LT(now, 1e10);
    before = now;
  }
  EXPECT_EQ(two.waitProbability(5.0), two.waitProbability(2.0));
}
