// SPDX-License-Identifier: GPL-3.0-or-later
// psql's backslash commands.
#include <algorithm>

#include "base/text.h"
#include "console/sql/catalogue.h"
#include "console/sql/session.h"

namespace console {
namespace {

constexpr std::string_view kHelp =
    "General\n"
    "  \\q                     quit psql\n\n"
    "Query Buffer\n"
    "  \\r                     reset (clear) the query buffer\n\n"
    "Informational\n"
    "  \\conninfo              display information about current connection\n"
    "  \\d                     list tables, views, and sequences\n"
    "  \\dt                    list tables\n"
    "  \\l                     list databases\n\n"
    "Formatting\n"
    "  \\a                     toggle between unaligned and aligned output mode\n"
    "  \\t [on|off]            show only rows\n"
    "  \\timing [on|off]       toggle timing of commands\n"
    "  \\x [on|off]            toggle expanded output\n\n"
    "Connection\n"
    "  \\c [DBNAME]            connect to new database\n";

void toggle(bool& value, const std::string& argument) {
  value = argument == "on" ? true : argument == "off" ? false : !value;
}

// :SQLSTATE and the other variables psql sets by itself.
std::string expandVariables(std::string text, const PsqlSession& session) {
  text = base::replaceAll(text, ":SQLSTATE", session.sqlstate);
  text = base::replaceAll(text, ":LAST_ERROR_MESSAGE", session.lastError);
  text = base::replaceAll(text, ":ERROR", session.sqlstate == "00000" ? "false" : "true");
  text = base::replaceAll(text, ":DBNAME", session.database);
  return base::replaceAll(text, ":USER", session.user);
}

}  // namespace

void SqlSession::describe(const std::string& command, const std::string& argument, std::string& out,
                          std::string& error) {
  if (!alive(error)) return;
  const sim::WorldSpec& spec = m_machine.world.spec();
  if (command.starts_with("l")) {
    out += formatTable(databaseList(spec), m_state.format);
    return;
  }
  ResultTable table = relationList(spec);
  if (m_state.database != spec.database.database) table.rows.clear();
  for (const sim::Relation& one : world().postgres().relations) {
    if (one.database != m_state.database || (one.temporary() && one.session != m_state.pid))
      continue;
    if (one.name == argument || "public." + one.name == argument) {
      out += relationDescription(one, m_state.format);
      return;
    }
    table.rows.push_back({one.temporary() ? "pg_temp_3" : "public", one.name, "table", one.owner});
  }
  std::sort(table.rows.begin(), table.rows.end());
  if (!argument.empty()) {
    error += "Did not find any relation named \"" + argument + "\".\n";
  } else if (table.rows.empty()) {
    error += "Did not find any relations.\n";
  } else {
    out += formatTable(table, m_state.format);
  }
}

bool SqlSession::runMeta(std::string_view line, std::string& out, std::string& error, bool& quit) {
  const std::string text(base::trim(line));
  const std::size_t blank = text.find_first_of(" \t");
  std::string command = text.substr(1, blank == std::string::npos ? blank : blank - 1);
  std::string argument(blank == std::string::npos ? "" : base::trim(text.substr(blank)));
  while (argument.ends_with(';') && command != "echo") argument.pop_back();
  PsqlFormat& format = m_state.format;
  if (command == "q" || command == "quit") {
    quit = true;
  } else if (command == "x") {
    toggle(format.expanded, argument);
    out += format.expanded ? "Expanded display is on.\n" : "Expanded display is off.\n";
  } else if (command == "timing") {
    toggle(format.timing, argument);
    out += format.timing ? "Timing is on.\n" : "Timing is off.\n";
  } else if (command == "t") {
    toggle(format.tuplesOnly, argument);
    out += format.tuplesOnly ? "Tuples only is on.\n" : "Tuples only is off.\n";
  } else if (command == "a") {
    format.unaligned = !format.unaligned;
    out += format.unaligned ? "Output format is unaligned.\n" : "Output format is aligned.\n";
  } else if (command == "echo") {
    out += expandVariables(argument, m_state) + "\n";
  } else if (command == "r" || command == "reset") {
    m_state.statement.clear();
    out += "Query buffer reset (cleared).\n";
  } else if (command == "conninfo") {
    if (!m_state.connected) {
      out += "You are currently not connected to a database.\n";
    } else {
      const std::string place = m_state.host.empty() ? "via socket in \"/var/run/postgresql\""
                                                     : "on host \"" + m_state.host + "\"";
      out += "You are connected to database \"" + m_state.database + "\" as user \"" +
             m_state.user + "\" " + place + " at port \"5432\".\n";
    }
  } else if (command == "c" || command == "connect") {
    const std::string before = m_state.database;
    if (!argument.empty() && argument != "-")
      m_state.database = argument.substr(0, argument.find(' '));
    const std::string reason = connect();
    if (reason.empty()) {
      out += "You are now connected to database \"" + m_state.database + "\" as user \"" +
             m_state.user + "\".\n";
    } else {
      error += reason + "\n";
      if (m_state.connected) error += "Previous connection kept\n";
      m_state.database = before;
      return false;
    }
  } else if (command == "?" || command == "h" || command == "help") {
    out += kHelp;
  } else if (command == "l" || command == "l+" || command == "list" || command == "d" ||
             command == "dt" || command == "d+" || command == "dt+") {
    describe(command, argument, out, error);
  } else {
    error += "invalid command \\" + command + "\n";
    if (m_state.open) error += "Try \\? for help.\n";
    return false;
  }
  return true;
}

}  // namespace console
