// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "settings_sample.h"
#include "sim/settings/value_syntax.h"

namespace sim::settings {
namespace {

TEST(ValueSyntax, integersInThreeRadicesWithUnitsAndRounding) {
  const auto kilobytes = [](const char* text) {
    const NumberText number = readInteger(text, "kB");
    return number.ok ? number.value : -999.0;
  };
  EXPECT_EQ(kilobytes("4096"), 4096);
  EXPECT_EQ(kilobytes("0x2000"), 8192);
  EXPECT_EQ(kilobytes("010000"), 4096);
  EXPECT_EQ(kilobytes("  8 MB  "), 8192);
  EXPECT_EQ(kilobytes(".5GB"), 524288);
  EXPECT_EQ(kilobytes("1e3kB"), 1000);
  EXPECT_EQ(kilobytes("+7"), 7);
  EXPECT_EQ(kilobytes("2.5"), 2);
  EXPECT_EQ(kilobytes("3.5"), 4);
  EXPECT_EQ(kilobytes("-2.5"), -2);
  EXPECT_EQ(kilobytes("-3.5"), -4);
  // A fraction of a GB counts in whole MB.
  EXPECT_EQ(kilobytes("30.1GB"), 30822 * 1024.0);
  for (const char* bad : {"", " ", "MB", "-", "--1", "e5", "08", "8 M B", "1 000", "nan", "8gb"}) {
    EXPECT_EQ(kilobytes(bad), -999) << bad;
  }
}

TEST(ValueSyntax, failuresSayWhatWouldHelp) {
  EXPECT_EQ(readInteger("2TB", "kB").hint, "Value exceeds integer range.");
  EXPECT_EQ(readInteger("9223372036854775808", "").hint, "Value exceeds integer range.");
  EXPECT_EQ(readInteger("1m", "ms").hint,
            "Valid units for this parameter are \"us\", \"ms\", \"s\", \"min\", \"h\", and \"d\".");
  EXPECT_EQ(readInteger("5kB", "").hint, "");
  EXPECT_EQ(readInteger("abc", "kB").hint, "");
}

TEST(ValueSyntax, reals) {
  EXPECT_EQ(readReal("2.50", "").value, 2.5);
  EXPECT_EQ(readReal("1.5s", "ms").value, 1500);
  EXPECT_EQ(readReal("0x10", "").value, 16);
  EXPECT_FALSE(readReal("1e999", "").ok);
  EXPECT_FALSE(readReal("2x", "").ok);
  EXPECT_EQ(realText(1.123456789), "1.12346");
  EXPECT_EQ(realText(1e6), "1e+06");
  EXPECT_EQ(realText(100), "100");
}

TEST(ValueSyntax, booleansByUniquePrefix) {
  for (const char* word : {"on", "ON", "t", "tr", "TRUE", "y", "yes", "1"}) {
    EXPECT_EQ(readBoolean(word), true) << word;
  }
  for (const char* word : {"off", "of", "f", "false", "n", "no", "0"}) {
    EXPECT_EQ(readBoolean(word), false) << word;
  }
  for (const char* word : {"", "o", "onx", "2", "maybe", "yess"}) {
    EXPECT_EQ(readBoolean(word), std::nullopt) << word;
  }
}

TEST(ValueSyntax, enumsTakeHiddenSpellings) {
  const auto catalogue = sampleCatalogue();
  const auto read = [&](const char* name, const char* text) {
    return readEnum(*catalogue->find(name), text).value_or("refused");
  };
  EXPECT_EQ(read("huge_pages", "ON"), "on");
  EXPECT_EQ(read("huge_pages", "1"), "on");
  EXPECT_EQ(read("huge_pages", "tr"), "refused");
  EXPECT_EQ(read("shared_memory_type", "1"), "refused");
  EXPECT_EQ(read("wal_compression", "true"), "pglz");
  EXPECT_EQ(read("wal_level", "hot_standby"), "replica");
  EXPECT_EQ(read("log_min_messages", "debug"), "debug2");
}

TEST(ValueSyntax, showsTheLargestUnitThatDivides) {
  EXPECT_EQ(integerWithUnit(16384, "8kB"), "128MB");
  EXPECT_EQ(integerWithUnit(1000000, "8kB"), "8000000kB");
  EXPECT_EQ(integerWithUnit(1073741824, "kB"), "1TB");
  EXPECT_EQ(integerWithUnit(90000, "ms"), "90s");
  EXPECT_EQ(integerWithUnit(1440, "min"), "1d");
  EXPECT_EQ(realWithUnit(2, "ms"), "2ms");
  EXPECT_EQ(realWithUnit(0.5, "ms"), "500us");
  EXPECT_EQ(octalText(384), "0600");
  EXPECT_EQ(canonicalInteger("0600"), 384);
  EXPECT_EQ(canonicalInteger("-1"), -1);
}

}  // namespace
}  // namespace sim::settings
