// SPDX-License-Identifier: GPL-3.0-or-later
// More filters: tr, seq, nl, rev, column, basename, dirname.
#include "base/text.h"

#include <algorithm>
#include <utility>

#include "console/file_view.h"
#include "console/interpreter.h"
#include "console/options.h"
#include "console/text/format.h"

namespace console {
namespace {

// A set of tr: ranges, [:classes:] and escapes, as the bytes it stands for in order.
std::string byteSet(const std::string& text) {
  std::string set = unescapedText(text);
  static constexpr std::pair<std::string_view, std::string_view> kClasses[] = {
      {"[:upper:]", "A-Z"},         {"[:lower:]", "a-z"},         {"[:digit:]", "0-9"},
      {"[:space:]", " \t\n\r\v\f"}, {"[:blank:]", " \t"},         {"[:alpha:]", "A-Za-z"},
      {"[:alnum:]", "0-9A-Za-z"},   {"[:punct:]", "!-/:-@[-`{-~"}};
  for (const auto& [name, bytes] : kClasses) set = base::replaceAll(set, name, bytes);
  std::string all;
  for (std::size_t i = 0; i < set.size(); ++i) {
    if (i + 2 < set.size() && set[i + 1] == '-' && set[i] <= set[i + 2]) {
      for (int c = set[i]; c <= set[i + 2]; ++c) all += static_cast<char>(c);
      i += 2;
    } else {
      all += set[i];
    }
  }
  return all;
}

int runTr(Call& call) {
  const Options options = parseOptions(call, "dsc");
  if (!options.ok) return 1;
  if (options.rest.empty()) {
    call.fail("missing operand");
    call.complain("Try 'tr --help' for more information.");
    return 1;
  }
  const bool removes = options.has('d'), inverted = options.has('c');
  if (options.rest.size() < 2 && !removes && !options.has('s')) {
    call.fail("missing operand after '" + options.rest[0] + "'");
    call.complain("Two strings must be given when translating.");
    return 1;
  }
  const std::string from = byteSet(options.rest[0]);
  const std::string to = options.rest.size() > 1 ? byteSet(options.rest[1]) : "";
  const std::string& squeezed = to.empty() ? from : to;
  std::string result;
  for (const char c : call.input) {
    const std::size_t at = from.find(c);
    const bool in = (at != std::string::npos) != inverted;
    char made = c;
    if (in && removes) continue;
    if (in && !to.empty()) made = inverted ? to.back() : to[std::min(at, to.size() - 1)];
    const bool repeats = options.has('s') && !result.empty() && result.back() == made &&
                         (squeezed.find(made) != std::string::npos) != (inverted && to.empty());
    if (!repeats) result += made;
  }
  call.print(result);
  return 0;
}

int runSeq(Call& call) {
  std::string separator = "\n";
  std::vector<double> numbers;
  for (std::size_t i = 1; i < call.args.size(); ++i) {
    if (call.args[i] == "-s" && i + 1 < call.args.size()) {
      separator = call.args[++i];
      continue;
    }
    std::size_t used = 0;
    numbers.push_back(leadingDouble(call.args[i], &used));
    if (used != call.args[i].size() || used == 0) {
      return call.fail("invalid floating point argument: '" + call.args[i] + "'");
    }
  }
  if (numbers.empty() || numbers.size() > 3) {
    return call.fail(numbers.empty() ? "missing operand" : "extra operand");
  }
  const double first = numbers.size() > 1 ? numbers[0] : 1, last = numbers.back(),
               step = numbers.size() > 2 ? numbers[1] : 1;
  if (step == 0) return call.fail("invalid Zero increment value: '0'");
  std::string text;
  for (int i = 0; i < 200'000; ++i) {
    const double value = first + step * i;
    if (step > 0 ? value > last + 1e-9 : value < last - 1e-9) break;
    text += (i > 0 ? separator : "") + generalText(value, 10);
  }
  if (!text.empty()) call.print(text + "\n");
  return 0;
}

std::vector<std::string> wordsOf(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : text + "\n") {
    const bool ends = c == '\n' || c == ' ' || c == '\t';
    if (!ends) {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::exchange(word, {}));
    }
  }
  return words;
}

int runNl(Call& call) {
  bool failed = false;
  std::int64_t number = 0;
  for (const InputText& input : inputs(call, {call.args.begin() + 1, call.args.end()}, failed)) {
    for (const std::string& line : base::lines(input.text)) {
      call.print(line.empty() ? "       \n"
                              : base::padLeft(std::to_string(++number), 6) + "\t" + line + "\n");
    }
  }
  return failed ? 1 : 0;
}

int runColumn(Call& call) {
  const Options options = parseOptions(call, "ts:");
  if (!options.ok) return 1;
  bool failed = false;
  std::vector<std::vector<std::string>> rows;
  std::vector<std::size_t> widths;
  for (const InputText& input : inputs(call, options.rest, failed)) {
    for (const std::string& line : base::lines(input.text)) {
      rows.push_back(options.has('s') && !options.value('s').empty()
                         ? base::split(line, options.value('s')[0])
                         : wordsOf(line));
      for (std::size_t i = 0; i < rows.back().size(); ++i) {
        if (i >= widths.size()) widths.push_back(0);
        widths[i] = std::max(widths[i], rows.back()[i].size());
      }
    }
  }
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += i + 1 < row.size() ? base::padRight(row[i], widths[i] + 2) : row[i];
    }
    call.print(line + "\n");
  }
  return failed ? 1 : 0;
}

int runBasename(Call& call) {
  if (call.args.size() < 2) return call.fail("missing operand");
  const bool folder = call.args[0] == "dirname";
  std::string text = call.args[1];
  const std::size_t slash = text.rfind('/');
  if (folder) {
    text = slash == std::string::npos ? "." : slash == 0 ? "/" : text.substr(0, slash);
  } else {
    text = baseName(text);
    if (call.args.size() > 2 && text.ends_with(call.args[2])) {
      text.resize(text.size() - call.args[2].size());
    }
  }
  call.print(text + "\n");
  return 0;
}

constexpr Command kCommands[] = {
    {"basename", "basename PATH [SUFFIX]", "the last part of a path", runBasename},
    {"column", "column -t [-s CHAR] [FILE...]", "lines as an aligned table", runColumn},
    {"dirname", "dirname PATH", "a path without its last part", runBasename},
    {"nl", "nl [FILE...]", "number lines", runNl},
    {"seq", "seq [-s TEXT] [FIRST [STEP]] LAST", "numbers in order", runSeq},
    {"tr", "tr [-d] [-s] [-c] SET [SET]", "replace, delete or squeeze bytes", runTr}};

}  // namespace

std::span<const Command> textCommands() {
  return kCommands;
}

}  // namespace console
