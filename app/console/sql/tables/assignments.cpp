// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/tables/assignments.h"

#include <algorithm>

#include "console/sql/plan/deparse.h"
#include "console/sql/plan/row_source.h"

namespace console {

std::optional<std::vector<ColumnAssignment>> readAssignments(const Statement& s, std::size_t at,
                                                             std::size_t& end) {
  std::vector<ColumnAssignment> result;
  SyntaxReader reader(s.list, s.text, at);
  do {
    ColumnAssignment one;
    one.at = reader.token().at;
    const std::optional<std::string> name = reader.name();
    if (!name || !reader.accept("=")) {
      end = reader.at();
      return std::nullopt;
    }
    one.column = *name;
    std::optional<Expr> value = reader.expression();
    end = reader.at();
    if (!value) return std::nullopt;
    one.value = std::move(*value);
    result.push_back(std::move(one));
  } while (reader.accept(","));
  return result;
}

void assign(sim::Relation& relation, const std::vector<ColumnAssignment>& assignments,
            const Expr* condition) {
  constexpr std::size_t kLongest = 4000;  // of an expression; each change wraps the one before
  const std::vector<sim::RelationColumn> before = relation.columns;
  DeparseNames names;
  names.column = [&](const Expr& column) {
    const auto found = std::find_if(before.begin(), before.end(),
                                    [&](const auto& one) { return one.name == column.text; });
    return found == before.end() ? column.text : "(" + found->source + ")";
  };
  const std::string where = condition != nullptr ? deparse(*condition, names) : std::string();
  for (sim::RelationColumn& column : relation.columns) {
    for (const ColumnAssignment& one : assignments) {
      if (one.column != column.name) continue;
      std::string source = deparse(one.value, names);
      if (condition != nullptr) {
        source = "case when " + where + " then " + source + " else (" + column.source + ") end";
      }
      const bool drawn = source.find("random") != std::string::npos;
      const bool told = !drawn && source.size() <= kLongest && readExpression(source).has_value();
      column.source = told ? source : std::string();
    }
  }
}

}  // namespace console
