// SPDX-License-Identifier: GPL-3.0-or-later
// A statement at work on user tables: looks them up, plans and runs queries on them, logs and books
// what they use, and changes them through actions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "console/sql/plan/planner.h"
#include "console/sql/plan/run_plan.h"
#include "console/sql/statements.h"

namespace console {

class TableWork {
 public:
  explicit TableWork(const Statement& statement) : m_s(statement) {}

  // Tables are made and changed in laboratories alone.
  [[nodiscard]] bool mayChange() const;
  // Whether the session's role was granted what these letters of an ACL stand for. False: told.
  bool permitted(const sim::Relation& relation, std::string_view letters);
  // Whether the role owns the table, as DDL asks. False: told.
  bool owned(const sim::Relation& relation);
  [[nodiscard]] bool holds(const sim::Relation& relation, std::string_view letters) const;
  [[nodiscard]] bool ownsTable(const sim::Relation& relation) const;
  [[nodiscard]] const sim::Relation* find(const std::string& name) const;
  [[nodiscard]] PlanContext planContext();
  [[nodiscard]] PlanSettings settings() const;
  [[nodiscard]] EvaluationScope scope();
  [[nodiscard]] RunEnvironment environment() const;

  // Plans a query; nothing: it failed, and that was told.
  [[nodiscard]] std::optional<PlanNode> plan(const SelectQuery& query);
  // Runs it: logs, counters, time. False: it failed, and that was told.
  bool run(PlanNode& node, PlanRun& run);
  // The same for work without a plan: a sort of CREATE INDEX, a VACUUM.
  bool finish(PlanRun& run, const BufferUse& buffers, std::int64_t dirtied = 0,
              double walBytes = 0);
  bool fail(const SqlFailure& failure);
  bool fail(std::string sqlstate, std::string text, std::size_t at = std::string::npos,
            std::string detail = {}, std::string hint = {});

  bool store(sim::Relation relation);
  bool drop(const sim::Relation& relation);
  [[nodiscard]] std::string setting(std::string_view name) const;
  // Takes a lock in the shared table, or has no room for it.
  [[nodiscard]] std::optional<SqlFailure> lock(bool fastPath, std::size_t at);
  // Locks a table until the transaction's end; waits for who holds it.
  [[nodiscard]] std::optional<SqlFailure> lockTable(const sim::Relation& relation,
                                                    sim::LockMode mode,
                                                    std::size_t at = std::string::npos);
  [[nodiscard]] const Statement& statement() const { return m_s; }
  // What is being done, for errors: innermost first.
  std::vector<std::string> context;
  // Calls of functions in one another, and what CONTEXT says of one.
  std::int64_t depth = 0, draws = 0;
  std::vector<std::string> frame;

 private:
  void logFiles(const PlanRun& run);
  void logStopped(const PlanRun& run);
  // -- table_locks.cpp --
  std::optional<SqlFailure> waitForTable(const sim::Relation& relation, sim::LockMode mode,
                                         std::size_t at);
  std::optional<SqlFailure> waitInBackground(const sim::Relation& relation, sim::LockMode mode,
                                             std::size_t at, const sim::Session& holder,
                                             std::int64_t patience);
  std::optional<SqlFailure> interruptWorker(const sim::Session& worker);
  void openWorkers(const PlanRun& run);
  [[nodiscard]] SqlFailure lockTimeout(std::size_t at) const;
  [[nodiscard]] sim::Action lockAction(const sim::Relation& relation, sim::LockMode mode) const;
  [[nodiscard]] SqlFailure deadlock(const sim::Relation& relation, sim::LockMode mode,
                                    const sim::Session& holder) const;
  void logAcquired(const sim::Relation& relation, sim::LockMode mode);
  void logLockWait(const sim::Relation& relation, sim::LockMode mode, const sim::Session& holder,
                   double milliseconds, bool acquired);
  [[nodiscard]] std::string databaseOid() const;

  Statement m_s;
  std::string m_denied;  // the first table of the query being planned that may not be read
};

// WAL of inserting so many rows one by one into new pages: of each the data, and with it 57 bytes
// of record and tuple headers (heap_insert; measured over a million rows of a CREATE TABLE AS).
[[nodiscard]] double insertedWalBytes(const sim::Relation& relation, std::int64_t rows);
// The most rows a lock table can take in before "out of shared memory".
[[nodiscard]] std::int64_t lockCapacity(const sim::ServerSettings& settings);
// Bytes a backend of this server may still map beyond what an idle one holds; -1: no limit.
[[nodiscard]] std::int64_t addressSpaceLeft(const sim::World& world);

}  // namespace console
