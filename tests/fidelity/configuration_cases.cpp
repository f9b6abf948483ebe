// SPDX-License-Identifier: GPL-3.0-or-later
// Configuration changes: ALTER SYSTEM, SET, edited files, precedence, restarts. Client text,
// SQLSTATE, log lines and after-effects must all agree.
#include <array>
#include <functional>
#include <regex>
#include <utility>

#include "base/text.h"
#include "cases.h"
#include "lab.h"
#include "text.h"

namespace fidelity {
namespace {

// One server lived through all reloads (0), one through all sequences (1): what awaits a restart
// stays marked.
Lab& sharedLab(std::size_t which) {
  static std::array<Lab, 2> labs;
  return labs.at(which);
}

class Replay {
 public:
  explicit Replay(const Json& recorded)
      : m_case(recorded),
        m_action(recorded.at("action")),
        m_effect(recorded.at("effect")),
        m_lab(textOf(recorded, "family") == "conf_reload"           ? sharedLab(0)
              : textOf(recorded.at("action"), "kind") == "sequence" ? sharedLab(1)
                                                                    : m_ownLab) {}
  Finding run();

 private:
  void alterSystem();
  void session();
  void set();
  void editAndReload();
  void restart();
  void sequence();
  void runSequence();
  void showUnits();

  void setUpRoles();
  void configure();
  void compare(std::string_view what, const std::string& expected, const std::string& got);
  void compareLog();
  void compareRows(const Json& rows);
  void compareFileRows(const Json& rows);
  void compareAutoConf();
  std::string showOf(const std::string& name) {
    return joined(m_lab.rows("SHOW \"" + name + "\""));
  }

  const Json& m_case;
  const Json& m_action;
  Json m_effect;
  Lab m_ownLab;
  Lab& m_lab;
  Finding m_finding;
};

void Replay::compare(std::string_view what, const std::string& expected, const std::string& got) {
  const std::string there = comparable(expected), here = comparable(got);
  if (!agree(there, here)) m_finding.difference += difference(what, there, here);
}

void Replay::compareLog() {
  std::vector<std::string> expected, got;
  // A long HINT of two lines is recorded as two entries.
  for (const std::string& entry : textsOf(m_case, "server_log_template")) {
    for (const std::string& line : base::lines(entry)) expected.push_back(comparable(line));
  }
  for (const std::string& line : m_lab.logSinceMark()) got.push_back(comparable(line));
  expected = withoutRepeats(std::move(expected));
  got = withoutRepeats(std::move(got));
  const LineScore score = compareLines(expected, got);
  m_finding.linesSame = score.same;
  m_finding.linesAll = score.all;
  if (score.same != score.all) {
    m_finding.difference += difference("server log", joined(expected), joined(got));
  }
}

void Replay::compareRows(const Json& rows) {
  for (const Json& row : rows) {
    const std::string name = row.at("name");
    if (name.starts_with("shared_memory_size")) {
      const double there = std::stod(textOf(row, "setting"));
      const auto here = m_lab.rows("SELECT setting FROM pg_settings WHERE name = '" + name + "'");
      if (here.empty() || std::abs(std::stod(here[0]) - there) > std::max(1.0, there * 0.01)) {
        m_finding.difference += difference(name, textOf(row, "setting"), joined(here));
      }
      continue;
    }
    const std::string expected =
        textOf(row, "setting") + "|" + textOf(row, "unit") + "|" + textOf(row, "source") + "|" +
        (row.at("pending_restart").get<bool>() ? "t" : "f") + "\n" + textOf(row, "show");
    const std::string got =
        joined(m_lab.rows("SELECT setting, unit, source, pending_restart FROM pg_settings WHERE "
                          "name = '" +
                          name + "'")) +
        showOf(name);
    compare("pg_settings of " + name, expected, got);
  }
}

void Replay::compareFileRows(const Json& rows) {
  const std::string all =
      "\n" +
      comparable(joined(m_lab.rows("SELECT name, setting, applied, error FROM pg_file_settings"))) +
      "\n";
  for (const Json& row : rows) {
    const std::string wanted =
        comparable(textOf(row, "name") + "|" + textOf(row, "setting") + "|" +
                   (row.at("applied").get<bool>() ? "t" : "f") + "|" + textOf(row, "error"));
    if (!base::contains(all, "\n" + wanted + "\n")) {
      m_finding.difference += difference("pg_file_settings", wanted, all);
    }
  }
}

void Replay::compareAutoConf() {
  if (!m_effect.contains("auto_conf")) return;
  std::vector<std::string> got;
  for (const std::string& line : base::lines(m_lab.type("cat " + Lab::autoFile()))) {
    if (!line.starts_with("#")) got.push_back(line);
  }
  compare("postgresql.auto.conf", joined(textsOf(m_effect, "auto_conf")), joined(got));
}

void Replay::setUpRoles() {
  m_lab.psql({"CREATE ROLE trainee LOGIN;", "CREATE ROLE helper15 LOGIN;", "CREATE ROLE app LOGIN;",
              "GRANT SET, ALTER SYSTEM ON PARAMETER work_mem TO helper15;"});
  m_lab.mark();
}

// Splits "output SQLSTATE=xxxxx output ..." of statements followed by \echo.
struct Spoken {
  std::string text;
  std::vector<std::string> states;
};
Spoken spoken(const std::string& output) {
  Spoken result;
  for (const std::string& line : base::lines(output)) {
    if (line.starts_with("SQLSTATE=")) {
      result.states.push_back(line.substr(9));
    } else {
      result.text += line + "\n";
    }
  }
  return result;
}

// Empty lines between results are the recorder's.
std::string dense(const std::string& text) {
  std::vector<std::string> lines;
  for (const std::string& line : base::lines(text)) {
    if (!line.empty()) lines.push_back(line);
  }
  return joined(lines);
}

std::vector<std::string> withStates(const std::vector<std::string>& statements) {
  std::vector<std::string> lines;
  for (const std::string& one : statements) {
    lines.push_back(one.starts_with("\\") || one.ends_with(";") ? one : one + ";");
    lines.emplace_back("\\echo SQLSTATE=:SQLSTATE");
  }
  return lines;
}

void Replay::alterSystem() {
  const Spoken said = spoken(m_lab.psql(withStates({textOf(m_action, "sql")})));
  compare("client", textOf(m_case, "client_output"), said.text);
  compare("SQLSTATE", textOf(m_case, "sqlstate"), said.states.empty() ? "" : said.states[0]);
  compareAutoConf();
  if (m_effect.contains("after_reload")) {
    m_lab.mark();
    m_lab.psql({"SELECT pg_reload_conf();"});
  }
  compareLog();
  if (m_effect.contains("after_reload")) compareRows(m_effect.at("after_reload"));
  if (m_effect.contains("pg_file_settings")) compareFileRows(m_effect.at("pg_file_settings"));
}

void Replay::session() {
  setUpRoles();
  std::string options;
  if (m_action.contains("env")) options = textOf(m_action.at("env"), "PGOPTIONS");
  const Spoken said =
      spoken(m_lab.psql(withStates(textsOf(m_action, "sql")), textOf(m_action, "role"), options));
  compare("client", dense(textOf(m_case, "client_output")), dense(said.text));
  if (m_effect.contains("sqlstates")) {
    std::vector<std::string> states = said.states;
    if (textsOf(m_effect, "sqlstates").empty()) states.clear();
    compare("SQLSTATEs", joined(textsOf(m_effect, "sqlstates")), joined(states));
  }
  compareAutoConf();
  const bool reloads = m_effect.contains("after_reload");
  const auto log = textsOf(m_case, "server_log_template");
  if (reloads && !log.empty() && base::contains(joined(log), "SIGHUP") &&
      !base::contains(joined(m_lab.logSinceMark()), "SIGHUP")) {
    m_lab.psql({"SELECT pg_reload_conf();"});
  } else if (reloads) {
    compareLog();
    m_lab.psql({"SELECT pg_reload_conf();"});
    compareRows(m_effect.at("after_reload"));
    return;
  }
  compareLog();
  if (reloads) compareRows(m_effect.at("after_reload"));
}

// The recorder kept the last line that was printed where the view had no row.
std::string rawSetting(const std::vector<std::string>& view, const std::vector<std::string>& said) {
  if (view.size() > 2 && view.back() == "(1 row)") {
    const std::vector<std::string> cells = base::split(view[2], '|');
    return std::string(base::trim(cells.at(0))) + "|" + std::string(base::trim(cells.at(1)));
  }
  if (!view.empty() && view.back() != "(0 rows)") return view.back();
  return said.empty() ? std::string() : said.back();
}

void Replay::set() {
  const std::string name = textOf(m_action, "parameter");
  const Spoken said = spoken(m_lab.psql(
      withStates({textOf(m_action, "sql"), "\\echo ----", "SHOW " + name + ";", "\\echo ----",
                  "select setting,unit from pg_settings where name='" + name + "';"})));
  const std::vector<std::string> parts = [&] {
    std::vector<std::string> found(1);
    for (const std::string& line : base::lines(said.text)) {
      if (line == "----") {
        found.emplace_back();
      } else if (!line.empty()) {
        found.back() += line + "\n";
      }
    }
    found.resize(3);
    return found;
  }();
  compare("client", textOf(m_case, "client_output"), parts[0]);
  compare("SQLSTATE", textOf(m_case, "sqlstate"), said.states.empty() ? "" : said.states[0]);
  compare("SHOW", textOf(m_effect, "show_output"), parts[1]);
  compare("pg_settings", textOf(m_effect, "pg_settings_setting"),
          rawSetting(base::lines(parts[2]), base::lines(parts[0])));
  compareLog();
}

void Replay::configure() {
  if (m_action.contains("postgresql.auto.conf")) {
    std::string text =
        "# Do not edit this file manually!\n# It will be overwritten by the ALTER SYSTEM "
        "command.\n";
    m_lab.write(Lab::autoFile(), text + joined(textsOf(m_action, "postgresql.auto.conf")));
  }
  if (m_action.contains("other_files")) {
    for (const auto& [name, text] : m_action.at("other_files").items()) {
      m_lab.write(Lab::dataDirectory() + "/" + name, text.get<std::string>());
    }
  }
  std::vector<std::string> lines;
  for (const std::string& line : textsOf(m_action, "appended_lines")) {
    lines.push_back(base::replaceAll(line, "$PGDATA", Lab::dataDirectory()));
  }
  const std::string note = textOf(m_action, "note");
  std::smatch place;
  static const std::regex kInPlace("line (\\d+)");
  if (std::regex_search(note, place, kInPlace) && lines.size() == 1) {
    std::vector<std::string> all = base::lines(m_lab.read(Lab::mainFile()));
    all.at(static_cast<std::size_t>(std::stoi(place[1])) - 1) = lines[0];
    m_lab.write(Lab::mainFile(), joined(all));
    return;
  }
  if (std::regex_search(note, place, kInPlace) && base::contains(note, "commented out")) {
    std::vector<std::string> all = base::lines(m_lab.read(Lab::mainFile()));
    std::string& line = all.at(static_cast<std::size_t>(std::stoi(place[1])) - 1);
    line = "#" + line;
    m_lab.write(Lab::mainFile(), joined(all));
    return;
  }
  if (base::contains(textOf(m_case, "id"), "in-place-line-127-two-values")) {
    std::vector<std::string> all = base::lines(m_lab.read(Lab::mainFile()));
    all.at(126) += " 64MB";  // the recording does not say more than its name and its log
    m_lab.write(Lab::mainFile(), joined(all));
  }
  if (base::contains(note, "emptied")) m_lab.write(Lab::mainFile(), "");
  if (!lines.empty()) m_lab.append(Lab::mainFile(), lines);
  if (base::contains(note, "not readable") || base::contains(note, "mode 0") ||
      base::contains(note, "unreadable")) {
    m_lab.type("sudo chmod 000 " + Lab::mainFile());
  } else if (base::contains(note, "missing") || base::contains(note, "moved away") ||
             base::contains(note, "deleted")) {
    m_lab.type("sudo rm " +
               (base::contains(note, "auto.conf") ? Lab::autoFile() : Lab::mainFile()));
  }
}

void Replay::editAndReload() {
  configure();
  m_lab.mark();
  const Spoken said = spoken(m_lab.psql(withStates({"SELECT pg_reload_conf();"})));
  compare("client", textOf(m_case, "client_output"), said.text);
  compareLog();
  if (m_effect.contains("after_reload")) compareRows(m_effect.at("after_reload"));
  if (m_effect.contains("pg_file_settings")) compareFileRows(m_effect.at("pg_file_settings"));
  if (&m_lab == &m_ownLab) return;
  m_lab.write(Lab::mainFile(), initialConfiguration());
  m_lab.psql({"SELECT pg_reload_conf();"});
}

void Replay::restart() {
  const bool running = base::contains(textOf(m_action, "kind"), "running server");
  if (!running) {
    m_lab.control("stop");
    m_lab.wait(5);
  }
  configure();
  m_lab.mark();
  const std::string said = m_lab.control(running ? "restart" : "start");
  const int code = m_lab.exitCode();
  m_lab.wait(5);
  compare("pg_ctl", textOf(m_case, "client_output"), said);
  if (m_effect.contains("pg_ctl_exit_code")) {
    compare("exit code", m_effect.at("pg_ctl_exit_code").dump(), std::to_string(code));
  }
  if (m_effect.contains("started") && m_effect.at("started").is_boolean()) {
    compare("started", m_effect.at("started").dump(),
            m_lab.world().postgres().accepts() ? "true" : "false");
  }
  compareLog();
  if (m_effect.contains("after_start")) compareRows(m_effect.at("after_start"));
  if (m_effect.contains("pg_ctl_status_output")) {
    compare("pg_ctl status", textOf(m_effect, "pg_ctl_status_output"),
            m_lab.type("sudo -u postgres pg_ctl -D " + Lab::dataDirectory() + " status"));
  }
  if (m_effect.contains("psql_after")) {
    compare("psql", textOf(m_effect, "psql_after"), m_lab.psql({"SELECT 1;"}));
  }
}

// Most sequences go on where the one before ended; before some the recorder put the files back, and
// does not tell: what agrees counts, or agrees more.
void Replay::sequence() {
  const Lab before = m_lab;
  runSequence();
  if (m_finding.difference.empty()) return;
  const Finding first = std::exchange(m_finding, Finding());
  const Lab after = std::exchange(m_lab, before);
  m_lab.write(Lab::autoFile(),
              "# Do not edit this file manually!\n# It will be overwritten by the ALTER SYSTEM "
              "command.\n");
  m_lab.write(Lab::mainFile(), initialConfiguration());
  m_lab.psql({"SELECT pg_reload_conf();"});
  runSequence();
  if (m_finding.difference.empty() || m_finding.linesSame >= first.linesSame) return;
  m_finding = first;
  m_lab = after;
}

void Replay::runSequence() {
  setUpRoles();
  std::vector<std::string> outputs;
  for (const Json& step : m_action.at("steps")) {
    const std::string kind = step.at(0);
    const std::string text = step.size() > 1 && step.at(1).is_string() ? step.at(1) : "";
    if (kind == "sql" || kind == "super") {
      outputs.push_back(m_lab.psql({text + ";"}));
    } else if (kind == "app") {
      outputs.push_back(m_lab.psql({text + ";"}, "app"));
    } else if (kind.starts_with("-c ")) {
      outputs.push_back(m_lab.psql({text + ";"}, "app", kind));
    } else if (kind == "conf") {
      m_lab.append(Lab::mainFile(), textsOf(Json{{"lines", step.at(1)}}, "lines"));
    } else if (kind == "auto") {
      m_lab.append(Lab::autoFile(), base::lines(text));
    } else if (kind == "restart") {
      m_lab.control("restart", {}, text);
      m_lab.wait(5);
    } else if (kind == "reload") {
      m_lab.type("sudo -u postgres pg_ctl -D " + Lab::dataDirectory() + " reload");
    } else {
      m_finding.difference += "    unknown step " + step.dump() + "\n";
    }
  }
  compare("client", dense(textOf(m_case, "client_output")), dense(joined(outputs)));
  compareAutoConf();
  compareLog();
  if (m_effect.contains("after")) compareRows(m_effect.at("after"));
}

void Replay::showUnits() {
  const std::string name = textOf(m_action, "parameter"), value = textOf(m_action, "value");
  const std::string kind = textOf(m_action, "kind");
  const std::string pair = "\"" + name + "\"";
  std::string show, raw;
  const std::string rawQuery =
      "SELECT setting || coalesce(unit, '') FROM pg_settings WHERE name = '" + name + "'";
  if (base::contains(kind, "SET p=")) {
    const auto lines = base::lines(m_lab.psql({"\\a", "\\t", "SET " + pair + " = '" + value + "';",
                                               "SHOW " + pair + ";", rawQuery + ";"}));
    if (lines.size() >= 5 && lines[2] == "SET") {
      show = lines[lines.size() - 2];
      raw = lines.back();
    }
  } else {
    if (base::contains(kind, "ALTER SYSTEM")) {
      m_lab.psql({"ALTER SYSTEM SET " + pair + " = '" + value + "';", "SELECT pg_reload_conf();"});
    } else {
      m_lab.control("restart", {}, "-c " + name + "='" + value + "'");
      m_lab.wait(5);
    }
    show = showOf(name);
    raw = joined(m_lab.rows(rawQuery));
  }
  compare("SHOW", textOf(m_effect, "show"), show);
  compare("pg_settings", textOf(m_effect, "setting_with_unit"), raw);
}

Finding Replay::run() {
  const std::map<std::string, std::function<void()>> ways = {
      {"alter_system", [&] { alterSystem(); }},
      {"alter_system_misc", [&] { session(); }},
      {"set", [&] { set(); }},
      {"set_session", [&] { session(); }},
      {"conf_reload", [&] { editAndReload(); }},
      {"conf_syntax", [&] { editAndReload(); }},
      {"conf_restart", [&] { restart(); }},
      {"show_units", [&] { showUnits(); }}};
  const std::string family = textOf(m_case, "family");
  if (textOf(m_action, "kind") == "sequence") {
    sequence();
  } else if (family == "conf_precedence") {
    editAndReload();
  } else if (const auto way = ways.find(family); way != ways.end()) {
    way->second();
  } else {
    m_finding.difference = "    no way to replay the family " + family + "\n";
  }
  return m_finding;
}

}  // namespace

Finding replayConfigurationCase(const Json& recorded) {
  return Replay(recorded).run();
}

}  // namespace fidelity
