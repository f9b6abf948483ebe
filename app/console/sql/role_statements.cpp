// SPDX-License-Identifier: GPL-3.0-or-later
// Roles and what is stored for them: CREATE, ALTER and DROP ROLE, ALTER DATABASE ... SET, GRANT on
// parameters.
#include "base/text.h"
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
    } else if (word == "login" || word == "nologin") {
      action.fields["login"] = word == "login" ? "yes" : "no";
    } else if (word != "createdb" && word != "nocreatedb" && word != "createrole" &&
               word != "nocreaterole" && word != "inherit" && word != "noinherit" &&
               word != "replication" && word != "noreplication") {
      return i;
    }
    ++i;
  }
  return i;
}

bool alterRoleOptions(const Statement& s, const std::string& name) {
  if (!s.session.role().superuser) {
    return s.refuse(sqlError("42501", "permission denied"));
  }
  sim::Action action;
  action.verb = sim::Verb::Role;
  action.target = name;
  const std::size_t end = readRoleOptions(s, 3, action);
  if (s.at(end).kind != TokenKind::End) return s.unexpected(end);
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
    if (!database && !s.session.role().superuser && name != s.session.state().user) {
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
  if (!s.session.role().superuser) {
    return s.refuse(sqlError(
        "42501", creates ? "permission denied to create role" : "permission denied to drop role"));
  }
  sim::Action action;
  action.verb = sim::Verb::Role;
  action.target = name;
  if (creates && s.at(1).is("role")) action.fields["login"] = "no";
  const std::size_t end = creates ? readRoleOptions(s, i + 1, action) : i + 1;
  if (s.at(end).kind != TokenKind::End) return s.unexpected(end);
  if (creates && there) {
    return s.refuse(sqlError("42710", "role \"" + name + "\" already exists"));
  }
  if (!creates && !there) {
    if (!ifExists) return s.refuse(sqlError("42704", "role \"" + name + "\" does not exist"));
    s.error += "NOTICE:  role \"" + name + "\" does not exist, skipping\n";
    return s.done(tag);
  }
  if (!creates) action.fields["drop"] = "yes";
  return s.session.change(action, s.error) && s.done(tag);
}

bool runGrant(Statement s) {
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
