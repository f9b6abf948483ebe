// SPDX-License-Identifier: GPL-3.0-or-later
// A line of shell into a tree: lists joined by ; && ||, loops, conditions, pipelines, words with
// their quoting, and redirections. Nothing is expanded here: that needs the state of a shell
// (interpreter.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace console {

enum class PartKind : std::uint8_t { Text, Variable, Substitution, Arithmetic, Array, Process };

// A piece of a word. Quoted pieces are neither split at blanks nor matched against files.
struct WordPart {
  PartKind kind = PartKind::Text;
  // The text, the variable's name, the line inside $( ), the sum in $(( )), the words of NAME=( ),
  // of <( ) and >( ) the sign and the line.
  std::string text;
  bool quoted = false;
};
using ShellWord = std::vector<WordPart>;

struct Redirection {
  // Duplicate: >& or <& and a descriptor, - to close it, or a file that takes output and errors.
  enum class Kind : std::uint8_t { Write, Append, Read, Text, Document, Duplicate };
  Kind kind = Kind::Write;
  int descriptor = 1;
  bool numbered = false;  // it was typed
  bool both = false;      // output and errors: &> or &>>
  ShellWord target;       // of a Document: its lines
  std::string typed;      // the target as it was typed
  std::string sign;       // >, >>, <, ...
  std::string document;   // a document's lines and the word that ends them

  [[nodiscard]] bool reads() const { return sign.find('<') != std::string::npos; }
  // As bash shows it, without a document's lines.
  [[nodiscard]] std::string written() const {
    const bool duplicates = kind == Kind::Duplicate;
    const bool shown =
        numbered || (duplicates && typed.find_first_not_of("0123456789-") == std::string::npos);
    const bool apart = kind != Kind::Document && !duplicates;
    return (shown ? std::to_string(descriptor) : "") + sign + (apart ? " " : "") + typed;
  }
};

// What stands between [[ and ]].
struct Condition {
  enum class Kind : std::uint8_t { And, Or, Not, Words };
  Kind kind = Kind::Words;
  std::string op;                // of Words: -f, ==, =~; empty: whether the word is not
  std::vector<ShellWord> words;  // one or two
  std::vector<Condition> parts;  // of the others
};

struct Pipeline;

// A command: words, or a loop, a condition, a choice, a sum or a group around other lines, or the
// definition of a function.
struct SimpleCommand {
  enum class Kind : std::uint8_t {
    Words,
    For,
    Count,
    While,
    Until,
    If,
    Case,
    Group,
    Subshell,
    Sum,
    Function,
    Test
  };
  std::vector<ShellWord> words;  // of a loop: what its variable runs through; of a case: its word
  std::vector<Redirection> redirections;
  Kind kind = Kind::Words;
  std::string variable;              // of a function: its name
  std::vector<std::string> sums;     // of a Count: the three in for (( )); of a Sum: the one
  std::vector<std::string> written;  // words as they were typed; of a function: its body
  // If: condition, then, condition, then, ..., else. While, Until: condition, body. Case: a body
  // for each of its patterns. Others: body.
  std::vector<std::vector<Pipeline>> parts;
  std::vector<std::vector<ShellWord>> patterns;
  std::vector<std::string> patternsWritten;
  std::vector<std::string> endings;   // of a case's bodies: ;; or ;& or ;;&
  std::vector<Condition> conditions;  // of a Test: the one
  int line = 1;                       // where it begins
};

struct Pipeline {
  enum class Joint : std::uint8_t { Always, IfSucceeded, IfFailed };
  Joint joint = Joint::Always;  // how it follows the pipeline before it
  bool negated = false;
  bool background = false;  // ends in &
  enum class Timed : std::uint8_t { No, Yes, Portable };
  Timed timed = Timed::No;  // begins with time or time -p
  std::vector<SimpleCommand> commands;
};

// Errors carry bash's words in the message, and in the place the line of a token that was not
// expected. A code of kUnfinished: more lines could make it whole.
constexpr std::string_view kUnfinished = "unfinished";
using ParsedLine = base::Result<std::vector<Pipeline>>;
[[nodiscard]] ParsedLine parseLine(std::string_view line);
[[nodiscard]] bool isName(std::string_view text);  // of a variable
// NAME=TEXT, NAME+=TEXT, NAME[SUBSCRIPT]=TEXT or NAME=(WORDS), as a word in front of a command.
struct Assignment {
  std::string name;
  bool adds = false;
  std::optional<ShellWord> subscript;
  ShellWord text;  // of an array one part of that kind
};
[[nodiscard]] std::optional<Assignment> assignmentIn(const ShellWord& word);
// declare, local, export, ...: what follows such a command are assignments.
[[nodiscard]] bool declares(std::string_view command);
// "f () \n{ \n    ...": a function whose body is that source, as `declare -f` shows it.
[[nodiscard]] std::string functionText(const std::string& name, std::string_view source);

}  // namespace console
