// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/query/type.h"

#include <algorithm>
#include <array>

namespace console {
namespace {

struct TypeInfo {
  TypeKind kind;
  std::string_view name, internal;
  TypeGroup group;
};
constexpr TypeInfo kTypes[] = {
    {TypeKind::Unknown, "unknown", "unknown", TypeGroup::Other},
    {TypeKind::Boolean, "boolean", "bool", TypeGroup::Boolean},
    {TypeKind::SmallInt, "smallint", "int2", TypeGroup::Number},
    {TypeKind::Integer, "integer", "int4", TypeGroup::Number},
    {TypeKind::BigInt, "bigint", "int8", TypeGroup::Number},
    {TypeKind::Numeric, "numeric", "numeric", TypeGroup::Number},
    {TypeKind::Real, "real", "float4", TypeGroup::Number},
    {TypeKind::Double, "double precision", "float8", TypeGroup::Number},
    {TypeKind::Text, "text", "text", TypeGroup::Text},
    {TypeKind::Varchar, "character varying", "varchar", TypeGroup::Text},
    {TypeKind::Char, "character", "bpchar", TypeGroup::Text},
    {TypeKind::InternalChar, "\"char\"", "char", TypeGroup::Text},
    {TypeKind::Name, "name", "name", TypeGroup::Text},
    {TypeKind::Oid, "oid", "oid", TypeGroup::Number},
    {TypeKind::Xid, "xid", "xid", TypeGroup::Other},
    {TypeKind::RegClass, "regclass", "regclass", TypeGroup::Number},
    {TypeKind::Date, "date", "date", TypeGroup::Time},
    {TypeKind::Time, "time without time zone", "time", TypeGroup::Time},
    {TypeKind::Timestamp, "timestamp without time zone", "timestamp", TypeGroup::Time},
    {TypeKind::Timestamptz, "timestamp with time zone", "timestamptz", TypeGroup::Time},
    {TypeKind::Interval, "interval", "interval", TypeGroup::Time},
    {TypeKind::Inet, "inet", "inet", TypeGroup::Other},
    {TypeKind::PgLsn, "pg_lsn", "pg_lsn", TypeGroup::Other},
    {TypeKind::Json, "json", "json", TypeGroup::Other},
    {TypeKind::Jsonb, "jsonb", "jsonb", TypeGroup::Other},
    {TypeKind::Uuid, "uuid", "uuid", TypeGroup::Other},
    {TypeKind::Bytea, "bytea", "bytea", TypeGroup::Other},
    {TypeKind::Void, "void", "void", TypeGroup::Other},
    {TypeKind::Record, "record", "record", TypeGroup::Other},
    {TypeKind::AnyElement, "anyelement", "anyelement", TypeGroup::Other},
    {TypeKind::AnyArray, "anyarray", "anyarray", TypeGroup::Other},
    {TypeKind::Any, "\"any\"", "any", TypeGroup::Other}};

const TypeInfo& infoOf(TypeKind kind) {
  return *std::find_if(std::begin(kTypes), std::end(kTypes),
                       [&](const TypeInfo& one) { return one.kind == kind; });
}

constexpr std::pair<std::string_view, TypeKind> kAliases[] = {
    {"int", TypeKind::Integer},  {"decimal", TypeKind::Numeric},
    {"float", TypeKind::Double}, {"character varying", TypeKind::Varchar},
    {"char", TypeKind::Char},    {"timestamp", TypeKind::Timestamp},
    {"time", TypeKind::Time},    {"cidr", TypeKind::Inet}};

// Numbers in the order in which they widen.
int numberRank(TypeKind kind) {
  constexpr std::array<TypeKind, 6> kOrder = {TypeKind::SmallInt, TypeKind::Integer,
                                              TypeKind::BigInt,   TypeKind::Numeric,
                                              TypeKind::Real,     TypeKind::Double};
  const auto* it = std::find(kOrder.begin(), kOrder.end(), kind);
  return it == kOrder.end() ? -1 : static_cast<int>(it - kOrder.begin());
}

}  // namespace

std::string typeName(DataType type) {
  return std::string(infoOf(type.kind).name) + (type.array ? "[]" : "");
}

std::string internalTypeName(DataType type) {
  return (type.array ? "_" : "") + std::string(infoOf(type.kind).internal);
}

std::optional<DataType> typeNamed(std::string_view words) {
  bool array = false;
  while (words.ends_with("[]")) {
    array = true;
    words.remove_suffix(2);
  }
  for (const auto& [alias, kind] : kAliases) {
    if (alias == words) return DataType(kind, array);
  }
  for (const TypeInfo& one : kTypes) {
    if (one.name != words && one.internal != words) continue;
    if (one.kind == TypeKind::Unknown || one.kind >= TypeKind::Void) return std::nullopt;
    return DataType(one.kind, array);
  }
  return std::nullopt;
}

TypeGroup groupOf(DataType type) {
  return type.array ? TypeGroup::Other : infoOf(type.kind).group;
}

bool isWholeNumber(DataType type) {
  return type.is(TypeKind::SmallInt) || type.is(TypeKind::Integer) || type.is(TypeKind::BigInt);
}

bool isNumber(DataType type) {
  return !type.array && numberRank(type.kind) >= 0;
}

bool isTextual(DataType type) {
  return groupOf(type) == TypeGroup::Text;
}

bool isRightAligned(DataType type) {
  return isNumber(type) || type.is(TypeKind::Oid) || type.is(TypeKind::Xid);
}

int implicitSteps(DataType from, DataType to) {
  if (from == to) return 0;
  if (to.kind == TypeKind::Any) return 1;
  if (to.kind == TypeKind::AnyElement) return to.array == from.array || !to.array ? 1 : -1;
  if (to.kind == TypeKind::AnyArray) return from.array || from.is(TypeKind::Unknown) ? 1 : -1;
  if (from.is(TypeKind::Unknown)) return 1;
  if (from.array || to.array) {
    return from.array && to.array && from.kind == TypeKind::Unknown ? 1 : -1;
  }
  const int a = numberRank(from.kind), b = numberRank(to.kind);
  if (a >= 0 && b >= 0) return b > a ? b - a : -1;
  const bool oids = to.kind == TypeKind::Oid || to.kind == TypeKind::RegClass;
  if (isWholeNumber(from) && oids) return 2;
  if ((from.kind == TypeKind::RegClass || from.kind == TypeKind::Oid) && oids) return 1;
  if ((from.kind == TypeKind::Oid || from.kind == TypeKind::RegClass) &&
      to.kind == TypeKind::BigInt)
    return 3;
  const auto textual = [](TypeKind kind) {
    return kind == TypeKind::Text || kind == TypeKind::Varchar || kind == TypeKind::Char ||
           kind == TypeKind::Name || kind == TypeKind::InternalChar;
  };
  if (textual(from.kind) && textual(to.kind)) {
    if (to.kind == TypeKind::InternalChar) return -1;
    return to.kind == TypeKind::Text ? 1 : 2;
  }
  if (from.kind == TypeKind::Date && to.kind == TypeKind::Timestamp) return 1;
  if (from.kind == TypeKind::Date && to.kind == TypeKind::Timestamptz) return 2;
  if (from.kind == TypeKind::Timestamp && to.kind == TypeKind::Timestamptz) return 1;
  if (from.kind == TypeKind::Time && to.kind == TypeKind::Interval) return 1;
  return -1;
}

bool mayCast(DataType from, DataType to) {
  if (from.is(TypeKind::Unknown) || implicitSteps(from, to) >= 0) return true;
  if (from.array != to.array) return from.array ? isTextual(to) : isTextual(from);
  if (from.array) return mayCast(from.element(), to.element());
  if (isTextual(to) || isTextual(from)) return true;
  if (isNumber(from) && isNumber(to)) return true;
  if (from.is(TypeKind::Boolean) && to.is(TypeKind::Integer)) return true;
  if (from.is(TypeKind::Integer) && to.is(TypeKind::Boolean)) return true;
  const bool oidFrom = from.is(TypeKind::Oid) || from.is(TypeKind::RegClass);
  if (oidFrom && isWholeNumber(to)) return true;
  if (groupOf(from) == TypeGroup::Time && groupOf(to) == TypeGroup::Time) {
    if (from.is(TypeKind::Interval)) return to.is(TypeKind::Time);
    if (from.is(TypeKind::Time)) return to.is(TypeKind::Interval);
    return !to.is(TypeKind::Interval) && !(from.is(TypeKind::Date) && to.is(TypeKind::Time));
  }
  if (from.is(TypeKind::PgLsn) || to.is(TypeKind::PgLsn)) return false;
  return (from.is(TypeKind::Json) && to.is(TypeKind::Jsonb)) ||
         (from.is(TypeKind::Jsonb) && to.is(TypeKind::Json));
}

std::optional<DataType> commonType(DataType a, DataType b) {
  if (a == b) return a;
  if (a.is(TypeKind::Unknown)) return b;
  if (b.is(TypeKind::Unknown)) return a;
  if (groupOf(a) != groupOf(b) && !(isNumber(a) && b.is(TypeKind::Oid)) &&
      !(isNumber(b) && a.is(TypeKind::Oid))) {
    return std::nullopt;
  }
  if (isTextual(a) && isTextual(b)) return DataType(TypeKind::Text);
  const int there = implicitSteps(a, b), back = implicitSteps(b, a);
  if (there >= 0 && (back < 0 || there <= back)) return b;
  if (back >= 0) return a;
  return std::nullopt;
}

}  // namespace console
