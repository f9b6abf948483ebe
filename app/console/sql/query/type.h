// SPDX-License-Identifier: GPL-3.0-or-later
// The types SQL expressions have, their names, and which turn into which by themselves
// (pg_type and pg_cast of PostgreSQL 15, as far as the views of the simulated server use them).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace console {

enum class TypeKind : std::uint8_t {
  Unknown,  // a quoted literal or NULL whose use decides
  Boolean,
  SmallInt,
  Integer,
  BigInt,
  Numeric,
  Real,
  Double,
  Text,
  Varchar,
  Char,          // character(n)
  InternalChar,  // "char"
  Name,
  Oid,
  Xid,
  RegClass,
  Date,
  Time,
  Timestamp,
  Timestamptz,
  Interval,
  Inet,
  PgLsn,
  Json,
  Jsonb,
  Uuid,
  Bytea,
  Void,
  Record,
  AnyElement,  // of a function's declaration: any type, the same wherever it stands
  AnyArray,
  Any,
};

struct DataType {
  TypeKind kind = TypeKind::Unknown;
  bool array = false;
  int precision = -1, scale = -1;  // numeric(p, s), varchar(p)

  constexpr DataType() = default;
  constexpr DataType(TypeKind k, bool isArray = false) : kind(k), array(isArray) {}  // NOLINT
  // Modifiers do not count.
  constexpr bool operator==(const DataType& other) const {
    return kind == other.kind && array == other.array;
  }
  [[nodiscard]] constexpr bool is(TypeKind k) const { return kind == k && !array; }
  [[nodiscard]] constexpr DataType element() const { return {kind, false}; }
  [[nodiscard]] constexpr DataType arrayOf() const { return {kind, true}; }
};

// "integer", "timestamp with time zone", "text[]": as format_type() names it.
[[nodiscard]] std::string typeName(DataType type);
// "int4", "_text": as the catalogue calls it, and as a cast names its column.
[[nodiscard]] std::string internalTypeName(DataType type);
// The type a name stands for; nothing: there is none. words: in lower case, single blanks.
[[nodiscard]] std::optional<DataType> typeNamed(std::string_view words);

enum class TypeGroup : std::uint8_t { Other, Number, Text, Time, Boolean };
[[nodiscard]] TypeGroup groupOf(DataType type);
[[nodiscard]] bool isWholeNumber(DataType type);
[[nodiscard]] bool isNumber(DataType type);  // smallint to double precision
[[nodiscard]] bool isTextual(DataType type);
// psql sets the column to the right.
[[nodiscard]] bool isRightAligned(DataType type);

// How many steps it takes to come from one type to another without being asked; 0: the same,
// -1: it does not happen.
[[nodiscard]] int implicitSteps(DataType from, DataType to);
// Whether an explicit cast exists.
[[nodiscard]] bool mayCast(DataType from, DataType to);
// The type both turn into by themselves, for CASE, UNION, comparison; nothing: none.
[[nodiscard]] std::optional<DataType> commonType(DataType a, DataType b);

}  // namespace console
