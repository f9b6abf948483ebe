// SPDX-License-Identifier: GPL-3.0-or-later
// fuzz WHAT [--seed N] [--count N] [--only K] [--limit SECONDS] [--memory MB]: feeds random input
// to a part of the program. A failure prints seed and case; --only runs that case alone and tells
// each step.
#include <charconv>
#include <cstdio>
#include <cstring>

#include "fuzzers.h"

namespace {

int usage() {
  std::fprintf(stderr,
               "usage: fuzz terminal|configuration|scenario|run|action [--seed N] [--count N] "
               "[--only K] [--limit SECONDS] [--memory MB]\n");
  return 2;
}

template <typename Number>
bool read(const char* text, Number& into) {
  const char* end = text + std::strlen(text);
  return std::from_chars(text, end, into).ptr == end && end != text;
}

std::unique_ptr<fuzz::Fuzzer> make(std::string_view name) {
  if (name == "terminal") return fuzz::terminalFuzzer();
  if (name == "configuration") return fuzz::configurationFuzzer();
  if (name == "scenario") return fuzz::scenarioFuzzer();
  if (name == "run") return fuzz::runFuzzer();
  if (name == "action") return fuzz::actionFuzzer();
  if (name.starts_with("broken-")) return fuzz::brokenFuzzer(name);
  return nullptr;
}

}  // namespace

int main(int count, char** words) {
  if (count < 2) return usage();
  fuzz::Options options;
  for (int i = 2; i < count; i += 2) {
    const std::string_view name = words[i];
    if (i + 1 >= count) return usage();
    std::int64_t number = 0;
    bool good = false;
    if (name == "--seed") good = read(words[i + 1], options.seed);
    if (name == "--count") good = read(words[i + 1], options.count) && options.count > 0;
    if (name == "--limit")
      good = read(words[i + 1], options.limitSeconds) && options.limitSeconds > 0;
    if (name == "--memory") good = read(words[i + 1], options.limitMegabytes);
    if (name == "--only") {
      good = read(words[i + 1], number) && number >= 0;
      options.only = number;
    }
    if (!good) return usage();
  }
  const std::unique_ptr<fuzz::Fuzzer> fuzzer = make(words[1]);
  return fuzzer ? fuzz::drive(words[1], *fuzzer, options) : usage();
}
