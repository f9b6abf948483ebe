// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/autovacuum.h"

#include <algorithm>

#include "base/text.h"
#include "sim/server_log.h"
#include "sim/session_actions.h"

namespace sim {
namespace {

bool isOn(const Postgres& server, std::string_view name) {
  return server.settings.state(name) != nullptr && server.settings.show(name) == "on";
}

struct Due {
  bool vacuum = false, analyze = false;
};

// relation_needs_vacanalyze
Due dueOf(const Postgres& server, const Relation& relation) {
  const auto rows = static_cast<double>(relation.rows);
  const auto limit = [&](const char* base, double baseDefault, const char* factor,
                         double factorDefault) {
    return server.settings.real(base, baseDefault) +
           server.settings.real(factor, factorDefault) * rows;
  };
  Due due;
  due.vacuum = static_cast<double>(relation.dead) >
               limit("autovacuum_vacuum_threshold", 50, "autovacuum_vacuum_scale_factor", 0.2);
  due.analyze = static_cast<double>(relation.modified) >
                limit("autovacuum_analyze_threshold", 50, "autovacuum_analyze_scale_factor", 0.1);
  return due;
}

Relation* relationOf(Postgres& server, std::uint32_t oid) {
  for (Relation& one : server.relations) {
    if (one.oid == oid && oid != 0) return &one;
  }
  return nullptr;
}

std::string nameOf(const Relation& relation) {
  return relation.database + ".public." + relation.name;
}

double perSecond(double pages, double seconds) {
  return pages * 8192 / (1024.0 * 1024) / std::max(seconds, 0.001);
}

std::string rates(double read, double written, double seconds) {
  return "\n\tavg read rate: " + base::fixedText(perSecond(read, seconds), 3) +
         " MB/s, avg write rate: " + base::fixedText(perSecond(written, seconds), 3) + " MB/s";
}

std::string usage(double userSeconds, double seconds) {
  return "\n\tsystem usage: CPU: user: " + base::fixedText(userSeconds, 2) +
         " s, system: " + base::fixedText(userSeconds / 5, 2) +
         " s, elapsed: " + base::fixedText(seconds, 2) + " s";
}

// What vacuumed rows leave in an index: their entries made it grow, to twice its size at most.
std::int64_t grownPages(const Relation& relation, const RelationIndex& index) {
  const double share =
      relation.rows > 0
          ? std::min(1.0, static_cast<double>(relation.dead) / static_cast<double>(relation.rows))
          : 1.0;
  const auto fresh = static_cast<double>(btreePages(relation, index.columns));
  return std::max(index.pages, static_cast<std::int64_t>(fresh * (1 + share)));
}

std::string vacuumReport(const Postgres& server, const Relation& relation, double seconds) {
  const std::int64_t perPage =
      std::max<std::int64_t>(rowsPerPage(relation.columns, relation.fillfactor), 1);
  const std::int64_t deadPages = std::min(relation.pages, (relation.dead + perPage - 1) / perPage);
  const bool indexes = !relation.indexes.empty() && relation.dead > 0;
  // MODEL: of rows that died in several whole updates, all but the last update's were pruned by the
  // next one; only their item identifiers are left.
  const std::int64_t removed = std::min(relation.dead, std::max<std::int64_t>(relation.rows, 1));
  const std::uint32_t xid = 700 + server.nextOid % 1000;
  const std::string pages = std::to_string(relation.pages);
  std::string text =
      "LOG:  automatic vacuum of table \"" + nameOf(relation) +
      "\": index scans: " + (indexes ? "1" : "0") + "\n\tpages: 0 removed, " + pages + " remain, " +
      pages + " scanned (100.00% of total)\n\ttuples: " + std::to_string(removed) + " removed, " +
      std::to_string(relation.rows) +
      " remain, 0 are dead but not yet removable\n\tremovable cutoff: " + std::to_string(xid + 1) +
      ", which was 0 XIDs old when operation ended\n\tnew relfrozenxid: " + std::to_string(xid) +
      ", which is 5 XIDs ahead of previous value";
  const double share = relation.pages > 0 ? 100.0 * static_cast<double>(deadPages) /
                                                static_cast<double>(relation.pages)
                                          : 0;
  text += "\n\tindex scan " + std::string(indexes ? "needed" : "not needed") + ": " +
          std::to_string(indexes ? deadPages : 0) + " pages from table (" +
          base::fixedText(indexes ? share : 0, 2) + "% of total) had " +
          std::to_string(indexes ? relation.dead : 0) + " dead item identifiers removed";
  double indexPages = 0;
  if (indexes) {
    for (const RelationIndex& index : relation.indexes) {
      const std::int64_t grown = grownPages(relation, index);
      indexPages += static_cast<double>(grown);
      text += "\n\tindex \"" + index.name + "\": pages: " + std::to_string(grown) +
              " in total, 0 newly deleted, 0 currently deleted, 0 reusable";
    }
  }
  const auto heap = static_cast<double>(relation.pages);
  const double hits = heap * 2 + indexPages + static_cast<double>(deadPages);
  const double misses = heap * 0.05, dirtied = heap * 0.05;
  const auto whole = [](double value) { return std::to_string(static_cast<std::int64_t>(value)); };
  text += rates(misses, dirtied, seconds) + "\n\tbuffer usage: " + whole(hits) + " hits, " +
          whole(misses) + " misses, " + whole(dirtied) +
          " dirtied\n\tWAL usage: " + whole(heap + indexPages + static_cast<double>(deadPages)) +
          " records, 2 full page images, " + whole(heap * 546) + " bytes";
  return text + usage(heap * 33e-6, seconds);
}

std::string analyzeReport(const Relation& relation, double seconds) {
  // A sample of 30000 rows reads as many pages at most.
  constexpr std::int64_t kSample = 30'000;
  const auto pages = static_cast<double>(std::min(relation.pages, kSample));
  return "LOG:  automatic analyze of table \"" + nameOf(relation) + "\"" +
         rates(pages * 0.03, 5, seconds) +
         "\n\tbuffer usage: " + std::to_string(static_cast<std::int64_t>(pages + 16)) + " hits, " +
         std::to_string(static_cast<std::int64_t>(pages * 0.03)) + " misses, 5 dirtied" +
         usage(pages * 1e-5, seconds);
}

double analyzeMilliseconds(const Relation& relation) {
  constexpr double kSample = 30'000;
  return 60 + 0.055 * std::min(static_cast<double>(relation.pages), kSample);  // MODEL
}

double workMilliseconds(const Postgres& server, const Relation& relation, const Due& due) {
  double delay = server.settings.real("autovacuum_vacuum_cost_delay", 2);
  if (delay < 0) delay = server.settings.real("vacuum_cost_delay", 0);
  double limit = server.settings.real("autovacuum_vacuum_cost_limit", -1);
  if (limit < 0) limit = server.settings.real("vacuum_cost_limit", 200);
  double milliseconds = 0;
  if (due.vacuum) {
    milliseconds += vacuumMilliseconds(static_cast<double>(relation.pages),
                                       static_cast<double>(relation.pages) * 0.05, delay, limit);
  }
  return milliseconds + (due.analyze ? analyzeMilliseconds(relation) : 0);
}

void startWorker(ServerContext& c, const Relation& relation, const Due& due) {
  Postgres& server = c.server;
  skipSessionPids(server, 1);
  Session worker;
  worker.pid = server.nextPid++;
  worker.kind = SessionKind::AutovacuumWorker;
  worker.database = relation.database;
  worker.startedMs = worker.xactStartMs = worker.queryStartMs = worker.stateChangeMs = c.now.ms;
  worker.busyUntilMs =
      c.now.ms + static_cast<std::int64_t>(workMilliseconds(server, relation, due));
  worker.query = std::string("autovacuum: ") + (due.vacuum ? "VACUUM" : "") +
                 (due.vacuum && due.analyze ? " " : "") + (due.analyze ? "ANALYZE" : "") +
                 " public." + relation.name;
  // Several steps of a table that is small enough are over before anybody looks.
  worker.waitType = "Timeout";
  worker.waitEvent = "VacuumDelay";
  worker.locks = {{relation.oid, relation.name, LockMode::ShareUpdateExclusive, true, c.now.ms}};
  server.sessions.push_back(std::move(worker));
}

void report(ServerContext& c, std::uint32_t pid, const std::string& text, double milliseconds) {
  const double least = c.server.settings.real("log_autovacuum_min_duration", 600'000);
  if (least < 0 || milliseconds < least) return;
  writePlain(c.telemetry, c.now, LogSource::Postgres, Severity::Info, text, pid);
}

void finishWorker(ServerContext& c, const Session& worker) {
  Relation* relation =
      worker.locks.empty() ? nullptr : relationOf(c.server, worker.locks[0].relation);
  if (relation == nullptr) return;
  const auto took = static_cast<double>(worker.busyUntilMs - worker.startedMs);
  const bool analyzes = base::contains(worker.query, "ANALYZE");
  const double analyzing = analyzes ? analyzeMilliseconds(*relation) : 0;
  if (base::contains(worker.query, "VACUUM")) {
    const double milliseconds = std::max(took - analyzing, 1.0);
    report(c, worker.pid, vacuumReport(c.server, *relation, milliseconds / 1000), milliseconds);
    const std::int64_t needed = heapPages(*relation, relation->rows);
    for (RelationIndex& index : relation->indexes) index.pages = grownPages(*relation, index);
    relation->dead = 0;
    relation->freePages = std::max<std::int64_t>(0, relation->pages - needed);
    relation->allVisible = true;
  }
  if (analyzes) {
    report(c, worker.pid, analyzeReport(*relation, analyzing / 1000), analyzing);
    relation->analyzed = true;
    relation->modified = 0;
  }
}

}  // namespace

double vacuumMilliseconds(double pages, double dirtied, double costDelayMs, double costLimit) {
  // MODEL: 0.05 ms of work for a page, its index entries included. A page found costs 1
  // (vacuum_cost_page_hit), one made dirty 20 more (vacuum_cost_page_dirty).
  const double work = 0.05 * pages;
  if (costDelayMs <= 0 || costLimit <= 0) return work;
  return work + (pages * 2.9 + dirtied * 20) / costLimit * costDelayMs;
}

std::uint32_t workerOn(const Postgres& server, std::uint32_t relation) {
  for (const Session& one : server.sessions) {
    if (one.kind != SessionKind::AutovacuumWorker || one.locks.empty()) continue;
    if (one.locks[0].relation == relation) return one.pid;
  }
  return 0;
}

void stepAutovacuum(ServerContext& c) {
  Postgres& server = c.server;
  if (server.sessions.empty() && server.relations.empty()) return;
  std::vector<Session> done;
  for (const Session& one : server.sessions) {
    if (one.kind == SessionKind::AutovacuumWorker && c.now.ms >= one.busyUntilMs) {
      done.push_back(one);
    }
  }
  for (const Session& one : done) {
    finishWorker(c, one);
    endSession(c, one.pid, SessionEnd::Closed);
  }
  if (server.relations.empty() || !server.accepts()) return;
  if (!isOn(server, "autovacuum") || !isOn(server, "track_counts")) return;
  const auto napMs =
      static_cast<std::int64_t>(server.settings.real("autovacuum_naptime", 60) * 1000);
  if (c.now.ms < server.autovacuumWoke.ms + napMs) return;
  server.autovacuumWoke = c.now;
  auto free = static_cast<std::int64_t>(server.settings.real("autovacuum_max_workers", 3));
  for (const Session& one : server.sessions) {
    if (one.kind == SessionKind::AutovacuumWorker) --free;
  }
  for (const Relation& relation : server.relations) {
    if (free <= 0) break;
    if (relation.temporary() || relation.oid == 0) continue;
    const Due due = dueOf(server, relation);
    if (!due.vacuum && !due.analyze) continue;
    if (lockHolder(server, 0, relation.oid, LockMode::ShareUpdateExclusive) != nullptr) continue;
    startWorker(c, relation, due);
    --free;
  }
}

void stopWorker(ServerContext& c, std::uint32_t pid, bool terminated) {
  const Session* found = findSession(c.server, pid);
  if (found == nullptr || found->kind != SessionKind::AutovacuumWorker) return;
  const Session worker = *found;
  const Relation* relation =
      worker.locks.empty() ? nullptr : relationOf(c.server, worker.locks[0].relation);
  const double share = static_cast<double>(c.now.ms - worker.startedMs) /
                       std::max(1.0, static_cast<double>(worker.busyUntilMs - worker.startedMs));
  std::string text = terminated
                         ? "FATAL:  terminating autovacuum process due to administrator command"
                         : "ERROR:  canceling autovacuum task";
  if (relation != nullptr) {
    const auto block = static_cast<std::int64_t>(static_cast<double>(relation->pages) * share);
    text += "\nCONTEXT:  while scanning block " + std::to_string(block) + " of relation \"public." +
            relation->name + "\"";
    if (!terminated) text += "\n\tautomatic vacuum of table \"" + nameOf(*relation) + "\"";
  }
  writePlain(c.telemetry, c.now, LogSource::Postgres,
             terminated ? Severity::Critical : Severity::Error, text, pid);
  endSession(c, pid, SessionEnd::Closed);
}

}  // namespace sim
