// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "settings_sample.h"

namespace sim {
namespace {

TEST(SettingCatalogue, findsNamesInAnyCaseAndOldOnes) {
  const auto catalogue = sampleCatalogue();
  ASSERT_NE(catalogue->find("WORK_MEM"), nullptr);
  EXPECT_EQ(catalogue->find("datestyle")->name, "DateStyle");
  EXPECT_EQ(catalogue->find("sort_mem")->name, "work_mem");
  EXPECT_EQ(catalogue->find("vacuum_mem")->name, "maintenance_work_mem");
  EXPECT_EQ(catalogue->find("work_me"), nullptr);
  EXPECT_EQ(catalogue->find("work_memo"), nullptr);
  EXPECT_EQ(catalogue->find(""), nullptr);
}

TEST(SettingCatalogue, sortsWithoutRegardToCase) {
  const auto catalogue = sampleCatalogue();
  const auto& all = catalogue->all();
  for (std::size_t i = 1; i < all.size(); ++i) {
    EXPECT_NE(all[i - 1].name, all[i].name);
    if (all[i].name == "DateStyle") {
      EXPECT_EQ(all[i - 1].name, "data_directory");
    }
  }
}

}  // namespace
}  // namespace sim
