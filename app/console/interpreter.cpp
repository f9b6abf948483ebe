// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/interpreter.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "console/conditions.h"
#include "console/file_view.h"
#include "console/text/glob.h"
#include "console/text/quoting.h"

namespace console {
namespace {

constexpr int kCommandLimit = 600;
constexpr int kNestingLimit = 120;

void clip(std::string& text) {
  if (text.size() > kOutputLimit) text.resize(kOutputLimit);
}

}  // namespace

void Call::print(std::string_view text) {
  if (out.size() < kOutputLimit) out += text.substr(0, kOutputLimit - out.size());
}

void Call::complain(std::string_view text) {
  if (error.size() >= kOutputLimit) return;
  error += text;
  error += '\n';
}

int Call::fail(std::string_view text, int code) {
  complain(args[0] + ": " + std::string(text));
  return code;
}

int Call::failAsShell(std::string_view text, int code) {
  complain(state.complaint() + args[0] + ": " + std::string(text));
  return code;
}

sim::Outcome Call::apply(const sim::Action& action) {
  sim::Outcome outcome = machine.world.apply(action, machine.who, machine.telemetry);
  if (outcome.accepted) changed.push_back(action);
  return outcome;
}

Interpreter::Interpreter(Machine& machine, ShellState& state,
                         const std::vector<std::string>& history)
    : m_machine(machine),
      m_state(state),
      m_history(history),
      m_expander(machine, state,
                 {[this](const std::string& line, std::string& error) {
                    std::string out = captured(line, error);
                    while (!out.empty() && out.back() == '\n') out.pop_back();
                    return out;
                  },
                  [this](const std::string& process, std::string& error) {
                    return openProcess(process, error);
                  }}) {}

std::string Interpreter::runLine(std::string_view line, const ParsedLine& parsed) {
  std::string text;
  m_line = base::trim(line);
  if (m_line.ends_with('&')) m_line = base::trim(m_line.substr(0, m_line.size() - 1));
  runParsed(parsed, line, text, text);
  if (m_exits) {
    endShell(text, text);
    m_exits = true;
  }
  return text;
}

void Interpreter::runParsed(const ParsedLine& parsed, std::string_view line, std::string& out,
                            std::string& error) {
  if (parsed) return runList(parsed.value(), out, error);
  complainOfSyntax(parsed.error(), line, error);
  m_state.lastExit = 2;
}

// A script names the line, and shows it when a word in it was not expected.
void Interpreter::complainOfSyntax(const base::Error& fault, std::string_view line,
                                   std::string& error) const {
  constexpr std::string_view kHead = "bash: ";
  if (m_state.interactive || !fault.message.starts_with(kHead)) {
    error += fault.message + "\n";
    return;
  }
  const std::vector<std::string> lines = base::split(line, '\n');
  const bool shown = !fault.place.empty();
  const bool ends = fault.message.ends_with("end of file");
  const std::string number = shown ? fault.place : std::to_string(lines.size() + (ends ? 1 : 0));
  const std::string head =
      m_state.scriptName + (m_state.file ? "" : ": -c") + ": line " + number + ": ";
  error += head + fault.message.substr(kHead.size()) + "\n";
  const auto place = static_cast<std::size_t>(shown ? std::stoi(number) : 0);
  if (shown && place <= lines.size()) error += head + "`" + lines[place - 1] + "'\n";
}

void Interpreter::runList(const std::vector<Pipeline>& list, std::string& out, std::string& error) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Pipeline& pipeline = list[i];
    if (pipeline.joint == Pipeline::Joint::IfSucceeded && m_state.lastExit != 0) continue;
    if (pipeline.joint == Pipeline::Joint::IfFailed && m_state.lastExit == 0) continue;
    if (pipeline.background && m_job == nullptr) {
      startJob(pipeline, out);
      continue;
    }
    const bool asked =
        pipeline.negated || (i + 1 < list.size() && list[i + 1].joint != Pipeline::Joint::Always);
    if (!m_state.interactive && m_lineHeld == 0) m_state.line = pipeline.commands[0].line;
    m_tested += asked ? 1 : 0;
    m_state.lastExit = runPipeline(pipeline, out, error);
    m_tested -= asked ? 1 : 0;
    if (!asked && m_state.lastExit != 0) afterFailure(pipeline, out, error);
    // A script goes on with the command after the line that was given up.
    if (m_abandons && &list == m_top) {
      m_abandons = false;
      m_state.lastExit = 1;
      while (i + 1 < list.size() && list[i + 1].commands[0].line == pipeline.commands[0].line) ++i;
    }
    if (leaves() || m_commands > kCommandLimit) break;
    if (m_state.psql.open && &out == &error) break;  // the rest of the line would wait for \q
  }
}

// The ERR trap and set -e, for what is a command of its own.
void Interpreter::afterFailure(const Pipeline& pipeline, std::string& out, std::string& error) {
  using Kind = SimpleCommand::Kind;
  const Kind kind = pipeline.commands.back().kind;
  const bool single = kind == Kind::Words || kind == Kind::Subshell || kind == Kind::Sum ||
                      kind == Kind::Test || pipeline.commands.size() > 1;
  if (m_tested > 0 || !single || m_exits || m_abandons) return;
  if (m_locals.empty() || m_state.on("errtrace")) runTrap("ERR", out, error);
  if (m_state.on("errexit")) m_exits = true;
}

// A list whose exit code is asked for.
void Interpreter::runTested(const std::vector<Pipeline>& list, Streams streams) {
  ++m_tested;
  runList(list, streams.out, streams.error);
  --m_tested;
}

void Interpreter::trace(const std::string& text, std::string& error) const {
  if (!m_state.on("xtrace") || error.size() > kOutputLimit) return;
  const std::string* given = m_state.variables.text("PS4");
  const std::string sign = given == nullptr ? "+ " : *given;
  if (!sign.empty()) error += std::string(static_cast<std::size_t>(m_traced - 1), sign[0]) + sign;
  error += text + "\n";
}

// The job is a shell of its own: it begins at once, and what it prints is shown when it is done,
// but for sessions and benchmarks, which go on as time passes (jobs.h).
void Interpreter::startJob(const Pipeline& pipeline, std::string& out) {
  constexpr std::size_t kMostJobs = 50;
  if (m_state.jobs.size() >= kMostJobs) {
    out += "bash: fork: retry: Resource temporarily unavailable\n";
    m_state.lastExit = 254;
    return;
  }
  Job job;
  for (const Job& other : m_state.jobs) job.number = std::max(job.number, other.number + 1);
  constexpr std::uint32_t kFirstPid = 4400, kPidsApart = 7;
  job.pid = kFirstPid +
            kPidsApart * static_cast<std::uint32_t>(
                             job.number + static_cast<int>(m_machine.world.now().seconds() % 1000));
  job.command = m_line;
  const ShellState before = m_state;
  const base::SimTime since = m_duration;
  m_job = &job;
  std::string text;
  int code = 0;
  {
    const Subshell inside(*this);
    code = runPipeline(pipeline, text, text);
  }
  m_job = nullptr;
  const base::SimTime took{m_duration.ms - since.ms};
  m_duration = since;
  std::map<std::string, std::string> files = std::move(m_state.files);
  m_state = before;
  m_state.files = std::move(files);
  job.output = text + job.output;
  const bool goesOn = job.session.connected || job.benchmark.clients > 0;
  if (!goesOn) {
    job.exitCode = code;
    job.endsMs = m_machine.world.now().ms + took.ms;
  }
  out += "[" + std::to_string(job.number) + "] " + std::to_string(job.pid) + "\n";
  m_state.jobs.push_back(std::move(job));
  m_state.lastExit = 0;
}

int Interpreter::runPipeline(const Pipeline& pipeline, std::string& out, std::string& error) {
  const base::SimTime since = m_duration;
  const int code = runStages(pipeline, out, error);
  if (pipeline.timed != Pipeline::Timed::No) {
    const std::int64_t took = m_duration.ms - since.ms;
    const bool plain = pipeline.timed == Pipeline::Timed::Portable;
    const auto line = [&](const char* name, std::int64_t ms) {
      const std::int64_t minutes = plain ? 0 : ms / 60'000;
      const std::string seconds =
          base::fixedText(static_cast<double>(ms - minutes * 60'000) / 1000, plain ? 2 : 3);
      return plain ? std::string(name) + " " + seconds + "\n"
                   : std::string(name) + "\t" + std::to_string(minutes) + "m" + seconds + "s\n";
    };
    // MODEL: a command that waits for nothing takes two milliseconds, half of them the kernel's.
    error += (plain ? "" : "\n") + line("real", took + 2) + line("user", 1) + line("sys", 1);
  }
  if (pipeline.negated) return code == 0 ? 1 : 0;
  return code;
}

int Interpreter::runStages(const Pipeline& pipeline, std::string& out, std::string& error) {
  // The first command of a line inside sh -c, a group or a loop reads what those were given.
  std::string input = m_loopInput != nullptr ? *m_loopInput : "";
  std::vector<int> codes;
  for (std::size_t i = 0; i < pipeline.commands.size(); ++i) {
    const bool last = i + 1 == pipeline.commands.size();
    std::string stage;
    std::string& to = last ? out : stage;
    std::optional<Subshell> inside;
    if (pipeline.commands.size() > 1) inside.emplace(*this);
    codes.push_back(
        runSimple(pipeline.commands[i], {input, i > 0 || m_loopInput != nullptr, to, error}));
    if (inside) {
      m_state.lastExit = codes.back();
      endShell(to, error);
      codes.back() = m_state.lastExit;
    }
    if (!last) input = std::move(stage);
    clip(input);
  }
  clip(out);
  int code = codes.back();
  for (std::size_t i = codes.size(); m_state.on("pipefail") && code == 0 && i > 0; --i) {
    code = codes[i - 1];
  }
  m_state.pipeStatus = std::move(codes);
  return code;
}

int Interpreter::runSimple(const SimpleCommand& command, Streams streams) {
  if (++m_commands > kCommandLimit) return exhausted(streams.error);
  if (!m_state.interactive && m_lineHeld == 0) m_state.line = command.line;
  const std::size_t open = m_processes.size();
  const int code = command.kind == SimpleCommand::Kind::Words ? runWords(command, streams)
                                                              : runRedirected(command, {}, streams);
  closeProcesses(open, streams);
  return code;
}

// A word of the command could not be expanded: the line is given up, a script ends.
int Interpreter::givenUp(int code) {
  if (!m_state.interactive && code != 1) {
    m_exits = true;
    return m_state.lastExit = code;
  }
  m_abandons = true;
  return m_state.lastExit = 1;
}

std::vector<std::string> Interpreter::argumentsOf(const SimpleCommand& command, std::size_t first,
                                                  std::string& error) {
  std::vector<std::string> args;
  bool assigns = false;
  for (std::size_t i = first; i < command.words.size(); ++i) {
    const ShellWord& word = command.words[i];
    if (const auto one = assigns ? assignmentIn(word) : std::nullopt) {
      args.push_back(m_expander.assignmentText(*one, error));
      continue;
    }
    for (std::string& text : m_expander.words(word, error)) args.push_back(std::move(text));
    assigns = assigns || (i == first && args.size() == 1 && declares(args[0]));
  }
  return args;
}

int Interpreter::runWords(const SimpleCommand& command, Streams streams) {
  std::vector<Assignment> assigned;
  for (const ShellWord& word : command.words) {
    std::optional<Assignment> one = assignmentIn(word);
    if (!one) break;
    assigned.push_back(std::move(*one));
  }
  const int before = m_state.lastExit;
  const std::vector<std::string> args = argumentsOf(command, assigned.size(), streams.error);
  // NAME=value before a command is for that command alone, and handed on to it.
  const bool forNow = assigned.size() < command.words.size();
  if (!forNow) m_state.lastExit = 0;
  KeptVariables kept;
  for (std::size_t i = 0; i < assigned.size(); ++i) {
    const std::string& name = assigned[i].name;
    if (forNow) m_state.variables.keep(name, kept);
    m_expander.assign(assigned[i], streams.error);
    const ShellVariable* made = m_state.variables.find(name);
    if (made != nullptr && m_state.on("xtrace")) {
      const std::string written = command.written[i].substr(0, command.written[i].find('=') + 1);
      const bool array = made->kind != ShellVariable::Kind::Text;
      trace(array ? command.written[i] : written + quotedIfNeeded(made->text), streams.error);
    }
    if (made == nullptr || !forNow) continue;
    ShellVariable given = *made;
    given.exported = true;
    m_state.variables.put(name, std::move(given));
  }
  int code = 0;
  if (const auto failure = m_expander.takeFailure()) {
    code = givenUp(*failure);
  } else if (!forNow && command.redirections.empty()) {
    code = m_state.lastExit;  // of a substitution in it
  } else {
    m_state.lastExit = before;
    if (m_state.on("xtrace") && !args.empty()) {
      std::string text;
      for (const std::string& one : args) text += (text.empty() ? "" : " ") + quotedIfNeeded(one);
      trace(text, streams.error);
    }
    if (!runAlias(command, args, streams, code)) code = runRedirected(command, args, streams);
  }
  m_state.variables.putBack(kept);
  return code;
}

int Interpreter::runOne(const SimpleCommand& command, const std::vector<std::string>& args,
                        Streams streams) {
  if (command.kind != SimpleCommand::Kind::Words) return runCompound(command, streams);
  if (args.empty()) return 0;
  if (const auto own = m_state.functions.find(args[0]); own != m_state.functions.end()) {
    return runFunction(std::string(own->second), args, streams);
  }
  return invoke(args, streams);
}

int Interpreter::invoke(const std::vector<std::string>& args, Streams streams) {
  const Command* command = findCommand(args[0]);
  if (command == nullptr) {
    const FileView files(m_machine, m_state);
    if (args[0].find('/') != std::string::npos) {
      const bool there = files.exists(args[0]);
      streams.error += m_state.complaint() + args[0] + ": " +
                       (files.isDirectory(args[0]) ? "Is a directory"
                        : there                    ? "Permission denied"
                                                   : "No such file or directory") +
                       "\n";
      return there ? 126 : 127;
    }
    streams.error += m_state.complaint() + args[0] + ": command not found\n";
    return 127;
  }
  static constexpr std::string_view kTakeIt[] = {"[", "echo", "printf", "psql", "sudo", "test"};
  const bool says = std::find(std::begin(kTakeIt), std::end(kTakeIt), args[0]) == std::end(kTakeIt);
  if (args.size() == 2 && args[1] == "--help" && says) {
    streams.out +=
        "Usage: " + std::string(command->synopsis) + "\n" + std::string(command->summary) + "\n";
    return 0;
  }
  Call call{m_machine,        m_state,     *this,         args,      streams.input,
            streams.hasInput, streams.out, streams.error, m_changed, m_duration};
  return command->run(call);
}

int Interpreter::runCommand(const std::vector<std::string>& args, Call& like) {
  if (args.empty()) return 0;
  if (++m_commands > kCommandLimit) return like.fail("too many commands", 254);
  return invoke(args, {like.input, like.hasInput, like.out, like.error});
}

bool Interpreter::readLine(const Call& call, std::string& line, char end) {
  const std::string& text = m_loopInput == nullptr ? call.input : *m_loopInput;
  const std::size_t to = text.find(end);
  const bool there = to != std::string::npos;
  line = text.substr(0, to);
  if (m_loopInput != nullptr) m_loopInput->erase(0, there ? to + 1 : to);
  return there;
}

std::size_t Interpreter::readBytes(const Call& call, std::string& text, std::size_t most,
                                   char end) {
  const std::string& whole = m_loopInput == nullptr ? call.input : *m_loopInput;
  const std::size_t to = std::min(whole.find(end), whole.size());
  const bool ends = to < whole.size() && to < most;
  text = whole.substr(0, std::min(to, most));
  if (m_loopInput != nullptr) m_loopInput->erase(0, text.size() + (ends ? 1 : 0));
  return ends ? most : text.size();
}

std::string Interpreter::readAll(const Call& call) {
  return m_loopInput == nullptr ? call.input : std::exchange(*m_loopInput, {});
}

void Interpreter::leaveLoop(int loops, bool continues) {
  if (m_loops == 0) return;
  m_leave = std::min(loops, m_loops);
  m_continues = continues;
}

int Interpreter::commandLimit() {
  return kCommandLimit;
}

// The line has run all the commands a line may: said once.
int Interpreter::exhausted(std::string& error) {
  if (!std::exchange(m_told, true)) {
    error += "bash: fork: retry: Resource temporarily unavailable\n";
  }
  return 254;
}

// After a round of a loop: whether another may begin.
bool Interpreter::loopGoesOn() {
  if (m_commands > kCommandLimit || m_returns || m_exits || m_abandons) return false;
  if (m_leave == 0) return true;
  return --m_leave == 0 && m_continues;
}

void Interpreter::runFor(const SimpleCommand& command, Streams streams) {
  std::vector<std::string> values;
  std::string written;
  for (std::size_t i = 0; i < command.words.size(); ++i) {
    written += " " + command.written[i];
    for (std::string& text : m_expander.words(command.words[i], streams.error)) {
      values.push_back(std::move(text));
    }
  }
  if (const auto failure = m_expander.takeFailure()) {
    m_state.lastExit = givenUp(*failure);
    return;
  }
  int code = 0;
  for (const std::string& value : values) {
    if (++m_commands > kCommandLimit) break;
    trace("for " + command.variable + " in" + written, streams.error);
    m_expander.setVariable(command.variable, value, streams.error);
    runList(command.parts[0], streams.out, streams.error);
    code = m_state.lastExit;
    if (!loopGoesOn()) break;
  }
  m_state.lastExit = code;
}

void Interpreter::runLoop(const SimpleCommand& command, Streams streams) {
  if (command.kind == SimpleCommand::Kind::Count) {
    runCount(command, streams);
  } else if (command.kind == SimpleCommand::Kind::For) {
    runFor(command, streams);
  } else {
    int code = 0;
    const bool until = command.kind == SimpleCommand::Kind::Until;
    while (++m_commands <= kCommandLimit) {
      runTested(command.parts[0], streams);
      if (leaves() || (m_state.lastExit == 0) == until) break;
      runList(command.parts[1], streams.out, streams.error);
      code = m_state.lastExit;
      if (!loopGoesOn()) break;
    }
    if (!m_exits) m_state.lastExit = code;
  }
  if (m_commands > kCommandLimit) m_state.lastExit = exhausted(streams.error);
}

void Interpreter::runChoice(const SimpleCommand& command, Streams streams) {
  const std::string subject = m_expander.text(command.words[0], streams.error);
  trace("case " + command.written[0] + " in", streams.error);
  m_state.lastExit = 0;
  bool falls = false;
  for (std::size_t i = 0; i < command.patterns.size(); ++i) {
    for (const ShellWord& pattern : command.patterns[i]) {
      if (falls) break;
      falls = globMatches(m_expander.pattern(pattern, streams.error), subject);
    }
    if (!falls) continue;
    runList(command.parts[i], streams.out, streams.error);
    if (command.endings[i] == ";;" || leaves()) return;
    falls = command.endings[i] == ";&";
  }
}

void Interpreter::runIf(const SimpleCommand& command, Streams streams) {
  std::size_t i = 0;
  for (; i + 1 < command.parts.size(); i += 2) {
    runTested(command.parts[i], streams);
    if (leaves()) return;
    if (m_state.lastExit == 0) return runList(command.parts[i + 1], streams.out, streams.error);
  }
  m_state.lastExit = 0;
  if (i < command.parts.size()) runList(command.parts[i], streams.out, streams.error);
}

void Interpreter::runTest(const SimpleCommand& command, Streams streams) {
  std::vector<std::string> shown;
  m_state.lastExit =
      testCondition(command.conditions[0], {m_machine, m_state, m_expander, streams.error}, shown);
  for (const std::string& one : shown) trace("[[ " + one + " ]]", streams.error);
}

void Interpreter::runByKind(const SimpleCommand& command, Streams streams) {
  using Kind = SimpleCommand::Kind;
  switch (command.kind) {
    case Kind::Words:
      break;
    case Kind::Group:
      return runList(command.parts[0], streams.out, streams.error);
    case Kind::Subshell: {
      const Subshell inside(*this);
      runList(command.parts[0], streams.out, streams.error);
      return endShell(streams.out, streams.error);
    }
    case Kind::Sum:
      trace("(( " + command.sums[0] + " ))", streams.error);
      m_state.lastExit = sumHolds(command.sums[0], streams.error) ? 0 : 1;
      return;
    case Kind::Test:
      return runTest(command, streams);
    case Kind::Function:
      return defineFunction(command);
    case Kind::Case:
      return runChoice(command, streams);
    case Kind::If:
      return runIf(command, streams);
    case Kind::For:
    case Kind::Count:
    case Kind::While:
    case Kind::Until:
      ++m_loops;
      runLoop(command, streams);
      --m_loops;
  }
}

int Interpreter::runCompound(const SimpleCommand& command, Streams streams) {
  std::string rest = streams.input;
  std::string* const before = m_loopInput;
  if (streams.hasInput) m_loopInput = &rest;
  ++m_nesting;
  if (m_nesting > kNestingLimit) {
    streams.error += "bash: maximum nesting exceeded\n";
    m_state.lastExit = 1;
    m_returns = !m_locals.empty();
  } else {
    runByKind(command, streams);
    if (const auto failure = m_expander.takeFailure()) m_state.lastExit = givenUp(*failure);
  }
  --m_nesting;
  m_loopInput = before;
  return m_state.lastExit;
}

}  // namespace console
