// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/relation_actions.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace sim {
namespace {

Outcome refused(std::string text) {
  return {false, std::move(text), 1};
}

std::string fieldOf(const Action& action, const std::string& name) {
  const auto found = action.fields.find(name);
  return found == action.fields.end() ? std::string() : found->second;
}

double amountOf(const Action& action, const std::string& name) {
  const std::string text = fieldOf(action, name);
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return static_cast<double>(std::clamp<std::int64_t>(value, 0, 1'000'000'000'000'000));
}

Outcome changeFunction(Postgres& server, const Action& action) {
  auto& functions = server.functions;
  std::erase_if(functions, [&](const StoredFunction& one) { return one.name == action.target; });
  if (fieldOf(action, "drop") != "yes") functions.push_back({action.target, action.text});
  return {};
}

Outcome changeAccess(Postgres& server, const Action& action, AccessList::Kind kind) {
  constexpr std::size_t kMost = 20'000;
  auto& lists = server.accessLists;
  const std::string database = fieldOf(action, "database");
  std::erase_if(lists, [&](const AccessList& one) {
    return one.kind == kind && one.database == database && one.object == action.target;
  });
  if (fieldOf(action, "drop") == "yes") return {};
  if (lists.size() >= kMost) return refused("There are too many access lists.");
  lists.push_back({kind, database, action.target, base::lines(action.text)});
  return {};
}

Outcome changeDatabase(Postgres& server, const Action& action) {
  constexpr std::size_t kMost = 1000;
  auto& databases = server.databases;
  if (action.target.empty()) return refused("A database needs a name.");
  auto place = std::find_if(databases.begin(), databases.end(),
                            [&](const Database& one) { return one.name == action.target; });
  if (fieldOf(action, "drop") == "yes") {
    if (place == databases.end()) {
      return refused("database \"" + action.target + "\" does not exist");
    }
    databases.erase(place);
    std::erase_if(server.relations,
                  [&](const Relation& one) { return one.database == action.target; });
    std::erase_if(server.accessLists,
                  [&](const AccessList& one) { return one.database == action.target; });
    return {};
  }
  if (place == databases.end()) {
    if (databases.size() >= kMost) return refused("There are too many databases.");
    // A database every cluster has keeps its own oid: only its limit is new.
    const bool made = !fieldOf(action, "owner").empty();
    databases.push_back({action.target, fieldOf(action, "owner"), made ? server.nextOid++ : 0, -1});
    place = databases.end() - 1;
  }
  const std::string limit = fieldOf(action, "limit");
  std::int32_t number = -1;
  const auto [end, code] = std::from_chars(limit.data(), limit.data() + limit.size(), number);
  if (!limit.empty() && code == std::errc()) place->connectionLimit = std::max(number, -1);
  return {};
}

// What a change leaves for the next ANALYZE to look at.
std::int64_t modifiedSince(const Relation& before, const Relation& after) {
  const std::int64_t more = std::max<std::int64_t>(0, after.rows - before.rows) +
                            std::max<std::int64_t>(0, after.dead - before.dead);
  const bool analyzed = after.analyzed && more == 0 && after.dead >= before.dead;
  return analyzed ? 0 : before.modified + more;
}

}  // namespace

Outcome changeRelation(Postgres& server, const Action& action) {
  constexpr std::size_t kMostRelations = 20'000;
  if (fieldOf(action, "function") == "yes") return changeFunction(server, action);
  const std::string kind = fieldOf(action, "kind");
  if (kind == "database") return changeDatabase(server, action);
  if (kind == "acl-table") return changeAccess(server, action, AccessList::Kind::Table);
  if (kind == "acl-schema") return changeAccess(server, action, AccessList::Kind::Schema);
  if (kind == "acl-database") return changeAccess(server, action, AccessList::Kind::Database);
  auto& relations = server.relations;
  if (const std::string session = fieldOf(action, "session"); !session.empty()) {
    std::erase_if(relations, [&](const Relation& one) {
      return one.session != 0 && std::to_string(one.session) == session;
    });
    return {};
  }
  const auto place = std::find_if(relations.begin(), relations.end(), [&](const Relation& one) {
    return one.name == action.target && one.database == fieldOf(action, "database");
  });
  if (fieldOf(action, "drop") == "yes") {
    if (place == relations.end()) return refused("table \"" + action.target + "\" does not exist");
    relations.erase(place);
    std::erase_if(server.accessLists, [&](const AccessList& one) {
      return one.kind == AccessList::Kind::Table && one.database == fieldOf(action, "database") &&
             one.object == action.target;
    });
    return {};
  }
  std::optional<Relation> relation = relationFrom(action.text);
  if (!relation || relation->name != action.target) {
    return refused("A relation is written as a line of the table and one for each column.");
  }
  if (place != relations.end()) {
    relation->modified = modifiedSince(*place, *relation);
    *place = std::move(*relation);
    return {};
  }
  relation->modified = relation->analyzed ? 0 : relation->rows;
  if (relations.size() >= kMostRelations) return refused("There are too many relations.");
  if (relation->oid == 0) relation->oid = server.nextOid++;
  relations.push_back(std::move(*relation));
  return {};
}

Outcome bookExecution(Postgres& server, const Action& action) {
  if (!server.accepts()) return refused("The server does not accept connections.");
  server.tempFiles += amountOf(action, "temp-files");
  server.tempBytes += amountOf(action, "temp-bytes");
  server.blocksHit += amountOf(action, "hit");
  server.blocksRead += amountOf(action, "read");
  server.buffersAlloc += amountOf(action, "read");
  (fieldOf(action, "rollback") == "yes" ? server.rollbacks : server.commits) += 1;
  return {};
}

}  // namespace sim
