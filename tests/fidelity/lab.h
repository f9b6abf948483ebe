// SPDX-License-Identifier: GPL-3.0-or-later
// A laboratory server as the recording machine had it, driven by typed lines alone.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "console/shell.h"
#include "scenario/lab.h"
#include "sim/model.h"
#include "sim/world.h"

namespace fidelity {

class Lab {
 public:
  Lab();
  // Another machine, or another hour of it.
  explicit Lab(const scenario::LabOptions& options);
  // What the recording machine was.
  static scenario::LabOptions recordedMachine();

  // Types a line; simulated time passes as long as the command takes. Its output. There are as many
  // terminals as are asked for.
  std::string type(const std::string& line, std::size_t terminal = 0);
  // Opens psql at a terminal, as a role, and leaves it open.
  std::string open(std::size_t terminal, const std::string& role);
  int exitCode() const { return m_exitCode; }
  double lastSeconds() const { return m_lastSeconds; }  // that the last command took
  // Seconds pass.
  void wait(int seconds);
  // Types lines into a psql that reads them from a pipe. role and options (PGOPTIONS) may be empty.
  std::string psql(const std::vector<std::string>& lines, const std::string& role = {},
                   const std::string& options = {});
  // One query, unaligned, tuples only: its lines.
  std::vector<std::string> rows(const std::string& query);
  void append(const std::string& path, const std::vector<std::string>& lines);
  void write(const std::string& path, const std::string& text);
  std::string read(const std::string& path);

  // Lines the server logged since the mark; lines of one record stay apart.
  void mark();
  [[nodiscard]] std::vector<std::string> logSinceMark() const;
  [[nodiscard]] const sim::World& world() const { return m_world; }

  static std::string dataDirectory() { return "/var/lib/postgresql/15/main"; }
  static std::string mainFile() { return dataDirectory() + "/postgresql.conf"; }
  static std::string autoFile() { return dataDirectory() + "/postgresql.auto.conf"; }
  // "sudo -u postgres pg_ctl ..." with the recording's server options.
  std::string control(const std::string& words, const std::string& limits = {},
                      const std::string& moreOptions = {});

 private:
  sim::World m_world;
  sim::Telemetry m_telemetry;
  std::vector<console::Shell> m_shells;
  std::size_t m_mark = 0;
  int m_exitCode = 0;
  double m_lastSeconds = 0;
};

// 'text' for the shell.
[[nodiscard]] std::string quoted(const std::string& text);
// postgresql.conf as initdb writes it: 815 lines, the active ones where they stand.
[[nodiscard]] std::string initialConfiguration();

}  // namespace fidelity
