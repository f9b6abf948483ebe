// SPDX-License-Identifier: GPL-3.0-or-later
// What the server does by itself: checkpoints and autovacuum.
#include <algorithm>
#include <cmath>
#include <regex>

#include "base/text.h"
#include "crash_cases.h"
#include "runtime_cases.h"
#include "start_stop.h"
#include "text.h"

namespace fidelity {
namespace {

// Rows of "CREATE TABLE AS of 700000 rows".
std::string rowsOf(const std::string& kind) {
  static const std::regex kRows("of (\\d+) rows|a (\\d+)-row");
  std::smatch match;
  if (!std::regex_search(kind, match, kRows)) return "250000";  // MODEL: as much WAL as it logged
  return match[1].matched ? match[1].str() : match[2].str();
}

std::string madeTable(const std::string& name, const std::string& rows) {
  return "create table " + name + " as select g a, md5(g::text) b from generate_series(1," + rows +
         ") g;";
}

void loadInBulk(Lab& lab, const std::string& kind) {
  lab.psql({madeTable("bulk", rowsOf(kind)), "update bulk set b = md5(b);"});
}

// Each different line once, in the order of their first appearance.
std::vector<std::string> kindsOf(const std::vector<std::string>& lines) {
  std::vector<std::string> result;
  for (const std::string& line : lines) {
    if (std::find(result.begin(), result.end(), line) == result.end()) result.push_back(line);
  }
  return result;
}

// A bulk load's checkpoints repeat: their lines in order, and how many there are.
void compareRepeated(const Json& recorded, const Lab& lab, Finding& finding) {
  constexpr double kMeasured = 0.35;
  const std::vector<std::string> there = recordedLog(recorded);
  const std::vector<std::string> here = comparable(lab.logSinceMark());
  const LineScore score = compareLines(kindsOf(there), kindsOf(here));
  finding.linesSame += score.same;
  finding.linesAll += score.all;
  if (score.same != score.all) {
    finding.difference += difference("server log", joined(kindsOf(there)), joined(kindsOf(here)));
  }
  const auto frequent = [](const std::vector<std::string>& lines) {
    return static_cast<double>(std::count_if(lines.begin(), lines.end(), [](const auto& line) {
      return base::contains(line, "occurring too frequently");
    }));
  };
  double wanted = frequent(there);
  const Json& effect = recorded.at("effect");
  if (effect.contains("too_frequent_lines")) wanted = effect.at("too_frequent_lines");
  if (std::abs(frequent(here) - wanted) > std::max(1.5, kMeasured * wanted)) {
    finding.difference +=
        difference("too frequent", std::to_string(wanted), std::to_string(frequent(here)));
  }
}

void stopAndStart(Lab& lab, const std::string& mode) {
  lab.control("-m " + mode + " stop");
  lab.wait(4);
  lab.mark();
  lab.control("start");
  lab.wait(10);
}

Finding replayCheckpoints(const Json& recorded) {
  Lab lab;
  Finding finding;
  const std::string kind = kindOf(recorded);
  std::vector<std::string> lines = configurationOf(recorded);
  const bool timed = base::contains(kind, "reached under light load");
  const bool stops = base::contains(kind, "fast stop");
  if (timed || stops) lines.emplace_back("checkpoint_timeout = 30s");
  if (!lines.empty()) startWith(lab, lines, {});
  if (base::contains(kind, "CHECKPOINT command")) {
    lab.psql({madeTable("light", "20000")});
    lab.mark();
    lab.psql({"checkpoint;"});
  } else if (base::contains(kind, "DATABASE")) {
    lab.psql({"checkpoint;"});
    lab.mark();
    lab.psql({"create database d1;", "drop database d1;"});
  } else if (base::contains(kind, "immediate stop")) {
    lab.psql({"checkpoint;", madeTable("some", "400000")});
    stopAndStart(lab, "immediate");
  } else if (stops) {
    lab.psql({madeTable("some", "200000")});
    lab.wait(31);
    lab.psql({madeTable("more", "200000")});
    lab.mark();
    lab.control("-m fast stop");
    lab.wait(5);
  } else if (timed) {
    lab.psql({"checkpoint;", madeTable("light", "2000")});
    lab.mark();
    lab.wait(32);
  } else {
    lab.mark();
    loadInBulk(lab, kind);
    compareRepeated(recorded, lab, finding);
    return finding;
  }
  compareLog(recorded, lab, finding);
  return finding;
}

// Pages of an index follow from how its leaves were split: to the nearest fifty.
std::string aboutPages(const std::string& line) {
  static const std::regex kPages("index \".*\": pages: (\\d+) in total");
  std::smatch match;
  if (!std::regex_search(line, match, kPages)) return line;
  const long pages = (std::atol(match[1].str().c_str()) + 25) / 50 * 50;
  return std::string(match.prefix()) + "index: about " + std::to_string(pages) + " pages in total" +
         std::string(match.suffix());
}

// Rates, usage and places depend on the moment; what was found in the table does not.
std::vector<std::string> withoutRates(const std::vector<std::string>& lines) {
  static const std::regex kNumber("[0-9]+([.][0-9]+)?");
  static const std::regex kBlock("scanning block [0-9]+");
  std::vector<std::string> result;
  for (const std::string& line : lines) {
    bool measured = false;
    for (const char* word : {"avg read rate", "buffer usage", "WAL usage", "system usage",
                             "removable cutoff", "new relfrozenxid"}) {
      measured = measured || base::contains(line, word);
    }
    const std::string text = std::regex_replace(line, kBlock, "scanning block N");
    result.push_back(measured ? std::regex_replace(text, kNumber, "N") : aboutPages(text));
  }
  return result;
}

void compareWork(const Json& recorded, const Lab& lab, Finding& finding) {
  const std::vector<std::string> there = withoutRates(recordedLog(recorded));
  const std::vector<std::string> here = withoutRates(comparable(lab.logSinceMark()));
  const LineScore score = compareLines(there, here);
  finding.linesSame += score.same;
  finding.linesAll += score.all;
  if (score.same != score.all) {
    finding.difference += difference("server log", joined(there), joined(here));
  }
}

// The database a recorded line names, "bench" of "bench.public.av".
std::string databaseOf(const Json& recorded) {
  static const std::regex kTable("table \"(\\w+)\\.public\\.");
  for (const std::string& line : textsOf(recorded, "server_log")) {
    std::smatch match;
    if (std::regex_search(line, match, kTable)) return match[1];
  }
  return "avdb";
}

std::string typedIn(Lab& lab, const std::string& database, const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  lab.write("/tmp/work.sql", text);
  return lab.type("cat /tmp/work.sql | psql -X -d " + database);
}

void compareWorker(const Json& recorded, Lab& lab, Finding& finding) {
  const Json& effect = recorded.at("effect");
  if (!effect.contains("pg_stat_activity")) return;
  std::string there;
  for (const Json& row : effect.at("pg_stat_activity")) {
    for (const char* key : {"backend_type", "query", "state", "wait_event_type", "wait_event"}) {
      there += (there.empty() || there.ends_with('\n') ? "" : "|") + textOf(row, key);
    }
    there += "\n";
  }
  compareText("pg_stat_activity", there,
              joined(lab.rows("select backend_type, query, state, wait_event_type, wait_event from "
                              "pg_stat_activity where backend_type = 'autovacuum worker'")),
              finding);
}

Finding replayAutovacuum(const Json& recorded) {
  Lab lab;
  Finding finding;
  const std::string kind = kindOf(recorded);
  if (base::contains(kind, "start with")) {
    lab.append(Lab::mainFile(), configurationOf(recorded));
    stopAndStart(lab, "fast");
    compareLog(recorded, lab, finding);
    return finding;
  }
  startWith(lab, configurationOf(recorded), {});
  const std::string database = databaseOf(recorded);
  lab.psql({"create database " + database + ";"});
  const bool whole = base::contains(kind, "one full");
  std::vector<std::string> made = {madeTable("av", whole ? rowsOf(kind) : "300000"),
                                   "update av set b = md5(b);"};
  if (whole) {
    made.insert(made.begin() + 1, "create index on av(a);");
    made.emplace_back("update av set b = md5(b);");
  } else {
    made.emplace_back("analyze av;");
  }
  lab.mark();
  typedIn(lab, database, made);
  if (whole) {
    lab.wait(10);
    compareWork(recorded, lab, finding);
    return finding;
  }
  lab.wait(5);
  compareWorker(recorded, lab, finding);
  const auto pids =
      lab.rows("select pid from pg_stat_activity where backend_type = 'autovacuum worker'");
  const std::string pid = pids.empty() ? std::string("0") : pids[0];
  std::vector<std::string> typed = {"begin;", "lock table av in access exclusive mode;", "commit;"};
  if (base::contains(kind, "pg_cancel_backend")) typed = {"select pg_cancel_backend(" + pid + ");"};
  if (base::contains(kind, "pg_terminate_backend")) {
    typed = {"select pg_terminate_backend(" + pid + ");"};
  }
  if (base::contains(kind, "TRUNCATE")) typed = {"truncate av;"};
  lab.mark();
  compareText("client", textOf(recorded, "client_output"), typedIn(lab, database, typed), finding);
  compareWork(recorded, lab, finding);
  return finding;
}

constexpr RuntimeFamily kFamilies[] = {{"checkpoints", replayCheckpoints},
                                       {"autovacuum", replayAutovacuum}};

// Who knocks while the server is away depends on the recorder.
std::vector<std::string> withoutKnocks(const std::vector<std::string>& lines) {
  std::vector<std::string> result;
  for (const std::string& line : lines) {
    if (!base::contains(line, "FATAL:  the database system is")) result.push_back(line);
  }
  return result;
}

// "80MB" of the case's name, as mount has it.
std::string volumeOf(const Json& recorded) {
  static const std::regex kSize("pg_wal-?([0-9]+) ?[mM]B");
  std::smatch found;
  const std::string id = textOf(recorded, "id");
  return std::regex_search(id, found, kSize) ? found[1].str() + "m" : "80m";
}

void compareWalLog(const Json& recorded, const Lab& lab, Finding& finding) {
  const std::vector<std::string> there = withoutKnocks(recordedLog(recorded));
  const std::vector<std::string> here = withoutKnocks(comparable(lab.logSinceMark()));
  const LineScore score = compareLines(there, here);
  finding.linesSame += score.same;
  finding.linesAll += score.all;
  if (score.same != score.all) {
    finding.difference += difference("server log", joined(there), joined(here));
  }
}

}  // namespace

Finding replayWalVolume(const Json& recorded) {
  Lab lab;
  Finding finding;
  const std::string kind = kindOf(recorded), pgWal = Lab::dataDirectory() + "/pg_wal";
  lab.type("sudo mount -t tmpfs -o size=" + volumeOf(recorded) + " tmpfs " + pgWal);
  startWith(lab, configurationOf(recorded), {});
  lab.mark();
  std::vector<std::string> typed = textsOf(recorded.at("action"), "sql");
  if (typed.empty()) typed = {madeTable("wal_volume", "1000000")};
  typed.emplace_back("select 'still here';");
  std::string said = lab.psql(typed);
  if (base::contains(kind, "pg_ctl start")) {
    lab.wait(20);
    const bool room = base::contains(kind, "room") || base::contains(kind, "larger") ||
                      base::contains(kind, "enlarge") || base::contains(kind, "after");
    if (room) lab.type("sudo mount -o remount,size=1g " + pgWal);
    lab.mark();
    said = lab.control("start");
    compareCode("exit code", recorded, "pg_ctl_exit_code", lab.exitCode(), finding);
  }
  lab.wait(20);
  const std::string wanted = textOf(recorded, "client_output");
  if (!wanted.empty()) compareText("client", wanted, said, finding);
  const Json& effect = recorded.at("effect");
  if (effect.contains("running_after")) {
    compareText("running", effect.at("running_after").dump(),
                lab.world().postgres().accepts() ? "true" : "false", finding);
  }
  const bool repeats = base::contains(joined(recordedLog(recorded)), "too frequently");
  if (repeats) {
    compareRepeated(recorded, lab, finding);
  } else {
    compareWalLog(recorded, lab, finding);
  }
  return finding;
}

std::span<const RuntimeFamily> workFamilies() {
  return kFamilies;
}

}  // namespace fidelity
