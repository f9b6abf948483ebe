// SPDX-License-Identifier: GPL-3.0-or-later
// psql's backslash commands that describe what there is: \d and its kin, \l, \du, \dx.
#include <algorithm>

#include "base/text.h"
#include "console/psql/meta.h"
#include "console/sql/catalogue.h"
#include "console/sql/privileges.h"
#include "console/sql/query/functions.h"
#include "console/sql/session.h"
#include "console/sql/size_text.h"
#include "console/text/glob.h"

namespace console {
namespace {

// schema.name as psql reads it: * and ? stand for anything, quotes keep the case.
struct NamePattern {
  std::string schema, name;

  explicit NamePattern(const std::string& text) {
    std::string plain;
    bool quoted = false;
    for (const char c : text) {
      if (c == '"') {
        quoted = !quoted;
      } else {
        plain += !quoted && c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
      }
    }
    const std::size_t dot = plain.find('.');
    if (dot != std::string::npos) schema = plain.substr(0, dot);
    name = dot == std::string::npos ? plain : plain.substr(dot + 1);
  }
  [[nodiscard]] bool matches(const std::string& ofSchema, const std::string& ofName) const {
    return (schema.empty() || globMatches(schema, ofSchema)) &&
           (name.empty() || globMatches(name, ofName));
  }
  [[nodiscard]] bool matches(const std::string& ofName) const { return matches({}, ofName); }
};

// What stands behind the command's name.
struct Describe {
  MetaCall& call;
  bool more = false, system = false;
  std::string pattern;

  explicit Describe(MetaCall& c)
      : call(c),
        more(c.name().find('+') != std::string::npos),
        system(c.name().find('S') != std::string::npos),
        pattern(c.argument(0)) {}

  [[nodiscard]] bool connected() const {
    std::string error;
    if (call.psql.server().alive(error)) return true;
    call.psql.printError(error);
    return false;
  }
  void print(ResultTable table) const {
    call.psql.printResult(formatTable(table, call.session().format));
  }
};

std::string kindName(const CatalogueRelation& one) {
  return one.kind == 'r'   ? "table"
         : one.kind == 'i' ? "index"
         : one.kind == 'v' ? "view"
                           : "sequence";
}

ResultTable titled(std::string title, std::initializer_list<const char*> columns) {
  ResultTable table;
  table.title = std::move(title);
  for (const char* name : columns) table.columns.push_back({name});
  return table;
}

// \dt, \di, \dv, \ds and mixtures of them; \d without a name.
bool listRelations(Describe& d, const std::string& kinds) {
  const NamePattern wanted(d.pattern);
  const bool system = d.system || !d.pattern.empty();
  const bool indexes = kinds.find('i') != std::string::npos;
  ResultTable table = titled("List of relations", {"Schema", "Name", "Type", "Owner"});
  if (indexes) table.columns.push_back({"Table"});
  if (d.more) {
    for (const char* name : {"Persistence", "Access method", "Size", "Description"}) {
      table.columns.push_back({name});
    }
  }
  for (const CatalogueRelation& one :
       catalogueRelations(d.call.psql.world(), d.call.session(), system)) {
    if (kinds.find(one.kind) == std::string::npos || !wanted.matches(one.schema, one.name))
      continue;
    if (!d.system && one.schema == "pg_catalog" && wanted.schema.empty() && d.pattern.empty()) {
      continue;
    }
    if (!d.system && one.schema == "information_schema" && wanted.schema.empty()) continue;
    ResultRow row = {one.schema, one.name, kindName(one), one.owner};
    if (indexes) row.emplace_back(one.kind == 'i' ? one.relation->name : "");
    if (d.more) {
      row.emplace_back(one.temporary ? "temporary" : "permanent");
      row.emplace_back(one.kind == 'r' ? "heap" : one.kind == 'i' ? "btree" : "");
      const RelationSizes sizes = sizesOf(one);
      row.emplace_back(prettySize(sizes.heap + sizes.maps));
      row.emplace_back("");
    }
    table.rows.push_back(std::move(row));
  }
  if (table.rows.empty()) {
    d.call.psql.printError(d.pattern.empty()
                               ? "Did not find any relations.\n"
                               : "Did not find any relation named \"" + d.pattern + "\".\n");
    return true;
  }
  d.print(std::move(table));
  return true;
}

std::string relationTitle(const CatalogueRelation& one) {
  const std::string kind = one.kind == 'r' ? "Table" : one.kind == 'i' ? "Index" : "View";
  return kind + " \"" + one.schema + "." + one.name + "\"";
}

std::string indexLine(const sim::RelationIndex& index) {
  std::string columns;
  for (const std::string& name : index.columns) columns += (columns.empty() ? "" : ", ") + name;
  const bool primary = index.name.ends_with("_pkey");
  return "    \"" + index.name + "\" " +
         (primary        ? "PRIMARY KEY, "
          : index.unique ? "UNIQUE, "
                         : "") +
         "btree (" + columns + ")\n";
}

void describeIndex(Describe& d, const CatalogueRelation& one) {
  ResultTable table = titled(relationTitle(one), {"Column", "Type", "Key?", "Definition"});
  table.footer = false;
  for (const std::string& name : one.index->columns) {
    const sim::RelationColumn* column = one.relation->column(name);
    table.rows.push_back({name, column != nullptr ? column->type : "text", "yes", name});
  }
  std::string text = formatTable(table, d.call.session().format);
  while (text.ends_with("\n\n")) text.pop_back();
  const bool primary = one.name.ends_with("_pkey");
  text += std::string(primary             ? "primary key, "
                      : one.index->unique ? "unique, "
                                          : "") +
          "btree, for table \"" + one.schema + "." + one.relation->name + "\"\n";
  d.call.psql.printResult(text + "\n");
}

void describeRelation(Describe& d, const CatalogueRelation& one) {
  if (one.kind == 'i') return describeIndex(d, one);
  ResultTable table =
      titled(relationTitle(one), {"Column", "Type", "Collation", "Nullable", "Default"});
  table.footer = false;
  if (d.more) {
    table.columns.push_back({"Storage"});
    if (one.kind == 'r') {
      table.columns.push_back({"Compression"});
      table.columns.push_back({"Stats target"});
    }
    table.columns.push_back({"Description"});
  }
  const auto add = [&](const std::string& name, const std::string& type) {
    ResultRow row = {name, type, "", "", ""};
    if (d.more) {
      const bool extended = type == "text" || type.ends_with("[]") || type.starts_with("character");
      row.emplace_back(extended ? "extended" : type == "numeric" ? "main" : "plain");
      if (one.kind == 'r') {
        row.emplace_back("");
        row.emplace_back("");
      }
      row.emplace_back("");
    }
    table.rows.push_back(std::move(row));
  };
  if (one.view != nullptr) {
    for (const TableColumn& column : one.view->columns) {
      add(std::string(column.name), typeName(column.type));
    }
  } else {
    for (const sim::RelationColumn& column : one.relation->columns) add(column.name, column.type);
  }
  std::string text = formatTable(table, d.call.session().format);
  while (text.ends_with("\n\n")) text.pop_back();
  if (one.relation != nullptr && !one.relation->indexes.empty()) {
    text += "Indexes:\n";
    for (const sim::RelationIndex& index : one.relation->indexes) text += indexLine(index);
  }
  if (d.more && one.kind == 'r' && one.relation != nullptr) text += "Access method: heap\n";
  d.call.psql.printResult(text + "\n");
}

bool runDescribe(MetaCall& call) {
  Describe d(call);
  if (!d.connected()) return false;
  if (d.pattern.empty()) return listRelations(d, "rvs");
  const NamePattern wanted(d.pattern);
  bool any = false;
  for (const CatalogueRelation& one : catalogueRelations(call.psql.world(), call.session(), true)) {
    if (!wanted.matches(one.schema, one.name)) continue;
    if (wanted.schema.empty() && one.schema == "information_schema") continue;
    describeRelation(d, one);
    any = true;
  }
  if (!any) {
    call.psql.printError("Did not find any relation named \"" + d.pattern + "\".\n");
  }
  return any;
}

bool runRelations(MetaCall& call) {
  Describe d(call);
  if (!d.connected()) return false;
  std::string kinds;
  for (const char c : call.name()) {
    if (c == 't') kinds += 'r';
    if (c == 'i' || c == 'v' || c == 's') kinds += c;
  }
  return listRelations(d, kinds);
}

bool runDatabases(MetaCall& call) {
  Describe d(call);
  if (!d.connected()) return false;
  ResultTable table =
      titled("List of databases", {"Name", "Owner", "Encoding", "Collate", "Ctype", "ICU Locale",
                                   "Locale Provider", "Access privileges"});
  if (d.more) {
    for (const char* name : {"Size", "Tablespace", "Description"}) table.columns.push_back({name});
  }
  const sim::World& world = call.psql.world();
  std::vector<CatalogueDatabase> databases = catalogueDatabases(world);
  std::sort(databases.begin(), databases.end(),
            [](const CatalogueDatabase& a, const CatalogueDatabase& b) { return a.name < b.name; });
  for (const CatalogueDatabase& one : databases) {
    if (!NamePattern(d.pattern).matches(one.name)) continue;
    ResultRow row = {
        one.name,  one.owner, "UTF8", "C.UTF-8",
        "C.UTF-8", "",        "libc", aclLines(world, securedDatabase(world, one.name))};
    if (d.more) {
      row.emplace_back(prettySize(one.bytes));
      row.emplace_back("pg_default");
      row.emplace_back(one.name == "postgres"    ? "default administrative connection database"
                       : one.name == "template0" ? "unmodifiable empty database"
                       : one.name == "template1" ? "default template for new databases"
                                                 : "");
    }
    table.rows.push_back(std::move(row));
  }
  d.print(std::move(table));
  return true;
}

std::string attributesOf(const sim::Role& role) {
  std::string text;
  const auto add = [&](bool has, const char* word) {
    if (has) text += (text.empty() ? "" : ", ") + std::string(word);
  };
  add(role.superuser, "Superuser");
  add(!role.inherit, "No inheritance");
  add(role.superuser || role.createRole, "Create role");
  add(role.superuser || role.createDatabase, "Create DB");
  add(!role.login, "Cannot login");
  add(role.superuser || role.replication, "Replication");
  add(role.superuser, "Bypass RLS");
  return text;
}

bool runRoles(MetaCall& call) {
  Describe d(call);
  if (!d.connected()) return false;
  ResultTable table = titled("List of roles", {"Role name", "Attributes", "Member of"});
  if (d.more) table.columns.push_back({"Description"});
  std::vector<sim::Role> roles = call.psql.world().postgres().roles;
  std::sort(roles.begin(), roles.end(),
            [](const sim::Role& a, const sim::Role& b) { return a.name < b.name; });
  for (const sim::Role& role : roles) {
    if (!NamePattern(d.pattern).matches(role.name)) continue;
    std::string attributes = attributesOf(role);
    if (role.connectionLimit >= 0) {
      attributes += (attributes.empty() ? "" : "\n") +
                    (role.connectionLimit == 0
                         ? std::string("No connections")
                         : std::to_string(role.connectionLimit) +
                               (role.connectionLimit == 1 ? " connection" : " connections"));
    }
    std::vector<std::string> groups = role.memberOf;
    std::sort(groups.begin(), groups.end());
    std::string all;
    for (const std::string& group : groups) all += (all.empty() ? "" : ",") + group;
    ResultRow row = {role.name, attributes, "{" + all + "}"};
    if (d.more) row.emplace_back("");
    table.rows.push_back(std::move(row));
  }
  d.print(std::move(table));
  return true;
}

// The result of a query under psql's title.
bool runQueryAs(MetaCall& call, const std::string& title, const std::string& query,
                const char* nothing = nullptr) {
  Describe d(call);
  if (!d.connected()) return false;
  ResultTable table;
  if (!call.psql.runStatement(query, &table)) return false;
  if (nothing != nullptr && table.rows.empty()) {
    call.psql.printError(nothing);
    return true;
  }
  table.title = title;
  for (ResultColumn& column : table.columns) column.rightAligned = false;
  d.print(std::move(table));
  return true;
}

// "LIKE" of a psql pattern.
std::string likeCondition(const std::string& column, const std::string& pattern) {
  if (pattern.empty()) return "true";
  std::string like = base::replaceAll(NamePattern(pattern).name, "_", "\\_");
  like = base::replaceAll(base::replaceAll(like, "*", "%"), "?", "_");
  return column + " LIKE '" + base::replaceAll(like, "'", "''") + "'";
}

bool runExtensions(MetaCall& call) {
  return runQueryAs(call, "List of installed extensions",
                    "SELECT e.extname AS \"Name\", e.extversion AS \"Version\", n.nspname AS "
                    "\"Schema\", a.comment AS \"Description\" FROM pg_extension e JOIN "
                    "pg_namespace n ON n.oid = e.extnamespace LEFT JOIN pg_available_extensions a "
                    "ON a.name = e.extname WHERE " +
                        likeCondition("e.extname", call.argument(0)) + " ORDER BY 1;");
}

bool runSchemas(MetaCall& call) {
  const bool system = call.name().find('S') != std::string::npos || call.has(0);
  const bool more = call.name().find('+') != std::string::npos;
  return runQueryAs(
      call, "List of schemas",
      "SELECT nspname AS \"Name\", CASE nspowner WHEN 6171 THEN 'pg_database_owner' ELSE "
      "'postgres' END AS \"Owner\"" +
          std::string(more ? ", array_to_string(nspacl, E'\\n') AS \"Access privileges\", CASE "
                             "nspname WHEN 'public' THEN 'standard public schema' WHEN "
                             "'pg_catalog' THEN 'system catalog schema' WHEN 'pg_toast' THEN "
                             "'reserved schema for TOAST tables' ELSE '' END AS \"Description\""
                           : "") +
          " FROM pg_namespace WHERE " + likeCondition("nspname", call.argument(0)) +
          (system ? "" : " AND nspname = 'public'") + " ORDER BY 1;");
}

bool runTablespaces(MetaCall& call) {
  return runQueryAs(call, "List of tablespaces",
                    "SELECT spcname AS \"Name\", 'postgres' AS \"Owner\", '' AS \"Location\" FROM "
                    "pg_tablespace WHERE " +
                        likeCondition("spcname", call.argument(0)) + " ORDER BY 1;");
}

bool runPrivileges(MetaCall& call) {
  Describe d(call);
  if (!d.connected()) return false;
  ResultTable table = titled("Access privileges", {"Schema", "Name", "Type", "Access privileges",
                                                   "Column privileges", "Policies"});
  const sim::World& world = call.psql.world();
  const NamePattern wanted(d.pattern);
  for (const CatalogueRelation& one : catalogueRelations(world, call.session(), false)) {
    if (one.kind != 'r' || !wanted.matches(one.schema, one.name)) continue;
    table.rows.push_back({one.schema, one.name, "table",
                          aclLines(world, securedTable(world, *one.relation)), "", ""});
  }
  d.print(std::move(table));
  return true;
}

bool runStoredSettings(MetaCall& call) {
  return runQueryAs(call, "List of settings",
                    "SELECT r.rolname AS \"Role\", d.datname AS \"Database\", "
                    "array_to_string(s.setconfig, E'\\n') AS \"Settings\" FROM pg_db_role_setting "
                    "s LEFT JOIN pg_database d ON d.oid = s.setdatabase LEFT JOIN pg_roles r ON "
                    "r.oid = s.setrole ORDER BY 1, 2;",
                    "Did not find any settings.\n");
}

bool runConfiguration(MetaCall& call) {
  const std::string pattern = call.argument(0);
  return runQueryAs(
      call,
      pattern.empty() ? "List of non-default configuration parameters"
                      : "List of configuration parameters",
      "SELECT name AS \"Parameter\", current_setting(name) AS \"Value\" FROM pg_settings WHERE " +
          (pattern.empty()
               ? std::string("source <> 'default' AND setting IS DISTINCT FROM boot_val")
               : likeCondition("name", pattern)) +
          " ORDER BY 1;");
}

// \df: the functions queries can call.
bool runFunctions(MetaCall& call) {
  Describe d(call);
  if (!d.connected()) return false;
  ResultTable table = titled("List of functions",
                             {"Schema", "Name", "Result data type", "Argument data types", "Type"});
  const NamePattern wanted(d.pattern);
  if (d.system || !d.pattern.empty()) {
    for (const query::Function& one : query::allFunctions()) {
      if (one.name.starts_with("op_") || !wanted.matches("pg_catalog", one.name)) {
        continue;
      }
      std::string args;
      for (const DataType type : one.args) args += (args.empty() ? "" : ", ") + typeName(type);
      const bool rows = one.kind == query::FunctionKind::Series;
      table.rows.push_back({"pg_catalog", one.name, (rows ? "SETOF " : "") + typeName(one.result),
                            args,
                            one.kind == query::FunctionKind::Aggregate ? "agg"
                            : one.kind == query::FunctionKind::Window  ? "window"
                                                                       : "func"});
    }
  }
  for (const sim::StoredFunction& one : call.psql.world().postgres().functions) {
    if (wanted.matches("public", one.name)) {
      table.rows.push_back({"public", one.name, "", "", "func"});
    }
  }
  d.print(std::move(table));
  return true;
}

using S = MetaSection;
constexpr MetaCommand kCommands[] = {
    {"d", S::Informational, "\\d[S+]", "list tables, views, and sequences", runDescribe},
    {" ", S::Informational, "\\d[S+]  NAME", "describe table, view, sequence, or index",
     runDescribe},
    {"db", S::Informational, "\\db[+]  [PATTERN]", "list tablespaces", runTablespaces},
    {"dconfig", S::Informational, "\\dconfig[+] [PATTERN]", "list configuration parameters",
     runConfiguration},
    {"df", S::Informational, "\\df[S+] [FUNCPTRN]", "list functions", runFunctions},
    {"dg du", S::Informational, "\\du[S+] [PATTERN]", "list roles", runRoles},
    {"di", S::Informational, "\\di[S+] [PATTERN]", "list indexes", runRelations},
    {"dn", S::Informational, "\\dn[S+] [PATTERN]", "list schemas", runSchemas},
    {"dp z", S::Informational, "\\dp     [PATTERN]",
     "list table, view, and sequence access privileges", runPrivileges},
    {"drds", S::Informational, "\\drds [ROLEPTRN [DBPTRN]]", "list per-database role settings",
     runStoredSettings},
    {"ds", S::Informational, "\\ds[S+] [PATTERN]", "list sequences", runRelations},
    {"dt", S::Informational, "\\dt[S+] [PATTERN]", "list tables", runRelations},
    {"dv", S::Informational, "\\dv[S+] [PATTERN]", "list views", runRelations},
    {"dx", S::Informational, "\\dx[+]  [PATTERN]", "list extensions", runExtensions},
    {"l list", S::Informational, "\\l[+]   [PATTERN]", "list databases", runDatabases}};

}  // namespace

std::span<const MetaCommand> describeMetaCommands() {
  return kCommands;
}

}  // namespace console
