// SPDX-License-Identifier: GPL-3.0-or-later
// pgbench -i: drops, creates and fills its four tables, vacuums them and builds their keys.
#include <algorithm>

#include "base/text.h"
#include "console/bench/run.h"
#include "console/sql/session.h"
#include "console/sql/tables/table_work.h"

namespace console {
namespace {

// MODEL: seconds per row of accounts to generate and copy, vacuum, and sort into the key; recorded
// runs at scale 2 and 3 took 1.2 to 1.7, 0.4 to 0.5 and 0.8 us.
constexpr double kGenerateSeconds = 1.3e-6, kVacuumSeconds = 0.45e-6, kKeySeconds = 0.8e-6;
constexpr double kDropSeconds = 0.01;
constexpr std::int64_t kAccountsPerScale = 100'000, kTellersPerScale = 10;
constexpr double kPageBytes = 8192;

// source: of the number of the row, from 1 on; empty where there are no rows.
sim::RelationColumn column(const char* name, const char* type, double width, double distinct,
                           std::string source) {
  sim::RelationColumn one;
  one.name = name;
  one.type = type;
  one.width = width;
  one.distinct = distinct;
  one.correlation = 1;
  one.source = std::move(source);
  return one;
}

std::vector<sim::Relation> tablesOf(const PsqlSession& session, const InitOptions& options) {
  const auto filler = [](double width, const char* source) {
    return column("filler", "character", width + 1, 1, source);
  };
  const auto whole = [](const char* name, double distinct, std::string source) {
    return column(name, "integer", 4, distinct, std::move(source));
  };
  // What stands in a row follows from its number (initGenerateDataClientSide in pgbench.c).
  const auto branchOf = [](std::int64_t rowsOfEach) {
    return "(n - 1) / " + std::to_string(rowsOfEach) + " + 1";
  };
  const std::int64_t branches = options.scale;
  const auto count = static_cast<double>(branches);
  std::vector<sim::Relation> tables(4);
  const char* names[] = {"pgbench_accounts", "pgbench_branches", "pgbench_history",
                         "pgbench_tellers"};
  for (std::size_t i = 0; i < tables.size(); ++i) {
    tables[i].name = names[i];
    tables[i].database = session.database;
    tables[i].owner = session.user;
    if (i == 2) continue;
    tables[i].fillfactor = static_cast<int>(options.fillfactor);
    tables[i].series = "n";
  }
  tables[0].rows = branches * kAccountsPerScale;
  tables[0].columns = {whole("aid", count * kAccountsPerScale, "n"),
                       whole("bid", count, branchOf(kAccountsPerScale)), whole("abalance", 1, "0"),
                       filler(84, "repeat(' ', 84)")};
  tables[1].rows = branches;
  tables[1].columns = {whole("bid", count, "n"), whole("bbalance", 1, "0"), filler(88, "null")};
  tables[2].columns = {whole("tid", 0, ""),
                       whole("bid", 0, ""),
                       whole("aid", 0, ""),
                       whole("delta", 0, ""),
                       column("mtime", "timestamp without time zone", 8, 0, ""),
                       filler(22, "")};
  tables[3].rows = branches * kTellersPerScale;
  tables[3].columns = {whole("tid", count * kTellersPerScale, "n"),
                       whole("bid", count, branchOf(kTellersPerScale)), whole("tbalance", 1, "0"),
                       filler(84, "null")};
  constexpr const char* kKeys[] = {"aid", "bid", nullptr, "tid"};
  for (std::size_t i = 0; i < tables.size(); ++i) {
    sim::Relation& table = tables[i];
    table.pages = sim::heapPages(table, table.rows);
    table.analyzed = table.allVisible = options.vacuum;
    if (kKeys[i] == nullptr) continue;
    table.indexes.push_back({table.name + "_pkey", {kKeys[i]}, 1, true});
    table.indexes[0].pages = sim::btreePages(table, {kKeys[i]});
  }
  return tables;
}

bool mayCreate(const Call& call, const PsqlSession& session) {
  const sim::Role* role = call.world().postgres().role(session.user);
  return call.world().spec().database.laboratory && role != nullptr && role->superuser;
}

const sim::Relation* existing(const sim::World& world, const std::string& name,
                              const std::string& database) {
  for (const sim::Relation& one : world.postgres().relations) {
    if (one.name == name && one.database == database) return &one;
  }
  return nullptr;
}

void tellProgress(Call& call, const InitOptions& options, std::int64_t rows, double seconds) {
  constexpr std::int64_t kStep = 100'000;
  constexpr std::int64_t kMostLines = 200;
  const std::int64_t step =
      options.quiet ? rows : std::max(kStep, rows / kMostLines / kStep * kStep);
  for (std::int64_t done = step; done <= rows; done += step) {
    const double passed = seconds * static_cast<double>(done) / static_cast<double>(rows);
    call.complain(std::to_string(done) + " of " + std::to_string(rows) + " tuples (" +
                  std::to_string(done * 100 / rows) + "%) done (elapsed " +
                  base::fixedText(passed, 2) + " s, remaining " +
                  base::fixedText(seconds - passed, 2) + " s)");
  }
}

void book(Call& call, const PsqlSession& session, const std::vector<sim::Relation>& tables) {
  double bytes = 0;
  for (const sim::Relation& table : tables) {
    bytes += static_cast<double>(table.pages) * kPageBytes;
    for (const sim::RelationIndex& index : table.indexes) {
      bytes += static_cast<double>(index.pages) * kPageBytes;
    }
  }
  sim::Action action;
  action.verb = sim::Verb::Execute;
  action.target = std::to_string(session.pid);
  action.fields["wal-bytes"] = std::to_string(static_cast<std::int64_t>(bytes));
  // COPY goes through a ring of 16 MB.
  constexpr std::int64_t kRingPages = 2048;
  action.fields["dirtied"] =
      std::to_string(std::min(static_cast<std::int64_t>(bytes / kPageBytes), kRingPages));
  (void)call.apply(action);
}

}  // namespace

int initializeBench(Call& call, PsqlSession& session, const InitOptions& options) {
  call.complain("dropping old tables...");
  if (!mayCreate(call, session)) {
    call.complain("creating tables...");
    call.complain("pgbench: error: query failed: ERROR:  permission denied for schema public");
    call.complain(
        "pgbench: detail: Query was: create table pgbench_history(tid int,bid int,aid    int,delta "
        "int,mtime timestamp,filler char(22))");
    return 1;
  }
  const std::vector<sim::Relation> tables = tablesOf(session, options);
  for (const sim::Relation& table : tables) {
    if (existing(call.world(), table.name, session.database) == nullptr) {
      call.complain("NOTICE:  table \"" + table.name + "\" does not exist, skipping");
    }
  }
  call.complain("creating tables...");
  const std::int64_t rows = tables[0].rows;
  const double generate = static_cast<double>(rows) * kGenerateSeconds;
  const double vacuum = options.vacuum ? 0.02 + static_cast<double>(rows) * kVacuumSeconds : 0;
  const double keys = 0.01 + static_cast<double>(rows) * kKeySeconds;
  call.complain("generating data (client-side)...");
  book(call, session, tables);
  if (!call.world().postgres().accepts()) {  // pg_wal is full
    call.complain("pgbench: error: PQputline failed");
    return 1;
  }
  for (const sim::Relation& table : tables) {
    sim::Action action;
    action.verb = sim::Verb::Relation;
    action.target = table.name;
    action.fields["database"] = session.database;
    action.text = sim::relationText(table);
    (void)call.apply(action);
  }
  tellProgress(call, options, rows, generate);
  if (options.vacuum) call.complain("vacuuming...");
  call.complain("creating primary keys...");
  const double total = generate + vacuum + keys + 2 * kDropSeconds;
  const auto part = [](const char* name, double seconds) {
    return std::string(name) + " " + base::fixedText(seconds, 2) + " s";
  };
  call.complain("done in " + base::fixedText(total, 2) + " s (" +
                part("drop tables", kDropSeconds) + ", " + part("create tables", kDropSeconds) +
                ", " + part("client-side generate", generate) +
                (options.vacuum ? ", " + part("vacuum", vacuum) : "") + ", " +
                part("primary keys", keys) + ").");
  call.duration = call.duration + base::SimTime{static_cast<std::int64_t>(total * 1000)};
  return 0;
}

}  // namespace console
