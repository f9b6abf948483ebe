// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/line_editor.h"

// stdio.h first: readline's header needs FILE.
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

// A key; Return for Ctrl+C, which is shown as other shells show it.
int nextKey(FILE* input) {
  while (true) {
    unsigned char key = 0;
    const ssize_t got = ::read(fileno(input), &key, 1);
    if (got == 1) return key;
    if (got == 0 || errno != EINTR) return EOF;
    if (interrupted == 0) continue;
    rl_point = rl_end;
    rl_insert_text(kShown.data());
    rl_redisplay();
    return '\n';
  }
}

class Interruptible {
 public:
  Interruptible() {
    interrupted = 0;
    struct sigaction action {};
    action.sa_handler = [](int) { interrupted = 1; };
    sigaction(SIGINT, &action, &m_before);
  }
  ~Interruptible() { sigaction(SIGINT, &m_before, nullptr); }
  Interruptible(const Interruptible&) = delete;
  Interruptible& operator=(const Interruptible&) = delete;

 private:
  struct sigaction m_before {};
};

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
