// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the cases of a fuzzer one after the other and watches them: a crash, a sanitizer's finding,
// a step of more than a second of processor time, too much memory or a broken promise end the
// program with seed, case and the step that did it, and the words that replay it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "dice.h"

namespace fuzz {

struct Options {
  std::uint64_t seed = 1;
  std::int64_t count = 1000;
  std::optional<std::int64_t> only;  // this case alone, telling each step
  double limitSeconds = 1;           // of processor time, each step
  std::int64_t limitMegabytes = 0;   // of memory, all in all; 0: the default of this build
};

class Case {
 public:
  Case(const Options& options, std::int64_t number)
      : dice(options.seed, number), m_options(options), m_number(number) {}

  // Does something that must end in time; what is told if it does not. counted: it is one of the
  // lines or files the fuzzer is asked for.
  template <typename Work>
  void step(std::string_view what, const Work& work, bool counted = true) {
    begin(what, counted);
    work();
    end();
  }
  // A promise that must hold after the last step.
  void expect(bool kept, std::string_view promise);
  [[nodiscard]] bool telling() const { return m_options.only.has_value(); }
  [[nodiscard]] std::int64_t number() const { return m_number; }
  void tell(std::string_view text) const;  // when one case is replayed

  Dice dice;

 private:
  void begin(std::string_view what, bool counted);
  void end();

  const Options& m_options;
  std::int64_t m_number;
  double m_began = 0;
};

// One fuzzer: what it feeds, and one case of it.
class Fuzzer {
 public:
  Fuzzer() = default;
  virtual ~Fuzzer() = default;
  Fuzzer(const Fuzzer&) = delete;
  Fuzzer& operator=(const Fuzzer&) = delete;
  [[nodiscard]] virtual std::string_view unit() const = 0;  // "lines"
  virtual void run(Case& one) = 0;
  // Whether the cases got where they were meant to go; called after many of them.
  [[nodiscard]] virtual std::string report() const { return {}; }
};

// The exit code of the program.
int drive(std::string_view name, Fuzzer& fuzzer, const Options& options);

}  // namespace fuzz
