// SPDX-License-Identifier: GPL-3.0-or-later
// A group of client sessions that run a script over and over, as a benchmark does: what one
// transaction asks of the server, and what becomes of it tick by tick. Throughput and latency
// follow from the stations (queueing.h), hits from which pages the keys touch (page_popularity.h),
// WAL from pages touched for the first time after a checkpoint.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/sim_time.h"
#include "sim/page_popularity.h"

namespace sim {

struct Action;
struct Outcome;
struct Postgres;
struct ServerContext;

// How keys are drawn: pgbench's random functions.
enum class KeyLaw : std::uint8_t { Uniform, Gaussian, Exponential, Zipfian };

// Pages of a table or of an index's leaves that a transaction touches by keys in order of place.
struct PageAccess {
  double pages = 1;
  double perTransaction = 0;
  double dirtied = 0;  // share of these accesses that change the page
  KeyLaw law = KeyLaw::Uniform;
  double parameter = 0;
  double keys = 1;             // how many there are
  double from = 0, until = 1;  // the part of the keys that is drawn from
  bool operator==(const PageAccess&) const = default;
};

// What one transaction asks, in seconds, bytes and pages.
struct ScriptDemand {
  double cpuSeconds = 0;    // of server and client, alone on the host
  double hotRows = 0;       // rows of which each transaction changes one until its end; 0: none
  double commits = 0;       // waits for the WAL to be on disk
  double sleepSeconds = 0;  // the client's own pauses
  double walBytes = 0;      // records, without page images
  double hotAccesses = 0;   // to pages that never leave the pool: index roots, catalogues
  double tempBytes = 0, tempFiles = 0;
  double peakBytes = 0;  // private memory while its largest statement runs
  double tables = 0;     // different tables touched
  double replies = 1;    // statements answered
  std::vector<PageAccess> pages;
  bool operator==(const ScriptDemand&) const = default;
};
[[nodiscard]] std::string demandText(const ScriptDemand& demand);
// Nothing when the text has another form, or numbers no script could ask.
[[nodiscard]] std::optional<ScriptDemand> demandFrom(std::string_view text);

// Which pages a demand touches, and which it changes. Made from the demand alone.
struct DemandTables {
  PagePopularity touched, changed;
  double accesses = 0, changes = 0;  // per transaction
  explicit DemandTables(const ScriptDemand& demand);
};

// A statement that a load's script sends.
struct SentStatement {
  std::int32_t script = 0;  // statements of one script stand together
  double share = 1;         // of the transactions that run it
  double seconds = 1;       // its work, alone on the host
  bool operator==(const SentStatement&) const = default;
};

constexpr std::string_view kRangeBegins = "\u27e6", kRangeEnds = "\u27e7";  // low,high

// How statements are sent: as text, parsed anew each time, or prepared once (pgbench -M).
enum class QueryProtocol : std::uint8_t { Simple, Extended, Prepared };

struct ClientLoad {
  std::string user, database, application;
  // What its script sends. A variable's range stands between kRangeBegins and kRangeEnds.
  std::vector<std::string> statements;
  std::vector<SentStatement> sent;  // of each statement, or empty
  QueryProtocol protocol = QueryProtocol::Simple;
  std::string authenticated;  // "identity=... method=...", as the log names its clients; or empty
  std::int32_t clients = 1, threads = 1;
  std::int32_t alive = 0;      // clients whose sessions are there (Session::load)
  std::uint32_t firstPid = 0;  // of the clients' backends
  ScriptDemand demand;
  double rate = 0;                // transactions per second offered; 0: one after another
  double transactionsWanted = 0;  // 0: until the end of time
  std::int64_t startedMs = 0, endsMs = 0;
  double connectSeconds = 0;
  // -- what has come of it --
  bool done = false, aborted = false;
  double transactions = 0, seconds = 0;            // since all clients were connected
  double latencySum = 0, lagSum = 0, lagMost = 0;  // seconds, over transactions
  double backlog = 0;                              // offered and not yet begun
  double references = 0;                           // page accesses by each client
  double changes = 0;                              // page changes since the last checkpoint began
  double redoFrom = 0;                             // where that was
  double cpuBusy = 0, active = 0, rateNow = 0;     // of the last tick
  // Not part of the value: follows from the demand.
  struct Tables {
    std::shared_ptr<const DemandTables> made;
    bool operator==(const Tables&) const { return true; }
  } tables;
  bool operator==(const ClientLoad&) const = default;

  [[nodiscard]] bool runs() const { return !done; }
  // Private memory of each client's backend, between statements, bytes.
  [[nodiscard]] double backendBytes() const;
};

// What all loads did in a tick.
struct LoadWork {
  double transactions = 0, walBytes = 0, pagesDirtied = 0, pagesWritten = 0;
  double diskReads = 0, writtenBytes = 0, cpuBusy = 0, active = 0, bytes = 0;
};

// Serves the loads for so many seconds; otherCores: taken by the website and by the host's other
// jobs.
[[nodiscard]] LoadWork stepClientLoads(ServerContext& context, double seconds, double otherCores);
// Verb::Load: text: demandText(); fields: clients, threads, user, database, application, statements
// (lines), sent (a line for each statement: script, share, seconds), authenticated, milliseconds
// (0: no end), transactions (0: no end), rate (thousandths per second), connect (ms). Clients
// connect one after another; when one is turned away the others leave, the text is what it reads,
// and the exit code its number.
Outcome startLoad(ServerContext& context, const Action& action);
// One of ClientLoad::statements with numbers drawn from its ranges; from what draws differ.
[[nodiscard]] std::string drawnStatement(const std::string& statement, std::uint64_t seed,
                                         std::int64_t moment, std::uint32_t which);
// Some load runs.
[[nodiscard]] bool loadsRun(const Postgres& server);
// The load whose first client has this pid; null: there is none.
[[nodiscard]] const ClientLoad* findLoad(const Postgres& server, std::uint32_t firstPid);

// Private bytes of a backend that has touched so many tables.
[[nodiscard]] double backendBytes(double tables);
// Mapped pages of program, libraries and catalogues of such a backend.
[[nodiscard]] double backendFileBytes(double tables);

}  // namespace sim
