// SPDX-License-Identifier: GPL-3.0-or-later
// Filters over lines: cat, head, tail, wc, sort, uniq, cut, tr, tee, tac, nl.
#include <algorithm>

#include "base/text.h"
#include "console/file_view.h"
#include "console/options.h"

namespace console {
namespace {

constexpr LongOption kLines[] = {{"lines", 'n'}, {"bytes", 'c'}, {"follow", 'f'}};

std::string joined(const std::vector<std::string>& lines, std::size_t from, std::size_t to) {
  std::string text;
  for (std::size_t i = from; i < to; ++i) {
    text += lines[i];
    text += '\n';
  }
  return text;
}

int runCat(Call& call) {
  const Options options = parseOptions(call, "nAbsvetRSFX");
  if (!options.ok) return 1;
  bool failed = false;
  std::int64_t number = 0;
  for (const InputText& input : inputs(call, options.rest, failed)) {
    if (!options.has('n')) {
      call.print(input.text);
      continue;
    }
    for (const std::string& line : base::lines(input.text)) {
      call.print(base::padLeft(std::to_string(++number), 6) + "\t" + line + "\n");
    }
  }
  return failed ? 1 : 0;
}

// head -5 and tail -5 are head -n 5 and tail -n 5.
void modernize(Call& call) {
  for (std::size_t i = 1; i < call.args.size(); ++i) {
    std::string& argument = call.args[i];
    if (call.args[i - 1] == "-n" || call.args[i - 1] == "-c" || call.args[i - 1] == "--lines")
      continue;
    if (argument.size() > 1 && (argument[0] == '-' || argument[0] == '+') &&
        isNumber(argument.substr(1))) {
      argument = argument[0] == '-' ? "-n" + argument.substr(1) : "-n" + argument;
    }
  }
}

int runEnds(Call& call, bool head) {
  modernize(call);
  const Options options = parseOptions(call, "n:c:fFqv", kLines);
  if (!options.ok) return 1;
  const std::string text = options.value('n', "10");
  const bool fromStart = text.starts_with('+'), butLast = text.starts_with('-');
  const std::string_view digits = std::string_view(text).substr(fromStart || butLast ? 1 : 0);
  if (!isNumber(digits)) return call.fail("invalid number of lines: '" + text + "'");
  const auto wanted = static_cast<std::size_t>(numberOr(digits, 0, 0, 1'000'000'000));
  bool failed = false;
  const auto texts = inputs(call, options.rest, failed);
  for (std::size_t f = 0; f < texts.size(); ++f) {
    if (options.rest.size() > 1 && !options.has('q')) {
      call.print((f > 0 ? "\n==> " : "==> ") + texts[f].name + " <==\n");
    }
    if (options.has('c')) {
      const auto bytes = static_cast<std::size_t>(numberOr(options.value('c'), 0, 0, 1 << 30));
      const std::string& all = texts[f].text;
      call.print(head ? all.substr(0, bytes)
                      : all.substr(all.size() - std::min(bytes, all.size())));
      continue;
    }
    const auto lines = base::lines(texts[f].text);
    std::size_t from = 0, to = lines.size();
    if (head) {
      to = butLast ? to - std::min(wanted, to) : std::min(wanted, to);
    } else if (fromStart) {
      from = std::min(to, wanted > 0 ? wanted - 1 : 0);
    } else {
      from = to - std::min(wanted, to);
    }
    call.print(joined(lines, from, to));
  }
  return failed ? 1 : 0;
}

int runHead(Call& call) {
  return runEnds(call, true);
}
int runTail(Call& call) {
  return runEnds(call, false);
}

int runWc(Call& call) {
  const Options options = parseOptions(call, "lwcm");
  if (!options.ok) return 1;
  const bool all = options.values.empty();
  bool failed = false;
  const auto texts = inputs(call, options.rest, failed);
  std::vector<std::array<std::int64_t, 3>> counts;
  std::array<std::int64_t, 3> total{};
  for (const InputText& input : texts) {
    std::array<std::int64_t, 3> count{};
    bool inWord = false;
    for (const char c : input.text) {
      const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
      count[0] += c == '\n' ? 1 : 0;
      count[1] += !blank && !inWord ? 1 : 0;
      inWord = !blank;
    }
    count[2] = static_cast<std::int64_t>(input.text.size());
    for (std::size_t i = 0; i < 3; ++i) total[i] += count[i];
    counts.push_back(count);
  }
  std::vector<std::size_t> columns;
  if (all || options.has('l')) columns.push_back(0);
  if (all || options.has('w')) columns.push_back(1);
  if (all || options.has('c') || options.has('m')) columns.push_back(2);
  const bool single = columns.size() == 1 && texts.size() == 1;
  std::size_t width = single ? 1 : std::to_string(total[2]).size();
  if (!single && options.rest.empty()) width = std::max<std::size_t>(width, 7);
  const auto row = [&](const std::array<std::int64_t, 3>& count, const std::string& name) {
    std::string line;
    for (const std::size_t column : columns) {
      line += (line.empty() ? "" : " ") + base::padLeft(std::to_string(count[column]), width);
    }
    call.print(line + (name == "-" ? "" : " " + name) + "\n");
  };
  for (std::size_t i = 0; i < texts.size(); ++i) row(counts[i], texts[i].name);
  if (texts.size() > 1) row(total, "total");
  return failed ? 1 : 0;
}

// The number a line begins with, for sort -n and -h.
double leadingNumber(std::string_view text, bool human) {
  text = base::trim(text);
  double value = 0, place = 0;
  std::size_t i = !text.empty() && text[0] == '-' ? 1 : 0;
  const bool negative = i == 1;
  for (; i < text.size(); ++i) {
    if (text[i] == '.' && place == 0) {
      place = 1;
    } else if (text[i] >= '0' && text[i] <= '9') {
      value = value * 10 + (text[i] - '0');
      place *= 10;
    } else {
      break;
    }
  }
  if (place > 1) value /= place;
  if (human && i < text.size()) {
    const std::size_t power = std::string_view("KMGTP").find(text[i] == 'k' ? 'K' : text[i]);
    for (std::size_t p = 0; power != std::string_view::npos && p <= power; ++p) value *= 1024;
  }
  return negative ? -value : value;
}

std::string sortKey(const std::string& line, const std::string& key, const std::string& separator) {
  const auto field = static_cast<std::size_t>(
      numberOr(key.substr(0, key.find_first_not_of("0123456789")), 0, 0, 10'000));
  if (field == 0) return line;
  if (!separator.empty()) {
    const auto parts = base::split(line, separator[0]);
    std::string rest;
    for (std::size_t i = field - 1; i < parts.size(); ++i)
      rest += (i >= field ? separator : "") + parts[i];
    return rest;
  }
  std::size_t at = 0;
  for (std::size_t i = 1; i < field && at != std::string::npos; ++i) {
    at = line.find_first_not_of(" \t", at);
    if (at != std::string::npos) at = line.find_first_of(" \t", at);
  }
  if (at == std::string::npos) return "";
  const std::size_t start = line.find_first_not_of(" \t", at);
  return start == std::string::npos ? "" : line.substr(start);
}

int runSort(Call& call) {
  const Options options = parseOptions(call, "nrhuk:t:fbg");
  if (!options.ok) return 2;
  bool failed = false;
  struct Row {
    std::string key, line;
    double number;
  };
  std::vector<Row> rows;
  const std::string key = options.value('k');
  const bool human = options.has('h') || key.find('h') != std::string::npos;
  const bool numeric =
      human || options.has('n') || options.has('g') || key.find('n') != std::string::npos;
  const bool reverse = options.has('r') || key.find('r') != std::string::npos;
  for (const InputText& input : inputs(call, options.rest, failed)) {
    for (std::string& line : base::lines(input.text)) {
      std::string sorted = sortKey(line, key, options.value('t'));
      if (options.has('f')) sorted = base::lower(sorted);
      const double number = numeric ? leadingNumber(sorted, human) : 0;
      rows.push_back({std::move(sorted), std::move(line), number});
    }
  }
  std::stable_sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) {
    const Row& x = reverse ? b : a;
    const Row& y = reverse ? a : b;
    if (numeric && x.number != y.number) return x.number < y.number;
    if (!numeric && x.key != y.key) return x.key < y.key;
    return !options.has('u') && x.line < y.line;
  });
  std::string last;
  bool any = false;
  for (const Row& row : rows) {
    if (options.has('u') && any && row.key == last) continue;
    call.print(row.line + "\n");
    last = row.key;
    any = true;
  }
  return failed ? 2 : 0;
}

int runUniq(Call& call) {
  const Options options = parseOptions(call, "cdui");
  if (!options.ok) return 1;
  bool failed = false;
  for (const InputText& input : inputs(call, options.rest, failed)) {
    const auto lines = base::lines(input.text);
    for (std::size_t i = 0; i < lines.size();) {
      std::size_t end = i + 1;
      while (end < lines.size() && (options.has('i') ? base::equalsIgnoreCase(lines[end], lines[i])
                                                     : lines[end] == lines[i])) {
        ++end;
      }
      const std::size_t count = end - i;
      if ((!options.has('d') || count > 1) && (!options.has('u') || count == 1)) {
        const std::string number = base::padLeft(std::to_string(count), 7) + " ";
        call.print((options.has('c') ? number : "") + lines[i] + "\n");
      }
      i = end;
    }
  }
  return failed ? 1 : 0;
}

// "1,3-5" against a number counted from 1.
bool inList(std::string_view list, std::size_t number) {
  for (const std::string& part : base::split(list, ',')) {
    const std::size_t dash = part.find('-');
    const std::string low = part.substr(0, dash);
    const auto from = static_cast<std::size_t>(numberOr(low, 1, 0, 1'000'000));
    const auto to =
        dash == std::string::npos
            ? from
            : static_cast<std::size_t>(numberOr(part.substr(dash + 1), 1'000'000, 0, 1'000'000));
    if (number >= from && number <= to) return true;
  }
  return false;
}

int runCut(Call& call) {
  const Options options = parseOptions(call, "d:f:c:s");
  if (!options.ok) return 1;
  if (!options.has('f') && !options.has('c')) {
    return call.fail("you must specify a list of bytes, characters, or fields");
  }
  const std::string delimiter = options.value('d', "\t");
  if (delimiter.size() != 1) return call.fail("the delimiter must be a single character");
  bool failed = false;
  for (const InputText& input : inputs(call, options.rest, failed)) {
    for (const std::string& line : base::lines(input.text)) {
      std::string kept;
      if (options.has('c')) {
        for (std::size_t i = 0; i < line.size(); ++i) {
          if (inList(options.value('c'), i + 1)) kept += line[i];
        }
      } else if (line.find(delimiter) == std::string::npos) {
        kept = line;
      } else {
        const auto parts = base::split(line, delimiter[0]);
        bool first = true;
        for (std::size_t i = 0; i < parts.size(); ++i) {
          if (!inList(options.value('f'), i + 1)) continue;
          kept += (first ? "" : delimiter) + parts[i];
          first = false;
        }
      }
      call.print(kept + "\n");
    }
  }
  return failed ? 1 : 0;
}

int runTee(Call& call) {
  const Options options = parseOptions(call, "a");
  if (!options.ok) return 1;
  call.print(call.input);
  const FileView files(call.machine, call.state);
  int code = 0;
  for (const std::string& name : options.rest) {
    const auto result = files.write(name, call.input, options.has('a'), call.changed);
    if (!result) code = call.fail(name + ": " + result.error().message);
  }
  return code;
}

int runTac(Call& call) {
  bool failed = false;
  for (const InputText& input : inputs(call, {call.args.begin() + 1, call.args.end()}, failed)) {
    auto lines = base::lines(input.text);
    std::reverse(lines.begin(), lines.end());
    call.print(joined(lines, 0, lines.size()));
  }
  return failed ? 1 : 0;
}

constexpr Command kCommands[] = {
    {"cat", "cat [-n] [FILE...]", "show files", runCat},
    {"cut", "cut -d CHAR -f LIST [FILE...]", "columns of lines", runCut},
    {"head", "head [-n LINES] [FILE...]", "first lines", runHead},
    {"less", "less [FILE]", "show a file (without paging here)", runCat},
    {"more", "more [FILE]", "show a file (without paging here)", runCat},
    {"sort", "sort [-n] [-h] [-r] [-u] [-k FIELD] [-t CHAR] [FILE...]", "sort lines", runSort},
    {"tac", "tac [FILE...]", "lines in reverse order", runTac},
    {"tail", "tail [-n LINES] [FILE...]", "last lines", runTail},
    {"tee", "tee [-a] FILE...", "copy standard input to files", runTee},
    {"uniq", "uniq [-c] [-d] [-u] [FILE]", "join equal neighbouring lines", runUniq},
    {"wc", "wc [-l] [-w] [-c] [FILE...]", "count lines, words, bytes", runWc}};

}  // namespace

std::span<const Command> filterCommands() {
  return kCommands;
}

}  // namespace console
