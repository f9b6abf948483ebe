// SPDX-License-Identifier: GPL-3.0-or-later
// Runs parsed lines: connects pipelines and redirections, calls commands, follows loops, functions
// and subshells. What words become is the expander's. Bounded: the number of commands, the depth of
// $( ) and the size of outputs have limits, so every line ends.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "console/command.h"
#include "console/expander.h"
#include "console/parser.h"

namespace console {

class Interpreter {
 public:
  Interpreter(Machine& machine, ShellState& state, const std::vector<std::string>& history);

  // Output and errors in one text, as a terminal shows them.
  std::string runLine(std::string_view line, const ParsedLine& parsed);
  // Runs a command that is already split into words, with the streams of the call that asks.
  int runCommand(const std::vector<std::string>& args, Call& like);
  // A line in this shell with the streams of the call that asks: eval.
  int runText(std::string_view line, Call& like);
  // A shell of its own: bash -c, bash FILE, watch.
  struct Script {
    std::string text;
    std::string name;                    // $0
    std::vector<std::string> arguments;  // $1, ...
    std::set<std::string> options = firstOptions(false);
    bool file = false;
  };
  int runScript(const Script& script, Call& like);
  // A line in the shell itself with arguments of its own, from which return leaves: source.
  int runSource(std::string_view text, const std::vector<std::string>& arguments, Call& like);
  // The next line of a loop's or the call's input, for read; false: nothing ends it.
  bool readLine(const Call& call, std::string& line, char end = '\n');
  // Up to so many bytes of it, as far as an end; how many were taken.
  std::size_t readBytes(const Call& call, std::string& text, std::size_t most, char end);
  // All that is left of it, for mapfile.
  std::string readAll(const Call& call);
  // break and continue: as many loops as said.
  void leaveLoop(int loops, bool continues);
  // Of the function being run: local, return. False: there is none.
  bool keepLocal(const std::string& name);
  bool leaveFunction();
  // exit: ends the shell, or the subshell, that runs this.
  void leaveShell() { m_exits = true; }
  [[nodiscard]] bool left() const { return m_exits; }
  [[nodiscard]] bool inSubshell() const { return m_subshells > 0; }
  // The commands of a trap, if there is one.
  void runTrap(const std::string& signal, std::string& out, std::string& error);
  [[nodiscard]] Expander& expander() { return m_expander; }
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
    ShellContext m_context;
    std::vector<KeptVariables> m_locals;
    bool m_exits, m_abandons, m_returns, m_continues;
    int m_leave;
  };
  struct Streams {
    const std::string& input;
    bool hasInput;
    std::string& out;
    std::string& error;
  };
  // Where the descriptors of one command lead (redirection.cpp).
  class Descriptors;
  // <( ) or >( ) of the command being run.
  struct ProcessFile {
    std::string path, line;
    bool read = true;  // by the command
  };
  void runParsed(const ParsedLine& parsed, std::string_view line, std::string& out,
                 std::string& error);
  void complainOfSyntax(const base::Error& fault, std::string_view line, std::string& error) const;
  void startJob(const Pipeline& pipeline, std::string& out);
  void runList(const std::vector<Pipeline>& list, std::string& out, std::string& error);
  void runTested(const std::vector<Pipeline>& list, Streams streams);
  bool runAlias(const SimpleCommand& command, const std::vector<std::string>& args, Streams streams,
                int& code);
  void afterFailure(const Pipeline& pipeline, std::string& out, std::string& error);
  void endShell(std::string& out, std::string& error);
  int runCompound(const SimpleCommand& command, Streams streams);
  void runByKind(const SimpleCommand& command, Streams streams);
  void runLoop(const SimpleCommand& command, Streams streams);
  void runFor(const SimpleCommand& command, Streams streams);
  void runIf(const SimpleCommand& command, Streams streams);
  void runTest(const SimpleCommand& command, Streams streams);
  [[nodiscard]] static int commandLimit();
  void runCount(const SimpleCommand& command, Streams streams);
  bool sumHolds(const std::string& text, std::string& error);
  int runFunction(const std::string& source, const std::vector<std::string>& args, Streams streams);
  void defineFunction(const SimpleCommand& command);
  [[nodiscard]] bool leaves() const { return m_leave > 0 || m_returns || m_exits || m_abandons; }
  bool loopGoesOn();
  int exhausted(std::string& error);
  int runPipeline(const Pipeline& pipeline, std::string& out, std::string& error);
  int runStages(const Pipeline& pipeline, std::string& out, std::string& error);
  int runSimple(const SimpleCommand& command, Streams streams);
  int runWords(const SimpleCommand& command, Streams streams);
  std::vector<std::string> argumentsOf(const SimpleCommand& command, std::size_t first,
                                       std::string& error);
  int givenUp(int code);
  int runRedirected(const SimpleCommand& command, const std::vector<std::string>& args,
                    Streams streams);
  int runOne(const SimpleCommand& command, const std::vector<std::string>& args, Streams streams);
  int invoke(const std::vector<std::string>& args, Streams streams);
  void runChoice(const SimpleCommand& command, Streams streams);
  std::string captured(const std::string& line, std::string& error);
  std::string openProcess(const std::string& process, std::string& error);
  void closeProcesses(std::size_t before, Streams streams);
  // set -x
  void trace(const std::string& text, std::string& error) const;

  Machine& m_machine;
  ShellState& m_state;
  std::vector<sim::Action> m_changed;
  base::SimTime m_duration;
  const std::vector<std::string>& m_history;
  Expander m_expander;
  Job* m_job = nullptr;
  std::string m_line;                  // the line being run, as a job shows it
  std::string* m_loopInput = nullptr;  // what is left to read in the loop being run
  // Of each function being run: its local variables as they were before.
  std::vector<KeptVariables> m_locals;
  std::vector<ProcessFile> m_processes;
  bool m_returns = false;   // the function is being left
  bool m_exits = false;     // the shell is
  bool m_abandons = false;  // the line is, whatever is nested in it
  int m_sources = 0;        // files being read by source
  int m_nesting = 0;        // of lists being run
  int m_leave = 0;          // loops to leave; the last goes on when m_continues
  bool m_continues = false;
  int m_loops = 0;
  int m_tested = 0;     // commands being run whose failure is asked for: if, &&, !
  int m_subshells = 0;  // being run
  bool m_told = false;  // that the line has run too many commands
  int m_depth = 0;
  int m_traced = 1;    // signs in front of a traced command
  int m_lineHeld = 0;  // traps and evals being run: their lines have no numbers of their own
  // The commands of the script being run, which goes on after one that was given up.
  const std::vector<Pipeline>* m_top = nullptr;
  int m_commands = 0;
};

}  // namespace console
