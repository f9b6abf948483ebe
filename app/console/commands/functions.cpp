// SPDX-License-Identifier: GPL-3.0-or-later
// Words of the shell for functions, arguments and lines of their own: return, shift, source, eval,
// let, trap, exit.
#include <algorithm>

#include "base/text.h"
#include "console/file_view.h"
#include "console/interpreter.h"
#include "console/options.h"
#include "console/system/signals.h"
#include "console/text/quoting.h"

namespace console {
namespace {

std::vector<std::string> from(const Call& call, std::size_t first) {
  first = std::min(first, call.args.size());
  return {call.args.begin() + static_cast<std::ptrdiff_t>(first), call.args.end()};
}

// The N of return and exit; what was before when there is none.
int codeOf(Call& call) {
  if (call.args.size() < 2) return call.state.lastExit;
  const std::string& code = call.args[1];
  const bool negative = code.starts_with('-');
  if (!isNumber(negative ? code.substr(1) : code)) {
    return call.failAsShell(code + ": numeric argument required", 2);
  }
  const auto value = static_cast<int>(numberOr(negative ? code.substr(1) : code, 0, 0, 1 << 30));
  return (negative ? 256 - value % 256 : value) % 256;
}

int runReturn(Call& call) {
  if (!call.interpreter.leaveFunction()) {
    return call.failAsShell("can only `return' from a function or sourced script", 2);
  }
  return codeOf(call);
}

int runExit(Call& call) {
  const bool typed = call.state.interactive && !call.interpreter.inSubshell();
  if (typed) call.complain("logout");
  if (call.args.size() > 2) {
    const bool number = isNumber(call.args[1]);
    if (number) return call.failAsShell("too many arguments");
  }
  const int code = codeOf(call);
  call.interpreter.leaveShell();
  return code;
}

// The name a trap has: EXIT, ERR, SIGINT; empty: there is no such signal.
std::string trapName(const std::string& word) {
  std::string name = word;
  for (char& c : name) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  static constexpr std::string_view kOwn[] = {"EXIT", "ERR", "DEBUG", "RETURN"};
  if (name == "0") return "EXIT";
  if (std::find(std::begin(kOwn), std::end(kOwn), name) != std::end(kOwn)) return name;
  const std::string known = signalName(name);
  return known.empty() || known == "0" ? "" : "SIG" + known;
}

void showTraps(Call& call, const std::vector<std::string>& names) {
  // By signal, in the order of their numbers.
  std::vector<std::pair<int, std::string>> order;
  for (const auto& [name, line] : call.state.traps) {
    const bool asked = names.empty() || std::find(names.begin(), names.end(), name) != names.end();
    const int number = name == "EXIT" ? 0 : name.starts_with("SIG") ? signalNumber(name) : 1000;
    if (asked) order.emplace_back(number, name);
  }
  std::sort(order.begin(), order.end());
  for (const auto& [number, name] : order) {
    call.print("trap -- " + singleQuoted(call.state.traps.at(name)) + " " + name + "\n");
  }
}

// trap LINE SIGNAL..., trap - SIGNAL..., trap SIGNAL, trap -p, trap -l
int runTrap(Call& call) {
  std::vector<std::string> words = from(call, 1);
  if (!words.empty() && words[0] == "-l") {
    call.print(signalTable());
    return 0;
  }
  const bool shows = words.empty() || words[0] == "-p";
  if (!words.empty() && (words[0] == "-p" || words[0] == "--")) words.erase(words.begin());
  const bool resets = !shows && (words.size() == 1 || words[0] == "-");
  const std::string line = shows || words.empty() ? "" : words[0];
  if (!shows && words.size() > 1) words.erase(words.begin());
  int code = 0;
  std::vector<std::string> names;
  for (const std::string& word : words) {
    names.push_back(trapName(word));
    if (names.back().empty()) code = call.failAsShell(word + ": invalid signal specification");
  }
  if (shows) {
    if (code == 0) showTraps(call, names);
    return code;
  }
  for (const std::string& name : names) {
    if (name.empty()) continue;
    if (resets) {
      call.state.traps.erase(name);
    } else if (call.state.traps.size() < 64) {
      call.state.traps[name] = line;
    }
  }
  return code;
}

int runShift(Call& call) {
  std::vector<std::string>& all = call.state.arguments;
  if (call.args.size() > 1 && !isNumber(call.args[1])) {
    return call.failAsShell(call.args[1] + ": numeric argument required");
  }
  const auto count =
      static_cast<std::size_t>(numberOr(call.args.size() > 1 ? call.args[1] : "1", 1, 0, 100'000));
  if (count > all.size()) return 1;
  all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count));
  return 0;
}

int runSource(Call& call) {
  if (call.args.size() < 2) {
    call.failAsShell("filename argument required");
    call.complain(call.args[0] + ": usage: " + call.args[0] + " filename [arguments]");
    return 2;
  }
  const auto text = FileView(call.machine, call.state).read(call.args[1]);
  if (!text) {
    call.complain(call.state.complaint() + call.args[1] + ": " + text.error().message);
    return 1;
  }
  return call.interpreter.runSource(text.value(), from(call, 2), call);
}

int runEval(Call& call) {
  std::string line;
  for (const std::string& word : from(call, 1)) line += (line.empty() ? "" : " ") + word;
  return line.empty() ? 0 : call.interpreter.runText(line, call);
}

int runLet(Call& call) {
  std::int64_t last = 0;
  for (const std::string& text : from(call, 1)) {
    const auto number = call.interpreter.expander().sum(text, call.error);
    if (!number) {
      return call.failAsShell(text + ": " + number.error().message);
    }
    last = number.value();
  }
  return last != 0 ? 0 : 1;
}

constexpr Command kCommands[] = {
    {".", ". FILE [ARGUMENT...]", "run the lines of a file in this shell", runSource},
    {"eval", "eval TEXT...", "run its arguments as a line", runEval},
    {"exit", "exit [N]", "end the shell; here a new one begins", runExit},
    {"let", "let SUM...", "work out sums", runLet},
    {"return", "return [N]", "leave a function", runReturn},
    {"shift", "shift [N]", "drop the first arguments", runShift},
    {"source", "source FILE [ARGUMENT...]", "run the lines of a file in this shell", runSource},
    {"trap", "trap [-lp] [COMMANDS] [SIGNAL...]",
     "commands for when the shell ends or a signal comes", runTrap}};

}  // namespace

std::span<const Command> functionCommands() {
  return kCommands;
}

}  // namespace console
