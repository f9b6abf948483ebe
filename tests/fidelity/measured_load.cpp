// SPDX-License-Identifier: GPL-3.0-or-later
// Throughput and latency against clients, arrival rate and max_wal_size. The recording machine's
// cores were shared: how much other jobs took is recorded with each point, and is the lab's too.
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "lab.h"
#include "measurements.h"

namespace fidelity {
namespace {

constexpr double kKnee = 0.20;
// A change smaller than this is within the noise of the recording machine.
constexpr double kNoise = 0.25;
// With so many clients the recorder booked the exits of one point's backends on the next.
constexpr double kUnreliableClients = 48;

struct Bench {
  double tps = 0, latencyMs = 0;
};

Bench readBench(const std::string& text) {
  return {numberAfter(text, "tps = "), numberAfter(text, "latency average = ")};
}

Lab benchLab(const scenario::LabOptions& options, const std::vector<std::string>& lines,
             const std::string& scale) {
  Lab lab(options);
  lab.control("-m fast stop");
  lab.wait(2);
  lab.append(Lab::mainFile(), lines);
  lab.control("start");
  lab.wait(5);
  lab.type("pgbench -i -q -s " + scale + " postgres");
  return lab;
}

std::vector<std::string> settingLines(const Json& settings) {
  std::vector<std::string> lines;
  for (const auto& [name, value] : settings.items()) {
    const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    lines.push_back(name + " = " + text);
  }
  return lines;
}

std::string script(const std::string& workload) {
  if (workload == "tpcb-like") return "";
  return workload == "select-only-prepared" ? "-S -M prepared " : "-S ";
}

// Cores that other jobs took, where the recorder could tell; else the mean of the pass.
double othersAt(const Json& points, const Json& point) {
  const auto of = [](const Json& one) { return one.at("cpu").at("other_cores").get<double>(); };
  if (point.at("clients").get<double>() < kUnreliableClients) return of(point);
  double sum = 0;
  int count = 0;
  for (const Json& one : points) {
    if (textOf(one, "run") != textOf(point, "run") ||
        textOf(one, "workload") != textOf(point, "workload")) {
      continue;
    }
    if (one.at("clients").get<double>() >= kUnreliableClients) continue;
    sum += of(one);
    ++count;
  }
  return count > 0 ? sum / count : 0.5;
}

// How long a commit waited for the disk in a pass: what one client's transaction took beyond its
// own work.
double flushMs(const Json& points, const std::string& run) {
  constexpr double kOwnMs = 0.64;
  for (const Json& one : points) {
    if (textOf(one, "run") == run && textOf(one, "workload") == "tpcb-like" &&
        one.at("clients") == 1) {
      return std::max(0.05, one.at("latency_avg_ms").get<double>() - kOwnMs);
    }
  }
  return scenario::LabOptions().diskFlushMs;
}

using Curve = std::vector<std::pair<double, double>>;

double most(const Curve& curve) {
  double value = 0;
  for (const auto& [x, y] : curve) value = std::max(value, y);
  return value;
}

// Where throughput comes within a tenth of its most, and where latency is twice its least.
void knees(Checks& checks, const std::string& what, const Curve& tpsThere, const Curve& tpsHere,
           const Curve& latencyThere, const Curve& latencyHere) {
  near(checks, what + ": knee of throughput, clients", crossing(tpsThere, 0.9 * most(tpsThere)),
       crossing(tpsHere, 0.9 * most(tpsHere)), kKnee);
  if (latencyThere.empty() || latencyThere[0].first > 1) return;
  near(checks, what + ": knee of latency, clients",
       crossing(latencyThere, 2 * latencyThere[0].second),
       crossing(latencyHere, 2 * latencyHere[0].second), kKnee);
}

Checks closedLoop(const Json& section) {
  Checks checks;
  const Json& points = section.at("points");
  struct Series {
    std::vector<CurvePoint> tps, latency;
    Curve tpsThere, tpsHere, latencyThere, latencyHere;
  };
  std::map<std::string, Series> all;
  for (const Json& point : points) {
    const std::string workload = textOf(point, "workload"), run = textOf(point, "run");
    scenario::LabOptions options = Lab::recordedMachine();
    options.otherCores = othersAt(points, point);
    options.diskFlushMs = flushMs(points, run);
    Lab lab = benchLab(options, settingLines(section.at("settings")), section.at("scale").dump());
    const std::string clients = point.at("clients").dump();
    const std::string bench = "pgbench " + script(workload) + "-c " + clients + " -T ";
    lab.type("pgbench -S -c 8 -T 200 postgres");
    const Bench got = readBench(lab.type(bench + point.at("seconds").dump() + " postgres"));
    Series& series = all[workload + ", " + run];
    const double x = point.at("clients"), tps = point.at("tps"),
                 latency = point.at("latency_avg_ms");
    series.tps.push_back({clients, tps, got.tps});
    series.latency.push_back({clients, latency, got.latencyMs});
    series.tpsThere.emplace_back(x, tps);
    series.tpsHere.emplace_back(x, got.tps);
    series.latencyThere.emplace_back(x, latency);
    series.latencyHere.emplace_back(x, got.latencyMs);
  }
  for (const auto& [what, s] : all) {
    directions(checks, what + ": tps", s.tps, kNoise);
    directions(checks, what + ": latency", s.latency, kNoise);
    if (s.tps.size() > 3) {
      knees(checks, what, s.tpsThere, s.tpsHere, s.latencyThere, s.latencyHere);
    }
  }
  return checks;
}

Checks openLoop(const Json& section) {
  Checks checks;
  struct Series {
    std::vector<CurvePoint> tps, latency;
    double there = 0, here = 0;
  };
  std::map<std::string, Series> all;
  for (const Json& point : section.at("points")) {
    scenario::LabOptions options = Lab::recordedMachine();
    options.otherCores = point.at("cpu").at("other_cores");
    Lab lab = benchLab(options, settingLines(section.at("settings")), "50");
    lab.type("pgbench -S -c 8 -T 200 postgres");
    const std::string rate = point.at("rate").dump();
    const Bench got = readBench(
        lab.type("pgbench -S -c " + point.at("clients").dump() + " -R " + rate + " -T 5 postgres"));
    Series& series = all[textOf(point, "run")];
    series.tps.push_back({rate, point.at("tps"), got.tps});
    series.latency.push_back({rate, point.at("latency_avg_ms"), got.latencyMs});
    series.there = std::max(series.there, point.at("tps").get<double>());
    series.here = std::max(series.here, got.tps);
  }
  for (const auto& [run, s] : all) {
    directions(checks, run + ": tps at rate", s.tps, kNoise);
    directions(checks, run + ": latency at rate", s.latency, kNoise);
    near(checks, run + ": rate at which it is saturated", s.there, s.here, kKnee);
  }
  return checks;
}

Checks maxWalSize(const Json& section) {
  Checks checks;
  const char* kWriter = "SELECT checkpoints_req, buffers_checkpoint FROM pg_stat_bgwriter";
  const char* kWal = "SELECT wal_bytes, wal_fpi FROM pg_stat_wal";
  std::vector<CurvePoint> tps, latency, checkpoints, bytes, images;
  for (const Json& point : section.at("points")) {
    const std::string size = textOf(point, "max_wal_size");
    scenario::LabOptions options = Lab::recordedMachine();
    options.otherCores = point.at("cpu").at("other_cores");
    std::vector<std::string> lines = settingLines(section.at("settings"));
    lines.push_back("max_wal_size = " + size);
    lines.push_back("min_wal_size = " + textOf(point, "min_wal_size"));
    Lab lab = benchLab(options, lines, section.at("scale").dump());
    lab.control("-m fast restart");  // ends with a checkpoint
    lab.wait(10);
    lab.type("pgbench -S -c 8 -T 200 postgres");
    const auto read = [&](const char* query) {
      const auto rows = lab.rows(query);
      std::vector<double> values;
      for (const std::string& cell : base::split(rows.empty() ? "" : rows[0], '|')) {
        values.push_back(std::strtod(cell.c_str(), nullptr));
      }
      values.resize(2);
      return values;
    };
    const auto writer = read(kWriter), wal = read(kWal);
    const std::string text = lab.type("pgbench -n -c " + point.at("clients").dump() + " -T " +
                                      point.at("seconds").dump() + " postgres");
    const auto writerAfter = read(kWriter), walAfter = read(kWal);
    const Bench got = readBench(text);
    const double done = numberAfter(text, "actually processed: "), was = point.at("transactions");
    const Json& delta = point.at("delta");
    tps.push_back({size, point.at("tps"), got.tps});
    latency.push_back({size, point.at("latency_avg_ms"), got.latencyMs});
    const double perWal =
        delta.at("checkpoints_req").get<double>() / delta.at("wal_bytes").get<double>() * 1e9;
    checkpoints.push_back(
        {size, perWal, 1e9 * (writerAfter[0] - writer[0]) / (walAfter[0] - wal[0])});
    bytes.push_back(
        {size, delta.at("wal_bytes").get<double>() / was, (walAfter[0] - wal[0]) / done});
    images.push_back(
        {size, delta.at("wal_fpi").get<double>() / was, (walAfter[1] - wal[1]) / done});
  }
  directions(checks, "tps", tps, 0.05);
  directions(checks, "latency", latency, 0.05);
  const std::pair<const char*, const std::vector<CurvePoint>&> counted[] = {
      {"checkpoints per GB of WAL", checkpoints},
      {"WAL bytes of a transaction", bytes},
      {"page images of a transaction", images}};
  for (const auto& [what, curve] : counted) {
    directions(checks, what, curve, 0.05);
    for (const CurvePoint& one : curve) {
      near(checks, std::string(what) + " with " + one.at, one.there, one.here, kKnee);
    }
  }
  return checks;
}

}  // namespace

const std::vector<MeasuredSection>& loadSections() {
  static const std::vector<MeasuredSection> kSections = {{"d_max_wal_size", maxWalSize},
                                                         {"e_clients_closed_loop", closedLoop},
                                                         {"e_open_loop", openLoop}};
  return kSections;
}

}  // namespace fidelity
