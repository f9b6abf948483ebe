// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/line_editor.h"

// stdio.h first: readline's header needs FILE.
#include <poll.h>
#include <readline/history.h>
#include <readline/readline.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string_view>

#include "console/shell.h"

namespace cli {
namespace {

// Readline calls back without a context: the editor at work, one at a time.
LineEditor::Completer& activeCompleter() {
  static LineEditor::Completer completer;
  return completer;
}

char** completions(const char* text, int, int end) {
  rl_attempted_completion_over = 1;
  if (!activeCompleter()) return nullptr;
  const std::vector<std::string> found =
      activeCompleter()(std::string(rl_line_buffer, static_cast<std::size_t>(end)));
  static std::vector<std::string> kept;
  static std::size_t next;
  kept = found;
  next = 0;
  return rl_completion_matches(text, [](const char*, int state) -> char* {
    if (state == 0) next = 0;
    return next < kept.size() ? strdup(kept[next++].c_str()) : nullptr;
  });
}

// Ctrl+C while a line is being typed ends the line; at any other time it ends the program.
volatile sig_atomic_t interrupted = 0;
constexpr std::string_view kShown = "^C";

// While it lives, Ctrl+C is heard, but only by heardOrReady(): one that comes while a key is being
// worked on waits until then, and is not lost.
class Interruptible {
 public:
  Interruptible() {
    interrupted = 0;
    struct sigaction action {};
    action.sa_handler = [](int) { interrupted = 1; };
    sigaction(SIGINT, &action, &m_before);
    sigset_t interrupts;
    sigemptyset(&interrupts);
    sigaddset(&interrupts, SIGINT);
    sigprocmask(SIG_BLOCK, &interrupts, &m_maskBefore);
  }
  ~Interruptible() {
    sigprocmask(SIG_SETMASK, &m_maskBefore, nullptr);
    sigaction(SIGINT, &m_before, nullptr);
  }
  Interruptible(const Interruptible&) = delete;
  Interruptible& operator=(const Interruptible&) = delete;

  // Waits until Ctrl+C is pressed (true) or there is something to read (false).
  static bool heardOrReady(int descriptor) {
    sigset_t hearing;
    sigprocmask(SIG_SETMASK, nullptr, &hearing);
    sigdelset(&hearing, SIGINT);
    pollfd waited{descriptor, POLLIN, 0};
    while (ppoll(&waited, 1, nullptr, &hearing) < 0 && errno == EINTR && interrupted == 0) {
    }
    return interrupted != 0;
  }

 private:
  struct sigaction m_before {};
  sigset_t m_maskBefore{};
};

// A key; Return for Ctrl+C, which is shown as other shells show it.
int nextKey(FILE* input) {
  while (true) {
    if (Interruptible::heardOrReady(fileno(input))) {
      rl_point = rl_end;
      rl_insert_text(kShown.data());
      rl_redisplay();
      return '\n';
    }
    unsigned char key = 0;
    const ssize_t got = ::read(fileno(input), &key, 1);
    if (got == 1) return key;
    if (got == 0 || errno != EINTR) return EOF;
  }
}

}  // namespace

LineEditor::LineEditor(Completer completer) : m_person(isatty(STDIN_FILENO) != 0) {
  activeCompleter() = std::move(completer);
  rl_attempted_completion_function = completions;
  rl_catch_signals = 0;
  rl_getc_function = nextKey;
  rl_completer_word_break_characters = const_cast<char*>(" \t\n\"'=|;&(");
}

LineEditor::~LineEditor() {
  activeCompleter() = nullptr;
}

std::optional<std::string> LineEditor::read(const std::string& prompt) {
  if (!m_person) {
    std::string line;
    if (!std::getline(std::cin, line)) return std::nullopt;
    return line;
  }
  const Interruptible meanwhile;
  char* typed = readline(prompt.c_str());
  if (typed == nullptr) return std::nullopt;
  std::string line(typed);
  std::free(typed);
  if (interrupted != 0) {
    if (line.ends_with(kShown)) line.resize(line.size() - kShown.size());
    return line + console::kInterrupt;
  }
  if (!line.empty()) add_history(line.c_str());
  return line;
}

}  // namespace cli
