// SPDX-License-Identifier: GPL-3.0-or-later
#include <time.h>

#include <csignal>
#include <limits>
#include <vector>

#include "fuzzers.h"

namespace fuzz {
namespace {

// Keeps the processor busy for so many seconds of its own time; for ever when 0.
void spin(int seconds) {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  const time_t until = time.tv_sec + seconds;
  while (seconds == 0 || time.tv_sec <= until) ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
}

class BrokenFuzzer : public Fuzzer {
 public:
  explicit BrokenFuzzer(std::string_view fault) : m_fault(fault) {}
  [[nodiscard]] std::string_view unit() const override { return "faults"; }

  void run(Case& one) override {
    one.step("nothing wrong", [] {});
    if (one.number() != 3) return;
    one.step("the fault", [&] { commit(one); });
  }

 private:
  void commit(Case& one) {
    if (m_fault == "broken-crash") std::raise(SIGSEGV);
    if (m_fault == "broken-slow") spin(2);
    if (m_fault == "broken-endless") spin(0);
    if (m_fault == "broken-promise") one.expect(false, "nothing is false");
    if (m_fault == "broken-memory") m_hoard.assign(std::size_t{300} << 20, 'x');
    if (m_fault == "broken-arithmetic") {
      volatile int most = std::numeric_limits<int>::max();
      most = most + 1;
    }
    if (m_fault == "broken-reach") {
      const std::vector<char> few(static_cast<std::size_t>(one.number()), 'x');
      const volatile char* const data = few.data();
      (void)data[few.size()];
    }
  }

  std::string_view m_fault;
  std::vector<char> m_hoard;
};

}  // namespace

std::unique_ptr<Fuzzer> brokenFuzzer(std::string_view fault) {
  return std::make_unique<BrokenFuzzer>(fault);
}

}  // namespace fuzz
