// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <filesystem>

#include "scenario_files.h"

namespace {

TEST(SettingsAsset, ReadsPostgresqlsCatalogue) {
  const auto catalogue = testCatalogue();
  ASSERT_NE(catalogue, nullptr);
  EXPECT_EQ(catalogue->all().size(), 354u);
  const sim::SettingDefinition* shared = catalogue->find("Shared_Buffers");
  ASSERT_NE(shared, nullptr);
  EXPECT_EQ(shared->unit, "8kB");
  EXPECT_EQ(shared->context, sim::SettingContext::Postmaster);
  EXPECT_EQ(shared->type, sim::SettingType::Integer);
  EXPECT_EQ(shared->minimum, 16);
  EXPECT_EQ(shared->maximum, 1073741823);
  EXPECT_EQ(shared->bootValue, "16384");
  EXPECT_EQ(catalogue->find("huge_pages")->enumValues.size(), 3u);
  EXPECT_EQ(catalogue->find("random_page_cost")->maximum, 1.79769e+308);
  EXPECT_EQ(catalogue->find("shared_bufers"), nullptr);
}

TEST(SettingsAsset, RefusesWhatIsNoCatalogue) {
  const auto said = [](std::string_view text) {
    const std::string path =
        (std::filesystem::temp_directory_path() / "outage-drill-settings").string();
    std::ofstream(path, std::ios::binary) << text;
    const auto settings = scenario::readSettings(path);
    std::filesystem::remove(path);
    return settings ? std::string() : settings.error().message.substr(path.size());
  };
  EXPECT_EQ(said("[]"), ":1:1: found an empty array, expected settings");
  EXPECT_EQ(said("{}"), ":1:1: found an object, expected an array");
  EXPECT_EQ(
      said(R"([{"name": "a", "unit": null, "category": "c", "short_desc": "", "context": "use",
                      "vartype": "bool", "min_val": null, "max_val": null, "enumvals": null,
                      "boot_val": "on"}])"),
      ":1:76: /0/context: found \"use\", expected \"user\"");
  EXPECT_FALSE(scenario::readSettings("/no/such/file").ok());
}

}  // namespace
