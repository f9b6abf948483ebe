// SPDX-License-Identifier: GPL-3.0-or-later
// What a name means to the shell: type, command, builtin, which, alias.
#include <algorithm>
#include <iterator>

#include "console/interpreter.h"
#include "console/text/quoting.h"

namespace console {
namespace {

bool isReserved(const std::string& name) {
  constexpr std::string_view kReserved[] = {
      "!",  "case", "do", "done", "elif", "else", "esac",  "fi",    "for", "function",
      "if", "in",   "[[", "]]",   "then", "time", "until", "while", "{",   "}"};
  return std::find(std::begin(kReserved), std::end(kReserved), name) != std::end(kReserved);
}

bool isBuiltin(const std::string& name) {
  constexpr std::string_view kBuiltins[] = {
      ".",       ":",        "[",       "alias",   "bg",        "break",    "builtin", "cd",
      "command", "continue", "declare", "echo",    "eval",      "exit",     "export",  "false",
      "fg",      "hash",     "help",    "history", "jobs",      "kill",     "let",     "local",
      "mapfile", "printf",   "pwd",     "read",    "readarray", "readonly", "return",  "set",
      "shift",   "shopt",    "source",  "test",    "times",     "trap",     "true",    "type",
      "typeset", "ulimit",   "umask",   "unalias", "unset",     "wait"};
  return std::find(std::begin(kBuiltins), std::end(kBuiltins), name) != std::end(kBuiltins);
}

// "alias", "keyword", "function", "builtin", "file"; empty: the name means nothing.
std::string kindOf(const Call& call, const std::string& name) {
  if (call.state.aliases.contains(name)) return "alias";
  if (isReserved(name)) return "keyword";
  if (call.state.functions.contains(name)) return "function";
  if (isBuiltin(name)) return "builtin";
  return findCommand(name) != nullptr ? "file" : "";
}

std::string pathOf(const std::string& name) {
  return name.starts_with('/') ? name : "/usr/bin/" + name;
}

// "cd is a shell builtin"
std::string description(const Call& call, const std::string& name, const std::string& kind) {
  if (kind == "alias") return name + " is aliased to `" + call.state.aliases.at(name) + "'\n";
  if (kind == "function") {
    return name + " is a function\n" + functionText(name, call.state.functions.at(name)) + "\n";
  }
  if (kind == "file") return name + " is " + pathOf(name) + "\n";
  return name + " is a shell " + kind + "\n";
}

// type [-t|-p|-P] NAME...
int runType(Call& call) {
  std::size_t first = 1;
  char how = ' ';
  for (; first < call.args.size() && call.args[first].starts_with('-'); ++first) {
    how = call.args[first].back();
  }
  int code = 0;
  for (std::size_t i = first; i < call.args.size(); ++i) {
    const std::string& name = call.args[i];
    const std::string kind = kindOf(call, name);
    if (kind.empty()) {
      code = 1;
      if (how == ' ' || how == 'a') call.failAsShell(name + ": not found");
    } else if (how == 't') {
      call.print(kind + "\n");
    } else if (how == 'p' || how == 'P') {
      const bool file = kind == "file" || (how == 'P' && findCommand(name) != nullptr);
      if (file) call.print(pathOf(name) + "\n");
    } else {
      call.print(description(call, name, kind));
    }
  }
  return code;
}

int runCommandWord(Call& call) {
  std::size_t first = 1;
  char how = ' ';
  for (; first < call.args.size() && call.args[first].starts_with('-'); ++first) {
    how = call.args[first].back();
  }
  const std::vector<std::string> rest(call.args.begin() + static_cast<std::ptrdiff_t>(first),
                                      call.args.end());
  if (rest.empty()) return 0;
  if (how != 'v' && how != 'V') return call.interpreter.runCommand(rest, call);
  int code = 0;
  for (const std::string& name : rest) {
    const std::string kind = kindOf(call, name);
    if (kind.empty()) {
      code = 1;
      if (how == 'V') call.failAsShell(name + ": not found");
    } else if (how == 'V') {
      call.print(description(call, name, kind));
    } else {
      call.print((kind == "alias"
                      ? "alias " + name + "=" + singleQuoted(call.state.aliases.at(name))
                  : kind == "file" ? pathOf(name)
                                   : name) +
                 "\n");
    }
  }
  return code;
}

int runBuiltin(Call& call) {
  if (call.args.size() < 2) return 0;
  if (!isBuiltin(call.args[1])) return call.failAsShell(call.args[1] + ": not a shell builtin");
  return call.interpreter.runCommand({call.args.begin() + 1, call.args.end()}, call);
}

int runWhich(Call& call) {
  int code = 0;
  for (std::size_t i = 1; i < call.args.size(); ++i) {
    const bool alone = isBuiltin(call.args[i]) && kindOf(call, call.args[i]) == "builtin";
    constexpr std::string_view kFiles[] = {"[",      "echo", "false", "kill",
                                           "printf", "pwd",  "test",  "true"};
    const bool file =
        !alone || std::find(std::begin(kFiles), std::end(kFiles), call.args[i]) != std::end(kFiles);
    if (file && findCommand(call.args[i]) != nullptr) {
      call.print(pathOf(call.args[i]) + "\n");
    } else {
      code = 1;
    }
  }
  return code;
}

int runAlias(Call& call) {
  auto& aliases = call.state.aliases;
  const auto show = [&](const std::string& name) {
    call.print("alias " + name + "=" + singleQuoted(aliases.at(name)) + "\n");
  };
  if (call.args.size() < 2) {
    for (const auto& [name, text] : aliases) show(name);
  }
  int code = 0;
  for (std::size_t i = 1; i < call.args.size(); ++i) {
    const std::string& word = call.args[i];
    const std::size_t equals = word.find('=');
    constexpr std::size_t kMost = 100;
    if (word == "-p") continue;
    if (equals != std::string::npos && equals > 0) {
      if (aliases.size() < kMost) aliases[word.substr(0, equals)] = word.substr(equals + 1);
    } else if (aliases.contains(word)) {
      show(word);
    } else {
      code = call.failAsShell(word + ": not found");
    }
  }
  return code;
}

int runUnalias(Call& call) {
  int code = 0;
  for (std::size_t i = 1; i < call.args.size(); ++i) {
    if (call.args[i] == "-a") {
      call.state.aliases.clear();
    } else if (call.state.aliases.erase(call.args[i]) == 0) {
      code = call.failAsShell(call.args[i] + ": not found");
    }
  }
  return code;
}

// Where commands lie is never forgotten here.
int runHash(Call&) {
  return 0;
}

int runUmask(Call& call) {
  if (call.args.size() < 2) call.print("0022\n");
  if (call.args.size() > 1 && call.args[1] == "-S") call.print("u=rwx,g=rx,o=rx\n");
  return 0;
}

// MODEL: what the shell itself has used of the processor.
int runTimes(Call& call) {
  call.print("0m0.002s 0m0.001s\n0m0.001s 0m0.001s\n");
  return 0;
}

constexpr Command kCommands[] = {
    {"alias", "alias [NAME[=TEXT]...]", "names for commands", runAlias},
    {"builtin", "builtin NAME...", "run a word of the shell itself", runBuiltin},
    {"command", "command [-v] NAME...", "run a command, or say where it lies", runCommandWord},
    {"hash", "hash [-r]", "nothing: no place of a command is kept", runHash},
    {"times", "times", "processor time of the shell and its commands", runTimes},
    {"type", "type [-t] NAME...", "what a name means to the shell", runType},
    {"umask", "umask [-S]", "the permissions new files do not get", runUmask},
    {"unalias", "unalias [-a] NAME...", "forget names for commands", runUnalias},
    {"which", "which COMMAND...", "where a command lies", runWhich}};

}  // namespace

std::span<const Command> nameCommands() {
  return kCommands;
}

}  // namespace console
