// SPDX-License-Identifier: GPL-3.0-or-later
// The shell's own words: help, echo, sudo, variables, sleep.
#include <algorithm>

#include "base/text.h"
#include "console/file_view.h"
#include "console/interpreter.h"
#include "console/options.h"
#include "console/text/format.h"

namespace console {
namespace {

int runHelp(Call& call) {
  if (call.args.size() > 1) {
    int code = 0;
    for (std::size_t i = 1; i < call.args.size(); ++i) {
      const std::string& name = call.args[i];
      const Command* command = findCommand(name);
      if (command == nullptr) {
        call.complain(call.args[0] == "man" ? "No manual entry for " + name
                                            : "bash: help: no help topics match `" + name + "'.");
        code = call.args[0] == "man" ? 16 : 1;
        continue;
      }
      call.print("NAME\n       " + std::string(command->name) + " - " +
                 std::string(command->summary) + "\n\nSYNOPSIS\n       " +
                 std::string(command->synopsis) + "\n");
    }
    return code;
  }
  if (call.args[0] == "man") {
    call.complain("What manual page do you want?\nFor example, try 'man man'.");
    return 1;
  }
  std::size_t width = 0;
  for (const Command* command : allCommands()) width = std::max(width, command->name.size());
  for (const Command* command : allCommands()) {
    call.print(base::padRight(command->name, width + 2) + std::string(command->summary) + "\n");
  }
  call.print(
      "\nPipes, ; && ||, > >> to files in /tmp, $VARIABLES, $(...), sudo. 'man COMMAND' for one of "
      "them.\n");
  return 0;
}

int runEcho(Call& call) {
  std::size_t first = 1;
  bool newline = true, escapes = false;
  for (; first < call.args.size(); ++first) {
    const std::string& argument = call.args[first];
    if (argument == "-n") {
      newline = false;
    } else if (argument == "-e") {
      escapes = true;
    } else if (argument == "-ne" || argument == "-en") {
      newline = false;
      escapes = true;
    } else {
      break;
    }
  }
  std::string text;
  for (std::size_t i = first; i < call.args.size(); ++i)
    text += (i > first ? " " : "") + call.args[i];
  call.print((escapes ? unescapedText(text) : text) + (newline ? "\n" : ""));
  return 0;
}

int runPrintf(Call& call) {
  if (call.args.size() < 2) {
    call.complain("printf: usage: printf [-v var] format [arguments]");
    return 2;
  }
  // The format serves again until all arguments are used up.
  FormatArguments arguments;
  arguments.count = call.args.size() - 2;
  arguments.text = [&](std::size_t i) { return call.args[i + 2]; };
  arguments.number = [&](std::size_t i) { return leadingDouble(call.args[i + 2]); };
  const std::string format = unescapedText(call.args[1]);
  std::size_t next = 0, before = 0;
  do {
    before = next;
    call.print(formatText(format, arguments, next));
  } while (next > before && next < arguments.count && call.out.size() < kOutputLimit);
  return 0;
}

// What sudoers lets the shell's user do, as a member of the group sudo.
int listRights(Call& call) {
  const std::string& host = call.world().spec().host.name;
  const std::string& user = call.state.user;
  if (user != "root" && user != "oncall") {
    call.complain("Sorry, user " + user + " may not run sudo on " + host + ".");
    return 1;
  }
  call.print("Matching Defaults entries for " + user + " on " + host +
             ":\n    env_reset, mail_badpass,\n    secure_path=/usr/local/sbin\\:/usr/local/bin\\:"
             "/usr/sbin\\:/usr/bin\\:/sbin\\:/bin, use_pty\n\nUser " +
             user + " may run the following commands on " + host + ":\n    (ALL : ALL) " +
             (user == "root" ? "ALL" : "NOPASSWD: ALL") + "\n");
  return 0;
}

// Who runs it makes no difference on this host: config and service commands work either way.
int runSudo(Call& call) {
  std::size_t first = 1;
  std::string user = "root";
  for (; first < call.args.size() && call.args[first].starts_with('-'); ++first) {
    const std::string& argument = call.args[first];
    if (argument == "-u" && first + 1 < call.args.size()) {
      user = call.args[++first];
    } else if (argument.starts_with("-u")) {
      user = argument.substr(2);
    } else if (argument == "--") {
      ++first;
      break;
    } else if (argument == "-l" || argument == "--list") {
      return listRights(call);
    } else if (argument != "-i" && argument != "-n" && argument != "-H" && argument != "-E" &&
               argument != "-S") {
      call.complain("usage: sudo [-EHn] [-u user] [command [arg ...]]");
      return 1;
    }
  }
  if (user != "root" && user != "postgres" && user != call.state.user) {
    call.complain("sudo: unknown user " + user +
                  "\nsudo: error initializing audit plugin sudoers_audit");
    return 1;
  }
  if (first >= call.args.size()) {
    call.complain("usage: sudo [-EHn] [-u user] [command [arg ...]]");
    return 1;
  }
  const std::vector<std::string> args(call.args.begin() + static_cast<std::ptrdiff_t>(first),
                                      call.args.end());
  if (findCommand(args[0]) == nullptr) {
    call.complain("sudo: " + args[0] + ": command not found");
    return 1;
  }
  const std::string before = call.state.user;
  call.state.user = user;
  const int code = call.interpreter.runCommand(args, call);
  call.state.user = before;
  return code;
}

int runSleep(Call& call) {
  if (call.args.size() < 2) return call.fail("missing operand");
  std::string text = call.args[1];
  std::int64_t factor = 1;
  if (!text.empty() && std::string_view("smh").find(text.back()) != std::string_view::npos) {
    factor = text.back() == 'h' ? 3600 : text.back() == 'm' ? 60 : 1;
    text.pop_back();
  }
  const std::size_t point = text.find('.');
  const std::string whole = text.substr(0, point);
  std::string part = point == std::string::npos ? "" : text.substr(point + 1);
  if ((whole.empty() && part.empty()) || (!whole.empty() && !isNumber(whole)) ||
      (!part.empty() && !isNumber(part))) {
    return call.fail("invalid time interval '" + call.args[1] + "'");
  }
  constexpr std::int64_t kLongest = 7'200'000;
  part = (part + "000").substr(0, 3);
  const std::int64_t milliseconds = numberOr(whole, 0, 0, 7200) * 1000 + numberOr(part, 0, 0, 999);
  call.duration = call.duration + base::SimTime{std::min(milliseconds * factor, kLongest)};
  return 0;
}

// Shows the command's output once, under watch's heading.
int runWatch(Call& call) {
  const std::string seconds = "2.0";
  std::size_t first = 1;
  std::string interval = seconds;
  while (first < call.args.size() && call.args[first].starts_with('-')) {
    if (call.args[first] == "-n" && first + 1 < call.args.size())
      interval = call.args[++first] + ".0";
    ++first;
  }
  if (first >= call.args.size()) {
    call.complain("Usage:\n watch [options] command");
    return 1;
  }
  const std::vector<std::string> args(call.args.begin() + static_cast<std::ptrdiff_t>(first),
                                      call.args.end());
  std::string text;
  for (const std::string& argument : args) text += " " + argument;
  call.print("Every " + interval + "s:" + text + "    " + call.world().spec().host.name + ": " +
             base::ctimeText(call.unixMs()) + "\n\n");
  return call.interpreter.runText(text, call);
}

int runExport(Call& call) {
  for (std::size_t i = 1; i < call.args.size(); ++i) {
    const std::size_t equals = call.args[i].find('=');
    if (equals != std::string::npos && call.state.variables.size() < 200) {
      call.state.variables[call.args[i].substr(0, equals)] = call.args[i].substr(equals + 1);
    }
  }
  return 0;
}

int runUnset(Call& call) {
  const bool functions = call.args.size() > 1 && call.args[1] == "-f";
  const bool variables = call.args.size() > 1 && call.args[1] == "-v";
  for (std::size_t i = functions || variables ? 2 : 1; i < call.args.size(); ++i) {
    const bool known = !functions && call.state.variables.erase(call.args[i]) > 0;
    if (!known && !variables) call.state.functions.erase(call.args[i]);
  }
  return 0;
}

int runEnv(Call& call) {
  for (const char* name : {"HOME", "HOSTNAME", "LANG", "LOGNAME", "PATH", "PGDATA", "PGDATABASE",
                           "PGUSER", "PWD", "SHELL", "USER"}) {
    if (call.state.variables.contains(name)) continue;
    call.print(std::string(name) + "=" + environmentValue(call.world(), call.state, name) + "\n");
  }
  for (const auto& [name, value] : call.state.variables) call.print(name + "=" + value + "\n");
  return 0;
}

int runWhich(Call& call) {
  int code = 0;
  for (std::size_t i = 1; i < call.args.size(); ++i) {
    if (findCommand(call.args[i]) != nullptr) {
      call.print("/usr/bin/" + call.args[i] + "\n");
    } else {
      code = 1;
    }
  }
  return code;
}

// type NAME, command -v NAME, command NAME ...
int runType(Call& call) {
  int code = 0;
  constexpr std::string_view kBuiltins[] = {
      ".",      ":",    "[",     "bg",     "break",   "cd",     "command", "continue", "declare",
      "echo",   "eval", "exit",  "export", "false",   "fg",     "help",    "history",  "jobs",
      "kill",   "let",  "local", "printf", "pwd",     "read",   "return",  "set",      "shift",
      "source", "test", "true",  "type",   "typeset", "ulimit", "unset",   "wait"};
  constexpr std::string_view kReserved[] = {
      "!",  "case", "do", "done", "elif", "else",  "esac",  "fi", "for", "function",
      "if", "in",   "[[", "then", "time", "until", "while", "{",  "}"};
  for (std::size_t i = 1; i < call.args.size(); ++i) {
    const std::string& name = call.args[i];
    const auto own = call.state.functions.find(name);
    if (own != call.state.functions.end()) {
      call.print(name + " is a function\n" + functionText(name, own->second) + "\n");
    } else if (std::find(std::begin(kReserved), std::end(kReserved), name) != std::end(kReserved)) {
      call.print(name + " is a shell keyword\n");
    } else if (std::find(std::begin(kBuiltins), std::end(kBuiltins), name) != std::end(kBuiltins)) {
      call.print(name + " is a shell builtin\n");
    } else if (findCommand(name) != nullptr) {
      call.print(name + " is /usr/bin/" + name + "\n");
    } else {
      call.complain("bash: type: " + name + ": not found");
      code = 1;
    }
  }
  return code;
}

int runCommandWord(Call& call) {
  const bool asks = call.args.size() > 1 && (call.args[1] == "-v" || call.args[1] == "-V");
  std::vector<std::string> rest(call.args.begin() + (asks ? 2 : 1), call.args.end());
  if (rest.empty()) return 0;
  if (!asks) return call.interpreter.runCommand(rest, call);
  int code = 0;
  for (const std::string& name : rest) {
    if (call.state.functions.contains(name)) {
      call.print(name + "\n");
    } else if (findCommand(name) == nullptr) {
      code = 1;
    } else {
      call.print("/usr/bin/" + name + "\n");
    }
  }
  return code;
}

int runTrue(Call&) {
  return 0;
}
int runFalse(Call&) {
  return 1;
}

int runExit(Call& call) {
  call.complain("logout");
  return 0;
}

constexpr Command kCommands[] = {
    {"clear", "clear", "nothing: the scrollback is kept", runTrue},
    {"command", "command [-v] NAME...", "run a command, or say where it lies", runCommandWord},
    {"echo", "echo [-n] [-e] TEXT...", "print its arguments", runEcho},
    {"env", "env", "the environment", runEnv},
    {"exit", "exit", "nothing: the session stays open", runExit},
    {"export", "export NAME=VALUE...", "set variables", runExport},
    {"false", "false", "exit code 1", runFalse},
    {"help", "help [COMMAND]", "the commands there are", runHelp},
    {"man", "man COMMAND", "what a command does", runHelp},
    {"printf", "printf FORMAT TEXT...", "print with a format", runPrintf},
    {"sleep", "sleep SECONDS[m|h]", "let simulated time pass", runSleep},
    {"sudo", "sudo [-u USER] COMMAND...", "run as another user", runSudo},
    {":", ":", "nothing", runTrue},
    {"true", "true", "exit code 0", runTrue},
    {"type", "type NAME...", "what a name means to the shell", runType},
    {"unset", "unset NAME...", "forget variables", runUnset},
    {"watch", "watch [-n SECONDS] COMMAND...", "a command's output, once", runWatch},
    {"which", "which COMMAND...", "where a command lies", runWhich}};

}  // namespace

std::span<const Command> shellCommands() {
  return kCommands;
}

}  // namespace console
