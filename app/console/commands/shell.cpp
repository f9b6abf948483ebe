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
        call.complain(call.args[0] == "man"
                          ? "No manual entry for " + name
                          : call.state.complaint() + "help: no help topics match `" + name +
                                "'.  Try `help help' or `man -k " + name + "' or `info " + name +
                                "'.");
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

// watch -n 1, -n1, -n.5, --interval=1: seconds, as its heading shows them; the first word after.
std::string watchInterval(const Call& call, std::size_t& first, bool& titled) {
  double seconds = 2;
  for (first = 1; first < call.args.size() && call.args[first].starts_with('-'); ++first) {
    const std::string& argument = call.args[first];
    const std::size_t equals = argument.find('=');
    const bool interval = argument.starts_with("-n") || argument.starts_with("--interval");
    if (argument == "-t" || argument == "--no-title") titled = false;
    if (!interval) continue;
    const bool apart = argument == "-n" || argument == "--interval";
    if (apart && first + 1 >= call.args.size()) break;
    seconds = leadingDouble(apart                         ? call.args[++first]
                            : equals == std::string::npos ? argument.substr(2)
                                                          : argument.substr(equals + 1));
  }
  return base::fixedText(std::clamp(seconds, 0.1, 4'294'967.0), 1);
}

// Shows the command's output once, under watch's heading.
int runWatch(Call& call) {
  std::size_t first = 1;
  bool titled = true;
  const std::string interval = watchInterval(call, first, titled);
  if (first >= call.args.size()) {
    call.complain("Usage:\n watch [options] command");
    return 1;
  }
  std::string text;
  for (std::size_t i = first; i < call.args.size(); ++i) {
    text += (text.empty() ? "" : " ") + call.args[i];
  }
  if (titled) {
    call.print("Every " + interval + "s: " + text + "    " + call.world().spec().host.name + ": " +
               base::ctimeText(call.unixMs()) + "\n\n");
  }
  return call.interpreter.runScript({text, "sh", {}}, call);
}

// NAME=VALUE before a command, for it alone.
int runWith(Call& call, std::size_t first) {
  KeptVariables kept;
  for (; first < call.args.size() && call.args[first].find('=') != std::string::npos; ++first) {
    const std::string& word = call.args[first];
    const std::string name = word.substr(0, word.find('='));
    call.state.variables.keep(name, kept);
    ShellVariable given;
    given.text = word.substr(name.size() + 1);
    given.exported = true;
    call.state.variables.put(name, std::move(given));
  }
  const std::vector<std::string> args(call.args.begin() + static_cast<std::ptrdiff_t>(first),
                                      call.args.end());
  int code = 0;
  if (args.empty()) {
    call.args.resize(1);
    code = call.interpreter.runCommand({"env"}, call);
  } else if (findCommand(args[0]) == nullptr) {
    code = call.fail("'" + args[0] + "': No such file or directory", 127);
  } else {
    code = call.interpreter.runCommand(args, call);
  }
  call.state.variables.putBack(kept);
  return code;
}

int runEnv(Call& call) {
  if (call.args.size() > 1 && call.args[0] == "env") return runWith(call, 1);
  constexpr std::string_view kNames[] = {"HOME", "HOSTNAME", "LANG",   "LOGNAME",
                                         "PATH", "PGDATA",   "PGUSER", "PGDATABASE",
                                         "PWD",  "SHELL",    "USER"};
  std::map<std::string, std::string> all = call.state.variables.exported();
  for (const std::string_view name : kNames) {
    const std::string own(name);
    if (!call.state.variables.contains(own)) {
      all[own] = environmentValue(call.world(), call.state, name);
    }
  }
  if (call.args.size() < 2) {
    for (const auto& [name, value] : all) call.print(name + "=" + value + "\n");
    return 0;
  }
  int code = 0;
  for (std::size_t i = 1; i < call.args.size(); ++i) {
    const auto found = all.find(call.args[i]);
    if (found == all.end()) {
      code = 1;
    } else {
      call.print(found->second + "\n");
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

constexpr Command kCommands[] = {
    {"clear", "clear", "nothing: the scrollback is kept", runTrue},
    {"env", "env [NAME=VALUE...] [COMMAND...]", "the environment; a command with more of it",
     runEnv},
    {"false", "false", "exit code 1", runFalse},
    {"help", "help [COMMAND]", "the commands there are", runHelp},
    {"man", "man COMMAND", "what a command does", runHelp},
    {"printenv", "printenv [NAME...]", "variables that commands are given", runEnv},
    {"sleep", "sleep SECONDS[m|h]", "let simulated time pass", runSleep},
    {"sudo", "sudo [-u USER] COMMAND...", "run as another user", runSudo},
    {":", ":", "nothing", runTrue},
    {"true", "true", "exit code 0", runTrue},
    {"watch", "watch [-n SECONDS] COMMAND...", "a command's output, once", runWatch}};

}  // namespace

std::span<const Command> shellCommands() {
  return kCommands;
}

}  // namespace console
