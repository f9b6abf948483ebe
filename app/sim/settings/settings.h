// SPDX-License-Identifier: GPL-3.0-or-later
// PostgreSQL 15's configuration system: the catalogue of settings, value syntax, configuration
// files with their precedence, and what a start, a reload or ALTER SYSTEM makes of them. Plain text
// in, plain values out: it knows no disk (files are strings) and no running server. Source of
// behaviour: recorded cases of PostgreSQL 15.18 (tests/fidelity).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

enum class SettingContext : std::uint8_t {
  Internal,
  Postmaster,
  Sighup,
  SuperuserBackend,
  Backend,
  Superuser,
  User
};
enum class SettingType : std::uint8_t { Bool, Integer, Real, String, Enum };

// One row of the catalogue, as pg_settings names its columns.
struct SettingDefinition {
  std::string name;
  std::string unit;  // "8kB", "kB", "MB", "B", "ms", "s", "min" or empty
  std::string category;
  std::string shortDescription;
  SettingContext context = SettingContext::User;
  SettingType type = SettingType::String;
  double minimum = 0;  // numbers only
  double maximum = 0;
  std::vector<std::string> enumValues;
  std::string bootValue;
};

// All settings of the simulated version; immutable once built, sorted by lower-case name.
class SettingCatalogue {
 public:
  explicit SettingCatalogue(std::vector<SettingDefinition> definitions);
  [[nodiscard]] const SettingDefinition* find(std::string_view name) const;  // any case
  [[nodiscard]] const std::vector<SettingDefinition>& all() const { return m_definitions; }

 private:
  std::vector<SettingDefinition> m_definitions;
  std::vector<std::uint16_t> m_slots;  // open addressing by name: 1 + index, 0 is empty
};

struct ConfigFile {
  std::string path;  // absolute, as SHOW config_file names it
  std::string text;
  bool readable = true;  // by the server's user
  bool operator==(const ConfigFile&) const = default;
};

// A message as the server would log it or send it to the client.
struct ServerMessage {
  std::string severity;  // "LOG", "WARNING", "ERROR", "FATAL"; empty: a bare line on stderr
  std::string text;
  std::string detail;
  std::string hint;
  std::string sqlstate;  // "22023" ...; empty for log-only messages
  std::string context = {};
  bool operator==(const ServerMessage&) const = default;
};

// The raw value a text means: canonical setting text in the setting's unit (what
// pg_settings.setting shows), or the message PostgreSQL refuses it with.
struct ParsedValue {
  bool ok = false;
  std::string canonical;
  ServerMessage refusal;
};
[[nodiscard]] ParsedValue parseSettingValue(const SettingDefinition& definition,
                                            std::string_view text);
// What SHOW prints for a canonical value: largest unit that divides it, as "16GB".
[[nodiscard]] std::string showValue(const SettingDefinition& definition,
                                    std::string_view canonical);

struct SettingState {
  std::string value;   // canonical
  std::string source;  // "default", "configuration file", "command line"
  std::string sourceFile;
  int sourceLine = 0;
  bool pendingRestart = false;
  bool operator==(const SettingState&) const = default;
};

// One line of pg_file_settings.
struct FileSetting {
  std::string file;
  int line = 0;
  int sequence = 0;
  std::string name, setting;  // setting as written
  bool applied = false;
  std::string error;
};

struct LoadReport {
  bool ok = true;  // false: a start must fail, a reload changes nothing
  std::vector<ServerMessage> log;
  std::vector<std::string> changed;  // names, in the order of application
};

// The settings of one server: what is running, and what the files ask for. A value.
class ServerSettings {
 public:
  ServerSettings() = default;
  // mainFile: path of postgresql.conf; auto.conf is "<data directory>/postgresql.auto.conf".
  ServerSettings(std::shared_ptr<const SettingCatalogue> catalogue, std::string mainFile,
                 std::string dataDirectory);

  // What `pg_ctl start` does: reads all layers afresh. options: "-c name=value" pairs of the
  // command line, which outrank the files until the next start. stackBytes: what `ulimit -s` allows
  // the server, negative: unlimited.
  LoadReport start(const std::vector<ConfigFile>& files,
                   const std::vector<std::pair<std::string, std::string>>& options = {},
                   std::int64_t stackBytes = 8 << 20);
  // What SIGHUP does: applies what may change, logs the rest, marks pending_restart.
  LoadReport reload(const std::vector<ConfigFile>& files);
  // ALTER SYSTEM SET name = value (empty optional = RESET; name "all" resets all): checks, then
  // rewrites postgresql.auto.conf inside files. Returns the refusal, or nothing.
  std::optional<ServerMessage> alterSystem(std::vector<ConfigFile>& files, std::string_view name,
                                           std::optional<std::string_view> value) const;
  // What ALTER SYSTEM would log of a postgresql.auto.conf it cannot read; nothing when it can.
  [[nodiscard]] std::optional<ServerMessage> autoFileFault(
      const std::vector<ConfigFile>& files) const;
  // The same checks without the change.
  [[nodiscard]] std::optional<ServerMessage> checkAlterSystem(
      std::string_view name, std::optional<std::string_view> value) const;

  // What SET name = value would make of the value in a session, or its refusal. privileged: a
  // superuser, or a role that was granted the setting. atConnect: an option of the connection
  // itself, which may set a little more.
  [[nodiscard]] ParsedValue checkSet(std::string_view name, std::string_view value,
                                     bool privileged = true, bool atConnect = false) const;
  // What RESET needs: the same permissions, no value.
  [[nodiscard]] std::optional<ServerMessage> checkReset(std::string_view name,
                                                        bool privileged = true) const;
  // What only the running server knows of itself, as shared_memory_size; unknown names are ignored.
  void setInternal(std::string_view name, std::string canonical);

  [[nodiscard]] const SettingCatalogue& catalogue() const { return *m_catalogue; }
  [[nodiscard]] const SettingState* state(std::string_view name) const;  // any case
  [[nodiscard]] std::string show(std::string_view name) const;           // empty when unknown
  // The running value as a number in the setting's unit (8 kB blocks for shared_buffers).
  [[nodiscard]] std::int64_t number(std::string_view name) const;
  // The same with its fraction; otherwise: for a name the catalogue (a small test's) does not have.
  [[nodiscard]] double real(std::string_view name, double otherwise) const;
  [[nodiscard]] std::vector<FileSetting> fileSettings(const std::vector<ConfigFile>& files) const;
  bool operator==(const ServerSettings& other) const { return m_states == other.m_states; }
  // All running values in name order, for fingerprints.
  [[nodiscard]] const std::map<std::string, SettingState>& states() const { return m_states; }

 private:
  std::shared_ptr<const SettingCatalogue> m_catalogue;
  std::string m_mainFile;
  std::string m_dataDirectory;
  std::map<std::string, SettingState> m_states;  // by lower-case name
  std::vector<std::pair<std::string, std::string>> m_options;
  std::int64_t m_stackDepthLimit = 7680;  // kB
};

// Settings only a superuser or a member of pg_read_all_settings may examine.
[[nodiscard]] bool examinedBySuperusersOnly(std::string_view name);
// Settings that are lists of names: SET takes several values for them.
[[nodiscard]] bool takesList(std::string_view name);

}  // namespace sim
