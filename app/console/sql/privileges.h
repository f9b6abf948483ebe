// SPDX-License-Identifier: GPL-3.0-or-later
// Who may do what with tables, schemas and databases: PostgreSQL's access control lists, in the
// notation of pg_class.relacl ("app=arw*d/postgres").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/relation.h"
#include "sim/world.h"

namespace console {

// A bit for each letter of kPrivilegeLetters.
using Privileges = std::uint32_t;
constexpr std::string_view kPrivilegeLetters = "arwdDxtXUCTc";
[[nodiscard]] Privileges privilegesOf(std::string_view letters);
// "select", "truncate" ...; 0: PostgreSQL knows no such privilege.
[[nodiscard]] Privileges privilegeNamed(std::string_view word);
[[nodiscard]] std::string privilegeName(Privileges one);  // "SELECT"

struct AclItem {
  std::string grantee, grantor;  // no grantee: PUBLIC
  Privileges granted = 0, withOption = 0;
};
using Acl = std::vector<AclItem>;

struct SecuredObject {
  using Kind = sim::AccessList::Kind;
  Kind kind = Kind::Table;
  std::string database, name, owner;
};
[[nodiscard]] SecuredObject securedTable(const sim::World& world, const sim::Relation& relation);
[[nodiscard]] SecuredObject securedSchema(const std::string& database);  // public
[[nodiscard]] SecuredObject securedDatabase(const sim::World& world, const std::string& name);
[[nodiscard]] std::string objectWord(SecuredObject::Kind kind);  // "table"
[[nodiscard]] Privileges allPrivileges(SecuredObject::Kind kind);

[[nodiscard]] bool knownRole(const sim::World& world, std::string_view name);
// Predefined ones: pg_monitor and its kin.
[[nodiscard]] bool predefinedRole(std::string_view name);
// Whether role has the privileges of group: is it, or a member of it, through others too.
[[nodiscard]] bool hasRole(const sim::World& world, const std::string& role,
                           const std::string& group);

// The object's list; without a stored one, as objects are made.
[[nodiscard]] Acl aclOf(const sim::World& world, const SecuredObject& object);
[[nodiscard]] std::string itemText(const AclItem& item);
// "{a=r/b,...}"; nothing: it is as objects are made.
[[nodiscard]] std::optional<std::string> aclText(const sim::World& world,
                                                 const SecuredObject& object);
// The items on lines of their own, as psql shows them; empty: as objects are made.
[[nodiscard]] std::string aclLines(const sim::World& world, const SecuredObject& object);
[[nodiscard]] sim::Action aclAction(const SecuredObject& object, const Acl& acl);

// Of the wanted privileges those the role has, as a superuser, an owner or by a grant.
[[nodiscard]] Privileges granted(const sim::World& world, const std::string& role,
                                 const SecuredObject& object, Privileges wanted,
                                 bool withOption = false);
[[nodiscard]] bool owns(const sim::World& world, const std::string& role,
                        const SecuredObject& object);

}  // namespace console
