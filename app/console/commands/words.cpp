// SPDX-License-Identifier: GPL-3.0-or-later
// Words of the shell that work on its state or on other lines: sh -c, read, test, history, su, set.
#include <algorithm>
#include <utility>

#include "base/text.h"
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

int runSh(Call& call) {
  std::size_t i = 1;
  for (; i < call.args.size() && call.args[i].starts_with('-'); ++i) {
    if (call.args[i].find('c') == std::string::npos) continue;
    if (i + 1 >= call.args.size()) {
      call.complain(call.args[0] + ": -c: option requires an argument");
      return 2;
    }
    const std::string name = i + 2 < call.args.size() ? call.args[i + 2] : call.args[0];
    return call.interpreter.runScript(call.args[i + 1], name, after(call, i + 3), call);
  }
  if (i < call.args.size()) {
    const auto text = FileView(call.machine, call.state).read(call.args[i]);
    if (text) {
      return call.interpreter.runScript(text.value(), call.args[i], after(call, i + 1), call);
    }
    call.complain(call.args[0] + ": " + call.args[i] + ": " + text.error().message);
    return 127;
  }
  return call.hasInput ? call.interpreter.runScript(call.input, call.args[0], {}, call) : 0;
}

int runRead(Call& call) {
  std::vector<std::string> names;
  for (std::size_t i = 1; i < call.args.size(); ++i) {
    if (!call.args[i].starts_with('-')) names.push_back(call.args[i]);
  }
  if (names.empty()) names.emplace_back("REPLY");
  std::string line;
  const bool there = call.interpreter.readLine(call, line);
  const auto separators = call.state.variables.find("IFS");
  const std::string apart = separators == call.state.variables.end() ? " \t" : separators->second;
  // Blanks that separate fall away at the ends and count once between words; others each count.
  std::string blanks;
  for (const char c : apart) {
    if (c == ' ' || c == '\t') blanks += c;
  }
  const auto skip = [&](std::string_view& text) {
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  };
  std::string_view rest = line;
  skip(rest);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i + 1 == names.size()) {
      const std::size_t last = rest.find_last_not_of(blanks);
      rest = rest.substr(0, last == std::string_view::npos ? 0 : last + 1);
      call.interpreter.setVariable(names[i], std::string(rest));
      break;
    }
    const std::size_t end = std::min(rest.find_first_of(apart), rest.size());
    call.interpreter.setVariable(names[i], std::string(rest.substr(0, end)));
    rest.remove_prefix(end);
    skip(rest);
    if (!rest.empty() && end > 0 && blanks.find(rest[0]) == std::string::npos &&
        apart.find(rest[0]) != std::string::npos) {
      rest.remove_prefix(1);
      skip(rest);
    }
  }
  return there ? 0 : 1;
}

bool unaryTest(Call& call, const std::string& op, const std::string& value, bool& known) {
  const FileView files(call.machine, call.state);
  known = true;
  if (op == "-z") return value.empty();
  if (op == "-n") return !value.empty();
  if (op == "-e") return files.exists(value);
  if (op == "-d") return files.isDirectory(value);
  if (op == "-f" || op == "-r") return files.exists(value) && !files.isDirectory(value);
  if (op == "-s") return files.exists(value) && files.info(value).size > 0;
  if (op == "-w") return files.info(value).writable;
  known = false;
  return false;
}

int binaryTest(Call& call, const std::string& left, const std::string& op,
               const std::string& right) {
  if (op == "=" || op == "==") return left == right ? 0 : 1;
  if (op == "!=") return left != right ? 0 : 1;
  static constexpr std::string_view kOperators[] = {"-eq", "-ne", "-lt", "-le", "-gt", "-ge"};
  const auto* it = std::find(std::begin(kOperators), std::end(kOperators), op);
  if (it == std::end(kOperators)) {
    call.complain("bash: " + call.args[0] + ": " + op + ": binary operator expected");
    return 2;
  }
  for (const std::string& text : {left, right}) {
    std::size_t used = 0;
    static_cast<void>(leadingDouble(text, &used));
    if (used != text.size() || used == 0 || text.find('.') != std::string::npos) {
      call.complain("bash: " + call.args[0] + ": " + text + ": integer expression expected");
      return 2;
    }
  }
  const double a = leadingDouble(left), b = leadingDouble(right);
  const bool results[] = {a == b, a != b, a<b, a <= b, a> b, a >= b};
  return results[it - std::begin(kOperators)] ? 0 : 1;
}

int runTest(Call& call) {
  std::vector<std::string> words(call.args.begin() + 1, call.args.end());
  const bool bracket = call.args[0] != "test";
  if (bracket) {
    const std::string close = call.args[0] == "[" ? "]" : "]]";
    if (words.empty() || words.back() != close) {
      call.complain("bash: " + call.args[0] + ": missing `" + close + "'");
      return 2;
    }
    words.pop_back();
  }
  bool negated = false;
  while (!words.empty() && words[0] == "!") {
    negated = !negated;
    words.erase(words.begin());
  }
  int code = 1;
  if (words.size() == 1) {
    code = words[0].empty() ? 1 : 0;
  } else if (words.size() == 2) {
    bool known = false;
    code = unaryTest(call, words[0], words[1], known) ? 0 : 1;
    if (!known) {
      call.complain("bash: " + call.args[0] + ": " + words[0] + ": unary operator expected");
      return 2;
    }
  } else if (words.size() == 3) {
    code = binaryTest(call, words[0], words[1], words[2]);
  } else if (words.size() > 3) {
    call.complain("bash: " + call.args[0] + ": too many arguments");
    return 2;
  }
  return code < 2 && negated ? 1 - code : code;
}

int runHistory(Call& call) {
  const auto& lines = call.interpreter.history();
  std::size_t from = 0;
  if (call.args.size() > 1) {
    if (!isNumber(call.args[1])) {
      call.complain("bash: history: " + call.args[1] + ": numeric argument required");
      return 1;
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
  const int code = call.interpreter.runText(command, call);
  call.state.user = before;
  return code;
}

constexpr Command kCommands[] = {
    {"[", "[ EXPRESSION ]", "compare texts and numbers, look at files", runTest},
    {"[[", "[[ EXPRESSION ]]", "compare texts and numbers, look at files", runTest},
    {"bash", "bash -c LINE | bash FILE", "run a line or a script", runSh},
    {"break", "break [N]", "leave loops", runBreak},
    {"continue", "continue [N]", "begin the next round of a loop", runBreak},
    {"history", "history [N]", "lines typed so far; !! is the last, !N the Nth", runHistory},
    {"read", "read [-r] NAME...", "a line of the input into variables", runRead},
    {"sh", "sh -c LINE | sh FILE", "run a line or a script", runSh},
    {"su", "su [-] [USER] [-c LINE]", "become another user; root needs no password", runSu},
    {"test", "test EXPRESSION", "compare texts and numbers, look at files", runTest}};

}  // namespace

std::span<const Command> wordCommands() {
  return kCommands;
}

}  // namespace console
