// SPDX-License-Identifier: GPL-3.0-or-later
// Words of the shell for variables and options: local, declare, export, readonly, unset, set,
// shopt.
#include <algorithm>

#include "base/text.h"
#include "console/interpreter.h"
#include "console/options.h"
#include "console/text/quoting.h"

namespace console {
namespace {

using Kind = ShellVariable::Kind;

std::vector<std::string> from(const Call& call, std::size_t first) {
  first = std::min(first, call.args.size());
  return {call.args.begin() + static_cast<std::ptrdiff_t>(first), call.args.end()};
}

// declare -ax name=([0]="a b")
std::string declaration(const std::string& name, const ShellVariable& variable) {
  const std::string flags = variable.flags();
  std::string text = "declare -" + (flags.empty() ? "-" : flags) + " " + name;
  if (variable.blank) return text + "\n";
  text += "=";
  if (variable.kind == Kind::Text) return text + doubleQuoted(variable.text) + "\n";
  text += "(";
  for (const auto& [key, value] : variable.indexed) {
    text += (text.ends_with('(') ? "[" : " [") + std::to_string(key) + "]=" + doubleQuoted(value);
  }
  for (const auto& [key, value] : variable.keyed) {
    text += "[" + quotedIfNeeded(key) + "]=" + doubleQuoted(value) + " ";
  }
  return text + ")\n";
}

// What a word of a command that declares asks for: NAME, NAME=TEXT, NAME+=TEXT.
std::string nameIn(const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  return name.substr(0,
                     std::min(name.find('['), name.ends_with('+') ? name.size() - 1 : name.size()));
}

// Letters of declare, done to a variable: -x +x -r -i -a -A.
void apply(ShellVariable& variable, const std::string& on, const std::string& off) {
  const auto has = [](const std::string& flags, char c) {
    return flags.find(c) != std::string::npos;
  };
  if (has(on, 'x')) variable.exported = true;
  if (has(off, 'x')) variable.exported = false;
  if (has(on, 'i')) variable.integer = true;
  if (has(off, 'i')) variable.integer = false;
  if (has(on, 'r')) variable.readOnly = true;
  if (variable.kind != Kind::Text || (!has(on, 'a') && !has(on, 'A'))) return;
  variable.kind = has(on, 'A') ? Kind::Keyed : Kind::Indexed;
  if (!variable.blank && variable.kind == Kind::Indexed) variable.indexed[0] = variable.text;
  variable.text.clear();
}

// One word of declare, local, export or readonly. False: it names no variable.
bool declareWord(Call& call, const std::string& word, const std::string& on, const std::string& off,
                 bool fresh) {
  ShellVariables& variables = call.state.variables;
  const std::string name = nameIn(word);
  if (!isName(name)) {
    call.failAsShell("`" + word + "': not a valid identifier");
    return false;
  }
  const ShellVariable* known = variables.find(name);
  const bool assigns = word.find('=') != std::string::npos;
  if (known != nullptr && known->readOnly && (assigns || fresh)) {
    call.failAsShell(name + ": readonly variable");
    return false;
  }
  // Kind first: the words of an array are read by it. Read-only last.
  ShellVariable made = known == nullptr ? ShellVariable{} : *known;
  if (known == nullptr) made.blank = true;
  std::string letters = on;
  std::erase(letters, 'r');
  apply(made, letters, off);
  variables.put(name, std::move(made));
  if (assigns) call.interpreter.expander().assignText(word, call.error);
  if (on.find('r') == std::string::npos) return true;
  known = variables.find(name);
  made = known == nullptr ? ShellVariable{} : *known;
  made.readOnly = true;
  variables.put(name, std::move(made));
  return true;
}

// -ax +r: the letters in front; what is left begins at the index returned.
std::size_t lettersOf(const Call& call, std::string& on, std::string& off) {
  std::size_t i = 1;
  for (; i < call.args.size(); ++i) {
    const std::string& word = call.args[i];
    if (word == "--") return i + 1;
    if (word.size() < 2 || (word[0] != '-' && word[0] != '+')) break;
    (word[0] == '-' ? on : off) += word.substr(1);
  }
  return i;
}

// Those with all of the letters; of -p without names.
void showAll(Call& call, const std::string& letters) {
  for (const auto& [name, variable] : call.state.variables.all()) {
    const std::string flags = variable.flags();
    const bool fits = std::all_of(letters.begin(), letters.end(), [&](char c) {
      return std::string_view("aAirx").find(c) == std::string_view::npos ||
             flags.find(c) != std::string::npos;
    });
    if (fits) call.print(declaration(name, variable));
  }
}

int showNamed(Call& call, const std::vector<std::string>& names) {
  int code = 0;
  for (const std::string& name : names) {
    if (const ShellVariable* known = call.state.variables.find(name)) {
      call.print(declaration(name, *known));
    } else {
      code = call.failAsShell(name + ": not found");
    }
  }
  return code;
}

int showFunctions(Call& call, bool names, std::size_t first) {
  const auto& functions = call.state.functions;
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

// declare -f [NAME...], declare -F [NAME...], declare [-aAgirx] NAME=VALUE..., declare -p NAME...
int runDeclare(Call& call) {
  std::string on, off;
  const std::size_t first = lettersOf(call, on, off);
  const auto has = [&](char c) { return on.find(c) != std::string::npos; };
  if (has('F') || has('f')) return showFunctions(call, has('F'), first);
  if (has('p')) {
    if (first < call.args.size()) return showNamed(call, from(call, first));
    showAll(call, on);
    return 0;
  }
  if (first >= call.args.size()) {
    showAll(call, on);
    return 0;
  }
  int code = 0;
  for (const std::string& word : from(call, first)) {
    const bool local = !has('g') && call.interpreter.keepLocal(nameIn(word));
    if (local) call.state.variables.erase(nameIn(word));
    if (!declareWord(call, word, on, off, local)) code = 1;
  }
  return code;
}

int runLocal(Call& call) {
  std::string on, off;
  for (const std::string& word : from(call, lettersOf(call, on, off))) {
    const std::string name = nameIn(word);
    if (!call.interpreter.keepLocal(name)) {
      return call.failAsShell("can only be used in a function");
    }
    const ShellVariable* known = call.state.variables.find(name);
    if (known != nullptr && known->readOnly) return call.failAsShell(name + ": readonly variable");
    const bool adds = word.find("+=") == name.size();
    if (!adds) call.state.variables.erase(name);
    if (!declareWord(call, word, on, off, true)) return 1;
  }
  return 0;
}

int runExport(Call& call) {
  std::string on, off;
  const std::size_t first = lettersOf(call, on, off);
  if (first >= call.args.size()) {
    for (const auto& [name, variable] : call.state.variables.all()) {
      if (variable.exported) call.print(declaration(name, variable));
    }
    return 0;
  }
  int code = 0;
  for (const std::string& word : from(call, first)) {
    const bool removes = on.find('n') != std::string::npos;
    if (!declareWord(call, word, removes ? "" : "x", removes ? "x" : "", false)) code = 1;
  }
  return code;
}

int runReadonly(Call& call) {
  std::string on, off;
  const std::size_t first = lettersOf(call, on, off);
  if (first >= call.args.size()) {
    showAll(call, "r");
    return 0;
  }
  int code = 0;
  for (const std::string& word : from(call, first)) {
    if (!declareWord(call, word, on + "r", "", false)) code = 1;
  }
  return code;
}

int runUnset(Call& call) {
  std::string on, off;
  const std::size_t first = lettersOf(call, on, off);
  const bool functions = on.find('f') != std::string::npos;
  const bool variables = on.find('v') != std::string::npos;
  int code = 0;
  for (const std::string& name : from(call, first)) {
    const bool known = !functions && call.state.variables.contains(nameIn(name));
    if (known) {
      if (!call.interpreter.expander().unset(name, call.error)) code = 1;
    } else if (!variables) {
      call.state.functions.erase(name);
    }
  }
  return code;
}

int wrongOption(Call& call, const std::string& word) {
  call.failAsShell(word + ": invalid option", 2);
  call.complain("set: usage: set [-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]");
  return 2;
}

void showOptions(Call& call, bool asCommands) {
  for (const ShellOption& one : setOptions()) {
    const bool on = call.state.on(std::string(one.name));
    call.print(asCommands ? "set " + std::string(on ? "-o " : "+o ") + std::string(one.name) + "\n"
                          : base::padRight(one.name, 15) + "\t" + (on ? "on" : "off") + "\n");
  }
}

int runSet(Call& call) {
  if (call.args.size() < 2) {
    for (const auto& [name, variable] : call.state.variables.all()) {
      const std::string text = declaration(name, variable);
      call.print(variable.kind == Kind::Text ? name + "=" + quotedIfNeeded(variable.text) + "\n"
                                             : text.substr(text.find(name)));
    }
    for (const auto& [name, source] : call.state.functions) {
      call.print(functionText(name, source) + "\n");
    }
    return 0;
  }
  const OptionWords read = readOptionWords(call.args, 1, call.state.options);
  if (!read.wrong.empty()) {
    return read.named ? call.failAsShell(read.wrong + ": invalid option name", 2)
                      : wrongOption(call, read.wrong);
  }
  if (read.shows) showOptions(call, read.asCommands);
  if (read.next < call.args.size() || read.ended) call.state.arguments = from(call, read.next);
  return 0;
}

int runShopt(Call& call) {
  std::string on, off;
  const std::size_t first = lettersOf(call, on, off);
  const auto has = [&](char c) { return on.find(c) != std::string::npos; };
  const auto options = has('o') ? setOptions() : shoptOptions();
  std::vector<std::string> names = from(call, first);
  const bool all = names.empty();
  for (const ShellOption& one : options) {
    if (all) names.emplace_back(one.name);
  }
  int code = 0;
  for (const std::string& name : names) {
    const bool is = call.state.on(name);
    if (findOption(options, name) == nullptr) {
      code = call.failAsShell(name + ": invalid shell option name");
    } else if (all && (has('s') || has('u'))) {
      if (is == has('s')) call.print(base::padRight(name, 15) + "\t" + (is ? "on" : "off") + "\n");
    } else if (has('s')) {
      call.state.options.insert(name);
    } else if (has('u')) {
      call.state.options.erase(name);
    } else {
      if (!has('q')) call.print(base::padRight(name, 15) + "\t" + (is ? "on" : "off") + "\n");
      if (!all && !is) code = 1;
    }
  }
  return code;
}

constexpr Command kCommands[] = {
    {"declare", "declare [-aAfFgiprx] [NAME[=VALUE]...]", "show and set variables and functions",
     runDeclare},
    {"export", "export [-n] NAME[=VALUE]...", "set variables that commands are given", runExport},
    {"local", "local NAME[=VALUE]...", "variables of a function alone", runLocal},
    {"readonly", "readonly NAME[=VALUE]...", "variables that stay as they are", runReadonly},
    {"set", "set [-eux] [-o OPTION] [-- ARGUMENT...]",
     "options of the shell, show variables, set $1, $2, ...", runSet},
    {"shopt", "shopt [-suq] [OPTION...]", "more options of the shell", runShopt},
    {"typeset", "typeset [-aAfFgiprx] [NAME[=VALUE]...]", "show and set variables and functions",
     runDeclare},
    {"unset", "unset [-f|-v] NAME...", "forget variables, elements and functions", runUnset}};

}  // namespace

std::span<const Command> variableCommands() {
  return kCommands;
}

}  // namespace console
