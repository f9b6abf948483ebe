// SPDX-License-Identifier: GPL-3.0-or-later
#include "harness.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

// gcc defines a macro, clang answers a question.
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

#if defined(SANITIZED)
#include <sanitizer/common_interface_defs.h>
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() {
  return "detect_leaks=0:quarantine_size_mb=32:detect_stack_use_after_return=0";
}
#endif

namespace fuzz {
namespace {

#if defined(SANITIZED)
constexpr std::int64_t kMegabytes = 3000;
#else
constexpr std::int64_t kMegabytes = 1000;
#endif
constexpr double kHangFactor = 10;  // a step that long over its limit is stopped

// What a signal handler can tell: plain bytes, set before each step.
struct Current {
  std::string name;
  std::string what;
  std::uint64_t seed = 0;
  std::int64_t number = 0;
  std::int64_t steps = 0;
  double slowest = 0;
  std::string slowestWhat;
  std::int64_t slowestNumber = 0;
};
Current current;

double cpuSeconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

std::int64_t peakMegabytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

void tellPlace(const char* fault) {
  std::fflush(stdout);
  std::fprintf(stderr, "\n%s: %s\n  in seed %llu case %lld\n  at: %s\n", current.name.c_str(),
               fault, static_cast<unsigned long long>(current.seed),
               static_cast<long long>(current.number), current.what.c_str());
  std::fprintf(stderr, "  again: fuzz %s --seed %llu --only %lld\n", current.name.c_str(),
               static_cast<unsigned long long>(current.seed),
               static_cast<long long>(current.number));
  std::fflush(stderr);
}

[[noreturn]] void stop(const std::string& fault) {
  tellPlace(fault.c_str());
  std::_Exit(1);
}

void onSignal(int number) {
  tellPlace(number == SIGPROF ? "does not end" : "crashed");
  ::_exit(number == SIGPROF ? 1 : 128 + number);
}

#if defined(SANITIZED)
void onSanitizer() {
  tellPlace("a sanitizer's finding (above)");
}
#endif

void armTimer(double seconds) {
  itimerval timer{};
  timer.it_value.tv_sec = static_cast<time_t>(seconds);
  timer.it_value.tv_usec =
      static_cast<suseconds_t>((seconds - static_cast<double>(timer.it_value.tv_sec)) * 1e6);
  ::setitimer(ITIMER_PROF, &timer, nullptr);
}

void watchSignals() {
#if defined(SANITIZED)
  __sanitizer_set_death_callback(onSanitizer);
  constexpr int kSignals[] = {SIGPROF};
#else
  constexpr int kSignals[] = {SIGPROF, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGILL};
#endif
  // A stack that overflowed cannot run a handler.
  static char stack[1 << 16];
  stack_t spare{};
  spare.ss_sp = stack;
  spare.ss_size = sizeof stack;
  ::sigaltstack(&spare, nullptr);
  for (const int number : kSignals) {
    struct sigaction action {};
    action.sa_handler = onSignal;
    action.sa_flags = SA_ONSTACK;
    ::sigaction(number, &action, nullptr);
  }
}

}  // namespace

void Case::begin(std::string_view what, bool counted) {
  current.what = what;
  current.steps += counted ? 1 : 0;
  if (telling()) std::printf("%s\n", current.what.c_str());
  if (telling()) std::fflush(stdout);
  armTimer(m_options.limitSeconds * kHangFactor);
  m_began = cpuSeconds();
}

void Case::end() {
  const double took = cpuSeconds() - m_began;
  if (telling() && took > 0.02) std::printf("    (%.3f s)\n", took);
  if (took > current.slowest) {
    current.slowest = took;
    current.slowestWhat = current.what;
    current.slowestNumber = m_number;
  }
  if (took > m_options.limitSeconds) {
    char text[80];
    std::snprintf(text, sizeof text, "took %.2f s of processor time", took);
    stop(text);
  }
}

void Case::expect(bool kept, std::string_view promise) {
  if (!kept) stop("broken promise: " + std::string(promise));
}

void Case::tell(std::string_view text) const {
  if (telling()) std::printf("%s\n", std::string(text).c_str());
}

int drive(std::string_view name, Fuzzer& fuzzer, const Options& options) {
  current.name = name;
  current.seed = options.seed;
  const std::int64_t first = options.only.value_or(0);
  const std::int64_t end = options.only ? first + 1 : options.count;
  const std::int64_t limit = options.limitMegabytes > 0 ? options.limitMegabytes : kMegabytes;
  watchSignals();
  for (std::int64_t number = first; number < end; ++number) {
    current.number = number;
    current.what = "the start of the case";
    armTimer(options.limitSeconds * kHangFactor);
    Case one(options, number);
    fuzzer.run(one);
    if (peakMegabytes() > limit) {
      stop("takes " + std::to_string(peakMegabytes()) + " MB, at most " + std::to_string(limit));
    }
  }
  armTimer(0);
  std::printf("%s: seed %llu, %lld cases, %lld %s, %.1f s of processor time, peak %lld MB\n",
              current.name.c_str(), static_cast<unsigned long long>(options.seed),
              static_cast<long long>(end - first), static_cast<long long>(current.steps),
              std::string(fuzzer.unit()).c_str(), cpuSeconds(),
              static_cast<long long>(peakMegabytes()));
  std::printf("slowest: %.3f s, case %lld: %s\n", current.slowest,
              static_cast<long long>(current.slowestNumber), shown(current.slowestWhat).c_str());
  if (!fuzzer.report().empty()) std::printf("%s\n", fuzzer.report().c_str());
  return 0;
}

}  // namespace fuzz
