// SPDX-License-Identifier: GPL-3.0-or-later
// Hit ratios, memory of backends and queries, temporary files, the shared segment.
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/text.h"
#include "lab.h"
#include "measurements.h"

namespace fidelity {
namespace {

constexpr double kHitPoints = 0.05, kShared = 0.01, kBackend = 0.25, kTemporary = 0.20;
// What else a figure in kB may be off by: two pages, as the recorder reads while it runs.
constexpr double kGrain = 64;

std::string sizeText(const Json& point, const char* key) {
  const Json& value = point.at(key);
  return value.is_string() ? value.get<std::string>() : value.dump();
}

Lab configured(const std::vector<std::string>& lines) {
  Lab lab;
  lab.control("-m fast stop");
  lab.wait(2);
  lab.append(Lab::mainFile(), lines);
  lab.control("start");
  lab.wait(5);
  return lab;
}

std::vector<double> counters(Lab& lab, const std::string& columns, const std::string& view) {
  std::vector<double> values;
  const auto rows = lab.rows("SELECT " + columns + " FROM " + view);
  for (const std::string& cell : base::split(rows.empty() ? "" : rows[0], '|')) {
    values.push_back(std::strtod(cell.c_str(), nullptr));
  }
  values.resize(8);
  return values;
}

const char* kDatabaseRow = "pg_stat_database WHERE datname = 'postgres'";

Checks bufferHitRatio(const Json& section) {
  Checks checks;
  std::map<std::string, std::vector<CurvePoint>> curves;
  for (const Json& point : section.at("points")) {
    const std::string size = sizeText(point, "shared_buffers");
    const std::string keys = textOf(point, "distribution");
    Lab lab = configured({"shared_buffers = " + size, "max_wal_size = 4GB",
                          "checkpoint_timeout = 1h", "autovacuum = off"});
    lab.type("pgbench -i -q -s " + section.at("scale").dump() + " postgres");
    lab.write("/tmp/" + keys + ".sql", textOf(section.at("scripts"), keys.c_str()));
    const std::string bench =
        "pgbench -n -M prepared -f /tmp/" + keys + ".sql -c " + point.at("clients").dump() + " -T ";
    lab.type(bench + "200 postgres");
    const auto before = counters(lab, "blks_hit, blks_read", kDatabaseRow);
    lab.type(bench + point.at("seconds").dump() + " postgres");
    const auto after = counters(lab, "blks_hit, blks_read", kDatabaseRow);
    const double hit = after[0] - before[0], read = after[1] - before[1];
    const double ratio = hit + read > 0 ? hit / (hit + read) : 0;
    near(checks, "hit ratio of " + keys + " with " + size, point.at("hit_ratio"), ratio, 0,
         kHitPoints);
    curves[keys].push_back({size, point.at("hit_ratio"), ratio});
  }
  for (auto& [keys, curve] : curves) {
    std::sort(curve.begin(), curve.end(), [](const CurvePoint& a, const CurvePoint& b) {
      return kiloBytes(a.at) < kiloBytes(b.at);
    });
    directions(checks, "hit ratio of " + keys, curve, 0.02);
  }
  return checks;
}

// The largest of what smaps_rollup says of the sessions of an application, and the mean.
struct Polled {
  double most = 0, mean = 0, sum = 0;
  std::size_t count = 0;
};
Polled poll(Lab& lab, const std::string& application, const std::string& field,
            std::size_t limit = 1000) {
  Polled result;
  const auto pids = lab.rows("SELECT pid FROM pg_stat_activity WHERE application_name = '" +
                             application + "' AND pid <> pg_backend_pid()");
  for (const std::string& pid : pids) {
    if (result.count >= limit) break;
    const std::string text = lab.type("sudo cat /proc/" + pid + "/smaps_rollup");
    const double value = numberAfter(text, field + ":");
    if (std::isnan(value)) continue;
    result.most = std::max(result.most, value);
    result.sum += value;
    ++result.count;
  }
  result.mean = result.count > 0 ? result.sum / static_cast<double>(result.count) : 0;
  return result;
}

// A member of the plan's JSON, wherever it stands first.
double planNumber(const std::string& plan, const std::string& name) {
  return numberAfter(plan, "\"" + name + "\":");
}

std::vector<std::string> sessionLines(const Json& query, const Json& point) {
  std::vector<std::string> lines = {"SET work_mem = '" + sizeText(point, "work_mem") + "';"};
  if (point.contains("hash_mem_multiplier")) {
    lines.push_back("SET hash_mem_multiplier = " + point.at("hash_mem_multiplier").dump() + ";");
  }
  for (const std::string& one : textsOf(query, "session")) {
    const std::size_t equals = one.find('=');
    lines.push_back(one.starts_with("set ")
                        ? one + ";"
                        : "SET " + one.substr(0, equals) + " = " + one.substr(equals + 1) + ";");
  }
  return lines;
}

// The same as PGOPTIONS.
std::string sessionOptions(const Json& query, const Json& point) {
  std::string options = "-c work_mem=" + sizeText(point, "work_mem");
  if (point.contains("hash_mem_multiplier")) {
    options += " -c hash_mem_multiplier=" + point.at("hash_mem_multiplier").dump();
  }
  for (const std::string& one : textsOf(query, "session")) {
    options += " -c " + (one.starts_with("set ") ? one.substr(4) : one);
  }
  return options;
}

void nodeFigures(Checks& checks, const std::string& at, const Json& node, const std::string& plan) {
  for (const auto& [name, value] : node.items()) {
    if (value.is_string()) {
      const bool there = base::contains(plan, "\"" + name + "\": \"" + value.get<std::string>());
      checks.push_back({at + ": " + name, there, value, there ? value : Json("another")});
      continue;
    }
    const bool memory = base::contains(name, "Memory") || base::contains(name, "Space Used");
    near(checks, at + ": " + name, value, planNumber(plan, name), memory ? kBackend : kTemporary,
         memory ? kGrain : 2);
  }
}

Lab labWithW() {
  Lab lab = configured({"shared_buffers = 256MB"});
  lab.psql(
      {"create table w as select g a, md5(g::text) b, (g::bigint*7919)%1000003 c from "
       "generate_series(1,1000000) g;",
       "analyze w;"});
  return lab;
}

Checks workMem(const Json& section) {
  Checks checks;
  const Lab prepared = labWithW();
  std::map<std::string, std::vector<CurvePoint>> spills;
  for (const Json& point : section.at("points")) {
    const std::string name = textOf(point, "query");
    const Json& query = section.at("queries").at(name);
    const std::string at = name + " with " + sizeText(point, "work_mem") + " x " +
                           point.at("hash_mem_multiplier").dump();
    Lab lab = prepared;
    auto lines = sessionLines(query, point);
    const auto before = counters(lab, "temp_files, temp_bytes", kDatabaseRow);
    lines.push_back("EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) " + textOf(query, "sql") +
                    ";");
    const std::string plan = lab.psql(lines);
    const auto after = counters(lab, "temp_files, temp_bytes", kDatabaseRow);
    near(checks, at + ": temp_files", point.at("temp_files"), after[0] - before[0], kTemporary);
    near(checks, at + ": temp_bytes", point.at("temp_bytes"), after[1] - before[1], kTemporary);
    nodeFigures(checks, at, point.at("node"), plan);
    // The same once more in the background, watched while it runs.
    lab.write("/tmp/watched.sql", textOf(query, "sql") + ";\n");
    lab.type("PGOPTIONS='" + sessionOptions(query, point) +
             "' pgbench -n -f /tmp/watched.sql -T 60 postgres > /dev/null &");
    lab.wait(5);
    near(checks, at + ": peak of private memory, kB", point.at("peak_kB").at("Pss_Anon"),
         poll(lab, "pgbench", "Pss_Anon").most, kBackend);
    spills[name].push_back({at, point.at("temp_bytes"), after[1] - before[1]});
  }
  for (const auto& [name, curve] : spills) directions(checks, "temp_bytes", curve, 0.05);
  return checks;
}

Checks concurrentSorts(const Json& section) {
  Checks checks;
  const Lab prepared = labWithW();
  std::map<std::string, std::vector<CurvePoint>> sums;
  for (const Json& point : section.at("points")) {
    const std::string memory = sizeText(point, "work_mem");
    const std::string clients = point.at("concurrent_sorts").dump();
    Lab lab = prepared;
    lab.write("/tmp/sort.sql", textOf(section, "query") + ";\n");
    lab.type("PGOPTIONS='-c work_mem=" + memory + "' pgbench -n -f /tmp/sort.sql -T 60 -c " +
             clients + " postgres > /dev/null &");
    lab.wait(10);
    const Polled polled = poll(lab, "pgbench", "Pss_Anon");
    const std::string at = clients + " sorts with " + memory;
    near(checks, at + ": private memory in all, kB", point.at("peak_sum_Pss_Anon_kB"), polled.sum,
         kBackend);
    sums[memory].push_back({at, point.at("peak_sum_Pss_Anon_kB"), polled.sum});
  }
  for (const auto& [memory, curve] : sums) directions(checks, "private memory", curve, 0.05);
  return checks;
}

// What a recorded state of sessions ran.
std::string stateScript(Lab& lab, const std::string& state) {
  if (base::contains(state, "select 1")) return "select 1;\n";
  if (base::contains(state, "point select")) {
    lab.type("pgbench -i -q -s 1 postgres");
    return "\\set aid random(1, 100000)\nSELECT abalance FROM pgbench_accounts WHERE aid = :aid;\n";
  }
  const int count = std::atoi(state.c_str() + std::string("touched ").size());
  if (count == 0) return "select 1;\n";
  lab.psql({"do $$ begin for i in 1.." + std::to_string(count) +
            " loop execute 'create table t'||i||'(a int)'; end loop; end $$;"});
  std::string script;
  for (int i = 1; i <= count; ++i) script += "select count(*) from t" + std::to_string(i) + ";\n";
  return script;
}

Checks connectionMemory(const Json& section) {
  Checks checks;
  const Json& settings = section.at("settings");
  const Lab prepared =
      configured({"max_connections = " + settings.at("max_connections").dump(),
                  "shared_buffers = " + settings.at("shared_buffers").get<std::string>()});
  std::map<std::string, std::vector<CurvePoint>> tables, available;
  for (const Json& point : section.at("points")) {
    const std::string state = textOf(point, "state"), count = point.at("connections").dump();
    const std::string at = count + " sessions, " + state;
    Lab lab = prepared;
    lab.write("/tmp/state.sql", stateScript(lab, state) + "\\sleep 1000 s\n");
    const double before = numberAfter(lab.type("cat /proc/meminfo"), "PageTables:");
    const double freeBefore = numberAfter(lab.type("cat /proc/meminfo"), "MemAvailable:");
    lab.type("pgbench -n -f /tmp/state.sql -T 600 -c " + count + " postgres > /dev/null &");
    lab.wait(60);
    constexpr std::size_t kWatched = 12;
    const std::pair<const char*, const char*> fields[] = {{"Pss_Anon", "Pss_Anon_kB"},
                                                          {"Rss", "Rss_kB"}};
    for (const auto& [field, recorded] : fields) {
      near(checks, at + ": " + field + " of a backend, kB", point.at(recorded).at("mean"),
           poll(lab, "pgbench", field, kWatched).mean, kBackend);
    }
    const std::string info = lab.type("cat /proc/meminfo");
    const Json& idle = section.at("baseline");
    tables[state].push_back(
        {count, point.at("PageTables_kB").get<double>() - idle.at("PageTables_kB").get<double>(),
         numberAfter(info, "PageTables:") - before});
    available[state].push_back(
        {count, point.at("sum_Pss_kB"), freeBefore - numberAfter(info, "MemAvailable:")});
  }
  for (const auto& [state, curve] : tables) directions(checks, "page tables, " + state, curve, 0.2);
  for (const auto& [state, curve] : available) {
    directions(checks, "memory taken, " + state, curve, 0.2);
  }
  return checks;
}

Checks sharedMemorySize(const Json& section) {
  Checks checks;
  Lab lab;
  // What is computed at run time is told only while no server holds the directory.
  lab.type("sudo -u postgres pg_ctl -D " + Lab::dataDirectory() + " -m fast stop");
  for (const Json& point : section.at("points")) {
    std::string options;
    for (const auto& [name, value] : point.items()) {
      if (name == "shared_memory_size_MB" || name == "huge_pages_2MB") continue;
      options +=
          " -c " + name + "=" + (value.is_string() ? value.get<std::string>() : value.dump());
    }
    const std::pair<const char*, const char*> settings[] = {
        {"shared_memory_size", "shared_memory_size_MB"},
        {"shared_memory_size_in_huge_pages", "huge_pages_2MB"}};
    for (const auto& [setting, recorded] : settings) {
      const std::string said = lab.type("sudo -u postgres postgres -D " + Lab::dataDirectory() +
                                        options + " -C " + setting);
      near(checks, std::string(setting) + options, point.at(recorded),
           std::strtod(said.c_str(), nullptr), kShared);
    }
  }
  return checks;
}

}  // namespace

const std::vector<MeasuredSection>& memorySections() {
  static const std::vector<MeasuredSection> kSections = {
      {"a_buffer_hit_ratio", bufferHitRatio},
      {"b_work_mem", workMem},
      {"b_concurrent_sorts", concurrentSorts},
      {"c_connection_memory", connectionMemory},
      {"c_shared_memory_size", sharedMemorySize}};
  return kSections;
}

}  // namespace fidelity
