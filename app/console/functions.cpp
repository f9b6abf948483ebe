// SPDX-License-Identifier: GPL-3.0-or-later
// Lines that the shell runs inside of other lines: functions, sh -c, source, subshells.
#include <utility>

#include "console/interpreter.h"

namespace console {
namespace {

constexpr int kDepthLimit = 8;
constexpr std::size_t kFunctionDepthLimit = 60;
constexpr std::size_t kMostFunctions = 100;

}  // namespace

Interpreter::Subshell::Subshell(Interpreter& of)
    : m_of(of),
      m_variables(of.m_state.variables),
      m_functions(of.m_state.functions),
      m_arguments(of.m_state.arguments),
      m_directory(of.m_state.directory),
      m_previousDirectory(of.m_state.previousDirectory),
      m_user(of.m_state.user) {}

Interpreter::Subshell::~Subshell() {
  ShellState& state = m_of.m_state;
  state.variables = std::move(m_variables);
  state.functions = std::move(m_functions);
  state.arguments = std::move(m_arguments);
  state.directory = std::move(m_directory);
  state.previousDirectory = std::move(m_previousDirectory);
  state.user = std::move(m_user);
}

void Interpreter::defineFunction(const SimpleCommand& command) {
  auto& functions = m_state.functions;
  if (functions.size() < kMostFunctions || functions.contains(command.variable)) {
    functions[command.variable] = command.written[0];
  }
  m_state.lastExit = 0;
}

int Interpreter::runFunction(const std::string& source, const std::vector<std::string>& args,
                             Streams streams) {
  if (m_locals.size() >= kFunctionDepthLimit) {
    streams.error += "bash: " + args[0] + ": maximum function nesting level exceeded (" +
                     std::to_string(kFunctionDepthLimit) + ")\n";
    return 1;
  }
  const auto parsed = parseLine(source);
  if (!parsed) return 2;  // it was read when it was defined
  std::vector<std::string> arguments(args.begin() + 1, args.end());
  std::swap(arguments, m_state.arguments);
  m_locals.emplace_back();
  const int loops = std::exchange(m_loops, 0);  // break leaves none of the caller's
  SimpleCommand group;
  group.kind = SimpleCommand::Kind::Group;
  group.parts.push_back(parsed.value());
  runCompound(group, streams);
  m_returns = false;
  m_loops = loops;
  m_state.putBack(m_locals.back());
  m_locals.pop_back();
  std::swap(arguments, m_state.arguments);
  return m_state.lastExit;
}

bool Interpreter::keepLocal(const std::string& name) {
  if (m_locals.empty()) return false;
  m_state.keep(name, m_locals.back());
  return true;
}

bool Interpreter::leaveFunction() {
  m_returns = !m_locals.empty() || m_sources > 0;
  return m_returns;
}

// sh -c and scripts: a shell of their own.
int Interpreter::runText(std::string_view line, Call& like) {
  if (m_depth >= kDepthLimit) return like.fail("maximum nesting exceeded", 1);
  ++m_depth;
  const auto parsed = parseLine(line);
  if (parsed) {
    SimpleCommand group;
    group.kind = SimpleCommand::Kind::Group;
    group.parts.push_back(parsed.value());
    m_state.lastExit = runCompound(group, {like.input, like.hasInput, like.out, like.error});
  } else {
    like.complain(parsed.error().message);
    m_state.lastExit = 2;
  }
  --m_depth;
  return m_state.lastExit;
}

int Interpreter::runScript(std::string_view text, const std::string& name,
                           const std::vector<std::string>& arguments, Call& like) {
  const Subshell inside(*this);
  std::string script = name;
  std::swap(script, m_state.scriptName);
  m_state.arguments = arguments;
  m_state.functions.clear();
  auto locals = std::exchange(m_locals, {});
  const int code = runText(text, like);
  m_locals = std::move(locals);
  std::swap(script, m_state.scriptName);
  return code;
}

int Interpreter::runSource(std::string_view text, const std::vector<std::string>& arguments,
                           Call& like) {
  const std::vector<std::string> before = m_state.arguments;
  if (!arguments.empty()) m_state.arguments = arguments;
  ++m_sources;
  const int code = runText(text, like);
  --m_sources;
  m_returns = false;
  if (!arguments.empty()) m_state.arguments = before;
  return code;
}

bool Interpreter::sumHolds(const std::string& text, std::string& error) {
  const auto number = sum(text, error);
  if (number) return number.value() != 0;
  error += "bash: ((: " + text + ": " + number.error().message + "\n";
  return false;
}

// for (( FIRST; WHILE; THEN ))
void Interpreter::runCount(const SimpleCommand& command, Streams streams) {
  const auto blank = [](const std::string& text) {
    return text.find_first_not_of(" \t\n") == std::string::npos;
  };
  int code = 0;
  if (!blank(command.sums[0])) static_cast<void>(sumHolds(command.sums[0], streams.error));
  while (++m_commands <= commandLimit() &&
         (blank(command.sums[1]) || sumHolds(command.sums[1], streams.error))) {
    runList(command.parts[0], streams.out, streams.error);
    code = m_state.lastExit;
    if (!loopGoesOn()) break;
    static_cast<void>(sumHolds(command.sums[2], streams.error));
  }
  m_state.lastExit = m_commands > commandLimit() ? exhausted(streams.error) : code;
}

}  // namespace console
