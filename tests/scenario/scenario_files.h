// SPDX-License-Identifier: GPL-3.0-or-later
// Where the tests of this room find scenarios and settings.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "scenario/reader.h"

inline const std::string kSeedFile = SOURCE_DIR "/scenarios/2024-05-07-main-database.json";
inline const std::string kSettingsFile = SOURCE_DIR "/assets/postgresql-15-settings.json";

inline std::shared_ptr<const sim::SettingCatalogue> testCatalogue() {
  const auto settings = scenario::readSettings(kSettingsFile);
  EXPECT_TRUE(settings.ok()) << (settings ? "" : settings.error().message);
  return settings ? settings.value() : nullptr;
}

inline std::string fileText(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}
