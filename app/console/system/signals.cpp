// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/system/signals.h"

#include "base/text.h"

namespace console {
namespace {

constexpr int kLast = 64, kFirstRealTime = 34, kMiddleRealTime = 49;

// x86: signal(7).
constexpr std::string_view kNames[] = {
    "0",    "HUP",  "INT",  "QUIT", "ILL",    "TRAP",   "ABRT",  "BUS",  "FPE",  "KILL", "USR1",
    "SEGV", "USR2", "PIPE", "ALRM", "TERM",   "STKFLT", "CHLD",  "CONT", "STOP", "TSTP", "TTIN",
    "TTOU", "URG",  "XCPU", "XFSZ", "VTALRM", "PROF",   "WINCH", "IO",   "PWR",  "SYS"};

// Empty where there is none: glibc keeps 32 and 33 to itself.
std::string nameOf(int number) {
  if (number < static_cast<int>(std::size(kNames))) return std::string(kNames[number]);
  if (number < kFirstRealTime || number > kLast) return {};
  if (number == kFirstRealTime) return "RTMIN";
  if (number == kLast) return "RTMAX";
  return number <= kMiddleRealTime ? "RTMIN+" + std::to_string(number - kFirstRealTime)
                                   : "RTMAX-" + std::to_string(kLast - number);
}

}  // namespace

std::string signalName(std::string_view text) {
  if (text.starts_with("SIG")) text.remove_prefix(3);
  for (int number = 0; number <= kLast; ++number) {
    const std::string name = nameOf(number);
    if (!name.empty() && (text == name || text == std::to_string(number))) return name;
  }
  return {};
}

int signalNumber(std::string_view name) {
  if (name.starts_with("SIG")) name.remove_prefix(3);
  for (int number = 1; number <= kLast; ++number) {
    if (!name.empty() && nameOf(number) == name) return number;
  }
  return 0;
}

std::string signalTable() {
  std::string table;
  int column = 0;
  for (int number = 1; number <= kLast; ++number) {
    const std::string name = nameOf(number);
    if (name.empty()) continue;
    constexpr int kColumns = 5;
    table += base::padLeft(std::to_string(number), 2) + ") SIG" + name;
    table += ++column % kColumns == 0 ? "\n" : number == kLast ? "\t\n" : "\t";
  }
  return table;
}

}  // namespace console
