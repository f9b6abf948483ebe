// SPDX-License-Identifier: GPL-3.0-or-later
// Sessions and what happens to them: connections, time-outs, processes that cannot be forked.
#include <algorithm>
#include <regex>

#include "base/text.h"
#include "crash_cases.h"
#include "lab.h"
#include "runtime_cases.h"
#include "text.h"

namespace fidelity {

std::vector<std::string> configurationOf(const Json& recorded) {
  const auto settings = recorded.find("settings");
  if (settings == recorded.end() || !settings->is_object()) return {};
  return textsOf(*settings, "conf_lines");
}

std::string kindOf(const Json& recorded) {
  return textOf(recorded.at("action"), "kind");
}

void startWith(Lab& lab, const std::vector<std::string>& lines, const std::string& limits) {
  lab.append(Lab::mainFile(), lines);
  lab.control("-m fast stop");
  lab.wait(3);
  lab.control("start", limits);
  lab.wait(5);
}

namespace {

constexpr const char* kSelect = "psql -X -d postgres -c 'select 1'";

// "3" of "max_connections = 3" among the lines; otherwise its default.
int settingOf(const std::vector<std::string>& lines, const std::string& name, int otherwise) {
  for (const std::string& line : lines) {
    if (!line.starts_with(name + " ")) continue;
    return std::atoi(line.substr(line.find('=') + 1).c_str());
  }
  return otherwise;
}

// 8 of "8th connection", 3 of "third connection"; 0: nothing of the kind.
int ordinalOf(const std::string& text) {
  static const std::regex kNumber("(\\d+)(st|nd|rd|th) connection");
  std::smatch match;
  if (std::regex_search(text, match, kNumber)) return std::atoi(match[1].str().c_str());
  constexpr const char* kWords[] = {"first", "second", "third", "fourth", "fifth"};
  for (int i = 0; i < 5; ++i) {
    if (base::contains(text, kWords[i])) return i + 1;
  }
  return 0;
}

struct Holders {
  int ordinary = 0, superuser = 0;
};

// Ordinary sessions as long as they get a slot, superusers after them.
Holders holdersOf(const Json& recorded, int count) {
  const std::vector<std::string> lines = configurationOf(recorded);
  const int most = settingOf(lines, "max_connections", 100);
  const int reserved = settingOf(lines, "superuser_reserved_connections", 3);
  const int open = std::min(count, most);
  return {std::min(open, most - reserved), std::max(0, open - (most - reserved))};
}

void hold(Lab& lab, const Holders& holders, const std::string& role = "app") {
  std::size_t terminal = 1;
  for (int i = 0; i < holders.ordinary; ++i) lab.open(terminal++, role);
  for (int i = 0; i < holders.superuser; ++i) lab.open(terminal++, "postgres");
}

// What is typed once the holders are there.
std::string attemptOf(Lab& lab, const Json& recorded, const std::string& kind) {
  const bool super = base::contains(kind, "superuser,") || base::contains(kind, "as superuser");
  const std::string role = super ? "postgres" : "app";
  if (base::contains(kind, "pgbench")) {
    // A script that needs no privileges: who gets a slot is what this is about.
    lab.write("/tmp/one.sql", "SELECT 1;\n");
    lab.type("pgbench -i -q postgres");
    static const std::regex kOptions("pgbench ((-\\w+ (\\d+ )?)+)");
    std::smatch match;
    const std::string options = std::regex_search(kind, match, kOptions) ? match[1].str() : "";
    return "pgbench -n " + options + (super ? "" : "-f /tmp/one.sql ") + "-U " + role + " postgres";
  }
  const int most = settingOf(configurationOf(recorded), "max_connections", 100);
  if (base::contains(kind, "while all slots are used")) {
    hold(lab, holdersOf(recorded, most));
    return "pg_isready -U app -d postgres";
  }
  static const std::regex kLeft("\\((\\d+) app \\+ (\\d+) superuser left");
  std::smatch match;
  if (std::regex_search(kind, match, kLeft)) {
    hold(lab, holdersOf(recorded, most));
    const int ordinary = std::atoi(match[1].str().c_str());
    lab.type("\\q", static_cast<std::size_t>(ordinary) + 1);
    return std::string(kSelect) + " -U app";
  }
  if (base::contains(kind, "CONNECTION LIMIT")) {
    static const std::regex kLimit("LIMIT (\\d+)");
    std::regex_search(kind, match, kLimit);
    lab.psql({"create role lim login connection limit " + match[1].str() + ";"});
    hold(lab, {ordinalOf(kind) - 1, 0}, "lim");
    return std::string(kSelect) + " -U lim";
  }
  if (base::contains(kind, "does not exist")) return std::string(kSelect) + " -U nobody1";
  if (base::contains(kind, "replication connection")) {
    const std::string connect = "psql -X 'dbname=postgres replication=database'";
    for (int i = 1; i < ordinalOf(kind); ++i) {
      lab.type(connect, static_cast<std::size_t>(i));
    }
    return connect + " -c 'select 1'";
  }
  hold(lab, holdersOf(recorded, ordinalOf(kind) - 1));
  return std::string(kSelect) + " -U " + role;
}

Finding replayConnections(const Json& recorded) {
  Lab lab;
  const std::vector<std::string> lines = configurationOf(recorded);
  if (!lines.empty()) startWith(lab, lines, {});
  const std::string attempt = attemptOf(lab, recorded, kindOf(recorded));
  lab.mark();
  const std::string got = lab.type(attempt);
  Finding finding;
  compareText("client", textOf(recorded, "client_output"), got, finding);
  const Json& effect = recorded.at("effect");
  for (const char* code : {"psql_exit_code", "exit_code"}) {
    if (!effect.contains(code)) continue;
    compareText(code, effect.at(code).dump(), std::to_string(lab.exitCode()), finding);
  }
  compareLog(recorded, lab, finding);
  return finding;
}

Finding replayTimeouts(const Json& recorded) {
  Lab lab;
  lab.psql(
      {"create table big as select g a, md5(g::text) b, (g::bigint*7919)%100003 c from "
       "generate_series(1,400000) g;"});
  startWith(lab, configurationOf(recorded), {});
  if (base::contains(kindOf(recorded), "lock")) {
    lab.open(1, "postgres");
    lab.type("begin;", 1);
    lab.type("lock table big in access exclusive mode;", 1);
  }
  lab.mark();
  const std::string got = lab.psql(textsOf(recorded.at("action"), "sql"));
  Finding finding;
  compareText("client", textOf(recorded, "client_output"), got, finding);
  compareLog(recorded, lab, finding);
  return finding;
}

// "12" of "nproc-12-connections".
int processLimit(const Json& recorded) {
  static const std::regex kLimit("nproc[-=](\\d+)");
  const std::string id = textOf(recorded, "id"), kind = kindOf(recorded);
  std::smatch match;
  if (std::regex_search(id, match, kLimit) || std::regex_search(kind, match, kLimit)) {
    return std::atoi(match[1].str().c_str());
  }
  return 12;
}

Finding replayForkFailure(const Json& recorded) {
  Lab lab;
  const std::string kind = kindOf(recorded);
  const int limit = processLimit(recorded);
  startWith(lab, configurationOf(recorded), "prlimit --nproc=" + std::to_string(limit));
  Finding finding;
  const bool released = base::contains(kind, "after the others ended");
  const bool many = kind.find(" connections") != std::string::npos && !released;
  const int wanted = many ? std::atoi(kind.c_str()) : limit;
  if (many) lab.mark();
  int failed = 0;
  for (int i = 0; i < wanted; ++i) {
    failed +=
        base::contains(lab.open(static_cast<std::size_t>(i) + 1, "postgres"), "could not fork") ? 1
                                                                                                : 0;
  }
  if (released) {
    for (int i = 0; i < wanted - failed; ++i) lab.type("\\q", static_cast<std::size_t>(i) + 1);
  }
  if (!many) lab.mark();
  if (many) {
    std::string all;
    for (const std::string& one : textsOf(recorded, "client_output")) all += one;
    const std::string refused = lab.type(kSelect);
    if (!base::contains(comparable(all), comparable(refused))) {
      finding.difference += difference("client", comparable(all), comparable(refused));
    }
    compareText("failed", recorded.at("effect").at("failed").dump(), std::to_string(failed),
                finding);
  } else {
    compareText("client", textOf(recorded, "client_output"), lab.type(kSelect), finding);
  }
  compareLog(recorded, lab, finding);
  return finding;
}

constexpr RuntimeFamily kFamilies[] = {{"connections", replayConnections},
                                       {"timeouts", replayTimeouts},
                                       {"fork_failure", replayForkFailure},
                                       {"crash_recovery", replayCrash}};

}  // namespace

std::span<const RuntimeFamily> lifeFamilies() {
  return kFamilies;
}

}  // namespace fidelity
