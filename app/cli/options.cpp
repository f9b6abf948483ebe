// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/options.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <charconv>
#include <cstdio>

#include "base/text.h"
#include "cli/table.h"

namespace cli {

namespace {

constexpr std::int64_t kDayMs = 86'400'000;

// Qt names the program by its whole path and does not know of verbs.
std::string helpText(const QCommandLineParser& parser, const std::string& verb) {
  QString text = parser.helpText();
  const auto end = text.indexOf('\n');
  const auto options = text.indexOf("[options]");
  if (options >= 0 && options < end) {
    text.replace(0, options, QString::fromStdString("Usage: outage-drill-cli " + verb + " "));
  }
  return text.toStdString();
}

int wrongUsage(const std::string& verb, const std::string& message) {
  complain(message + "\nSee outage-drill-cli " + verb + " --help.");
  return kUsage;
}

}  // namespace

void print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

void complain(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  if (text.empty() || text.back() != '\n') std::fputc('\n', stderr);
}

std::string versionText() {
  return QCoreApplication::applicationName().toStdString() + " " +
         QCoreApplication::applicationVersion().toStdString() + "\n";
}

std::optional<int> readOptions(QCommandLineParser& parser, const std::string& verb,
                               const Arguments& arguments, int least, int most) {
  const QCommandLineOption help({"h", "help"}, "Say this and do nothing.");
  const QCommandLineOption version({"v", "version"}, "Say the version and do nothing.");
  parser.addOption(help);
  parser.addOption(version);
  QStringList words{"outage-drill-cli"};
  for (const std::string& argument : arguments) words << QString::fromStdString(argument);
  const bool parsed = parser.parse(words);
  if (parser.isSet(help)) {
    print(helpText(parser, verb));
    return kDone;
  }
  if (parser.isSet(version)) {
    print(versionText());
    return kDone;
  }
  if (!parsed) return wrongUsage(verb, oneLine(parser.errorText().toStdString()));
  const auto given = static_cast<int>(parser.positionalArguments().size());
  if (given < least) return wrongUsage(verb, verb + ": something is missing.");
  if (most >= 0 && given > most) {
    return wrongUsage(verb, verb + ": found \"" +
                                oneLine(parser.positionalArguments().at(most).toStdString()) +
                                "\", expected nothing more.");
  }
  return std::nullopt;
}

std::string valueOf(const QCommandLineParser& parser, const char* option) {
  return parser.value(option).toStdString();
}

int wrongValue(const std::string& option, const std::string& found, const std::string& expected) {
  complain(option + ": found \"" + oneLine(found) + "\", expected " + expected + ".");
  return kUsage;
}

int fail(const base::Error& error) {
  complain(error.message);
  return kFailed;
}

std::optional<std::int64_t> numberFrom(const std::string& text, std::int64_t least,
                                       std::int64_t most) {
  std::int64_t value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (value < least || value > most) return std::nullopt;
  return value;
}

std::optional<base::SimTime> momentFrom(const std::string& text, const sim::TimingSpec& timing) {
  const auto clock = base::parseClock(text);
  if (!clock.ok() || clock.value() % 1000 != 0) return std::nullopt;
  const std::int64_t midnight = timing.startUnixMs - timing.startUnixMs % kDayMs;
  base::SimTime moment{midnight + clock.value() - timing.startUnixMs};
  if (moment < timing.opensAt) moment = moment + base::SimTime{kDayMs};
  if (moment > timing.endsAt) return std::nullopt;
  return moment;
}

std::string momentForm(const sim::TimingSpec& timing) {
  return "HH:MM:SS between " + base::clockText(timing.startUnixMs + timing.opensAt.ms) + " and " +
         base::clockText(timing.startUnixMs + timing.endsAt.ms);
}

}  // namespace cli
