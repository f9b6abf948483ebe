// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/catalogue.h"

#include <set>

#include "console/sql/tokens.h"

namespace console {

std::vector<std::string> shopTables(const sim::WorldSpec& spec) {
  std::set<std::string> names;
  for (const sim::QueryClass& one : spec.workload.classes) {
    const TokenList list = scanSql(one.statement);
    for (std::size_t i = 0; i + 1 < list.tokens.size(); ++i) {
      const SqlToken& t = list.tokens[i];
      const bool names_follow = t.is("from") || t.is("join") || t.is("into") || t.is("update");
      if (names_follow && list.tokens[i + 1].kind == TokenKind::Word)
        names.insert(list.tokens[i + 1].text);
    }
  }
  return {names.begin(), names.end()};
}

ResultTable databaseList(const sim::WorldSpec& spec) {
  ResultTable table;
  table.title = "List of databases";
  for (const char* name : {"Name", "Owner", "Encoding", "Collate", "Ctype", "ICU Locale",
                           "Locale Provider", "Access privileges"}) {
    table.columns.push_back({name});
  }
  const std::string access = "=c/postgres\npostgres=CTc/postgres";
  const auto row = [&](const std::string& name, const std::string& owner,
                       const std::string& rights) {
    table.rows.push_back({name, owner, "UTF8", "C.UTF-8", "C.UTF-8", "", "libc", rights});
  };
  row("postgres", "postgres", "");
  row(spec.database.database, spec.database.user, "");
  row("template0", "postgres", access);
  row("template1", "postgres", access);
  return table;
}

ResultTable relationList(const sim::WorldSpec& spec) {
  ResultTable table;
  table.title = "List of relations";
  table.columns = {{"Schema"}, {"Name"}, {"Type"}, {"Owner"}};
  for (const std::string& name : shopTables(spec)) {
    table.rows.push_back({"public", name, "table", spec.database.user});
  }
  return table;
}

std::string relationDescription(const sim::Relation& relation, const PsqlFormat& format) {
  ResultTable table;
  table.title = "Table \"" + std::string(relation.temporary() ? "pg_temp_3." : "public.") +
                relation.name + "\"";
  for (const char* name : {"Column", "Type", "Collation", "Nullable", "Default"}) {
    table.columns.push_back({name});
  }
  table.footer = false;
  for (const sim::RelationColumn& column : relation.columns) {
    table.rows.push_back({column.name, column.type, "", "", ""});
  }
  std::string text = formatTable(table, format);
  while (text.ends_with("\n\n")) text.pop_back();
  if (relation.indexes.empty()) return text + "\n";
  text += "Indexes:\n";
  for (const sim::RelationIndex& index : relation.indexes) {
    std::string columns;
    for (const std::string& name : index.columns) columns += (columns.empty() ? "" : ", ") + name;
    const bool primary = index.name.ends_with("_pkey");
    text += "    \"" + index.name + "\" " +
            (primary        ? "PRIMARY KEY, "
             : index.unique ? "UNIQUE, "
                            : "") +
            "btree (" + columns + ")\n";
  }
  return text + "\n";
}

}  // namespace console
