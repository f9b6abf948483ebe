// SPDX-License-Identifier: GPL-3.0-or-later
// pg_hba_file_rules and pg_ident_file_mappings: what the authentication files say now, faults
// included.
#include "console/sql/catalogue.h"
#include "sim/cluster_files.h"
#include "sim/hba.h"
#include "sim/listening.h"

namespace console {
namespace {

using K = TypeKind;

// Nothing for no values.
Datum arrayOf(const std::vector<std::string>& values) {
  if (values.empty()) return {};
  Items items;
  for (const std::string& value : values) items.emplace_back(value);
  return items;
}

std::vector<Row> hbaRows(const TableContext& context) {
  const sim::Postgres& server = context.server();
  const sim::WorldSpec& spec = context.world().spec();
  const auto read = sim::readHbaFile(sim::authenticationTexts(spec, server),
                                     sim::ClusterFiles(spec, server).hbaFile(),
                                     server.settings.show("ssl") == "on");
  std::vector<Row> rows;
  for (const sim::HbaRule& rule : read.rules) {
    // A line that cannot be used has nothing to show but its number and what is wrong.
    if (rule.method.empty()) {
      rows.push_back({std::int64_t{rule.line}, Datum(), Datum(), Datum(), Datum(), Datum(), Datum(),
                      Datum(), optionalText(rule.error)});
      continue;
    }
    rows.push_back({std::int64_t{rule.line}, optionalText(rule.type), arrayOf(rule.databases),
                    arrayOf(rule.users), optionalText(rule.address), optionalText(rule.netmask),
                    rule.method, arrayOf(rule.options), optionalText(rule.error)});
  }
  return rows;
}

std::vector<Row> identRows(const TableContext& context) {
  const sim::WorldSpec& spec = context.world().spec();
  const auto read = sim::readIdentFile(sim::authenticationTexts(spec, context.server()),
                                       sim::ClusterFiles(spec, context.server()).identFile());
  std::vector<Row> rows;
  for (const sim::IdentRule& rule : read.rules) {
    rows.push_back({std::int64_t{rule.line}, optionalText(rule.map), optionalText(rule.systemUser),
                    optionalText(rule.databaseUser), optionalText(rule.error)});
  }
  return rows;
}

}  // namespace

std::vector<VirtualTable> authenticationViews() {
  const DataType texts(K::Text, true);
  return {{"pg_hba_file_rules",
           'v',
           {{"line_number", K::Integer},
            {"type", K::Text},
            {"database", texts},
            {"user_name", texts},
            {"address", K::Text},
            {"netmask", K::Text},
            {"auth_method", K::Text},
            {"options", texts},
            {"error", K::Text}},
           hbaRows},
          {"pg_ident_file_mappings",
           'v',
           {{"line_number", K::Integer},
            {"map_name", K::Text},
            {"sys_name", K::Text},
            {"pg_username", K::Text},
            {"error", K::Text}},
           identRows}};
}

}  // namespace console
