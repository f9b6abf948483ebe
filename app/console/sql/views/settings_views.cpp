// SPDX-License-Identifier: GPL-3.0-or-later
// Views of the configuration: pg_settings, pg_file_settings, pg_db_role_setting.
#include <cmath>

#include "base/text.h"
#include "console/sql/catalogue.h"
#include "sim/cluster_files.h"

namespace console {
namespace {

using K = TypeKind;

std::string contextName(sim::SettingContext context) {
  constexpr std::string_view kNames[] = {"internal", "postmaster", "sighup", "superuser-backend",
                                         "backend",  "superuser",  "user"};
  return std::string(kNames[static_cast<std::size_t>(context)]);
}

std::string typeNameOf(sim::SettingType type) {
  constexpr std::string_view kNames[] = {"bool", "integer", "real", "string", "enum"};
  return std::string(kNames[static_cast<std::size_t>(type)]);
}

std::string boundText(double value) {
  if (value == std::floor(value) && std::abs(value) < 1e15)
    return std::to_string(static_cast<std::int64_t>(value));
  std::string text = base::fixedText(value, 6);
  while (text.ends_with('0')) text.pop_back();
  return text;
}

std::vector<Row> settingsRows(const TableContext& context) {
  std::vector<Row> rows;
  const sim::ServerSettings& settings = context.server().settings;
  for (const sim::SettingDefinition& definition : settings.catalogue().all()) {
    const sim::SettingState* state = settings.state(definition.name);
    const SettingReading reading = readSetting(context.world(), context.session, definition.name);
    if (sim::examinedBySuperusersOnly(definition.name) && !context.actsAs("pg_read_all_settings"))
      continue;
    const bool number =
        definition.type == sim::SettingType::Integer || definition.type == sim::SettingType::Real;
    Items values;
    for (const std::string& value : definition.enumValues) values.emplace_back(value);
    // Where a value comes from is told to superusers.
    const bool file =
        state != nullptr && !state->sourceFile.empty() && context.actsAs("pg_read_all_settings");
    rows.push_back({definition.name, reading.canonical, optionalText(definition.unit),
                    definition.category, definition.shortDescription, Datum(),
                    contextName(definition.context), typeNameOf(definition.type), reading.source,
                    number ? Datum(boundText(definition.minimum)) : Datum(),
                    number ? Datum(boundText(definition.maximum)) : Datum(),
                    values.empty() ? Datum() : Datum(values), definition.bootValue,
                    state != nullptr ? state->value : definition.bootValue,
                    file ? Datum(state->sourceFile) : Datum(),
                    file ? Datum(std::int64_t{state->sourceLine}) : Datum(),
                    state != nullptr && state->pendingRestart});
  }
  return rows;
}

std::vector<Row> fileSettingsRows(const TableContext& context) {
  std::vector<Row> rows;
  for (const sim::FileSetting& one : context.server().settings.fileSettings(
           sim::readableFiles(context.world().spec(), context.server()))) {
    rows.push_back({one.file, std::int64_t{one.line}, std::int64_t{one.sequence},
                    optionalText(one.name), one.setting, one.applied, optionalText(one.error)});
  }
  return rows;
}

std::vector<Row> storedSettingRows(const TableContext& context) {
  // One row for each database and role, with all its settings.
  std::vector<std::pair<std::pair<std::int64_t, std::int64_t>, Items>> groups;
  for (const sim::StoredSetting& one : context.server().storedSettings) {
    std::int64_t database = 0;
    for (const CatalogueDatabase& known : catalogueDatabases(context.world())) {
      if (known.name == one.database) database = known.oid;
    }
    const std::int64_t role = one.role.empty() ? 0 : roleOid(context.world(), one.role);
    Items* found = nullptr;
    for (auto& [key, values] : groups) {
      if (key == std::pair(database, role)) found = &values;
    }
    if (found == nullptr) {
      groups.push_back({{database, role}, {}});
      found = &groups.back().second;
    }
    found->emplace_back(one.name + "=" + one.value);
  }
  std::vector<Row> rows;
  for (const auto& [key, values] : groups) rows.push_back({key.first, key.second, values});
  return rows;
}

}  // namespace

std::vector<VirtualTable> settingsViews() {
  const DataType texts(K::Text, true);
  return {{"pg_settings",
           'v',
           {{"name", K::Text},
            {"setting", K::Text},
            {"unit", K::Text},
            {"category", K::Text},
            {"short_desc", K::Text},
            {"extra_desc", K::Text},
            {"context", K::Text},
            {"vartype", K::Text},
            {"source", K::Text},
            {"min_val", K::Text},
            {"max_val", K::Text},
            {"enumvals", texts},
            {"boot_val", K::Text},
            {"reset_val", K::Text},
            {"sourcefile", K::Text},
            {"sourceline", K::Integer},
            {"pending_restart", K::Boolean}},
           settingsRows},
          {"pg_file_settings",
           'v',
           {{"sourcefile", K::Text},
            {"sourceline", K::Integer},
            {"seqno", K::Integer},
            {"name", K::Text},
            {"setting", K::Text},
            {"applied", K::Boolean},
            {"error", K::Text}},
           fileSettingsRows},
          {"pg_db_role_setting",
           'r',
           {{"setdatabase", K::Oid}, {"setrole", K::Oid}, {"setconfig", texts}},
           storedSettingRows}};
}

}  // namespace console
