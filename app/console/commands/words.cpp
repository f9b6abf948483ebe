// SPDX-License-Identifier: GPL-3.0-or-later
// Words of the shell that work on its state or on other lines: sh -c, test, history, su, break.
#include <algorithm>
#include <utility>

#include "base/text.h"
#include "console/conditions.h"
#include "console/file_view.h"
#include "console/interpreter.h"
#include "console/options.h"
#include "console/text/format.h"

namespace console {
namespace {

std::vector<std::string> after(const Call& call, std::size_t first) {
  first = std::min(first, call.args.size());
  return {call.args.begin() + static_cast<std::ptrdiff_t>(first), call.args.end()};
}

// bash -c LINE, bash FILE, with -eux and -o OPTION.
int runSh(Call& call) {
  std::size_t i = 1;
  bool line = false;
  std::vector<std::string> given;
  for (; i < call.args.size() && call.args[i].size() > 1 &&
         (call.args[i][0] == '-' || call.args[i][0] == '+');
       ++i) {
    std::string word = call.args[i];
    if (word.starts_with("--")) continue;  // --norc and its kin
    const bool named = word.ends_with('o') && i + 1 < call.args.size();
    if (word[0] == '-') line = line || word.find('c') != std::string::npos;
    std::erase_if(word, [](char c) { return c == 'c' || c == 'l' || c == 'i' || c == 's'; });
    if (word.size() > 1) given.push_back(word);
    if (named) given.push_back(call.args[++i]);
  }
  std::set<std::string> options = firstOptions(false);
  const OptionWords read = readOptionWords(given, 0, options);
  const std::string& own = call.args[0];
  if (!read.wrong.empty()) {
    call.complain(own + ": " + read.wrong +
                  (read.named ? ": invalid option name" : ": invalid option"));
    return 2;
  }
  if (line) {
    if (i >= call.args.size()) {
      call.complain(own + ": -c: option requires an argument");
      return 2;
    }
    const std::string name = i + 1 < call.args.size() ? call.args[i + 1] : own;
    return call.interpreter.runScript({call.args[i], name, after(call, i + 2), options}, call);
  }
  if (i >= call.args.size()) {
    return call.hasInput ? call.interpreter.runScript({call.input, own, {}, options, true}, call)
                         : 0;
  }
  const auto text = FileView(call.machine, call.state).read(call.args[i]);
  if (!text) {
    call.complain(own + ": " + call.args[i] + ": " + text.error().message);
    return text.error().code == "not-found" ? 127 : 126;
  }
  return call.interpreter.runScript({text.value(), call.args[i], after(call, i + 1), options, true},
                                    call);
}

int runTest(Call& call) {
  std::vector<std::string> words(call.args.begin() + 1, call.args.end());
  if (call.args[0] == "[") {
    if (words.empty() || words.back() != "]") return call.failAsShell("missing `]'", 2);
    words.pop_back();
  }
  return testWords(words, call.args[0],
                   {call.machine, call.state, call.interpreter.expander(), call.error});
}

int runHistory(Call& call) {
  const auto& lines = call.interpreter.history();
  std::size_t from = 0;
  if (call.args.size() > 1) {
    if (!isNumber(call.args[1])) {
      return call.failAsShell(call.args[1] + ": numeric argument required");
    }
    const auto most = static_cast<std::size_t>(numberOr(call.args[1], 0, 0, 100'000));
    from = lines.size() - std::min(most, lines.size());
  }
  for (std::size_t i = from; i < lines.size(); ++i) {
    call.print(base::padLeft(std::to_string(i + 1), 5) + "  " + lines[i] + "\n");
  }
  return 0;
}

int runBreak(Call& call) {
  const auto loops =
      static_cast<int>(numberOr(call.args.size() > 1 ? call.args[1] : "1", 1, 1, 100));
  call.interpreter.leaveLoop(loops, call.args[0] == "continue");
  return 0;
}

// su asks for a password no one here knows; root needs none, which is what sudo su does.
int runSu(Call& call) {
  std::string user = "root", command;
  for (std::size_t i = 1; i < call.args.size(); ++i) {
    const std::string& argument = call.args[i];
    if (argument == "-c" && i + 1 < call.args.size()) {
      command = call.args[++i];
    } else if (!argument.starts_with('-')) {
      user = argument;
    }
  }
  if (user != "root" && user != "postgres" && user != "oncall") {
    return call.fail("user " + user +
                     " does not exist or the user entry does not contain all "
                     "the required fields");
  }
  if (call.state.user != "root" && call.state.user != user) {
    call.print("Password: \n");
    return call.fail("Authentication failure");
  }
  if (command.empty()) {
    call.complain("su: a shell of another user is not kept here; su -c 'LINE' or sudo -u " + user +
                  " COMMAND runs one line as " + user);
    return 1;
  }
  const std::string before = std::exchange(call.state.user, user);
  const int code = call.interpreter.runScript({command, "bash", {}}, call);
  call.state.user = before;
  return code;
}

constexpr Command kCommands[] = {
    {"[", "[ EXPRESSION ]", "compare texts and numbers, look at files", runTest},
    {"bash", "bash -c LINE | bash FILE", "run a line or a script", runSh},
    {"break", "break [N]", "leave loops", runBreak},
    {"continue", "continue [N]", "begin the next round of a loop", runBreak},
    {"history", "history [N]", "lines typed so far; !! is the last, !N the Nth", runHistory},
    {"sh", "sh -c LINE | sh FILE", "run a line or a script", runSh},
    {"su", "su [-] [USER] [-c LINE]", "become another user; root needs no password", runSu},
    {"test", "test EXPRESSION", "compare texts and numbers, look at files", runTest}};

}  // namespace

std::span<const Command> wordCommands() {
  return kCommands;
}

}  // namespace console
