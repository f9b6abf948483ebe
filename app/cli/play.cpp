// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCommandLineParser>
#include <QFile>
#include <QFileInfo>

#include "cli/action_list.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/report.h"
#include "cli/table.h"
#include "drill/run_file.h"
#include "records/library.h"
#include "records/record_of_run.h"

namespace cli {

namespace {

using ScenarioPointer = std::shared_ptr<const scenario::Scenario>;
constexpr std::int64_t kLargestSeed = std::numeric_limits<std::int64_t>::max();

struct Wish {
  drill::RunKey key;
  base::SimTime until;
  std::int64_t stepSeconds = 0;  // 0: all at once
  std::string actions, saveTo, trainee;
  bool json = false, record = false;
};

void describe(QCommandLineParser& parser) {
  parser.setApplicationDescription(
      "Plays a scenario without a window and scores it. Nobody does anything unless --actions says "
      "so;\nto watch is to watch what was done that day (--actions history).");
  parser.addPositionalArgument("SCENARIO", "The id of a scenario, or a file.");
  parser.addOption({"seed", "The random numbers' seed, 1 unless told.", "N", "1"});
  parser.addOption({"mode", "watch, practice (unless told) or assessment.", "MODE", "practice"});
  parser.addOption({"actions",
                    "What is done: a list the scenario names (history, reference, ...) or a file "
                    "of the same form.",
                    "NAME|FILE"});
  parser.addOption({"until", "Stop at this time of the incident's clock.", "HH:MM:SS"});
  parser.addOption(
      {"step", "Compute so many seconds at a time; the result is the same.", "SECONDS"});
  parser.addOption({"save", "Write the run to a new file.", "RUN"});
  parser.addOption({"record", "Keep the finished run among the records of this machine."});
  parser.addOption({"trainee", "Whose run it is, for --record.", "NAME"});
  parser.addOption({"json", "Print one JSON object instead of tables."});
}

// Nothing, or the exit code.
std::optional<int> readWish(const QCommandLineParser& parser, const sim::TimingSpec& timing,
                            Wish& wish) {
  const auto seed = numberFrom(valueOf(parser, "seed"), 0, kLargestSeed);
  if (!seed) return wrongValue("--seed", valueOf(parser, "seed"), "a whole number from 0 on");
  const auto mode = drill::modeFrom(valueOf(parser, "mode"));
  if (!mode.ok()) {
    return wrongValue("--mode", valueOf(parser, "mode"), "watch, practice or assessment");
  }
  wish.key = {static_cast<std::uint64_t>(*seed), mode.value()};
  wish.until = timing.endsAt;
  if (parser.isSet("until")) {
    const auto until = momentFrom(valueOf(parser, "until"), timing);
    if (!until) return wrongValue("--until", valueOf(parser, "until"), momentForm(timing));
    wish.until = *until;
  }
  if (parser.isSet("step")) {
    const auto step = numberFrom(valueOf(parser, "step"), 1, 1'000'000);
    if (!step) return wrongValue("--step", valueOf(parser, "step"), "seconds, 1 to 1000000");
    wish.stepSeconds = *step;
  }
  wish.actions = valueOf(parser, "actions");
  if (!parser.isSet("actions") && mode.value() == drill::Mode::Watch) wish.actions = "history";
  wish.saveTo = valueOf(parser, "save");
  wish.trainee = parser.isSet("trainee") ? valueOf(parser, "trainee") : records::defaultTrainee();
  wish.json = parser.isSet("json");
  wish.record = parser.isSet("record");
  if (parser.isSet("save") && QFileInfo::exists(parser.value("save"))) {
    complain(oneLine(wish.saveTo) + ": exists already; --save needs a new name.");
    return kFailed;
  }
  return std::nullopt;
}

void playOn(drill::Run& run, const Wish& wish) {
  while (wish.stepSeconds > 0 && !run.finished() && run.now() < wish.until) {
    run.advanceTo(std::min(run.now() + base::seconds(wish.stepSeconds), wish.until));
  }
  run.advanceTo(wish.until);
}

// Lines that say where the run went.
base::Result<std::string> store(const Judged& judged, const Wish& wish,
                                const records::Library& library) {
  std::string text;
  if (!wish.saveTo.empty()) {
    const auto written = drill::writeFileSafely(wish.saveTo, drill::runText(judged.run, true));
    if (!written.ok()) return written.error();
    text += "Saved as " + oneLine(wish.saveTo) + ".\n";
  }
  if (wish.record) {
    auto records = records::Store::open(library.recordsFile());
    if (!records.ok()) return records.error();
    const auto id = records::keep(*records.value(),
                                  records::recordOf(judged.run, judged.score, judged.impact,
                                                    wish.trainee, records::nowText()),
                                  judged.run.scenario());
    if (!id.ok()) return id.error();
    text += "Record " + std::to_string(id.value()) + " in " + library.recordsFile() + ".\n";
  }
  return text;
}

}  // namespace

int playScenario(const Arguments& arguments) {
  QCommandLineParser parser;
  describe(parser);
  if (const auto code = readOptions(parser, "play", arguments, 1, 1)) return *code;
  const auto library = records::Library::open();
  if (!library.ok()) return fail(library.error());
  const auto scenario =
      library.value()->scenario(parser.positionalArguments().first().toStdString());
  if (!scenario.ok()) return fail(scenario.error());
  Wish wish;
  if (const auto code = readWish(parser, scenario.value()->world.timing, wish)) return *code;
  const auto actions = actionsOf(*scenario.value(), wish.actions);
  if (!actions.ok()) return fail(actions.error());

  drill::Run run(scenario.value(), wish.key);
  run.follow(actions.value());
  playOn(run, wish);
  const Judged judged(run);
  const auto stored = store(judged, wish, *library.value());
  if (!stored.ok()) return fail(stored.error());
  if (wish.json) {
    print(judgedJson(judged));
  } else {
    print(headText(run) + "\n" + storyText(run) + "\n");
    if (!judged.milestones.empty()) print(milestonesText(judged) + "\n");
    print(impactText(judged) + "\n" + scoreText(judged.score));
    if (!stored.value().empty()) print("\n" + stored.value());
  }
  return kDone;
}

}  // namespace cli
