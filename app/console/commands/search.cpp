// SPDX-License-Identifier: GPL-3.0-or-later
// grep and its kin.
#include <algorithm>
#include <optional>

#include "base/text.h"
#include "console/file_view.h"
#include "console/options.h"
#include "console/text/pattern.h"

namespace console {
namespace {

constexpr LongOption kGrepLongs[] = {
    {"ignore-case", 'i'},        {"invert-match", 'v'},    {"count", 'c'},
    {"line-number", 'n'},        {"extended-regexp", 'E'}, {"fixed-strings", 'F'},
    {"after-context", 'A'},      {"before-context", 'B'},  {"context", 'C'},
    {"only-matching", 'o'},      {"quiet", 'q'},           {"recursive", 'r'},
    {"word-regexp", 'w'},        {"max-count", 'm'},       {"color", 'K'},
    {"files-with-matches", 'l'}, {"no-filename", 'h'},     {"with-filename", 'H'}};

struct Grep {
  std::vector<Pattern> patterns;
  bool invert = false, count = false, number = false, onlyMatching = false, quiet = false,
       names = false, prefix = false;
  std::size_t after = 0, before = 0, most = 0;
};

bool grepHolds(const Grep& grep, const std::string& line) {
  const bool found = std::any_of(grep.patterns.begin(), grep.patterns.end(),
                                 [&](const Pattern& pattern) { return pattern.matches(line); });
  return found != grep.invert;
}

void printMatches(Call& call, const Grep& grep, const std::string& head, const std::string& line) {
  for (const Pattern& pattern : grep.patterns) {
    std::size_t from = 0;
    while (const auto match = pattern.find(line, from)) {
      if (match->end() > match->begin()) {
        call.print(head + line.substr(match->begin(), match->end() - match->begin()) + "\n");
      }
      from = std::max(match->end(), match->begin() + 1);
    }
  }
}

bool grepText(Call& call, const Grep& grep, const InputText& input) {
  const auto lines = base::lines(input.text);
  const std::string name = input.name == "-" ? "(standard input)" : input.name;
  std::vector<std::size_t> hits;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!grepHolds(grep, lines[i])) continue;
    hits.push_back(i);
    if (grep.quiet || grep.names || (grep.most > 0 && hits.size() >= grep.most)) break;
  }
  if (grep.quiet) return !hits.empty();
  if (grep.names) {
    if (!hits.empty()) call.print(name + "\n");
    return !hits.empty();
  }
  if (grep.count) {
    call.print((grep.prefix ? name + ":" : "") + std::to_string(hits.size()) + "\n");
    return !hits.empty();
  }
  const auto head = [&](std::size_t line, char mark) {
    std::string text = grep.prefix ? name + mark : "";
    return grep.number ? text + std::to_string(line + 1) + mark : text;
  };
  const bool context = grep.after > 0 || grep.before > 0;
  std::size_t next = 0;
  bool any = false;
  for (std::size_t h = 0; h < hits.size(); ++h) {
    const std::size_t from = std::max(next, hits[h] - std::min(hits[h], grep.before));
    if (context && any && from > next) call.print("--\n");
    for (std::size_t i = from; i < hits[h]; ++i) call.print(head(i, '-') + lines[i] + "\n");
    if (grep.onlyMatching) {
      printMatches(call, grep, head(hits[h], ':'), lines[hits[h]]);
    } else {
      call.print(head(hits[h], ':') + lines[hits[h]] + "\n");
    }
    const std::size_t limit = h + 1 < hits.size() ? hits[h + 1] : lines.size();
    next = hits[h] + 1;
    for (; next < limit && next <= hits[h] + grep.after; ++next)
      call.print(head(next, '-') + lines[next] + "\n");
    any = true;
  }
  return !hits.empty();
}

std::vector<std::string> grepFiles(Call& call, const Options& options, bool recursive) {
  if (!recursive) return options.rest;
  const FileView files(call.machine, call.state);
  std::vector<std::string> found;
  const std::vector<std::string> roots =
      options.rest.empty() ? std::vector<std::string>{"."} : options.rest;
  for (const std::string& root : roots) {
    if (!files.isDirectory(root)) {
      found.push_back(root);
      continue;
    }
    const std::string full = files.resolve(root);
    for (const std::string& path : files.below(root)) {
      found.push_back(root + (root.ends_with('/') ? "" : "/") +
                      path.substr(full == "/" ? 1 : full.size() + 1));
    }
  }
  return found;
}

int runGrep(Call& call) {
  for (std::string& argument : call.args) {  // --color=auto has an optional value
    if (argument.starts_with("--color")) argument = "--color";
  }
  Options options = parseOptions(call, "ivcnEFGPoqrRwlhHsxe:A:B:C:m:K", kGrepLongs);
  if (!options.ok) return 2;
  Grep grep;
  std::vector<std::string> texts;
  for (const auto& [key, value] : options.given) {
    if (key == 'e') texts.push_back(value);
  }
  if (texts.empty()) {
    if (options.rest.empty()) {
      call.complain(
          "Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.");
      return 2;
    }
    texts = base::split(options.rest.front(), '\n');
    options.rest.erase(options.rest.begin());
  }
  const bool extended = options.has('E') || options.has('P') || call.args[0] == "egrep";
  const bool fixed = options.has('F') || call.args[0] == "fgrep";
  for (std::string text : texts) {
    if (options.has('w')) text = extended ? "\\b(" + text + ")\\b" : "\\b\\(" + text + "\\)\\b";
    if (options.has('x') && !fixed) text = extended ? "^(" + text + ")$" : "^\\(" + text + "\\)$";
    auto pattern = Pattern::make(text,
                                 fixed      ? PatternSyntax::Fixed
                                 : extended ? PatternSyntax::Extended
                                            : PatternSyntax::Basic,
                                 options.has('i'));
    if (!pattern) return call.fail(pattern.error().message, 2);
    grep.patterns.push_back(std::move(pattern.value()));
  }
  const auto context = [&](char key) {
    return static_cast<std::size_t>(
        numberOr(options.value(key, options.value('C', "0")), 0, 0, 100'000));
  };
  grep.after = context('A');
  grep.before = context('B');
  grep.most = static_cast<std::size_t>(numberOr(options.value('m', "0"), 0, 0, 1'000'000'000));
  grep.invert = options.has('v');
  grep.count = options.has('c');
  grep.number = options.has('n');
  grep.onlyMatching = options.has('o');
  grep.quiet = options.has('q');
  grep.names = options.has('l');
  const bool recursive = options.has('r') || options.has('R');
  const auto names = grepFiles(call, options, recursive);
  grep.prefix = (names.size() > 1 || recursive || options.has('H')) && !options.has('h');
  bool failed = false, found = false;
  for (const InputText& input : inputs(call, names, failed))
    found = grepText(call, grep, input) || found;
  if (failed && !options.has('s')) return 2;
  return found ? 0 : 1;
}

constexpr Command kCommands[] = {
    {"egrep", "egrep PATTERN [FILE...]", "grep -E", runGrep},
    {"fgrep", "fgrep TEXT [FILE...]", "grep -F", runGrep},
    {"grep", "grep [-E] [-F] [-i] [-v] [-c] [-n] [-o] [-l] [-r] [-A N] [-B N] PATTERN [FILE...]",
     "lines that match a pattern", runGrep}};

}  // namespace

std::span<const Command> searchCommands() {
  return kCommands;
}

}  // namespace console
