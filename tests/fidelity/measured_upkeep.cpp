// SPDX-License-Identifier: GPL-3.0-or-later
// Index builds, vacuum, starts and stops, crash recovery.
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/text.h"
#include "lab.h"
#include "measurements.h"

namespace fidelity {
namespace {

constexpr double kTemporary = 0.20, kRecovery = 0.30, kBackend = 0.25;

Lab configured(const std::vector<std::string>& lines) {
  Lab lab;
  lab.control("-m fast stop");
  lab.wait(2);
  lab.append(Lab::mainFile(), lines);
  lab.control("start");
  lab.wait(5);
  return lab;
}

double counter(Lab& lab, const std::string& query) {
  const auto rows = lab.rows(query);
  return rows.empty() ? 0 : std::strtod(rows[0].c_str(), nullptr);
}

Checks createIndex(const Json& section) {
  Checks checks;
  Lab prepared = configured({"shared_buffers = 256MB", "max_parallel_maintenance_workers = 0"});
  prepared.psql(
      {"create table w as select g a, md5(g::text) b, (g::bigint*7919)%1000003 c from "
       "generate_series(1,1000000) g;",
       "analyze w;"});
  for (const Json& point : section.at("points")) {
    Lab lab = prepared;
    const std::string memory = textOf(point, "maintenance_work_mem");
    const std::string on = textOf(point, "index_on"), at = on + " with " + memory;
    const char* kBytes = "SELECT temp_bytes FROM pg_stat_database WHERE datname = 'postgres'";
    const char* kFiles = "SELECT temp_files FROM pg_stat_database WHERE datname = 'postgres'";
    const double bytes = counter(lab, kBytes), files = counter(lab, kFiles);
    lab.psql({"SET maintenance_work_mem = '" + memory + "';", "CREATE INDEX ON " + on + ";"});
    near(checks, at + ": temp_bytes", point.at("temp_bytes"), counter(lab, kBytes) - bytes,
         kTemporary);
    near(checks, at + ": temp_files", point.at("temp_files"), counter(lab, kFiles) - files,
         kTemporary);
  }
  return checks;
}

Checks vacuum(const Json& section) {
  Checks checks;
  std::vector<CurvePoint> scans;
  for (const Json& point : section.at("points")) {
    Lab lab = configured({"autovacuum = off"});
    const std::string memory = textOf(point, "maintenance_work_mem");
    lab.psql({"create table v as select g a, g % 100003 b from generate_series(1,1500000) g;",
              "create index on v(a);", "create index on v(b);", "delete from v where a % 4 <> 0;"});
    const std::string said =
        lab.psql({"SET maintenance_work_mem = '" + memory + "';", "VACUUM (VERBOSE) v;"});
    const double expected = point.at("index_scans");
    near(checks, "index scans with " + memory, expected, numberAfter(said, "index scans: "), 0);
    near(checks, "dead tuples with " + memory, point.at("dead_tuples"),
         numberAfter(said, "tuples: "), kTemporary);
    scans.push_back({memory, expected, numberAfter(said, "index scans: ")});
  }
  directions(checks, "index scans", scans, 0.1);
  return checks;
}

Checks restart(const Json& section) {
  Checks checks;
  std::map<double, std::vector<CurvePoint>> sizes;
  for (const Json& point : section.at("points")) {
    const std::string size = textOf(point, "shared_buffers");
    Lab lab = configured({"shared_buffers = " + size});
    lab.control("-m fast stop");
    lab.wait(3);
    lab.control("start");
    const double took = lab.lastSeconds();
    lab.wait(5);
    const std::string pid(
        base::trim(lab.type("sudo head -1 " + Lab::dataDirectory() + "/postmaster.pid")));
    near(checks, "resident memory of the postmaster with " + size + ", kB",
         point.at("postmaster_Rss_kB"),
         numberAfter(lab.type("cat /proc/" + pid + "/status"), "VmRSS:"), kBackend);
    sizes[kiloBytes(size)].push_back({size, point.at("pg_ctl_start_s"), took});
  }
  std::vector<CurvePoint> starts;
  for (const auto& [kb, points] : sizes) starts.push_back(points[0]);
  directions(checks, "time to start", starts, 0.2);
  return checks;
}

Checks shutdown(const Json& section) {
  Checks checks;
  std::vector<CurvePoint> stops;
  for (const Json& point : section.at("points")) {
    Lab lab = configured({"shared_buffers = 1GB"});
    const double megabytes = point.at("bulk_loaded_MB");
    if (megabytes > 0) {
      // 76 MB are a million rows.
      lab.psql(
          {"create table bulk as select g a, md5(g::text) b, g::bigint c from "
           "generate_series(1," +
           base::fixedText(megabytes / 76.5 * 1e6, 0) + ") g;"});
    }
    lab.control("-m fast stop");
    stops.push_back(
        {base::fixedText(megabytes, 0) + " MB", point.at("fast_stop_s"), lab.lastSeconds()});
  }
  directions(checks, "time to stop", stops, 0.2);
  return checks;
}

// WAL that the next recovery has to go through.
double walSince(Lab& lab) {
  const std::string log =
      base::replaceAll(lab.type("cat /var/log/postgresql/*-main.log"), "\r", "");
  const auto position = [&](const std::string& label) {
    const std::size_t at = log.rfind(label);
    if (at == std::string::npos) return 0.0;
    char* end = nullptr;
    const double high =
        static_cast<double>(std::strtoull(log.c_str() + at + label.size(), &end, 16));
    return high * 4294967296.0 + static_cast<double>(std::strtoull(end + 1, nullptr, 16));
  };
  return position("redo done at ") - position("redo starts at ");
}

Checks crashRecovery(const Json& section) {
  Checks checks;
  std::map<std::string, std::vector<CurvePoint>> bySize;
  for (const Json& point : section.at("points")) {
    const std::string size = textOf(point, "shared_buffers"), load = textOf(point, "workload");
    std::vector<std::string> lines = {"shared_buffers = " + size};
    for (const auto& [name, value] : section.at("settings").items()) {
      lines.push_back(name + " = " + value.get<std::string>());
    }
    Lab lab = configured(lines);
    const double wanted = point.at("wal_bytes_since_checkpoint");
    if (load == "tpcb") lab.type("pgbench -i -q -s " + section.at("scale").dump() + " postgres");
    lab.control("-m fast restart");  // ends with a checkpoint
    lab.wait(10);
    const char* kWal = "SELECT wal_bytes FROM pg_stat_wal";
    const double before = counter(lab, kWal);
    if (load == "tpcb") {
      while (counter(lab, kWal) - before < wanted) lab.type("pgbench -n -c 8 -t 100 postgres");
    } else {
      // 105 bytes of WAL a row.
      lab.psql(
          {"create table bulk as select g a, md5(g::text) b, g::bigint c from "
           "generate_series(1," +
           base::fixedText(wanted / 105, 0) + ") g;"});
    }
    lab.control("-m immediate stop");
    lab.wait(3);
    lab.mark();
    lab.control("start");
    lab.wait(60);
    std::string done;
    for (const std::string& line : lab.logSinceMark()) {
      if (base::contains(line, "redo done at")) done = line;
    }
    const double redone = walSince(lab), elapsed = numberAfter(done, "elapsed: ");
    const std::string at = load + " with " + size + ", " + base::fixedText(wanted / 1e6, 0) + " MB";
    near(checks, at + ": WAL redone, MB", wanted / 1e6, redone / 1e6, kTemporary);
    near(checks, at + ": redo, seconds", point.at("redo_elapsed_s"), elapsed, kRecovery);
    bySize[load + " " + size].push_back({at, point.at("redo_elapsed_s"), elapsed});
  }
  for (const auto& [what, curve] : bySize) directions(checks, "redo of " + what, curve, 0.3);
  return checks;
}

}  // namespace

const std::vector<MeasuredSection>& upkeepSections() {
  static const std::vector<MeasuredSection> kSections = {{"f_create_index", createIndex},
                                                         {"f_vacuum", vacuum},
                                                         {"g_restart", restart},
                                                         {"g_shutdown", shutdown},
                                                         {"g_crash_recovery", crashRecovery}};
  return kSections;
}

}  // namespace fidelity
