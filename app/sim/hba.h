// SPDX-License-Identifier: GPL-3.0-or-later
// pg_hba.conf and pg_ident.conf as PostgreSQL 15 reads them: lines into rules, or the complaint the
// server logs (hba.c). Knows the text only; names of roles and databases are not looked up.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/settings/settings.h"

namespace sim {

// A row of pg_hba_file_rules; error is empty when the line can be used.
struct HbaRule {
  int line = 0;
  std::string type;
  std::vector<std::string> databases, users;
  std::string address, netmask, method;
  std::vector<std::string> options;
  std::string error;
  std::string text;  // the line as it stands, which the log repeats
  bool operator==(const HbaRule&) const = default;
};

// A row of pg_ident_file_mappings.
struct IdentRule {
  int line = 0;
  std::string map, systemUser, databaseUser;
  std::string error;
  bool operator==(const IdentRule&) const = default;
};

template <typename Rule>
struct AuthenticationFile {
  std::vector<Rule> rules;
  std::vector<ServerMessage> log;
  bool ok = true;  // the server may use it
};

// path: as messages name it. files: what is there to be read, for "@file" too. ssl: whether it is
// on.
[[nodiscard]] AuthenticationFile<HbaRule> readHbaFile(const std::vector<ConfigFile>& files,
                                                      const std::string& path, bool ssl);
[[nodiscard]] AuthenticationFile<IdentRule> readIdentFile(const std::vector<ConfigFile>& files,
                                                          const std::string& path);

// A field of a line: its values and whether each was quoted.
struct HbaToken {
  std::string text;
  bool quoted = false;
};
struct HbaLine {
  int number = 0;
  std::vector<std::vector<HbaToken>> fields;
  std::string text;
  std::string fault;  // of an "@file" that cannot be read
};
[[nodiscard]] std::vector<HbaLine> hbaLines(std::string_view text);

}  // namespace sim
