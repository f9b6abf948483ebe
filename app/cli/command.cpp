// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"

#include <QCoreApplication>

#include "base/text.h"
#include "cli/options.h"
#include "cli/table.h"

namespace cli {

namespace {

std::string overview() {
  Table table({{"verb"}, {"what it does"}});
  for (const Command& command : commands()) table.add({command.form, command.summary});
  return "Usage: outage-drill-cli VERB [arguments]\n\n"
         "Database outages as exercises, without a window. SCENARIO is an id or a file, RUN a "
         "recorded run.\n\n" +
         table.text() +
         "\n\"outage-drill-cli VERB --help\" tells more about a verb; --version tells the "
         "version.\n"
         "Exit code: 0 done, 1 failed or found wanting, 2 wrong usage.\n";
}

int unknown(const std::string& word) {
  std::vector<std::string> names;
  for (const Command& command : commands()) names.emplace_back(command.name);
  const std::string near = base::nearest(word, names);
  complain("Unknown verb \"" + oneLine(word) + "\"" +
           (near.empty() ? std::string(".") : "; did you mean \"" + near + "\"?") +
           " See outage-drill-cli --help.");
  return kUsage;
}

}  // namespace

const std::vector<Command>& commands() {
  static const std::vector<Command> kCommands = {
      {"list", "list", "the scenarios: id, difficulty, verified, title", listScenarios},
      {"validate", "validate FILE...", "check scenario files and tell all that is wrong",
       validateFiles},
      {"play", "play SCENARIO", "play an outage to its end and score it", playScenario},
      {"replay", "replay RUN", "recompute a recorded run and compare the bits", replayRun},
      {"score", "score RUN", "recompute the score of a recorded run", scoreRun},
      {"verify", "verify SCENARIO...", "prove that the grader is fair on a scenario",
       verifyScenarios},
      {"records", "records", "the finished runs kept on this machine", showRecords},
      {"export", "export RUN|SCENARIO", "write a run's logs for other programs to read", exportRun},
      {"lab", "lab", "a free-standing server with a terminal", openLab}};
  return kCommands;
}

int runProgram(const Arguments& arguments) {
  QCoreApplication::setApplicationName("outage-drill-cli");
  QCoreApplication::setApplicationVersion(OUTAGE_DRILL_VERSION);
  if (arguments.empty()) {
    complain(overview());
    return kUsage;
  }
  const std::string& word = arguments.front();
  if (word == "--help" || word == "-h" || word == "help") {
    print(overview());
    return kDone;
  }
  if (word == "--version" || word == "-v") {
    print(versionText());
    return kDone;
  }
  for (const Command& command : commands()) {
    if (word == command.name) return command.run({arguments.begin() + 1, arguments.end()});
  }
  return unknown(word);
}

}  // namespace cli
