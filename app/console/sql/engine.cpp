// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/engine.h"

#include "console/sql/query/analyzer.h"
#include "console/sql/query/executor.h"
#include "console/sql/query/parser.h"
#include "console/sql/session_role.h"
#include "console/sql/temporary_tables.h"
#include "console/sql/virtual_tables.h"

namespace console {
namespace {

constexpr std::size_t kRowLimit = 20'000;
constexpr std::size_t kByteLimit = 2u << 20;

QueryResult failed(SqlError error) {
  QueryResult result;
  result.ok = false;
  result.error = std::move(error);
  return result;
}

SqlError cancelled() {
  return {"canceling statement due to statement timeout", "", "", std::string::npos, "57014"};
}

// Views only a superuser may read.
bool closedTo(const QueryContext& context, std::string_view name) {
  const sim::Role* role = context.machine.world.postgres().role(currentRole(context.session));
  const bool superuser = role != nullptr && role->superuser;
  constexpr std::string_view kClosed[] = {"pg_file_settings",           "pg_hba_file_rules",
                                          "pg_ident_file_mappings",     "pg_authid",
                                          "pg_backend_memory_contexts", "pg_shmem_allocations"};
  return !superuser && std::find(std::begin(kClosed), std::end(kClosed), name) != std::end(kClosed);
}

// A statement is cancelled when what it would take exceeds statement_timeout. MODEL: 0.3 ms and
// 8 us for each row of the views it reads, as measured on an idle server.
bool overTime(const QueryContext& context, const std::vector<std::string>& tables) {
  constexpr double kStatementMs = 0.3, kRowMs = 0.008;
  const std::string limit =
      readSetting(context.machine.world, context.session, "statement_timeout").canonical;
  const std::optional<Numeric> timeout = Numeric::parse(limit);
  if (!timeout || timeout->isZero()) return false;
  double milliseconds = kStatementMs;
  for (const std::string& name : tables) {
    const VirtualTable* table = findVirtualTable(name);
    if (table == nullptr) continue;
    milliseconds +=
        kRowMs * static_cast<double>(table->rows({context.machine, context.session}).size());
  }
  return milliseconds > timeout->toDouble();
}

QueryResult answer(query::Runtime& runtime, const query::Plan& plan, std::vector<Row> rows) {
  QueryResult result;
  for (std::size_t i = 0; i < plan.visible; ++i) {
    const query::OutputColumn& column = plan.columns[i];
    result.table.columns.push_back(
        {column.name, isRightAligned(column.type), typeName(column.type)});
  }
  std::size_t bytes = 0;
  for (const Row& row : rows) {
    ResultRow cells;
    for (std::size_t i = 0; i < plan.visible; ++i) {
      cells.push_back(row[i].null() ? std::nullopt
                                    : std::optional(datumText(row[i], plan.columns[i].type)));
      bytes += cells.back() ? cells.back()->size() + 3 : 3;
    }
    result.table.rows.push_back(std::move(cells));
    if (result.table.rows.size() > kRowLimit || bytes > kByteLimit) return failed(cancelled());
  }
  result.notices = runtime.notices();
  return result;
}

}  // namespace

QueryResult runQuery(QueryContext context, std::string_view statement) {
  const TokenList list = scanSql(statement);
  if (!list.error.empty()) return failed({list.error, "", "", list.errorAt, "42601"});
  if (list.tokens[0].is("create") || list.tokens[0].is("insert")) {
    return changeTemporaryTables(context, list, statement);
  }
  query::Parser parser(list, statement);
  const query::SelectPtr select = parser.statement();
  if (!select) return failed(parser.error());
  query::Runtime runtime(context);
  query::Analyzer analyzer(runtime);
  const query::PlanPtr plan = analyzer.analyze(*select);
  if (!plan) return failed(runtime.error());
  for (const std::string& name : analyzer.tables()) {
    if (closedTo(context, name)) {
      return failed({"permission denied for view " + name, "", "", std::string::npos, "42501"});
    }
    const std::string missing = unavailable({context.machine, context.session}, name);
    if (!missing.empty()) return failed({missing, "", "", std::string::npos, "55000"});
  }
  if (overTime(context, analyzer.tables())) return failed(cancelled());
  query::Executor executor(runtime, analyzer.commonTables());
  std::vector<Row> rows = executor.run(*plan, nullptr);
  if (runtime.failed()) return failed(runtime.error());
  return answer(runtime, *plan, std::move(rows));
}

}  // namespace console
