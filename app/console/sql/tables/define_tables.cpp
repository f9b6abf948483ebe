// SPDX-License-Identifier: GPL-3.0-or-later
// CREATE TABLE, CREATE INDEX, DROP, TRUNCATE.
#include <algorithm>

#include "base/text.h"
#include "console/sql/catalogue.h"
#include "console/sql/plan/deparse.h"
#include "console/sql/privileges.h"
#include "console/sql/session_role.h"
#include "console/sql/tables/table_statements.h"
#include "sim/execution/allocation.h"

namespace console {
namespace {

// MODEL: milliseconds to write a row, to put one into a fresh b-tree.
constexpr double kWriteRowMs = 8e-4, kIndexRowMs = 2e-4;

// The expression of each target over the series the rows come from, when there is but one.
void nameSources(const SelectQuery& query, const std::vector<PlanBase>& bases,
                 const std::vector<TargetItem>& targets, sim::Relation& relation) {
  const bool plain = bases.size() == 1 && !query.where && query.groupBy.empty() && !query.limit &&
                     !query.offset && !query.distinct && query.setOperations.empty() &&
                     !bases[0].query;
  if (!plain || !bases[0].source || bases[0].seriesStep != 1) return;
  const sim::Relation* from = bases[0].relation;
  if (from != nullptr && from->series.empty()) return;
  DeparseNames names;
  names.column = [&](const Expr& column) {
    if (from == nullptr) return std::string("g");
    const sim::RelationColumn* source = from->column(column.text);
    return source != nullptr ? "(" + source->source + ")" : column.text;
  };
  relation.series = from != nullptr ? from->series : "g";
  relation.seriesFrom = from != nullptr ? from->seriesFrom : bases[0].seriesFrom;
  for (std::size_t i = 0; i < targets.size() && i < relation.columns.size(); ++i) {
    const bool same = from != nullptr && targets[i].expr.kind == ExprKind::Column;
    std::string source = deparse(targets[i].expr, names);
    if (same) source = from->column(targets[i].expr.text)->source;
    if (source.find("random") != std::string::npos) relation.series.clear();
    relation.columns[i].source = source;
  }
  // Without a way to compute it again, no row is known.
  RowSource probe = RowSource::series("g", 1, 1, 1, false);
  std::map<std::string, Value> values;
  const std::optional<RowSource> rows = RowSource::of(relation);
  if (!rows || (rows->rows() > 0 && !rows->fill(0, values))) relation.series.clear();
}

// Values at both ends are computed, as a server would all of them: errors come up.
bool valuesFail(TableWork& work, const std::vector<PlanBase>& bases,
                const std::vector<TargetItem>& targets) {
  if (bases.size() != 1 || !bases[0].source || bases[0].source->rows() == 0) return false;
  for (const std::int64_t row : {std::int64_t{0}, bases[0].source->rows() - 1}) {
    EvaluationScope scope = work.scope();
    if (!bases[0].source->fill(row, scope.names)) return false;
    for (const TargetItem& item : targets) {
      if (hasAggregate(item.expr)) continue;
      Evaluator evaluator(scope);
      if (evaluator.evaluate(item.expr)) continue;
      if (evaluator.failure() && evaluator.failure()->message.sqlstate == "22003") {
        work.fail(*evaluator.failure());
        return true;
      }
    }
  }
  return false;
}

bool createAs(TableWork& work, sim::Relation relation, std::size_t at) {
  const Statement& s = work.statement();
  SyntaxReader reader(s.list, s.text, at);
  const std::optional<SelectQuery> query = reader.query();
  if (!query || !reader.atEnd()) return s.unexpected(reader.at());
  std::optional<PlanNode> node = work.plan(*query);
  if (!node) return false;
  const PlanContext planning = work.planContext();
  Planner planner(planning);
  std::vector<PlanBase> bases;
  if (!query->from.empty()) {
    if (auto found = planner.basesOf(*query)) bases = std::move(*found);
  }
  const std::vector<TargetItem> targets = planner.targetsOf(*query, bases);
  if (valuesFail(work, bases, targets)) return false;
  relation.rows = static_cast<std::int64_t>(std::max(node->realRows, 0.0) + 0.5);
  for (std::size_t i = 0; i < targets.size(); ++i) {
    sim::RelationColumn column = planner.factsOf(targets[i].expr, bases, true);
    column.name = targets[i].alias.empty() ? columnNameOf(targets[i].expr) : targets[i].alias;
    column.source.clear();
    column.distinct = std::min(std::max(column.distinct, 1.0), static_cast<double>(relation.rows));
    if (hasAggregate(targets[i].expr)) column.distinct = static_cast<double>(relation.rows);
    if (sim::canonicalType(column.type) != column.type) column.type = "text";
    relation.columns.push_back(std::move(column));
  }
  nameSources(*query, bases, targets, relation);
  relation.pages = sim::heapPages(relation, relation.rows);
  PlanRun run = runPlan(*node, work.environment());
  run.milliseconds += static_cast<double>(relation.rows) * kWriteRowMs;
  if (!work.finish(run, node->run.buffers, relation.pages,
                   insertedWalBytes(relation, relation.rows))) {
    return false;
  }
  const std::int64_t rows = relation.rows;
  return work.store(std::move(relation)) && s.done("SELECT " + std::to_string(rows));
}

// "(a int primary key, b text not null default 'x', unique (a))"
bool readColumns(TableWork& work, sim::Relation& relation, std::size_t& at) {
  const Statement& s = work.statement();
  SyntaxReader reader(s.list, s.text, at);
  reader.skip();
  const auto index = [&](const std::string& column, const char* suffix) {
    relation.indexes.push_back({relation.name + "_" + suffix, {column}, 1, true});
  };
  do {
    if (reader.accept("primary") || reader.accept("unique")) {
      reader.accept("key");
      if (!reader.accept("(")) return s.unexpected(reader.at());
      const std::optional<std::string> name = reader.name();
      if (!name) return s.unexpected(reader.at());
      index(*name, "pkey");
      while (!reader.token().is(")") && !reader.atEnd()) reader.skip();
      reader.accept(")");
      continue;
    }
    sim::RelationColumn column;
    const std::optional<std::string> name = reader.name();
    const std::size_t typeAt = reader.token().at;
    const std::optional<std::string> type = name ? reader.typeName() : std::nullopt;
    if (!type) return s.unexpected(reader.at());
    column.name = *name;
    column.type = sim::canonicalType(*type);
    if (column.type.empty()) {
      return work.fail("42704", "type \"" + *type + "\" does not exist", typeAt);
    }
    const int length = sim::typeLayout(column.type).length;
    column.width = length > 0 ? length : 32;
    int depth = 0;
    while (!reader.atEnd() && (depth > 0 || (!reader.token().is(",") && !reader.token().is(")")))) {
      if (reader.token().is("(")) ++depth;
      if (reader.token().is(")")) --depth;
      if (reader.token().is("primary")) index(column.name, "pkey");
      if (reader.token().is("unique")) index(column.name, (column.name + "_key").c_str());
      reader.skip();
    }
    if (relation.column(column.name) != nullptr) {
      return work.fail("42701", "column \"" + column.name + "\" specified more than once");
    }
    relation.columns.push_back(std::move(column));
  } while (reader.accept(","));
  if (!reader.accept(")")) return s.unexpected(reader.at());
  at = reader.at();
  return true;
}

}  // namespace

bool runCreateTable(TableWork& work) {
  const Statement& s = work.statement();
  std::size_t i = 1;
  const bool temporary = s.at(i).is("temp") || s.at(i).is("temporary");
  if (temporary || s.at(i).is("unlogged")) ++i;
  ++i;  // TABLE
  const bool lenient = s.at(i).is("if");
  if (lenient) i += 3;
  if (!s.isName(i)) return s.unexpected(i);
  sim::Relation relation;
  relation.name = s.at(i).text;
  if (s.at(i + 1).is(".") && s.isName(i + 2)) {
    i += 2;
    relation.name = s.at(i).text;
  }
  relation.database = s.session.state().database;
  relation.owner = currentRole(s.session.state());
  relation.session = temporary ? s.session.state().pid : 0;
  const sim::World& world = s.session.world();
  if (!temporary && granted(world, s.session.role().name, securedSchema(relation.database),
                            privilegesOf("C")) == 0) {
    const bool query = base::contains(base::lower(s.text), " as ");
    return work.fail("42501", "permission denied for schema public",
                     query ? std::string::npos : s.at(i).at);
  }
  const sim::Relation* there = work.find(relation.name);
  if (there != nullptr && there->temporary() == temporary) {
    if (lenient) {
      s.error += "NOTICE:  relation \"" + relation.name + "\" already exists, skipping\n";
      return s.done("CREATE TABLE");
    }
    return work.fail("42P07", "relation \"" + relation.name + "\" already exists");
  }
  ++i;
  if (s.at(i).is("(") && !readColumns(work, relation, i)) return false;
  if (s.at(i).is("with") && s.at(i + 1).is("(")) {
    for (std::size_t k = i; s.at(k).kind != TokenKind::End; ++k) {
      if (s.at(k).is("fillfactor") && s.at(k + 2).kind == TokenKind::Number) {
        relation.fillfactor = std::clamp(std::atoi(s.at(k + 2).text.c_str()), 10, 100);
      }
    }
    while (s.at(i).kind != TokenKind::End && !s.at(i).is(")")) ++i;
    ++i;
  }
  if (s.at(i).is("as")) return createAs(work, std::move(relation), i + 1);
  if (s.at(i).kind != TokenKind::End) return s.unexpected(i);
  return work.store(std::move(relation)) && s.done("CREATE TABLE");
}

bool runCreateIndex(TableWork& work) {
  const Statement& s = work.statement();
  std::size_t i = s.at(1).is("unique") ? 3 : 2;
  if (s.at(i).is("concurrently")) ++i;
  const bool lenient = s.at(i).is("if") && s.at(i + 1).is("not") && s.at(i + 2).is("exists");
  if (lenient) i += 3;
  std::string name;
  if (!s.at(i).is("on")) {
    if (!s.isName(i)) return s.unexpected(i);
    name = s.at(i++).text;
  }
  if (!s.at(i).is("on")) return s.unexpected(i);
  if (!name.empty() && relationByName(s.session.world(), s.session.state(), name)) {
    if (!lenient) return work.fail("42P07", "relation \"" + name + "\" already exists");
    s.error += "NOTICE:  relation \"" + name + "\" already exists, skipping\n";
    return s.done("CREATE INDEX");
  }
  const std::size_t tableAt = ++i;
  if (!s.isName(i)) return s.unexpected(i);
  const sim::Relation* found = work.find(s.at(i).text);
  if (found == nullptr) {
    return work.fail("42P01", "relation \"" + s.at(tableAt).text + "\" does not exist");
  }
  if (!work.owned(*found)) return false;
  ++i;
  if (s.at(i).is("using")) i += 2;
  if (!s.at(i).is("(")) return s.unexpected(i);
  sim::RelationIndex index;
  index.unique = s.at(1).is("unique");
  do {
    ++i;
    if (!s.isName(i)) return s.unexpected(i);
    if (found->column(s.at(i).text) == nullptr) {
      return work.fail("42703", "column \"" + s.at(i).text + "\" does not exist");
    }
    index.columns.push_back(s.at(i).text);
    ++i;
    if (s.at(i).is("desc") || s.at(i).is("asc")) ++i;
  } while (s.at(i).is(","));
  if (const auto failure = work.lockTable(*found, sim::LockMode::Share)) {
    return work.fail(*failure);
  }
  sim::Relation relation = *found;
  if (name.empty()) {
    name = relation.name;
    for (const std::string& column : index.columns) name += "_" + column;
    name += "_idx";
    const std::string stem = name;
    for (int n = 1; std::any_of(relation.indexes.begin(), relation.indexes.end(),
                                [&](const auto& one) { return one.name == name; });
         ++n) {
      name = stem + std::to_string(n);
    }
  }
  index.name = name;
  index.pages = sim::btreePages(relation, index.columns);
  // A build is a sort of index tuples: the index takes the place of a node of its own.
  PlanNode sort;
  PlanRun run = runIndexBuild(relation, index, work.environment());
  run.milliseconds += static_cast<double>(relation.rows) * kIndexRowMs;
  BufferUse buffers;
  buffers.hit = relation.pages;
  if (!work.finish(run, buffers, index.pages, static_cast<double>(index.pages) * 8192))
    return false;
  relation.indexes.push_back(std::move(index));
  return work.store(std::move(relation)) && s.done("CREATE INDEX");
}

bool runDrop(TableWork& work) {
  const Statement& s = work.statement();
  const std::string kind = s.at(1).text;
  std::size_t i = kind == "index" && s.at(2).is("concurrently") ? 3 : 2;
  const bool lenient = s.at(i).is("if");
  if (lenient) i += 2;
  std::vector<sim::Relation> doomed;
  do {
    if (!s.isName(i)) return s.unexpected(i);
    const std::string name = s.at(i).text;
    if (kind == "function") {
      sim::Action action;
      action.verb = sim::Verb::Relation;
      action.target = name;
      action.fields = {{"function", "yes"}, {"drop", "yes"}};
      return s.session.change(action, s.error) && s.done("DROP FUNCTION");
    }
    const sim::Relation* relation = nullptr;
    for (const sim::Relation& one : s.session.world().postgres().relations) {
      const bool holds = std::any_of(one.indexes.begin(), one.indexes.end(),
                                     [&](const auto& index) { return index.name == name; });
      if (kind == "index" && holds) relation = &one;
    }
    if (kind == "table") relation = work.find(name);
    if (relation == nullptr) {
      if (!lenient) {
        return work.fail(kind == "index" ? "42704" : "42P01",
                         kind + " \"" + name + "\" does not exist");
      }
      s.error += "NOTICE:  " + kind + " \"" + name + "\" does not exist, skipping\n";
    } else {
      if (kind == "index" && !work.ownsTable(*relation)) {
        return work.fail("42501", "must be owner of index " + name);
      }
      if (!work.owned(*relation)) return false;
      if (kind == "index") {
        sim::Relation less = *relation;
        std::erase_if(less.indexes, [&](const auto& index) { return index.name == name; });
        return work.store(std::move(less)) && s.done("DROP INDEX");
      }
      // Table, row type and array type.
      if (const auto failure = work.lockTable(*relation, sim::LockMode::AccessExclusive)) {
        return work.fail(*failure);
      }
      doomed.push_back(*relation);
    }
    ++i;
  } while (s.at(i).is(",") && s.isName(++i));
  for (const sim::Relation& one : doomed) {
    if (!work.drop(one)) return false;
  }
  return s.done(kind == "index" ? "DROP INDEX" : "DROP TABLE");
}

bool runTruncate(TableWork& work) {
  const Statement& s = work.statement();
  const std::size_t i = s.at(1).is("table") ? 2 : 1;
  const sim::Relation* found = work.find(s.at(i).text);
  if (found == nullptr) {
    return work.fail("42P01", "relation \"" + s.at(i).text + "\" does not exist");
  }
  if (!work.permitted(*found, "D")) return false;
  if (const auto failure = work.lockTable(*found, sim::LockMode::AccessExclusive)) {
    return work.fail(*failure);
  }
  sim::Relation relation = *found;
  relation.rows = relation.dead = relation.pages = relation.freePages = 0;
  relation.literals.clear();
  relation.series.clear();
  for (sim::RelationIndex& index : relation.indexes) index.pages = 1;
  return work.store(std::move(relation)) && s.done("TRUNCATE TABLE");
}

}  // namespace console
