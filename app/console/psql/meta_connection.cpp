// SPDX-License-Identifier: GPL-3.0-or-later
// psql's backslash commands about the connection, the shell around psql, and variables.
#include "base/text.h"
#include "console/file_view.h"
#include "console/psql/meta.h"
#include "console/sql/connect.h"

namespace console {
namespace {

// "via socket in "/var/run/postgresql"" or "on host "localhost" (address "127.0.0.1")".
std::string placeText(const sim::World& world, const PsqlSession& session) {
  if (session.host.empty() || session.host.starts_with("/")) {
    return "via socket in \"" + socketFolder(world, session) + "\"";
  }
  const std::string address = addressOf(world, session.host);
  return "on host \"" + session.host + "\"" +
         (address == session.host || address.empty() ? "" : " (address \"" + address + "\")");
}

bool runConninfo(MetaCall& call) {
  const PsqlSession& session = call.session();
  if (!session.connected) {
    call.psql.print("You are currently not connected to a database.\n");
    return true;
  }
  call.psql.print("You are connected to database \"" + session.database + "\" as user \"" +
                  session.user + "\" " + placeText(call.psql.world(), session) + " at port \"" +
                  portOf(call.psql.world(), session) + "\".\n");
  return true;
}

bool runConnect(MetaCall& call) {
  PsqlSession& session = call.session();
  const PsqlSession before = session;
  if (call.has(0) && isConnectionString(call.words.args[0])) {
    readConnectionString(call.words.args[0], session);
  } else {
    std::string* const fields[] = {&session.database, &session.user, &session.host, &session.port};
    for (std::size_t i = 0; i < std::size(fields); ++i) {
      const std::string value = call.argument(i);
      if (!value.empty() && value != "-") {
        *fields[i] = base::replaceAll(value, "\"", "");
      }
    }
  }
  const std::string reason = call.psql.connect({});
  if (!reason.empty()) {
    call.psql.printError(reason + "\n");
    const bool keeps = call.psql.interactive() && before.connected;
    if (keeps) {
      session = before;
      call.psql.printError("Previous connection kept\n");
    }
    return false;
  }
  const bool elsewhere = session.host != before.host || session.port != before.port;
  if (!session.format.quiet) {
    call.psql.print("You are now connected to database \"" + session.database + "\" as user \"" +
                    session.user + "\"" +
                    (elsewhere ? " " + placeText(call.psql.world(), session) + " at port \"" +
                                     portOf(call.psql.world(), session) + "\""
                               : "") +
                    ".\n");
  }
  return true;
}

bool runEncoding(MetaCall& call) {
  if (!call.has(0)) {
    call.psql.print("UTF8\n");
    return true;
  }
  const std::string name = base::lower(call.argument(0));
  if (name == "utf8" || name == "utf-8" || name == "unicode") return true;
  return call.fail(call.argument(0) + ": invalid encoding name or conversion procedure not found");
}

bool runPassword(MetaCall& call) {
  call.psql.print("Enter new password for user \"" +
                  (call.has(0) ? call.argument(0) : call.session().user) + "\": \n");
  return call.fail("could not read the password: this terminal does not take hidden input");
}

bool runShellCommand(MetaCall& call) {
  if (call.words.raw.empty()) {
    call.psql.printError("\\!: this terminal has one shell: leave psql with \\q\n");
    return false;
  }
  std::string out, error;
  call.psql.around().command(call.words.raw, "", out, error);
  call.psql.print(out);
  call.psql.printError(error);
  return true;  // psql does not mind how the command ended
}

bool runChangeDirectory(MetaCall& call) {
  ShellState& shell = call.psql.around().shell;
  Machine& machine = call.psql.around().machine;
  const FileView files(machine, shell);
  const std::string to = call.has(0) ? call.argument(0) : "/home/" + shell.user;
  if (!files.isDirectory(to)) {
    return call.fail("\\cd: could not change directory to \"" + to +
                     "\": " + (files.exists(to) ? "Not a directory" : "No such file or directory"));
  }
  shell.directory = files.resolve(to);
  return true;
}

bool runGetenv(MetaCall& call) {
  if (!call.has(1)) return call.fail("\\getenv: missing required argument");
  const std::string value =
      environmentValue(call.psql.world(), call.psql.around().shell, call.argument(1));
  if (value.empty()) return true;
  const std::string wrong = setPsqlVariable(call.session(), call.argument(0), value);
  return wrong.empty() || call.fail(wrong);
}

bool runSetenv(MetaCall& call) {
  if (!call.has(0)) return call.fail("\\setenv: missing required argument");
  ShellVariables& variables = call.psql.around().shell.variables;
  if (!call.has(1)) {
    variables.erase(call.argument(0));
    return true;
  }
  ShellVariable made;
  made.text = call.argument(1);
  made.exported = true;
  variables.put(call.argument(0), std::move(made));
  return true;
}

bool runSetVariable(MetaCall& call) {
  if (!call.has(0)) {
    for (const auto& [name, value] : psqlVariables(call.session(), call.psql.world())) {
      call.psql.print(name + " = '" + value + "'\n");
    }
    return true;
  }
  std::string value;
  for (std::size_t i = 1; call.has(i); ++i) value += call.words.args[i];
  const std::string wrong = setPsqlVariable(call.session(), call.words.args[0], value);
  return wrong.empty() || call.fail(wrong);
}

bool runUnsetVariable(MetaCall& call) {
  if (!call.has(0)) return call.fail("\\unset: missing required argument");
  call.session().variables.erase(call.argument(0));
  return true;
}

using S = MetaSection;
constexpr MetaCommand kCommands[] = {
    {"c connect", S::Connection, "\\c[onnect] {[DBNAME|- USER|- HOST|- PORT|-] | conninfo}",
     "connect to new database", runConnect},
    {"conninfo", S::Connection, "\\conninfo", "display information about current connection",
     runConninfo},
    {"encoding", S::Connection, "\\encoding [ENCODING]", "show or set client encoding",
     runEncoding},
    {"password", S::Connection, "\\password [USERNAME]", "securely change the password for a user",
     runPassword},
    {"cd", S::OperatingSystem, "\\cd [DIR]", "change the current working directory",
     runChangeDirectory},
    {"getenv", S::OperatingSystem, "\\getenv PSQLVAR ENVVAR", "fetch environment variable",
     runGetenv},
    {"setenv", S::OperatingSystem, "\\setenv NAME [VALUE]", "set or unset environment variable",
     runSetenv},
    {"!", S::OperatingSystem, "\\! [COMMAND]", "execute command in shell", runShellCommand},
    {"set", S::Variables, "\\set [NAME [VALUE]]",
     "set internal variable, or list all if no parameters", runSetVariable},
    {"unset", S::Variables, "\\unset NAME", "unset (delete) internal variable", runUnsetVariable}};

}  // namespace

std::span<const MetaCommand> connectionMetaCommands() {
  return kCommands;
}

}  // namespace console
