// SPDX-License-Identifier: GPL-3.0-or-later
// Where what a command reads comes from, and where what it prints goes.
#include <algorithm>
#include <deque>
#include <map>

#include "console/file_view.h"
#include "console/interpreter.h"

namespace console {
namespace {

using Kind = Redirection::Kind;

// The number of a descriptor as a word says it; -1: it says none.
int descriptorIn(std::string_view word) {
  constexpr std::size_t kMostDigits = 7;
  if (word.empty() || word.find_first_not_of("0123456789") != std::string_view::npos) return -1;
  return std::stoi(std::string(word.substr(0, kMostDigits)));
}

}  // namespace

// Opens what the redirections name, in their order, before the command runs: a file is emptied
// then, and what cannot be opened keeps the command from running. What was printed is written when
// the command is done.
class Interpreter::Descriptors {
 public:
  Descriptors(Interpreter& of, Streams streams)
      : m_of(of),
        m_streams(streams),
        m_table{{0, {nullptr, streams.hasInput ? &streams.input : nullptr}},
                {1, {&streams.out, nullptr}},
                {2, {&streams.error, nullptr}}} {}

  // False: it cannot be opened, and the reason is among the errors.
  bool open(const Redirection& one) {
    switch (one.kind) {
      case Kind::Text:
        return read(one, m_of.m_expander.text(one.target, m_streams.error) + "\n");
      case Kind::Document:
        return read(one, m_of.m_expander.text(one.target, m_streams.error));
      case Kind::Duplicate:
        return duplicate(one);
      case Kind::Read:
      case Kind::Write:
      case Kind::Append:
        break;
    }
    const auto names = m_of.m_expander.words(one.target, m_streams.error);
    if (names.size() != 1) return ambiguous(one);
    return one.kind == Kind::Read ? readFile(one, names[0]) : openFile(one, names[0]);
  }

  // The command's streams. What a closed descriptor gets is lost.
  [[nodiscard]] Streams streams() {
    const auto input = m_table.find(0);
    const bool given = input != m_table.end() && input->second.source != nullptr;
    return {given ? *input->second.source : m_streams.input, given, sink(1, m_lostOutput),
            sink(2, m_lostErrors)};
  }

  // The exit code of all, from the command's own.
  int close(int code, const std::string& name) {
    if (!m_lostOutput.empty() && !name.empty()) {
      complain(name + ": write error: Bad file descriptor");
      code = std::max(code, 1);
    }
    std::size_t gone = 0;
    for (const File& file : m_files) {
      if (file.text.empty() && !file.special) continue;
      if (file.emptied > 0) {  // and written: one change
        const auto at = static_cast<std::ptrdiff_t>(file.emptied - 1 - gone++);
        m_of.m_changed.erase(m_of.m_changed.begin() + at);
      }
      if (!write(file.name, file.text, true)) code = 1;
    }
    return code;
  }

 private:
  struct Descriptor {
    std::string* sink;
    const std::string* source;
  };
  struct File {
    std::string name, text;
    bool special = false;     // of the kernel's: nothing is kept in it
    std::size_t emptied = 0;  // which of the changes emptied it, from 1; 0: it was empty
  };

  std::string& sink(int descriptor, std::string& lost) {
    const auto found = m_table.find(descriptor);
    return found == m_table.end() || found->second.sink == nullptr ? lost : *found->second.sink;
  }
  bool complain(const std::string& text) {
    m_streams.error += m_of.m_state.complaint() + text + "\n";
    return false;
  }
  bool ambiguous(const Redirection& one) { return complain(one.typed + ": ambiguous redirect"); }

  bool write(const std::string& name, const std::string& text, bool append) {
    const auto result =
        FileView(m_of.m_machine, m_of.m_state).write(name, text, append, m_of.m_changed);
    return result.ok() || complain(name + ": " + result.error().message);
  }

  bool read(const Redirection& one, std::string text) {
    m_inputs.push_back(std::move(text));
    m_table[one.descriptor] = {nullptr, &m_inputs.back()};
    return true;
  }

  bool readFile(const Redirection& one, const std::string& name) {
    const auto text = FileView(m_of.m_machine, m_of.m_state).read(name);
    if (!text) return complain(name + ": " + text.error().message);
    return read(one, text.value());
  }

  bool duplicate(const Redirection& one) {
    const auto names = m_of.m_expander.words(one.target, m_streams.error);
    if (names.size() != 1) return ambiguous(one);
    std::string name = names[0];
    const bool closes = name.ends_with('-');  // N- moves it
    if (closes) name.pop_back();
    if (closes && name.empty()) {
      m_table.erase(one.descriptor);
      return true;
    }
    const int from = descriptorIn(name);
    if (from < 0) return one.reads() || one.numbered ? ambiguous(one) : openBoth(names[0]);
    const auto found = m_table.find(from);
    if (found == m_table.end()) return complain(name + ": Bad file descriptor");
    m_table[one.descriptor] = found->second;
    if (closes && from != one.descriptor) m_table.erase(from);
    return true;
  }

  bool openBoth(const std::string& name) {
    Redirection one;
    one.both = true;
    return openFile(one, name);
  }

  bool openFile(const Redirection& one, const std::string& name) {
    const FileView files(m_of.m_machine, m_of.m_state);
    const std::string path = files.resolve(name);
    if (one.descriptor == 1 && m_of.m_job != nullptr) m_of.m_job->outputPath = path;
    if (path == "/dev/stdout" || path == "/dev/stderr" || path == "/dev/tty") {
      lead(one, {path == "/dev/stdout" ? &sink(1, m_lostOutput) : &sink(2, m_lostErrors), nullptr});
      return true;
    }
    const bool append = one.kind == Kind::Append;
    const bool special = path.starts_with("/dev/") || path.starts_with("/proc/");
    if (!append && !special && one.sign.find(">|") == std::string::npos &&
        m_of.m_state.on("noclobber") && files.exists(name)) {
      return complain(name + ": cannot overwrite existing file");
    }
    // What is written there takes effect at once, so it is not opened by writing nothing.
    if (path.starts_with("/proc/") && m_of.m_state.user != "root") {
      return complain(name +
                      (files.exists(name) ? ": Permission denied" : ": No such file or directory"));
    }
    const std::size_t before = m_of.m_changed.size();
    if (!special && !write(name, "", append)) return false;
    const std::size_t after = m_of.m_changed.size();
    m_files.push_back({name, "", special, after > before ? after : 0});
    lead(one, {&m_files.back().text, nullptr});
    return true;
  }

  void lead(const Redirection& one, Descriptor to) {
    m_table[one.descriptor] = to;
    if (one.both) m_table[2] = to;
  }

  Interpreter& m_of;
  Streams m_streams;
  std::deque<std::string> m_inputs;
  std::deque<File> m_files;
  std::string m_lostOutput, m_lostErrors;
  std::map<int, Descriptor> m_table;
};

int Interpreter::runRedirected(const SimpleCommand& command, const std::vector<std::string>& args,
                               Streams streams) {
  if (command.redirections.empty()) return runOne(command, args, streams);
  Descriptors descriptors(*this, streams);
  bool opened = true;
  for (const Redirection& one : command.redirections) opened = opened && descriptors.open(one);
  if (const auto failure = m_expander.takeFailure()) return givenUp(*failure);
  if (!opened) return 1;
  const int code = runOne(command, args, descriptors.streams());
  return descriptors.close(code, args.empty() ? "" : args[0]);
}

}  // namespace console
