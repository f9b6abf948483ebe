// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCommandLineParser>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/proof_notes.h"
#include "cli/table.h"
#include "drill/proof.h"
#include "records/library.h"

namespace cli {

int verifyScenarios(const Arguments& arguments) {
  QCommandLineParser parser;
  parser.setApplicationDescription(
      "Proves the grader on scenarios: good solutions score high, bad ones low, the history meets\n"
      "its milestones, and nothing that counts as evidence shows on a healthy day. Exit code 1 if "
      "a\nrow fails.");
  parser.addPositionalArgument("SCENARIO", "The id of a scenario, or a file.", "SCENARIO...");
  parser.addOption({"seed", "The seed of the worlds, 1 unless told.", "N", "1"});
  parser.addOption({"random-runs",
                    "So many runs of random legal actions, 200 unless told; with fewer than 200 "
                    "nothing is noted for list.",
                    "N", "200"});
  if (const auto code = readOptions(parser, "verify", arguments, 1, -1)) return *code;
  const auto seed =
      numberFrom(valueOf(parser, "seed"), 0, std::numeric_limits<std::int64_t>::max());
  if (!seed) return wrongValue("--seed", valueOf(parser, "seed"), "a whole number from 0 on");
  const auto runs = numberFrom(valueOf(parser, "random-runs"), 0, 100'000);
  if (!runs) return wrongValue("--random-runs", valueOf(parser, "random-runs"), "0 to 100000");
  const auto library = records::Library::open();
  if (!library.ok()) return fail(library.error());
  const ProofNotes notes(library.value()->dataFolder());
  int code = kDone;
  for (const QString& name : parser.positionalArguments()) {
    const auto scenario = library.value()->scenario(name.toStdString());
    if (!scenario.ok()) {
      code = fail(scenario.error());
      continue;
    }
    const drill::Proof proof = drill::prove(
        scenario.value(), {static_cast<std::uint64_t>(*seed), static_cast<int>(*runs)});
    if (*seed == 1 && *runs >= 200) notes.write(*scenario.value(), proof.passed());
    Table table({{""}, {"proof"}, {"expected"}, {"got"}});
    for (const drill::ProofRow& row : proof.rows) {
      table.add({row.passed ? "pass" : "FAIL", row.name, row.expected, row.got});
    }
    print(scenario.value()->id + ": " + (proof.passed() ? "verified" : "not verified") + "\n" +
          table.text());
    if (!proof.passed()) code = kFailed;
  }
  return code;
}

}  // namespace cli
