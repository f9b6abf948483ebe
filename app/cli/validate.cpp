// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCommandLineParser>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/table.h"
#include "records/library.h"

namespace cli {

int validateFiles(const Arguments& arguments) {
  QCommandLineParser parser;
  parser.setApplicationDescription(
      "Checks scenario files. Prints every problem on a line of its own, as\n"
      "file:line:column: pointer: found X, expected Y; exit code 1 if there is one.");
  parser.addPositionalArgument("FILE", "A scenario file.", "FILE...");
  if (const auto code = readOptions(parser, "validate", arguments, 1, -1)) return *code;
  const auto library = records::Library::open();
  if (!library.ok()) return fail(library.error());
  int code = kDone;
  for (const QString& file : parser.positionalArguments()) {
    const scenario::Reading reading =
        scenario::readScenarioFile(file.toStdString(), library.value()->settings());
    for (const scenario::Problem& problem : reading.problems) {
      print(oneLine(problem.text()) + "\n");
    }
    if (!reading.scenario) {
      code = kFailed;
    } else {
      print(oneLine(file.toStdString()) + ": valid, " + reading.scenario->id + "\n");
    }
  }
  return code;
}

}  // namespace cli
