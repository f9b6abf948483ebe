// SPDX-License-Identifier: GPL-3.0-or-later
// Where what a command reads comes from, and where what it prints goes.
#include "console/file_view.h"
#include "console/interpreter.h"

namespace console {
namespace {

using Kind = Redirection::Kind;

bool writes(const Redirection& redirection) {
  return redirection.kind == Kind::Write || redirection.kind == Kind::Append;
}

bool reads(const Redirection& redirection) {
  return redirection.kind == Kind::Read || redirection.kind == Kind::Text ||
         redirection.kind == Kind::Document;
}

}  // namespace

bool Interpreter::readInput(const Redirection& redirection, std::string& input,
                            std::string& error) {
  if (redirection.kind != Kind::Read) {
    input = m_expander.text(redirection.target, error);
    if (redirection.kind == Kind::Text) input += "\n";
    return true;
  }
  const auto names = m_expander.words(redirection.target, error);
  const std::string name = names.empty() ? "" : names[0];
  const auto text = FileView(m_machine, m_state).read(name);
  if (!text) {
    error += m_state.complaint() + name + ": " + text.error().message + "\n";
    return false;
  }
  input = text.value();
  return true;
}

int Interpreter::runRedirected(const SimpleCommand& command, const std::vector<std::string>& args,
                               Streams streams) {
  if (command.redirections.empty()) return runOne(command, args, streams);
  std::string captured, capturedError, input = streams.input;
  bool hasInput = streams.hasInput, early = false, takesOut = false, takesError = false,
       toOutput = false, toError = false;
  for (const Redirection& redirection : command.redirections) {
    if (redirection.kind == Kind::ErrorToOutput) {
      toOutput = true;
      early = !takesOut;  // 2>&1 >FILE: the output as it was before
    }
    if (redirection.kind == Kind::OutputToError) toError = true;
    if (writes(redirection)) {
      takesOut = takesOut || redirection.output;
      takesError = takesError || redirection.error;
      // What a job that goes on prints later goes where it is told to now.
      if (m_job == nullptr || !redirection.output) continue;
      const auto names = m_expander.words(redirection.target, streams.error);
      if (names.size() == 1) m_job->outputPath = FileView(m_machine, m_state).resolve(names[0]);
    } else if (reads(redirection)) {
      hasInput = true;
      if (!readInput(redirection, input, streams.error)) return 1;
    }
  }
  if (const auto failure = m_expander.takeFailure()) return givenUp(*failure);
  std::string& written = takesError ? capturedError : streams.error;
  std::string& out = toError ? written : takesOut ? captured : streams.out;
  const int code = runOne(command, args,
                          {input, hasInput, out, toOutput ? (early ? streams.out : out) : written});
  for (const Redirection& redirection : command.redirections) {
    if (!writes(redirection)) continue;
    std::string text;
    if (redirection.output) text += captured;
    if (redirection.error) text += capturedError;
    if (!writeTarget(redirection, text, streams.error)) return 1;
  }
  return code;
}

bool Interpreter::writeTarget(const Redirection& redirection, const std::string& text,
                              std::string& error) {
  const auto names = m_expander.words(redirection.target, error);
  if (names.size() != 1) {
    const std::string& written = redirection.written;
    error += m_state.complaint() + written.substr(written.find(' ') + 1) + ": ambiguous redirect\n";
    return false;
  }
  const FileView files(m_machine, m_state);
  const bool append = redirection.kind == Kind::Append;
  const bool kept = !append && redirection.written.find(">|") == std::string::npos &&
                    m_state.on("noclobber") && !files.resolve(names[0]).starts_with("/dev/");
  if (kept && files.exists(names[0])) {
    error += m_state.complaint() + names[0] + ": cannot overwrite existing file\n";
    return false;
  }
  const auto result = files.write(names[0], text, append, m_changed);
  if (!result) error += m_state.complaint() + names[0] + ": " + result.error().message + "\n";
  return result.ok();
}

}  // namespace console
