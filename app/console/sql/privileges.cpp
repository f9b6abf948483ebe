// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/privileges.h"

#include <algorithm>

#include "base/text.h"
#include "console/sql/catalogue.h"

namespace console {
namespace {

using Kind = SecuredObject::Kind;

constexpr std::pair<std::string_view, char> kNames[] = {
    {"insert", 'a'},     {"select", 'r'},  {"update", 'w'},  {"delete", 'd'}, {"truncate", 'D'},
    {"references", 'x'}, {"trigger", 't'}, {"execute", 'X'}, {"usage", 'U'},  {"create", 'C'},
    {"temporary", 'T'},  {"temp", 'T'},    {"connect", 'c'}};

constexpr std::string_view kDatabaseOwner = "pg_database_owner";

std::string quotedRole(const std::string& name) {
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
  return plain ? name : "\"" + base::replaceAll(name, "\"", "\"\"") + "\"";
}

std::string readRole(std::string_view text, std::size_t& at) {
  std::string name;
  bool quoted = false;
  for (; at < text.size(); ++at) {
    if (text[at] == '"') {
      if (quoted && at + 1 < text.size() && text[at + 1] == '"') {
        name += '"';
        ++at;
      } else {
        quoted = !quoted;
      }
    } else if (!quoted && (text[at] == '=' || text[at] == '/')) {
      break;
    } else {
      name += text[at];
    }
  }
  return name;
}

AclItem readItem(std::string_view text) {
  AclItem item;
  std::size_t at = 0;
  item.grantee = readRole(text, at);
  for (++at; at < text.size() && text[at] != '/'; ++at) {
    const Privileges one = privilegesOf(text.substr(at, 1));
    item.granted |= one;
    if (at + 1 < text.size() && text[at + 1] == '*') item.withOption |= one;
  }
  ++at;
  item.grantor = readRole(text, at);
  return item;
}

// acldefault(): what an object grants when nobody said anything.
Acl defaultAcl(const SecuredObject& object) {
  Acl acl;
  if (object.kind == Kind::Database) acl.push_back({"", object.owner, privilegesOf("Tc"), 0});
  acl.push_back({object.owner, object.owner, allPrivileges(object.kind), 0});
  // initdb opens the schema public.
  if (object.kind == Kind::Schema) acl.push_back({"", object.owner, privilegesOf("U"), 0});
  return acl;
}

bool templateDatabase(const SecuredObject& object) {
  return object.kind == Kind::Database &&
         (object.name == "template0" || object.name == "template1");
}

}  // namespace

Privileges privilegesOf(std::string_view letters) {
  Privileges all = 0;
  for (const char letter : letters) {
    const std::size_t place = kPrivilegeLetters.find(letter);
    if (place != std::string_view::npos) all |= Privileges{1} << place;
  }
  return all;
}

Privileges privilegeNamed(std::string_view word) {
  for (const auto& [name, letter] : kNames) {
    if (name == word) return privilegesOf(std::string_view(&letter, 1));
  }
  return 0;
}

std::string privilegeName(Privileges one) {
  for (const auto& [name, letter] : kNames) {
    if ((privilegesOf(std::string_view(&letter, 1)) & one) == 0) continue;
    std::string text(name);
    for (char& c : text) c = static_cast<char>(c - 'a' + 'A');
    return text;
  }
  return {};
}

SecuredObject securedTable(const sim::World& world, const sim::Relation& relation) {
  SecuredObject object{Kind::Table, relation.database, relation.name, relation.owner};
  if (!object.owner.empty()) return object;
  const auto& made = world.postgres().relations;
  const bool listed = std::any_of(made.begin(), made.end(), [&](const sim::Relation& one) {
    return one.name == relation.name && one.database == relation.database;
  });
  object.owner = listed ? "postgres" : world.spec().database.user;
  return object;
}

SecuredObject securedSchema(const std::string& database) {
  return {Kind::Schema, database, "public", std::string(kDatabaseOwner)};
}

SecuredObject securedDatabase(const sim::World& world, const std::string& name) {
  SecuredObject object{Kind::Database, name, name, "postgres"};
  for (const CatalogueDatabase& one : catalogueDatabases(world)) {
    if (one.name == name) object.owner = one.owner;
  }
  return object;
}

std::string objectWord(Kind kind) {
  return kind == Kind::Table ? "table" : kind == Kind::Schema ? "schema" : "database";
}

Privileges allPrivileges(Kind kind) {
  return privilegesOf(kind == Kind::Table ? "arwdDxt" : kind == Kind::Schema ? "UC" : "CTc");
}

bool predefinedRole(std::string_view name) {
  constexpr std::string_view kRoles[] = {
      "pg_checkpoint",       "pg_database_owner",    "pg_execute_server_program",
      "pg_monitor",          "pg_read_all_data",     "pg_read_all_settings",
      "pg_read_all_stats",   "pg_read_server_files", "pg_signal_backend",
      "pg_stat_scan_tables", "pg_write_all_data",    "pg_write_server_files"};
  return std::find(std::begin(kRoles), std::end(kRoles), name) != std::end(kRoles);
}

bool knownRole(const sim::World& world, std::string_view name) {
  return world.postgres().role(name) != nullptr || predefinedRole(name);
}

bool hasRole(const sim::World& world, const std::string& role, const std::string& group) {
  std::vector<std::string> reached = {role};
  for (std::size_t i = 0; i < reached.size() && reached.size() < 1000; ++i) {
    if (reached[i] == group) return true;
    std::vector<std::string> groups;
    const sim::Role* known = world.postgres().role(reached[i]);
    if (known != nullptr && known->inherit) groups = known->memberOf;
    if (reached[i] == "pg_monitor") {
      groups = {"pg_read_all_settings", "pg_read_all_stats", "pg_stat_scan_tables"};
    }
    for (std::string& one : groups) {
      if (std::find(reached.begin(), reached.end(), one) == reached.end()) {
        reached.push_back(std::move(one));
      }
    }
  }
  return false;
}

Acl aclOf(const sim::World& world, const SecuredObject& object) {
  const sim::AccessList* stored =
      world.postgres().accessList(object.kind, object.database, object.name);
  if (stored == nullptr) {
    if (!templateDatabase(object)) return defaultAcl(object);
    return {readItem("=c/postgres"), readItem("postgres=CTc/postgres")};
  }
  Acl acl;
  for (const std::string& text : stored->items) acl.push_back(readItem(text));
  return acl;
}

std::string itemText(const AclItem& item) {
  std::string text = quotedRole(item.grantee) + "=";
  for (std::size_t i = 0; i < kPrivilegeLetters.size(); ++i) {
    const Privileges bit = Privileges{1} << i;
    if ((item.granted & bit) != 0) text += kPrivilegeLetters[i];
    if ((item.withOption & bit) != 0) text += '*';
  }
  return text + "/" + quotedRole(item.grantor);
}

std::string aclLines(const sim::World& world, const SecuredObject& object) {
  const bool stored =
      world.postgres().accessList(object.kind, object.database, object.name) != nullptr;
  if (!stored && object.kind != Kind::Schema && !templateDatabase(object)) return {};
  std::string text;
  for (const AclItem& item : aclOf(world, object)) {
    text += (text.empty() ? "" : "\n") + itemText(item);
  }
  return text;
}

std::optional<std::string> aclText(const sim::World& world, const SecuredObject& object) {
  const std::string lines = aclLines(world, object);
  const bool stored =
      world.postgres().accessList(object.kind, object.database, object.name) != nullptr;
  if (lines.empty() && !stored) return std::nullopt;
  return "{" + base::replaceAll(lines, "\n", ",") + "}";
}

sim::Action aclAction(const SecuredObject& object, const Acl& acl) {
  sim::Action action;
  action.verb = sim::Verb::Relation;
  action.target = object.name;
  action.fields = {{"kind", "acl-" + objectWord(object.kind)}, {"database", object.database}};
  for (const AclItem& item : acl) action.text += itemText(item) + "\n";
  return action;
}

bool owns(const sim::World& world, const std::string& role, const SecuredObject& object) {
  const sim::Role* known = world.postgres().role(role);
  if (known != nullptr && known->superuser) return true;
  if (object.owner == kDatabaseOwner && object.kind == Kind::Schema) {
    return owns(world, role, securedDatabase(world, object.database));
  }
  return hasRole(world, role, object.owner);
}

Privileges granted(const sim::World& world, const std::string& role, const SecuredObject& object,
                   Privileges wanted, bool withOption) {
  const sim::Role* known = world.postgres().role(role);
  if (known != nullptr && known->superuser) return wanted;
  Privileges found = 0;
  const bool owner = owns(world, role, object);
  if (owner && withOption) return wanted;  // an owner can always grant
  for (const AclItem& item : aclOf(world, object)) {
    const bool own = item.grantee == kDatabaseOwner ? owner : hasRole(world, role, item.grantee);
    if ((item.grantee.empty() && !withOption) || (!item.grantee.empty() && own)) {
      found |= withOption ? item.withOption : item.granted;
    }
  }
  if (!withOption) {
    const Privileges reading = object.kind == Kind::Table    ? privilegesOf("r")
                               : object.kind == Kind::Schema ? privilegesOf("U")
                                                             : 0;
    const Privileges writing = object.kind == Kind::Table    ? privilegesOf("awd")
                               : object.kind == Kind::Schema ? privilegesOf("U")
                                                             : 0;
    if (hasRole(world, role, "pg_read_all_data")) found |= reading;
    if (hasRole(world, role, "pg_write_all_data")) found |= writing;
  }
  return found & wanted;
}

}  // namespace console
