// SPDX-License-Identifier: GPL-3.0-or-later
// Words of the shell for functions and arguments: local, return, shift, set, declare, source, eval.
#include <algorithm>

#include "base/text.h"
#include "console/file_view.h"
#include "console/interpreter.h"
#include "console/options.h"

namespace console {
namespace {

std::vector<std::string> from(const Call& call, std::size_t first) {
  first = std::min(first, call.args.size());
  return {call.args.begin() + static_cast<std::ptrdiff_t>(first), call.args.end()};
}

void assignWord(Call& call, const std::string& word, bool emptied) {
  const std::size_t equals = word.find('=');
  const std::string name = word.substr(0, equals);
  if (equals != std::string::npos) {
    call.interpreter.setVariable(name, word.substr(equals + 1));
  } else if (emptied) {
    call.state.variables.erase(name);
  }
}

int runLocal(Call& call) {
  for (const std::string& word : from(call, 1)) {
    if (word.starts_with('-')) continue;
    if (!call.interpreter.keepLocal(word.substr(0, word.find('=')))) {
      call.complain("bash: local: can only be used in a function");
      return 1;
    }
    assignWord(call, word, true);
  }
  return 0;
}

int runReturn(Call& call) {
  const int before = call.state.lastExit;
  if (!call.interpreter.leaveFunction()) {
    call.complain("bash: return: can only `return' from a function or sourced script");
    return 1;
  }
  if (call.args.size() < 2) return before;
  const std::string& code = call.args[1];
  const bool negative = code.starts_with('-');
  if (!isNumber(negative ? code.substr(1) : code)) {
    call.complain("bash: return: " + code + ": numeric argument required");
    return 2;
  }
  const auto value = static_cast<int>(numberOr(negative ? code.substr(1) : code, 0, 0, 1 << 30));
  return (negative ? 256 - value % 256 : value) % 256;
}

int runShift(Call& call) {
  std::vector<std::string>& all = call.state.arguments;
  if (call.args.size() > 1 && !isNumber(call.args[1])) {
    call.complain("bash: shift: " + call.args[1] + ": numeric argument required");
    return 1;
  }
  const auto count =
      static_cast<std::size_t>(numberOr(call.args.size() > 1 ? call.args[1] : "1", 1, 0, 100'000));
  if (count > all.size()) return 1;
  all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count));
  return 0;
}

// 'it'\''s': so that the shell reads it as one word again.
std::string quoted(const std::string& text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_./:@%+,-=").find(c) != std::string_view::npos;
  });
  return plain ? text : "'" + base::replaceAll(text, "'", "'\\''") + "'";
}

int runSet(Call& call) {
  if (call.args.size() < 2) {
    for (const auto& [name, value] : call.state.variables) {
      call.print(name + "=" + quoted(value) + "\n");
    }
    for (const auto& [name, source] : call.state.functions) {
      call.print(functionText(name, source) + "\n");
    }
    return 0;
  }
  if (call.args[1] == "--") {
    call.state.arguments = from(call, 2);
  } else if (call.args[1].starts_with('-') || call.args[1].starts_with('+')) {
    call.complain("bash: set: " + call.args[1] +
                  ": options of the shell are fixed here; set -- sets arguments");
    return 2;
  } else {
    call.state.arguments = from(call, 1);
  }
  return 0;
}

// declare -f [NAME...], declare -F [NAME...], declare [-gix] NAME=VALUE..., declare -p NAME...
int runDeclare(Call& call) {
  std::string flags;
  std::size_t first = 1;
  for (; first < call.args.size() && call.args[first].starts_with('-'); ++first) {
    flags += call.args[first].substr(1);
  }
  const bool names = flags.find('F') != std::string::npos;
  const bool global = flags.find('g') != std::string::npos;
  const auto& functions = call.state.functions;
  if (names || flags.find('f') != std::string::npos) {
    int code = 0;
    for (const std::string& name : from(call, first)) {
      const auto found = functions.find(name);
      if (found == functions.end()) {
        code = 1;
      } else {
        call.print((names ? name : functionText(name, found->second)) + "\n");
      }
    }
    if (first < call.args.size()) return code;
    for (const auto& [name, source] : functions) {
      call.print((names ? "declare -f " + name : functionText(name, source)) + "\n");
    }
    return 0;
  }
  int code = 0;
  for (const std::string& word : from(call, first)) {
    if (flags.find('p') != std::string::npos) {
      const auto known = call.state.variables.find(word);
      if (known == call.state.variables.end()) {
        call.complain("bash: declare: " + word + ": not found");
        code = 1;
      } else {
        call.print("declare -- " + word + "=\"" + known->second + "\"\n");
      }
      continue;
    }
    if (!global) call.interpreter.keepLocal(word.substr(0, word.find('=')));
    assignWord(call, word, false);
  }
  return code;
}

int runSource(Call& call) {
  if (call.args.size() < 2) {
    call.complain("bash: " + call.args[0] + ": filename argument required\n" + call.args[0] +
                  ": usage: " + call.args[0] + " filename [arguments]");
    return 2;
  }
  const auto text = FileView(call.machine, call.state).read(call.args[1]);
  if (!text) {
    call.complain("bash: " + call.args[1] + ": " + text.error().message);
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
    const auto number = call.interpreter.sum(text, call.error);
    if (!number) {
      call.complain("bash: let: " + text + ": " + number.error().message);
      return 1;
    }
    last = number.value();
  }
  return last != 0 ? 0 : 1;
}

constexpr Command kCommands[] = {
    {".", ". FILE [ARGUMENT...]", "run the lines of a file in this shell", runSource},
    {"declare", "declare [-f|-F|-p] [NAME[=VALUE]...]", "show functions, set variables",
     runDeclare},
    {"eval", "eval TEXT...", "run its arguments as a line", runEval},
    {"let", "let SUM...", "work out sums", runLet},
    {"local", "local NAME[=VALUE]...", "variables of a function alone", runLocal},
    {"return", "return [N]", "leave a function", runReturn},
    {"set", "set [-- ARGUMENT...]", "show variables and functions, set $1, $2, ...", runSet},
    {"shift", "shift [N]", "drop the first arguments", runShift},
    {"source", "source FILE [ARGUMENT...]", "run the lines of a file in this shell", runSource},
    {"typeset", "typeset [-f|-F|-p] [NAME[=VALUE]...]", "show functions, set variables",
     runDeclare}};

}  // namespace

std::span<const Command> functionCommands() {
  return kCommands;
}

}  // namespace console
