// SPDX-License-Identifier: GPL-3.0-or-later
// What words of the shell become: variables, $( ), sums, braces, quotations, file names; and
// assignments to variables. Running what stands in $( ) is the interpreter's part.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "console/parser.h"
#include "console/shell.h"
#include "console/text/parameter.h"

namespace console {

// In front of the words of an array in a word that declares one.
constexpr char kArrayMark = '\x01';

class Expander {
 public:
  struct Runner {
    // What a line prints, without the newlines at its end.
    std::function<std::string(const std::string& line, std::string& error)> substitute;
    // The path of <( ) or >( ).
    std::function<std::string(const std::string& process, std::string& error)> process;
  };

  Expander(Machine& machine, ShellState& state, Runner runner)
      : m_machine(machine), m_state(state), m_runner(std::move(runner)) {}

  // As many words as it takes: split at blanks and matched against files.
  [[nodiscard]] std::vector<std::string> words(const ShellWord& word, std::string& error);
  // In one, neither split nor matched.
  [[nodiscard]] std::string text(const ShellWord& word, std::string& error);
  // The same for a pattern or an extended regular expression: what was quoted stands for itself.
  [[nodiscard]] std::string pattern(const ShellWord& word, std::string& error);
  [[nodiscard]] std::string regularExpression(const ShellWord& word, std::string& error);
  // The sum of (( )) or let; an error in bash's words.
  base::Result<std::int64_t> sum(const std::string& text, std::string& error);
  void assign(const Assignment& to, std::string& error);
  // NAME=TEXT as one word, for the commands that declare: what assignText() makes of it again.
  [[nodiscard]] std::string assignmentText(const Assignment& one, std::string& error);
  void assignText(const std::string& word, std::string& error);
  // NAME or NAME[SUBSCRIPT], for read and printf -v.
  void setPlace(const std::string& place, const std::string& text, std::string& error);
  void setVariable(const std::string& name, std::string text, std::string& error);
  // Whether -v PLACE holds: it is set.
  [[nodiscard]] bool isSet(const std::string& place, std::string& error);
  // Forgets a variable or an element; false: it is read-only.
  bool unset(const std::string& place, std::string& error);
  // After a word could not be expanded: the exit code, once. Such a command is not run.
  [[nodiscard]] std::optional<int> takeFailure();

 private:
  enum class Form : std::uint8_t { Text, Glob, Regular };
  std::string joined(const ShellWord& word, Form form, std::string& error);
  std::string value(const WordPart& part, std::string& error);
  ParameterWords parameterWords(const std::string& inside, std::string& error);
  ParameterSource source(std::string& error);
  ParameterWords valueOf(const std::string& name, const std::optional<std::string>& subscript,
                         std::string& error);
  [[nodiscard]] std::optional<std::string> parameter(const std::string& name) const;
  [[nodiscard]] std::optional<std::string> special(const std::string& name) const;
  std::string keyOf(const std::string& name, const std::string& subscript, std::string& error);
  std::string textOf(std::string_view written, Form form, std::string& error);
  void expandOne(const ShellWord& word, std::vector<std::string>& results, std::string& error);
  void assignArray(const Assignment& to, std::string& error);
  void store(const std::string& name, const std::optional<std::string>& key, std::string text,
             std::string& error);
  [[nodiscard]] bool mayChange(const std::string& name, std::string& error);
  // The names in the directories that one word's patterns look into: a text may fall into
  // thousands.
  using Listings = std::map<std::string, std::vector<std::string>>;
  std::vector<std::string> matchFiles(const std::string& pattern, const std::string& literal,
                                      Listings& listings, std::string& error);
  [[nodiscard]] std::string home(std::string text) const;
  [[nodiscard]] std::string firstSeparator() const;
  void fail(const std::string& message, int code, std::string& error);

  Machine& m_machine;
  ShellState& m_state;
  Runner m_runner;
  std::optional<int> m_failure;
  int m_depth = 0;
};

}  // namespace console
