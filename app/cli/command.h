// SPDX-License-Identifier: GPL-3.0-or-later
// The verbs of outage-drill-cli, one file each, and the table that finds them. A verb prints what
// was asked for to stdout and complaints to stderr.
#pragma once

#include <string>
#include <vector>

namespace cli {

enum ExitCode : int { kDone = 0, kFailed = 1, kUsage = 2 };

using Arguments = std::vector<std::string>;  // what follows the verb

struct Command {
  const char* name;
  const char* form;     // "play SCENARIO [options]"
  const char* summary;  // one line
  int (*run)(const Arguments& arguments);
};

[[nodiscard]] const std::vector<Command>& commands();
// The whole program, without its own name among the arguments; needs a QCoreApplication.
[[nodiscard]] int runProgram(const Arguments& arguments);

int listScenarios(const Arguments& arguments);
int validateFiles(const Arguments& arguments);
int playScenario(const Arguments& arguments);
int replayRun(const Arguments& arguments);
int scoreRun(const Arguments& arguments);
int verifyScenarios(const Arguments& arguments);
int showRecords(const Arguments& arguments);
int exportRun(const Arguments& arguments);
int openLab(const Arguments& arguments);

}  // namespace cli
