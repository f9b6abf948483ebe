// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/tables/table_work.h"

#include <algorithm>
#include <cstdlib>

#include "base/random.h"
#include "base/text.h"
#include "console/sql/privileges.h"
#include "console/sql/tables/memory_contexts.h"
#include "console/sql/tables/plpgsql.h"
#include "console/sql/tables/table_functions.h"
#include "console/sql/tables/workload_tables.h"
#include "console/sql/virtual_tables.h"
#include "sim/execution/allocation.h"
#include "sim/postmaster.h"

namespace console {
namespace {

std::int64_t wholeOf(const std::string& text, std::int64_t otherwise) {
  return text.empty() ? otherwise : std::strtoll(text.c_str(), nullptr, 10);
}

sim::ServerMessage withContext(const SqlFailure& failure) {
  sim::ServerMessage message = failure.message;
  if (failure.context.empty()) return message;
  std::string lines = "CONTEXT:  ";
  for (std::size_t i = 0; i < failure.context.size(); ++i) {
    lines += (i > 0 ? "\n\t" : "") + failure.context[i];
  }
  std::string& last = !message.hint.empty()     ? message.hint
                      : !message.detail.empty() ? message.detail
                                                : message.text;
  last += "\n" + lines;
  return message;
}

}  // namespace

double insertedWalBytes(const sim::Relation& relation, std::int64_t rows) {
  constexpr double kHeaderBytes = 57;
  return static_cast<double>(rows) *
         (static_cast<double>(sim::rowDataBytes(relation.columns)) + kHeaderBytes);
}

std::int64_t lockCapacity(const sim::ServerSettings& settings) {
  const std::int64_t backends =
      settings.number("max_connections") + settings.number("autovacuum_max_workers") + 1 +
      settings.number("max_worker_processes") + settings.number("max_wal_senders");
  const std::int64_t nominal = settings.number("max_locks_per_transaction") *
                               (backends + settings.number("max_prepared_transactions"));
  // Locks and their holders beyond those made at the start come from shared memory nobody else
  // asked for, in chunks of 48 and 51 entries (dynahash.c). MODEL: how much that is, from the locks
  // five servers could take; it grows with backends unevenly, as table sizes are powers of two.
  constexpr std::int64_t kLockChunk = 48, kHolderChunk = 51;
  constexpr std::int64_t kLockBytes = 48 * 168, kHolderBytes = 51 * 80;
  struct Point {
    std::int64_t backends, bytes;
  };
  constexpr Point kPoints[] = {{12, 28'400}, {22, 14'600}, {52, 103'000}, {102, 232'000}};
  std::int64_t spare = kPoints[3].bytes + (backends - 102) * 2'550;
  for (std::size_t i = 0; i + 1 < std::size(kPoints); ++i) {
    const Point &a = kPoints[i], &b = kPoints[i + 1];
    if (backends >= b.backends) continue;
    spare = a.bytes + (b.bytes - a.bytes) * (backends - a.backends) / (b.backends - a.backends);
    break;
  }
  std::int64_t left = std::max<std::int64_t>(spare, 8192) + 218 * nominal;
  std::int64_t locks = nominal / 2, holders = nominal;
  while (true) {
    const bool needsLock = locks <= holders;
    const std::int64_t bytes = needsLock ? kLockBytes : kHolderBytes;
    if (left < bytes) return std::min(locks, holders);
    left -= bytes;
    (needsLock ? locks : holders) += needsLock ? kLockChunk : kHolderChunk;
  }
}

std::int64_t addressSpaceLeft(const sim::World& world) {
  // MODEL: program, libraries and shared memory of an idle backend; a server with 16 MB of
  // shared_buffers (24 MiB of shared memory) mapped 98.6 MB.
  constexpr std::int64_t kProgramBytes = 73'500'000;
  const std::int64_t limit = world.postgres().limits.addressSpace;
  if (limit < 0) return -1;
  return std::max<std::int64_t>(0,
                                limit - kProgramBytes - world.postgres().values.sharedMemoryBytes);
}

bool TableWork::mayChange() const {
  return m_s.session.world().spec().database.laboratory;
}

bool TableWork::holds(const sim::Relation& relation, std::string_view letters) const {
  const sim::World& world = m_s.session.world();
  if (relation.temporary()) return true;
  const Privileges wanted = privilegesOf(letters);
  return granted(world, m_s.session.role().name, securedTable(world, relation), wanted) == wanted;
}

bool TableWork::permitted(const sim::Relation& relation, std::string_view letters) {
  return holds(relation, letters) || fail("42501", "permission denied for table " + relation.name);
}

bool TableWork::ownsTable(const sim::Relation& relation) const {
  const sim::World& world = m_s.session.world();
  return owns(world, m_s.session.role().name, securedTable(world, relation));
}

bool TableWork::owned(const sim::Relation& relation) {
  return ownsTable(relation) || fail("42501", "must be owner of table " + relation.name);
}

const sim::Relation* TableWork::find(const std::string& name) const {
  const PsqlSession& state = m_s.session.state();
  const sim::Relation* found = nullptr;
  for (const sim::Relation& one : m_s.session.world().postgres().relations) {
    if (one.name != name || one.database != state.database) continue;
    if (one.temporary() && one.session != state.pid) continue;
    if (found == nullptr || one.temporary()) found = &one;
  }
  if (found != nullptr) return found;
  return workloadTable(m_s.session.world(), state, name);
}

std::string TableWork::setting(std::string_view name) const {
  return readSetting(m_s.session.world(), m_s.session.state(), name).canonical;
}

PlanSettings TableWork::settings() const {
  return readPlanSettings([this](std::string_view name) { return setting(name); });
}

PlanContext TableWork::planContext() {
  PlanContext result;
  result.settings = settings();
  result.relation = [this](const std::string& name) {
    const sim::Relation* found = find(name);
    if (found != nullptr && m_denied.empty() && !holds(*found, "r")) m_denied = name;
    return found;
  };
  result.lock = [this](const sim::Relation& relation, std::size_t at) {
    return lockTable(relation, sim::LockMode::AccessShare, at);
  };
  return result;
}

EvaluationScope TableWork::scope() {
  EvaluationScope result;
  result.maxStackBytes = wholeOf(setting("max_stack_depth"), 2048) * 1024;
  result.function = [this](const Expr& call, const std::vector<Value>& args,
                           std::optional<SqlFailure>& failure) {
    return callFunction(*this, call, args, failure);
  };
  result.query = [this](const Expr& expr, std::optional<SqlFailure>& failure) {
    return subqueryValue(*this, expr, failure);
  };
  result.allocate = [this](std::int64_t bytes,
                           const std::string& name) -> std::optional<SqlFailure> {
    const std::int64_t left = addressSpaceLeft(m_s.session.world());
    if (left < 0 || bytes <= left - 1'640'000) return std::nullopt;
    ContextUse use;
    use.portal = {"ExecutorState: 8192 total in 1 blocks; 5832 free (0 chunks); 2360 used",
                  "  ExprContext: 8192 total in 1 blocks; 7928 free (0 chunks); 264 used"};
    logMemoryContexts(m_s.session, std::move(use));
    return SqlFailure{{"ERROR",
                       "out of memory",
                       "Failed on request of size " + std::to_string(bytes) +
                           " in memory context \"" + name + "\".",
                       {},
                       "53200"},
                      std::string::npos,
                      {}};
  };
  return result;
}

RunEnvironment TableWork::environment() const {
  const sim::World& world = m_s.session.world();
  const PsqlSession& state = m_s.session.state();
  RunEnvironment result;
  result.settings = settings();
  result.bufferPages = world.postgres().values.sharedBuffersBytes / 8192;
  const double pool = static_cast<double>(world.postgres().values.sharedBuffersBytes);
  const double size = static_cast<double>(world.spec().database.databaseBytes);
  if (!world.spec().database.laboratory && size > 0) {
    const double hit = world.postgres().blocksHit, read = world.postgres().blocksRead;
    result.hitRatio = hit + read > 0 ? hit / (hit + read) : std::min(1.0, pool / size);
    result.pageReadMs = 1000 * std::max(world.host().diskReadLatency, 2e-5);
  }
  result.addressSpaceLeft = addressSpaceLeft(world);
  if (result.addressSpaceLeft >= 0) {
    constexpr std::int64_t kSessionContexts = 1'640'000;
    result.addressSpaceLeft = std::max<std::int64_t>(0, result.addressSpaceLeft - kSessionContexts);
  }
  const sim::HostSpec& host = world.spec().host;
  const std::string data = world.spec().database.dataDirectory;
  result.temporarySpace = world.host().tmpfsSize(host, data + "/base/pgsql_tmp").value_or(-1);
  const std::int64_t held = sim::dynamicSharedBytes(world.postgres());
  if (const auto shared = world.host().tmpfsSize(host, "/dev/shm"); shared && held > 0) {
    result.sharedMemorySpace = std::max<std::int64_t>(0, *shared - held);
  }
  result.compilerLoaded = state.compilerLoaded;
  result.pid = state.pid;
  result.firstWorkerPid = state.pid + 2;
  result.nextFile = state.temporaryFiles;
  result.seed = base::draw64(world.seed(), base::Stream::Terminal, world.now().ms, state.pid);
  return result;
}

std::optional<SqlFailure> TableWork::lock(bool fastPath, std::size_t at) {
  constexpr std::int64_t kFastPathSlots = 16;  // FP_LOCK_SLOTS_PER_BACKEND
  PsqlSession& state = m_s.session.state();
  if (fastPath && state.fastLocks < kFastPathSlots - (at == std::string::npos ? 0 : 1)) {
    ++state.fastLocks;
    return std::nullopt;
  }
  // One entry is the transaction's own.
  const std::int64_t capacity = lockCapacity(m_s.session.world().postgres().settings);
  if (state.sharedLocks + (fastPath ? 1 : 0) >= capacity) {
    return SqlFailure{{"ERROR",
                       "out of shared memory",
                       {},
                       "You might need to increase max_locks_per_transaction.",
                       "53200"},
                      at,
                      {}};
  }
  ++state.sharedLocks;
  return std::nullopt;
}

std::optional<PlanNode> TableWork::plan(const SelectQuery& query) {
  m_denied.clear();
  const PlanContext planning = planContext();
  Planner planner(planning);
  std::optional<PlanNode> node = planner.plan(query);
  if (node && !m_denied.empty()) {
    fail("42501", "permission denied for table " + m_denied);
    return std::nullopt;
  }
  if (!node) {
    fail(planner.failure()
             ? *planner.failure()
             : SqlFailure{
                   {"ERROR", "could not plan the query", {}, {}, "XX000"}, std::string::npos, {}});
  }
  return node;
}

void TableWork::logFiles(const PlanRun& run) {
  const std::int64_t least = wholeOf(setting("log_temp_files"), -1);
  if (least < 0) return;
  QueryContext c = m_s.session.context();
  for (const TemporaryFile& file : run.files) {
    if (file.bytes < least * 1024) continue;
    c.machine.world.logSession({"LOG",
                                "temporary file: path \"base/pgsql_tmp/" + file.name + "\", size " +
                                    std::to_string(file.bytes),
                                {},
                                {},
                                {}},
                               file.pid, file.withStatement ? c.session.statement : std::string(),
                               c.machine.telemetry);
  }
}

void TableWork::logStopped(const PlanRun& run) {
  QueryContext c = m_s.session.context();
  const auto log = [&](const char* severity, std::string text, std::uint32_t pid, bool statement) {
    c.machine.world.logSession({severity, std::move(text), {}, {}, {}}, pid,
                               statement ? c.session.statement : std::string(),
                               c.machine.telemetry);
  };
  PlanRun rest = run;
  for (const std::uint32_t pid : run.stopped) {
    log("FATAL", "terminating background worker \"parallel worker\" due to administrator command",
        pid, true);
    PlanRun own;
    for (const TemporaryFile& file : run.files) {
      if (file.pid == pid) own.files.push_back(file);
    }
    logFiles(own);
    std::erase_if(rest.files, [&](const TemporaryFile& file) { return file.pid == pid; });
  }
  for (const std::uint32_t pid : run.stopped) {
    log("LOG",
        "background worker \"parallel worker\" (PID " + std::to_string(pid) +
            ") exited with exit code 1",
        m_s.session.world().postgres().postmasterPid, false);
  }
  logFiles(rest);
}

namespace {

// A utility command works in its portal, with an executor state for expressions alone.
void useForIndex(const PlanRun& run, ContextUse& use) {
  use.defines = true;
  // MODEL: one block more for each two columns beyond the first two.
  const char* figures = run.indexColumns > 2 ? "3072 total in 2 blocks; 1184 free (1 chunks); 1888"
                                             : "2048 total in 2 blocks; 920 free (0 chunks); 1128";
  use.cache = {"index info: " + std::string(figures) + " used: " + run.index};
  for (std::string& line : use.portal) line.insert(0, "  ");
  use.portal.insert(
      use.portal.begin(),
      {"PortalContext: 16384 total in 5 blocks; 9560 free (16 chunks); 6824 used: <unnamed>",
       "  ExecutorState: 8192 total in 1 blocks; 7176 free (0 chunks); 1016 used",
       "    ExprContext: 8192 total in 1 blocks; 7928 free (0 chunks); 264 used"});
}

}  // namespace

bool TableWork::finish(PlanRun& run, const BufferUse& buffers, std::int64_t dirtied,
                       double walBytes) {
  QueryContext c = m_s.session.context();
  // Nobody waits longer than an hour for an answer.
  constexpr double kPatienceMs = 3'600'000;
  const double timeout = static_cast<double>(settings().statementTimeoutMs);
  const bool timed = timeout > 0 && timeout < kPatienceMs;
  const double limit = timed ? timeout : kPatienceMs;
  const bool late = !run.failure && run.milliseconds > limit;
  if (late) {
    run.failure = SqlFailure{{"ERROR",
                              timed ? "canceling statement due to statement timeout"
                                    : "canceling statement due to user request",
                              {},
                              {},
                              "57014"},
                             std::string::npos,
                             {}};
    run.milliseconds = limit;
    for (TemporaryFile& file : run.files) file.withStatement = false;
  }
  m_s.session.spend(std::min(run.milliseconds, kPatienceMs));
  c.session.temporaryFiles += run.filesMade;
  c.session.compilerLoaded = c.session.compilerLoaded || run.compiled;
  if (buffers.hit + buffers.read > 0) c.session.planned.insert("table");
  if (run.compares) c.session.planned.insert("comparison");
  sim::Action action;
  action.verb = sim::Verb::Execute;
  action.target = std::to_string(c.session.pid);
  std::int64_t bytes = 0;
  for (const TemporaryFile& file : run.files) bytes += file.bytes;
  const auto book = [&](const char* name, std::int64_t amount) {
    if (amount > 0) action.fields[name] = std::to_string(amount);
  };
  book("temp-files", static_cast<std::int64_t>(run.files.size()));
  book("temp-bytes", bytes);
  book("hit", buffers.hit);
  book("read", buffers.read);
  book("dirtied", dirtied);
  if (!run.failure && (walBytes > 0 || dirtied > 0)) {
    const auto took = static_cast<std::int64_t>(std::min(run.milliseconds, kPatienceMs));
    book("wal-bytes", static_cast<std::int64_t>(walBytes));
    book("ms", took);
    book("at", m_s.session.localMs() - took);
  }
  if (run.failure) action.fields["rollback"] = "yes";
  if (mayChange() && c.machine.world.apply(action, c.machine.who, c.machine.telemetry).accepted) {
    c.changed.push_back(action);
    if (!m_s.session.survived(m_s.error)) return false;
  }
  if (run.failure) {
    if (run.failure->message.sqlstate == "53200") {
      ContextUse use;
      use.portal = run.contexts;
      use.operators = true;
      use.nodes = run.nodes;
      use.executes = run.nodes > 0;
      if (!use.executes) useForIndex(run, use);
      logMemoryContexts(m_s.session, std::move(use));
    }
    fail(*run.failure);
    run.stopped.empty() ? logFiles(run) : logStopped(run);
    return false;
  }
  logFiles(run);
  return true;
}

bool TableWork::run(PlanNode& node, PlanRun& result) {
  result = runPlan(node, environment());
  if (m_s.session.state().background) openWorkers(result);
  return finish(result, node.run.buffers);
}

bool TableWork::fail(const SqlFailure& failure) {
  SqlFailure whole = failure;
  if (m_s.session.keepInner(failure)) return false;
  whole.context.insert(whole.context.end(), context.begin(), context.end());
  return m_s.session.fail(withContext(whole), m_s.error, whole.at);
}

bool TableWork::fail(std::string sqlstate, std::string text, std::size_t at, std::string detail,
                     std::string hint) {
  return fail(SqlFailure{
      {"ERROR", std::move(text), std::move(detail), std::move(hint), std::move(sqlstate)}, at, {}});
}

bool TableWork::store(sim::Relation relation) {
  if (m_s.at(0).is("create")) m_s.session.state().planned.insert("definition");
  sim::Action action;
  action.verb = sim::Verb::Relation;
  action.target = relation.name;
  action.fields["database"] = relation.database;
  action.text = sim::relationText(relation);
  return m_s.session.change(action, m_s.error);
}

bool TableWork::drop(const sim::Relation& relation) {
  m_s.session.state().planned.insert("definition");
  sim::Action action;
  action.verb = sim::Verb::Relation;
  action.target = relation.name;
  action.fields["database"] = relation.database;
  action.fields["drop"] = "yes";
  return m_s.session.change(action, m_s.error);
}

}  // namespace console
