// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/tables/table_functions.h"

#include <algorithm>

#include "base/random.h"
#include "base/text.h"
#include "console/sql/plan/answer.h"
#include "console/sql/plan/plan_contexts.h"
#include "console/sql/tables/auxiliary_contexts.h"
#include "console/sql/tables/memory_contexts.h"
#include "console/sql/tables/table_statements.h"
#include "console/sql/tables/table_work.h"
#include "console/system/processes.h"
#include "sim/session_actions.h"

namespace console {
namespace {

std::string prettySize(std::int64_t bytes) {
  constexpr const char* kUnits[] = {"bytes", "kB", "MB", "GB", "TB", "PB"};
  std::size_t unit = 0;
  double size = static_cast<double>(bytes);
  while (size >= 10240 && unit + 1 < std::size(kUnits)) {
    size /= 1024;
    ++unit;
  }
  return base::fixedText(size, 0) + " " + kUnits[unit];
}

std::optional<Value> relationSize(TableWork& work, const Expr& call, const Value& name,
                                  std::optional<SqlFailure>& failure) {
  const sim::Relation* relation = work.find(name.text);
  std::int64_t indexes = 0;
  if (relation == nullptr) {
    for (const sim::Relation& one : work.statement().session.world().postgres().relations) {
      for (const sim::RelationIndex& index : one.indexes) {
        if (index.name == name.text) return bigintValue(index.pages * 8192);
      }
    }
    failure =
        SqlFailure{{"ERROR", "relation \"" + name.text + "\" does not exist", {}, {}, "42P01"},
                   call.args.empty() ? std::string::npos : call.args[0].at,
                   {}};
    return std::nullopt;
  }
  for (const sim::RelationIndex& index : relation->indexes) indexes += index.pages * 8192;
  const std::int64_t heap = relation->pages * 8192;
  // Free space map and visibility map: three pages and one, once VACUUM was there.
  const std::int64_t maps = relation->pages > 0 ? 3 * 8192 : 0;
  if (call.text == "pg_relation_size") return bigintValue(heap);
  if (call.text == "pg_table_size") return bigintValue(heap + maps);
  if (call.text == "pg_indexes_size") return bigintValue(indexes);
  return bigintValue(heap + maps + indexes);
}

// The settings that a session tells the server of: "work_mem=65536\n..."
std::map<std::string, std::string> settingsOf(const sim::Session& session) {
  std::map<std::string, std::string> settings;
  for (const std::string& line : base::lines(session.settings)) {
    const std::size_t equals = line.find('=');
    if (equals != std::string::npos) settings[line.substr(0, equals)] = line.substr(equals + 1);
  }
  return settings;
}

// The query that another session runs is planned and run again, as that session would.
void addRunning(QueryContext& c, const sim::Session& session, ContextUse& use) {
  PsqlSession state;
  state.pid = session.pid;
  state.user = session.role;
  state.database = session.database;
  state.settings = settingsOf(session);
  std::vector<sim::Action> changed;
  base::SimTime duration;
  SqlSession shadow(c.machine, state, changed, duration);
  const TokenList list = scanSql(session.query);
  std::string out, error;
  TableWork work({shadow, session.query, list, out, error});
  SyntaxReader reader(list, session.query);
  const std::optional<SelectQuery> query = reader.query();
  if (!query || !isTableQuery(work, *query)) return;
  PlanContext planning = work.planContext();
  planning.lock = [](const sim::Relation&, std::size_t) { return std::optional<SqlFailure>(); };
  Planner planner(planning);
  std::optional<PlanNode> node = planner.plan(*query);
  if (!node) return;
  const PlanRun run = runPlan(*node, work.environment());
  use.nodes = run.nodes;
  use.portal = planContexts(*node);
}

ContextUse useOf(QueryContext& c, std::uint32_t pid) {
  ContextUse use;
  const sim::Session* session = sim::findSession(c.machine.world.postgres(), pid);
  const std::int64_t now = c.machine.world.now().ms;
  const bool own = pid == c.session.pid;
  const bool busy = session != nullptr && session->stateAt(now) == sim::SessionState::Active;
  if (!own && !busy) return use;
  // A query of one node, unless more is known of it.
  use.executes = true;
  use.nodes = 1;
  use.portal = {"printtup: 8192 total in 1 blocks; 7928 free (0 chunks); 264 used",
                "ExprContext: 8192 total in 1 blocks; 7928 free (0 chunks); 264 used"};
  if (!own) addRunning(c, *session, use);
  return use;
}

std::optional<Value> logContexts(TableWork& work, const Value& pid) {
  QueryContext c = work.statement().session.context();
  if (pid.null()) return Value{};
  sim::World& world = c.machine.world;
  const auto target = static_cast<std::uint32_t>(std::clamp<std::int64_t>(pid.whole, 0, INT32_MAX));
  const std::optional<std::string> type = processType(world, target);
  if (!type || type->empty() || *type == "postmaster") {
    const sim::ServerMessage warning = {
        "WARNING",
        "PID " + std::to_string(pid.whole) + " is not a PostgreSQL server process",
        {},
        {},
        {}};
    work.statement().session.log(warning);
    work.statement().error += "WARNING:  " + warning.text + "\n";
    return booleanValue(false);
  }
  world.logSession(
      {"LOG", "logging memory contexts of PID " + std::to_string(pid.whole), {}, {}, {}}, target,
      {}, c.machine.telemetry);
  // A checkpoint since the start has written.
  const std::optional<Process> process = findProcess(world, target);
  const bool written =
      process && world.postgres().lastCheckpoint > base::SimTime{process->startedMs};
  std::vector<MemoryContextLine> lines = auxiliaryContexts(*type, written);
  if (lines.empty()) lines = dumpedContexts(useOf(c, target));
  for (const MemoryContextLine& line : lines) {
    const int level = line.more ? line.level - 1 : line.level;  // a sum is its parent's
    world.logSession({"LOG", "level: " + std::to_string(level) + "; " + line.text, {}, {}, {}},
                     target, {}, c.machine.telemetry);
  }
  world.logSession({"LOG", grandTotal(lines), {}, {}, {}}, target, {}, c.machine.telemetry);
  return booleanValue(true);
}

}  // namespace

std::optional<Value> subqueryValue(TableWork& work, const Expr& expr,
                                   std::optional<SqlFailure>& failure) {
  PlanContext planning = work.planContext();
  Planner planner(planning);
  std::optional<PlanNode> node = planner.plan(*expr.query);
  if (!node) {
    failure = planner.failure();
    return std::nullopt;
  }
  PlanRun run = runPlan(*node, work.environment());
  if (!run.failure) {
    const Answer answer = answerQuery(*expr.query, *node, planning, work.scope());
    run.failure = answer.failure;
    if (!run.failure) {
      work.statement().session.spend(run.milliseconds);
      if (expr.text == "exists") return booleanValue(!answer.table.rows.empty());
      if (answer.table.rows.empty() || !answer.table.rows[0][0]) return Value{};
      const std::string& cell = *answer.table.rows[0][0];
      Expr number;
      number.kind = answer.table.columns[0].rightAligned ? ExprKind::Number : ExprKind::Text;
      number.text = cell;
      const EvaluationScope scope;
      std::optional<Value> value = Evaluator(scope).evaluate(number);
      if (value && value->type == ValueType::Unknown) value->type = ValueType::Text;
      return value;
    }
  }
  failure = run.failure;
  return std::nullopt;
}

bool knownOnlyHere(std::string_view function) {
  constexpr std::string_view kNames[] = {"repeat",
                                         "array_fill",
                                         "pg_advisory_xact_lock",
                                         "pg_advisory_lock",
                                         "pg_log_backend_memory_contexts",
                                         "generate_series"};
  return std::find(std::begin(kNames), std::end(kNames), function) != std::end(kNames);
}

std::optional<Value> serverFunction(TableWork& work, const Expr& call,
                                    const std::vector<Value>& args,
                                    std::optional<SqlFailure>& failure) {
  const std::string& name = call.text;
  for (const char* one :
       {"pg_relation_size", "pg_table_size", "pg_total_relation_size", "pg_indexes_size"}) {
    if (name == one && !args.empty()) return relationSize(work, call, args[0], failure);
  }
  if (name == "pg_size_pretty" && args.size() == 1) {
    return args[0].null() ? Value{}
                          : textValue(prettySize(static_cast<std::int64_t>(args[0].number())));
  }
  if (name == "pg_advisory_xact_lock" || name == "pg_advisory_lock") {
    failure = work.lock(false, std::string::npos);
    if (failure) return std::nullopt;
    Value nothing = textValue({});
    nothing.type = ValueType::Void;
    return nothing;
  }
  if (name == "pg_backend_pid") {
    return integerValue(std::int64_t{work.statement().session.state().pid});
  }
  if (name == "pg_log_backend_memory_contexts" && args.size() == 1) {
    if (!work.statement().session.role().superuser) {
      failure = SqlFailure{{"ERROR", "permission denied for function " + name, {}, {}, "42501"},
                           std::string::npos,
                           {}};
      return std::nullopt;
    }
    return logContexts(work, args[0]);
  }
  if (name == "random" && args.empty()) {
    const sim::World& world = work.statement().session.world();
    return realValue(base::uniform(world.seed(), base::Stream::Terminal, world.now().ms,
                                   static_cast<std::uint32_t>(++work.draws)));
  }
  if (name == "now") return textValue(base::logTimeText(work.statement().session.world().unixMs()));
  return std::nullopt;
}

}  // namespace console
