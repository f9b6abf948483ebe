// SPDX-License-Identifier: GPL-3.0-or-later
// A query's result and the forms psql prints it in: aligned, expanded, unaligned.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "console/shell_state.h"

namespace console {

struct ResultColumn {
  std::string name;
  bool rightAligned = false;
  std::string type = {};  // "integer", for \gdesc
};
using ResultRow = std::vector<std::optional<std::string>>;

struct ResultTable {
  std::string title;  // above the table, as \l and \dt have; empty: none
  std::vector<ResultColumn> columns;
  std::vector<ResultRow> rows;
  // Footer "(n rows)" is left out for descriptions.
  bool footer = true;
  bool plain = false;  // a description: never expanded
};

[[nodiscard]] std::string formatTable(const ResultTable& table, const PsqlFormat& format);

}  // namespace console
