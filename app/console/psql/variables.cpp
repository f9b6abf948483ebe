// SPDX-License-Identifier: GPL-3.0-or-later
// psql's variables, and the prompt they shape.
#include <algorithm>

#include "base/text.h"
#include "console/psql/program.h"
#include "console/psql/scanner.h"
#include "console/psql/settings.h"
#include "console/sql/connect.h"
#include "console/sql/session_role.h"

namespace console {
namespace {

struct Standard {
  std::string_view name, value, allowed;  // allowed: words, "bool", "number", or anything
};
constexpr Standard kStandard[] = {
    {"AUTOCOMMIT", "on", "bool"},
    {"COMP_KEYWORD_CASE", "preserve-upper", "lower upper preserve-lower preserve-upper"},
    {"ECHO", "none", "none errors queries all"},
    {"ECHO_HIDDEN", "off", "off on noexec"},
    {"ENCODING", "UTF8", ""},
    {"FETCH_COUNT", "0", "number"},
    {"HIDE_TABLEAM", "off", "bool"},
    {"HIDE_TOAST_COMPRESSION", "off", "bool"},
    {"HISTCONTROL", "none", "none ignorespace ignoredups ignoreboth"},
    {"HISTSIZE", "500", "number"},
    {"IGNOREEOF", "0", "number"},
    {"ON_ERROR_ROLLBACK", "off", "off on interactive"},
    {"ON_ERROR_STOP", "off", "bool"},
    {"PROMPT1", "%/%R%x%# ", ""},
    {"PROMPT2", "%/%R%x%# ", ""},
    {"PROMPT3", ">> ", ""},
    {"SHOW_ALL_RESULTS", "on", "bool"},
    {"SHOW_CONTEXT", "errors", "never errors always"},
    {"SINGLELINE", "off", "bool"},
    {"SINGLESTEP", "off", "bool"},
    {"VERBOSITY", "default", "default verbose terse sqlstate"}};

// "150018" of "15.18 (Debian ...)".
std::string versionNumber(const std::string& version) {
  const std::size_t dot = version.find('.');
  std::string minor;
  for (std::size_t i = dot + 1; i < version.size() && version[i] >= '0' && version[i] <= '9'; ++i) {
    minor += version[i];
  }
  return version.substr(0, dot) + std::string(minor.size() < 4 ? 4 - minor.size() : 0, '0') + minor;
}

// What psql knows of itself, the connection and the last statement.
std::optional<std::string> ownVariable(const PsqlSession& session, const sim::World& world,
                                       const std::string& name) {
  const std::string& version = world.spec().database.version;
  if (name == "VERSION") return "PostgreSQL " + version;
  if (name == "VERSION_NAME") return version;
  if (name == "VERSION_NUM") return versionNumber(version);
  if (name == "QUIET") return session.format.quiet ? "on" : "off";
  if (name == "ERROR") return session.sqlstate == "00000" ? "false" : "true";
  if (name == "SQLSTATE") return session.sqlstate;
  if (name == "ROW_COUNT") return std::to_string(session.rowCount);
  if (name == "LAST_ERROR_MESSAGE") return session.lastError;
  if (name == "LAST_ERROR_SQLSTATE") {
    return session.lastReport.size() > 13 ? session.lastReport.substr(8, 5) : "00000";
  }
  if (!session.connected) return std::nullopt;
  if (name == "DBNAME") return session.database;
  if (name == "USER") return session.user;
  if (name == "HOST") return session.host.empty() ? socketFolder(world, session) : session.host;
  if (name == "PORT") return portOf(world, session);
  if (name == "SERVER_VERSION_NAME") return version;
  if (name == "SERVER_VERSION_NUM") return versionNumber(version);
  return std::nullopt;
}

std::string allowedText(std::string_view words) {
  std::vector<std::string> all = base::split(words, ' ');
  std::string text;
  for (const std::string& one : all) text += (text.empty() ? "" : ", ") + one;
  return text;
}

std::string prompted(const std::string& format, const PsqlSession& session,
                     const sim::World& world) {
  std::string text;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%' || i + 1 >= format.size()) {
      text += format[i];
      continue;
    }
    const char c = format[++i];
    const std::string host = session.host.empty() ? "[local]" : session.host;
    switch (c) {
      case '/':
        text += session.database;
        break;
      case '~':
        text += session.database == session.user ? "~" : session.database;
        break;
      case 'n':
        text += session.user;
        break;
      case 'm':
        text += host.substr(0, host.starts_with("[") ? host.size() : host.find('.'));
        break;
      case 'M':
        text += host;
        break;
      case '>':
        text += portOf(world, session);
        break;
      case 'p':
        text += std::to_string(session.pid);
        break;
      case 'R': {
        const char mark = promptMark(session.scan, session.statement);
        const bool skips = session.conditions.find_first_not_of('t') != std::string::npos;
        text += mark == '=' && skips ? '@' : mark;
        break;
      }
      case 'x':
        text += session.failed ? "!" : session.inTransaction ? "*" : "";
        break;
      case '#': {
        const sim::Role* role = world.postgres().role(currentRole(session));
        text += role != nullptr && role->superuser ? "#" : ">";
        break;
      }
      case 'l':
        text += "1";
        break;
      case '[':
      case ']':
        break;
      case ':': {
        const std::size_t close = format.find(':', i + 1);
        if (close == std::string::npos) break;
        text += psqlVariable(session, world, format.substr(i + 1, close - i - 1)).value_or("");
        i = close;
        break;
      }
      default:
        text += c;
    }
  }
  return text;
}

}  // namespace

std::optional<std::string> psqlVariable(const PsqlSession& session, const sim::World& world,
                                        const std::string& name) {
  const auto set = session.variables.find(name);
  if (set != session.variables.end()) return set->second;
  for (const Standard& one : kStandard) {
    if (one.name == name) return std::string(one.value);
  }
  return ownVariable(session, world, name);
}

std::vector<std::pair<std::string, std::string>> psqlVariables(const PsqlSession& session,
                                                               const sim::World& world) {
  std::map<std::string, std::string> all = session.variables;
  for (const Standard& one : kStandard) all.emplace(one.name, one.value);
  for (const char* name : {"VERSION", "VERSION_NAME", "VERSION_NUM", "QUIET", "ERROR", "SQLSTATE",
                           "ROW_COUNT", "LAST_ERROR_MESSAGE", "LAST_ERROR_SQLSTATE", "DBNAME",
                           "USER", "HOST", "PORT", "SERVER_VERSION_NAME", "SERVER_VERSION_NUM"}) {
    if (const auto value = ownVariable(session, world, name)) all.emplace(name, *value);
  }
  return {all.begin(), all.end()};
}

std::string setPsqlVariable(PsqlSession& session, const std::string& name,
                            const std::string& value) {
  constexpr std::size_t kMost = 500, kLongest = 64 * 1024;
  const bool named = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
  });
  if (name.empty() || !named) return "invalid variable name: \"" + name + "\"";
  std::string stored = value;
  for (const Standard& one : kStandard) {
    if (one.name != name || one.allowed.empty()) continue;
    bool truth = false;
    if (one.allowed == "bool") {
      if (value.empty()) {
        stored = "on";
      } else if (!readTruth(value, truth)) {
        return "unrecognized value \"" + value + "\" for \"" + name + "\": Boolean expected";
      }
    } else if (one.allowed == "number") {
      if (value.empty() || value.find_first_not_of("0123456789") != std::string::npos) {
        return "invalid value \"" + value + "\" for \"" + name + "\": integer expected";
      }
    } else {
      const std::vector<std::string> words = base::split(one.allowed, ' ');
      if (std::find(words.begin(), words.end(), base::lower(value)) == words.end()) {
        return "unrecognized value \"" + value + "\" for \"" + name +
               "\"\nAvailable values are: " + allowedText(one.allowed) + ".";
      }
      stored = base::lower(value);
    }
  }
  if (name == "QUIET") session.format.quiet = value.empty() || isOn(value);
  if (session.variables.size() < kMost && stored.size() <= kLongest) {
    session.variables[name] = stored;
  }
  return {};
}

std::string psqlPrompt(const PsqlSession& session, const sim::World& world) {
  if (!session.connected) return "!?> ";
  const char mark = promptMark(session.scan, session.statement);
  return prompted(psqlVariable(session, world, mark == '=' ? "PROMPT1" : "PROMPT2").value_or(""),
                  session, world);
}

}  // namespace console
