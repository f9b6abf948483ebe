// SPDX-License-Identifier: GPL-3.0-or-later
// ALTER TABLE ... OWNER TO.
#include "console/sql/privileges.h"
#include "console/sql/session_role.h"
#include "console/sql/tables/table_statements.h"

namespace console {
namespace {

// What the old owner had granted, and what was granted to it, is the new one's.
Acl handedOver(Acl acl, const std::string& from, const std::string& to) {
  Acl made;
  for (AclItem& item : acl) {
    if (item.grantor == from) item.grantor = to;
    if (item.grantee == from) item.grantee = to;
    bool joined = false;
    for (AclItem& other : made) {
      if (other.grantee != item.grantee || other.grantor != item.grantor) continue;
      other.granted |= item.granted;
      other.withOption |= item.withOption;
      joined = true;
    }
    if (!joined) made.push_back(item);
  }
  return made;
}

bool changeOwner(TableWork& work, const sim::Relation& found, const std::string& owner) {
  const Statement& s = work.statement();
  const sim::World& world = s.session.world();
  if (!knownRole(world, owner)) {
    return work.fail("42704", "role \"" + owner + "\" does not exist");
  }
  if (!work.owned(found)) return false;
  if (!s.session.role().superuser && !hasRole(world, s.session.role().name, owner)) {
    return work.fail("42501", "must be member of role \"" + owner + "\"");
  }
  if (const auto failure = work.lockTable(found, sim::LockMode::AccessExclusive)) {
    return work.fail(*failure);
  }
  const SecuredObject before = securedTable(world, found);
  const bool listed = aclText(world, before).has_value();
  const Acl acl = handedOver(aclOf(world, before), before.owner, owner);
  sim::Relation relation = found;
  relation.owner = owner;
  if (!work.store(relation)) return false;
  if (listed && !s.session.change(aclAction(securedTable(world, relation), acl), s.error)) {
    return false;
  }
  return s.done("ALTER TABLE");
}

}  // namespace

std::optional<bool> runAlterTable(TableWork& work) {
  const Statement& s = work.statement();
  std::size_t i = 2;
  const bool lenient = s.at(i).is("if") && s.at(i + 1).is("exists");
  if (lenient) i += 2;
  if (s.at(i).is("only")) ++i;
  if (!s.isName(i)) return s.unexpected(i);
  const SqlToken& name = s.at(i++);
  if (!s.at(i).is("owner")) return std::nullopt;
  if (!s.at(i + 1).is("to")) return s.unexpected(i + 1);
  if (!s.isName(i + 2)) return s.unexpected(i + 2);
  if (s.at(i + 3).kind != TokenKind::End) return s.unexpected(i + 3);
  const sim::Relation* found = work.find(name.text);
  if (found == nullptr && lenient) {
    s.error += "NOTICE:  relation \"" + name.text + "\" does not exist, skipping\n";
    return s.done("ALTER TABLE");
  }
  if (found == nullptr) {
    return work.fail("42P01", "relation \"" + name.text + "\" does not exist");
  }
  const SqlToken& to = s.at(i + 2);
  const bool own = to.is("current_user") || to.is("current_role");
  return changeOwner(work, *found,
                     own                     ? currentRole(s.session.state())
                     : to.is("session_user") ? sessionRole(s.session.state())
                                             : to.text);
}

}  // namespace console
