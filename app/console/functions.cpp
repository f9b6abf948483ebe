// SPDX-License-Identifier: GPL-3.0-or-later
// Lines that the shell runs inside of other lines: functions, sh -c, source, subshells.
#include <utility>

#include "console/interpreter.h"
#include "console/text/quoting.h"

namespace console {
namespace {

constexpr int kDepthLimit = 8;
constexpr std::size_t kFunctionDepthLimit = 60;
constexpr std::size_t kMostFunctions = 100;

}  // namespace

Interpreter::Subshell::Subshell(Interpreter& of)
    : m_of(of),
      m_context(of.m_state),
      m_locals(of.m_locals),
      m_exits(of.m_exits),
      m_abandons(of.m_abandons),
      m_returns(of.m_returns),
      m_continues(of.m_continues),
      m_leave(of.m_leave) {
  ++of.m_subshells;
  std::erase_if(of.m_state.traps, [](const auto& trap) { return !trap.second.empty(); });
}

Interpreter::Subshell::~Subshell() {
  static_cast<ShellContext&>(m_of.m_state) = std::move(m_context);
  m_of.m_locals = std::move(m_locals);
  m_of.m_exits = m_exits;
  m_of.m_abandons = m_abandons;
  m_of.m_returns = m_returns;
  m_of.m_continues = m_continues;
  m_of.m_leave = m_leave;
  --m_of.m_subshells;
}

// The EXIT trap of a shell that ends; its exit code stays what it was.
void Interpreter::endShell(std::string& out, std::string& error) {
  m_exits = m_abandons = m_returns = false;
  m_leave = 0;
  const int code = m_state.lastExit;
  runTrap("EXIT", out, error);
  if (!m_exits) m_state.lastExit = code;
  m_exits = false;
  m_state.traps.erase("EXIT");
}

void Interpreter::runTrap(const std::string& signal, std::string& out, std::string& error) {
  const auto found = m_state.traps.find(signal);
  if (found == m_state.traps.end() || found->second.empty() || m_depth >= kDepthLimit) return;
  const std::string line = found->second;
  const int before = m_state.lastExit;
  const std::string held = std::exchange(m_state.traps[signal], {});  // it is not run inside itself
  ++m_depth;
  ++m_traced;
  ++m_lineHeld;
  runParsed(parseLine(line), line, out, error);
  --m_lineHeld;
  --m_traced;
  --m_depth;
  if (m_state.traps.contains(signal) && m_state.traps[signal].empty()) m_state.traps[signal] = held;
  if (!m_exits) m_state.lastExit = before;
}

std::string Interpreter::captured(const std::string& line, std::string& error) {
  if (m_depth >= kDepthLimit) {
    error += "bash: maximum nesting of command substitution exceeded\n";
    return {};
  }
  ++m_depth;
  ++m_traced;
  std::string out;
  {
    const Subshell inside(*this);
    m_state.options.erase("errexit");
    m_state.lastExit = 0;
    runParsed(parseLine(line), line, out, error);
    endShell(out, error);
  }
  --m_traced;
  --m_depth;
  return out;
}

// The file of <( ) holds what its line prints; that of >( ) is read when the command is done.
std::string Interpreter::openProcess(const std::string& process, std::string& error) {
  constexpr std::size_t kMost = 50, kFirst = 63;
  if (m_processes.size() >= kMost) return "/dev/null";
  ProcessFile file{"/dev/fd/" + std::to_string(kFirst - m_processes.size()), process.substr(1),
                   process.starts_with('<')};
  const std::string path = file.path;
  m_processes.push_back(file);
  m_state.files[path] = "";
  if (file.read) m_state.files[path] = captured(file.line, error);
  return path;
}

void Interpreter::closeProcesses(std::size_t before, Streams streams) {
  while (m_processes.size() > before) {
    const ProcessFile file = std::move(m_processes.back());
    m_processes.pop_back();
    const std::string text = std::exchange(m_state.files[file.path], {});
    m_state.files.erase(file.path);
    if (file.read || m_depth >= kDepthLimit) continue;
    ++m_depth;
    const int code = m_state.lastExit;
    std::string rest = text;
    std::string* const input = std::exchange(m_loopInput, &rest);
    {
      const Subshell inside(*this);
      runParsed(parseLine(file.line), file.line, streams.out, streams.error);
      endShell(streams.out, streams.error);
    }
    m_loopInput = input;
    m_state.lastExit = code;
    --m_depth;
  }
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
  m_state.variables.putBack(m_locals.back());
  m_locals.pop_back();
  std::swap(arguments, m_state.arguments);
  return m_state.lastExit;
}

// What an alias stands for, with the words that follow it. False: the command is none.
bool Interpreter::runAlias(const SimpleCommand& command, const std::vector<std::string>& args,
                           Streams streams, int& code) {
  const std::string name = args.empty() ? "" : args[0];
  const auto found = m_state.aliases.find(name);
  if (found == m_state.aliases.end() || command.written.empty() || command.written[0] != name ||
      !m_state.interactive || m_depth >= kDepthLimit) {
    return false;
  }
  std::string line = found->second;
  for (std::size_t i = 1; i < args.size(); ++i) line += " " + singleQuoted(args[i]);
  // Inside of what it stands for its name is the command's.
  const std::string text = found->second;
  m_state.aliases.erase(name);
  Call like{m_machine,        m_state,     *this,         args,      streams.input,
            streams.hasInput, streams.out, streams.error, m_changed, m_duration};
  code = runText(line, like);
  m_state.aliases.try_emplace(name, text);
  return true;
}

bool Interpreter::keepLocal(const std::string& name) {
  if (m_locals.empty()) return false;
  m_state.variables.keep(name, m_locals.back());
  return true;
}

bool Interpreter::leaveFunction() {
  m_returns = !m_locals.empty() || m_sources > 0;
  return m_returns;
}

int Interpreter::runText(std::string_view line, Call& like) {
  if (m_depth >= kDepthLimit) return like.fail("maximum nesting exceeded", 1);
  ++m_depth;
  ++m_traced;
  ++m_lineHeld;
  const auto parsed = parseLine(line);
  if (parsed) {
    SimpleCommand group;
    group.kind = SimpleCommand::Kind::Group;
    group.parts.push_back(parsed.value());
    m_state.lastExit = runCompound(group, {like.input, like.hasInput, like.out, like.error});
  } else {
    complainOfSyntax(parsed.error(), line, like.error);
    m_state.lastExit = 2;
  }
  --m_lineHeld;
  --m_traced;
  --m_depth;
  return m_state.lastExit;
}

int Interpreter::runScript(const Script& script, Call& like) {
  if (m_depth >= kDepthLimit) return like.fail("maximum nesting exceeded", 1);
  const Subshell inside(*this);
  ShellContext fresh;
  for (const auto& [name, value] : m_state.variables.exported()) {
    ShellVariable one;
    one.text = value;
    one.exported = true;
    fresh.variables.put(name, std::move(one));
  }
  fresh.directory = m_state.directory;
  fresh.previousDirectory = m_state.previousDirectory;
  fresh.user = m_state.user;
  fresh.scriptName = script.name;
  fresh.arguments = script.arguments;
  fresh.options = script.options;
  fresh.interactive = false;
  fresh.file = script.file;
  static_cast<ShellContext&>(m_state) = std::move(fresh);
  m_locals.clear();
  const int tested = std::exchange(m_tested, 0), loops = std::exchange(m_loops, 0);
  const int traced = std::exchange(m_traced, 1), held = std::exchange(m_lineHeld, 0);
  m_state.lastExit = 0;
  ++m_depth;
  const auto parsed = parseLine(script.text);
  if (parsed) {
    SimpleCommand group;
    group.kind = SimpleCommand::Kind::Group;
    group.parts.push_back(parsed.value());
    const auto* top = std::exchange(m_top, script.file ? group.parts.data() : nullptr);
    runCompound(group, {like.input, like.hasInput, like.out, like.error});
    m_top = top;
  } else {
    runParsed(parsed, script.text, like.out, like.error);
  }
  endShell(like.out, like.error);
  --m_depth;
  m_lineHeld = held;
  m_traced = traced;
  m_loops = loops;
  m_tested = tested;
  return m_state.lastExit;
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
  const auto number = m_expander.sum(text, error);
  if (number) return number.value() != 0;
  error += m_state.complaint() + "((: " + text + ": " + number.error().message + "\n";
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
    if (m_exits || m_abandons) break;
  }
  m_state.lastExit = code;
}

}  // namespace console
