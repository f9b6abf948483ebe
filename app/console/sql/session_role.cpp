// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/session_role.h"

#include "console/sql/privileges.h"
#include "console/sql/session.h"

namespace console {
namespace {

constexpr const char* kRole = "role";
constexpr const char* kSessionAuthorization = "session_authorization";

std::string setting(const PsqlSession& session, const char* key) {
  const auto found = session.settings.find(key);
  return found == session.settings.end() ? std::string() : found->second;
}

bool isSuperuser(const sim::World& world, const std::string& role) {
  const sim::Role* known = world.postgres().role(role);
  return known != nullptr && known->superuser;
}

void keep(PsqlSession& session, const std::string& key, const std::optional<std::string>& value,
          bool local) {
  for (auto* settings : {&session.settings, &session.settingsCommitted}) {
    if (local && settings == &session.settingsCommitted) continue;
    if (value) {
      (*settings)[key] = *value;
    } else {
      settings->erase(key);
    }
  }
}

}  // namespace

std::string sessionRole(const PsqlSession& session) {
  const std::string set = setting(session, kSessionAuthorization);
  return set.empty() ? session.user : set;
}

std::string currentRole(const PsqlSession& session) {
  const std::string set = setting(session, kRole);
  return set.empty() ? sessionRole(session) : set;
}

bool isRoleSetting(std::string_view key) {
  return key == kRole || key == kSessionAuthorization;
}

std::optional<sim::ServerMessage> setRole(const sim::World& world, PsqlSession& session,
                                          const std::string& key,
                                          const std::optional<std::string>& value, bool local) {
  if (local && !session.inTransaction) return std::nullopt;
  const bool role = key == kRole;
  const bool none = !value || (role && *value == "none");
  if (!none && !knownRole(world, *value)) {
    return sqlError("22023", "role \"" + *value + "\" does not exist");
  }
  const std::string asks = role ? sessionRole(session) : session.user;
  const bool allowed = none || isSuperuser(world, asks) ||
                       (role ? hasRole(world, asks, *value) : *value == session.user);
  if (!allowed) {
    return sqlError("42501", std::string("permission denied to set ") +
                                 (role ? "role" : "session authorization") + " \"" + *value + "\"");
  }
  if (!role) keep(session, kRole, std::nullopt, local);
  keep(session, key, none ? std::nullopt : value, local);
  return std::nullopt;
}

}  // namespace console
