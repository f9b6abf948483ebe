// SPDX-License-Identifier: GPL-3.0-or-later
// EXPLAIN [(options)] [ANALYZE] [VERBOSE] statement.
#include "base/random.h"
#include "base/text.h"
#include "console/sql/plan/explain.h"
#include "console/sql/tables/table_statements.h"

namespace console {
namespace {

// Reads the options; false: told.
bool readOptions(TableWork& work, std::size_t& i, ExplainOptions& options) {
  const Statement& s = work.statement();
  bool timingSaid = false, summarySaid = false;
  const auto close = [&] {
    if (!summarySaid) options.summary = options.analyze;
    if (!timingSaid) options.timing = options.analyze;
    return true;
  };
  if (!s.at(i).is("(") || s.at(i + 1).is("select") || s.at(i + 1).is("(")) {
    if (s.at(i).is("analyze")) {
      options.analyze = true;
      ++i;
    }
    if (s.at(i).is("verbose")) {
      options.verbose = true;
      ++i;
    }
    return close();
  }
  do {
    ++i;
    const std::string name = s.at(i).text;
    const std::size_t place = s.at(i).at;
    if (!s.isName(i)) return s.unexpected(i);
    ++i;
    std::string value;
    if (!s.at(i).is(",") && !s.at(i).is(")")) value = s.at(i++).text;
    const bool on = !(value == "off" || value == "false" || value == "0");
    if (name == "analyze")
      options.analyze = on;
    else if (name == "buffers")
      options.buffers = on;
    else if (name == "costs")
      options.costs = on;
    else if (name == "timing") {
      options.timing = on;
      timingSaid = true;
    } else if (name == "summary") {
      options.summary = on;
      summarySaid = true;
    } else if (name == "verbose")
      options.verbose = on;
    else if (name == "settings")
      options.settings = on;
    else if (name == "wal")
      options.wal = on;
    else if (name == "format") {
      if (value != "text" && value != "json") {
        return work.fail(
            "22023", "unrecognized value for EXPLAIN option \"format\": \"" + value + "\"", place);
      }
      options.json = value == "json";
    } else {
      return work.fail("42601", "unrecognized EXPLAIN option \"" + name + "\"", place);
    }
  } while (s.at(i).is(","));
  if (!s.at(i).is(")")) return s.unexpected(i);
  ++i;
  if (options.timing && timingSaid && !options.analyze) {
    return work.fail("22023", "EXPLAIN option TIMING requires ANALYZE");
  }
  return close();
}

// Catalogue pages a session looks at the first time it plans: fewer once its caches are warm.
std::int64_t planningHits(PsqlSession& state, const PlanNode& plan) {
  // MODEL: from fresh sessions planning a scan and sort of one table, and a join of two.
  constexpr std::int64_t kFirst = 79, kJoin = 80;
  std::int64_t hits = 0;
  const bool joins =
      plan.children.size() > 1 || (!plan.children.empty() && plan.children[0].children.size() > 1);
  if (state.planned.emplace("scan").second) hits += kFirst;
  if (joins && state.planned.emplace("join").second) hits += kJoin;
  return hits;
}

bool show(TableWork& work, PlanNode& plan, const ExplainOptions& options) {
  const Statement& s = work.statement();
  PlanRun run;
  ExplainFacts facts;
  const sim::World& world = s.session.world();
  if (options.analyze && !work.run(plan, run)) return false;
  facts.planningHits = planningHits(s.session.state(), plan);
  facts.planningMs =
      (facts.planningHits > 0 ? 1.4 : 0.11) *
      (0.9 + 0.2 * base::uniform(world.seed(), base::Stream::Terminal, world.now().ms, 5));
  facts.executionMs = run.milliseconds;
  facts.compiled = run.compiled;
  ResultTable table;
  table.columns = {{"QUERY PLAN"}};
  table.footer = true;
  if (options.json) {
    table.rows.push_back({explainJson(plan, options, facts)});
  } else {
    for (const std::string& line : explainText(plan, options, facts)) table.rows.push_back({line});
  }
  s.session.show(table, s.out);
  return true;
}

// UPDATE and DELETE: the rows are found by a query, then changed. Only their plan is shown: with
// ANALYZE they would be carried out.
bool explainChange(TableWork& work, std::size_t i, const ExplainOptions& options) {
  const Statement& s = work.statement();
  const bool updates = s.at(i).is("update");
  if (options.analyze) {
    return work.fail("25006", std::string("cannot execute ") + (updates ? "UPDATE" : "DELETE") +
                                  " in a read-only transaction");
  }
  i += updates ? 1 : 2;
  if (!s.isName(i)) return s.unexpected(i);
  SelectQuery query;
  TableItem table;
  table.name = s.at(i).text;
  table.at = s.at(i).at;
  query.from.push_back(table);
  while (s.at(i).kind != TokenKind::End && !s.at(i).is("where")) ++i;
  if (s.at(i).is("where")) {
    SyntaxReader reader(s.list, s.text, i + 1);
    query.where = reader.expression();
    if (!query.where || !reader.atEnd()) return s.unexpected(reader.at());
  }
  std::optional<PlanNode> found = work.plan(query);
  if (!found) return false;
  PlanNode change;
  change.kind = updates ? PlanKind::Update : PlanKind::Delete;
  change.relation = change.alias = table.name;
  change.startup = found->startup;
  change.total = found->total;
  change.rows = change.realRows = 0;
  change.children.push_back(std::move(*found));
  return show(work, change, options);
}

}  // namespace

bool runExplain(TableWork& work) {
  const Statement& s = work.statement();
  ExplainOptions options;
  std::size_t i = 1;
  if (!readOptions(work, i, options)) return false;
  if (s.at(i).is("update") || s.at(i).is("delete")) return explainChange(work, i, options);
  SyntaxReader reader(s.list, s.text, i);
  const std::optional<SelectQuery> query = reader.query();
  if (!query || !reader.atEnd()) return s.unexpected(reader.at());
  std::optional<PlanNode> plan = work.plan(*query);
  return plan && show(work, *plan, options);
}

}  // namespace console
