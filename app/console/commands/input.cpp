// SPDX-License-Identifier: GPL-3.0-or-later
// What makes words of its input: read, mapfile, xargs.
#include <algorithm>
#include <utility>

#include "base/text.h"
#include "console/interpreter.h"
#include "console/options.h"

namespace console {
namespace {

// The fields of a line by IFS, as many as there are names; the last takes what is left.
class Fields {
 public:
  // escaped: of each byte of line, whether a backslash stood before it.
  Fields(std::string line, std::vector<bool> escaped, std::string separators)
      : m_line(std::move(line)),
        m_escaped(std::move(escaped)),
        m_separators(std::move(separators)) {
    m_end = m_line.size();
    skipBlanks();
  }
  [[nodiscard]] bool ended() const { return m_at >= m_end; }
  std::string next() {
    const std::size_t from = m_at;
    while (!ended() && !separates(m_at)) ++m_at;
    std::string field = m_line.substr(from, m_at - from);
    skipBlanks();
    if (!ended() && separates(m_at) && !blank(m_at)) {
      ++m_at;
      skipBlanks();
    }
    return field;
  }
  std::string rest() {
    std::size_t end = m_end;
    while (end > m_at && blank(end - 1)) --end;
    // One separator at the end of one field belongs to neither.
    std::size_t first = m_at;
    while (first < end && !separates(first)) ++first;
    if (first + 1 == end) end = first;
    while (end > m_at && blank(end - 1)) --end;
    return m_line.substr(m_at, end - m_at);
  }

 private:
  [[nodiscard]] bool separates(std::size_t i) const {
    return !m_escaped[i] && m_separators.find(m_line[i]) != std::string::npos;
  }
  [[nodiscard]] bool blank(std::size_t i) const {
    return separates(i) && std::string_view(" \t\n").find(m_line[i]) != std::string_view::npos;
  }
  void skipBlanks() {
    while (!ended() && blank(m_at)) ++m_at;
  }

  std::string m_line;
  std::vector<bool> m_escaped;
  std::string m_separators;
  std::size_t m_at = 0, m_end = 0;
};

// A line with its backslashes taken away; one at its end asks for the next line.
bool readUnescaped(Call& call, char end, std::string& line, std::vector<bool>& escaped) {
  while (true) {
    std::string part;
    const bool there = call.interpreter.readLine(call, part, end);
    bool goesOn = false;
    for (std::size_t i = 0; i < part.size(); ++i) {
      const bool backslash = part[i] == '\\';
      if (backslash && i + 1 == part.size()) {
        goesOn = true;
        break;
      }
      if (backslash) ++i;
      line += part[i];
      escaped.push_back(backslash);
    }
    if (!goesOn || !there) return there;
  }
}

int runRead(Call& call) {
  const Options options = parseOptions(call, "ra:d:ei:n:N:p:st:u:");
  if (!options.ok) return 2;
  // The prompt is for somebody who types.
  Expander& expander = call.interpreter.expander();
  const std::string limit = options.value(options.has('N') ? 'N' : 'n', "");
  for (const std::string& name : options.rest) {
    if (!isName(name.substr(0, name.find('[')))) {
      return call.failAsShell("`" + name + "': not a valid identifier");
    }
  }
  const std::string given = options.value('d', "\n");
  const char end = options.has('N') || given.empty() ? '\0' : given[0];
  std::string line;
  std::vector<bool> escaped;
  bool there = false;
  if (!limit.empty()) {
    const auto most = static_cast<std::size_t>(numberOr(limit, 0, 0, 1 << 20));
    there = call.interpreter.readBytes(call, line, most, end) == most;
    escaped.assign(line.size(), false);
  } else if (options.has('r')) {
    there = call.interpreter.readLine(call, line, end);
    escaped.assign(line.size(), false);
  } else {
    there = readUnescaped(call, end, line, escaped);
  }
  const std::string* separators = call.state.variables.text("IFS");
  Fields fields(line, std::move(escaped), separators == nullptr ? " \t\n" : *separators);
  if (options.has('a')) {
    ShellVariable words;
    words.kind = ShellVariable::Kind::Indexed;
    for (std::int64_t i = 0; !fields.ended(); ++i) words.indexed[i] = fields.next();
    call.state.variables.put(options.value('a'), std::move(words));
  } else if (options.rest.empty()) {
    expander.setVariable("REPLY", line, call.error);
  }
  for (std::size_t i = 0; i < options.rest.size() && !options.has('a'); ++i) {
    const bool last = i + 1 == options.rest.size();
    const bool whole = last && options.has('N');
    expander.setPlace(options.rest[i],
                      whole  ? line
                      : last ? fields.rest()
                             : fields.next(),
                      call.error);
  }
  return there ? 0 : 1;
}

int runMapfile(Call& call) {
  const Options options = parseOptions(call, "td:n:s:O:u:C:c:");
  if (!options.ok) return 2;
  const std::string name = options.rest.empty() ? "MAPFILE" : options.rest[0];
  if (!isName(name)) return call.failAsShell("`" + name + "': not a valid identifier");
  const std::string given = options.value('d', "\n");
  const char end = given.empty() ? '\0' : given[0];
  const std::int64_t most = numberOr(options.value('n', "0"), 0, 0, INT32_MAX);
  std::int64_t skipped = numberOr(options.value('s', "0"), 0, 0, INT32_MAX);
  std::int64_t place = numberOr(options.value('O', "0"), 0, 0, INT32_MAX);
  ShellVariable lines;
  lines.kind = ShellVariable::Kind::Indexed;
  const ShellVariable* before = call.state.variables.find(name);
  if (options.has('O') && before != nullptr) lines = *before;
  const std::string text = call.interpreter.readAll(call);
  std::int64_t taken = 0;
  for (std::size_t at = 0; at < text.size() && (most == 0 || taken < most);) {
    const std::size_t stop = std::min(text.find(end, at), text.size());
    if (skipped-- <= 0) {
      const bool mark = !options.has('t') && stop < text.size();
      lines.indexed[place++] = text.substr(at, stop - at + (mark ? 1 : 0));
      ++taken;
    }
    at = stop + 1;
  }
  call.state.variables.put(name, std::move(lines));
  return 0;
}

// -- xargs --

struct XargsOptions {
  std::size_t arguments = 1000, lines = 0;  // most of a command; lines 0: no matter
  std::string mark;                         // of -I
  std::string separator;                    // of -0 and -d; empty: blanks, with quotations
  bool none = false, traces = false, ok = true;
};

XargsOptions xargsOptions(Call& call, std::size_t& first) {
  XargsOptions made;
  const auto number = [](const std::string& text) {
    return static_cast<std::size_t>(numberOr(text, 1, 1, 1000));
  };
  for (first = 1; first < call.args.size() && call.args[first].starts_with('-'); ++first) {
    const std::string& argument = call.args[first];
    if (argument == "--") {
      ++first;
      break;
    }
    const char letter = argument.size() > 1 ? argument[1] : ' ';
    const bool takes = std::string_view("nLIPds").find(letter) != std::string_view::npos;
    const bool apart = takes && argument.size() == 2;
    if (apart && first + 1 >= call.args.size()) {
      made.ok = call.fail("option requires an argument -- '" + std::string(1, letter) + "'") == 0;
      return made;
    }
    const std::string value = !takes ? "" : apart ? call.args[++first] : argument.substr(2);
    if (letter == 'n') made.arguments = number(value);
    if (letter == 'L') made.lines = number(value);
    if (letter == 'I') made.mark = value;
    if (letter == 'd')
      made.separator = value == "\\n"   ? "\n"
                       : value == "\\0" ? std::string(1, '\0')
                                        : value.substr(0, 1);
    if (argument == "-0" || argument == "--null") made.separator = std::string(1, '\0');
    if (argument == "-r" || argument == "--no-run-if-empty") made.none = true;
    if (argument == "-t" || argument == "--verbose") made.traces = true;
    if (!takes && std::string_view("0rtx").find(letter) == std::string_view::npos &&
        letter != '-') {
      made.ok = call.fail("invalid option -- '" + argument.substr(1) + "'") == 0;
      return made;
    }
  }
  return made;
}

// The items of its input; of each, the number of the line it stands in. The sign of a quotation
// that does not end, or 0.
char itemsOf(const std::string& text, const XargsOptions& options,
             std::vector<std::pair<std::string, std::size_t>>& items) {
  if (!options.separator.empty()) {
    std::vector<std::string> parts = base::split(text, options.separator[0]);
    if (!parts.empty() && parts.back().empty()) parts.pop_back();
    for (std::string& part : parts) items.emplace_back(std::move(part), items.size());
    return 0;
  }
  std::string item;
  bool any = false;
  std::size_t line = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\'' || c == '"') {
      const std::size_t close = text.find(c, i + 1);
      if (close == std::string::npos || text.find('\n', i) < close) return c;
      item += text.substr(i + 1, close - i - 1);
      any = true;
      i = close;
    } else if (c == '\n' || ((c == ' ' || c == '\t') && (options.mark.empty() || !any))) {
      if (any) items.emplace_back(std::exchange(item, {}), line);
      any = false;
      if (c == '\n') ++line;
    } else {
      if (c == '\\' && i + 1 < text.size()) ++i;
      item += text[i];
      any = true;
    }
  }
  if (any) items.emplace_back(item, line);
  return 0;
}

int runXargs(Call& call) {
  std::size_t first = 1;
  const XargsOptions options = xargsOptions(call, first);
  if (!options.ok) return 1;
  std::vector<std::string> command(call.args.begin() + static_cast<std::ptrdiff_t>(first),
                                   call.args.end());
  if (command.empty()) command.emplace_back("echo");
  std::vector<std::pair<std::string, std::size_t>> items;
  if (const char open = itemsOf(call.input, options, items); open != 0) {
    return call.fail(std::string("unmatched ") + (open == '"' ? "double" : "single") +
                     " quote; by default quotes are special to xargs unless you use the -0 "
                     "option");
  }
  if (items.empty() && (options.none || !options.mark.empty())) return 0;
  const std::string nothing;
  int code = 0;
  std::size_t i = 0;
  do {
    std::vector<std::string> args = command;
    if (!options.mark.empty()) {
      for (std::string& argument : args) {
        argument = base::replaceAll(argument, options.mark, items[i].first);
      }
      ++i;
    } else {
      const std::size_t line = i < items.size() ? items[i].second : 0;
      for (std::size_t n = 0; n < options.arguments && i < items.size(); ++n) {
        if (options.lines > 0 && items[i].second >= line + options.lines) break;
        args.push_back(items[i++].first);
      }
    }
    if (options.traces) {
      std::string shown;
      for (const std::string& argument : args) shown += (shown.empty() ? "" : " ") + argument;
      call.complain(shown);
    }
    Call one{call.machine, call.state, call.interpreter, {"xargs"},    nothing,
             true,         call.out,   call.error,       call.changed, call.duration};
    if (findCommand(args[0]) == nullptr) {
      return call.fail(args[0] + ": No such file or directory", 127);
    }
    if (call.interpreter.runCommand(args, one) != 0) code = 123;
  } while (i < items.size());
  return code;
}

constexpr Command kCommands[] = {
    {"mapfile", "mapfile [-t] [-n COUNT] [NAME]", "the lines of the input into an array",
     runMapfile},
    {"read", "read [-r] [-a ARRAY] [-d END] NAME...", "a line of the input into variables",
     runRead},
    {"readarray", "readarray [-t] [-n COUNT] [NAME]", "the lines of the input into an array",
     runMapfile},
    {"xargs", "xargs [-n N] [-L N] [-I MARK] [-0] [-r] [-t] COMMAND...",
     "run a command with words of the input", runXargs}};

}  // namespace

std::span<const Command> inputCommands() {
  return kCommands;
}

}  // namespace console
