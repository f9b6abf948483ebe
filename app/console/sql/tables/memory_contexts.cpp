// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/tables/memory_contexts.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <span>

#include "sim/log_shapes.h"
#include "sim/server_log.h"

namespace console {
namespace {

struct KnownContext {
  int level;
  const char* text;
};
constexpr KnownContext kIdle[] = {
#include "console/sql/tables/memory_context_table.inc"
};

constexpr KnownContext kFresh[] = {
#include "console/sql/tables/fresh_context_table.inc"
};

// The numbers of a line, in order: total, blocks, free, chunks, used.
std::array<std::int64_t, 5> figures(const std::string& text) {
  std::array<std::int64_t, 5> found{};
  std::size_t next = 0, at = std::min(text.find(": "), text.find(" containing "));
  while (at != std::string::npos && next < found.size()) {
    at = text.find_first_of("0123456789", at);
    if (at == std::string::npos) break;
    char* end = nullptr;
    found[next++] = std::strtoll(text.c_str() + at, &end, 10);
    at = static_cast<std::size_t>(end - text.c_str());
  }
  return found;
}

// An AllocSet that holds so much: its first block has 8 kB, the second too, each next one twice
// as much.
std::string grownContext(const std::string& name, std::int64_t used) {
  constexpr std::int64_t kFirst = 8192;
  std::int64_t total = kFirst, blocks = 1;
  for (std::int64_t next = kFirst; total < used; next *= 2, ++blocks) total += next;
  return name + ": " + std::to_string(total) + " total in " + std::to_string(blocks) + " blocks; " +
         std::to_string(total - used) + " free (" + std::to_string(blocks - 1) + " chunks); " +
         std::to_string(used) + " used";
}

void addLines(std::vector<MemoryContextLine>& lines, int level,
              const std::vector<std::string>& own) {
  for (const std::string& line : own) {
    const std::size_t blanks = line.find_first_not_of(' ');
    lines.push_back({level + static_cast<int>(blanks / 2), line.substr(blanks)});
  }
}

void addPortal(std::vector<MemoryContextLine>& lines, const ContextUse& use) {
  if (use.executes) {
    lines.push_back(
        {2, "PortalContext: 1024 total in 1 blocks; 592 free (0 chunks); 432 used: <unnamed>"});
    // MODEL: 61 kB for a plan of eleven nodes.
    lines.push_back({3, grownContext("ExecutorState", 1024 + 5'400 * use.nodes)});
  }
  addLines(lines, use.executes ? 4 : 2, use.portal);
}

// The caches of a starting backend fill from the last of these on.
bool loadedLater(const std::string& text, bool& reached) {
  reached = reached || text.ends_with("pg_subscription_oid_index");
  return text.starts_with("index info") && !reached;
}

// A backend that has not yet told its client that it is ready has contexts of the postmaster's.
// True: this line of the list is not there, or another one in its place.
bool addStarting(std::vector<MemoryContextLine>& lines, const std::string& text, bool& reached) {
  if (text.starts_with("RowDescription") || text.starts_with("MessageContext") ||
      loadedLater(text, reached)) {
    return true;
  }
  if (text.starts_with("TransactionAbortContext")) {
    lines.push_back(
        {1, "TopTransactionContext: 35584 total in 2 blocks; 5768 free (9 chunks); 29816 used"});
  }
  if (text.starts_with("ErrorContext")) {
    lines.push_back({1, "Postmaster: 8192 total in 1 blocks; 7256 free (8 chunks); 936 used"});
    lines.push_back(
        {2, "ident parser context: 1024 total in 1 blocks; 760 free (0 chunks); 264 used"});
    lines.push_back(
        {2, "hba parser context: 17408 total in 5 blocks; 8120 free (6 chunks); 9288 used"});
  }
  if (!text.starts_with("CacheMemoryContext")) return false;
  lines.push_back(
      {1, "CacheMemoryContext: 524288 total in 7 blocks; 272 free (3 chunks); 524016 used"});
  return true;
}

// The indexes of catalogues that only statements write to that make or drop something.
const std::vector<std::string> kDefining = {
    "index info: 3072 total in 2 blocks; 840 free (1 chunks); 2232 used: pg_depend_reference_index",
    "index info: 3072 total in 2 blocks; 840 free (1 chunks); 2232 used: pg_depend_depender_index",
    "index info: 2048 total in 2 blocks; 416 free (1 chunks); 1632 used: "
    "pg_class_tblspc_relfilenode_index"};
const std::vector<std::string> kEventTriggers = {
    "EventTriggerCache: 8192 total in 1 blocks; 7928 free (4 chunks); 264 used",
    "  Event Trigger Cache: 8192 total in 1 blocks; 2616 free (0 chunks); 5576 used"};

// What a statement makes of a line of an idle session.
std::string whileBusy(const std::string& text, const ContextUse& use) {
  if (text.starts_with("TopPortalContext") && (use.executes || use.code)) {
    return "TopPortalContext: 8192 total in 1 blocks; 7656 free (0 chunks); 536 used";
  }
  // Each catalogue that is written to is counted.
  if (use.defines && text.starts_with("PgStat Shared Ref:")) {
    return "PgStat Shared Ref: 8192 total in 4 blocks; 3888 free (3 chunks); 4304 used";
  }
  if (!text.starts_with("MessageContext")) return text;
  // MODEL: 9 kB for the parsed, rewritten and planned form of each node; from plans of four and
  // of eleven. The text of a block of code is parsed into half of the first 8 kB.
  if (use.code) return grownContext("MessageContext", 4096);
  return use.nodes > 0 ? grownContext("MessageContext", 1304 + 9'000 * use.nodes) : text;
}

}  // namespace

std::vector<MemoryContextLine> memoryContexts(const ContextUse& use) {
  std::vector<MemoryContextLine> lines;
  // A plan that runs has read the statistics of its tables, even if it is the session's first.
  const bool brief = use.starting || (use.fresh && !use.executes);
  const std::span<const KnownContext> known =
      brief ? std::span<const KnownContext>(kFresh) : std::span<const KnownContext>(kIdle);
  const bool works = !use.portal.empty() || use.executes;
  const std::string transaction =
      "TopTransactionContext: 8192 total in 1 blocks; " + use.transaction;
  // Caches are made when they are first needed, the transaction's context with each transaction:
  // the newer stands first.
  const char* after = use.fresh ? "RowDescriptionContext" : known[1].text;
  bool reached = false;
  for (const KnownContext& one : known) {
    const std::string text = one.text;
    if (works && text.starts_with(after)) lines.push_back({1, transaction});
    if (use.starting && addStarting(lines, text, reached)) continue;
    const bool compared =
        text.starts_with("Type information cache") || text.ends_with("pg_toast_2619_index");
    if (compared && !use.compares) continue;
    // Event triggers are looked for before the first table of a statement is.
    if (use.defines && text.ends_with("pg_db_role_setting_databaseid_rol_index")) {
      addLines(lines, 2, kEventTriggers);
    }
    lines.push_back({one.level, whileBusy(text, use)});
    if (one.level == 0) addLines(lines, 1, use.top);
    if (use.operators && text.starts_with("TableSpace cache")) {
      lines.push_back(
          {1, "Operator lookup cache: 24576 total in 2 blocks; 10752 free (3 chunks); 13824 used"});
    }
    if (text.starts_with("TopPortalContext") && works) addPortal(lines, use);
    if (text.starts_with("CacheMemoryContext")) {
      addLines(lines, 2, use.cache);
      if (use.defines) addLines(lines, 2, kDefining);
    }
  }
  return lines;
}

std::vector<MemoryContextLine> dumpedContexts(const ContextUse& use) {
  constexpr int kMostChildren = 100;
  std::vector<MemoryContextLine> shown;
  std::vector<int> children;  // met so far, by level
  const std::vector<MemoryContextLine> all = memoryContexts(use);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto level = static_cast<std::size_t>(all[i].level);
    children.resize(level + 1);
    if (++children[level] <= kMostChildren) {
      shown.push_back(all[i]);
      continue;
    }
    // Only the caches of a session have so many.
    ContextSum sum = use.cached;
    for (; i < all.size() && all[i].level >= static_cast<int>(level); ++i) {
      const std::array<std::int64_t, 5> one = figures(all[i].text);
      sum.count += all[i].level == static_cast<int>(level) ? 1 : 0;
      sum.bytes += one[0];
      sum.blocks += one[1];
      sum.free += one[2];
      sum.chunks += one[3];
    }
    --i;
    shown.push_back({static_cast<int>(level),
                     std::to_string(sum.count) + " more child contexts containing " +
                         std::to_string(sum.bytes) + " total in " + std::to_string(sum.blocks) +
                         " blocks; " + std::to_string(sum.free) + " free (" +
                         std::to_string(sum.chunks) + " chunks); " +
                         std::to_string(sum.bytes - sum.free) + " used",
                     true});
  }
  return shown;
}

ContextUse codeContexts(const std::vector<std::string>& expressions) {
  ContextUse use;
  use.code = true;
  use.top = {"PLpgSQL cast expressions: 8192 total in 1 blocks; 1576 free (0 chunks); 6616 used",
             "CFuncHash: 8192 total in 1 blocks; 552 free (0 chunks); 7640 used",
             "Rendezvous variable hash: 8192 total in 1 blocks; 552 free (0 chunks); 7640 used",
             "PLpgSQL function hash: 8192 total in 1 blocks; 2616 free (0 chunks); 5576 used"};
  use.portal = {
      "PortalContext: 4096 total in 3 blocks; 3432 free (14 chunks); 664 used: <unnamed>",
      "  SPI Proc: 16384 total in 2 blocks; 4984 free (0 chunks); 11400 used",
      "    PLpgSQL private cast cache: 8192 total in 1 blocks; 1576 free (0 chunks); 6616 used",
      "    ExecutorState: 8192 total in 1 blocks; 3320 free (0 chunks); 4872 used",
      "      ExprContext: 8192 total in 1 blocks; 7928 free (0 chunks); 264 used",
      "    PL/pgSQL inline code context: 8192 total in 1 blocks; 3616 free (6 chunks); 4576 used",
      "    SPI Exec: 8192 total in 1 blocks; 7928 free (0 chunks); 264 used"};
  for (const std::string& text : expressions) {
    const bool large = text.size() > 12;
    const std::string blocks = large ? "4096 total in 3 blocks; " : "2048 total in 2 blocks; ";
    use.cache.push_back("CachedPlan: " + blocks + "560 free (0 chunks); 1488 used: " + text);
    use.cache.push_back("CachedPlanSource: " + blocks + "848 free (2 chunks); 1200 used: " + text);
    use.cache.push_back(
        "  CachedPlanQuery: 2048 total in 2 blocks; 432 free (1 chunks); 1616 used");
    use.cache.push_back("SPI Plan: 1024 total in 1 blocks; 600 free (0 chunks); 424 used");
  }
  return use;
}

std::string grandTotal(const std::vector<MemoryContextLine>& lines) {
  std::array<std::int64_t, 5> sum{};
  for (const MemoryContextLine& line : lines) {
    const bool counted =
        line.text.find(" blocks (") != std::string::npos;  // names its chunks twice
    std::array<std::int64_t, 5> one = figures(line.text);
    if (counted) one = {one[0], one[1], one[3], one[4], one[0] - one[3]};
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += one[i];
  }
  return "Grand total: " + std::to_string(sum[0]) + " bytes in " + std::to_string(sum[1]) +
         " blocks; " + std::to_string(sum[2]) + " free (" + std::to_string(sum[3]) + " chunks); " +
         std::to_string(sum[0] - sum[2]) + " used";
}

std::vector<Row> memoryContextRows(const TableContext& context) {
  ContextUse idle;
  idle.fresh = !context.session.planned.contains("table");
  idle.defines = context.session.planned.contains("definition");
  std::vector<Row> rows;
  std::vector<std::string> parents;
  for (const MemoryContextLine& line : memoryContexts(idle)) {
    const std::size_t colon = line.text.find(": ");
    const std::string name = line.text.substr(0, colon);
    const std::size_t ident = line.text.find(" used: ");
    const std::array<std::int64_t, 5> f = figures(line.text.substr(colon));
    parents.resize(static_cast<std::size_t>(line.level));
    Row row = {name, {}, {}, std::int64_t{line.level}, f[0], f[1], f[2], f[3], f[4]};
    if (ident != std::string::npos) row[1] = line.text.substr(ident + 7);
    if (!parents.empty()) row[2] = parents.back();
    parents.push_back(name);
    rows.push_back(std::move(row));
  }
  return rows;
}

void logMemoryContexts(SqlSession& session, ContextUse use) {
  QueryContext c = session.context();
  use.fresh = !session.state().planned.contains("table");
  use.compares = use.executes || session.state().planned.contains("comparison");
  use.defines = use.defines || session.state().planned.contains("definition");
  const std::vector<MemoryContextLine> lines = dumpedContexts(use);
  const auto write = [&](const std::string& text) {
    sim::writeLog(c.machine.telemetry, c.machine.world.now(), sim::LogShape::PgBareLine,
                  c.session.pid, {}, text);
  };
  for (const MemoryContextLine& line : lines) {
    write(std::string(static_cast<std::size_t>(line.level) * 2, ' ') + line.text);
  }
  write(grandTotal(lines));
}

}  // namespace console
