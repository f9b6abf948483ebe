// SPDX-License-Identifier: GPL-3.0-or-later
// The tables of the record file and the steps that lead to them, one migration a version. A
// migration that has been released is never edited; a change is a new one.
#pragma once

#include <span>
#include <vector>

namespace records {

struct Migration {
  int version = 0;
  const char* title = "";
  std::vector<const char*> statements;
};

constexpr int kSchemaVersion = 1;
// SQLite's "application_id" in the header of the file ("ODrl"), to tell our files from others'.
constexpr int kApplicationId = 0x4F44726C;

// Ascending; the last one has kSchemaVersion.
[[nodiscard]] const std::vector<Migration>& migrations();

}  // namespace records
