// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/tables/table_statements.h"

#include <algorithm>

#include "base/text.h"
#include "console/sql/plan/answer.h"
#include "console/sql/tables/memory_contexts.h"
#include "console/sql/tables/plpgsql.h"
#include "console/sql/tables/table_functions.h"
#include "console/sql/virtual_tables.h"
#include "sim/session_actions.h"

namespace console {
namespace {

// generate_series(1, 100): few enough rows to be made one by one; their cost is nothing.
bool isShortSeries(const Expr& call) {
  constexpr std::size_t kDigits = 4;
  if (call.text != "generate_series") return false;
  return std::all_of(call.args.begin(), call.args.end(),
                     [](const Expr& one) {
                       return one.kind != ExprKind::Number || one.text.size() <= kDigits;
                     }) &&
         std::any_of(call.args.begin(), call.args.end(), [](const Expr& one) {
           return one.kind == ExprKind::Number || one.kind == ExprKind::Cast;
         });
}

// repeat('ab', 3): nothing a backend's memory would feel.
bool isShortRepeat(const Expr& call) {
  constexpr std::size_t kDigits = 5;
  return call.text == "repeat" && call.args.size() == 2 && call.args[1].kind == ExprKind::Number &&
         call.args[1].text.size() <= kDigits && call.args[0].kind == ExprKind::Text;
}

bool callsOwn(const TableWork& work, const Expr& expr) {
  if (expr.kind == ExprKind::Call && !isShortSeries(expr) && !isShortRepeat(expr)) {
    const auto& functions = work.statement().session.world().postgres().functions;
    if (knownOnlyHere(expr.text) ||
        std::any_of(functions.begin(), functions.end(),
                    [&](const auto& one) { return one.name == expr.text; })) {
      return true;
    }
  }
  if (expr.kind == ExprKind::Query && expr.query) return isTableQuery(work, *expr.query);
  if (expr.kind == ExprKind::Cast && (expr.text == "json" || expr.text == "jsonb")) return true;
  return std::any_of(expr.args.begin(), expr.args.end(),
                     [&](const Expr& one) { return callsOwn(work, one); });
}

enum class Reads : std::uint8_t { Nothing, Tables, Others };

Reads readsOf(const TableWork& work, const TableItem& item, const SelectQuery& outer) {
  if (item.kind == TableKind::Join) {
    const Reads left = readsOf(work, item.sides[0], outer);
    const Reads right = readsOf(work, item.sides[1], outer);
    return left == Reads::Others || right == Reads::Others ? Reads::Others : Reads::Tables;
  }
  if (item.kind == TableKind::Function) {
    return item.call.text == "generate_series" ? Reads::Tables : Reads::Others;
  }
  if (item.kind == TableKind::Query) {
    return isTableQuery(work, *item.query) ? Reads::Tables : Reads::Others;
  }
  for (const auto& [name, query] : outer.with) {
    if (name == item.name) return isTableQuery(work, query) ? Reads::Tables : Reads::Others;
  }
  if (work.find(item.name) != nullptr) return Reads::Tables;
  return work.mayChange() && findVirtualTable(item.name) == nullptr && !item.name.starts_with("pg_")
             ? Reads::Tables
             : Reads::Others;
}

// "access exclusive" of LOCK ... IN ACCESS EXCLUSIVE MODE; empty: the strongest.
std::optional<sim::LockMode> lockModeFrom(const std::string& words) {
  constexpr std::string_view kModes[] = {
      "access share", "row share",           "row exclusive", "share update exclusive",
      "share",        "share row exclusive", "exclusive",     "access exclusive"};
  if (words.empty()) return sim::LockMode::AccessExclusive;
  for (std::size_t i = 0; i < std::size(kModes); ++i) {
    if (kModes[i] == words) return static_cast<sim::LockMode>(i);
  }
  return std::nullopt;
}

bool runLock(TableWork& work) {
  const Statement& s = work.statement();
  std::size_t i = s.at(1).is("table") ? 2 : 1;
  if (!s.isName(i)) return s.unexpected(i);
  const std::string name = s.at(i).text;
  std::string mode;
  const std::size_t first = s.at(i + 1).is("in") ? i + 2 : s.list.tokens.size();
  for (std::size_t k = first; s.at(k).kind == TokenKind::Word && !s.at(k).is("mode"); ++k) {
    mode += (mode.empty() ? "" : " ") + s.at(k).text;
  }
  const sim::Relation* relation = work.find(name);
  if (relation == nullptr) {
    return work.fail("42P01", "relation \"" + name + "\" does not exist", s.at(i).at);
  }
  const std::optional<sim::LockMode> wanted = lockModeFrom(mode);
  if (!wanted) return s.unexpected(i + 2);
  if (!s.session.state().inTransaction && !s.session.inner()) {
    return work.fail("25P01", "LOCK TABLE can only be used in transaction blocks");
  }
  // Any of the privileges that would take such a lock will do.
  std::string_view letters = "wdD";
  if (*wanted == sim::LockMode::AccessShare) letters = "rwdD";
  if (*wanted == sim::LockMode::RowExclusive) letters = "awdD";
  const bool may = std::any_of(letters.begin(), letters.end(), [&](const char& letter) {
    return work.holds(*relation, std::string_view(&letter, 1));
  });
  if (!may) {
    return work.fail("42501", "permission denied for table " + name);
  }
  const bool nowait = s.at(s.list.tokens.size() - 2).is("nowait");
  const sim::Postgres& server = s.session.world().postgres();
  if (nowait && sim::lockHolder(server, s.session.state().pid, relation->oid, *wanted) != nullptr) {
    return work.fail("55P03", "could not obtain lock on relation \"" + name + "\"");
  }
  if (const auto failure = work.lockTable(*relation, *wanted)) return work.fail(*failure);
  return s.done("LOCK TABLE");
}

bool runDo(TableWork& work) {
  const Statement& s = work.statement();
  for (std::size_t i = 1; s.at(i).kind != TokenKind::End; ++i) {
    if (s.at(i).kind != TokenKind::Text) continue;
    const std::map<std::string, std::string> before = s.session.tables();
    if (runBlock(work, s.at(i).text)) return s.done("DO");
    // The block is all or nothing; inside a transaction, that is taken back as a whole.
    if (!s.session.state().inTransaction && !s.session.inner()) s.session.restoreTables(before);
    return false;
  }
  return s.unexpected(1);
}

bool runCreateFunction(TableWork& work) {
  const Statement& s = work.statement();
  const std::optional<FunctionDefinition> definition = readFunction(s.text);
  if (!definition) return s.unexpected(s.list.tokens.size() - 1);
  sim::Action action;
  action.verb = sim::Verb::Relation;
  action.target = definition->name;
  action.text = s.text;
  action.fields["function"] = "yes";
  return s.session.change(action, s.error) && s.done("CREATE FUNCTION");
}

ContextUse preparedContexts(const PsqlSession& state, const std::string& text, std::int64_t bytes,
                            std::int64_t names) {
  constexpr std::int64_t kShown = 100;  // a dump counts the children beyond a hundred
  ContextUse use = codeContexts({});
  use.top.insert(
      use.top.begin(),
      {"Prepared Queries: " + std::to_string(names) +
           " total in 9 blocks; 47032 free (32 chunks); " + std::to_string(names - 47032) + " used",
       "Operator lookup cache: 24576 total in 2 blocks; 10752 free (3 chunks); 13824 "
       "used"});
  use.portal.insert(
      use.portal.begin() + 2,
      "    PLpgSQL per-statement data: 8192 total in 1 blocks; 7784 free (0 chunks); 408 used");
  if (bytes > 8'192) {
    use.portal.back() = "    SPI Exec: 16384 total in 2 blocks; 1304 free (2 chunks); 15080 used";
  }
  use.portal.push_back(
      "      CachedPlanSource: 4096 total in 3 blocks; 432 free (0 chunks); 3664 "
      "used: " +
      text);
  const std::string half = std::to_string(bytes / 2);
  for (std::int64_t i = 0; i < std::min(kShown, state.preparedCount); ++i) {
    const std::string number = std::to_string(state.preparedCount - i);
    use.cache.push_back("CachedPlanSource: " + half +
                        " total in 4 blocks; 3960 free (2 chunks); 4232 used: " +
                        base::replaceAll(text, std::to_string(state.preparedCount + 1), number));
    use.cache.push_back("  CachedPlanQuery: " + half +
                        " total in 4 blocks; 3096 free (0 chunks); 5096 used");
  }
  const std::int64_t more = std::max<std::int64_t>(0, state.preparedCount - kShown);
  use.cached = {more, more * bytes, more * 8, more * 7056, more * 2};
  return use;
}

// PREPARE name AS ...: a parsed statement and its rewritten query, each in a context of its own.
bool runPrepare(TableWork& work) {
  const Statement& s = work.statement();
  if (!s.isName(1)) return s.unexpected(1);
  PsqlSession& state = s.session.state();
  // MODEL: two contexts of 8 kB for a statement on one or two tables, half of that for less, from
  // the contexts of eighteen thousand prepared statements.
  const std::int64_t bytes = s.text.size() > 60 ? 16'384 : 8'192;
  constexpr std::int64_t kSession = 1'640'000;
  const std::int64_t left = addressSpaceLeft(s.session.world());
  std::int64_t names = 8192;  // the table of prepared statements doubles as it grows
  while (names < state.preparedCount * 112) names *= 2;
  if (left >= 0 && state.preparedBytes + bytes + kSession + names > left) {
    logMemoryContexts(s.session, preparedContexts(state, s.text, bytes, names));
    return work.fail("53200", "out of memory", std::string::npos,
                     "Failed while creating memory context \"CachedPlanQuery\".");
  }
  ++state.preparedCount;
  state.preparedBytes += bytes;
  constexpr std::size_t kKept = 100;
  if (state.prepared.size() < kKept) {
    std::size_t i = 2;
    while (!s.at(i).is("as") && s.at(i).kind != TokenKind::End) ++i;
    state.prepared[s.at(1).text] = s.text.substr(std::min(s.at(i + 1).at, s.text.size()));
  }
  return s.done("PREPARE");
}

bool runExecute(TableWork& work) {
  const Statement& s = work.statement();
  PsqlSession& state = s.session.state();
  const auto found = state.prepared.find(s.at(1).text);
  if (found == state.prepared.end()) {
    return work.fail("26000", "prepared statement \"" + s.at(1).text + "\" does not exist");
  }
  const std::string text = found->second;
  if (const std::optional<SqlFailure> failure = s.session.runInner(text, &s.out)) {
    return work.fail(*failure);
  }
  return true;
}

}  // namespace

bool isTableQuery(const TableWork& work, const SelectQuery& query) {
  bool tables = false;
  for (const TableItem& item : query.from) {
    const Reads reads = readsOf(work, item, query);
    if (reads == Reads::Others) return false;
    tables = true;
  }
  for (const auto& [op, part] : query.setOperations) {
    if (!isTableQuery(work, part) && !part.from.empty()) return false;
    tables = tables || !part.from.empty();
  }
  if (tables) return true;
  for (const TargetItem& item : query.targets) {
    if (callsOwn(work, item.expr)) return true;
  }
  return false;
}

// Reads nothing but short series, and calls nothing that only the backend's model knows.
bool readsShortSeries(const TableWork& work, const SelectQuery& query) {
  if (query.from.empty() || !query.with.empty() || !query.setOperations.empty()) return false;
  return std::all_of(query.from.begin(), query.from.end(),
                     [](const TableItem& item) {
                       return item.kind == TableKind::Function && isShortSeries(item.call);
                     }) &&
         std::none_of(query.targets.begin(), query.targets.end(),
                      [&](const TargetItem& item) { return callsOwn(work, item.expr); });
}

bool runTableQuery(TableWork& work, const SelectQuery& query) {
  const Statement& s = work.statement();
  if (!work.mayChange()) {
    for (const TableItem& item : query.from) {
      if (item.kind == TableKind::Relation) {
        return work.fail("42501", "permission denied for table " + item.name);
      }
    }
  }
  std::optional<PlanNode> node = work.plan(query);
  if (!node) return false;
  PlanRun run;
  if (!work.run(*node, run)) return false;
  PlanContext planning = work.planContext();
  const EvaluationScope scope = work.scope();
  Answer answer = answerQuery(query, *node, planning, scope);
  if (answer.failure) return work.fail(*answer.failure);
  s.session.show(answer.table, s.out);
  return true;
}

std::optional<bool> runTableStatement(const Statement& s) {
  TableWork work(s);
  const SqlToken& first = s.at(0);
  const SqlToken& second = s.at(1);
  if (!s.session.state().inTransaction && !s.session.inner()) {
    s.session.state().fastLocks = s.session.state().sharedLocks = 0;
  }
  if (first.is("explain")) return runExplain(work);
  if (first.is("select") || first.is("with") || first.is("values") || first.is("table") ||
      first.is("(")) {
    SyntaxReader reader(s.list, s.text);
    const std::optional<SelectQuery> query = reader.query();
    if (!query || !reader.atEnd() || !isTableQuery(work, *query) ||
        readsShortSeries(work, *query)) {
      return std::nullopt;
    }
    return runTableQuery(work, *query);
  }
  if (!work.mayChange()) return std::nullopt;
  const std::size_t after =
      second.is("unlogged") || second.is("temp") || second.is("temporary") || second.is("unique")
          ? 2
          : 1;
  if (first.is("create")) {
    if (s.at(after).is("table")) return runCreateTable(work);
    if (s.at(after).is("index")) return runCreateIndex(work);
    if (second.is("function") || (second.is("or") && s.at(3).is("function"))) {
      return runCreateFunction(work);
    }
    return std::nullopt;
  }
  if (first.is("drop") && (second.is("table") || second.is("index") || second.is("function"))) {
    return runDrop(work);
  }
  if (first.is("alter") && second.is("table")) return runAlterTable(work);
  if (first.is("insert")) return runInsert(work);
  if (first.is("update") && !second.is("pg_settings")) return runUpdate(work);
  if (first.is("delete")) return runDelete(work);
  if (first.is("truncate")) return runTruncate(work);
  if (first.is("vacuum")) return runVacuum(work);
  if (first.is("analyze")) return runAnalyze(work);
  if (first.is("lock")) return runLock(work);
  if (first.is("do")) return runDo(work);
  if (first.is("prepare")) return runPrepare(work);
  if (first.is("execute")) return runExecute(work);
  if (first.is("deallocate")) {
    s.session.state().prepared.clear();
    s.session.state().preparedBytes = s.session.state().preparedCount = 0;
    return s.done(second.is("all") ? "DEALLOCATE ALL" : "DEALLOCATE");
  }
  return std::nullopt;
}

}  // namespace console
