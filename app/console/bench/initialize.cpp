// SPDX-License-Identifier: GPL-3.0-or-later
// pgbench -i: drops, creates and fills its four tables, vacuums them and builds their keys.
#include <algorithm>
#include <cstdlib>

#include "base/text.h"
#include "console/bench/run.h"
#include "console/sql/session.h"
#include "console/sql/tables/table_work.h"
#include "console/sql/virtual_tables.h"

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

// pgbench -i at work: what is left in the database when a step fails is what the steps before made.
class Initializing {
 public:
  Initializing(Call& call, const PsqlSession& session, const InitOptions& options)
      : m_call(call), m_session(session), m_options(options), m_tables(tablesOf(session, options)) {
    const std::string limit = readSetting(call.world(), session, "statement_timeout").canonical;
    m_timeout = std::strtod(limit.c_str(), nullptr) / 1000;
  }

  int run() {
    drop();
    create();
    if (!generate()) return failed();
    if (m_options.vacuum && !vacuum()) return failed();
    if (!keys()) return failed();
    m_call.complain("done in " + base::fixedText(m_seconds, 2) + " s (" + m_parts + ").");
    spend();
    return 0;
  }

 private:
  int failed() {
    spend();
    return 1;
  }
  void spend() {
    m_call.duration = m_call.duration + base::SimTime{static_cast<std::int64_t>(m_seconds * 1000)};
  }
  void took(const char* what, double seconds) {
    m_seconds += seconds;
    m_parts +=
        std::string(m_parts.empty() ? "" : ", ") + what + " " + base::fixedText(seconds, 2) + " s";
  }
  // A statement ends before its time.
  bool tooLong(double seconds) {
    if (m_timeout <= 0 || seconds <= m_timeout) return false;
    m_seconds += m_timeout;
    return true;
  }
  bool refuse(const std::string& statement) {
    m_call.complain("pgbench: error: query failed: ERROR:  " + std::string(kTimeout) +
                    "\npgbench: detail: Query was: " + statement);
    return false;
  }

  void store(const sim::Relation& table, bool drops = false) {
    sim::Action action;
    action.verb = sim::Verb::Relation;
    action.target = table.name;
    action.fields["database"] = m_session.database;
    if (drops) {
      action.fields["drop"] = "yes";
    } else {
      action.text = sim::relationText(table);
    }
    (void)m_call.apply(action);
  }

  void drop() {
    for (const sim::Relation& table : m_tables) {
      if (existing(m_call.world(), table.name, m_session.database) == nullptr) {
        m_call.complain("NOTICE:  table \"" + table.name + "\" does not exist, skipping");
      } else {
        store(table, true);
      }
    }
    took("drop tables", kDropSeconds);
  }

  void create() {
    m_call.complain("creating tables...");
    for (sim::Relation table : m_tables) {
      table.rows = table.pages = 0;
      table.indexes.clear();
      table.analyzed = table.allVisible = false;
      store(table);
    }
    took("create tables", kDropSeconds);
  }

  // One transaction, whose COPY takes nearly all of it.
  bool generate() {
    m_call.complain("generating data (client-side)...");
    const std::int64_t rows = m_tables[0].rows;
    const double seconds = static_cast<double>(rows) * kGenerateSeconds;
    const bool late = tooLong(seconds);
    if (!late) book(m_call, m_session, m_tables);
    if (!m_call.world().postgres().accepts()) {  // pg_wal is full
      m_call.complain("pgbench: error: PQputline failed");
      return false;
    }
    tellProgress(m_call, m_options, rows, seconds);
    if (late) {
      const auto line = static_cast<std::int64_t>(static_cast<double>(rows) * m_timeout / seconds);
      const std::string number = std::to_string(line);
      m_call.complain("ERROR:  " + std::string(kTimeout) +
                      "\nCONTEXT:  COPY pgbench_accounts, line " + number + ": \"" + number + "\t" +
                      std::to_string((line - 1) / kAccountsPerScale + 1) +
                      "\t0\t\"\npgbench: error: PQendcopy failed");
      return false;
    }
    for (sim::Relation table : m_tables) {
      table.indexes.clear();
      table.analyzed = table.allVisible = false;
      store(table);
    }
    took("client-side generate", seconds);
    return true;
  }

  bool vacuum() {
    m_call.complain("vacuuming...");
    constexpr double kLeastSeconds = 0.02;
    const double seconds = kLeastSeconds + static_cast<double>(m_tables[0].rows) * kVacuumSeconds;
    // Branches and tellers come first, history last.
    for (const std::size_t i : {1U, 3U, 0U, 2U}) {
      if (i == 0 && tooLong(seconds)) return refuse("vacuum analyze pgbench_accounts");
      sim::Relation table = m_tables[i];
      table.indexes.clear();
      store(table);
    }
    took("vacuum", seconds);
    return true;
  }

  bool keys() {
    m_call.complain("creating primary keys...");
    constexpr double kLeastSeconds = 0.01;
    const double seconds = kLeastSeconds + static_cast<double>(m_tables[0].rows) * kKeySeconds;
    for (const std::size_t i : {1U, 3U, 0U}) {
      if (i == 0 && tooLong(seconds)) {
        return refuse("alter table pgbench_accounts add primary key (aid)");
      }
      store(m_tables[i]);
    }
    took("primary keys", seconds);
    return true;
  }

  static constexpr const char* kTimeout = "canceling statement due to statement timeout";
  Call& m_call;
  const PsqlSession& m_session;
  const InitOptions& m_options;
  std::vector<sim::Relation> m_tables;
  double m_timeout = 0, m_seconds = 0;  // timeout 0: none
  std::string m_parts;
};

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
  return Initializing(call, session, options).run();
}

}  // namespace console
