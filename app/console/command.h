// SPDX-License-Identifier: GPL-3.0-or-later
// What a command of the shell is: a function from a Call (arguments, input, the machine) to an exit
// code, with a name and a line of help. Each family of commands lives in a file of its own under
// commands/ and hands in its table; registry.cpp joins them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "console/shell.h"

namespace console {

class Interpreter;

constexpr std::size_t kOutputLimit = 4u << 20;  // bytes a stage of a pipeline may produce

// One command being run.
struct Call {
  Machine& machine;
  ShellState& state;
  Interpreter& interpreter;       // to run other commands: sudo, watch, $( )
  std::vector<std::string> args;  // args[0] is the command's name
  const std::string& input;       // standard input
  bool hasInput = false;          // from a pipe or a file
  std::string& out;               // standard output
  std::string& error;             // standard error; may be the same string
  std::vector<sim::Action>& changed;
  base::SimTime& duration;

  [[nodiscard]] const sim::World& world() const { return machine.world; }
  [[nodiscard]] std::int64_t unixMs() const { return machine.world.unixMs(); }
  void print(std::string_view text);
  // "name: text" on standard error; returns code for the caller to return.
  int fail(std::string_view text, int code = 1);
  void complain(std::string_view text);  // standard error, with a newline
  // The same of a word that the shell itself knows: "bash: cd: text", "script: line 3: cd: text".
  int failAsShell(std::string_view text, int code = 1);
  // Does it to the world and notes it when it was accepted.
  sim::Outcome apply(const sim::Action& action);
};

struct Command {
  std::string_view name;
  std::string_view synopsis;  // "free [-h|-m|-g] [-w]"
  std::string_view summary;   // "memory of this host: used, free, available"
  int (*run)(Call& call);
};

[[nodiscard]] std::span<const Command> fileCommands();
[[nodiscard]] std::span<const Command> fileChangeCommands();
[[nodiscard]] std::span<const Command> findCommands();
[[nodiscard]] std::span<const Command> filterCommands();
[[nodiscard]] std::span<const Command> searchCommands();
[[nodiscard]] std::span<const Command> editCommands();
[[nodiscard]] std::span<const Command> awkCommands();
[[nodiscard]] std::span<const Command> textCommands();
[[nodiscard]] std::span<const Command> wordCommands();
[[nodiscard]] std::span<const Command> memoryCommands();
[[nodiscard]] std::span<const Command> mappingCommands();
[[nodiscard]] std::span<const Command> processCommands();
[[nodiscard]] std::span<const Command> systemCommands();
[[nodiscard]] std::span<const Command> storageCommands();
[[nodiscard]] std::span<const Command> networkCommands();
[[nodiscard]] std::span<const Command> logCommands();
[[nodiscard]] std::span<const Command> serviceCommands();
[[nodiscard]] std::span<const Command> clusterCommands();
[[nodiscard]] std::span<const Command> permissionCommands();
[[nodiscard]] std::span<const Command> postgresCommands();
[[nodiscard]] std::span<const Command> gitCommands();
[[nodiscard]] std::span<const Command> psqlCommands();
[[nodiscard]] std::span<const Command> shellCommands();
[[nodiscard]] std::span<const Command> benchmarkCommands();
[[nodiscard]] std::span<const Command> jobCommands();
[[nodiscard]] std::span<const Command> functionCommands();
[[nodiscard]] std::span<const Command> variableCommands();
[[nodiscard]] std::span<const Command> inputCommands();
[[nodiscard]] std::span<const Command> printCommands();
[[nodiscard]] std::span<const Command> nameCommands();

// All of them in name order.
[[nodiscard]] const std::vector<const Command*>& allCommands();
[[nodiscard]] const Command* findCommand(std::string_view name);

}  // namespace console
