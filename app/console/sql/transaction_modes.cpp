// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/transaction_modes.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "console/sql/temporary_tables.h"
#include "console/sql/virtual_tables.h"

namespace console {
namespace {

std::string upper(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

// ISOLATION LEVEL name, READ ONLY, READ WRITE, [NOT] DEFERRABLE at token i, which moves past it.
bool readMode(const Statement& s, std::size_t& i, TransactionModes& modes) {
  const auto next = [&](std::string_view word) {
    if (!s.at(i).is(word)) return false;
    ++i;
    return true;
  };
  if (next("isolation")) {
    if (!next("level")) return false;
    const bool reads = next("read");
    const bool repeats = !reads && next("repeatable");
    std::string level = reads ? "read " : repeats ? "repeatable " : "";
    const bool known = reads     ? s.at(i).is("committed") || s.at(i).is("uncommitted")
                       : repeats ? s.at(i).is("read")
                                 : s.at(i).is("serializable");
    if (!known) return false;
    modes["transaction_isolation"] = level + s.at(i++).text;
    return true;
  }
  if (next("read")) {
    if (!s.at(i).is("only") && !s.at(i).is("write")) return false;
    modes["transaction_read_only"] = s.at(i++).is("only") ? "on" : "off";
    return true;
  }
  const bool negated = next("not");
  if (!next("deferrable")) return false;
  modes["transaction_deferrable"] = negated ? "off" : "on";
  return true;
}

bool readsOnly(const Statement& s) {
  return readSetting(s.session.world(), s.session.state(), "transaction_read_only").shown == "on";
}

// A temporary table of the session may be written to all the same.
bool isTemporary(const Statement& s, const std::string& name) {
  const PsqlSession& state = s.session.state();
  const auto& relations = s.session.world().postgres().relations;
  return temporaryTable(state, name).has_value() ||
         std::any_of(relations.begin(), relations.end(), [&](const sim::Relation& one) {
           return one.name == name && one.temporary() && one.session == state.pid;
         });
}

// "CREATE TABLE" of CREATE UNLOGGED TABLE: the tag of a statement that defines something.
std::string definingTag(const Statement& s) {
  static constexpr std::string_view kBetween[] = {"temp",    "temporary", "unlogged",    "unique",
                                                  "or",      "replace",   "global",      "local",
                                                  "trusted", "recursive", "materialized"};
  std::size_t i = 1;
  bool materialized = false;
  while (std::any_of(std::begin(kBetween), std::end(kBetween),
                     [&](std::string_view word) { return s.at(i).is(word); })) {
    materialized = materialized || s.at(i).is("materialized");
    ++i;
  }
  const std::string what = s.at(i).is("user") ? "role" : s.at(i).text;
  return upper(s.at(0).text + (materialized ? " materialized " : " ") + what);
}

// The tag of a statement that writes; empty: it does not.
std::string writingTag(const Statement& s) {
  const SqlToken& first = s.at(0);
  if (first.is("insert") || first.is("update") || first.is("delete") || first.is("merge")) {
    const std::string& table = s.at(first.is("update") ? 1 : 2).text;
    return isTemporary(s, table) ? "" : upper(first.text);
  }
  if (first.is("truncate")) return "TRUNCATE TABLE";
  if (first.is("comment") || first.is("reindex")) return upper(first.text);
  if (first.is("grant") || first.is("revoke")) {
    const auto& tokens = s.list.tokens;
    const bool on = std::any_of(tokens.begin(), tokens.end(),
                                [](const SqlToken& token) { return token.is("on"); });
    return upper(first.text) + (on ? "" : " ROLE");
  }
  const bool defines = first.is("create") || first.is("drop") || first.is("alter");
  return defines && !s.at(1).is("system") && s.at(1).kind == TokenKind::Word ? definingTag(s) : "";
}

}  // namespace

bool readModes(const Statement& s, std::size_t i, TransactionModes& modes) {
  while (true) {
    if (!readMode(s, i, modes)) return s.unexpected(i);
    if (s.at(i).kind == TokenKind::End) return true;
    if (s.at(i).is(",")) ++i;
  }
}

bool readModesOfBegin(const Statement& s, TransactionModes& modes) {
  const bool starts = s.at(0).is("start");
  if (starts && !s.at(1).is("transaction")) return s.unexpected(1);
  const std::size_t i = s.at(1).is("transaction") || s.at(1).is("work") ? 2 : 1;
  return s.at(i).kind == TokenKind::End || readModes(s, i, modes);
}

std::optional<bool> runSetTransaction(const Statement& s) {
  const bool session = s.at(1).is("session") && s.at(2).is("characteristics");
  if (!session && !s.at(1).is("transaction")) return std::nullopt;
  if (session && !s.at(3).is("as")) return s.unexpected(3);
  if (session && !s.at(4).is("transaction")) return s.unexpected(4);
  TransactionModes modes;
  if (!readModes(s, session ? 5 : 2, modes)) return false;
  PsqlSession& state = s.session.state();
  if (!session && !state.inTransaction) {
    warn(s, "25P01", "SET TRANSACTION can only be used in transaction blocks");
    return s.done("SET");
  }
  for (const auto& [name, value] : modes) {
    if (session)
      state.settings["default_" + name] = state.settingsCommitted["default_" + name] = value;
    if (!session) state.settings[name] = value;
  }
  return s.done("SET");
}

std::optional<sim::ServerMessage> refusedAsReadOnly(const Statement& s) {
  if (!readsOnly(s)) return std::nullopt;
  const std::string tag = writingTag(s);
  if (tag.empty()) return std::nullopt;
  return sqlError("25006", "cannot execute " + tag + " in a read-only transaction");
}

}  // namespace console
