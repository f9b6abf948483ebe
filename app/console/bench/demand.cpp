// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/bench/demand.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "console/sql/statements.h"
#include "console/sql/tables/assignments.h"
#include "console/sql/tables/table_statements.h"
#include "console/sql/tables/table_work.h"
#include "sim/model_constants.h"

namespace console {
namespace {

namespace k = sim::calibration;

// Entries of an inner b-tree page of integer keys, as a fresh build leaves it.
constexpr double kFanout = 285;
constexpr std::size_t kMostAccesses = 400;

bool isNameStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

// The table a statement works on: after FROM, INTO or UPDATE.
std::size_t tableToken(const Statement& s) {
  if (s.at(0).is("update")) return 1;
  for (std::size_t i = 0; s.at(i).kind != TokenKind::End; ++i) {
    if (s.at(i).is("from") || s.at(i).is("into")) return i + 1;
  }
  return 0;
}

std::vector<std::string> columnsSet(const Statement& s) {
  std::vector<std::string> names;
  std::size_t at = 0;
  while (s.at(at).kind != TokenKind::End && !s.at(at).is("set")) ++at;
  for (const ColumnAssignment& one :
       readAssignments(s, at + 1, at).value_or(std::vector<ColumnAssignment>{})) {
    names.push_back(one.column);
  }
  return names;
}

}  // namespace

DemandReader::Written DemandReader::write(const std::string& text) const {
  Written result;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0 ? c == quote : (c == '\'' || c == '"')) quote = quote != 0 ? '\0' : c;
    const bool name = quote == 0 && c == ':' && i + 1 < text.size() && isNameStart(text[i + 1]) &&
                      (i == 0 || text[i - 1] != ':');
    std::size_t end = i + 1;
    while (name && end < text.size() &&
           (isNameStart(text[end]) || (text[end] >= '0' && text[end] <= '9'))) {
      ++end;
    }
    const auto found = name ? m_variables.find(text.substr(i + 1, end - i - 1)) : m_variables.end();
    if (found == m_variables.end()) {
      result.text += c;
      result.shown += c == '\n' ? ' ' : c;
      continue;
    }
    const BenchVariable& v = found->second;
    const double middle = std::floor((v.low + v.high) / 2);
    result.places[result.text.size() + (middle < 0 ? 1 : 0)] = v;
    const auto number = [](double value) {
      return std::to_string(static_cast<std::int64_t>(std::clamp(value, -9e15, 9e15)));
    };
    result.text += number(middle);
    result.shown += std::string(sim::kRangeBegins) + number(v.low) + "," +
                    number(v.constant() ? v.low : v.high) + std::string(sim::kRangeEnds);
    i = end - 1;
  }
  return result;
}

void DemandReader::change(const TableChange& change) {
  for (TableChange& one : m_changes) {
    if (one.table != change.table) continue;
    one.inserted += change.inserted;
    one.updated += change.updated;
    one.columns.insert(one.columns.end(), change.columns.begin(), change.columns.end());
    return;
  }
  m_changes.push_back(change);
}

void DemandReader::touch(const sim::Relation& table, const sim::RelationIndex& index,
                         const BenchVariable& key, double share, bool updates) {
  sim::PageAccess access;
  access.law = key.law;
  access.parameter = key.parameter;
  access.keys = std::max<double>(1, static_cast<double>(table.rows));
  access.from = std::clamp((key.low - 1) / access.keys, 0.0, 1.0);
  access.until = std::clamp(key.high / access.keys, access.from, 1.0);
  if (key.constant()) access.until = std::min(1.0, access.from + 1 / access.keys);
  access.perTransaction = share;
  m_demand.hotAccesses += share;  // the root
  for (double level = static_cast<double>(index.pages) - 1; level > 1;
       level = std::floor(level / kFanout)) {
    access.pages = level;
    access.dirtied = updates && m_demand.pages.size() < kMostAccesses &&
                             level > static_cast<double>(index.pages) / 2
                         ? k::kIndexedUpdates
                         : 0;
    if (m_demand.pages.size() < kMostAccesses) m_demand.pages.push_back(access);
  }
  access.pages = std::max<double>(1, static_cast<double>(table.pages));
  access.dirtied = updates ? 1 : 0;
  if (m_demand.pages.size() < kMostAccesses) m_demand.pages.push_back(access);
}

// SELECT, UPDATE and DELETE ... WHERE key = value with an index on the key; INSERT.
bool DemandReader::byKey(const Statement& s, const Written& written, double share, bool& done) {
  const std::string kind = s.at(0).text;
  const std::size_t at = tableToken(s);
  if (at == 0 || !s.isName(at)) return true;
  TableWork work(s);
  const sim::Relation* table = work.find(s.at(at).text);
  if (kind != "select" && table == nullptr) {
    return work.fail("42P01", "relation \"" + s.at(at).text + "\" does not exist", s.at(at).at);
  }
  if (table == nullptr) return true;
  const bool inserts = kind == "insert", updates = kind == "update" || kind == "delete";
  if (inserts) {
    m_demand.hotAccesses += share * (1 + static_cast<double>(table->indexes.size()));
    m_demand.walBytes += share * (k::kInsertWalBytes +
                                  k::kIndexWalBytes * static_cast<double>(table->indexes.size()));
    change({table->name, share, 0, {}});
  } else {
    std::size_t i = at;
    while (s.at(i).kind != TokenKind::End && !s.at(i).is("where")) ++i;
    if (!s.isName(i + 1) || !s.at(i + 2).is("=") || s.at(i + 3).kind != TokenKind::Number ||
        s.at(i + 4).kind != TokenKind::End) {
      return true;
    }
    const auto index = std::find_if(table->indexes.begin(), table->indexes.end(),
                                    [&](auto& one) { return one.columns[0] == s.at(i + 1).text; });
    if (index == table->indexes.end()) return true;
    const auto place = written.places.find(s.at(i + 3).at);
    const double number = std::strtod(s.at(i + 3).text.c_str(), nullptr);
    touch(*table, *index,
          place != written.places.end() ? place->second
                                        : BenchVariable{number, number, sim::KeyLaw::Uniform, 0},
          share, updates);
    if (updates) {
      m_demand.walBytes += share * (k::kUpdateWalBytes + k::kIndexedUpdates * k::kIndexWalBytes);
      change({table->name, 0, share, columnsSet(s)});
      const double rows = std::max<double>(1, static_cast<double>(table->rows));
      m_rows = m_rows > 0 ? std::min(m_rows, rows) : rows;
    }
  }
  m_wrote = m_wrote || inserts || updates;
  m_tables.insert(table->name);
  m_demand.cpuSeconds += share * k::kStatementSeconds * (m_prepared ? 0.85 : 1);
  done = true;
  return true;
}

// Any other query: what its plan costs.
bool DemandReader::planned(const Statement& s, double share) {
  TableWork work(s);
  SyntaxReader reader(s.list, s.text, 0);
  const std::optional<SelectQuery> query = reader.query();
  if (!query || !reader.atEnd()) return s.unexpected(reader.at());
  if (!isTableQuery(work, *query)) {
    m_demand.cpuSeconds += share * k::kLightStatementSeconds;
    return true;
  }
  std::optional<PlanNode> plan = work.plan(*query);
  if (!plan) return false;
  const PlanRun run = runPlan(*plan, work.environment());
  if (run.failure) return work.fail(*run.failure);
  m_demand.cpuSeconds += share * std::max(run.milliseconds / 1000, k::kLightStatementSeconds);
  m_demand.peakBytes = std::max(m_demand.peakBytes, static_cast<double>(run.peakBytes));
  m_demand.tempFiles += share * static_cast<double>(run.files.size());
  for (const TemporaryFile& file : run.files) {
    m_demand.tempBytes += share * static_cast<double>(file.bytes);
  }
  const BufferUse& buffers = plan->run.buffers;
  for (const TableItem& item : query->from) {
    const sim::Relation* table = work.find(item.name);
    if (table == nullptr) continue;
    m_tables.insert(table->name);
    if (m_demand.pages.size() >= kMostAccesses) continue;
    sim::PageAccess access;
    access.pages = access.keys = std::max<double>(1, static_cast<double>(table->pages));
    access.perTransaction = share * static_cast<double>(buffers.hit + buffers.read) /
                            static_cast<double>(query->from.size());
    m_demand.pages.push_back(access);
  }
  return true;
}

// What is held until the end is let go.
void DemandReader::endTransaction(double share) {
  if (m_wrote) {
    m_demand.commits += share;
    m_demand.walBytes += share * k::kCommitWalBytes;
  }
  if (m_rows > 0) {
    m_demand.hotRows = m_demand.hotRows > 0 ? std::min(m_demand.hotRows, m_rows) : m_rows;
  }
  m_open = m_wrote = false;
  m_rows = 0;
}

bool DemandReader::statement(const std::string& text, double share) {
  const Written written = write(text);
  const TokenList list = scanSql(written.text);
  m_session.state().statement = written.text + ";";
  m_statements.push_back(written.shown + ";");
  std::string out;
  const Statement s{m_session, m_session.state().statement, list, out, m_error};
  m_demand.replies += share;
  for (std::size_t i = 0; s.at(i).kind != TokenKind::End; ++i) {
    if (s.at(i).is(":")) return s.unexpected(i);
  }
  const SqlToken& first = s.at(0);
  if (first.is("begin") || first.is("start")) {
    m_open = true;
    m_demand.cpuSeconds += share * k::kLightStatementSeconds;
    return true;
  }
  if (first.is("end") || first.is("commit") || first.is("rollback") || first.is("abort")) {
    m_demand.cpuSeconds += share * k::kLightStatementSeconds;
    endTransaction(share);
    return true;
  }
  bool done = false;
  const bool known = first.is("select") || first.is("insert") || first.is("update") ||
                     first.is("delete") || first.is("with") || first.is("values");
  if (!byKey(s, written, share, done)) return false;
  if (!done && (first.is("select") || first.is("values") || first.is("with"))) {
    if (!planned(s, share)) return false;
  } else if (!done) {
    // Other statements are taken for short ones; those that do not exist are told.
    if (!known && !s.isName(0)) return s.unexpected(0);
    m_demand.cpuSeconds += share * k::kLightStatementSeconds;
  }
  if (!m_open) endTransaction(share);
  return true;
}

bool DemandReader::add(const BenchScript& script, double share) {
  m_variables = {{"scale", {m_scale, m_scale, sim::KeyLaw::Uniform, 0}},
                 {"client_id", {0, 0, sim::KeyLaw::Uniform, 0}},
                 {"random_seed", {1, 1, sim::KeyLaw::Uniform, 0}},
                 {"default_seed", {1, 1, sim::KeyLaw::Uniform, 0}}};
  for (const auto& [name, value] : m_defined) m_variables[name] = value;
  ++m_script;
  m_demand.replies = 0;
  m_commandSeconds.clear();
  constexpr double kSetSeconds = 1e-6;
  const double flush = m_session.world().spec().host.diskFlushMs / 1000;
  for (m_command = 0; m_command < script.commands.size(); ++m_command) {
    const BenchCommand& command = script.commands[m_command];
    const double before = m_demand.cpuSeconds + m_demand.commits * flush;
    switch (command.kind) {
      case BenchCommand::Kind::Set: {
        const auto value = evaluateBench(command.text, m_variables);
        if (!value.ok()) {
          m_error = value.error().message;
          m_inClient = true;
          return false;
        }
        m_variables[command.name] = value.value();
        break;
      }
      case BenchCommand::Kind::Sleep:
        m_demand.sleepSeconds += share * command.seconds;
        break;
      case BenchCommand::Kind::Sql:
        if (!statement(command.text, share)) return false;
        break;
    }
    const double after = m_demand.cpuSeconds + m_demand.commits * flush;
    m_commandSeconds.push_back(kSetSeconds + command.seconds +
                               (share > 0 ? (after - before) / share : 0));
    if (command.kind == BenchCommand::Kind::Sql) {
      m_sent += std::to_string(m_script) + " " + base::fixedText(share, 6) + " " +
                base::fixedText(m_commandSeconds.back(), 9) + "\n";
    }
  }
  if (m_open) endTransaction(share);
  return true;
}

void DemandReader::reconnect() {
  m_demand.cpuSeconds += k::kReconnectCpuSeconds;
}

sim::ScriptDemand DemandReader::demand() const {
  sim::ScriptDemand result = m_demand;
  result.cpuSeconds = std::max(result.cpuSeconds, 5e-6);
  result.tables = static_cast<double>(m_tables.size());
  return result;
}

}  // namespace console
