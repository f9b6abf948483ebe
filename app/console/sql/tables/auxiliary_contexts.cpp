// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/tables/auxiliary_contexts.h"

#include <string>

namespace console {
namespace {

using Lines = std::vector<MemoryContextLine>;

std::string emptyContext(std::string_view name, int chunks = 0) {
  return std::string(name) + ": 8192 total in 1 blocks; 7928 free (" + std::to_string(chunks) +
         " chunks); 264 used";
}

void add(Lines& lines, int level, std::string text) {
  lines.push_back({level, std::move(text), false});
}

const char* const kRelations =
    "smgr relation table: 16384 total in 2 blocks; 4592 free (2 chunks); 11792 used";

// What a process keeps that reads catalogues: statistics, transactions, portals, caches.
void addSession(Lines& lines, const char* statistics) {
  add(lines, 1, "PgStat Shared Ref Hash: 7224 total in 2 blocks; 680 free (0 chunks); 6544 used");
  add(lines, 1, std::string("PgStat Shared Ref: 1024 total in 1 blocks; ") + statistics);
  add(lines, 1, "PgStat Pending: 1024 total in 1 blocks; 616 free (0 chunks); 408 used");
  add(lines, 1, kRelations);
  add(lines, 1,
      "TransactionAbortContext: 32768 total in 1 blocks; 32504 free (0 chunks); 264 used");
}

void addCaches(Lines& lines) {
  add(lines, 1, "Portal hash: 8192 total in 1 blocks; 552 free (0 chunks); 7640 used");
  add(lines, 1, emptyContext("TopPortalContext"));
  add(lines, 1, "Relcache by OID: 16384 total in 2 blocks; 7664 free (2 chunks); 8720 used");
  add(lines, 1,
      "CacheMemoryContext: 262144 total in 6 blocks; 122304 free (4 chunks); 139840 used");
}

// The launcher is forked by the postmaster's own hand and keeps what that had read.
void addPostmaster(Lines& lines) {
  add(lines, 1, "Postmaster: 8192 total in 1 blocks; 7368 free (8 chunks); 824 used");
  add(lines, 2, "ident parser context: 1024 total in 1 blocks; 760 free (0 chunks); 264 used");
  add(lines, 2, "hba parser context: 17408 total in 5 blocks; 8120 free (6 chunks); 9288 used");
}

void addOwn(Lines& lines, std::string_view process, bool written) {
  const bool worked = written && process == "checkpointer";
  if (process == "autovacuum launcher") {
    addSession(lines, "600 free (1 chunks); 424 used");
    add(lines, 1, emptyContext("Autovacuum Launcher", 1));
    add(lines, 2,
        "Autovacuum database list: 8192 total in 1 blocks; 7848 free (0 chunks); 344 used");
    addCaches(lines);
  } else if (process == "logical replication launcher") {
    addSession(lines, "680 free (0 chunks); 344 used");
    addCaches(lines);
  } else if (process == "checkpointer") {
    if (worked) add(lines, 1, kRelations);
    add(lines, 1, emptyContext("Checkpointer", worked ? 4 : 0));
  } else if (process == "background writer") {
    add(lines, 1, emptyContext("Background Writer", 1));
  } else if (process == "walwriter") {
    add(lines, 1, emptyContext("Wal Writer"));
  }
}

std::string topContext(std::string_view process, bool written) {
  const std::string small = "TopMemoryContext: 49240 total in 2 blocks; ";
  const std::string large = "TopMemoryContext: 89488 total in 5 blocks; ";
  if (process == "autovacuum launcher") return large + "17624 free (10 chunks); 71864 used";
  if (process == "logical replication launcher") return large + "16584 free (7 chunks); 72904 used";
  if (process == "archiver") return small + "440 free (0 chunks); 48800 used";
  const bool more = process == "background writer" || (process == "checkpointer" && written);
  return small + (more ? "5448 free (0 chunks); 43792 used" : "5592 free (0 chunks); 43648 used");
}

}  // namespace

std::vector<MemoryContextLine> auxiliaryContexts(std::string_view process, bool written) {
  Lines lines;
  const bool launcher = process.ends_with(" launcher");
  if (!launcher && process != "checkpointer" && process != "background writer" &&
      process != "walwriter" && process != "archiver") {
    return lines;
  }
  add(lines, 0, topContext(process, written));
  addOwn(lines, process, written);
  add(lines, 1,
      "WAL record construction: 50208 total in 2 blocks; 6360 free (0 chunks); 43848 used");
  add(lines, 1, "PrivateRefCount: 8192 total in 1 blocks; 2616 free (0 chunks); 5576 used");
  if (launcher) {
    add(lines, 1, "MdSmgr: 8192 total in 1 blocks; 7904 free (0 chunks); 288 used");
  } else {
    add(lines, 1, emptyContext("MdSmgr", process == "checkpointer" && written ? 22 : 0));
  }
  if (process == "checkpointer") {
    add(lines, 1, emptyContext("Pending ops context"));
    add(lines, 2,
        written ? "Pending Ops Table: 8192 total in 1 blocks; 552 free (0 chunks); 7640 used"
                : "Pending Ops Table: 8192 total in 1 blocks; 2616 free (0 chunks); 5576 used");
  }
  add(lines, 1, "LOCALLOCK hash: 8192 total in 1 blocks; 552 free (0 chunks); 7640 used");
  add(lines, 1, "Timezones: 104120 total in 2 blocks; 2616 free (0 chunks); 101504 used");
  if (process == "autovacuum launcher") addPostmaster(lines);
  add(lines, 1, emptyContext("ErrorContext", 4));
  return lines;
}

}  // namespace console
