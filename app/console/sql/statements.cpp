// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/statements.h"

#include <charconv>

#include "base/text.h"
#include "console/sql/privileges.h"
#include "console/sql/result_table.h"
#include "console/sql/session_role.h"
#include "console/sql/transaction_settings.h"
#include "console/sql/virtual_tables.h"
#include "console/sql/vocabulary.h"

namespace console {
namespace {

// "name [. name]" at index; moves past it. Empty: there is none.
std::string settingName(const Statement& s, std::size_t& i) {
  if (!s.isName(i)) return {};
  std::string name = s.at(i++).text;
  while (s.at(i).is(".") && s.isName(i + 1)) {
    name += "." + s.at(i + 1).text;
    i += 2;
  }
  return name;
}

struct Assignment {
  std::size_t wrongAt = 0;  // the token that does not belong there
  bool ok = false, list = false, byDefault = false;
  std::string name, value;
};

// Keywords that can stand for themselves as a value, all others of the grammar being reserved.
bool isValueWord(const SqlToken& t) {
  return !isReservedWord(t.text) || t.is("true") || t.is("false") || t.is("on") || t.is("default");
}

bool isValueToken(const SqlToken& t) {
  if (t.kind == TokenKind::Word) return isValueWord(t);
  return t.kind == TokenKind::Quoted || t.kind == TokenKind::Text || t.kind == TokenKind::Number;
}

// A number as the grammar hands it on: a whole one by its value, others as they are written.
std::string constant(const std::string& sign, const std::string& digits) {
  constexpr std::int64_t kMost = 2147483647;
  std::int64_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, value);
  if (read.ec != std::errc() || read.ptr != end || value > kMost) return sign + digits;
  return std::to_string(sign == "-" ? -value : value);
}

// "value [, value]" from token i to the end of the statement.
void readValues(const Statement& s, std::size_t i, Assignment& a) {
  while (true) {
    std::string sign;
    a.wrongAt = i;
    if (s.at(i).is("-") || s.at(i).is("+")) sign = s.at(i++).is("-") ? "-" : "";
    a.wrongAt = i;
    const SqlToken& t = s.at(i);
    if (!isValueToken(t) || (!sign.empty() && t.kind != TokenKind::Number)) return;
    if (t.is("default") && a.value.empty() && !a.list) a.byDefault = true;
    a.value +=
        (a.list ? ", " : "") + (t.kind == TokenKind::Number ? constant(sign, t.text) : t.text);
    a.wrongAt = ++i;
    if (!s.at(i).is(",")) break;
    a.list = true;
    ++i;
  }
  a.ok = s.at(i).kind == TokenKind::End;
}

// "name {=|TO} value [, value]" from token i on.
Assignment readAssignment(const Statement& s, std::size_t i) {
  Assignment a;
  if (s.at(i).is("time") && s.at(i + 1).is("zone")) {
    a.name = "TimeZone";
    readValues(s, i + 2, a);
    return a;
  }
  a.name = settingName(s, i);
  a.wrongAt = i;
  if (a.name.empty() || !(s.at(i).is("=") || s.at(i).is("to"))) return a;
  readValues(s, i + 1, a);
  return a;
}

// ROLE name or SESSION AUTHORIZATION name, after SET [SESSION | LOCAL] or RESET. False: it is
// another setting.
bool readRole(const Statement& s, std::size_t i, bool reset, Assignment& a) {
  const bool session = s.at(1).is("session") && s.at(i).is("authorization");
  const bool both = s.at(i).is("session") && s.at(i + 1).is("authorization");
  const bool role = s.at(i).is("role") && !(s.at(i + 1).is("=") || s.at(i + 1).is("to"));
  if (!session && !both && !role) return false;
  a.name = role ? "role" : "session_authorization";
  i += both ? 2 : 1;
  a.wrongAt = i;
  if (reset) {
    a.byDefault = true;
  } else {
    const SqlToken& t = s.at(i);
    if (!s.isName(i) && t.kind != TokenKind::Text) return true;
    a.byDefault = !role && t.is("default");
    a.value = t.text;
    a.wrongAt = ++i;
  }
  a.ok = s.at(i).kind == TokenKind::End;
  return true;
}

Assignment readReset(const Statement& s, std::size_t i) {
  Assignment a;
  a.byDefault = true;
  a.name = settingName(s, i);
  a.wrongAt = i;
  a.ok = !a.name.empty() && s.at(i).kind == TokenKind::End;
  return a;
}

std::optional<sim::ServerMessage> onlyOne(const Assignment& a) {
  if (!a.list || sim::takesList(a.name)) return std::nullopt;
  return sqlError("22023", "SET " + a.name + " takes only one argument");
}

sim::ServerMessage unknownSetting(const std::string& name) {
  return sqlError("42704", "unrecognized configuration parameter \"" + name + "\"");
}

bool examines(const Statement& s) {
  const sim::Role& role = s.session.role();
  return role.superuser || hasRole(s.session.world(), role.name, "pg_read_all_settings");
}

bool showAll(const Statement& s) {
  ResultTable table;
  table.columns = {{"name"}, {"setting"}, {"description"}};
  for (const sim::SettingDefinition& d : s.session.world().postgres().settings.catalogue().all()) {
    if (sim::examinedBySuperusersOnly(d.name) && !examines(s)) continue;
    table.rows.push_back({d.name, readSetting(s.session.world(), s.session.state(), d.name).shown,
                          d.shortDescription});
  }
  s.session.show(table, s.out);
  return true;
}

}  // namespace

void restoreSettings(std::map<std::string, std::string>& settings,
                     const std::map<std::string, std::string>& before) {
  std::map<std::string, std::string> result = before;
  for (const auto& [name, value] : settings) {
    if (base::contains(name, ".")) result.emplace(name, std::string());
  }
  settings = std::move(result);
}

void warn(const Statement& s, std::string sqlstate, const std::string& text) {
  s.session.log({"WARNING", text, {}, {}, std::move(sqlstate)});
  s.error += "WARNING:  " + text + "\n";
}

bool runShow(Statement s) {
  std::size_t i = 1;
  if (s.at(1).is("all") && s.at(2).kind == TokenKind::End) return showAll(s);
  std::string name;
  if (s.at(1).is("time") && s.at(2).is("zone")) {
    name = "TimeZone";
    i = 3;
  } else if (s.at(1).is("session") && s.at(2).is("authorization")) {
    name = "session_authorization";
    i = 3;
  } else {
    name = settingName(s, i);
  }
  if (name.empty() || s.at(i).kind != TokenKind::End) return s.unexpected(i);
  const SettingReading reading = readSetting(s.session.world(), s.session.state(), name);
  if (!reading.known) return s.refuse(unknownSetting(name));
  const auto& catalogue = s.session.world().postgres().settings.catalogue();
  const sim::SettingDefinition* definition = catalogue.find(name);
  const std::string shownName = definition != nullptr ? definition->name : name;
  if (sim::examinedBySuperusersOnly(shownName) && !examines(s)) {
    return s.refuse(sqlError("42501",
                             "must be superuser or have privileges of pg_read_all_settings to "
                             "examine \"" +
                                 shownName + "\""));
  }
  ResultTable table;
  table.columns = {{shownName}};
  table.rows = {{reading.shown}};
  table.footer = true;
  s.session.show(table, s.out);
  return true;
}

std::optional<sim::ServerMessage> setInSession(const sim::World& world, PsqlSession& session,
                                               const std::string& name, const std::string& value,
                                               bool local) {
  const sim::ServerSettings& settings = world.postgres().settings;
  const sim::Role* role = world.postgres().role(currentRole(session));
  const bool privileged = role != nullptr && sim::maySet(*role, name);
  const sim::ParsedValue parsed = settings.checkSet(name, value, privileged);
  if (!parsed.ok) return parsed.refusal;
  const sim::SettingDefinition* definition = settings.catalogue().find(name);
  const std::string key = base::lower(definition != nullptr ? definition->name : name);
  if (key == "temp_buffers" && session.usedTemporary &&
      parsed.canonical != readSetting(world, session, key).canonical) {
    return sqlError("22023", "invalid value for parameter \"temp_buffers\": " + parsed.canonical,
                    "\"temp_buffers\" cannot be changed after any temporary tables have been "
                    "accessed in the session.");
  }
  local = local || isOfTransaction(key);
  if (local && !session.inTransaction) return std::nullopt;
  // A session names the object it has found with its schema.
  const bool plainName =
      key == "default_text_search_config" && !base::contains(parsed.canonical, ".");
  const std::string canonical = (plainName ? "pg_catalog." : "") + parsed.canonical;
  session.settings[key] = canonical;
  if (!local) session.settingsCommitted[key] = canonical;
  return std::nullopt;
}

bool runSet(Statement s) {
  PsqlSession& state = s.session.state();
  const bool reset = s.at(0).is("reset");
  std::size_t i = 1;
  const bool local = !reset && s.at(1).is("local");
  if (!reset && (s.at(1).is("session") || local)) ++i;
  Assignment a;
  if (!readRole(s, i, reset, a)) a = reset ? readReset(s, i) : readAssignment(s, i);
  if (!a.ok) return s.unexpected(a.wrongAt);
  const std::string done = reset ? "RESET" : "SET";
  if (reset && a.name == "all") {
    for (auto* settings : {&state.settings, &state.settingsCommitted}) {
      std::map<std::string, std::string> roles = *settings;
      std::erase_if(roles, [](const auto& one) { return !isRoleSetting(one.first); });
      restoreSettings(*settings, roles);
    }
    return s.done(done);
  }
  if (const auto wrong = onlyOne(a)) return s.refuse(*wrong);
  if (local && !state.inTransaction) {
    warn(s, "25P01", "SET LOCAL can only be used in transaction blocks");
  }
  if (isRoleSetting(base::lower(a.name))) {
    const auto wrong = setRole(s.session.world(), state, base::lower(a.name),
                               a.byDefault ? std::nullopt : std::optional(a.value), local);
    return wrong ? s.refuse(*wrong) : s.done(done);
  }
  if (!a.byDefault) {
    const auto wrong = setInSession(s.session.world(), state, a.name, a.value, local);
    return wrong ? s.refuse(*wrong) : s.done(done);
  }
  if (a.name == "transaction_isolation" && !state.inTransaction) {
    warn(s, "25P01", "RESET TRANSACTION can only be used in transaction blocks");
  }
  const sim::ServerSettings& settings = s.session.world().postgres().settings;
  const auto wrong = settings.checkReset(a.name, sim::maySet(s.session.role(), a.name));
  if (wrong) return s.refuse(*wrong);
  const sim::SettingDefinition* definition = settings.catalogue().find(a.name);
  const std::string key = base::lower(definition != nullptr ? definition->name : a.name);
  state.settings.erase(key);
  state.settingsCommitted.erase(key);
  return s.done(done);
}

bool runAlterSystem(Statement s) {
  const bool reset = s.at(2).is("reset");
  if (!reset && !s.at(2).is("set")) return s.unexpected(2);
  const Assignment a = reset ? readReset(s, 3) : readAssignment(s, 3);
  if (!a.ok) return s.unexpected(a.wrongAt);
  if (s.session.state().inTransaction) {
    return s.refuse(sqlError("25001", "ALTER SYSTEM cannot run inside a transaction block"));
  }
  if (const auto wrong = onlyOne(a)) return s.refuse(*wrong);
  const sim::Role& role = s.session.role();
  if (reset && a.name == "all" && !role.superuser) {
    return s.refuse(sqlError("42501", "permission denied to perform ALTER SYSTEM RESET ALL"));
  }
  if (!sim::mayAlterSystem(role, a.name) && a.name != "all") {
    return s.refuse(sqlError("42501", "permission denied to set parameter \"" + a.name + "\""));
  }
  const auto wrong = s.session.world().postgres().settings.checkAlterSystem(
      a.name, a.byDefault ? std::nullopt : std::optional<std::string_view>(a.value));
  if (wrong) return s.refuse(*wrong);
  const sim::Postgres& server = s.session.world().postgres();
  if (const auto fault = server.settings.autoFileFault(server.files); fault && a.name != "all") {
    s.session.log(*fault);
    return s.refuse(sqlError("F0000", "could not parse contents of file \"postgresql.auto.conf\""));
  }
  sim::Action action;
  action.verb = sim::Verb::AlterSystem;
  action.target = a.name;
  action.text = a.byDefault ? "" : a.value;
  if (!a.byDefault && a.value.empty()) action.fields["empty"] = "yes";
  return s.session.change(action, s.error) && s.done("ALTER SYSTEM");
}

bool runUpdateSettings(Statement s) {
  // UPDATE pg_settings SET setting = 'value' WHERE name = 'name': the view's rule calls set_config.
  std::size_t i = 2;
  if (!s.at(i).is("set") || !s.at(i + 1).is("setting") || !s.at(i + 2).is("=")) {
    return s.unexpected(i);
  }
  const SqlToken& value = s.at(i + 3);
  if (!isValueToken(value)) return s.unexpected(i + 3);
  if (!s.at(i + 4).is("where") || !s.at(i + 5).is("name") || !s.at(i + 6).is("=")) {
    return s.unexpected(i + 4);
  }
  if (s.at(i + 7).kind != TokenKind::Text) return s.unexpected(i + 7);
  const std::string name = s.at(i + 7).text;
  const sim::World& world = s.session.world();
  if (world.postgres().settings.catalogue().find(name) == nullptr) return s.done("UPDATE 0");
  const auto wrong = setInSession(world, s.session.state(), name, value.text, false);
  if (wrong) return s.refuse(*wrong);
  ResultTable table;
  table.columns = {{"set_config"}};
  table.rows = {{readSetting(world, s.session.state(), name).shown}};
  table.footer = true;
  s.session.show(table, s.out);
  return s.done("UPDATE 0");
}

}  // namespace console
