// SPDX-License-Identifier: GPL-3.0-or-later
// Recorded cases of queries that cost memory, temporary files, locks or stack, replayed through the
// terminal of a laboratory server.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <regex>

#include "base/text.h"
#include "crash_cases.h"
#include "lab.h"
#include "runtime_cases.h"
#include "text.h"

namespace fidelity {
namespace {

constexpr double kMeasured = 0.20;  // figures may differ by so much

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

// Numbers of a line apart, "#" in their place.
std::string shape(const std::string& line, std::vector<double>& numbers) {
  std::string text;
  for (std::size_t i = 0; i < line.size();) {
    if (!isDigit(line[i])) {
      text += line[i++];
      continue;
    }
    char* end = nullptr;
    numbers.push_back(std::strtod(line.c_str() + i, &end));
    std::size_t next = static_cast<std::size_t>(end - line.c_str());
    while (next > i && line[next - 1] == '.') --next;
    text += '#';
    i = next;
  }
  return text;
}

// Times, and the numbers and paths of files, are each run's own.
bool unmeasured(const std::string& line) {
  return base::contains(line, "Time:") || base::contains(line, "pgsql_tmp");
}

// Files of a file set are deleted in the directory's own order, and hold what a process came by.
bool ofFileSet(const std::string& line) {
  return base::contains(line, ".fileset/");
}

// Which of the files that grow side by side meets the end of the disk is chance.
bool sameFullDisk(const std::string& expected, const std::string& got) {
  static const std::regex kFile("(pgsql_tmp/pgsql_tmp)[^\"]*(\": No space)");
  return base::contains(expected, "No space left") &&
         std::regex_replace(expected, kFile, "$1$2") == std::regex_replace(got, kFile, "$1$2");
}

bool measuredAgree(const std::string& expected, const std::string& got) {
  if (sameFullDisk(expected, got)) return true;
  if (expected == got || (ofFileSet(expected) && ofFileSet(got))) return true;
  std::vector<double> a, b;
  if (shape(expected, a) != shape(got, b) || a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const bool name = unmeasured(expected) && i + 1 < a.size();
    // Of a memory context its size and blocks are compared, not what happens to be free in them.
    if (base::contains(expected, " blocks; ") && i >= 2) continue;
    if (name || base::contains(expected, "Time:")) continue;
    if (std::abs(a[i] - b[i]) > kMeasured * std::max(std::abs(a[i]), 10.0)) return false;
  }
  return true;
}

// A text of the recording may be cut short: its beginning counts then.
bool linesAgree(const std::string& expected, const std::string& got) {
  const std::size_t cut = expected.find("\xe2\x80\xa6[");
  if (cut != std::string::npos && cut > 1) return got.starts_with(expected.substr(0, cut - 1));
  constexpr std::size_t kLongest = 250;
  if (expected.size() > kLongest && got.size() > expected.size()) return got.starts_with(expected);
  return measuredAgree(expected, got);
}

std::string withoutTrailingBlanks(const std::string& text) {
  std::string out;
  for (const std::string& line : base::lines(text)) {
    std::string shown = line;
    while (shown.ends_with(' ')) shown.pop_back();
    out += shown + "\n";
  }
  while (out.ends_with("\n\n")) out.pop_back();
  return out;
}

// The frame of a table is as wide as its widest line: a time more or less moves it.
bool isFrame(const std::string& line) {
  return line.find_first_not_of("-+ ") == std::string::npos && base::contains(line, "---");
}

bool outputsAgree(const std::string& expected, const std::string& got) {
  const std::vector<std::string> a = base::lines(withoutTrailingBlanks(expected));
  const std::vector<std::string> b = base::lines(withoutTrailingBlanks(got));
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (isFrame(a[i]) && isFrame(b[i])) continue;
    const bool title = base::contains(a[i], "QUERY PLAN") && base::contains(b[i], "QUERY PLAN");
    if (!title && !measuredAgree(a[i], b[i])) return false;
  }
  return true;
}

void makeBig(Lab& lab) {
  lab.psql(
      {"create table big as select g a, md5(g::text) b, (g::bigint*7919)%100003 c from "
       "generate_series(1,400000) g;",
       "analyze big;"});
}

// 'prlimit --as=700000000' of "postmaster started under prlimit --as=700000000".
std::string limitsOf(const Json& recorded) {
  const auto action = recorded.find("action");
  if (action == recorded.end() || !action->is_object()) return {};
  const std::string text = textOf(*action, "os_limit");
  const std::size_t at = text.find("prlimit");
  return at == std::string::npos ? std::string() : text.substr(at);
}

// The server with the case's configuration, started anew under its limits.
void prepare(Lab& lab, const Json& recorded) {
  makeBig(lab);
  const auto settings = recorded.find("settings");
  std::vector<std::string> lines;
  if (settings != recorded.end() && settings->is_object()) lines = textsOf(*settings, "conf_lines");
  const std::string limits = limitsOf(recorded);
  if (lines.empty() && limits.empty()) return;
  lab.append(Lab::mainFile(), lines);
  lab.control("-m fast stop");
  lab.wait(3);
  lab.control("start", limits);
  lab.wait(5);
}

// Adjacent repeats of a pattern may be cut in the recording: "…[N lines cut]".
bool hasCut(const std::vector<std::string>& lines) {
  return std::any_of(lines.begin(), lines.end(),
                     [](const std::string& line) { return line.starts_with("\xe2\x80\xa6["); });
}

std::vector<std::string> logOf(const Json& recorded) {
  return comparable(textsOf(recorded, "server_log_template"));
}

// Lines that agree, in order, measured figures aside (longest common subsequence).
std::size_t commonLines(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  constexpr std::size_t kMost = 500;
  if (a.size() > kMost || b.size() > kMost) {
    std::size_t same = 0;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
      same += measuredAgree(a[i], b[i]) ? 1 : 0;
    }
    return same;
  }
  std::vector<std::vector<std::size_t>> best(a.size() + 1,
                                             std::vector<std::size_t>(b.size() + 1, 0));
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t k = 1; k <= b.size(); ++k) {
      best[i][k] = linesAgree(a[i - 1], b[k - 1]) ? best[i - 1][k - 1] + 1
                                                  : std::max(best[i - 1][k], best[i][k - 1]);
    }
  }
  return best[a.size()][b.size()];
}

// Where the recording is cut, only what stands before the cut, and the length, are compared.
Finding compareLogs(const Json& recorded, const std::vector<std::string>& got, Finding finding) {
  std::vector<std::string> expected = logOf(recorded);
  std::vector<std::string> mine = comparable(got);
  if (hasCut(expected)) {
    std::size_t cut = 0;
    while (!expected[cut].starts_with("\xe2\x80\xa6[")) ++cut;
    const std::size_t after = expected.size() - cut - 1;
    if (mine.size() > cut + after) {
      std::vector<std::string> ends(mine.begin(), mine.begin() + static_cast<std::ptrdiff_t>(cut));
      ends.insert(ends.end(), mine.end() - static_cast<std::ptrdiff_t>(after), mine.end());
      mine = std::move(ends);
    }
    expected.erase(expected.begin() + static_cast<std::ptrdiff_t>(cut));
  }
  finding.linesAll += std::max(expected.size(), mine.size());
  const std::size_t same = commonLines(expected, mine);
  std::string wrong;
  for (std::size_t i = 0; i < expected.size() && wrong.empty(); ++i) {
    const std::string mineHere = i < mine.size() ? mine[i] : "";
    if (!linesAgree(expected[i], mineHere)) wrong = difference("log", expected[i], mineHere);
  }
  if (wrong.empty()) wrong = "    more lines in the log than expected\n";
  finding.linesSame += same;
  const double all = static_cast<double>(std::max<std::size_t>(expected.size(), 1));
  if (expected.empty() && mine.empty()) return finding;
  if (static_cast<double>(same) < 0.95 * all || mine.size() > expected.size() * 21 / 20 + 1) {
    finding.difference += wrong;
  }
  return finding;
}

std::vector<std::string> statementsOf(const Json& action) {
  std::vector<std::string> lines = textsOf(action, "sql");
  const std::string one = textOf(action, "sql");
  if (!one.empty()) lines.push_back(one.ends_with(";") ? one : one + ";");
  return lines;
}

// psql's own way of naming the socket and port it could not reach.
std::string clientText(const std::string& text) {
  std::string result = text;
  const std::size_t at = result.find("socket \"");
  if (at != std::string::npos) {
    const std::size_t end = result.find('"', at + 8);
    result.replace(at + 8, end - at - 8, "SOCKET");
  }
  return result;
}

Finding replaySession(const Json& recorded) {
  Lab lab;
  prepare(lab, recorded);
  lab.mark();
  const std::string got = lab.psql(statementsOf(recorded["action"]));
  Finding finding;
  const std::string expected = textOf(recorded, "client_output");
  if (!outputsAgree(clientText(expected), clientText(got))) {
    finding.difference = difference("client", expected, got);
  }
  return compareLogs(recorded, lab.logSinceMark(), std::move(finding));
}

Finding replayStack(const Json& recorded) {
  Lab lab;
  const std::string id = textOf(recorded, "id");
  std::vector<std::string> lines;
  if (base::contains(id, "nested-parentheses")) {
    const int depth = std::atoi(id.substr(id.rfind('-') + 1).c_str());
    lines.push_back("select " + std::string(static_cast<std::size_t>(depth), '(') + "1" +
                    std::string(static_cast<std::size_t>(depth), ')') + ";");
  } else if (base::contains(id, "json-nesting")) {
    lines.push_back("select repeat('['," + id.substr(id.rfind('-') + 1) + ")::json;");
  } else {
    lab.psql(
        {"create function recinf() returns int language plpgsql as $$ begin return "
         "1+recinf(); end $$;"});
    for (const std::string& part : base::split(textOf(recorded["action"], "sql"), ';')) {
      if (!base::trim(part).empty()) lines.push_back(std::string(base::trim(part)) + ";");
    }
  }
  lab.mark();
  const std::string got = lab.psql(lines);
  Finding finding;
  const std::string expected = textOf(recorded, "client_output");
  std::vector<std::string> want = base::lines(withoutTrailingBlanks(expected));
  std::vector<std::string> have = base::lines(withoutTrailingBlanks(got));
  const auto effect = recorded.find("effect");
  if (effect != recorded.end() && effect->contains("context_lines_total")) {
    const int context = (*effect)["context_lines_total"];
    const auto lead =
        static_cast<int>(std::count_if(have.begin(), have.end(), [](const auto& line) {
          return base::contains(line, "SQL expression") ||
                 base::contains(line, "PL/pgSQL function");
        }));
    if (lead != context) {
      finding.difference +=
          difference("context lines", std::to_string(context), std::to_string(lead));
    }
    want.resize(std::min<std::size_t>(want.size(), 8));
    have.resize(std::min<std::size_t>(have.size(), want.size()));
  }
  if (!outputsAgree(joined(want), joined(have))) {
    finding.difference += difference("client", expected, got.substr(0, 2000));
  }
  return compareLogs(recorded, lab.logSinceMark(), std::move(finding));
}

void makeTables(Lab& lab, int count) {
  lab.psql({"do $$ begin for i in 0.." + std::to_string(count - 1) +
            " loop execute 'create table t'||i||'(a int)'; end loop; end $$;"});
}

// Locks a server can take, for each configuration measured.
Finding replayLockCapacity(const Json& recorded) {
  Finding finding;
  for (const Json& one : recorded["effect"]["measured"]) {
    Lab lab;
    lab.append(Lab::mainFile(),
               {"max_connections = " + one["max_connections"].dump(),
                "max_locks_per_transaction = " + one["max_locks_per_transaction"].dump(),
                "max_wal_senders = 0", "max_worker_processes = 0", "autovacuum_max_workers = 1"});
    lab.control("-m fast stop");
    lab.wait(3);
    lab.control("start");
    lab.wait(5);
    const int expected = one["advisory_locks_taken_before_error"];
    const auto works = [&](int locks) {
      return !base::contains(
          lab.psql({"do $$ begin for i in 1.." + std::to_string(locks) +
                    " loop perform pg_advisory_xact_lock(i); end loop; end $$;"}),
          "out of shared memory");
    };
    if (!works(expected * 4 / 5) || works(expected * 6 / 5)) {
      finding.difference += difference("locks", one.dump(), "not within 20 %");
    }
  }
  return finding;
}

Finding replayLocks(const Json& recorded) {
  if (base::contains(textOf(recorded, "id"), "capacity")) return replayLockCapacity(recorded);
  Lab lab;
  prepare(lab, recorded);
  const bool unions = base::contains(textOf(recorded, "id"), "union");
  makeTables(lab, unions ? 400 : 600);
  std::string sql = textOf(recorded["action"], "sql");
  if (base::contains(sql, "\xe2\x80\xa6[cut]")) {
    sql = unions ? "select count(*) from (select a from t0" : "drop table t0";
    for (int i = 1; i < (unions ? 400 : 600); ++i) {
      sql += (unions ? " union all select a from t" : ",t") + std::to_string(i);
    }
    if (unions) sql += ") x";
  }
  lab.mark();
  const std::string got = lab.psql({sql + ";"});
  Finding finding;
  const std::string expected = textOf(recorded, "client_output");
  if (!outputsAgree(expected, got)) finding.difference = difference("client", expected, got);
  return compareLogs(recorded, lab.logSinceMark(), std::move(finding));
}

// Another session is idle, or sorts; which query the recorder's ran is not told, but its contexts
// are those of this plan, and its sort had room in memory.
Finding replayMemoryContexts(const Json& recorded) {
  constexpr std::size_t kOther = 1;
  Lab lab;
  const bool busy = base::contains(textOf(recorded, "id"), "busy");
  if (busy) {
    makeBig(lab);
    lab.type(
        "psql -X -d postgres -c \"set work_mem = '64MB'\" "
        "-c 'set max_parallel_workers_per_gather = 0' -c 'select count(*) from "
        "generate_series(1, 1000) g, (select b from big order by b offset 0) x' &",
        kOther);
  } else {
    lab.open(kOther, "postgres");
    lab.type("select count(*) from pg_class;", kOther);
  }
  lab.wait(1);
  const auto pids = lab.rows(
      "select pid from pg_stat_activity where backend_type = 'client backend' and "
      "pid <> pg_backend_pid() order by pid");
  lab.mark();
  const std::string got =
      lab.psql({"select pg_log_backend_memory_contexts(" + (pids.empty() ? "0" : pids[0]) + ");"});
  Finding finding;
  const std::string expected = textOf(recorded, "client_output");
  if (!expected.empty() && !outputsAgree(expected, got)) {
    finding.difference = difference("client", expected, got);
  }
  return compareLogs(recorded, lab.logSinceMark(), std::move(finding));
}

// What pgbench reports, with its measured figures masked.
std::string reportShape(const std::string& text) {
  static const std::regex kFigure("(processed: |average = |time = |tps = )[0-9.]+");
  return std::regex_replace(text, kFigure, "$1N");
}

Finding replayFewBuffers(const Json& recorded) {
  Lab lab;
  startWith(lab, configurationOf(recorded), {});
  lab.type("pgbench -i -q -s 10 postgres");
  lab.mark();
  const std::string expected = reportShape(textOf(recorded, "client_output"));
  const std::string got = reportShape(lab.type("pgbench -n -S -c 16 -j 2 -T 4 postgres"));
  Finding finding;
  if (!outputsAgree(expected, got)) finding.difference = difference("client", expected, got);
  return compareLogs(recorded, lab.logSinceMark(), std::move(finding));
}

Finding replayTinyBuffers(const Json& recorded) {
  if (!base::contains(textOf(recorded, "id"), "temp_buffers")) return replayFewBuffers(recorded);
  Lab lab;
  lab.mark();
  const std::string got =
      lab.psql({"create temp table tt(a int);", "insert into tt select generate_series(1,100000);",
                "set temp_buffers = 100;"});
  Finding finding;
  const std::string expected = textOf(recorded, "client_output");
  if (!outputsAgree(expected, got)) finding.difference = difference("client", expected, got);
  return finding;
}

// A backend opens and closes files as it goes: more tables than descriptors are no trouble.
Finding replayFiles(const Json& recorded) {
  Lab lab;
  makeTables(lab, 150);
  lab.control("-m fast stop");
  lab.wait(3);
  lab.control("start", "prlimit --nofile=70");
  lab.wait(5);
  lab.mark();
  const std::string got =
      lab.psql({"do $$ declare n int; begin for i in 0..149 loop execute "
                "'select count(*) from t'||i; end loop; end $$;"});
  Finding finding;
  const std::string expected = textOf(recorded, "client_output");
  if (!outputsAgree(expected, got)) finding.difference = difference("client", expected, got);
  return compareLogs(recorded, lab.logSinceMark(), std::move(finding));
}

// "8 MB", "64m", "1m" of what a case says it did, as mount has it.
std::string sizeIn(const std::string& kind) {
  static const std::regex kSize("([0-9]+) ?[mM]B?\\b");
  std::smatch found;
  return std::regex_search(kind, found, kSize) ? found[1].str() + "m" : "";
}

// The query that words speak of.
std::vector<std::string> spillingQuery(const std::string& words) {
  if (base::contains(words, "hashagg") || base::contains(words, "aggregate")) {
    return {"set enable_sort = off;",
            "select count(*) from (select b,count(*) from big group by b offset 0) x;"};
  }
  if (base::contains(words, "sort")) {
    return {"select count(*) from (select * from big order by b offset 0) x;"};
  }
  return {"select count(*) from big x join big y on x.b=y.b;"};
}

// A server on a small /dev/shm, or with little room for temporary files.
Finding replayFullFileSystem(const Json& recorded) {
  const std::string kind = textOf(recorded.at("action"), "kind");
  if (base::contains(textOf(recorded, "id"), "pg_wal")) return replayWalVolume(recorded);
  Lab lab;
  prepare(lab, recorded);
  const bool shared = base::contains(kind, "/dev/shm");
  const std::string temporary = Lab::dataDirectory() + "/base/pgsql_tmp";
  if (!shared) {
    lab.type("sudo -u postgres mkdir -p " + temporary);
    lab.append(Lab::mainFile(), {"log_temp_files = 0"});
    lab.control("reload");
    lab.wait(1);
  }
  lab.type(shared ? "sudo mount -o remount,size=" + sizeIn(kind) + " /dev/shm"
                  : "sudo mount -t tmpfs -o size=" + sizeIn(kind) + " tmpfs " + temporary);
  lab.mark();
  Finding finding;
  if (base::contains(kind, "start with")) {
    lab.control("-m fast stop");
    lab.wait(3);
    lab.control("start");
    lab.wait(5);
  } else {
    // Not told, but seen in the 31 files: one process made them, for 32 batches of 1 MB.
    std::vector<std::string> lines;
    if (!shared) lines = {"set max_parallel_workers_per_gather = 0;", "set work_mem = '1MB';"};
    for (const std::string& one : textsOf(recorded.at("settings"), "session")) {
      lines.push_back("set " + one + ";");
    }
    for (const std::string& one : spillingQuery(textOf(recorded, "id") + " " + kind)) {
      lines.push_back(one);
    }
    lines.push_back("select 'still here';");
    std::string got = lab.psql(lines);
    while (got.starts_with("SET\n")) got.erase(0, 4);
    const std::string expected = textOf(recorded, "client_output");
    if (!outputsAgree(clientText(expected), clientText(got))) {
      finding.difference = difference("client", expected, got);
    }
  }
  // The recording begins when the server it stopped first was already on its way down.
  std::vector<std::string> log = lab.logSinceMark();
  const auto down = std::find_if(log.begin(), log.end(), [](const std::string& line) {
    return base::contains(line, "LOG:  shutting down");
  });
  if (down != log.end()) log.erase(log.begin(), down);
  return compareLogs(recorded, log, std::move(finding));
}

constexpr RuntimeFamily kFamilies[] = {{"explain_spill", replaySession},
                                       {"log_temp_files", replaySession},
                                       {"temp_file_limit", replaySession},
                                       {"out_of_memory", replaySession},
                                       {"stack_depth", replayStack},
                                       {"lock_table", replayLocks},
                                       {"memory_contexts", replayMemoryContexts},
                                       {"tiny_buffers", replayTinyBuffers},
                                       {"dev_shm", replayFullFileSystem},
                                       {"disk_full", replayFullFileSystem},
                                       {"fd_limit", replayFiles}};

}  // namespace

std::span<const RuntimeFamily> queryFamilies() {
  return kFamilies;
}

}  // namespace fidelity
