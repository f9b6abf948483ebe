// SPDX-License-Identifier: GPL-3.0-or-later
// What the verbs share in talking to the person at the terminal: reading options, answering --help
// and --version, printing and complaining.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "base/sim_time.h"
#include "cli/command.h"
#include "sim/world_spec.h"

class QCommandLineParser;
class QString;

namespace cli {

void print(const std::string& text);
// To stderr, with a newline at its end.
void complain(const std::string& text);
[[nodiscard]] std::string versionText();

// Reads a verb's arguments; adds --help and --version. An exit code: there is nothing left to do,
// as help was given or the usage was wrong. Between least and most positional arguments are taken;
// most < 0: any number.
[[nodiscard]] std::optional<int> readOptions(QCommandLineParser& parser, const std::string& verb,
                                             const Arguments& arguments, int least, int most);
[[nodiscard]] std::string valueOf(const QCommandLineParser& parser, const char* option);
// Complains about a value; answers with the code for wrong usage.
int wrongValue(const std::string& option, const std::string& found, const std::string& expected);
// Complains; answers with the code for failure.
int fail(const base::Error& error);

// A whole number in a range; nothing when the text is no such number.
[[nodiscard]] std::optional<std::int64_t> numberFrom(const std::string& text, std::int64_t least,
                                                     std::int64_t most);
// "10:45" or "10:45:00" on the scenario's day (or the next, when it runs past midnight), within
// [opensAt, endsAt] and in whole seconds.
[[nodiscard]] std::optional<base::SimTime> momentFrom(const std::string& text,
                                                      const sim::TimingSpec& timing);
// "HH:MM:SS between 09:58:00 and 13:00:00": what momentFrom takes.
[[nodiscard]] std::string momentForm(const sim::TimingSpec& timing);

}  // namespace cli
