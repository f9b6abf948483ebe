// SPDX-License-Identifier: GPL-3.0-or-later
// INSERT, UPDATE, DELETE, VACUUM, ANALYZE.
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "console/sql/tables/assignments.h"
#include "console/sql/tables/table_statements.h"
#include "sim/execution/allocation.h"

namespace console {
namespace {

constexpr double kWriteRowMs = 1.5e-3;  // MODEL
constexpr std::int64_t kMostLiterals = 1000;

// The table a statement changes; the letters are those of the privileges it needs.
const sim::Relation* target(TableWork& work, std::size_t i, sim::LockMode mode,
                            std::string_view letters = {}) {
  const Statement& s = work.statement();
  if (!s.isName(i)) {
    s.unexpected(i);
    return nullptr;
  }
  const sim::Relation* found = work.find(s.at(i).text);
  if (found == nullptr) {
    work.fail("42P01", "relation \"" + s.at(i).text + "\" does not exist", s.at(i).at);
    return nullptr;
  }
  if (const auto failure = work.lockTable(*found, mode, s.at(i).at)) {
    work.fail(*failure);
    return nullptr;
  }
  if (!letters.empty() && !work.permitted(*found, letters)) return nullptr;
  return found;
}

// Columns' figures after more rows came: the mean of widths, the values of both.
void mix(sim::Relation& relation, const std::vector<sim::RelationColumn>& added,
         std::int64_t rows) {
  const double before = static_cast<double>(relation.rows), more = static_cast<double>(rows);
  for (std::size_t i = 0; i < relation.columns.size() && i < added.size(); ++i) {
    sim::RelationColumn& column = relation.columns[i];
    if (sim::typeLayout(column.type).length < 0 && before + more > 0) {
      column.width = (column.width * before + added[i].width * more) / (before + more);
    }
    column.distinct = std::min(std::max(column.distinct, added[i].distinct), before + more);
  }
}

void regrow(sim::Relation& relation) {
  relation.pages =
      std::max(relation.pages, sim::heapPages(relation, relation.rows + relation.dead));
  for (sim::RelationIndex& index : relation.indexes) {
    index.pages = std::max(index.pages, sim::btreePages(relation, index.columns));
  }
}

bool insertValues(TableWork& work, sim::Relation relation, const SelectQuery& query) {
  const Statement& s = work.statement();
  const EvaluationScope scope = work.scope();
  std::vector<sim::RelationColumn> facts = relation.columns;
  for (const auto& row : query.values) {
    if (row.size() > relation.columns.size()) {
      return work.fail("42601", "INSERT has more expressions than target columns",
                       row[relation.columns.size()].at);
    }
    std::string cells;
    for (std::size_t i = 0; i < relation.columns.size(); ++i) {
      Value value;
      if (i < row.size()) {
        Evaluator evaluator(scope);
        Expr cast;
        cast.kind = ExprKind::Cast;
        cast.text = relation.columns[i].type;
        cast.args = {row[i]};
        cast.at = row[i].at;
        const std::optional<Value> computed = evaluator.evaluate(cast);
        if (!computed) return work.fail(*evaluator.failure());
        value = *computed;
      }
      const std::string text = value.null() ? "\x1e" : valueText(value);
      cells += (i > 0 ? "\x1f" : "") + text;
      facts[i].width = static_cast<double>(text.size()) + 1;
      facts[i].distinct = static_cast<double>(relation.rows + 1);
    }
    const bool known = relation.rows == static_cast<std::int64_t>(relation.literals.size()) &&
                       relation.rows < kMostLiterals;
    if (known) relation.literals.push_back(cells);
    relation.series.clear();
    mix(relation, facts, 1);
    ++relation.rows;
  }
  regrow(relation);
  const auto rows = query.values.size();
  return work.store(std::move(relation)) && s.done("INSERT 0 " + std::to_string(rows));
}

// Share of the rows a WHERE at this place takes, and its condition; nothing: told.
std::optional<double> shareOf(TableWork& work, const sim::Relation& relation, std::size_t at,
                              std::optional<Expr>& condition) {
  const Statement& s = work.statement();
  if (s.at(at).kind == TokenKind::End) return 1;
  if (!s.at(at).is("where")) {
    s.unexpected(at);
    return std::nullopt;
  }
  SyntaxReader reader(s.list, s.text, at + 1);
  condition = reader.expression();
  if (!condition || !reader.atEnd()) {
    s.unexpected(reader.at());
    return std::nullopt;
  }
  PlanBase base;
  base.alias = relation.name;
  base.relation = &relation;
  base.columns = base.truth = relation.columns;
  base.rows = base.realRows = static_cast<double>(relation.rows);
  base.source = RowSource::of(relation);
  std::vector<Expr> parts;
  splitAnd(*condition, parts);
  const PlanContext planning = work.planContext();
  const Planner planner(planning);
  return planner.realShare(parts, base);
}

bool charge(TableWork& work, const sim::Relation& relation, std::int64_t rows) {
  PlanRun run;
  run.milliseconds = static_cast<double>(relation.rows) * 1e-4 +
                     static_cast<double>(rows) * kWriteRowMs *
                         (1.0 + 0.5 * static_cast<double>(relation.indexes.size()));
  BufferUse buffers;
  buffers.hit = relation.pages;
  // A new version of each row and its index entries; the first change of a page after a checkpoint
  // logs the page as a whole.
  const auto pages = static_cast<double>(std::min(rows, relation.pages));
  const double each = static_cast<double>(sim::rowDataBytes(relation.columns)) + 100 +
                      40 * static_cast<double>(relation.indexes.size());
  return work.finish(run, buffers, std::min(rows, relation.pages),
                     static_cast<double>(rows) * each + pages * 8192);
}

struct VacuumResult {
  std::int64_t indexScans = 0, removed = 0;
  double milliseconds = 0;
};

VacuumResult vacuum(TableWork& work, sim::Relation& relation) {
  VacuumResult result;
  const std::int64_t memory =
      std::min<std::int64_t>(work.settings().maintenanceWorkMemBytes, 1LL << 30);
  // An array of six-byte item pointers (vacuumlazy.c), no larger than the table could need.
  constexpr std::int64_t kItemPointer = 6, kHeader = 8, kMostPerPage = 291;
  const std::int64_t items = std::max<std::int64_t>(
      kMostPerPage, std::min((memory - kHeader) / kItemPointer, relation.pages * kMostPerPage));
  result.removed = relation.dead;
  if (relation.dead > 0 && !relation.indexes.empty()) {
    result.indexScans = sim::divideUp(relation.dead, items);
  }
  std::int64_t indexPages = 0;
  for (const sim::RelationIndex& index : relation.indexes) indexPages += index.pages;
  result.milliseconds = static_cast<double>(relation.pages) * 0.02 +
                        static_cast<double>(relation.dead) * 1e-4 +
                        static_cast<double>(result.indexScans * indexPages) * 0.01;
  relation.freePages += relation.dead / sim::rowsPerPage(relation.columns, relation.fillfactor);
  relation.dead = 0;
  relation.allVisible = true;
  return result;
}

void tellVacuum(const Statement& s, const sim::Relation& relation, const VacuumResult& result) {
  const std::string pages = std::to_string(relation.pages);
  const std::string name = relation.database + ".public." + relation.name;
  std::string text = "INFO:  vacuuming \"" + name + "\"\n";
  text += "INFO:  finished vacuuming \"" + name +
          "\": index scans: " + std::to_string(result.indexScans) + "\n";
  text += "pages: 0 removed, " + pages + " remain, " + pages + " scanned (100.00% of total)\n";
  text += "tuples: " + std::to_string(result.removed) + " removed, " +
          std::to_string(relation.rows) + " remain, 0 are dead but not yet removable\n";
  text += "removable cutoff: " + std::to_string(700 + relation.oid) +
          ", which was 0 XIDs old when operation ended\n";
  if (result.removed > 0 && result.indexScans > 0) {
    text += "index scan needed: " + pages + " pages from table (100.00% of total) had " +
            std::to_string(result.removed) + " dead item identifiers removed\n";
    for (const sim::RelationIndex& index : relation.indexes) {
      text += "index \"" + index.name + "\": pages: " + std::to_string(index.pages) +
              " in total, 0 newly deleted, 0 currently deleted, 0 reusable\n";
    }
  } else {
    text +=
        "index scan not needed: 0 pages from table (0.00% of total) had 0 dead item "
        "identifiers removed\n";
  }
  const double seconds = std::max(result.milliseconds / 1000, 0.001);
  const std::int64_t misses = 0, hits = relation.pages * 2 + 20,
                     dirtied = result.removed > 0 ? relation.pages : 0;
  text += "avg read rate: 0.000 MB/s, avg write rate: " +
          base::fixedText(static_cast<double>(dirtied) * 8192 / 1048576 / seconds, 3) + " MB/s\n";
  text += "buffer usage: " + std::to_string(hits) + " hits, " + std::to_string(misses) +
          " misses, " + std::to_string(dirtied) + " dirtied\n";
  text += "WAL usage: " + std::to_string(dirtied * 2) + " records, 0 full page images, " +
          std::to_string(dirtied * 250) + " bytes\n";
  text += "system usage: CPU: user: " + base::fixedText(seconds * 0.6, 2) +
          " s, system: " + base::fixedText(seconds * 0.2, 2) +
          " s, elapsed: " + base::fixedText(seconds, 2) + " s\n";
  s.error += text;
}

}  // namespace

bool runInsert(TableWork& work) {
  const Statement& s = work.statement();
  if (!s.at(1).is("into")) return s.unexpected(1);
  const sim::Relation* found = target(work, 2, sim::LockMode::RowExclusive, "a");
  if (found == nullptr) return false;
  sim::Relation relation = *found;
  std::size_t i = 3;
  if (s.at(i).is("(")) {
    while (!s.at(i).is(")") && s.at(i).kind != TokenKind::End) ++i;
    ++i;
  }
  SyntaxReader reader(s.list, s.text, i);
  const std::optional<SelectQuery> query = reader.query();
  if (!query || !reader.atEnd()) return s.unexpected(reader.at());
  s.session.state().usedTemporary = s.session.state().usedTemporary || relation.temporary();
  if (!query->values.empty()) return insertValues(work, std::move(relation), *query);
  std::optional<PlanNode> node = work.plan(*query);
  if (!node) return false;
  const auto rows = static_cast<std::int64_t>(std::max(node->realRows, 0.0) + 0.5);
  PlanRun run = runPlan(*node, work.environment());
  run.milliseconds += static_cast<double>(rows) * kWriteRowMs;
  const bool fresh = relation.rows == 0 && relation.dead == 0;
  std::vector<sim::RelationColumn> added = node->columns();
  mix(relation, added, rows);
  relation.series.clear();
  relation.literals.clear();
  const bool counts = fresh && !query->from.empty() && query->from[0].kind == TableKind::Function &&
                      relation.columns.size() == 1;
  if (counts || (fresh && query->from.empty())) {
    relation.series = "g";
    relation.seriesFrom = 1;
    relation.columns[0].source = "g";
    if (relation.columns.size() > 1) relation.series.clear();
  }
  relation.rows += rows;
  relation.analyzed = false;
  relation.allVisible = false;
  regrow(relation);
  const std::int64_t pages = relation.pages;
  const double walBytes = insertedWalBytes(relation, rows);
  if (!work.finish(run, node->run.buffers, pages, walBytes)) return false;
  return work.store(std::move(relation)) && s.done("INSERT 0 " + std::to_string(rows));
}

namespace {

// A condition reads the table that is changed.
std::string lettersOf(const Statement& s, std::string letters) {
  for (std::size_t i = 0; s.at(i).kind != TokenKind::End; ++i) {
    if (s.at(i).is("where")) return letters + "r";
  }
  return letters;
}

bool skipped(const Statement& s, const sim::Relation& relation, const std::string& verb) {
  const std::string text =
      "skipping \"" + relation.name + "\" --- only table or database owner can " + verb + " it";
  s.session.log({"WARNING", text, {}, {}, "01000"});
  s.error += "WARNING:  " + text + "\n";
  return true;
}

}  // namespace

bool runUpdate(TableWork& work) {
  const Statement& s = work.statement();
  const sim::Relation* found = target(work, 1, sim::LockMode::RowExclusive, lettersOf(s, "w"));
  if (found == nullptr) return false;
  sim::Relation relation = *found;
  std::size_t i = 2;
  if (!s.at(i).is("set")) return s.unexpected(i);
  const std::optional<std::vector<ColumnAssignment>> assignments = readAssignments(s, i + 1, i);
  if (!assignments) return s.unexpected(i);
  for (const ColumnAssignment& one : *assignments) {
    if (relation.column(one.column) != nullptr) continue;
    return work.fail(
        "42703",
        "column \"" + one.column + "\" of relation \"" + relation.name + "\" does not exist",
        one.at);
  }
  std::optional<Expr> condition;
  const std::optional<double> share = shareOf(work, relation, i, condition);
  if (!share) return false;
  const auto rows = static_cast<std::int64_t>(static_cast<double>(relation.rows) * *share + 0.5);
  if (!charge(work, relation, rows)) return false;
  // New versions go into room VACUUM made, then behind the others.
  relation.dead += rows;
  assign(relation, *assignments, condition ? &*condition : nullptr);
  relation.literals.clear();
  const std::int64_t reused = std::min(relation.freePages, sim::heapPages(relation, rows));
  relation.freePages -= reused;
  relation.allVisible = false;
  relation.pages =
      std::max(relation.pages, sim::heapPages(relation, relation.rows + relation.dead) - reused);
  return work.store(std::move(relation)) && s.done("UPDATE " + std::to_string(rows));
}

bool runDelete(TableWork& work) {
  const Statement& s = work.statement();
  if (!s.at(1).is("from")) return s.unexpected(1);
  const sim::Relation* found = target(work, 2, sim::LockMode::RowExclusive, lettersOf(s, "d"));
  if (found == nullptr) return false;
  sim::Relation relation = *found;
  std::optional<Expr> condition;
  const std::optional<double> share = shareOf(work, relation, 3, condition);
  if (!share) return false;
  const auto rows = static_cast<std::int64_t>(static_cast<double>(relation.rows) * *share + 0.5);
  if (!charge(work, relation, rows)) return false;
  relation.rows -= rows;
  relation.dead += rows;
  if (rows > 0) {
    relation.series.clear();
    relation.literals.clear();
    relation.allVisible = false;
  }
  return work.store(std::move(relation)) && s.done("DELETE " + std::to_string(rows));
}

bool runVacuum(TableWork& work) {
  const Statement& s = work.statement();
  bool verbose = false, analyze = false, full = false;
  std::size_t i = 1;
  const auto option = [&](const SqlToken& token) {
    if (token.is("verbose"))
      verbose = true;
    else if (token.is("analyze"))
      analyze = true;
    else if (token.is("full"))
      full = true;
    else
      return token.is("freeze");
    return true;
  };
  if (s.at(i).is("(")) {
    for (++i; !s.at(i).is(")"); ++i) {
      if (s.at(i).kind == TokenKind::End) return s.unexpected(i);
      option(s.at(i));
    }
    ++i;
  }
  while (option(s.at(i))) ++i;
  if (s.session.state().inTransaction) {
    return work.fail("25001", "VACUUM cannot run inside a transaction block");
  }
  if (s.at(i).kind == TokenKind::End) return s.done("VACUUM");
  const sim::Relation* found =
      target(work, i, full ? sim::LockMode::AccessExclusive : sim::LockMode::ShareUpdateExclusive);
  if (found == nullptr) return false;
  if (!work.ownsTable(*found)) return skipped(s, *found, "vacuum") && s.done("VACUUM");
  sim::Relation relation = *found;
  PlanRun run;
  VacuumResult result = vacuum(work, relation);
  if (full) {
    relation.pages = sim::heapPages(relation, relation.rows);
    relation.freePages = 0;
    for (sim::RelationIndex& index : relation.indexes) {
      index.pages = sim::btreePages(relation, index.columns);
    }
  }
  relation.analyzed = relation.analyzed || analyze;
  run.milliseconds = result.milliseconds;
  BufferUse buffers;
  buffers.hit = relation.pages;
  if (!work.finish(run, buffers, result.removed > 0 ? relation.pages : 0)) return false;
  if (verbose) tellVacuum(s, relation, result);
  return work.store(std::move(relation)) && s.done("VACUUM");
}

bool runAnalyze(TableWork& work) {
  const Statement& s = work.statement();
  std::size_t i = 1;
  while (s.at(i).is("verbose") || s.at(i).is("(")) ++i;
  if (s.at(i).kind == TokenKind::End) return s.done("ANALYZE");
  const sim::Relation* found = target(work, i, sim::LockMode::ShareUpdateExclusive);
  if (found == nullptr) return false;
  if (!work.ownsTable(*found)) return skipped(s, *found, "analyze") && s.done("ANALYZE");
  sim::Relation relation = *found;
  relation.analyzed = true;
  return work.store(std::move(relation)) && s.done("ANALYZE");
}

}  // namespace console
