// SPDX-License-Identifier: GPL-3.0-or-later
// psql's backslash commands about itself, its help, the query buffer and conditions.
#include <algorithm>

#include "base/text.h"
#include "console/psql/meta.h"
#include "console/psql/settings.h"
#include "console/psql/sql_help.h"
#include "console/sql/result_table.h"
#include "console/sql/session.h"

namespace console {
namespace {

bool runCopyright(MetaCall& call) {
  call.psql.print(
      "PostgreSQL Database Management System\n(formerly known as Postgres, then as Postgres95)\n\n"
      "Portions Copyright (c) 1996-2022, PostgreSQL Global Development Group\n\n"
      "Portions Copyright (c) 1994, The Regents of the University of California\n\n"
      "This is a simulation of it, for training.\n");
  return true;
}

bool runErrverbose(MetaCall& call) {
  const std::string& report = call.session().lastReport;
  if (report.empty()) {
    call.psql.print("There is no previous error.\n");
  } else {
    call.psql.printError(report);
  }
  return true;
}

bool runQuit(MetaCall& call) {
  call.psql.quit();
  return true;
}

// \g and \gx: options in parentheses, then a file or |command.
bool runGo(MetaCall& call) {
  PsqlSession& session = call.session();
  const PsqlFormat format = session.format;
  const std::string target = session.outputTarget;
  std::size_t next = 0;
  bool ok = true;
  if (call.has(0) && call.words.args[0].starts_with("(")) {
    std::string options;
    while (call.has(next) && !options.ends_with(")")) options += " " + call.words.args[next++];
    options = base::replaceAll(base::replaceAll(options, "(", ""), ")", "");
    for (const std::string& pair : base::split(options, ' ')) {
      const std::size_t equals = pair.find('=');
      if (pair.empty()) continue;
      const PsetOutcome outcome = setPsqlFormat(
          session.format, pair.substr(0, equals),
          equals == std::string::npos ? "" : pair.substr(equals + 1), equals != std::string::npos);
      if (!outcome.ok) ok = call.fail(outcome.text);
    }
  }
  if (call.name() == "gx") session.format.expanded = true;
  if (call.has(next)) {
    std::string to = call.words.args[next];
    for (std::size_t i = next + 1; call.has(i); ++i) to += " " + call.words.args[i];
    if (!to.starts_with("|")) call.psql.writeTo(to, "", false);
    session.outputTarget = to;
  }
  ok = ok && call.psql.runBuffer();
  session.format = format;
  session.outputTarget = target;
  return ok;
}

bool runGset(MetaCall& call) {
  PsqlSession& session = call.session();
  ResultTable table;
  const PsqlFormat format = session.format;
  if (!call.psql.runBuffer(&table)) return false;
  session.format = format;
  if (table.rows.size() != 1) {
    return call.fail(table.rows.empty() ? "no rows returned for \\gset"
                                        : "more than one row returned for \\gset");
  }
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const std::string name = call.argument(0) + table.columns[i].name;
    if (!table.rows[0][i]) {
      session.variables.erase(name);
      continue;
    }
    if (const std::string wrong = setPsqlVariable(session, name, *table.rows[0][i]);
        !wrong.empty()) {
      return call.fail(wrong);
    }
  }
  return true;
}

bool runGdesc(MetaCall& call) {
  ResultTable table;
  if (!call.psql.runBuffer(&table)) return false;
  if (table.columns.empty()) {
    call.psql.printResult("The command has no result, or the result has no columns.\n");
    return true;
  }
  ResultTable shown;
  shown.columns = {{"Column"}, {"Type"}};
  for (const ResultColumn& column : table.columns) {
    shown.rows.push_back({column.name, column.type.empty() ? "text" : column.type});
  }
  call.psql.printResult(formatTable(shown, call.session().format));
  return true;
}

bool runGexec(MetaCall& call) {
  ResultTable table;
  if (!call.psql.runBuffer(&table)) return false;
  constexpr std::size_t kMost = 200;
  std::size_t count = 0;
  bool ok = true;
  for (const ResultRow& row : table.rows) {
    for (const auto& cell : row) {
      if (!cell || ++count > kMost) continue;
      ok = call.psql.runStatement(*cell) && ok;
      if (!ok && call.psql.stopsAtErrors()) return false;
    }
  }
  return ok;
}

// The statement once, headed by the time: there is nobody to press Ctrl-C.
bool runWatch(MetaCall& call) {
  PsqlSession& session = call.session();
  std::string seconds = call.has(0) ? call.argument(0) : "2";
  if (seconds.empty() || seconds.find_first_not_of("0123456789.") != std::string::npos) {
    return call.fail("\\watch: incorrect interval value \"" + seconds + "\"");
  }
  const std::string title = session.format.title;
  const std::string stamp = base::ctimeText(call.psql.world().unixMs());
  session.format.title =
      (title.empty() ? "" : title + "\t") + stamp + " (every " + seconds + "s)\n";
  if (session.statement.empty() && session.lastStatement.empty()) {
    session.format.title = title;
    return call.fail("\\watch cannot be used with an empty query");
  }
  const bool ok = call.psql.runBuffer();
  session.format.title = title;
  return ok;
}

bool runEdit(MetaCall& call) {
  call.psql.printError("sh: 1: sensible-editor: not found\n");
  return call.fail("could not start editor \"sensible-editor\"");
}

bool runPrint(MetaCall& call) {
  const PsqlSession& session = call.session();
  const std::string& text =
      base::trim(session.statement).empty() ? session.lastStatement : session.statement;
  call.psql.print(text.empty() ? "Query buffer is empty.\n" : text + "\n");
  return true;
}

bool runReset(MetaCall& call) {
  call.session().statement.clear();
  call.session().scan = {};
  if (!call.session().format.quiet) call.psql.print("Query buffer reset (cleared).\n");
  return true;
}

bool runWrite(MetaCall& call) {
  if (!call.has(0)) return call.fail("\\w: missing required argument");
  const PsqlSession& session = call.session();
  const std::string& text =
      base::trim(session.statement).empty() ? session.lastStatement : session.statement;
  return call.psql.writeTo(call.argument(0), text + "\n", false);
}

bool runMetaHelp(MetaCall& call) {
  if (call.argument(0) == "variables") {
    call.psql.print("List of specially treated variables\n\npsql variables:\n");
    for (const auto& [name, value] : psqlVariables(call.session(), call.psql.world())) {
      call.psql.print("  " + name + "\n");
    }
    return true;
  }
  if (call.argument(0) == "options") {
    call.psql.print("Type 'man psql' or 'psql --help' in the shell for the options.\n");
    return true;
  }
  call.psql.print(metaHelp());
  return true;
}

bool runSqlHelp(MetaCall& call) {
  std::string topic(call.words.raw);
  while (topic.ends_with(';') || topic.ends_with(' ')) topic.pop_back();
  call.psql.print(sqlHelp(topic));
  return true;
}

bool runIf(MetaCall& call) {
  std::string& open = call.session().conditions;
  constexpr std::size_t kDeepest = 64;
  if (open.size() >= kDeepest) return call.fail("\\if: nested too deeply");
  // t: true; f: false, may become true; d: was true, or lies in what is false.
  if (open.find_first_not_of('t') != std::string::npos) {
    open += 'd';
    return true;
  }
  bool value = false;
  if (!readTruth(call.argument(0), value)) {
    open += 'f';
    return call.fail("unrecognized value \"" + call.argument(0) +
                     "\" for \"\\if expression\": Boolean expected");
  }
  open += value ? 't' : 'f';
  return true;
}

bool runElse(MetaCall& call) {
  std::string& open = call.session().conditions;
  if (open.empty()) return call.fail("\\" + call.name() + ": no matching \\if");
  char& state = open.back();
  if (state == 't' || state == 'd') {
    state = 'd';
    return true;
  }
  bool value = true;
  if (call.name() == "elif" && !readTruth(call.argument(0), value)) {
    return call.fail("unrecognized value \"" + call.argument(0) +
                     "\" for \"\\elif expression\": Boolean expected");
  }
  state = value ? 't' : 'f';
  return true;
}

bool runEndif(MetaCall& call) {
  std::string& open = call.session().conditions;
  if (open.empty()) return call.fail("\\endif: no matching \\if");
  open.pop_back();
  return true;
}

using S = MetaSection;
constexpr MetaCommand kCommands[] = {
    {"copyright", S::General, "\\copyright", "show PostgreSQL usage and distribution terms",
     runCopyright},
    {"errverbose", S::General, "\\errverbose",
     "show most recent error message at maximum verbosity", runErrverbose},
    {"g", S::General, "\\g [(OPTIONS)] [FILE]", "execute query (and send result to file or |pipe)",
     runGo},
    {"gdesc", S::General, "\\gdesc", "describe result of query, without executing it", runGdesc},
    {"gexec", S::General, "\\gexec", "execute query, then execute each value in its result",
     runGexec},
    {"gset", S::General, "\\gset [PREFIX]", "execute query and store result in psql variables",
     runGset},
    {"gx", S::General, "\\gx [(OPTIONS)] [FILE]", "as \\g, but forces expanded output mode", runGo},
    {"q quit", S::General, "\\q", "quit psql", runQuit},
    {"watch", S::General, "\\watch [SEC]", "execute query every SEC seconds (here: once)",
     runWatch},
    {"?", S::Help, "\\? [commands]", "show help on backslash commands", runMetaHelp},
    {"h help", S::Help, "\\h [NAME]", "help on syntax of SQL commands, * for all commands",
     runSqlHelp},
    {"e edit ef ev", S::Buffer, "\\e [FILE] [LINE]",
     "edit the query buffer (or file) with external editor", runEdit},
    {"p print", S::Buffer, "\\p", "show the contents of the query buffer", runPrint},
    {"r reset", S::Buffer, "\\r", "reset (clear) the query buffer", runReset},
    {"w write", S::Buffer, "\\w FILE", "write query buffer to file", runWrite},
    {"if", S::Conditional, "\\if EXPR", "begin conditional block", runIf},
    {"elif", S::Conditional, "\\elif EXPR", "alternative within current conditional block",
     runElse},
    {"else", S::Conditional, "\\else", "final alternative within current conditional block",
     runElse},
    {"endif", S::Conditional, "\\endif", "end conditional block", runEndif}};

}  // namespace

std::span<const MetaCommand> generalMetaCommands() {
  return kCommands;
}

}  // namespace console
