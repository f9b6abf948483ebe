// SPDX-License-Identifier: GPL-3.0-or-later
// Roles and what is stored for them: CREATE, ALTER and DROP ROLE, ALTER DATABASE ... SET, GRANT on
// parameters.
#include <algorithm>

#include "base/text.h"
#include "console/sql/privileges.h"
#include "console/sql/session_role.h"
#include "console/sql/statements.h"
#include "sim/session_actions.h"

namespace console {
namespace {

bool databaseExists(const sim::World& world, const std::string& name) {
  return sim::databaseExists(world.spec(), world.postgres(), name);
}

// Options of CREATE and ALTER ROLE from token i on, as fields of an action. Returns the first token
// it does not know.
std::size_t readRoleOptions(const Statement& s, std::size_t i, sim::Action& action) {
  if (s.at(i).is("with")) ++i;
  while (s.isName(i)) {
    const std::string word = s.at(i).text;
    if (word == "superuser" || word == "nosuperuser") {
      action.fields["superuser"] = word == "superuser" ? "yes" : "no";
    } else if (word == "connection" && s.at(i + 1).is("limit")) {
      i += 2;
      const bool minus = s.at(i).is("-");
      if (minus) ++i;
      if (s.at(i).kind != TokenKind::Number) return i;
      action.fields["limit"] = (minus ? "-" : "") + s.at(i).text;
    } else if (word == "password") {
      ++i;
    } else if (word == "encrypted" && s.at(i + 1).is("password")) {
      i += 2;
    } else if (word == "valid" && s.at(i + 1).is("until")) {
      i += 2;
    } else if (word == "in" && s.at(i + 1).is("role") && s.isName(i + 2)) {
      i += 2;
      action.fields["grant"] = s.at(i).text;
    } else if (word != "bypassrls" && word != "nobypassrls") {
      const bool no = word.starts_with("no");
      const std::string option = no ? word.substr(2) : word;
      constexpr std::string_view kSwitches[] = {"login", "createdb", "createrole", "inherit",
                                                "replication"};
      if (std::find(std::begin(kSwitches), std::end(kSwitches), option) == std::end(kSwitches)) {
        return i;
      }
      action.fields[option] = no ? "no" : "yes";
    }
    ++i;
  }
  return i;
}

// What keeps a role from being dropped, a line each; empty: nothing.
std::string dependentsOf(const sim::World& world, const std::string& role) {
  std::string text;
  const auto add = [&](const std::string& line) { text += (text.empty() ? "" : "\n") + line; };
  for (const sim::Relation& one : world.postgres().relations) {
    if (one.owner == role) add("owner of table " + one.name);
  }
  for (const sim::Database& one : world.postgres().databases) {
    if (one.owner == role) add("owner of database " + one.name);
  }
  using Kind = SecuredObject::Kind;
  for (const Kind kind : {Kind::Database, Kind::Schema, Kind::Table}) {
    for (const sim::AccessList& list : world.postgres().accessLists) {
      if (list.kind != kind) continue;
      const SecuredObject object{kind, list.database, list.object, {}};
      for (const AclItem& item : aclOf(world, object)) {
        if (item.grantee == role && item.grantor != role) {
          add("privileges for " + objectWord(kind) + " " + list.object);
        }
      }
    }
  }
  return text;
}

bool alterRoleOptions(const Statement& s, const std::string& name) {
  sim::Action action;
  action.verb = sim::Verb::Role;
  action.target = name;
  const std::size_t end = readRoleOptions(s, 3, action);
  if (s.at(end).kind != TokenKind::End) return s.unexpected(end);
  const sim::Role& own = s.session.role();
  const sim::Role* known = s.session.world().postgres().role(name);
  if (!own.superuser) {
    if (action.fields.contains("superuser") || (known != nullptr && known->superuser)) {
      return s.refuse(sqlError(
          "42501", "must be superuser to alter superuser roles or change superuser attribute"));
    }
    if (action.fields.contains("replication") || (known != nullptr && known->replication)) {
      return s.refuse(sqlError(
          "42501", "must be superuser to alter replication roles or change replication attribute"));
    }
    const bool password = action.fields.empty() && name == currentRole(s.session.state());
    if (!own.createRole && !password) return s.refuse(sqlError("42501", "permission denied"));
  }
  return s.session.change(action, s.error) && s.done("ALTER ROLE");
}

// The part after SET or RESET, shared by databases and roles.
bool alterStoredSetting(const Statement& s, std::size_t i, sim::Action action,
                        std::string_view tag) {
  const bool reset = s.at(i).is("reset");
  ++i;
  if (!s.isName(i)) return s.unexpected(i);
  action.verb = sim::Verb::SetFor;
  action.target = s.at(i++).text;
  while (s.at(i).is(".") && s.isName(i + 1)) {
    action.target += "." + s.at(i + 1).text;
    i += 2;
  }
  const sim::ServerSettings& settings = s.session.world().postgres().settings;
  const bool privileged = sim::maySet(s.session.role(), action.target);
  if (reset) {
    if (s.at(i).kind != TokenKind::End) return s.unexpected(i);
    if (action.target != "all") {
      if (const auto wrong = settings.checkReset(action.target, privileged))
        return s.refuse(*wrong);
    }
    return s.session.change(action, s.error) && s.done(tag);
  }
  if (!s.at(i).is("=") && !s.at(i).is("to")) return s.unexpected(i);
  ++i;
  std::string sign;
  if (s.at(i).is("-")) sign = "-", ++i;
  const TokenKind kind = s.at(i).kind;
  if (kind == TokenKind::End || kind == TokenKind::Operator) return s.unexpected(i);
  const bool byDefault = s.at(i).is("default");
  std::string value = sign + s.at(i++).text;
  while (s.at(i).is(",") && sim::takesList(action.target)) {
    value += ", " + s.at(i + 1).text;
    i += 2;
  }
  if (s.at(i).is(",")) {
    return s.refuse(sqlError("22023", "SET " + action.target + " takes only one argument"));
  }
  if (s.at(i).kind != TokenKind::End) return s.unexpected(i);
  if (!byDefault) {
    const sim::ParsedValue parsed = settings.checkSet(action.target, value, privileged);
    if (!parsed.ok) return s.refuse(parsed.refusal);
    action.text = value;
  }
  return s.session.change(action, s.error) && s.done(tag);
}

}  // namespace

bool runAlterStored(Statement s) {
  const bool database = s.at(1).is("database");
  if (!s.isName(2)) return s.unexpected(2);
  const std::string name = s.at(2).text;
  sim::Action action;
  std::size_t i = 3;
  const bool everybody = !database && s.at(2).is("all");
  if (database) {
    if (!databaseExists(s.session.world(), name)) {
      return s.refuse(sqlError("3D000", "database \"" + name + "\" does not exist"));
    }
    if (!s.session.role().superuser) {
      return s.refuse(sqlError("42501", "must be owner of database " + name));
    }
    action.fields["database"] = name;
  } else if (!everybody) {
    if (s.session.world().postgres().role(name) == nullptr) {
      return s.refuse(sqlError("42704", "role \"" + name + "\" does not exist"));
    }
    action.fields["role"] = name;
  }
  if (!database && s.at(i).is("in") && s.at(i + 1).is("database") && s.isName(i + 2)) {
    const std::string place = s.at(i + 2).text;
    if (!databaseExists(s.session.world(), place)) {
      return s.refuse(sqlError("3D000", "database \"" + place + "\" does not exist"));
    }
    action.fields["database"] = place;
    i += 3;
  }
  if (s.at(i).is("set") || s.at(i).is("reset")) {
    if (!database && !s.session.role().superuser && name != currentRole(s.session.state())) {
      return s.refuse(sqlError("42501", "permission denied"));
    }
    return alterStoredSetting(s, i, action, database ? "ALTER DATABASE" : "ALTER ROLE");
  }
  if (database && (s.at(i).is("connection") || s.at(i).is("with"))) return runDatabaseLimit(s);
  if (database || everybody) return s.unexpected(i);
  return alterRoleOptions(s, name);
}

bool runRoleStatement(Statement s) {
  const bool creates = s.at(0).is("create");
  std::size_t i = 2;
  bool ifExists = false;
  if (!creates && s.at(2).is("if") && s.at(3).is("exists")) {
    ifExists = true;
    i = 4;
  }
  if (!s.isName(i)) return s.unexpected(i);
  const std::string name = s.at(i).text;
  const bool there = s.session.world().postgres().role(name) != nullptr;
  const std::string tag = std::string(creates ? "CREATE" : "DROP") + " ROLE";
  const sim::Role& own = s.session.role();
  if (!own.superuser && !own.createRole) {
    return s.refuse(sqlError(
        "42501", creates ? "permission denied to create role" : "permission denied to drop role"));
  }
  sim::Action action;
  action.verb = sim::Verb::Role;
  action.target = name;
  if (creates && s.at(1).is("role")) action.fields["login"] = "no";
  const std::size_t end = creates ? readRoleOptions(s, i + 1, action) : i + 1;
  if (s.at(end).kind != TokenKind::End) return s.unexpected(end);
  if (creates && action.fields.contains("superuser") && !own.superuser &&
      action.fields["superuser"] == "yes") {
    return s.refuse(sqlError("42501", "must be superuser to create superusers"));
  }
  if (creates && (name == "public" || name == "none")) {
    return s.refuse(sqlError("42939", "role name \"" + name + "\" is reserved"));
  }
  if (creates && name.starts_with("pg_")) {
    return s.refuse(sqlError("42939", "role name \"" + name + "\" is reserved",
                             "Role names starting with \"pg_\" are reserved."));
  }
  if (creates && there) {
    return s.refuse(sqlError("42710", "role \"" + name + "\" already exists"));
  }
  if (!creates && !there) {
    if (!ifExists) return s.refuse(sqlError("42704", "role \"" + name + "\" does not exist"));
    s.error += "NOTICE:  role \"" + name + "\" does not exist, skipping\n";
    return s.done(tag);
  }
  if (!creates) {
    if (name == currentRole(s.session.state())) {
      return s.refuse(sqlError("55006", "current user cannot be dropped"));
    }
    if (const std::string holds = dependentsOf(s.session.world(), name); !holds.empty()) {
      return s.refuse(sqlError(
          "2BP01", "role \"" + name + "\" cannot be dropped because some objects depend on it",
          holds));
    }
    action.fields["drop"] = "yes";
  }
  return s.session.change(action, s.error) && s.done(tag);
}

bool runGrantOnParameter(Statement s) {
  // GRANT {SET | ALTER SYSTEM} [, ...] ON PARAMETER name [, ...] TO role
  std::size_t i = 1;
  bool set = false, alterSystem = false;
  while (true) {
    if (s.at(i).is("set")) {
      set = true;
      ++i;
    } else if (s.at(i).is("alter") && s.at(i + 1).is("system")) {
      alterSystem = true;
      i += 2;
    } else if (s.at(i).is("all")) {
      set = alterSystem = true;
      ++i;
    } else {
      break;
    }
    if (!s.at(i).is(",")) break;
    ++i;
  }
  if ((!set && !alterSystem) || !s.at(i).is("on") || !s.at(i + 1).is("parameter")) {
    return s.refuse(sqlError("42501", "permission denied"));
  }
  i += 2;
  std::string names;
  for (; s.isName(i); i += 2) {
    if (s.session.world().postgres().settings.catalogue().find(s.at(i).text) == nullptr) {
      return s.refuse(sqlError("42602", "invalid parameter name \"" + s.at(i).text + "\""));
    }
    names += (names.empty() ? "" : ",") + s.at(i).text;
    if (!s.at(i + 1).is(",")) break;
  }
  ++i;
  if (!s.at(i).is("to") || !s.isName(i + 1)) return s.unexpected(i);
  const std::string role = s.at(i + 1).text;
  if (s.session.world().postgres().role(role) == nullptr) {
    return s.refuse(sqlError("42704", "role \"" + role + "\" does not exist"));
  }
  if (!s.session.role().superuser) {
    return s.refuse(sqlError("42501", "permission denied for parameter " + names));
  }
  sim::Action action;
  action.verb = sim::Verb::Role;
  action.target = role;
  if (set) action.fields["set"] = names;
  if (alterSystem) action.fields["alter-system"] = names;
  return s.session.change(action, s.error) && s.done("GRANT");
}

}  // namespace console
