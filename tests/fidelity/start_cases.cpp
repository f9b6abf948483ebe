// SPDX-License-Identifier: GPL-3.0-or-later
// Server starts, accepted and refused: outcome, exit codes, what pg_ctl says and what is logged.
#include <cmath>
#include <regex>

#include "base/text.h"
#include "cases.h"
#include "lab.h"
#include "text.h"

namespace fidelity {
namespace {

// Prepares the files as the case's lines and note say.
void prepare(Lab& lab, const Json& action) {
  std::vector<std::string> lines;
  for (const std::string& line : textsOf(action, "appended_lines")) {
    lines.push_back(base::replaceAll(line, "$PGDATA", Lab::dataDirectory()));
  }
  if (!lines.empty()) lab.append(Lab::mainFile(), lines);
  const std::string note = textOf(action, "note");
  static const std::regex kLine("postgresql.auto.conf (?:line \\d+: |holds )(.*?)(?: \\(.*\\))?$");
  std::smatch match;
  if (std::regex_match(note, match, kLine)) lab.append(Lab::autoFile(), {match[1]});
  if (base::contains(note, "auto.conf deleted")) lab.type("sudo rm " + Lab::autoFile());
  if (base::contains(note, "not readable")) lab.type("sudo chmod 000 " + Lab::mainFile());
}

std::string serverOptions(const Json& action) {
  const std::string note = textOf(action, "note");
  return note.starts_with("unix_socket_directories=") ? "-c " + note : "";
}

void compareSettings(Lab& lab, const Json& settings, Finding& finding) {
  for (const auto& [name, value] : settings.items()) {
    const std::string there = value.get<std::string>();
    const std::string here = comparable(joined(lab.rows("SHOW " + name)));
    if (there == here) continue;
    if (name.starts_with("shared_memory_size") && !here.empty()) {
      const double a = std::stod(there), b = std::stod(here);
      if (std::abs(a - b) <= std::max(1.0, a * 0.01)) continue;
    }
    finding.difference += difference("SHOW " + name, there, here);
  }
}

std::string outcomeOf(const Json& started) {
  return started.is_null() ? "not in time" : started.get<bool>() ? "started" : "refused";
}

}  // namespace

Finding replayStartCase(const Json& recorded) {
  Finding finding;
  Lab lab;
  const Json& action = recorded.at("action");
  lab.control("stop");
  lab.wait(10);
  prepare(lab, action);
  lab.mark();
  const std::string said = lab.control("start", textOf(action, "os_limits"), serverOptions(action));
  const int code = lab.exitCode();
  const bool inTime = !base::contains(said, "did not start in time");
  if (inTime) lab.wait(90);
  const auto check = [&](std::string_view what, const std::string& there, const std::string& here) {
    if (comparable(there) != comparable(here)) {
      finding.difference += difference(what, comparable(there), comparable(here));
    }
  };
  const std::string outcome = !inTime                            ? "not in time"
                              : lab.world().postgres().accepts() ? "started"
                                                                 : "refused";
  check("outcome", outcomeOf(recorded.at("started")), outcome);
  check("exit code", recorded.at("pg_ctl").at("exit_code").dump(), std::to_string(code));
  check("pg_ctl", textOf(recorded.at("pg_ctl"), "output"), said);
  std::vector<std::string> expected, got;
  for (const std::string& entry : textsOf(recorded, "server_log_template")) {
    for (const std::string& line : base::lines(entry)) expected.push_back(comparable(line));
  }
  for (const std::string& line : lab.logSinceMark()) got.push_back(comparable(line));
  expected = withoutRepeats(expected);
  got = withoutRepeats(got);
  const LineScore score = compareLines(expected, got);
  finding.linesSame = score.same;
  finding.linesAll = score.all;
  if (score.same != score.all) {
    finding.difference += difference("server log", joined(expected), joined(got));
  }
  if (outcome == "started" && recorded.contains("effect") && recorded.at("effect").is_object() &&
      recorded.at("effect").contains("settings")) {
    compareSettings(lab, recorded.at("effect").at("settings"), finding);
  }
  if (recorded.contains("postgres_exit_code") && recorded.at("postgres_exit_code").is_number()) {
    const std::string limits = textOf(action, "os_limits");
    lab.type("sudo -u postgres " + (limits.empty() ? "" : limits + " ") + "postgres -D " +
             Lab::dataDirectory() + " " + serverOptions(action));
    check("exit code of postgres", recorded.at("postgres_exit_code").dump(),
          std::to_string(lab.exitCode()));
  }
  return finding;
}

}  // namespace fidelity
