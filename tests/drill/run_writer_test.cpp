// SPDX-License-Identifier: GPL-3.0-or-later
#include <signal.h>
#include <sys/wait.h>

#include "base/random.h"
#include "drill/replay.h"
#include "drill/run_file.h"
#include "run_fixture.h"

using drill::RunWriter;
using namespace runtest;

namespace {

void appendBytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::app) << bytes;
}

// Plays and writes until it is killed; tells its parent through the pipe how far it is.
[[noreturn]] void playAndWrite(const std::shared_ptr<const scenario::Scenario>& scenario,
                               const std::string& path, int pipe) {
  drill::Run run(scenario, {1, drill::Mode::Practice});
  run.follow(session());
  const auto writer = RunWriter::create(path, run);
  if (!writer.ok()) ::_exit(3);
  while (!run.finished()) {
    run.advanceTo(run.now() + base::seconds(1));
    if (!writer.value()->append(run).ok()) ::_exit(4);
    const std::int64_t now = run.now().ms;
    if (::write(pipe, &now, sizeof now) != sizeof now) ::_exit(5);
  }
  ::_exit(0);
}

}  // namespace

TEST(RunWriter, KeepsAGrowingRunAndEndsIt) {
  const auto scenario = seedScenario();
  const TemporaryFolder folder;
  drill::Run run(scenario, {1, drill::Mode::Practice});
  run.follow(session());
  const auto writer = RunWriter::create(folder.file("a.run"), run);
  ASSERT_TRUE(writer.ok()) << writer.error().message;
  for (int step = 0; step < 300; ++step) {
    run.advanceTo(run.now() + base::seconds(4));
    ASSERT_TRUE(writer.value()->append(run).ok());
    ASSERT_TRUE(writer.value()->append(run).ok());
  }
  const auto open = drill::readRunFile(folder.file("a.run"));
  ASSERT_TRUE(open.ok()) << open.error().message;
  EXPECT_EQ(open.value().reached, run.now());
  EXPECT_FALSE(open.value().ended);
  ASSERT_TRUE(writer.value()->finish(run).ok());
  ASSERT_TRUE(writer.value()->finish(run).ok()) << "ending twice is ending once";
  const auto record = drill::readRunFile(folder.file("a.run"));
  ASSERT_TRUE(record.ok()) << record.error().message;
  EXPECT_TRUE(record.value().ended);
  const auto replayed = drill::replay(record.value(), scenario);
  ASSERT_TRUE(replayed.ok()) << replayed.error().message;
  EXPECT_EQ(replayed.value().difference, "");
  EXPECT_EQ(replayed.value().run->fingerprint(), run.fingerprint());
  run.advanceTo(run.now() + base::seconds(1));
  EXPECT_EQ(writer.value()->append(run).error().code, "ended");
}

TEST(RunWriter, NeverOverwritesAndRefusesWhatIsNotItsRun) {
  const auto scenario = seedScenario();
  const TemporaryFolder folder;
  const std::string path = folder.file("a.run");
  drill::Run run = played(scenario, session(), clock("10:10"));
  {
    const auto writer = RunWriter::create(path, run);
    ASSERT_TRUE(writer.ok());
    EXPECT_EQ(RunWriter::create(path, run).error().code, "cannot-write");
    EXPECT_EQ(RunWriter::resume(path, run).error().code, "in-use");
    EXPECT_EQ(writer.value()->append(run.at(clock("10:05"))).error().code, "rewound");
  }
  const std::string before = contentOf(path);
  EXPECT_EQ(RunWriter::resume(path, drill::Run(scenario, {2, drill::Mode::Practice})).error().code,
            "other-run");
  EXPECT_EQ(RunWriter::resume(path, played(scenario, {}, clock("10:20"))).error().code,
            "other-run");
  EXPECT_EQ(RunWriter::resume(folder.file("none.run"), run).error().code, "cannot-write");
  EXPECT_EQ(contentOf(path), before);
  appendBytes(path, "damage\n");
  EXPECT_EQ(RunWriter::resume(path, run).error().code, "damaged-run");
  EXPECT_EQ(contentOf(path), before + "damage\n");
}

TEST(RunWriter, ContinuesAfterATornLine) {
  const auto scenario = seedScenario();
  const TemporaryFolder folder;
  const std::string path = folder.file("a.run");
  ASSERT_TRUE(RunWriter::create(path, played(scenario, session(), clock("10:07"))).ok());
  appendBytes(path, "{\"at\":1850");
  const auto record = drill::readRunFile(path);
  ASSERT_TRUE(record.ok());
  drill::Run run = drill::recompute(record.value(), scenario, record.value().reached);
  EXPECT_EQ(run.now(), clock("10:07"));
  const auto writer = RunWriter::resume(path, run);
  ASSERT_TRUE(writer.ok()) << writer.error().message;
  run.follow(session());
  run.advanceTo(clock("10:40"));
  ASSERT_TRUE(writer.value()->finish(run).ok());
  const auto ended = drill::readRunFile(path);
  ASSERT_TRUE(ended.ok()) << ended.error().message;
  EXPECT_EQ(drill::replay(ended.value(), scenario).value().difference, "");
  EXPECT_EQ(run.fingerprint(), played(scenario, session(), clock("10:40")).fingerprint());
}

TEST(RunWriter, KilledAtAnyMomentLosesAtMostASecond) {
  const auto scenario = seedScenario();
  const TemporaryFolder folder;
  for (int round = 0; round < 50; ++round) {
    const std::string path = folder.file(std::to_string(round) + ".run");
    int pipe[2];
    ASSERT_EQ(::pipe(pipe), 0);
    const pid_t child = ::fork();
    if (child == 0) playAndWrite(scenario, path, pipe[1]);
    ::close(pipe[1]);
    // The kill comes after a number of steps drawn from the round, at whatever instruction that is.
    const auto steps = 1 + base::below(1500, 11, base::Stream::Bots, round);
    std::int64_t told = 0;
    for (std::uint64_t step = 0; step < steps; ++step) {
      if (::read(pipe[0], &told, sizeof told) != sizeof told) break;
    }
    ::kill(child, SIGKILL);
    while (::read(pipe[0], &told, sizeof told) == sizeof told) {
    }
    ::close(pipe[0]);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    const auto record = drill::readRunFile(path);
    ASSERT_TRUE(record.ok()) << record.error().message;
    EXPECT_GE(record.value().reached.ms + 1000, told) << round;
    if (round % 10 == 0) {
      const drill::Run run = drill::recompute(record.value(), scenario, record.value().reached);
      EXPECT_EQ(drill::firstDifference(record.value(), run), "");
      EXPECT_TRUE(RunWriter::resume(path, run).ok());
    }
  }
}

TEST(RunWriter, SafeFilesAreWholeOrAbsent) {
  const TemporaryFolder folder;
  const std::string path = folder.file("a.txt");
  ASSERT_TRUE(drill::writeFileSafely(path, "first").ok());
  ASSERT_TRUE(drill::writeFileSafely(path, "second").ok());
  EXPECT_EQ(contentOf(path), "second");
  EXPECT_EQ(drill::writeFileSafely(folder.file("no/such/folder"), "x").error().code,
            "cannot-write");
  // A folder in the way: the rename fails and nothing is left over.
  std::filesystem::create_directories(folder.file("taken/inside"));
  EXPECT_FALSE(drill::writeFileSafely(folder.file("taken"), "x").ok());
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.file(""))) {
    files += entry.is_regular_file() ? 1 : 0;
  }
  EXPECT_EQ(files, 1);
}
