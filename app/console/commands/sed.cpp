// SPDX-License-Identifier: GPL-3.0-or-later
// sed: substitution, deletion, printing; -i edits files, configuration files too.
#include <algorithm>
#include <optional>

#include "base/text.h"
#include "console/file_view.h"
#include "console/options.h"
#include "console/text/pattern.h"

namespace console {
namespace {

// One command of a sed script: an address and p, d or s.
struct SedCommand {
  std::int64_t firstLine = 0, lastLine = 0;  // 0: no such address, -1: the last line
  std::optional<Pattern> address;
  char verb = 0;
  std::optional<Pattern> pattern;
  std::string replacement;
  bool global = false, print = false;
};

class SedParser {
 public:
  SedParser(std::string_view text, bool extended) : m_text(text), m_extended(extended) {}

  base::Result<std::vector<SedCommand>> run() {
    std::vector<SedCommand> commands;
    while (true) {
      while (m_at < m_text.size() &&
             std::string_view(" ;\n\t").find(m_text[m_at]) != std::string_view::npos)
        ++m_at;
      if (m_at >= m_text.size()) return commands;
      SedCommand command;
      if (auto result = address(command); !result) return result.error();
      if (m_at >= m_text.size()) return wrong("missing command");
      command.verb = m_text[m_at++];
      if (command.verb == 's') {
        if (auto result = substitution(command); !result) return result.error();
      } else if (command.verb == 'i' || command.verb == 'a' || command.verb == 'c') {
        command.replacement = std::string(m_text.substr(m_at));
        if (command.replacement.starts_with("\\")) command.replacement.erase(0, 1);
        while (command.replacement.starts_with(" ") || command.replacement.starts_with("\n")) {
          command.replacement.erase(0, 1);
        }
        m_at = m_text.size();
      } else if (command.verb != 'p' && command.verb != 'd' && command.verb != 'q') {
        return wrong(std::string("unknown command: `") + command.verb + "'");
      }
      commands.push_back(std::move(command));
    }
  }

 private:
  [[nodiscard]] base::Error wrong(const std::string& text) const {
    return {"sed", "", "-e expression #1, char " + std::to_string(m_at) + ": " + text};
  }
  [[nodiscard]] base::Result<Pattern> pattern(const std::string& text, bool ignoreCase) const {
    return Pattern::make(text, m_extended ? PatternSyntax::Extended : PatternSyntax::Basic,
                         ignoreCase);
  }

  // Reads up to the delimiter; \delimiter stands for the delimiter itself.
  std::optional<std::string> until(char delimiter) {
    std::string text;
    for (; m_at < m_text.size(); ++m_at) {
      if (m_text[m_at] == delimiter) {
        ++m_at;
        return text;
      }
      if (m_text[m_at] == '\\' && m_at + 1 < m_text.size()) {
        if (m_text[m_at + 1] != delimiter) text += '\\';
        ++m_at;
      }
      text += m_text[m_at];
    }
    return std::nullopt;
  }

  std::int64_t lineNumber() {
    if (m_at < m_text.size() && m_text[m_at] == '$') {
      ++m_at;
      return -1;
    }
    std::int64_t value = 0;
    while (m_at < m_text.size() && m_text[m_at] >= '0' && m_text[m_at] <= '9') {
      value = std::min<std::int64_t>(1'000'000'000, value * 10 + (m_text[m_at++] - '0'));
    }
    return value;
  }

  base::Result<> address(SedCommand& command) {
    if (m_text[m_at] == '/') {
      ++m_at;
      const auto text = until('/');
      if (!text) return wrong("unterminated address regex");
      auto made = pattern(*text, false);
      if (!made) return wrong(made.error().message);
      command.address = std::move(made.value());
      return base::Nothing{};
    }
    command.firstLine = command.lastLine = lineNumber();
    if (command.firstLine != 0 && m_at < m_text.size() && m_text[m_at] == ',') {
      ++m_at;
      command.lastLine = lineNumber();
    }
    return base::Nothing{};
  }

  base::Result<> substitution(SedCommand& command) {
    if (m_at >= m_text.size()) return wrong("unterminated `s' command");
    const char delimiter = m_text[m_at++];
    const auto from = until(delimiter);
    const auto to = from ? until(delimiter) : std::nullopt;
    if (!to) return wrong("unterminated `s' command");
    command.replacement = *to;
    bool ignoreCase = false;
    for (;
         m_at < m_text.size() && m_text[m_at] != ';' && m_text[m_at] != '\n' && m_text[m_at] != ' ';
         ++m_at) {
      const char flag = m_text[m_at];
      if (flag == 'g') {
        command.global = true;
      } else if (flag == 'p') {
        command.print = true;
      } else if (flag == 'i' || flag == 'I') {
        ignoreCase = true;
      } else {
        return wrong("unknown option to `s'");
      }
    }
    auto made = pattern(*from, ignoreCase);
    if (!made) return wrong(made.error().message);
    command.pattern = std::move(made.value());
    return base::Nothing{};
  }

  std::string_view m_text;
  bool m_extended;
  std::size_t m_at = 0;
};

std::string replacementText(const std::string& replacement, const std::string& line,
                            const PatternMatch& match) {
  std::string text;
  const auto group = [&](std::size_t number) {
    const std::size_t from = match.at[2 * number], to = match.at[2 * number + 1];
    if (from != std::string::npos && to != std::string::npos) text += line.substr(from, to - from);
  };
  for (std::size_t i = 0; i < replacement.size(); ++i) {
    const char c = replacement[i];
    if (c == '&') {
      group(0);
    } else if (c == '\\' && i + 1 < replacement.size()) {
      const char next = replacement[++i];
      if (next >= '0' && next <= '9') {
        group(static_cast<std::size_t>(next - '0'));
      } else {
        text += next == 'n' ? '\n' : next == 't' ? '\t' : next;
      }
    } else {
      text += c;
    }
  }
  return text;
}

bool substitute(const SedCommand& command, std::string& line) {
  std::string result;
  std::size_t from = 0;
  bool any = false;
  while (const auto match = command.pattern->find(line, from)) {
    any = true;
    result += line.substr(from, match->begin() - from) +
              replacementText(command.replacement, line, *match);
    from = match->end();
    if (match->end() == match->begin()) {
      if (from < line.size()) result += line[from];
      ++from;
    }
    if (!command.global || from > line.size() || result.size() > kOutputLimit) break;
  }
  if (from < line.size()) result += line.substr(from);
  if (any) line = std::move(result);
  return any;
}

std::string sedText(const std::vector<SedCommand>& commands, const std::string& text, bool quiet) {
  std::string out;
  auto lines = base::lines(text);
  for (std::size_t i = 0; i < lines.size() && out.size() < kOutputLimit; ++i) {
    bool deleted = false, quit = false;
    std::string after;
    for (const SedCommand& command : commands) {
      const auto number = static_cast<std::int64_t>(i) + 1;
      const auto last = static_cast<std::int64_t>(lines.size());
      const std::int64_t first = command.firstLine < 0 ? last : command.firstLine;
      const std::int64_t end = command.lastLine < 0 ? last : std::max(command.lastLine, first);
      if (command.firstLine != 0 && (number < first || number > end)) continue;
      if (command.address && !command.address->matches(lines[i])) continue;
      if (command.verb == 'd') deleted = true;
      if (command.verb == 'q') quit = true;
      if (command.verb == 'p') out += lines[i] + "\n";
      if (command.verb == 'i') out += command.replacement + "\n";
      if (command.verb == 'a') after += command.replacement + "\n";
      if (command.verb == 'c') lines[i] = command.replacement;
      if (command.verb == 's' && substitute(command, lines[i]) && command.print)
        out += lines[i] + "\n";
      if (deleted) break;
    }
    if (!deleted && !quiet) out += lines[i] + "\n";
    out += after;
    if (quit) break;
  }
  return out;
}

int runSed(Call& call) {
  for (std::string& argument : call.args) {
    if (argument.starts_with("-i") && argument.size() > 2 && argument[2] == '.')
      argument = "-i";  // -i.bak
  }
  Options options = parseOptions(call, "ne:Eri");
  if (!options.ok) return 1;
  std::string script;
  for (const auto& [key, value] : options.given) {
    if (key == 'e') script += (script.empty() ? "" : "\n") + value;
  }
  if (script.empty()) {
    if (options.rest.empty()) {
      call.complain("Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...");
      return 1;
    }
    script = options.rest.front();
    options.rest.erase(options.rest.begin());
  }
  const auto commands = SedParser(script, options.has('E') || options.has('r')).run();
  if (!commands) return call.fail(commands.error().message);
  bool failed = false;
  if (options.has('i') && options.rest.empty()) return call.fail("no input files");
  for (const InputText& input : inputs(call, options.rest, failed)) {
    const std::string text = sedText(commands.value(), input.text, options.has('n'));
    if (!options.has('i')) {
      call.print(text);
      continue;
    }
    const FileView files(call.machine, call.state);
    const auto result = files.write(input.name, text, false, call.changed);
    if (!result)
      return call.fail("couldn't open file " + input.name + ": " + result.error().message, 4);
  }
  return failed ? 2 : 0;
}

constexpr Command kCommands[] = {{"sed", "sed [-n] [-E] [-i] 's/FROM/TO/[g]' [FILE...]",
                                  "edit lines; -i changes the file (configuration files too)",
                                  runSed}};

}  // namespace

std::span<const Command> editCommands() {
  return kCommands;
}

}  // namespace console
