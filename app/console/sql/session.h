// SPDX-License-Identifier: GPL-3.0-or-later
// One psql session: connecting, SQL statements and backslash commands, as psql prints them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "console/shell.h"

namespace console {

class SqlSession {
 public:
  SqlSession(Machine& machine, PsqlSession& state, std::vector<sim::Action>& changed,
             base::SimTime& duration)
      : m_machine(machine), m_state(state), m_changed(changed), m_duration(duration) {}

  // Empty text: connected. Otherwise what psql says, and it is not.
  [[nodiscard]] std::string connect();
  // Statements separated by semicolons; stops at the first error when asked to. False: an error.
  bool runStatements(std::string_view text, bool stopAtError, std::string& out, std::string& error);
  // A backslash command. Sets quit at \q.
  bool runMeta(std::string_view line, std::string& out, std::string& error, bool& quit);
  // The server is still the one that was connected to; otherwise says so on error.
  bool alive(std::string& error);

 private:
  bool runOne(const std::string& statement, std::string& out, std::string& error);
  bool runUtility(const std::string& statement, std::string& out, std::string& error, bool& known);
  bool show(const std::string& statement, std::string& out, std::string& error);
  bool set(const std::string& statement, std::string& out, std::string& error);
  bool alterSystem(const std::string& statement, std::string& out, std::string& error);
  bool query(const std::string& statement, std::string& out, std::string& error);
  void describe(const std::string& command, const std::string& argument, std::string& out,
                std::string& error);

  Machine& m_machine;
  PsqlSession& m_state;
  std::vector<sim::Action>& m_changed;
  base::SimTime& m_duration;
};

}  // namespace console
