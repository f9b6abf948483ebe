// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/virtual_tables.h"

#include <algorithm>

#include "base/text.h"
#include "console/sql/privileges.h"
#include "console/sql/session_role.h"
#include "console/sql/transaction_settings.h"

namespace console {
namespace {

std::vector<VirtualTable> makeTables() {
  std::vector<VirtualTable> all;
  for (std::vector<VirtualTable> family :
       {settingsViews(), authenticationViews(), activityViews(), statisticsViews(),
        tableStatisticsViews(), catalogueViews(), clusterViews(), schemaViews(), sessionViews()}) {
    for (VirtualTable& one : family) all.push_back(std::move(one));
  }
  std::sort(all.begin(), all.end(), [](const VirtualTable& a, const VirtualTable& b) {
    return std::tie(a.name, a.schema) < std::tie(b.name, b.schema);
  });
  return all;
}

}  // namespace

bool TableContext::superuser() const {
  const sim::Role* role = server().role(currentRole(session));
  return role != nullptr && role->superuser;
}

bool TableContext::actsAs(const std::string& group) const {
  return superuser() || hasRole(world(), currentRole(session), group);
}

bool mayRead(const sim::World& world, const std::string& role, std::string_view view) {
  // What system_views.sql and pg_authid keep from PUBLIC, and whom they open it to.
  constexpr std::pair<std::string_view, std::string_view> kClosed[] = {
      {"pg_authid", ""},
      {"pg_shadow", ""},
      {"pg_config", ""},
      {"pg_file_settings", ""},
      {"pg_hba_file_rules", ""},
      {"pg_ident_file_mappings", ""},
      {"pg_backend_memory_contexts", "pg_read_all_stats"},
      {"pg_shmem_allocations", "pg_read_all_stats"}};
  const auto* found = std::find_if(std::begin(kClosed), std::end(kClosed),
                                   [&](const auto& one) { return one.first == view; });
  if (found == std::end(kClosed)) return true;
  const sim::Role* known = world.postgres().role(role);
  if (known != nullptr && known->superuser) return true;
  return hasRole(world, role, "pg_read_all_data") ||
         (!found->second.empty() && hasRole(world, role, std::string(found->second)));
}

std::int64_t TableContext::us(std::int64_t simulatedMs) const {
  return (world().spec().timing.startUnixMs + simulatedMs) * 1000;
}

Datum optionalText(const std::string& text) {
  return text.empty() ? Datum() : Datum(text);
}

const std::vector<VirtualTable>& virtualTables() {
  static const std::vector<VirtualTable> all = makeTables();
  return all;
}

const VirtualTable* findVirtualTable(std::string_view name, std::string_view schema) {
  for (const VirtualTable& table : virtualTables()) {
    if (table.name != name) continue;
    if (schema == table.schema) return &table;
    if (schema.empty() && table.schema != "information_schema") return &table;
  }
  return nullptr;
}

namespace {

// What SHOW tells and pg_settings does not: role, session_authorization, is_superuser.
SettingReading readRole(const sim::World& world, const PsqlSession& session,
                        const std::string& key) {
  SettingReading reading;
  const auto set = session.settings.find(key);
  reading.known = isRoleSetting(key) || key == "is_superuser";
  reading.source = set == session.settings.end() ? "default" : "session";
  if (key == "role") {
    reading.shown = set == session.settings.end() ? "none" : set->second;
  } else if (key == "session_authorization") {
    reading.shown = sessionRole(session);
  } else if (reading.known) {
    const sim::Role* role = world.postgres().role(currentRole(session));
    reading.shown = role != nullptr && role->superuser ? "on" : "off";
  }
  reading.canonical = reading.shown;
  return reading;
}

// A name with a dot that nobody defines keeps what the session has set it to.
SettingReading customSetting(const PsqlSession& session, std::string_view name) {
  SettingReading reading;
  const auto found = session.settings.find(base::lower(name));
  reading.known = found != session.settings.end();
  if (!reading.known) return reading;
  reading.canonical = reading.shown = found->second;
  reading.source = "session";
  return reading;
}

// What the socket says (pqcomm.c): one of the Unix domain has no such option, 0 leaves it to the
// kernel, here Linux with its defaults.
std::string connectionOption(const std::string& key, const std::string& value,
                             const PsqlSession& session) {
  if (session.host.empty() || session.host.starts_with("/")) return "0";
  if (value != "0") return value;
  if (key == "tcp_keepalives_idle") return "7200";
  if (key == "tcp_keepalives_interval") return "75";
  return key == "tcp_keepalives_count" ? "9" : "0";
}

}  // namespace

SettingReading readSetting(const sim::World& world, const PsqlSession& session,
                           std::string_view name) {
  SettingReading reading;
  const sim::ServerSettings& settings = world.postgres().settings;
  const sim::SettingDefinition* definition = settings.catalogue().find(name);
  if (definition == nullptr) {
    const SettingReading role = readRole(world, session, base::lower(name));
    return role.known ? role : customSetting(session, name);
  }
  reading.known = true;
  const sim::SettingState* state = settings.state(name);
  reading.canonical = state != nullptr ? state->value : definition->bootValue;
  reading.source = state != nullptr ? state->source : "default";
  const std::string key = base::lower(name);
  if (key == "application_name") {
    reading.canonical = "psql";
    reading.source = "client";
  }
  if (const auto it = session.defaults.find(key); it != session.defaults.end()) {
    reading.canonical = it->second.value;
    reading.source = it->second.source;
  }
  if (const auto it = session.settings.find(key); it != session.settings.end()) {
    reading.canonical = it->second;
    reading.source = "session";
  }
  // A transaction is as the session's are, until it says otherwise.
  if (isOfTransaction(key) && !session.settings.contains(key)) {
    reading.canonical = readSetting(world, session, "default_" + key).canonical;
  }
  // Without archiving there is no command, whatever is set.
  if (key == "archive_command") reading.canonical = settings.show(name);
  if (key.starts_with("tcp_"))
    reading.canonical = connectionOption(key, reading.canonical, session);
  reading.shown = sim::showValue(*definition, reading.canonical);
  return reading;
}

}  // namespace console
