// SPDX-License-Identifier: GPL-3.0-or-later
// Runs parsed lines: expands words, connects pipelines and redirections, calls commands. Bounded:
// the number of commands, the depth of $( ) and the size of outputs have limits, so every line
// ends.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "console/command.h"
#include "console/parser.h"

namespace console {

class Interpreter {
 public:
  Interpreter(Machine& machine, ShellState& state, const std::vector<std::string>& history)
      : m_machine(machine), m_state(state), m_history(history) {}

  // Output and errors in one text, as a terminal shows them.
  std::string runLine(std::string_view line, const ParsedLine& parsed);
  // Runs a command that is already split into words, with the streams of the call that asks.
  int runCommand(const std::vector<std::string>& args, Call& like);
  // A line of its own with the streams of the call that asks: sh -c, watch.
  int runText(std::string_view line, Call& like);
  // The next line of a loop's or the call's input, for read; false at its end.
  bool readLine(const Call& call, std::string& line);
  // break and continue: as many loops as said.
  void leaveLoop(int loops, bool continues);
  // Of the function being run: local, return. False: there is none.
  bool keepLocal(const std::string& name);
  bool leaveFunction();
  // A shell of its own with $0 and arguments: bash -c, bash FILE.
  int runScript(std::string_view text, const std::string& name,
                const std::vector<std::string>& arguments, Call& like);
  // A line in the shell itself with arguments of its own, from which return leaves: source.
  int runSource(std::string_view text, const std::vector<std::string>& arguments, Call& like);
  // The sum of (( )) or let; an error in bash's words.
  base::Result<std::int64_t> sum(const std::string& text, std::string& error);
  void setVariable(const std::string& name, std::string text);
  [[nodiscard]] const std::vector<std::string>& history() const { return m_history; }
  [[nodiscard]] const std::vector<sim::Action>& changed() const { return m_changed; }
  [[nodiscard]] base::SimTime duration() const { return m_duration; }
  // The background job being started; null in the foreground.
  [[nodiscard]] Job* job() const { return m_job; }

 private:
  // What is done inside of ( ), $( ) or a pipeline leaves the shell itself as it was.
  class Subshell {
   public:
    explicit Subshell(Interpreter& of);
    ~Subshell();
    Subshell(const Subshell&) = delete;
    Subshell& operator=(const Subshell&) = delete;

   private:
    Interpreter& m_of;
    std::map<std::string, std::string> m_variables, m_functions;
    std::vector<std::string> m_arguments;
    std::string m_directory, m_previousDirectory, m_user;
  };
  struct Streams {
    const std::string& input;
    bool hasInput;
    std::string& out;
    std::string& error;
  };
  void runParsed(const ParsedLine& parsed, std::string& out, std::string& error);
  void startJob(const Pipeline& pipeline, std::string& out);
  void runList(const std::vector<Pipeline>& list, std::string& out, std::string& error);
  int runCompound(const SimpleCommand& command, Streams streams);
  void runLoop(const SimpleCommand& command, Streams streams);
  [[nodiscard]] static int commandLimit();
  void runCount(const SimpleCommand& command, Streams streams);
  bool sumHolds(const std::string& text, std::string& error);
  int runFunction(const std::string& source, const std::vector<std::string>& args, Streams streams);
  void defineFunction(const SimpleCommand& command);
  [[nodiscard]] bool leaves() const { return m_leave > 0 || m_returns; }
  bool loopGoesOn();
  int exhausted(std::string& error);
  int runPipeline(const Pipeline& pipeline, std::string& out, std::string& error);
  int runSimple(const SimpleCommand& command, Streams streams);
  int runRedirected(const SimpleCommand& command, const std::vector<std::string>& args,
                    Streams streams);
  int runOne(const SimpleCommand& command, const std::vector<std::string>& args, Streams streams);
  int invoke(const std::vector<std::string>& args, Streams streams);
  void runChoice(const SimpleCommand& command, Streams streams);
  // False when a redirection cannot be opened; the reason is on error.
  bool writeTarget(const Redirection& redirection, const std::string& text, std::string& error);
  std::vector<std::string> expand(const ShellWord& word, std::string& error);
  void expandOne(const ShellWord& word, std::vector<std::string>& results, std::string& error);
  std::string value(const WordPart& part, std::string& error);
  std::string substituted(const std::string& line, std::string& error);
  std::string braced(const std::string& inside, std::string& error);
  // The parts of a word in one; as a pattern: what was quoted stands for itself.
  std::string joined(const ShellWord& word, bool pattern, std::string& error);
  [[nodiscard]] std::optional<std::string> parameter(const std::string& name) const;
  std::vector<std::string> matchFiles(const std::string& pattern, const std::string& literal);
  void assign(const Assignment& to, const ShellWord& word, std::string& error);

  Machine& m_machine;
  ShellState& m_state;
  std::vector<sim::Action> m_changed;
  base::SimTime m_duration;
  const std::vector<std::string>& m_history;
  Job* m_job = nullptr;
  std::string m_line;                  // the line being run, as a job shows it
  std::string* m_loopInput = nullptr;  // what is left to read in the loop being run
  // Of each function being run: its local variables as they were before.
  std::vector<KeptVariables> m_locals;
  bool m_returns = false;  // the function is being left
  int m_sources = 0;       // files being read by source
  int m_nesting = 0;       // of lists being run
  int m_leave = 0;         // loops to leave; the last goes on when m_continues
  bool m_continues = false;
  int m_loops = 0;
  bool m_told = false;    // that the line has run too many commands
  bool m_broken = false;  // a word could not be expanded: the command is not run
  int m_depth = 0;
  int m_commands = 0;
};

}  // namespace console
