// SPDX-License-Identifier: GPL-3.0-or-later
// Reads a configuration file with everything it includes into a list of entries, in the order of
// the text. Knows syntax and includes, not settings.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/settings/settings.h"

namespace sim::settings {

// A setting as written, or (with an empty name) a fault found while reading.
struct ConfigEntry {
  std::string name, value;
  std::string file;
  int line = 0;
  std::string error;
  bool ignored = false;  // a fault, or overruled by a later entry of the same name
  bool applied = false;
};

class ConfigReader {
 public:
  // quick: give up a file at its first syntax error, as a session asking for pg_file_settings does.
  ConfigReader(const std::vector<ConfigFile>& files, std::string dataDirectory, bool quick = false)
      : m_files(files), m_dataDirectory(std::move(dataDirectory)), m_quick(quick) {}

  // required: its absence is a fault. Relative paths start at the data directory.
  bool readFile(std::string_view path, bool required);
  // A text that has no path to include from, named name in messages.
  bool readText(std::string_view text, const std::string& name);

  [[nodiscard]] std::vector<ConfigEntry>& entries() { return m_entries; }
  [[nodiscard]] std::vector<ServerMessage>& log() { return m_log; }

 private:
  struct Place {
    std::string file;
    int line = 0;
  };
  bool readFile(std::string_view path, bool required, const Place& caller, int depth);
  bool readDirectory(std::string_view path, const Place& caller, int depth);
  bool parse(std::string_view text, const std::string& name, int depth);
  bool accept(std::string name, std::string value, const Place& place, int depth);
  void report(std::string message);
  void fault(std::string error, const Place& place);
  [[nodiscard]] std::string absolute(std::string_view path, const std::string& caller) const;

  const std::vector<ConfigFile>& m_files;
  std::string m_dataDirectory;
  bool m_quick = false;
  int m_opened = 0;
  std::vector<ConfigEntry> m_entries;
  std::vector<ServerMessage> m_log;
};

}  // namespace sim::settings
