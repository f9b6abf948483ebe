// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCommandLineParser>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/recorded_run.h"
#include "cli/report.h"

namespace cli {

int scoreRun(const Arguments& arguments) {
  QCommandLineParser parser;
  parser.setApplicationDescription(
      "Recomputes a recorded run and scores it, with the reason for each point and the journal\n"
      "entries it rests on. A run that does not recompute gets no score.");
  parser.addPositionalArgument("RUN", "A run file.");
  parser.addOption({"json", "Print one JSON object instead of tables."});
  if (const auto code = readOptions(parser, "score", arguments, 1, 1)) return *code;
  const auto library = records::Library::open();
  if (!library.ok()) return fail(library.error());
  const auto recorded =
      readRecordedRun(parser.positionalArguments().first().toStdString(), *library.value());
  if (!recorded.ok()) return fail(recorded.error());
  const auto replayed = drill::replay(recorded.value().record, recorded.value().scenario);
  if (!replayed.ok()) return fail(replayed.error());
  if (!replayed.value().difference.empty()) {
    complain("The run does not recompute: " + replayed.value().difference);
    return kFailed;
  }
  const Judged judged(*replayed.value().run);
  print(parser.isSet("json")
            ? judgedJson(judged)
            : headText(judged.run) + "\n" + impactText(judged) + "\n" + scoreText(judged.score));
  return kDone;
}

}  // namespace cli
