// SPDX-License-Identifier: GPL-3.0-or-later
#include "configuration_text.h"

#include <algorithm>

#include "worlds.h"

namespace fuzz {
namespace {

constexpr std::size_t kLongest = 300'000;

constexpr std::string_view kUnits[] = {"",   "",    "",   "B",  "kB", "MB",   "GB",
                                       "TB", " GB", "us", "ms", "s",  "min",  "h",
                                       "d",  "gb",  "KB", "PB", "%",  "kBkB", "\xc2\xb5s"};

// Changes that matter when a server starts.
constexpr std::string_view kWeighty[] = {"shared_buffers",
                                         "max_connections",
                                         "work_mem",
                                         "maintenance_work_mem",
                                         "huge_pages",
                                         "max_worker_processes",
                                         "autovacuum_max_workers",
                                         "max_wal_senders",
                                         "wal_level",
                                         "wal_buffers",
                                         "superuser_reserved_connections",
                                         "max_locks_per_transaction",
                                         "port",
                                         "listen_addresses",
                                         "log_destination",
                                         "logging_collector",
                                         "log_line_prefix",
                                         "log_timezone",
                                         "data_directory",
                                         "hba_file",
                                         "shared_preload_libraries",
                                         "max_stack_depth",
                                         "temp_buffers",
                                         "archive_mode",
                                         "min_wal_size",
                                         "max_wal_size",
                                         "effective_cache_size",
                                         "max_prepared_transactions",
                                         "dynamic_shared_memory_type",
                                         "shared_memory_type",
                                         "log_directory",
                                         "log_min_messages",
                                         "statement_timeout",
                                         "idle_session_timeout",
                                         "checkpoint_timeout",
                                         "default_transaction_isolation"};

constexpr std::string_view kStrings[] = {"''",
                                         "'on'",
                                         "'off'",
                                         "'auto'",
                                         "'try'",
                                         "'minimal'",
                                         "'*'",
                                         "'localhost'",
                                         "'stderr,csvlog'",
                                         "'%m [%p] '",
                                         "'%'",
                                         "'it''s'",
                                         "'a\\'b'",
                                         "'\\101\\x41'",
                                         "'\\777'",
                                         "'open",
                                         "open'",
                                         "\"on\"",
                                         "'mmap'",
                                         "'sysv'",
                                         "'replica'",
                                         "'UTC'",
                                         "'Europe/London'",
                                         "'auto_explain, pg_stat_statements'",
                                         "'iso, mdy'",
                                         "'C.UTF-8'",
                                         "on off",
                                         "= on",
                                         "'a' 'b'",
                                         "-",
                                         "+1",
                                         "'\xff\xfe'",
                                         "1.5.2",
                                         "1..2",
                                         ".",
                                         "'1 GB'",
                                         "0x1F",
                                         "'0b11'",
                                         "010",
                                         "1e5",
                                         "'1e5MB'",
                                         "nan",
                                         "'infinity'"};

}  // namespace

ConfigurationText::ConfigurationText(std::vector<std::string> files) : m_files(std::move(files)) {}

std::string ConfigurationText::setting(Dice& dice) const {
  const auto& all = catalogue()->all();
  std::string name =
      dice.oneIn(2) ? std::string(dice.oneOf(kWeighty)) : all[dice.below(all.size())].name;
  if (dice.oneIn(20)) name = dice.oneIn(2) ? "no_such_setting" : "ext.setting";
  if (dice.oneIn(20))
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  std::string value;
  const sim::SettingDefinition* definition = catalogue()->find(name);
  if (dice.oneIn(3)) {
    value = dice.oneOf(kStrings);
  } else if (dice.oneIn(4) && definition != nullptr && !definition->enumValues.empty()) {
    value = dice.oneOf(definition->enumValues);
  } else {
    value = dice.number() + std::string(dice.oneOf(kUnits));
    if (dice.oneIn(3) || value.find(' ') != std::string::npos) value = "'" + value + "'";
  }
  constexpr std::string_view kJoints[] = {" = ", "=", " ", "\t", " == ", " : ", "\n", " =", ""};
  return name + std::string(dice.oneIn(2) ? " = " : dice.oneOf(kJoints)) + value;
}

std::string ConfigurationText::include(Dice& dice) const {
  constexpr std::string_view kKinds[] = {"include", "include_if_exists", "include_dir", "INCLUDE",
                                         "include ="};
  constexpr std::string_view kOthers[] = {"''",
                                          "'conf.d'",
                                          "'.'",
                                          "'/'",
                                          "'..'",
                                          "'no-such-file.conf'",
                                          "'no/such/folder'",
                                          "postgresql.conf",
                                          "'postgresql.conf'",
                                          "'../main/postgresql.conf'"};
  std::string what = dice.oneIn(2) ? "'" + file(dice) + "'" : std::string(dice.oneOf(kOthers));
  if (dice.oneIn(3)) what = "'" + what.substr(what.rfind('/') + 1);
  if (dice.oneIn(50)) what = "'" + std::string(5000, 'x') + "'";
  return std::string(dice.oneOf(kKinds)) + " " + what;
}

std::string ConfigurationText::line(Dice& dice) const {
  switch (dice.below(16)) {
    case 0:
      return include(dice);
    case 1:
      return "# " + dice.bytes(30);
    case 2:
      return dice.bytes(60);
    case 3:
      return dice.oneIn(20) ? std::string(dice.below(100'000), dice.byte()) : std::string();
    default:
      return setting(dice) + (dice.oneIn(5) ? "  # why not" : "");
  }
}

std::string ConfigurationText::text(Dice& dice) const {
  std::string text;
  if (dice.oneIn(40)) return dice.bytes(2000);
  const std::size_t lines = dice.oneIn(60) ? dice.below(5000) : dice.below(12);
  const std::string_view end = dice.oneIn(12) ? "\r\n" : "\n";
  const std::string same = dice.oneIn(10) ? line(dice) : std::string();
  for (std::size_t i = 0; i < lines && text.size() < kLongest; ++i) {
    text += same.empty() ? line(dice) : same;
    text += end;
  }
  if (dice.oneIn(10) && !text.empty()) text.pop_back();
  return dice.oneIn(4) ? mutated(std::move(text), dice, kLongest) : text;
}

}  // namespace fuzz
