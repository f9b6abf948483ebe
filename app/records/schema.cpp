// SPDX-License-Identifier: GPL-3.0-or-later
#include "records/schema.h"

namespace records {

// Seeds are text: SQLite's integers have a sign, seeds use all 64 bits.
const std::vector<Migration>& migrations() {
  static const std::vector<Migration> kMigrations = {
      {1,
       "records, scenario texts, chain",
       {"PRAGMA application_id = 1329885804",
        "CREATE TABLE schema_migration (version INTEGER PRIMARY KEY, title TEXT NOT NULL)",
        "CREATE TABLE record (id INTEGER PRIMARY KEY, finished_at TEXT NOT NULL,"
        " trainee TEXT NOT NULL, scenario_id TEXT NOT NULL, scenario_hash TEXT NOT NULL,"
        " scenario_title TEXT NOT NULL, seed TEXT NOT NULL, mode TEXT NOT NULL,"
        " score REAL NOT NULL, band TEXT NOT NULL, users_affected_percent REAL NOT NULL,"
        " user_minutes_lost REAL NOT NULL, downtime_minutes REAL NOT NULL,"
        " fingerprint TEXT NOT NULL, score_json BLOB NOT NULL, run_text BLOB NOT NULL,"
        " hash TEXT NOT NULL UNIQUE)",
        "CREATE TABLE scenario_text (hash TEXT PRIMARY KEY, text BLOB NOT NULL)",
        "CREATE TABLE chain_head (one INTEGER PRIMARY KEY CHECK (one = 1),"
        " record_count INTEGER NOT NULL, hash TEXT NOT NULL)",
        "INSERT INTO chain_head VALUES (1, 0,"
        " '0000000000000000000000000000000000000000000000000000000000000000')"}}};
  return kMigrations;
}

}  // namespace records
