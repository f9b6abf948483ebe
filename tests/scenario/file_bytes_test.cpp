// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenario/file_bytes.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace {

TEST(FileBytes, ReadsUpToTheLimitAndNotBeyond) {
  const std::string path = (std::filesystem::temp_directory_path() / "outage-drill-bytes").string();
  std::ofstream(path, std::ios::binary) << std::string("a\0b\n", 4);
  EXPECT_EQ(scenario::readFileBytes(path, 4).bytes, std::string("a\0b\n", 4));
  const auto refused = scenario::readFileBytes(path, 3);
  EXPECT_FALSE(refused.ok);
  EXPECT_EQ(refused.found, "4 bytes");
  std::filesystem::remove(path);
  EXPECT_FALSE(scenario::readFileBytes(path, 4).ok);
}

}  // namespace
