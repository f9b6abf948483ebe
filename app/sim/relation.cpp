// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/relation.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"
#include "sim/execution/allocation.h"

namespace sim {
namespace {

constexpr std::int64_t kPageHeader = 24, kItemId = 4, kTupleHeader = 24;
constexpr std::int64_t kMostRows = 1'000'000'000'000;
constexpr std::size_t kMostColumns = 1600;  // MaxHeapAttributeNumber

struct NamedType {
  std::string_view name, canonical;
  TypeLayout layout;
};
constexpr NamedType kTypes[] = {
    {"integer", "integer", {4, 4}},
    {"int", "integer", {4, 4}},
    {"int4", "integer", {4, 4}},
    {"bigint", "bigint", {8, 8}},
    {"int8", "bigint", {8, 8}},
    {"smallint", "smallint", {2, 2}},
    {"int2", "smallint", {2, 2}},
    {"serial", "integer", {4, 4}},
    {"bigserial", "bigint", {8, 8}},
    {"oid", "oid", {4, 4}},
    {"boolean", "boolean", {1, 1}},
    {"bool", "boolean", {1, 1}},
    {"real", "real", {4, 4}},
    {"float4", "real", {4, 4}},
    {"double precision", "double precision", {8, 8}},
    {"float8", "double precision", {8, 8}},
    {"float", "double precision", {8, 8}},
    {"numeric", "numeric", {-1, 4}},
    {"decimal", "numeric", {-1, 4}},
    {"text", "text", {-1, 4}},
    {"character varying", "character varying", {-1, 4}},
    {"varchar", "character varying", {-1, 4}},
    {"character", "character", {-1, 4}},
    {"char", "character", {-1, 4}},
    {"bytea", "bytea", {-1, 4}},
    {"json", "json", {-1, 4}},
    {"jsonb", "jsonb", {-1, 4}},
    {"uuid", "uuid", {16, 1}},
    {"date", "date", {4, 4}},
    {"timestamp", "timestamp without time zone", {8, 8}},
    {"timestamp without time zone", "timestamp without time zone", {8, 8}},
    {"timestamptz", "timestamp with time zone", {8, 8}},
    {"timestamp with time zone", "timestamp with time zone", {8, 8}},
    {"interval", "interval", {16, 8}}};

const NamedType* findType(std::string_view name) {
  for (const NamedType& type : kTypes) {
    if (type.name == name) return &type;
  }
  return nullptr;
}

std::int64_t dataBytes(const std::vector<RelationColumn>& columns) {
  constexpr double kShort = 127;  // a varlena up to this has a one-byte header and no alignment
  double at = 0;
  for (const RelationColumn& column : columns) {
    const TypeLayout layout = typeLayout(column.type);
    const double width = layout.length > 0 ? layout.length : column.width;
    const bool unaligned = layout.length < 0 && width <= kShort;
    const int step = unaligned ? 1 : layout.alignment;
    const auto whole = static_cast<std::int64_t>(at + 0.5);
    if (step > 1) at = static_cast<double>((whole + step - 1) / step * step);
    at += width;
  }
  return static_cast<std::int64_t>(at + 0.5);
}

double realOf(std::string_view text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::int64_t wholeOf(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return std::clamp<std::int64_t>(value, 0, kMostRows);
}

std::string realText(double value) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return {digits.data(), end};
}

}  // namespace

const RelationColumn* Relation::column(std::string_view wanted) const {
  for (const RelationColumn& one : columns) {
    if (one.name == wanted) return &one;
  }
  return nullptr;
}

TypeLayout typeLayout(std::string_view type) {
  const NamedType* found = findType(type);
  return found == nullptr ? TypeLayout{} : found->layout;
}

std::string canonicalType(std::string_view name) {
  if (name.ends_with("[]")) {
    const std::string element = canonicalType(name.substr(0, name.size() - 2));
    return element.empty() ? element : element + "[]";
  }
  const NamedType* found = findType(name);
  return found == nullptr ? std::string() : std::string(found->canonical);
}

std::int64_t rowDataBytes(const std::vector<RelationColumn>& columns) {
  return dataBytes(columns);
}

std::int64_t minimalTupleBytes(const std::vector<RelationColumn>& columns) {
  constexpr std::int64_t kMinimalHeader = 16;
  return kMinimalHeader + dataBytes(columns);
}

std::int64_t rowsPerPage(const std::vector<RelationColumn>& columns, int fillfactor) {
  // What TOAST moves out leaves about a quarter of a page (TOAST_TUPLE_TARGET).
  constexpr std::int64_t kLargest = 2032;
  const std::int64_t tuple =
      std::min(maxAlign(kTupleHeader + dataBytes(columns)), kLargest) + kItemId;
  const std::int64_t free = kBlockBytes - kPageHeader - kBlockBytes * (100 - fillfactor) / 100;
  return std::clamp<std::int64_t>(free / tuple, 1, 291);  // MaxHeapTuplesPerPage
}

std::int64_t heapPages(const Relation& relation, std::int64_t rows) {
  return divideUp(rows, rowsPerPage(relation.columns, relation.fillfactor));
}

std::int64_t indexTupleBytes(const Relation& relation, const std::vector<std::string>& columns) {
  constexpr std::int64_t kIndexTupleHeader = 8;
  std::vector<RelationColumn> keys;
  for (const std::string& name : columns) {
    if (const RelationColumn* column = relation.column(name)) keys.push_back(*column);
  }
  return maxAlign(kIndexTupleHeader + dataBytes(keys));
}

std::int64_t btreePages(const Relation& relation, const std::vector<std::string>& columns) {
  constexpr std::int64_t kSpecial = 16, kFillPercent = 90, kPosting = 6;
  const std::int64_t tuple = indexTupleBytes(relation, columns) + kItemId;
  double distinct = 1;
  for (const std::string& name : columns) {
    const RelationColumn* column = relation.column(name);
    if (column != nullptr) distinct = std::max(distinct, column->distinct);
  }
  const std::int64_t space = (kBlockBytes - kPageHeader - kSpecial) * kFillPercent / 100;
  double bytes = static_cast<double>(relation.rows * tuple);
  // Duplicates are kept as posting lists of six bytes each.
  if (distinct >= 1 && distinct * 2 < static_cast<double>(relation.rows)) {
    bytes = distinct * static_cast<double>(tuple) + static_cast<double>(relation.rows * kPosting);
  }
  const auto leaves = static_cast<std::int64_t>(bytes / static_cast<double>(space)) + 1;
  std::int64_t pages = 1 + leaves;  // the meta page
  for (std::int64_t level = leaves; level > 1;) {
    level = divideUp(level, std::max<std::int64_t>(2, space / tuple));
    pages += level;
  }
  return pages;
}

std::string relationText(const Relation& r) {
  std::string text =
      "table\t" + r.name + "\t" + r.database + "\t" + r.owner + "\t" + std::to_string(r.session) +
      "\t" + std::to_string(r.oid) + "\t" + std::to_string(r.rows) + "\t" + std::to_string(r.dead) +
      "\t" + std::to_string(r.pages) + "\t" + std::to_string(r.freePages) + "\t" +
      std::to_string(r.fillfactor) + "\t" + (r.analyzed ? "1" : "0") + "\t" +
      (r.allVisible ? "1" : "0") + "\t" + r.series + "\t" + std::to_string(r.seriesFrom) + "\n";
  for (const RelationColumn& c : r.columns) {
    text += "column\t" + c.name + "\t" + c.type + "\t" + realText(c.width) + "\t" +
            realText(c.distinct) + "\t" + realText(c.correlation) + "\t" +
            base::replaceAll(base::replaceAll(c.source, "\n", " "), "\t", " ") + "\n";
  }
  for (const RelationIndex& i : r.indexes) {
    text += "index\t" + i.name + "\t" + std::to_string(i.pages) + "\t" + (i.unique ? "1" : "0");
    for (const std::string& name : i.columns) text += "\t" + name;
    text += "\n";
  }
  for (const std::string& row : r.literals) {
    text += "row\t" + base::replaceAll(base::replaceAll(row, "\n", " "), "\t", " ") + "\n";
  }
  return text;
}

std::optional<Relation> relationFrom(std::string_view text) {
  Relation r;
  for (const std::string& line : base::lines(text)) {
    const std::vector<std::string> part = base::split(line, '\t');
    if (part[0] == "table" && part.size() == 15 && r.name.empty()) {
      r.name = part[1];
      r.database = part[2];
      r.owner = part[3];
      r.session = static_cast<std::uint32_t>(wholeOf(part[4]));
      r.oid = static_cast<std::uint32_t>(wholeOf(part[5]));
      r.rows = wholeOf(part[6]);
      r.dead = wholeOf(part[7]);
      r.pages = wholeOf(part[8]);
      r.freePages = wholeOf(part[9]);
      r.fillfactor = static_cast<int>(std::clamp<std::int64_t>(wholeOf(part[10]), 10, 100));
      r.analyzed = part[11] == "1";
      r.allVisible = part[12] == "1";
      r.series = part[13];
      r.seriesFrom = wholeOf(part[14]);
    } else if (part[0] == "column" && part.size() == 7 && r.columns.size() < kMostColumns) {
      if (canonicalType(part[2]) != part[2]) return std::nullopt;
      r.columns.push_back({part[1], part[2], std::clamp(realOf(part[3]), 0.0, 1e9),
                           std::clamp(realOf(part[4]), 0.0, 1e12),
                           std::clamp(realOf(part[5]), -1.0, 1.0), part[6]});
    } else if (part[0] == "index" && part.size() > 4) {
      r.indexes.push_back(
          {part[1], {part.begin() + 4, part.end()}, wholeOf(part[2]), part[3] == "1"});
    } else if (part[0] == "row" && part.size() == 2) {
      r.literals.push_back(part[1]);
    } else {
      return std::nullopt;
    }
  }
  if (r.name.empty()) return std::nullopt;
  return r;
}

}  // namespace sim
