// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/tables/memory_contexts.h"

#include <array>
#include <cstdlib>
#include <span>

#include "sim/log_shapes.h"
#include "sim/server_log.h"

namespace console {
namespace {

struct KnownContext {
  int level;
  const char* text;
};
constexpr KnownContext kIdle[] = {
#include "console/sql/tables/memory_context_table.inc"
};

constexpr KnownContext kFresh[] = {
#include "console/sql/tables/fresh_context_table.inc"
};

// The numbers of a line, in order: total, blocks, free, chunks, used.
std::array<std::int64_t, 5> figures(const std::string& text) {
  std::array<std::int64_t, 5> found{};
  std::size_t next = 0, at = text.find(": ");
  while (at != std::string::npos && next < found.size()) {
    at = text.find_first_of("0123456789", at);
    if (at == std::string::npos) break;
    char* end = nullptr;
    found[next++] = std::strtoll(text.c_str() + at, &end, 10);
    at = static_cast<std::size_t>(end - text.c_str());
  }
  return found;
}

}  // namespace

std::vector<MemoryContextLine> memoryContexts(const std::vector<std::string>& own, bool executes,
                                              bool fresh) {
  std::vector<MemoryContextLine> lines;
  const std::span<const KnownContext> known =
      fresh ? std::span<const KnownContext>(kFresh) : std::span<const KnownContext>(kIdle);
  for (const KnownContext& one : known) {
    const std::string text = one.text;
    const bool transaction = text.starts_with("RowDescriptionContext") && !own.empty();
    if (transaction) {
      lines.push_back(
          {1, "TopTransactionContext: 8192 total in 1 blocks; 7736 free (1 chunks); 456 used"});
    }
    lines.push_back({one.level, text});
    if (!text.starts_with("TopPortalContext") || own.empty()) continue;
    int level = 2;
    if (executes) {
      lines.push_back(
          {2, "PortalContext: 1024 total in 1 blocks; 592 free (0 chunks); 432 used: <unnamed>"});
      lines.push_back(
          {3, "ExecutorState: 65536 total in 4 blocks; 4336 free (1 chunks); 61200 used"});
      level = 4;
    }
    for (const std::string& line : own) {
      const std::size_t blanks = line.find_first_not_of(' ');
      lines.push_back({level + static_cast<int>(blanks / 2), line.substr(blanks)});
    }
  }
  return lines;
}

std::string grandTotal(const std::vector<MemoryContextLine>& lines) {
  std::array<std::int64_t, 5> sum{};
  for (const MemoryContextLine& line : lines) {
    const bool counted =
        line.text.find(" blocks (") != std::string::npos;  // names its chunks twice
    std::array<std::int64_t, 5> one = figures(line.text);
    if (counted) one = {one[0], one[1], one[3], one[4], one[0] - one[3]};
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += one[i];
  }
  return "Grand total: " + std::to_string(sum[0]) + " bytes in " + std::to_string(sum[1]) +
         " blocks; " + std::to_string(sum[2]) + " free (" + std::to_string(sum[3]) + " chunks); " +
         std::to_string(sum[0] - sum[2]) + " used";
}

std::vector<SqlRow> memoryContextRows(const sim::World&, const PsqlSession& session) {
  std::vector<SqlRow> rows;
  std::vector<std::string> parents;
  for (const MemoryContextLine& line : memoryContexts({}, false, session.planned.empty())) {
    const std::size_t colon = line.text.find(": ");
    const std::string name = line.text.substr(0, colon);
    const std::size_t ident = line.text.find(" used: ");
    const std::array<std::int64_t, 5> f = figures(line.text.substr(colon));
    parents.resize(static_cast<std::size_t>(line.level));
    SqlRow row = {name, SqlValue(), SqlValue(), std::int64_t{line.level}, f[0], f[1],
                  f[2], f[3],       f[4]};
    if (ident != std::string::npos) row[1] = line.text.substr(ident + 7);
    if (!parents.empty()) row[2] = parents.back();
    parents.push_back(name);
    rows.push_back(std::move(row));
  }
  return rows;
}

void logMemoryContexts(SqlSession& session, const std::vector<std::string>& own, bool executes) {
  QueryContext c = session.context();
  const std::vector<MemoryContextLine> lines =
      memoryContexts(own, executes, session.state().planned.empty());
  const auto write = [&](const std::string& text) {
    sim::writeLog(c.machine.telemetry, c.machine.world.now(), sim::LogShape::PgBareLine,
                  c.session.pid, {}, text);
  };
  for (const MemoryContextLine& line : lines) {
    write(std::string(static_cast<std::size_t>(line.level) * 2, ' ') + line.text);
  }
  write(grandTotal(lines));
}

}  // namespace console
