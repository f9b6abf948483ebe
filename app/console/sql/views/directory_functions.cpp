// SPDX-License-Identifier: GPL-3.0-or-later
// Functions that list directories of the server as rows: pg_ls_waldir() and its kin.
#include "console/file_view.h"
#include "console/sql/virtual_tables.h"

namespace console {
namespace {

using K = TypeKind;

// The files of a directory, as the server's own account sees them.
std::vector<Row> filesIn(const TableContext& context, const std::string& directory) {
  Machine machine = context.machine;
  ShellState state;
  state.user = "postgres";
  const FileView files(machine, state);
  std::vector<Row> rows;
  for (const std::string& name : files.list(directory)) {
    const std::string path = directory + "/" + name;
    if (name.starts_with('.') || files.isDirectory(path)) continue;
    const FileInfo info = files.info(path);
    rows.push_back({name, info.size, info.modifiedUnixMs * 1000});
  }
  return rows;
}

std::string inData(const TableContext& context, const std::string& name) {
  return context.world().spec().database.dataDirectory + "/" + name;
}

std::vector<Row> walRows(const TableContext& context) {
  return filesIn(context, inData(context, "pg_wal"));
}

std::vector<Row> logRows(const TableContext& context) {
  const std::string directory = context.server().settings.show("log_directory");
  return filesIn(context, directory.starts_with('/') ? directory : inData(context, directory));
}

std::vector<Row> temporaryRows(const TableContext& context) {
  return filesIn(context, inData(context, "base/pgsql_tmp"));
}

std::vector<Row> archiveRows(const TableContext& context) {
  return filesIn(context, inData(context, "pg_wal/archive_status"));
}

}  // namespace

const VirtualTable* findTableFunction(std::string_view name) {
  const std::vector<TableColumn> columns = {
      {"name", K::Text}, {"size", K::BigInt}, {"modification", K::Timestamptz}};
  static const std::vector<VirtualTable> all = {
      {"pg_ls_waldir", 'f', columns, walRows},
      {"pg_ls_logdir", 'f', columns, logRows},
      {"pg_ls_tmpdir", 'f', columns, temporaryRows},
      {"pg_ls_archive_statusdir", 'f', columns, archiveRows}};
  for (const VirtualTable& one : all) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

}  // namespace console
