// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/line_editor.h"

// stdio.h first: readline's header needs FILE.
#include <readline/history.h>
#include <readline/readline.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>

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

}  // namespace

LineEditor::LineEditor(Completer completer) : m_person(isatty(STDIN_FILENO) != 0) {
  activeCompleter() = std::move(completer);
  rl_attempted_completion_function = completions;
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
  char* typed = readline(prompt.c_str());
  if (typed == nullptr) return std::nullopt;
  std::string line(typed);
  std::free(typed);
  if (!line.empty()) add_history(line.c_str());
  return line;
}

}  // namespace cli
