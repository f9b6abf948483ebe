// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/psql/program.h"

#include "base/text.h"
#include "console/file_view.h"
#include "console/psql/meta.h"
#include "console/psql/scanner.h"
#include "console/psql/settings.h"
#include "console/sql/session.h"

namespace console {
namespace {

constexpr std::size_t kStatementLimit = 1u << 20;
constexpr int kDepthLimit = 8;  // of \i in \i
constexpr std::string_view kHelp =
    "You are using psql, the command-line interface to PostgreSQL.\n"
    "Type:  \\copyright for distribution terms\n"
    "       \\h for help with SQL commands\n"
    "       \\? for help with psql commands\n"
    "       \\g or terminate with semicolon to execute query\n"
    "       \\q to quit\n";

}  // namespace

SqlSession PsqlProgram::server() {
  return {m_around.machine, m_session, m_around.changed, m_around.duration};
}

std::string PsqlProgram::connect(const std::string& options) {
  m_session.systemUser = m_around.shell.user;
  return server().connect(options);
}

std::string PsqlProgram::located(const std::string& text, bool labelled) const {
  if (m_script.empty()) return text;
  return "psql:" + m_script + ":" + std::to_string(m_line) + ": " + (labelled ? "error: " : "") +
         text;
}

bool PsqlProgram::complain(const std::string& text) {
  m_error += located(text, true) + "\n";
  m_failed = true;
  return false;
}

bool PsqlProgram::stopsAtErrors() const {
  return isOn(psqlVariable(m_session, world(), "ON_ERROR_STOP").value_or("off"));
}

bool PsqlProgram::active() const {
  return m_session.conditions.find_first_not_of('t') == std::string::npos;
}

bool PsqlProgram::writeTo(const std::string& target, const std::string& text, bool append) {
  if (target.starts_with("|")) {
    return m_around.command(target.substr(1), text, m_out, m_error) == 0;
  }
  const FileView files(m_around.machine, m_around.shell);
  const auto written = files.write(target, text, append, m_around.changed);
  return written || complain(target + ": " + written.error().message);
}

void PsqlProgram::printResult(const std::string& text) {
  if (text.empty()) return;
  if (m_session.outputTarget.empty()) {
    m_out += text;
  } else {
    writeTo(m_session.outputTarget, text, true);
  }
}

bool PsqlProgram::runStatement(const std::string& statement, ResultTable* table) {
  const std::string echo = psqlVariable(m_session, world(), "ECHO").value_or("none");
  if (echo == "queries") m_out += std::string(base::trim(statement)) + "\n";
  std::string result, errors, timing;
  SqlSession sql = server();
  if (table != nullptr) sql.keepTable(table);
  const bool ok = sql.runStatements(statement, m_input, result, errors);
  // Notices come while the statement runs, the error that ends it comes last.
  std::string last;
  bool notices = true;
  for (const std::string& message : base::lines(errors)) {
    const bool notice = message.starts_with("WARNING:") || message.starts_with("NOTICE:") ||
                        message.starts_with("INFO:");
    const bool begins = notice || message.starts_with("ERROR:") || message.starts_with("FATAL:");
    if (begins) notices = notice;
    (notices ? m_error : last) += (begins ? located(message, false) : message) + "\n";
  }
  printResult(result);
  m_error += last;
  if (!ok && echo == "errors") m_error += "STATEMENT:  " + statement + "\n";
  m_out += sql.timing();
  if (!ok) m_failed = true;
  return ok;
}

bool PsqlProgram::runQuietly(const std::string& statement) {
  std::string result, errors;
  return server().runStatements(statement, false, result, errors);
}

bool PsqlProgram::runBuffer(ResultTable* table) {
  std::string statement;
  statement.swap(m_session.statement);
  m_session.scan = {};
  if (base::trim(statement).empty()) statement = m_session.lastStatement;
  if (base::trim(statement).empty()) return true;
  m_session.lastStatement = statement;
  return runStatement(statement, table);
}

bool PsqlProgram::runMetaAt(std::string_view line, std::size_t& at) {
  const VariableLookup lookup = [&](const std::string& name) {
    return psqlVariable(m_session, world(), name);
  };
  const MetaWords words = readMeta(line, at, lookup);
  if (words.name == "\\") return true;  // a separator
  if (!words.error.empty()) return complain(words.error);
  if (!active() && !isConditional(words.name)) return true;
  return runMetaCommand(*this, words);
}

bool PsqlProgram::runLine(std::string_view line) {
  const std::string_view trimmed = base::trim(line);
  const bool fresh = base::trim(m_session.statement).empty() && m_session.scan.inside.empty() &&
                     m_session.scan.comment == 0;
  if (fresh && m_interactive && (trimmed == "exit" || trimmed == "quit")) {
    m_quit = true;
    return true;
  }
  if (fresh && m_interactive && trimmed == "help") {
    m_out += kHelp;
    return true;
  }
  if (psqlVariable(m_session, world(), "ECHO").value_or("none") == "all" && !m_interactive) {
    m_out += std::string(line) + "\n";
  }
  const VariableLookup lookup = [&](const std::string& name) {
    return psqlVariable(m_session, world(), name);
  };
  bool ok = true;
  std::size_t at = 0;
  if (fresh) {
    m_session.statement.clear();
  } else {
    m_session.statement += '\n';
  }
  while (at < line.size() && !m_quit) {
    const ScanStop stop = scanLine(line, at, m_session.scan, m_session.statement, lookup);
    if (m_session.statement.size() > kStatementLimit) {
      m_session.statement.clear();
      m_session.scan = {};
    }
    if (!active()) m_session.statement.clear();
    if (stop == ScanStop::Semicolon && active()) {
      ok = runBuffer() && ok;
    } else if (stop == ScanStop::Backslash) {
      ok = runMetaAt(line, at) && ok;
    }
    if (m_session.blocked || m_session.broken) break;
    if (!ok && stopsAtErrors() && !m_interactive) break;
  }
  if (base::trim(m_session.statement).empty() && m_session.scan.inside.empty()) {
    m_session.statement.clear();
  }
  return ok;
}

bool PsqlProgram::feed(std::string_view line) {
  m_failed = false;
  // One that can wait for a lock tries the line again, from where it began.
  const bool mayWait = m_session.background && line.find_first_of(";\\") != line.npos;
  const std::string statement = mayWait ? m_session.statement : "";
  const ScanState scan = m_session.scan;
  const bool ok = runLine(line);
  if (m_session.blocked) {
    m_session.statement = statement;
    m_session.scan = scan;
    return true;
  }
  if (m_session.broken) return false;
  return !m_quit && (ok || m_interactive || !stopsAtErrors());
}

void PsqlProgram::finishInput() {
  if (base::trim(m_session.statement).empty()) return;
  runBuffer();
}

int PsqlProgram::runInput(const std::string& text) {
  bool stopped = false;
  for (const std::string& line : base::lines(text)) {
    ++m_line;
    stopped = !feed(line);
    if (stopped) break;
  }
  constexpr int kBadConnection = 2;  // EXIT_BADCONN
  if (m_session.broken) return kBadConnection;
  if (m_quit) return 0;
  if (stopped) return 3;
  m_failed = false;
  finishInput();
  if (m_failed && stopsAtErrors()) return 3;
  return 0;
}

int PsqlProgram::runFile(const std::string& path) {
  if (m_depth >= kDepthLimit) {
    complain(path + ": Too many open files");
    return 1;
  }
  const FileView files(m_around.machine, m_around.shell);
  const auto text = files.read(path);
  if (!text) {
    m_error +=
        (m_script.empty() ? (m_interactive ? "" : "psql: error: ")
                          : "psql:" + m_script + ":" + std::to_string(m_line) + ": error: ") +
        path + ": " + text.error().message + "\n";
    m_failed = true;
    return 1;
  }
  const std::string script = m_script, conditions = m_session.conditions;
  const int line = m_line;
  const bool interactive = m_interactive;
  m_script = path;
  m_line = 0;
  m_interactive = false;
  m_session.conditions.clear();
  ++m_depth;
  const int code = runInput(text.value());
  --m_depth;
  m_script = script;
  m_line = line;
  m_interactive = interactive;
  m_session.conditions = conditions;
  return code;
}

bool PsqlProgram::runCommand(const std::string& text) {
  m_failed = false;
  const std::string_view trimmed = base::trim(text);
  if (trimmed.starts_with("\\")) {
    bool ok = true;
    for (std::size_t at = 0; at < trimmed.size() && !m_quit;) {
      ok = trimmed[at] == '\\' && runMetaAt(trimmed, at) && ok;
      if (at < trimmed.size() && trimmed[at] != '\\') break;
    }
    return ok;
  }
  m_input = true;  // one string is one transaction
  const bool ok = runStatement(text);
  m_input = false;
  return ok;
}

}  // namespace console
