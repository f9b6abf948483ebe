// SPDX-License-Identifier: GPL-3.0-or-later
// What \l and \dt list: the databases of the cluster and the tables the website's queries use.
#pragma once

#include <string>
#include <vector>

#include "console/sql/result_table.h"
#include "sim/relation.h"
#include "sim/world_spec.h"

namespace console {

[[nodiscard]] std::vector<std::string> shopTables(const sim::WorldSpec& spec);  // sorted
[[nodiscard]] ResultTable databaseList(const sim::WorldSpec& spec);
// \d of one table: its columns and indexes.
[[nodiscard]] std::string relationDescription(const sim::Relation& relation,
                                              const PsqlFormat& format);
[[nodiscard]] ResultTable relationList(const sim::WorldSpec& spec);

}  // namespace console
