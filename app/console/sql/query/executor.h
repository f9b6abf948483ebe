// SPDX-License-Identifier: GPL-3.0-or-later
// Runs an analysed query. Every evaluation takes from the Runtime's work, so that no query runs
// for long; the first failure ends it.
#pragma once

#include <map>
#include <vector>

#include "console/sql/query/plan.h"

namespace console::query {

// The rows an expression looks at: of its own query, then of those around it.
struct Frame {
  const Row* row = nullptr;
  const Row* aggregates = nullptr;
  const Row* windows = nullptr;
  const Row* series = nullptr;
  const Frame* outer = nullptr;
};

class Executor {
 public:
  Executor(Runtime& runtime, std::size_t commonTables)
      : m_runtime(runtime), m_common(commonTables) {}

  // The visible columns of all rows, or a failure of the runtime.
  [[nodiscard]] std::vector<Row> run(const Plan& plan, const Frame* outer);

 private:
  // A row on its way through the query, with what belongs to it.
  struct Work {
    Row row, aggregates, windows, output;
  };

  std::vector<Row> select(const Plan& plan, const Frame* outer);
  std::vector<Row> setOperation(const Plan& plan, const Frame* outer);
  void runCommon(const Plan& plan, const Frame* outer);
  void recurse(const CommonPlan& common, const Frame* outer);
  std::vector<Row> finish(const Plan& plan, std::vector<Row> rows, const Frame* outer);

  // -- FROM: execute_from.cpp --
  std::vector<Row> rowsOf(const Source& source, const Plan& plan, const Frame* outer,
                          const Row* left);
  std::vector<Row> leafRows(const Source& source, const Plan& plan, const Frame* outer,
                            const Row* left);
  std::vector<Row> joined(const Source& source, const Plan& plan, const Frame* outer,
                          const Row* left);
  bool pass(const std::vector<NodePtr>& conditions, const Frame& frame);
  std::string keyOf(const std::vector<NodePtr>& keys, const Frame& frame, bool& null);

  // -- groups and windows: aggregate.cpp, window.cpp --
  std::vector<Work> grouped(const Plan& plan, std::vector<Row> rows, const Frame* outer);
  Datum aggregate(const AggregateCall& call, const std::vector<const Frame*>& frames);
  void windows(const Plan& plan, std::vector<Work>& work, const Frame* outer);
  void window(const WindowCall& call, std::size_t slot, std::vector<Work>& work,
              const std::vector<Frame>& frames);
  // Where a row stands in its partition, and the rows equal to it by the window's order.
  struct Place {
    std::int64_t at = 0, count = 0, peerFirst = 0, peerLast = 0;
  };
  // First and last row of a frame; last < first: it is empty.
  struct Bounds {
    std::int64_t first = 0, last = 0;
  };
  Bounds frameOf(const WindowCall& call, const Frame& frame, const Place& place);
  // Of a row at `at` in its partition: rank() and its kin; known false: it is none of them.
  Datum rankValue(const WindowCall& call, std::int64_t at, std::int64_t count,
                  std::int64_t peerFirst, std::int64_t peerLast, bool& known);
  Datum windowValue(const WindowCall& call, const std::vector<std::size_t>& part, std::size_t i,
                    const std::vector<Frame>& frames, const std::vector<std::vector<Datum>>& keys);
  int compareKeys(const std::vector<NodeSort>& order, const std::vector<Datum>& a,
                  const std::vector<Datum>& b) const;
  void output(const Plan& plan, const Work& work, const Frame* outer, std::vector<Row>& rows);

  // -- expressions: evaluate.cpp --
  Datum evaluate(const Node& node, const Frame& frame);
  Datum callOf(const Node& node, const Frame& frame);
  Datum comparison(const Node& node, const Frame& frame);
  Datum logic(const Node& node, const Frame& frame);
  Datum caseOf(const Node& node, const Frame& frame);
  Datum inList(const Node& node, const Frame& frame);
  Datum subquery(const Node& node, const Frame& frame);
  Datum inQuery(const Node& node, const Frame& frame);
  Datum quantified(const Node& node, const Frame& frame);
  Datum subscript(const Node& node, const Frame& frame);
  Datum extreme(const Node& node, const Frame& frame);
  std::vector<Datum> seriesOf(const Node& node, const Frame& frame);
  const std::vector<Row>& rowsOfSubquery(const Node& node, const Frame& frame);

  Runtime& m_runtime;
  std::vector<std::vector<Row>> m_common;          // rows of common table expressions
  std::map<const Plan*, std::vector<Row>> m_kept;  // of subqueries that look at nothing outside
  std::vector<Row> m_fresh;
};

// A value of one type as another: what a cast does.
[[nodiscard]] Datum castDatum(Runtime& runtime, const Datum& datum, DataType from, DataType to);
// Nothing in the plan looks at rows of the queries around it.
[[nodiscard]] bool standsAlone(const Plan& plan, int level = 0);

}  // namespace console::query
