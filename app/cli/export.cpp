// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCommandLineParser>
#include <QFile>
#include <QFileInfo>
#include <limits>

#include "base/text.h"
#include "cli/action_list.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/recorded_run.h"
#include "cli/table.h"
#include "drill/run.h"
#include "sim/log_files.h"
#include "sim/log_form.h"

namespace cli {

namespace {

constexpr std::int64_t kLargestSeed = std::numeric_limits<std::int64_t>::max();

struct Wish {
  std::string source, form, prefix, actions, out;
  bool ownPrefix = false, kernel = false;
  std::uint64_t seed = 1;
};

void describe(QCommandLineParser& parser) {
  parser.setApplicationDescription(
      "Writes the database server's log of a run as PostgreSQL 15 writes it: what was let through\n"
      "by the log_* settings of the run, whole. Of a scenario, the log of a run that is played "
      "now.");
  parser.addPositionalArgument("RUN|SCENARIO", "A run file, or the id or file of a scenario.");
  parser.addOption({"log", "stderr, csv or json.", "FORM"});
  parser.addOption(
      {"prefix", "Begin the lines of stderr with this instead of the run's log_line_prefix.", "P"});
  parser.addOption(
      {"kernel",
       "The kernel's messages as dmesg -T shows them; with --log stderr, both in order "
       "of time."});
  parser.addOption({"actions", "Of a scenario: what is done, as in play.", "NAME|FILE"});
  parser.addOption({"seed", "Of a scenario: the random numbers' seed, 1 unless told.", "N", "1"});
  parser.addOption({{"o", "output"}, "Write to this file instead of standard output.", "FILE"});
}

// Nothing, or the exit code.
std::optional<int> readWish(const QCommandLineParser& parser, Wish& wish) {
  wish.source = parser.positionalArguments().first().toStdString();
  wish.kernel = parser.isSet("kernel");
  wish.form = valueOf(parser, "log");
  const bool known = wish.form == "stderr" || wish.form == "csv" || wish.form == "json";
  if (!known && (parser.isSet("log") || !wish.kernel)) {
    return wrongValue("--log", wish.form, "stderr, csv or json");
  }
  if (wish.kernel && known && wish.form != "stderr") {
    return wrongValue("--kernel", "--log " + wish.form, "no --log, or --log stderr");
  }
  wish.ownPrefix = parser.isSet("prefix");
  wish.prefix = valueOf(parser, "prefix");
  if (wish.ownPrefix && wish.form != "stderr") {
    return wrongValue("--prefix", "--log " + wish.form, "--log stderr");
  }
  const auto seed = numberFrom(valueOf(parser, "seed"), 0, kLargestSeed);
  if (!seed) return wrongValue("--seed", valueOf(parser, "seed"), "a whole number from 0 on");
  wish.seed = static_cast<std::uint64_t>(*seed);
  wish.actions = valueOf(parser, "actions");
  wish.out = valueOf(parser, "output");
  return std::nullopt;
}

base::Result<std::shared_ptr<const drill::Run>> runOf(const Wish& wish,
                                                      const records::Library& library) {
  const auto scenario = library.scenario(wish.source);
  if (scenario.ok()) {
    const auto actions = actionsOf(*scenario.value(), wish.actions);
    if (!actions.ok()) return actions.error();
    auto run = std::make_shared<drill::Run>(scenario.value(),
                                            drill::RunKey{wish.seed, drill::Mode::Practice});
    run->follow(actions.value());
    run->advanceTo(scenario.value()->world.timing.endsAt);
    return std::shared_ptr<const drill::Run>(std::move(run));
  }
  // What is neither gets the complaint of what it looks like.
  if (!QFileInfo::exists(QString::fromStdString(wish.source)) || wish.source.ends_with(".json")) {
    return scenario.error();
  }
  const auto recorded = readRecordedRun(wish.source, library);
  if (!recorded.ok()) return recorded.error();
  auto replayed = drill::replay(recorded.value().record, recorded.value().scenario,
                                base::SimTime{std::numeric_limits<std::int64_t>::max()});
  if (!replayed.ok()) return replayed.error();
  if (!replayed.value().difference.empty()) {
    return base::Error{"differs", wish.source,
                       "The run does not recompute: " + replayed.value().difference};
  }
  return std::make_shared<const drill::Run>(std::move(*replayed.value().run));
}

// Lines to a file or to standard output.
class Output {
 public:
  // False after a complaint.
  bool open(const std::string& name) {
    if (name.empty()) return true;
    m_file.setFileName(QString::fromStdString(name));
    if (m_file.open(QIODevice::WriteOnly | QIODevice::Truncate)) return true;
    complain(oneLine(name) + ": " + m_file.errorString().toStdString());
    return false;
  }
  void line(const std::string& text) {
    m_pending.append(text).push_back('\n');
    if (m_pending.size() > kPending) flush();
  }
  // False: what was written has not arrived.
  bool flush() {
    if (!m_file.isOpen()) {
      print(m_pending);
    } else if (m_file.write(m_pending.data(), static_cast<qint64>(m_pending.size())) !=
                   static_cast<qint64>(m_pending.size()) ||
               !m_file.flush()) {
      m_bad = true;
    }
    m_pending.clear();
    return !m_bad;
  }

 private:
  static constexpr std::size_t kPending = 1 << 20;
  QFile m_file;
  std::string m_pending;
  bool m_bad = false;
};

// The kernel's records up to a time, each once.
class KernelLines {
 public:
  KernelLines(const drill::Run& run, Output& out) : m_run(run), m_out(out) {}
  void writeUpTo(std::int64_t ms) {
    const std::vector<sim::LogRecord>& logs = m_run.telemetry().logs();
    for (; m_next < logs.size() && logs[m_next].ms <= ms; ++m_next) {
      if (logs[m_next].source != sim::LogSource::Kernel) continue;
      m_out.line(sim::logText(logs[m_next], m_run.telemetry(), m_run.world().spec()));
    }
  }

 private:
  const drill::Run& m_run;
  Output& m_out;
  std::size_t m_next = 0;
};

void write(const drill::Run& run, const Wish& wish, Output& out) {
  const sim::WorldSpec& spec = run.world().spec();
  const sim::LogClock clock{spec.timing.startUnixMs};
  KernelLines kernel(run, out);
  const auto one = [&](const sim::LogEntry& entry, const sim::LogSettings& settings) {
    if (wish.kernel) kernel.writeUpTo(entry.ms);
    if (wish.form == "stderr") {
      sim::LogLayout layout = settings.layout;
      if (wish.ownPrefix) layout.linePrefix = wish.prefix;
      out.line(sim::stderrText(entry, layout, clock));
    } else if (!entry.bare) {
      out.line(wish.form == "csv" ? sim::csvText(entry, settings.layout, clock)
                                  : sim::jsonText(entry, settings.layout, clock));
    }
  };
  if (!wish.form.empty()) sim::forEachEntry(run.telemetry(), spec, one);
  if (wish.kernel) kernel.writeUpTo(std::numeric_limits<std::int64_t>::max());
}

}  // namespace

int exportRun(const Arguments& arguments) {
  QCommandLineParser parser;
  describe(parser);
  if (const auto code = readOptions(parser, "export", arguments, 1, 1)) return *code;
  Wish wish;
  if (const auto code = readWish(parser, wish)) return *code;
  const auto library = records::Library::open();
  if (!library.ok()) return fail(library.error());
  const auto run = runOf(wish, *library.value());
  if (!run.ok()) return fail(run.error());
  Output out;
  if (!out.open(wish.out)) return kFailed;
  write(*run.value(), wish, out);
  if (!out.flush()) {
    complain(oneLine(wish.out) + ": could not be written.");
    return kFailed;
  }
  return kDone;
}

}  // namespace cli
