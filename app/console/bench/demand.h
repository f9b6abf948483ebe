// SPDX-License-Identifier: GPL-3.0-or-later
// What a benchmark's script asks of the server: reads by a key touch an index's pages and a row's
// page; other queries are planned, and cost what their plan costs.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "console/bench/script.h"
#include "console/sql/session.h"
#include "console/sql/tables/table_work.h"
#include "sim/client_load.h"

namespace console {

class DemandReader {
 public:
  // prepared: statements are parsed once.
  DemandReader(SqlSession& session, double scale, bool prepared)
      : m_session(session), m_scale(scale), m_prepared(prepared) {}

  // -D name=value, for all scripts.
  void define(const std::string& name, double value) {
    m_defined[name] = {value, value, sim::KeyLaw::Uniform, 0};
  }
  // Adds a share of a script. False: a command failed; see error() and failedCommand().
  bool add(const BenchScript& script, double share);
  [[nodiscard]] sim::ScriptDemand demand() const;
  [[nodiscard]] const std::vector<std::string>& statements() const { return m_statements; }
  // As Verb::Load writes them: a line for each of the statements.
  [[nodiscard]] const std::string& sent() const { return m_sent; }
  // Seconds that each command of the script added last takes when nobody else is about.
  [[nodiscard]] const std::vector<double>& commandSeconds() const { return m_commandSeconds; }
  // Each transaction has a connection of its own.
  void reconnect();
  [[nodiscard]] const std::vector<TableChange>& changes() const { return m_changes; }
  [[nodiscard]] const std::string& error() const { return m_error; }
  [[nodiscard]] std::size_t failedCommand() const { return m_command; }
  [[nodiscard]] bool failedInClient() const { return m_inClient; }

 private:
  // A statement with its variables written out, and where they stood.
  struct Written {
    std::string text, shown;  // shown: with ranges (sim::ClientLoad::statements)
    std::map<std::size_t, BenchVariable> places;
  };
  Written write(const std::string& text) const;
  bool statement(const std::string& text, double share);
  bool byKey(const Statement& s, const Written& written, double share, bool& done);
  bool planned(const Statement& s, double share);
  void touch(const sim::Relation& table, const sim::RelationIndex& index, const BenchVariable& key,
             double share, bool updates);
  void change(const TableChange& change);
  void endTransaction(double share);

  SqlSession& m_session;
  double m_scale;
  bool m_prepared;
  BenchVariables m_variables, m_defined;
  sim::ScriptDemand m_demand;
  std::vector<TableChange> m_changes;
  std::vector<std::string> m_statements;
  std::string m_sent;
  int m_script = -1;  // number of the script added last
  std::vector<double> m_commandSeconds;
  std::set<std::string> m_tables;
  bool m_open = false, m_wrote = false;
  double m_rows = 0;  // of the smallest table updated in the transaction
  std::string m_error;
  std::size_t m_command = 0;
  bool m_inClient = false;
};

}  // namespace console
