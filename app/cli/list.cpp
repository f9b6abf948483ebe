// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCommandLineParser>

#include "base/text.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/proof_notes.h"
#include "cli/table.h"
#include "records/library.h"

namespace cli {

int listScenarios(const Arguments& arguments) {
  QCommandLineParser parser;
  parser.setApplicationDescription(
      "Lists the scenarios. Verified: the grader was proved on exactly this text (see verify).");
  if (const auto code = readOptions(parser, "list", arguments, 0, 0)) return *code;
  const auto library = records::Library::open();
  if (!library.ok()) return fail(library.error());
  Table table({{"id"}, {"difficulty", Table::Align::Right}, {"verified"}, {"title"}});
  int code = kDone;
  for (const std::string& file : library.value()->scenarioFiles()) {
    const auto scenario = library.value()->scenario(file);
    if (!scenario.ok()) {
      complain(scenario.error().message);
      code = kFailed;
      continue;
    }
    const scenario::Scenario& one = *scenario.value();
    table.add({one.id, std::to_string(one.difficulty),
               ProofNotes(library.value()->dataFolder()).of(one) == ProofNotes::Verdict::Passed
                   ? "yes"
                   : "no",
               one.title});
  }
  print(table.text());
  return code;
}

}  // namespace cli
