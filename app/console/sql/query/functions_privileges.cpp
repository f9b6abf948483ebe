// SPDX-License-Identifier: GPL-3.0-or-later
// has_table_privilege() and its kin, pg_has_role().
#include "base/text.h"
#include "console/sql/catalogue.h"
#include "console/sql/privileges.h"
#include "console/sql/query/functions.h"
#include "console/sql/session_role.h"
#include "sim/session_actions.h"

namespace console::query {
namespace {

using Kind = SecuredObject::Kind;

// The role a call asks about: its first argument of three, else the session's.
std::optional<std::string> roleAsked(const CallSite& site, Arguments a) {
  if (a.size() < 3) return currentRole(site.runtime.session());
  if (a[0].text() == "public" || knownRole(site.runtime.world(), a[0].text())) return a[0].text();
  site.runtime.fail("42704", "role \"" + a[0].text() + "\" does not exist");
  return std::nullopt;
}

// "select, insert with grant option": whether any of them is there.
Datum anyPrivilege(const CallSite& site, const std::string& role, const SecuredObject& object,
                   const std::string& words) {
  const sim::World& world = site.runtime.world();
  bool found = false;
  for (const std::string& part : base::split(words, ',')) {
    std::string word = base::lower(base::trim(part));
    constexpr std::string_view kOption = " with grant option";
    const bool option = word.ends_with(kOption);
    if (option) word.resize(word.size() - kOption.size());
    const Privileges wanted = privilegeNamed(word) & allPrivileges(object.kind);
    if (wanted == 0) {
      return site.runtime.fail(
          "22023", "unrecognized privilege type: \"" + std::string(base::trim(part)) + "\"");
    }
    found = found || granted(world, role, object, wanted, option) != 0;
  }
  return found;
}

Datum tablePrivilege(const CallSite& site, Arguments a) {
  const auto role = roleAsked(site, a);
  if (!role) return {};
  std::string name = a[a.size() - 2].text();
  if (const std::size_t dot = name.find('.'); dot != std::string::npos) name.erase(0, dot + 1);
  const auto relation = relationByName(site.runtime.world(), site.runtime.session(), name);
  if (!relation) return site.runtime.fail("42P01", "relation \"" + name + "\" does not exist");
  if (relation->relation == nullptr) {  // a view of the system's: everybody reads it
    return base::equalsIgnoreCase(a.back().text(), "select") || *role == "postgres";
  }
  return anyPrivilege(site, *role, securedTable(site.runtime.world(), *relation->relation),
                      a.back().text());
}

Datum schemaPrivilege(const CallSite& site, Arguments a) {
  const auto role = roleAsked(site, a);
  if (!role) return {};
  const std::string& name = a[a.size() - 2].text();
  if (name == "pg_catalog" || name == "information_schema") {
    return base::equalsIgnoreCase(a.back().text(), "usage") || *role == "postgres";
  }
  if (name != "public") {
    return site.runtime.fail("3F000", "schema \"" + name + "\" does not exist");
  }
  return anyPrivilege(site, *role, securedSchema(site.runtime.session().database), a.back().text());
}

Datum databasePrivilege(const CallSite& site, Arguments a) {
  const auto role = roleAsked(site, a);
  if (!role) return {};
  const std::string& name = a[a.size() - 2].text();
  const sim::World& world = site.runtime.world();
  if (!sim::databaseExists(world.spec(), world.postgres(), name)) {
    return site.runtime.fail("3D000", "database \"" + name + "\" does not exist");
  }
  return anyPrivilege(site, *role, securedDatabase(world, name), a.back().text());
}

Datum memberOfRole(const CallSite& site, Arguments a) {
  const auto role = roleAsked(site, a);
  if (!role) return {};
  const std::string& group = a[a.size() - 2].text();
  if (!knownRole(site.runtime.world(), group)) {
    return site.runtime.fail("42704", "role \"" + group + "\" does not exist");
  }
  const std::string word = base::lower(a.back().text());
  if (word != "member" && word != "usage") {
    return site.runtime.fail("22023", "unrecognized privilege type: \"" + a.back().text() + "\"");
  }
  const sim::Role* known = site.runtime.world().postgres().role(*role);
  return (known != nullptr && known->superuser) || hasRole(site.runtime.world(), *role, group);
}

constexpr FunctionLine kLines[] = {
    {"has_database_privilege", "text, text -> boolean", databasePrivilege},
    {"has_database_privilege", "text, text, text -> boolean", databasePrivilege},
    {"has_schema_privilege", "text, text -> boolean", schemaPrivilege},
    {"has_schema_privilege", "text, text, text -> boolean", schemaPrivilege},
    {"has_table_privilege", "text, text -> boolean", tablePrivilege},
    {"has_table_privilege", "text, text, text -> boolean", tablePrivilege},
    {"pg_has_role", "text, text -> boolean", memberOfRole},
    {"pg_has_role", "text, text, text -> boolean", memberOfRole}};

}  // namespace

std::span<const FunctionLine> privilegeFunctions() {
  return kLines;
}

}  // namespace console::query
