// SPDX-License-Identifier: GPL-3.0-or-later
// The cluster on which tests/fidelity/guc-cases.jsonl was recorded, rebuilt on the simulated
// configuration system: its files, its command line, and what a case does to it.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "sim/settings/settings.h"

namespace recorded {

using Json = nlohmann::json;

// The text at key, empty if there is none.
[[nodiscard]] std::string textOf(const Json& object, const char* key);
[[nodiscard]] std::shared_ptr<const sim::SettingCatalogue> readCatalogue();
// All cases of one family, in the order of recording.
[[nodiscard]] std::vector<Json> readCases(const std::string& family);

// The log lines of a case that the configuration system is answerable for: no time stamps, none of
// the lines about checkpoints, sockets, shutdown and start.
[[nodiscard]] std::vector<std::string> expectedLog(const Json& recordedCase);
// A log in the same form.
[[nodiscard]] std::vector<std::string> lines(const std::vector<sim::ServerMessage>& log);
// "ERROR:  text", DETAIL and HINT as psql prints them.
[[nodiscard]] std::string clientText(const sim::ServerMessage& message);

// The text an SQL literal stands for: '8 GB', 100, -1, off.
[[nodiscard]] std::string literal(std::string sql);

struct AlterSystem {
  std::string name;
  std::optional<std::string> value;
};
// An ALTER SYSTEM statement with one value; nothing for any other text.
[[nodiscard]] std::optional<AlterSystem> readAlterSystem(std::string sql);

class Cluster {
 public:
  explicit Cluster(std::shared_ptr<const sim::SettingCatalogue> catalogue);
  sim::LoadReport start(const std::string& extraOption = {});
  sim::LoadReport reload() { return m_settings.reload(m_files); }
  std::optional<sim::ServerMessage> alterSystem(const AlterSystem& statement);
  // The main file as initdb left it with lines appended; further files of the case.
  void configure(const Json& action);
  void appendLines(const Json& newLines);
  void replaceLine(int line, const std::string& text);
  void writeAuto(const std::string& body);
  void empty() { m_files[0].text.clear(); }
  void restore();
  [[nodiscard]] std::vector<std::string> autoLines() const;
  [[nodiscard]] const sim::ServerSettings& settings() const { return m_settings; }
  // Whether every row of pg_settings that was recorded is the same here. why explains the first
  // difference.
  [[nodiscard]] bool agrees(const Json& rows, std::string& why) const;
  [[nodiscard]] bool fileRowsAgree(const Json& rows, std::string& why) const;

 private:
  std::vector<sim::ConfigFile> m_files;
  sim::ServerSettings m_settings;
};

}  // namespace recorded
