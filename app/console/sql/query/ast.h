// SPDX-License-Identifier: GPL-3.0-or-later
// A query as it was written: the shape only, nothing looked up.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace console::query {

struct Expr;
struct Select;
using ExprPtr = std::shared_ptr<Expr>;
using SelectPtr = std::shared_ptr<Select>;

struct TypeSpec {
  std::string name;  // in lower case, single blanks, [] behind it
  int precision = -1, scale = -1;
  std::size_t at = 0;
};

struct SortItem {
  ExprPtr expr;
  bool descending = false;
  bool nullsFirst = false;
};

enum class FrameEnd : std::uint8_t { UnboundedPreceding, Preceding, Current, Following, Unbounded };
struct WindowSpec {
  std::string base;  // OVER name, or (name ...)
  std::vector<ExprPtr> partition;
  std::vector<SortItem> order;
  bool framed = false, rows = false, groups = false;
  FrameEnd from = FrameEnd::UnboundedPreceding, to = FrameEnd::Current;
  ExprPtr fromOffset, toOffset;
  std::size_t at = 0;
};

enum class ExprKind : std::uint8_t {
  Text,     // text
  Number,   // text
  Boolean,  // text: true, false
  Null,
  Column,  // names: [schema.][table.]column
  Star,    // names: [table]
  Call,    // names, args; order, filter, over
  Unary,   // text: operator; args[0]
  Binary,  // text: operator; args[0], args[1]
  And,
  Or,
  Not,
  IsNull,      // negated
  IsTruth,     // text: true, false, unknown; negated
  IsDistinct,  // negated: IS NOT DISTINCT FROM
  In,          // args[0], then the list, or query
  Between,     // args[0..2]; symmetric: all
  Like,        // text: like, ilike, similar; args[0], args[1], [escape]
  Case,        // operand (may be null), then pairs, then else (may be null)
  Cast,        // args[0], type
  Items,       // args
  ArrayQuery,
  Subscript,  // args[0][args[1]], or a slice: args[1]:args[2]
  Scalar,     // (SELECT ...)
  Exists,
  Quantified,  // args[0] text ANY/ALL(args[1] or query); all
  Tuple,       // (a, b)
  Zone,        // args[0] AT TIME ZONE args[1]
  Keyword,     // text: current_date, current_user ...
};

struct Expr {
  ExprKind kind = ExprKind::Null;
  std::string text;
  std::vector<std::string> names;
  std::vector<ExprPtr> args;
  SelectPtr query;
  TypeSpec type;
  std::vector<SortItem> order;  // inside an aggregate's parentheses, or WITHIN GROUP
  ExprPtr filter;
  std::optional<WindowSpec> over;
  bool star = false, distinct = false, negated = false, all = false, withinGroup = false;
  std::size_t at = 0;  // place in the statement
};

struct Target {
  ExprPtr expr;
  std::string alias;  // empty: none given
};

enum class FromKind : std::uint8_t { Relation, Query, Function, Join };
enum class JoinKind : std::uint8_t { Inner, Left, Right, Full, Cross };
struct FromItem {
  FromKind kind = FromKind::Relation;
  std::string schema, name, alias;
  std::vector<std::string> columnAliases;
  SelectPtr query;
  ExprPtr call;
  bool lateral = false, ordinality = false, natural = false;
  JoinKind join = JoinKind::Inner;
  std::vector<FromItem> sides;  // of a join: left, right
  ExprPtr on;
  std::vector<std::string> shared;  // USING
  std::size_t at = 0;
};

struct CommonTable {
  std::string name;
  std::vector<std::string> columns;
  SelectPtr query;
  std::size_t at = 0;
};

struct SetOperation {
  std::string word;  // union, intersect, except
  bool all = false;
  SelectPtr query;
  std::size_t at = 0;
};

struct Select {
  std::vector<CommonTable> with;
  bool recursive = false;
  bool distinct = false;
  std::vector<ExprPtr> distinctOn;
  std::vector<Target> targets;
  std::vector<FromItem> from;
  ExprPtr where, having;
  std::vector<ExprPtr> groupBy;
  bool grouped = false;  // there is a GROUP BY
  std::vector<std::pair<std::string, WindowSpec>> windows;
  std::vector<std::vector<ExprPtr>> values;  // VALUES (...), (...)
  std::vector<SetOperation> operations;      // with what stands before, from left to right
  SelectPtr first;                           // of set operations: the left side
  std::vector<SortItem> orderBy;
  ExprPtr limit, offset;
  bool locks = false;  // FOR UPDATE and the like
  std::size_t at = 0;
};

}  // namespace console::query
