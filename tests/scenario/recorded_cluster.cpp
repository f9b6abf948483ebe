// SPDX-License-Identifier: GPL-3.0-or-later
#include "recorded_cluster.h"

#include <array>
#include <fstream>
#include <map>
#include <regex>

#include "base/text.h"

namespace recorded {
namespace {

constexpr const char* kData = "/pgdata";
constexpr int kLines = 815;

std::ifstream openFile(const std::string& path) {
  return std::ifstream(std::string(SOURCE_DIR) + "/" + path);
}

std::string mainText() {
  const std::map<int, std::string> active = {{65, "max_connections = 100"},
                                             {127, "shared_buffers = 128MB"},
                                             {150, "dynamic_shared_memory_type = posix"},
                                             {241, "max_wal_size = 1GB"},
                                             {242, "min_wal_size = 80MB"},
                                             {597, "log_timezone = UTC"},
                                             {711, "datestyle = 'iso, mdy'"},
                                             {713, "timezone = UTC"},
                                             {727, "lc_messages = 'C.UTF-8'\t# messages"},
                                             {729, "lc_monetary = 'C.UTF-8'"},
                                             {730, "lc_numeric = 'C.UTF-8'"},
                                             {731, "lc_time = 'C.UTF-8'"},
                                             {734,
                                              "default_text_search_config = "
                                              "'pg_catalog.english'"}};
  std::string text;
  for (int line = 1; line <= kLines; ++line) {
    const auto place = active.find(line);
    text += (place == active.end() ? "#" : place->second) + "\n";
  }
  return text;
}

std::string fileName(const std::string& path) {
  return path.substr(path.find_last_of('/') + 1);
}

}  // namespace

std::string textOf(const Json& object, const char* key) {
  const auto place = object.find(key);
  return place == object.end() || place->is_null() ? std::string() : place->get<std::string>();
}

std::shared_ptr<const sim::SettingCatalogue> readCatalogue() {
  std::ifstream file = openFile("assets/postgresql-15-settings.json");
  const std::map<std::string, sim::SettingContext> contexts = {
      {"internal", sim::SettingContext::Internal},
      {"postmaster", sim::SettingContext::Postmaster},
      {"sighup", sim::SettingContext::Sighup},
      {"superuser-backend", sim::SettingContext::SuperuserBackend},
      {"backend", sim::SettingContext::Backend},
      {"superuser", sim::SettingContext::Superuser},
      {"user", sim::SettingContext::User}};
  const std::map<std::string, sim::SettingType> types = {{"bool", sim::SettingType::Bool},
                                                         {"integer", sim::SettingType::Integer},
                                                         {"real", sim::SettingType::Real},
                                                         {"string", sim::SettingType::String},
                                                         {"enum", sim::SettingType::Enum}};
  std::vector<sim::SettingDefinition> definitions;
  for (const Json& row : Json::parse(file)) {
    sim::SettingDefinition definition;
    definition.name = textOf(row, "name");
    definition.unit = textOf(row, "unit");
    definition.context = contexts.at(textOf(row, "context"));
    definition.type = types.at(textOf(row, "vartype"));
    definition.bootValue = textOf(row, "boot_val");
    if (!row.at("min_val").is_null()) definition.minimum = std::stod(textOf(row, "min_val"));
    if (!row.at("max_val").is_null()) definition.maximum = std::stod(textOf(row, "max_val"));
    if (!row.at("enumvals").is_null()) row.at("enumvals").get_to(definition.enumValues);
    definitions.push_back(std::move(definition));
  }
  return std::make_shared<const sim::SettingCatalogue>(std::move(definitions));
}

std::vector<Json> readCases(const std::string& family) {
  std::ifstream file = openFile("tests/fidelity/guc-cases.jsonl");
  std::vector<Json> cases;
  for (std::string line; std::getline(file, line);) {
    Json one = Json::parse(base::replaceAll(line, "$PGDATA", kData));
    if (one.at("family") == family) cases.push_back(std::move(one));
  }
  return cases;
}

std::vector<std::string> expectedLog(const Json& recordedCase) {
  const std::regex foreign(
      "(LOG:  (received (SIGHUP|fast shutdown)|starting PostgreSQL|listening on|aborting any|"
      "background worker|shutting down|checkpoint |database system (was shut down|is ready)))"
      "|STATEMENT:|ERROR:");
  std::vector<std::string> result;
  bool stopping = false;
  for (const Json& entry : recordedCase.at("server_log_template")) {
    std::string line = base::replaceAll(entry.get<std::string>(), "{ts} [{pid}] ", "");
    if (base::contains(line, "received fast shutdown")) stopping = true;
    if (std::regex_search(line, foreign, std::regex_constants::match_continuous)) continue;
    if (stopping && line == "LOG:  database system is shut down") {
      stopping = false;
      continue;
    }
    // Every process that reads the files reports a missing one.
    if (!result.empty() && result.back() == line) continue;
    result.push_back(std::move(line));
  }
  return result;
}

std::vector<std::string> lines(const std::vector<sim::ServerMessage>& log) {
  std::vector<std::string> result;
  for (const sim::ServerMessage& message : log) {
    const std::string head = message.severity.empty() ? "" : message.severity + ":  ";
    const std::string line = head + message.text;
    if (!result.empty() && result.back() == line) continue;
    result.push_back(line);
    if (!message.detail.empty()) result.push_back("DETAIL:  " + message.detail);
    if (!message.hint.empty()) result.push_back("HINT:  " + message.hint);
  }
  return result;
}

std::string clientText(const sim::ServerMessage& message) {
  std::string text = message.severity + ":  " + message.text;
  if (!message.detail.empty()) text += "\nDETAIL:  " + message.detail;
  if (!message.hint.empty()) text += "\nHINT:  " + message.hint;
  return text;
}

std::string literal(std::string sql) {
  const bool escapes = sql.starts_with("E'");
  if (escapes) sql.erase(0, 1);
  if (sql.size() >= 2 && sql.front() == '\'') {
    sql = base::replaceAll(sql.substr(1, sql.size() - 2), "''", "'");
    return escapes ? base::replaceAll(sql, "\\n", "\n") : sql;
  }
  return sql;
}

std::optional<AlterSystem> readAlterSystem(std::string sql) {
  static const std::regex kSet(
      "ALTER SYSTEM SET (\"?)([A-Za-z_.]+)\\1 *= *((?:E?'[^']*')|[-A-Za-z0-9_.]+);?");
  static const std::regex kReset("ALTER SYSTEM RESET ([A-Za-z_.]+);?");
  std::smatch match;
  if (std::regex_match(sql, match, kSet)) return AlterSystem{match[2], literal(match[3])};
  if (std::regex_match(sql, match, kReset)) return AlterSystem{match[1], std::nullopt};
  return std::nullopt;
}

Cluster::Cluster(std::shared_ptr<const sim::SettingCatalogue> catalogue)
    : m_settings(std::move(catalogue), std::string(kData) + "/postgresql.conf", kData) {
  restore();
}

sim::LoadReport Cluster::start(const std::string& extraOption) {
  std::vector<std::pair<std::string, std::string>> options = {
      {"port", "54321"},
      {"listen_addresses", "127.0.0.1"},
      {"unix_socket_directories", "$SOCKETDIR"}};
  const std::size_t equals = extraOption.find('=');
  if (equals != std::string::npos) {
    options.emplace_back(extraOption.substr(0, equals), extraOption.substr(equals + 1));
  }
  return m_settings.start(m_files, options);
}

std::optional<sim::ServerMessage> Cluster::alterSystem(const AlterSystem& statement) {
  return m_settings.alterSystem(m_files, statement.name, statement.value);
}

void Cluster::restore() {
  m_files = {{std::string(kData) + "/postgresql.conf", mainText()}, {}};
  m_files[1].path = std::string(kData) + "/postgresql.auto.conf";
  writeAuto("");
}

void Cluster::appendLines(const Json& newLines) {
  for (const Json& line : newLines) m_files[0].text += line.get<std::string>() + "\n";
}

void Cluster::writeAuto(const std::string& body) {
  m_files[1].text =
      "# Do not edit this file manually!\n"
      "# It will be overwritten by the ALTER SYSTEM command.\n" +
      body;
}

void Cluster::configure(const Json& action) {
  appendLines(action.at("appended_lines"));
  if (action.contains("postgresql.auto.conf")) {
    std::string body;
    for (const Json& line : action.at("postgresql.auto.conf"))
      body += line.get<std::string>() + "\n";
    writeAuto(body);
  }
  if (action.contains("other_files")) {
    for (const auto& [name, text] : action.at("other_files").items()) {
      m_files.push_back({std::string(kData) + "/" + name, text.get<std::string>()});
    }
  }
}

void Cluster::replaceLine(int line, const std::string& text) {
  std::vector<std::string> all = base::lines(m_files[0].text);
  all.at(static_cast<std::size_t>(line - 1)) = text;
  m_files[0].text.clear();
  for (const std::string& one : all) m_files[0].text += one + "\n";
}

std::vector<std::string> Cluster::autoLines() const {
  std::vector<std::string> result;
  for (const std::string& line : base::lines(m_files[1].text)) {
    if (!line.starts_with("#")) result.push_back(line);
  }
  return result;
}

bool Cluster::agrees(const Json& rows, std::string& why) const {
  for (const Json& row : rows) {
    const std::string name = row.at("name");
    // What the whole of shared memory takes is not a matter of configuration alone.
    if (name.starts_with("shared_memory_size")) continue;
    const sim::SettingState* state = m_settings.state(name);
    const Json here = {state != nullptr ? state->value : "", state != nullptr ? state->source : "",
                       state != nullptr && state->pendingRestart, m_settings.show(name)};
    const Json there = {row.at("setting"), row.at("source"), row.at("pending_restart"),
                        row.at("show")};
    if (here != there) {
      why = name + ": " + here.dump() + " instead of " + there.dump();
      return false;
    }
  }
  return true;
}

bool Cluster::fileRowsAgree(const Json& rows, std::string& why) const {
  const std::vector<sim::FileSetting> all = m_settings.fileSettings(m_files);
  for (const Json& row : rows) {
    bool found = false;
    for (const sim::FileSetting& mine : all) {
      const bool same =
          mine.name == textOf(row, "name") && mine.setting == textOf(row, "setting") &&
          mine.applied == row.at("applied").get<bool>() && mine.error == textOf(row, "error");
      const bool placed =
          !row.contains("seqno") ||
          (mine.sequence == row.at("seqno") && fileName(mine.file) == textOf(row, "file") &&
           (row.at("sourceline").is_null() || mine.line == row.at("sourceline")));
      found = found || (same && placed);
    }
    if (!found) {
      why = "no row of pg_file_settings like " + row.dump();
      return false;
    }
  }
  return true;
}

}  // namespace recorded
