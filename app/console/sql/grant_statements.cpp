// SPDX-License-Identifier: GPL-3.0-or-later
// GRANT and REVOKE: privileges on tables, schemas and databases, and membership in roles.
#include <algorithm>
#include <optional>
#include <vector>

#include "base/text.h"
#include "console/sql/catalogue.h"
#include "console/sql/privileges.h"
#include "console/sql/session_role.h"
#include "console/sql/statements.h"
#include "sim/session_actions.h"

namespace console {
namespace {

using Kind = SecuredObject::Kind;

struct Clause {
  bool grants = true;
  bool optionOnly = false;  // REVOKE GRANT OPTION FOR
  bool withOption = false;  // WITH GRANT OPTION
  bool cascade = false;
  bool all = false;                // ALL PRIVILEGES
  std::vector<std::string> words;  // privileges, or roles where nothing stands after ON
  Kind kind = Kind::Table;
  bool allInSchema = false;
  std::vector<std::string> names, grantees;  // an empty grantee: PUBLIC
};

class ClauseReader {
 public:
  explicit ClauseReader(const Statement& s) : m_s(s) {}

  // False: a syntax error, which was told.
  bool read(Clause& clause) {
    clause.grants = m_s.at(0).is("grant");
    if (!clause.grants && words({"grant", "option", "for"})) clause.optionOnly = true;
    if (words({"all"})) {
      clause.all = true;
      words({"privileges"});
    } else if (!list(clause.words)) {
      return false;
    }
    if (words({"on"}) && !objects(clause)) return false;
    if (!words({clause.grants ? "to" : "from"})) return m_s.unexpected(m_at);
    if (!grantees(clause)) return false;
    if (clause.grants &&
        (words({"with", "grant", "option"}) || words({"with", "admin", "option"}))) {
      clause.withOption = true;
    }
    if (words({"granted", "by"})) ++m_at;
    clause.cascade = words({"cascade"});
    words({"restrict"});
    return m_s.at(m_at).kind == TokenKind::End || m_s.unexpected(m_at);
  }

 private:
  bool words(std::initializer_list<std::string_view> wanted) {
    std::size_t i = m_at;
    for (const std::string_view word : wanted) {
      if (!m_s.at(i++).is(word)) return false;
    }
    m_at = i;
    return true;
  }

  bool list(std::vector<std::string>& names) {
    do {
      if (!m_s.isName(m_at)) return m_s.unexpected(m_at);
      names.push_back(m_s.at(m_at++).text);
      // schema.name: there is but one schema of one's own.
      if (m_s.at(m_at).is(".") && m_s.isName(m_at + 1)) {
        names.back() = m_s.at(m_at + 1).text;
        m_at += 2;
      }
    } while (words({","}));
    return true;
  }

  bool objects(Clause& clause) {
    if (words({"all", "tables", "in", "schema"})) {
      clause.allInSchema = true;
    } else if (words({"schema"})) {
      clause.kind = Kind::Schema;
    } else if (words({"database"})) {
      clause.kind = Kind::Database;
    } else {
      words({"table"});
    }
    return list(clause.names);
  }

  bool grantees(Clause& clause) {
    do {
      words({"group"});
      if (!m_s.isName(m_at)) return m_s.unexpected(m_at);
      const SqlToken& token = m_s.at(m_at++);
      const bool own = token.is("current_user") || token.is("current_role");
      const PsqlSession& session = m_s.session.state();
      clause.grantees.push_back(token.is("public")         ? ""
                                : own                      ? currentRole(session)
                                : token.is("session_user") ? sessionRole(session)
                                                           : token.text);
    } while (words({","}));
    return true;
  }

  const Statement& m_s;
  std::size_t m_at = 1;
};

bool failUnknownRole(const Statement& s, const std::string& name) {
  return s.refuse(sqlError("42704", "role \"" + name + "\" does not exist"));
}

// What is meant by the names; nothing: told.
std::optional<std::vector<SecuredObject>> objectsOf(const Statement& s, const Clause& clause) {
  const sim::World& world = s.session.world();
  const std::string& database = s.session.state().database;
  const auto refused = [&](std::string sqlstate, const std::string& text) {
    s.refuse(sqlError(std::move(sqlstate), text));
    return std::nullopt;
  };
  std::vector<SecuredObject> objects;
  for (const std::string& name : clause.names) {
    if (clause.kind == Kind::Database) {
      if (!sim::databaseExists(world.spec(), world.postgres(), name)) {
        return refused("3D000", "database \"" + name + "\" does not exist");
      }
      objects.push_back(securedDatabase(world, name));
      continue;
    }
    if (clause.kind == Kind::Schema || clause.allInSchema) {
      if (name != "public") return refused("3F000", "schema \"" + name + "\" does not exist");
      if (!clause.allInSchema) objects.push_back(securedSchema(database));
    }
    bool found = clause.kind == Kind::Schema || clause.allInSchema;
    if (clause.kind == Kind::Table) {
      for (const CatalogueRelation& one : catalogueRelations(world, s.session.state(), false)) {
        if (one.kind != 'r' || (!clause.allInSchema && one.name != name)) continue;
        if (clause.allInSchema && one.temporary) continue;
        objects.push_back(securedTable(world, *one.relation));
        found = true;
      }
    }
    if (!found) return refused("42P01", "relation \"" + name + "\" does not exist");
  }
  return objects;
}

// The privileges the clause names; nothing: one of them is none, which was told.
std::optional<Privileges> wantedOf(const Statement& s, const Clause& clause) {
  const Privileges all = allPrivileges(clause.kind);
  if (clause.all) return all;
  Privileges wanted = 0;
  for (const std::string& word : clause.words) {
    const Privileges one = privilegeNamed(word);
    if (one == 0) {
      s.refuse(sqlError("42601", "unrecognized privilege type \"" + word + "\""));
      return std::nullopt;
    }
    wanted |= one;
  }
  for (Privileges bit = 1; bit <= wanted; bit <<= 1U) {
    if ((wanted & bit & ~all) == 0) continue;
    s.refuse(sqlError("0LP01", "invalid privilege type " + privilegeName(bit) + " for " +
                                   objectWord(clause.kind)));
    return std::nullopt;
  }
  return wanted;
}

void grantTo(Acl& acl, const std::string& grantee, const std::string& grantor, Privileges what,
             bool withOption) {
  auto place = std::find_if(acl.begin(), acl.end(), [&](const AclItem& one) {
    return one.grantee == grantee && one.grantor == grantor;
  });
  if (place == acl.end()) place = acl.insert(acl.end(), {grantee, grantor, 0, 0});
  place->granted |= what;
  if (withOption) place->withOption |= what;
}

// Takes it back; what the grantee had passed on goes with it, or stands in the way.
bool revokeFrom(Acl& acl, const std::string& grantee, const std::string& grantor, Privileges what,
                const Clause& clause) {
  Privileges lost = 0;
  for (AclItem& one : acl) {
    if (one.grantee != grantee || one.grantor != grantor) continue;
    lost = one.withOption & what;
    one.withOption &= ~what;
    if (!clause.optionOnly) one.granted &= ~what;
  }
  const auto depends = [&](const AclItem& one) {
    return one.grantor == grantee && one.grantee != grantee && (one.granted & lost) != 0;
  };
  if (lost != 0 && !grantee.empty() && grantee != grantor) {
    while (true) {
      const auto next = std::find_if(acl.begin(), acl.end(), depends);
      if (next == acl.end()) break;
      if (!clause.cascade) return false;
      Clause whole = clause;
      whole.optionOnly = false;
      const AclItem item = *next;
      if (!revokeFrom(acl, item.grantee, item.grantor, lost, whole)) return false;
    }
  }
  std::erase_if(acl, [](const AclItem& one) { return one.granted == 0; });
  return true;
}

// Who grants: the owner, where the session's role may act for it; else the role itself.
bool changeObject(const Statement& s, const Clause& clause, const SecuredObject& object,
                  Privileges wanted) {
  const sim::World& world = s.session.world();
  const std::string& role = s.session.role().name;
  const std::string grantor = owns(world, role, object) ? object.owner : role;
  const Privileges may = granted(world, role, object, wanted, true);
  const Privileges all = allPrivileges(object.kind);
  if (may == 0 && granted(world, role, object, all) == 0 &&
      granted(world, role, object, all, true) == 0) {
    return s.refuse(
        sqlError("42501", "permission denied for " + objectWord(object.kind) + " " + object.name));
  }
  if (may != wanted && !(clause.all && may != 0 && clause.grants)) {
    const std::string verb = clause.grants ? "were granted" : "could be revoked";
    const std::string text = std::string(may == 0 ? "no" : "not all") + " privileges " + verb +
                             " for \"" + object.name + "\"";
    s.session.log({"WARNING", text, {}, {}, clause.grants ? "01007" : "01006"});
    s.error += "WARNING:  " + text + "\n";
  }
  if (may == 0) return true;
  Acl acl = aclOf(world, object);
  for (const std::string& grantee : clause.grantees) {
    if (clause.grants) {
      grantTo(acl, grantee, grantor, may, clause.withOption);
    } else if (!revokeFrom(acl, grantee, grantor, may, clause)) {
      return s.refuse(
          sqlError("2BP01", "dependent privileges exist", {}, "Use CASCADE to revoke them too."));
    }
  }
  return s.session.change(aclAction(object, acl), s.error);
}

bool changePrivileges(const Statement& s, const Clause& clause) {
  const auto objects = objectsOf(s, clause);
  if (!objects) return false;
  for (const std::string& grantee : clause.grantees) {
    if (!grantee.empty() && !knownRole(s.session.world(), grantee)) {
      return failUnknownRole(s, grantee);
    }
    if (grantee.empty() && clause.withOption) {
      return s.refuse(sqlError("0LP01", "grant options can only be granted to roles"));
    }
  }
  const auto wanted = wantedOf(s, clause);
  if (!wanted) return false;
  for (const SecuredObject& object : *objects) {
    if (!changeObject(s, clause, object, *wanted)) return false;
  }
  return s.done(clause.grants ? "GRANT" : "REVOKE");
}

bool changeMembership(const Statement& s, const Clause& clause) {
  const sim::World& world = s.session.world();
  for (const std::string& group : clause.words) {
    if (!knownRole(world, group)) return failUnknownRole(s, group);
    const sim::Role* known = world.postgres().role(group);
    const sim::Role& own = s.session.role();
    const bool ordinary = known != nullptr && !known->superuser;
    if (!own.superuser && !(own.createRole && ordinary)) {
      return s.refuse(known != nullptr && known->superuser
                          ? sqlError("42501", "must be superuser to alter superusers")
                          : sqlError("42501", "must have admin option on role \"" + group + "\""));
    }
    for (const std::string& member : clause.grantees) {
      const sim::Role* role = world.postgres().role(member);
      if (role == nullptr) return failUnknownRole(s, member.empty() ? "public" : member);
      const auto& groups = role->memberOf;
      const bool is = std::find(groups.begin(), groups.end(), group) != groups.end();
      if (clause.grants && hasRole(world, group, member)) {
        return s.refuse(
            sqlError("0LP01", "role \"" + group + "\" is a member of role \"" + member + "\""));
      }
      if (clause.grants == is) {
        s.error +=
            clause.grants
                ? "NOTICE:  role \"" + member + "\" is already a member of role \"" + group + "\"\n"
                : "WARNING:  role \"" + member + "\" is not a member of role \"" + group + "\"\n";
        continue;
      }
      sim::Action action;
      action.verb = sim::Verb::Role;
      action.target = member;
      action.fields[clause.grants ? "grant" : "revoke"] = group;
      if (!s.session.change(action, s.error)) return false;
    }
  }
  return s.done(clause.grants ? "GRANT ROLE" : "REVOKE ROLE");
}

bool onParameter(const Statement& s) {
  for (std::size_t i = 1; s.at(i).kind != TokenKind::End; ++i) {
    if (s.at(i).is("on")) return s.at(i + 1).is("parameter");
  }
  return false;
}

}  // namespace

bool runGrant(Statement s) {
  if (onParameter(s)) return runGrantOnParameter(s);
  Clause clause;
  if (!ClauseReader(s).read(clause)) return false;
  return clause.names.empty() ? changeMembership(s, clause) : changePrivileges(s, clause);
}

}  // namespace console
