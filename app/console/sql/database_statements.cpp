// SPDX-License-Identifier: GPL-3.0-or-later
// CREATE and DROP DATABASE, ALTER DATABASE ... CONNECTION LIMIT, CHECKPOINT.
#include <algorithm>

#include "base/text.h"
#include "console/sql/privileges.h"
#include "console/sql/session_role.h"
#include "console/sql/statements.h"
#include "sim/session_actions.h"

namespace console {
namespace {

sim::Action databaseAction(const std::string& name) {
  sim::Action action;
  action.verb = sim::Verb::Relation;
  action.target = name;
  action.fields["kind"] = "database";
  return action;
}

bool mayMake(const Statement& s) {
  const sim::Role& role = s.session.role();
  return (role.superuser || role.createDatabase) && s.session.world().spec().database.laboratory;
}

// [WITH] [CONNECTION LIMIT [=] n] and options whose values change nothing here. The first token it
// does not know.
std::size_t readOptions(const Statement& s, std::size_t i, sim::Action& action) {
  if (s.at(i).is("with")) ++i;
  while (s.isName(i)) {
    const std::string word = s.at(i).text;
    constexpr std::string_view kOptions[] = {
        "owner",    "template", "encoding",   "locale",      "lc_collate",
        "lc_ctype", "strategy", "tablespace", "is_template", "allow_connections"};
    const bool known =
        std::find(std::begin(kOptions), std::end(kOptions), word) != std::end(kOptions);
    if (word == "connection" && s.at(i + 1).is("limit")) {
      i += 2;
      if (s.at(i).is("=")) ++i;
      const bool minus = s.at(i).is("-");
      if (minus) ++i;
      if (s.at(i).kind != TokenKind::Number) return i;
      action.fields["limit"] = (minus ? "-" : "") + s.at(i++).text;
    } else if (known) {
      ++i;
      if (s.at(i).is("=")) ++i;
      if (s.at(i).kind == TokenKind::End) return i;
      if (word == "owner") action.fields["owner"] = s.at(i).text;
      ++i;
    } else {
      return i;
    }
  }
  return i;
}

bool create(const Statement& s, const std::string& name) {
  sim::Action action = databaseAction(name);
  action.fields["owner"] = currentRole(s.session.state());
  const std::size_t end = readOptions(s, 3, action);
  if (s.at(end).kind != TokenKind::End) return s.unexpected(end);
  if (!mayMake(s)) return s.refuse(sqlError("42501", "permission denied to create database"));
  if (s.session.state().inTransaction) {
    return s.refuse(sqlError("25001", "CREATE DATABASE cannot run inside a transaction block"));
  }
  if (sim::databaseExists(s.session.world().spec(), s.session.world().postgres(), name)) {
    return s.refuse(sqlError("42P04", "database \"" + name + "\" already exists"));
  }
  // MODEL: the template's blocks are logged one by one (strategy wal_log): 4.2 MB.
  sim::Action used;
  used.verb = sim::Verb::Execute;
  used.target = std::to_string(s.session.state().pid);
  used.fields = {{"wal-bytes", "4200000"}, {"dirtied", "900"}};
  s.session.spend(160);
  return s.session.change(action, s.error) && s.session.change(used, s.error) &&
         s.session.survived(s.error) && s.done("CREATE DATABASE");
}

bool drop(const Statement& s) {
  std::size_t i = 2;
  const bool lenient = s.at(2).is("if") && s.at(3).is("exists");
  if (lenient) i = 4;
  if (!s.isName(i)) return s.unexpected(i);
  const std::string name = s.at(i).text;
  const sim::Postgres& server = s.session.world().postgres();
  if (s.session.state().inTransaction) {
    return s.refuse(sqlError("25001", "DROP DATABASE cannot run inside a transaction block"));
  }
  if (!sim::databaseExists(s.session.world().spec(), server, name)) {
    if (!lenient) {
      return s.refuse(sqlError("3D000", "database \"" + name + "\" does not exist"));
    }
    s.error += "NOTICE:  database \"" + name + "\" does not exist, skipping\n";
    return s.done("DROP DATABASE");
  }
  const bool made = std::any_of(server.databases.begin(), server.databases.end(),
                                [&](const auto& one) { return one.name == name && one.oid != 0; });
  if (name == s.session.state().database) {
    return s.refuse(sqlError("55006", "cannot drop the currently open database"));
  }
  const bool own =
      owns(s.session.world(), s.session.role().name, securedDatabase(s.session.world(), name));
  if (!own || !made) {
    return s.refuse(sqlError("42501", "must be owner of database " + name));
  }
  const auto users =
      std::count_if(server.sessions.begin(), server.sessions.end(), [&](const sim::Session& one) {
        return one.database == name && one.kind == sim::SessionKind::Client;
      });
  if (users > 0) {
    return s.refuse(sqlError(
        "55006", "database \"" + name + "\" is being accessed by other users",
        users == 1 ? "There is 1 other session using the database."
                   : "There are " + std::to_string(users) + " other sessions using the database."));
  }
  sim::Action action = databaseAction(name);
  action.fields["drop"] = "yes";
  if (!s.session.change(action, s.error)) return false;
  // Its pages must not reach the disk after its files are gone.
  action = {};
  action.verb = sim::Verb::Checkpoint;
  s.session.spend(180);
  return s.session.change(action, s.error) && s.done("DROP DATABASE");
}

}  // namespace

bool runDatabaseStatement(Statement s) {
  if (s.at(0).is("drop")) return drop(s);
  if (!s.isName(2)) return s.unexpected(2);
  return create(s, s.at(2).text);
}

bool runDatabaseLimit(Statement s) {
  const std::string name = s.at(2).text;
  if (!sim::databaseExists(s.session.world().spec(), s.session.world().postgres(), name)) {
    return s.refuse(sqlError("3D000", "database \"" + name + "\" does not exist"));
  }
  if (!s.session.role().superuser) {
    return s.refuse(sqlError("42501", "must be owner of database " + name));
  }
  sim::Action action = databaseAction(name);
  const std::size_t end = readOptions(s, 3, action);
  if (s.at(end).kind != TokenKind::End) return s.unexpected(end);
  return s.session.change(action, s.error) && s.done("ALTER DATABASE");
}

bool runCheckpoint(Statement s) {
  if (s.at(1).kind != TokenKind::End) return s.unexpected(1);
  const sim::Role& role = s.session.role();
  if (!role.superuser && !hasRole(s.session.world(), role.name, "pg_checkpoint")) {
    return s.refuse(sqlError(
        "42501", "must be superuser or have privileges of pg_checkpoint to do CHECKPOINT"));
  }
  sim::Action action;
  action.verb = sim::Verb::Checkpoint;
  return s.session.change(action, s.error) && s.done("CHECKPOINT");
}

}  // namespace console
