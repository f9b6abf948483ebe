// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCommandLineParser>
#include <limits>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/recorded_run.h"
#include "cli/report.h"

namespace cli {

int replayRun(const Arguments& arguments) {
  QCommandLineParser parser;
  parser.setApplicationDescription(
      "Recomputes a recorded run and compares it with what was recorded. Exit code 1 if a bit\n"
      "differs, naming the first tick and field.");
  parser.addPositionalArgument("RUN", "A run file.");
  parser.addOption({"at", "Go no further than this time of the incident's clock.", "HH:MM:SS"});
  parser.addOption({"json", "Print one JSON object instead of tables."});
  if (const auto code = readOptions(parser, "replay", arguments, 1, 1)) return *code;
  const auto library = records::Library::open();
  if (!library.ok()) return fail(library.error());
  const auto recorded =
      readRecordedRun(parser.positionalArguments().first().toStdString(), *library.value());
  if (!recorded.ok()) return fail(recorded.error());
  base::SimTime until{std::numeric_limits<std::int64_t>::max()};
  if (parser.isSet("at")) {
    const sim::TimingSpec& timing = recorded.value().scenario->world.timing;
    const auto at = momentFrom(valueOf(parser, "at"), timing);
    if (!at) return wrongValue("--at", valueOf(parser, "at"), momentForm(timing));
    until = *at;
  }
  const auto replayed = drill::replay(recorded.value().record, recorded.value().scenario, until);
  if (!replayed.ok()) return fail(replayed.error());
  const Judged judged(*replayed.value().run);
  if (parser.isSet("json")) {
    print(judgedJson(judged));
  } else {
    print(headText(judged.run) + "\n" + storyText(judged.run) + "\n" + impactText(judged) + "\n");
  }
  if (!replayed.value().difference.empty()) {
    complain("The run does not recompute: " + replayed.value().difference);
    return kFailed;
  }
  if (!parser.isSet("json")) print("Recomputed: the same bits as recorded.\n");
  return kDone;
}

}  // namespace cli
