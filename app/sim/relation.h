// SPDX-License-Identifier: GPL-3.0-or-later
// A user table as a value: its columns, how many rows it holds and how many pages they fill by
// PostgreSQL's page layout, its indexes, whose temporary table it is. No row is kept: what a row
// holds follows from the expression it was made with.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

struct RelationColumn {
  std::string name;
  std::string type = "integer";  // as format_type() names it
  double width = 4;              // mean bytes stored, a varlena's header included
  double distinct = 0;           // different values
  double correlation = 0;        // of value order with place, -1 to 1
  std::string source;            // SQL over the series that made it; empty: unknown
  bool operator==(const RelationColumn&) const = default;
};

struct RelationIndex {
  std::string name;
  std::vector<std::string> columns;
  std::int64_t pages = 1;
  bool unique = false;
  bool operator==(const RelationIndex&) const = default;
};

struct Relation {
  std::string name, database, owner;
  std::uint32_t session = 0;  // pid of the session whose temporary table it is; 0: permanent
  std::uint32_t oid = 0;
  std::vector<RelationColumn> columns;
  std::vector<RelationIndex> indexes;
  std::int64_t rows = 0, dead = 0;
  std::int64_t pages = 0;
  std::int64_t modified = 0;   // rows changed since the last ANALYZE; the server counts
  std::int64_t freePages = 0;  // what VACUUM made room in, counted in whole pages
  int fillfactor = 100;
  bool analyzed = false;    // the planner knows widths and distinct values
  bool allVisible = false;  // the visibility map is set: index-only scans fetch nothing
  // Rows are numbered from here on, in the name of the series the sources speak of.
  std::string series;
  std::int64_t seriesFrom = 1;
  // Rows typed as VALUES, while they are few: text forms, "\x1f" between them; "\x1e" is NULL.
  std::vector<std::string> literals;
  bool operator==(const Relation&) const = default;

  [[nodiscard]] bool temporary() const { return session != 0; }
  [[nodiscard]] const RelationColumn* column(std::string_view wanted) const;
};

// Length of fixed-size types, -1 for those of variable length; alignment in bytes.
struct TypeLayout {
  int length = -1;
  int alignment = 4;
};
[[nodiscard]] TypeLayout typeLayout(std::string_view type);
// "int4" -> "integer", "varchar" -> "character varying"; empty: there is no such type here.
[[nodiscard]] std::string canonicalType(std::string_view name);
// Bytes of a row's columns with their alignment, as heap_compute_data_size has them.
[[nodiscard]] std::int64_t rowDataBytes(const std::vector<RelationColumn>& columns);
// A minimal tuple of these columns, as sorts and hashes keep it (t_len).
[[nodiscard]] std::int64_t minimalTupleBytes(const std::vector<RelationColumn>& columns);
// Heap pages so many rows fill; rows per page at the least 1.
[[nodiscard]] std::int64_t rowsPerPage(const std::vector<RelationColumn>& columns, int fillfactor);
[[nodiscard]] std::int64_t heapPages(const Relation& relation, std::int64_t rows);
// Pages of a fresh b-tree over these columns, leaves nine tenths full.
[[nodiscard]] std::int64_t btreePages(const Relation& relation,
                                      const std::vector<std::string>& columns);
// Size of one index tuple, aligned.
[[nodiscard]] std::int64_t indexTupleBytes(const Relation& relation,
                                           const std::vector<std::string>& columns);

// The relation as text and back, for actions. Nothing when the text has another form.
[[nodiscard]] std::string relationText(const Relation& relation);
[[nodiscard]] std::optional<Relation> relationFrom(std::string_view text);

}  // namespace sim
