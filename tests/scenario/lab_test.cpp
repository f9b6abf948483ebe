// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenario/lab.h"

#include <gtest/gtest.h>

#include "scenario/reader.h"

namespace scenario {
namespace {

std::shared_ptr<const sim::SettingCatalogue> settings() {
  static const auto kSettings =
      readSettings(std::string(SOURCE_DIR) + "/assets/postgresql-15-settings.json").value();
  return kSettings;
}

TEST(LabSpec, TakesWhatItIsTold) {
  LabOptions options;
  options.ramBytes = 8LL << 30;
  options.cores = 4;
  options.swapBytes = 1LL << 30;
  options.load = "shop";
  options.configuration = "shared_buffers = 1GB\n";
  const auto spec = labSpec(options, settings());
  ASSERT_TRUE(spec.ok());
  EXPECT_EQ(spec.value().host.ramBytes, 8LL << 30);
  EXPECT_EQ(spec.value().host.cores, 4);
  EXPECT_EQ(spec.value().database.files[0].text, "shared_buffers = 1GB\n");
  EXPECT_GT(spec.value().workload.users[0].users, 0);
  EXPECT_TRUE(spec.value().monitoring.rules.empty());
}

TEST(LabSpec, NamesTheOptionThatIsWrong) {
  LabOptions options;
  options.load = "shopping";
  EXPECT_EQ(labSpec(options, settings()).error().code, "load");
  options = {};
  options.ramBytes = 1000;
  EXPECT_EQ(labSpec(options, settings()).error().code, "ram");
  options = {};
  options.cores = 0;
  EXPECT_EQ(labSpec(options, settings()).error().code, "cpus");
}

}  // namespace
}  // namespace scenario
