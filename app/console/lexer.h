// SPDX-License-Identifier: GPL-3.0-or-later
// A line of shell into a tree: lists joined by ; && ||, loops, conditions, pipelines, words with
// their quoting, and redirections. Nothing is expanded here: that needs the state of a shell
// (interpreter.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace console {

enum class PartKind : std::uint8_t { Text, Variable, Substitution, Arithmetic };

// A piece of a word. Quoted pieces are neither split at blanks nor matched against files.
struct WordPart {
  PartKind kind = PartKind::Text;
  std::string text;  // the text, the variable's name, the line inside $( ), the sum in $(( ))
  bool quoted = false;
};
using ShellWord = std::vector<WordPart>;

struct Redirection {
  enum class Kind : std::uint8_t { Write, Append, Read, Text, Document, ErrorToOutput };
  Kind kind = Kind::Write;
  bool output = true, error = false;  // which streams a Write or Append takes
  ShellWord target;                   // of a Document: its lines
};

struct Pipeline;

// A command: words, or a loop, a condition, a choice or a group around other lines.
struct SimpleCommand {
  enum class Kind : std::uint8_t { Words, For, While, Until, If, Case, Group };
  std::vector<ShellWord> words;  // of a loop: what its variable runs through; of a case: its word
  std::vector<Redirection> redirections;
  Kind kind = Kind::Words;
  std::string variable;
  // If: condition, then, condition, then, ..., else. While, Until: condition, body. Case: a body
  // for each of its patterns. Others: body.
  std::vector<std::vector<Pipeline>> parts;
  std::vector<std::vector<ShellWord>> patterns;
};

struct Pipeline {
  enum class Joint : std::uint8_t { Always, IfSucceeded, IfFailed };
  Joint joint = Joint::Always;  // how it follows the pipeline before it
  bool negated = false;
  bool background = false;  // ends in &
  std::vector<SimpleCommand> commands;
};

// Errors carry bash's words in the message. A code of kUnfinished: more lines could make it whole.
constexpr std::string_view kUnfinished = "unfinished";
[[nodiscard]] base::Result<std::vector<Pipeline>> parseLine(std::string_view line);

}  // namespace console
