// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/interpreter.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "console/file_view.h"
#include "console/text/glob.h"

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

sim::Outcome Call::apply(const sim::Action& action) {
  sim::Outcome outcome = machine.world.apply(action, machine.who, machine.telemetry);
  if (outcome.accepted) changed.push_back(action);
  return outcome;
}

std::string Interpreter::runLine(std::string_view line, const ParsedLine& parsed) {
  std::string text;
  m_line = base::trim(line);
  if (m_line.ends_with('&')) m_line = base::trim(m_line.substr(0, m_line.size() - 1));
  runParsed(parsed, text, text);
  return text;
}

void Interpreter::runParsed(const ParsedLine& parsed, std::string& out, std::string& error) {
  if (!parsed) {
    error += parsed.error().message + "\n";
    m_state.lastExit = 2;
    return;
  }
  runList(parsed.value(), out, error);
}

void Interpreter::runList(const std::vector<Pipeline>& list, std::string& out, std::string& error) {
  for (const Pipeline& pipeline : list) {
    if (pipeline.joint == Pipeline::Joint::IfSucceeded && m_state.lastExit != 0) continue;
    if (pipeline.joint == Pipeline::Joint::IfFailed && m_state.lastExit == 0) continue;
    if (pipeline.background && m_job == nullptr) {
      startJob(pipeline, out);
      continue;
    }
    m_state.lastExit = runPipeline(pipeline, out, error);
    if (leaves() || m_commands > kCommandLimit) break;
    if (m_state.psql.open && &out == &error) break;  // the rest of the line would wait for \q
  }
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
  const int code = runPipeline(pipeline, text, text);
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
  // The first command of a line inside sh -c, a group or a loop reads what those were given.
  std::string input = m_loopInput != nullptr ? *m_loopInput : "";
  const base::SimTime since = m_duration;
  int code = 0;
  for (std::size_t i = 0; i < pipeline.commands.size(); ++i) {
    const bool last = i + 1 == pipeline.commands.size();
    std::string stage;
    std::optional<Subshell> inside;
    if (pipeline.commands.size() > 1) inside.emplace(*this);
    code = runSimple(pipeline.commands[i],
                     {input, i > 0 || m_loopInput != nullptr, last ? out : stage, error});
    if (!last) input = std::move(stage);
    clip(input);
  }
  clip(out);
  if (pipeline.timed) {
    const std::int64_t took = m_duration.ms - since.ms;
    const auto line = [](const char* name, std::int64_t ms) {
      return std::string(name) + "\t" + std::to_string(ms / 60'000) + "m" +
             base::fixedText(static_cast<double>(ms % 60'000) / 1000, 3) + "s\n";
    };
    // MODEL: a command that waits for nothing takes two milliseconds, half of them the kernel's.
    error += "\n" + line("real", took + 2) + line("user", 1) + line("sys", 1);
  }
  if (pipeline.negated) return code == 0 ? 1 : 0;
  return code;
}

int Interpreter::runSimple(const SimpleCommand& command, Streams streams) {
  if (++m_commands > kCommandLimit) return exhausted(streams.error);
  if (command.kind != SimpleCommand::Kind::Words) return runRedirected(command, {}, streams);
  std::vector<Assignment> assigned;
  for (const ShellWord& word : command.words) {
    std::optional<Assignment> one = assignmentIn(word);
    if (!one) break;
    assigned.push_back(std::move(*one));
  }
  std::vector<std::string> args;
  for (std::size_t i = assigned.size(); i < command.words.size(); ++i) {
    for (std::string& text : expand(command.words[i], streams.error))
      args.push_back(std::move(text));
  }
  // NAME=value before a command is for that command alone.
  const bool forNow = assigned.size() < command.words.size();
  KeptVariables kept;
  for (std::size_t i = 0; i < assigned.size(); ++i) {
    if (forNow) m_state.keep(assigned[i].name, kept);
    assign(assigned[i], command.words[i], streams.error);
  }
  const int code = std::exchange(m_broken, false) ? 1 : runRedirected(command, args, streams);
  m_state.putBack(kept);
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

int Interpreter::runRedirected(const SimpleCommand& command, const std::vector<std::string>& args,
                               Streams streams) {
  if (command.redirections.empty()) return runOne(command, args, streams);
  std::string captured, capturedError, input = streams.input;
  bool hasInput = streams.hasInput, early = false, takesOut = false, takesError = false,
       toOutput = false, toError = false;
  for (const Redirection& redirection : command.redirections) {
    using Kind = Redirection::Kind;
    if (redirection.kind == Kind::ErrorToOutput) {
      toOutput = true;
      early = !takesOut;  // 2>&1 >FILE: the output as it was before
    }
    if (redirection.kind == Kind::OutputToError) toError = true;
    if (redirection.kind == Kind::Write || redirection.kind == Kind::Append) {
      takesOut = takesOut || redirection.output;
      takesError = takesError || redirection.error;
      continue;
    }
    if (redirection.kind == Kind::ErrorToOutput || redirection.kind == Kind::OutputToError) {
      continue;
    }
    const auto names = expand(redirection.target, streams.error);
    const std::string name = names.empty() ? "" : names[0];
    hasInput = true;
    if (redirection.kind == Kind::Text || redirection.kind == Kind::Document) {
      input = redirection.kind == Kind::Text ? name + "\n" : name;
      continue;
    }
    const FileView files(m_machine, m_state);
    const auto text = files.read(name);
    if (!text) {
      streams.error += "bash: " + name + ": " + text.error().message + "\n";
      return 1;
    }
    input = text.value();
  }
  // What a job that goes on prints later goes where it is told to now.
  if (m_job != nullptr && takesOut) {
    for (const Redirection& redirection : command.redirections) {
      if (redirection.kind != Redirection::Kind::Write &&
          redirection.kind != Redirection::Kind::Append) {
        continue;
      }
      const auto names = expand(redirection.target, streams.error);
      if (redirection.output && names.size() == 1) {
        m_job->outputPath = FileView(m_machine, m_state).resolve(names[0]);
      }
    }
  }
  std::string& written = takesError ? capturedError : streams.error;
  std::string& out = toError ? written : takesOut ? captured : streams.out;
  const int code = runOne(command, args,
                          {input, hasInput, out, toOutput ? (early ? streams.out : out) : written});
  for (const Redirection& redirection : command.redirections) {
    if (redirection.kind != Redirection::Kind::Write &&
        redirection.kind != Redirection::Kind::Append) {
      continue;
    }
    std::string text;
    if (redirection.output) text += captured;
    if (redirection.error) text += capturedError;
    if (!writeTarget(redirection, text, streams.error)) return 1;
  }
  return code;
}

bool Interpreter::writeTarget(const Redirection& redirection, const std::string& text,
                              std::string& error) {
  const auto names = expand(redirection.target, error);
  if (names.size() != 1) {
    error += "bash: ambiguous redirect\n";
    return false;
  }
  const FileView files(m_machine, m_state);
  const bool append = redirection.kind == Redirection::Kind::Append;
  const auto result = files.write(names[0], text, append, m_changed);
  if (!result) error += "bash: " + names[0] + ": " + result.error().message + "\n";
  return result.ok();
}

int Interpreter::invoke(const std::vector<std::string>& args, Streams streams) {
  const Command* command = findCommand(args[0]);
  if (command == nullptr) {
    const FileView files(m_machine, m_state);
    if (args[0].find('/') != std::string::npos) {
      const bool there = files.exists(args[0]);
      streams.error += "bash: " + args[0] + ": " +
                       (files.isDirectory(args[0]) ? "Is a directory"
                        : there                    ? "Permission denied"
                                                   : "No such file or directory") +
                       "\n";
      return there ? 126 : 127;
    }
    streams.error += "bash: " + args[0] + ": command not found\n";
    return 127;
  }
  const bool says = args[0] != "echo" && args[0] != "sudo" && args[0] != "[" && args[0] != "test" &&
                    args[0] != "psql";
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

bool Interpreter::readLine(const Call& call, std::string& line) {
  if (m_loopInput == nullptr) {
    line = call.input.substr(0, call.input.find('\n'));
    return !call.input.empty();
  }
  if (m_loopInput->empty()) return false;
  const std::size_t end = m_loopInput->find('\n');
  line = m_loopInput->substr(0, end);
  m_loopInput->erase(0, end == std::string::npos ? end : end + 1);
  return true;
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
  if (m_commands > kCommandLimit || m_returns) return false;
  if (m_leave == 0) return true;
  return --m_leave == 0 && m_continues;
}

void Interpreter::runLoop(const SimpleCommand& command, Streams streams) {
  if (command.kind == SimpleCommand::Kind::Count) return runCount(command, streams);
  int code = 0;
  if (command.kind == SimpleCommand::Kind::For) {
    std::vector<std::string> values;
    for (const ShellWord& word : command.words) {
      for (std::string& text : expand(word, streams.error)) values.push_back(std::move(text));
    }
    for (const std::string& value : values) {
      if (++m_commands > kCommandLimit) break;
      setVariable(command.variable, value);
      runList(command.parts[0], streams.out, streams.error);
      code = m_state.lastExit;
      if (!loopGoesOn()) break;
    }
  } else {
    const bool until = command.kind == SimpleCommand::Kind::Until;
    while (++m_commands <= kCommandLimit) {
      runList(command.parts[0], streams.out, streams.error);
      if (leaves() || (m_state.lastExit == 0) == until) break;
      runList(command.parts[1], streams.out, streams.error);
      code = m_state.lastExit;
      if (!loopGoesOn()) break;
    }
  }
  m_state.lastExit = m_commands > kCommandLimit ? exhausted(streams.error) : code;
}

void Interpreter::runChoice(const SimpleCommand& command, Streams streams) {
  const std::string subject = joined(command.words[0], false, streams.error);
  m_state.lastExit = 0;
  for (std::size_t i = 0; i < command.patterns.size(); ++i) {
    for (const ShellWord& pattern : command.patterns[i]) {
      if (!globMatches(joined(pattern, true, streams.error), subject)) continue;
      runList(command.parts[i], streams.out, streams.error);
      return;
    }
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
  } else if (command.kind == SimpleCommand::Kind::Group) {
    runList(command.parts[0], streams.out, streams.error);
  } else if (command.kind == SimpleCommand::Kind::Subshell) {
    const Subshell inside(*this);
    runList(command.parts[0], streams.out, streams.error);
  } else if (command.kind == SimpleCommand::Kind::Sum) {
    m_state.lastExit = sumHolds(command.sums[0], streams.error) ? 0 : 1;
  } else if (command.kind == SimpleCommand::Kind::Function) {
    defineFunction(command);
  } else if (command.kind == SimpleCommand::Kind::Case) {
    runChoice(command, streams);
  } else if (command.kind == SimpleCommand::Kind::If) {
    std::size_t i = 0;
    bool done = false;
    for (; i + 1 < command.parts.size() && !done; i += 2) {
      runList(command.parts[i], streams.out, streams.error);
      if (m_state.lastExit != 0) continue;
      runList(command.parts[i + 1], streams.out, streams.error);
      done = true;
    }
    if (!done) m_state.lastExit = 0;
    if (!done && i < command.parts.size()) {
      runList(command.parts[i], streams.out, streams.error);
    }
  } else {
    ++m_loops;
    runLoop(command, streams);
    --m_loops;
  }
  --m_nesting;
  m_loopInput = before;
  return m_state.lastExit;
}

}  // namespace console
