// SPDX-License-Identifier: GPL-3.0-or-later
// An analysed query: every name looked up, every expression with its type, ready to be run. Made by
// the Analyzer, run by the Executor.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "console/sql/query/ast.h"
#include "console/sql/query/datum.h"
#include "console/sql/query/functions.h"
#include "console/sql/virtual_tables.h"

namespace console::query {

struct Plan;
using PlanPtr = std::shared_ptr<Plan>;
struct Node;
using NodePtr = std::shared_ptr<Node>;

enum class Op : std::uint8_t {
  Constant,
  Column,     // of a FROM row: level, index
  Aggregate,  // slot: index
  Window,     // slot: index
  Series,     // slot: index; a set-returning function in the select list
  Call,       // function
  And,
  Or,
  Not,
  IsNull,      // negated
  IsTruth,     // text; negated
  IsDistinct,  // operand; negated
  Compare,     // text: = <> < <= > >=; operand
  InList,      // operand; negated
  Case,        // args: condition, value ..., else
  Coalesce,
  Extreme,  // negated: LEAST
  NullIf,   // operand
  Cast,     // args[0] to type; operand: from
  Items,
  Subscript,
  Slice,
  Scalar,
  Exists,
  ArrayQuery,
  InQuery,     // args[0], plan; operand; negated
  Quantified,  // args[0] function-or-comparison ANY/ALL args[1] (array) or plan; all
};

struct Node {
  Op op = Op::Constant;
  DataType type;
  std::vector<NodePtr> args;
  Datum constant;
  int level = 0;  // queries to go out
  std::size_t index = 0;
  const Function* function = nullptr;
  PlanPtr plan;
  NodePtr compare;   // of Quantified: the operation on two Params
  DataType operand;  // what is compared in, or cast from
  std::string text;  // operator, name of a column for errors
  bool negated = false, all = false;
  std::size_t at = std::string::npos;
};

struct SortKey {
  std::size_t column = 0;  // of the output row
  DataType type;
  bool descending = false, nullsFirst = false;
};
struct NodeSort {
  NodePtr node;
  bool descending = false, nullsFirst = false;
};

struct AggregateCall {
  const Function* function = nullptr;
  std::vector<NodePtr> args;
  std::vector<DataType> types;  // of the arguments
  DataType result;
  NodePtr filter;
  std::vector<NodeSort> order;
  bool distinct = false, star = false;
};

struct WindowCall {
  AggregateCall aggregate;  // or the window function in it
  std::vector<NodePtr> partition;
  std::vector<NodeSort> order;
  bool rows = false, groups = false;
  FrameEnd from = FrameEnd::UnboundedPreceding, to = FrameEnd::Current;
  NodePtr fromOffset, toOffset;
};

enum class SourceKind : std::uint8_t { Nothing, Table, Common, Query, Function, Join };
struct Source {
  SourceKind kind = SourceKind::Nothing;
  const VirtualTable* table = nullptr;
  std::size_t common = 0;  // of a common table expression: its number
  PlanPtr plan;
  NodePtr call;
  bool lateral = false, ordinality = false;
  std::size_t offset = 0, width = 0;  // its columns in the row
  JoinKind join = JoinKind::Inner;
  std::vector<Source> sides;
  std::vector<NodePtr> conditions;  // of the join
  // Conjuncts "left side = right side" among them: rows are paired by their values.
  std::vector<NodePtr> leftKeys, rightKeys;
  std::vector<NodePtr> filters;  // of WHERE, that need no more than what is here
};

struct OutputColumn {
  std::string name;
  DataType type;
  bool unknown = false;  // a literal whose type nothing decided: text when it goes out
};

struct CommonPlan {
  std::size_t number = 0;
  PlanPtr plan, recursive;  // recursive: the term that reads itself
  bool all = true;
};

struct Plan {
  std::vector<CommonPlan> common;
  Source source;
  std::size_t width = 0;
  std::vector<NodePtr> filters;  // what no source could take
  bool grouped = false;
  std::vector<NodePtr> groupBy;
  NodePtr having;
  std::vector<AggregateCall> aggregates;
  std::vector<WindowCall> windows;
  std::vector<NodePtr> series;   // calls in the select list
  std::vector<NodePtr> targets;  // visible ones first, then what ORDER BY needs
  std::size_t visible = 0;
  std::vector<OutputColumn> columns;
  bool distinct = false;
  std::size_t distinctOn = 0;  // leading sort keys
  std::vector<SortKey> orderBy;
  NodePtr limit, offset;
  // Other forms.
  std::vector<std::vector<NodePtr>> values;
  PlanPtr left, right;  // of a set operation, or left alone: a query in parentheses
  std::string operation;
  bool all = false;
  std::vector<DataType> leftTypes, rightTypes;  // before they become the columns' types
};

// The same expression, written again.
[[nodiscard]] bool sameNode(const Node& a, const Node& b);

}  // namespace console::query
