// SPDX-License-Identifier: GPL-3.0-or-later
// Plays a practice run as the window does, a second at a time and kept on disk, until it is killed.
// After each second it prints "<ms> <journal entries> <records>\n": what must not be lost but for a
// second. Usage: live_run FOLDER SEED
#include <unistd.h>

#include <QCoreApplication>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "drill/run_file.h"
#include "records/library.h"
#include "records/store.h"

namespace {

constexpr int kSecondsPerRecord = 20;

[[noreturn]] void giveUp(const base::Error& error) {
  std::fprintf(stderr, "%s\n", error.message.c_str());
  std::exit(1);
}

void say(const std::string& line) {
  if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) std::exit(1);
}

sim::Action actionAt(std::int64_t second) {
  switch (second % 5) {
    case 0:
      return {sim::Verb::Command, "", "free -m", {}};
    case 1:
      return {sim::Verb::Look, "log:postgresql", "", {}};
    case 2:
      return {sim::Verb::Hypothesis, "h1", "memory", {{"component", "database"}}};
    case 3:
      return {sim::Verb::Status, "investigating", "Pages are slow; we are looking.", {}};
    default:
      return {sim::Verb::Restart, "fast", "", {}};
  }
}

void play(drill::Run& run, drill::RunWriter& writer, records::Store& store) {
  std::int64_t second = 0, kept = 0;
  while (!run.finished()) {
    run.advanceTo(run.now() + base::seconds(1));
    if (++second % 17 == 0) run.perform(actionAt(second));
    if (auto done = writer.append(run); !done.ok()) giveUp(done.error());
    if (second % kSecondsPerRecord == 0) {
      records::Record record;
      record.scenarioId = run.scenario().id;
      record.runText = std::string(3000, static_cast<char>('a' + second % 26));
      const auto added = store.add(record);
      if (!added.ok()) giveUp(added.error());
      kept = added.value();
    }
    say(std::to_string(run.now().ms) + " " + std::to_string(run.journal().size()) + " " +
        std::to_string(kept) + "\n");
  }
  if (auto done = writer.finish(run); !done.ok()) giveUp(done.error());
}

}  // namespace

int main(int argc, char* argv[]) {
  const QCoreApplication application(argc, argv);
  if (argc != 3) return 2;
  const std::string folder = argv[1];
  const auto library = records::Library::open();
  if (!library.ok()) giveUp(library.error());
  const auto scenario = library.value()->scenario("2024-05-07-main-database");
  if (!scenario.ok()) giveUp(scenario.error());
  drill::Run run(scenario.value(), {std::strtoull(argv[2], nullptr, 10), drill::Mode::Practice});
  const auto writer = drill::RunWriter::create(folder + "/live.run", run);
  if (!writer.ok()) giveUp(writer.error());
  const auto store = records::Store::open(folder + "/records.sqlite");
  if (!store.ok()) giveUp(store.error());
  play(run, *writer.value(), *store.value());
  return 0;
}
