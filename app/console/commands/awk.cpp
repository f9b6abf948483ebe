// SPDX-License-Identifier: GPL-3.0-or-later
// The awk program: options, reading its input, where its output goes.
#include "base/text.h"
#include "console/awk/machine.h"
#include "console/file_view.h"
#include "console/interpreter.h"
#include "console/options.h"

namespace console {
namespace {

int sendOutputs(Call& call, const awk::Outcome& outcome) {
  const FileView files(call.machine, call.state);
  for (const awk::Outcome::Target& target : outcome.targets) {
    if (target.kind == "|") {
      Call piped{call.machine, call.state, call.interpreter, {},           target.text,
                 true,         call.out,   call.error,       call.changed, call.duration};
      call.interpreter.runCommand({"sh", "-c", target.name}, piped);
      continue;
    }
    const auto written = files.write(target.name, target.text, target.kind == ">>", call.changed);
    if (!written) {
      return call.fail("cannot open \"" + target.name + "\" (" + written.error().message + ")", 2);
    }
  }
  return outcome.exitCode;
}

bool isAssignment(const std::string& text) {
  const std::size_t equals = text.find('=');
  return equals != std::string::npos && equals > 0 &&
         text.substr(0, equals).find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
             std::string::npos;
}

int runAwk(Call& call) {
  std::vector<std::pair<std::string, std::string>> variables;
  std::string text;
  bool haveText = false;
  std::size_t i = 1;
  for (; i < call.args.size() && call.args[i].size() > 1 && call.args[i][0] == '-'; ++i) {
    const std::string& argument = call.args[i];
    if (argument == "--") {
      ++i;
      break;
    }
    const char key = argument[1];
    if (key != 'F' && key != 'v' && key != 'f') return call.fail("not an option: " + argument, 2);
    if (argument.size() == 2 && i + 1 >= call.args.size()) {
      return call.fail("option requires an argument -- " + std::string(1, key), 2);
    }
    const std::string value = argument.size() > 2 ? argument.substr(2) : call.args[++i];
    const std::size_t equals = value.find('=');
    if (key == 'F') {
      variables.emplace_back("FS", value == "t" ? "\\t" : value);
    } else if (key == 'v') {
      if (!isAssignment(value)) return call.fail("improper assignment: -v " + value, 2);
      variables.emplace_back(value.substr(0, equals), value.substr(equals + 1));
    } else {
      const auto file = FileView(call.machine, call.state).read(value);
      if (!file) return call.fail("couldn't open file " + value + ": " + file.error().message, 2);
      text += file.value() + "\n";
      haveText = true;
    }
  }
  if (!haveText) {
    if (i >= call.args.size()) {
      call.complain("usage: awk [-F fs][-v var=value][prog | -f progfile][file ...]");
      return 2;
    }
    text = call.args[i++];
  }
  const auto program = awk::parse(text);
  if (!program) return call.fail(program.error().message, 2);
  std::vector<std::string> names;
  for (; i < call.args.size(); ++i) {
    const std::size_t equals = call.args[i].find('=');
    if (isAssignment(call.args[i]) && call.args[i].find('/') > equals) {
      variables.emplace_back(call.args[i].substr(0, equals), call.args[i].substr(equals + 1));
    } else {
      names.push_back(call.args[i]);
    }
  }
  std::vector<awk::Input> given;
  bool failed = false;
  if (awk::readsInput(program.value())) {
    for (InputText& one : inputs(call, names, failed)) given.push_back({one.name, one.text});
  }
  const awk::Outcome outcome =
      awk::execute(program.value(), variables, given, call.state.variables.exported());
  call.print(outcome.out);
  if (!outcome.error.empty()) call.complain(outcome.error.substr(0, outcome.error.size() - 1));
  const int code = sendOutputs(call, outcome);
  return failed ? 2 : code;
}

constexpr Command kCommands[] = {
    {"awk", "awk [-F SEPARATOR] [-v NAME=VALUE] 'PROGRAM' [FILE...]",
     "fields, conditions and sums over lines", runAwk},
    {"mawk", "mawk [-F SEPARATOR] [-v NAME=VALUE] 'PROGRAM' [FILE...]", "awk", runAwk}};

}  // namespace

std::span<const Command> awkCommands() {
  return kCommands;
}

}  // namespace console
