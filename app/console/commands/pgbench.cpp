// SPDX-License-Identifier: GPL-3.0-or-later
// pgbench: its tables, and its clients as a load on the simulated server.
#include <algorithm>

#include "base/text.h"
#include "console/benchmark.h"
#include "console/file_view.h"
#include "console/interpreter.h"
#include "console/options.h"
#include "console/sql/session.h"
#include "sim/relation.h"

namespace console {
namespace {

struct BenchTable {
  const char* name;
  std::int64_t rows;  // for each step of the scale
  std::vector<sim::RelationColumn> columns;
};

// ddl of pgbench.c, figures as its generator makes them.
std::vector<BenchTable> benchTables(double scale) {
  constexpr double kAccounts = 100'000;
  return {{"pgbench_accounts",
           100'000,
           {{"aid", "integer", 4, kAccounts * scale, 1, {}},
            {"bid", "integer", 4, scale, 1, {}},
            {"abalance", "integer", 4, 1, 1, {}},
            {"filler", "character", 85, 1, 1, {}}}},
          {"pgbench_branches",
           1,
           {{"bid", "integer", 4, scale, 1, {}},
            {"bbalance", "integer", 4, 1, 1, {}},
            {"filler", "character", 89, 1, 1, {}}}},
          {"pgbench_tellers",
           10,
           {{"tid", "integer", 4, 10 * scale, 1, {}},
            {"bid", "integer", 4, scale, 1, {}},
            {"tbalance", "integer", 4, 1, 1, {}},
            {"filler", "character", 85, 1, 1, {}}}},
          {"pgbench_history",
           0,
           {{"tid", "integer", 4, 0, 0, {}},
            {"bid", "integer", 4, 0, 0, {}},
            {"aid", "integer", 4, 0, 0, {}},
            {"delta", "integer", 4, 0, 0, {}},
            {"mtime", "timestamp without time zone", 8, 0, 0, {}},
            {"filler", "character", 23, 0, 0, {}}}}};
}

const sim::Relation* tableOf(const sim::World& world, const std::string& database,
                             const std::string& name) {
  for (const sim::Relation& one : world.postgres().relations) {
    if (one.name == name && one.database == database && !one.temporary()) return &one;
  }
  return nullptr;
}

// -i: the tables anew. MODEL: a second for each million rows, half of that for the keys.
int initialize(Call& call, const BenchmarkRun& run, SqlSession& sql) {
  if (!sql.role().superuser || !call.world().spec().database.laboratory) {
    call.complain("pgbench: error: query failed: ERROR:  permission denied for schema public");
    return 1;
  }
  for (const BenchTable& table : benchTables(run.scale)) {
    sim::Relation relation;
    relation.name = table.name;
    relation.database = run.database;
    relation.owner = run.user;
    relation.columns = table.columns;
    relation.rows = table.rows * run.scale;
    relation.pages = sim::heapPages(relation, relation.rows);
    relation.analyzed = relation.allVisible = true;
    if (table.rows > 0) {
      const std::vector<std::string> key = {relation.columns[0].name};
      relation.indexes.push_back(
          {relation.name + "_pkey", key, sim::btreePages(relation, key), true});
    }
    sim::Action action;
    action.verb = sim::Verb::Relation;
    action.target = relation.name;
    action.fields["database"] = relation.database;
    action.text = sim::relationText(relation);
    if (!call.apply(action).accepted) return 1;
  }
  const double generate = 1.05 * run.scale / 10, keys = 0.6 * run.scale / 10;
  const std::string rows = std::to_string(100'000LL * run.scale);
  const auto seconds = [](double value) { return base::fixedText(value, 2) + " s"; };
  call.complain("dropping old tables...\ncreating tables...\ngenerating data (client-side)...\n" +
                rows + " of " + rows + " tuples (100%) done (elapsed " + seconds(generate) +
                ", remaining 0.00 s)\nvacuuming...\ncreating primary keys...\ndone in " +
                seconds(generate * 1.3 + keys + 0.02) +
                " (drop tables 0.00 s, create tables 0.02 s, client-side generate " +
                seconds(generate) + ", vacuum " + seconds(generate * 0.3) + ", primary keys " +
                seconds(keys) + ").");
  sim::Action used;
  used.verb = sim::Verb::Execute;
  used.target = std::to_string(sql.state().pid);
  used.fields = {{"wal-bytes", std::to_string(14'000'000LL * run.scale)},
                 {"dirtied", std::to_string(1'900LL * run.scale)}};
  call.apply(used);
  call.duration = call.duration +
                  base::SimTime{static_cast<std::int64_t>((generate * 1.3 + keys + 0.02) * 1000)};
  return 0;
}

// The scale is what pgbench_branches holds.
bool readScale(Call& call, BenchmarkRun& run) {
  const sim::Relation* branches = tableOf(call.world(), run.database, "pgbench_branches");
  if (branches != nullptr) {
    run.scale = static_cast<int>(std::clamp<std::int64_t>(branches->rows, 1, 1'000'000));
    return true;
  }
  call.complain(
      "pgbench: error: could not count number of branches: ERROR:  relation \"pgbench_branches\" "
      "does not exist\nLINE 1: select count(*) from pgbench_branches\n"
      "                             ^\npgbench: hint: Perhaps you need to do initialization "
      "(\"pgbench -i\") in database \"" +
      run.database + "\".");
  return false;
}

int runClients(Call& call, BenchmarkRun run, bool vacuums) {
  if (vacuums) call.complain("starting vacuum...end.");
  const std::int64_t nowMs = call.world().now().ms + call.duration.ms;
  const std::string wrong = startBenchmark(call.machine, run, nowMs);
  if (!wrong.empty()) {
    call.error += wrong;
    return 1;
  }
  if (Job* job = call.interpreter.job()) {
    job->benchmark = std::move(run);
    return 0;
  }
  call.print(benchmarkReport(run, nowMs + run.seconds * 1000));
  call.duration = call.duration + base::seconds(run.seconds);
  return 0;
}

int runPgbench(Call& call) {
  constexpr LongOption kLongs[] = {{"initialize", 'i'}, {"client", 'c'},   {"time", 'T'},
                                   {"scale", 's'},      {"jobs", 'j'},     {"select-only", 'S'},
                                   {"no-vacuum", 'n'},  {"username", 'U'}, {"host", 'h'},
                                   {"port", 'p'},       {"quiet", 'q'},    {"progress", 'P'}};
  const Options options = parseOptions(call, "ic:T:s:j:SnU:h:p:qP:r", kLongs);
  if (!options.ok) return 1;
  BenchmarkRun run;
  run.user = options.value('U', environmentValue(call.world(), call.state, "PGUSER"));
  run.database = options.rest.empty() ? environmentValue(call.world(), call.state, "PGDATABASE")
                                      : options.rest[0];
  run.clients = static_cast<int>(numberOr(options.value('c'), 1, 1, 10'000));
  run.threads = static_cast<int>(numberOr(options.value('j'), 1, 1, 1000));
  run.seconds = static_cast<int>(numberOr(options.value('T'), 10, 1, 86'400));
  run.scale = static_cast<int>(numberOr(options.value('s'), 1, 1, 20'000));
  run.selectOnly = options.has('S');
  PsqlSession session;
  session.user = run.user;
  session.database = run.database;
  session.application = "pgbench";
  SqlSession sql(call.machine, session, call.changed, call.duration);
  if (!options.has('i')) {
    call.print("pgbench (" + call.world().spec().database.version + ")\n");
  }
  if (const std::string reason = sql.connect(); !reason.empty()) {
    call.complain("pgbench: error: " + reason +
                  "\npgbench: error: could not create connection for setup");
    return 1;
  }
  const int code = options.has('i') ? initialize(call, run, sql) : readScale(call, run) ? 0 : 1;
  sql.disconnect();
  if (code != 0 || options.has('i')) return code;
  return runClients(call, std::move(run), !options.has('n'));
}

constexpr Command kCommands[] = {
    {"pgbench", "pgbench [-i [-s SCALE]] [-c CLIENTS] [-T SECONDS] [-S] [-n] [-U USER] [DATABASE]",
     "a benchmark's tables and clients", runPgbench}};

}  // namespace

std::span<const Command> benchmarkCommands() {
  return kCommands;
}

}  // namespace console
