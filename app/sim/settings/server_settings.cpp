// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "sim/settings/apply.h"
#include "sim/settings/config_reader.h"
#include "sim/settings/settings.h"
#include "sim/settings/start_checks.h"
#include "sim/settings/value_syntax.h"

namespace sim {
namespace {

constexpr std::string_view kAutoFile = "postgresql.auto.conf";

std::string folderOf(const std::string& path) {
  return path.substr(0, path.find_last_of('/'));
}

void append(std::vector<ServerMessage>& to, std::vector<ServerMessage>& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

// Reads both files of a server. False on a fault; then faultyFile is the one to blame.
bool readAll(settings::ConfigReader& reader, const std::string& mainFile, std::string& faultyFile) {
  faultyFile = mainFile;
  if (!reader.readFile(mainFile, true)) return false;
  if (reader.readFile(kAutoFile, false)) return true;
  faultyFile = kAutoFile;
  return false;
}

void override(settings::States& states, const std::string& name, const std::string& value) {
  const auto place = states.find(name);
  if (place == states.end()) return;
  place->second.value = value;
  place->second.source = settings::kFromOverride;
}

}  // namespace

ServerSettings::ServerSettings(std::shared_ptr<const SettingCatalogue> catalogue,
                               std::string mainFile, std::string dataDirectory)
    : m_catalogue(std::move(catalogue)),
      m_mainFile(std::move(mainFile)),
      m_dataDirectory(std::move(dataDirectory)) {}

LoadReport ServerSettings::start(const std::vector<ConfigFile>& files,
                                 const std::vector<std::pair<std::string, std::string>>& options,
                                 std::int64_t stackBytes) {
  constexpr std::int64_t kStackReserve = 512;  // kB, the server's STACK_DEPTH_SLOP
  const std::int64_t stackDepth =
      stackBytes < 0 ? INT32_MAX
                     : std::min<std::int64_t>(stackBytes / 1024 - kStackReserve, INT32_MAX);
  LoadReport report;
  const auto fail = [&](std::string severity, std::string text) {
    report.ok = false;
    report.log.push_back({std::move(severity), std::move(text), {}, {}, {}});
    return report;
  };
  settings::States states = settings::builtInValues(*m_catalogue, stackDepth);
  settings::Applier applier(*m_catalogue, states, settings::Moment::Start, report, stackDepth);
  for (const auto& [name, value] : options) {
    if (applier.set(name, value, settings::kFromCommandLine) ==
        settings::Applier::Outcome::Refused) {
      report.ok = false;
      report.log.back().severity = "FATAL";
      return report;
    }
  }
  if (std::none_of(files.begin(), files.end(),
                   [&](const ConfigFile& file) { return file.path == m_mainFile; })) {
    return fail("", "postgres: could not access the server configuration file \"" + m_mainFile +
                        "\": No such file or directory");
  }
  override(states, "config_file", m_mainFile);
  // The server reads the main file once to learn its data directory and then again with the rest.
  settings::ConfigReader first(files, m_dataDirectory);
  const bool readable = first.readFile(m_mainFile, true);
  append(report.log, first.log());
  if (!readable) return fail("FATAL", "configuration file \"" + m_mainFile + "\" contains errors");
  override(states, "data_directory", m_dataDirectory);
  settings::ConfigReader reader(files, m_dataDirectory);
  std::string faultyFile;
  bool begun = false;
  const bool read = readAll(reader, m_mainFile, faultyFile);
  append(report.log, reader.log());
  if (!read || !applier.applyEntries(reader.entries(), faultyFile, begun)) {
    return fail("FATAL", "configuration file \"" + faultyFile + "\" contains errors");
  }
  for (const auto& [name, file] :
       {std::pair("hba_file", "/pg_hba.conf"), std::pair("ident_file", "/pg_ident.conf")}) {
    const auto place = states.find(name);
    if (place != states.end() && place->second.value.empty()) {
      override(states, name, folderOf(m_mainFile) + file);
    }
  }
  if (!settings::checkStart(states, report.log)) {
    report.ok = false;
    return report;
  }
  settings::settleWalBuffers(states);
  m_states = std::move(states);
  m_options = options;
  m_stackDepthLimit = stackDepth;
  return report;
}

LoadReport ServerSettings::reload(const std::vector<ConfigFile>& files) {
  LoadReport report;
  settings::ConfigReader reader(files, m_dataDirectory);
  settings::Applier applier(*m_catalogue, m_states, settings::Moment::Reload, report,
                            m_stackDepthLimit);
  std::string faultyFile;
  bool begun = false;
  bool fine = readAll(reader, m_mainFile, faultyFile);
  append(report.log, reader.log());
  fine = fine && applier.applyEntries(reader.entries(), faultyFile, begun);
  if (!fine) {
    report.ok = begun;
    report.log.push_back({"LOG",
                          "configuration file \"" + faultyFile + "\" contains errors; " +
                              (begun ? "unaffected" : "no") + " changes were applied",
                          {},
                          {},
                          {}});
  }
  return report;
}

std::vector<FileSetting> ServerSettings::fileSettings(const std::vector<ConfigFile>& files) const {
  settings::States states = m_states;
  LoadReport report;
  settings::ConfigReader reader(files, m_dataDirectory, true);
  settings::Applier applier(*m_catalogue, states, settings::Moment::Preview, report,
                            m_stackDepthLimit);
  std::string faultyFile;
  bool begun = false;
  if (readAll(reader, m_mainFile, faultyFile)) {
    applier.applyEntries(reader.entries(), faultyFile, begun);
  }
  std::vector<FileSetting> rows;
  for (const settings::ConfigEntry& entry : reader.entries()) {
    rows.push_back({entry.file, entry.line, static_cast<int>(rows.size()) + 1, entry.name,
                    entry.value, entry.applied, entry.error});
  }
  return rows;
}

bool examinedBySuperusersOnly(std::string_view name) {
  // The settings PostgreSQL 15 marks GUC_SUPERUSER_ONLY.
  constexpr std::string_view kNames[] = {"config_file",
                                         "data_directory",
                                         "dynamic_library_path",
                                         "external_pid_file",
                                         "hba_file",
                                         "ident_file",
                                         "krb_server_keyfile",
                                         "log_directory",
                                         "log_filename",
                                         "primary_conninfo",
                                         "session_preload_libraries",
                                         "shared_preload_libraries",
                                         "ssl_ciphers",
                                         "ssl_passphrase_command",
                                         "unix_socket_directories"};
  return std::any_of(std::begin(kNames), std::end(kNames),
                     [&](std::string_view one) { return base::equalsIgnoreCase(one, name); });
}

bool takesList(std::string_view name) {
  // The settings PostgreSQL 15 marks GUC_LIST_INPUT.
  constexpr std::string_view kNames[] = {"DateStyle",
                                         "listen_addresses",
                                         "local_preload_libraries",
                                         "log_destination",
                                         "search_path",
                                         "session_preload_libraries",
                                         "shared_preload_libraries",
                                         "synchronous_standby_names",
                                         "temp_tablespaces",
                                         "unix_socket_directories",
                                         "wal_consistency_checking"};
  return std::any_of(std::begin(kNames), std::end(kNames),
                     [&](std::string_view one) { return base::equalsIgnoreCase(one, name); });
}

void ServerSettings::setInternal(std::string_view name, std::string canonical) {
  const auto place = m_states.find(base::lower(name));
  if (place != m_states.end()) place->second.value = std::move(canonical);
}

const SettingState* ServerSettings::state(std::string_view name) const {
  const SettingDefinition* definition = m_catalogue ? m_catalogue->find(name) : nullptr;
  const auto place = m_states.find(base::lower(definition != nullptr ? definition->name : name));
  return place == m_states.end() ? nullptr : &place->second;
}

std::string ServerSettings::show(std::string_view name) const {
  const SettingState* found = state(name);
  if (found == nullptr) return {};
  const SettingDefinition* definition = m_catalogue->find(name);
  if (definition == nullptr) return found->value;
  if (definition->name == "archive_command") {
    const SettingState* mode = state("archive_mode");
    if (mode != nullptr && mode->value == "off") return "(disabled)";
  }
  return showValue(*definition, found->value);
}

std::int64_t ServerSettings::number(std::string_view name) const {
  const SettingState* found = state(name);
  const SettingDefinition* definition = found != nullptr ? m_catalogue->find(name) : nullptr;
  if (definition == nullptr) return 0;
  if (definition->type == SettingType::Bool) return found->value == "on" ? 1 : 0;
  if (definition->type == SettingType::Enum) {
    const auto& values = definition->enumValues;
    const auto place = std::find(values.begin(), values.end(), found->value);
    return place == values.end() ? 0 : place - values.begin();
  }
  if (definition->type == SettingType::Real) {
    return static_cast<std::int64_t>(settings::canonicalReal(found->value));
  }
  return settings::canonicalInteger(found->value);
}

double ServerSettings::real(std::string_view name, double otherwise) const {
  const SettingState* found = state(name);
  return found == nullptr ? otherwise : settings::canonicalReal(found->value);
}

}  // namespace sim
