// SPDX-License-Identifier: GPL-3.0-or-later
// find, with its expressions: tests joined by -a and -o, ! and parentheses aside.
#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "base/text.h"
#include "console/file_view.h"
#include "console/interpreter.h"
#include "console/options.h"
#include "console/text/glob.h"

namespace console {
namespace {

struct Found {
  std::string shown, path;  // as find prints it, and absolute
  bool folder = false;
  int depth = 0;
};

struct Test {
  std::string name, value;
  bool negated = false;
  std::vector<std::string> words;  // of -exec
  bool together = false;           // -exec ... +
};

struct Expression {
  std::vector<std::vector<Test>> ways = {{}};  // joined by -o
  int least = 0, most = 1 << 20;               // -mindepth, -maxdepth
  bool acts = false;                           // prints only where -print says so
  bool deepFirst = false;                      // -delete
};

// +N, -N or N: more, less, as many.
bool compares(std::string_view text, double value) {
  const char sign = text.empty() ? '\0' : text[0];
  if (sign == '+' || sign == '-') text.remove_prefix(1);
  const auto number = static_cast<double>(numberOr(text, 0, 0, 1LL << 50));
  return sign == '+' ? value > number : sign == '-' ? value < number : value == number;
}

std::optional<std::int64_t> unitBytes(char unit) {
  switch (unit) {
    case 'c':
      return 1;
    case 'w':
      return 2;
    case 'k':
      return 1024;
    case 'M':
      return 1024 * 1024;
    case 'G':
      return 1024 * 1024 * 1024;
    case 'b':
      return 512;
    default:
      return std::nullopt;
  }
}

class Finder {
 public:
  explicit Finder(Call& call) : m_call(call), m_files(call.machine, call.state) {}

  int run() {
    std::vector<std::string> roots;
    std::size_t at = 1;
    while (at < m_call.args.size() && !m_call.args[at].starts_with('-') && m_call.args[at] != "!") {
      roots.push_back(m_call.args[at++]);
    }
    if (roots.empty()) roots = {"."};
    for (; at < m_call.args.size(); ++at) {
      if (!readTest(at)) return 1;
    }
    for (const std::string& root : roots) walk(root);
    for (const auto& [words, paths] : m_together) {
      std::vector<std::string> command(words.begin(), words.end() - 1);
      command.insert(command.end(), paths.begin(), paths.end());
      m_call.interpreter.runCommand(command, m_call);
    }
    return m_code;
  }

 private:
  bool refuse(const std::string& text) {
    m_call.fail(text);
    return false;
  }

  // The test at args[at]; leaves at on its last word.
  bool readTest(std::size_t& at) {
    static const std::set<std::string> valued = {"-name", "-iname",   "-path",  "-type",
                                                 "-size", "-mmin",    "-mtime", "-maxdepth",
                                                 "-user", "-mindepth"};
    static const std::set<std::string> plain = {"-print", "-empty", "-delete", "-true", "-xdev"};
    const std::vector<std::string>& args = m_call.args;
    if (args[at] == "-o" || args[at] == "-or") {
      m_expression.ways.emplace_back();
      return true;
    }
    if (args[at] == "-a" || args[at] == "-and") return true;
    Test test;
    while (at < args.size() && (args[at] == "!" || args[at] == "-not")) {
      test.negated = !test.negated;
      ++at;
    }
    if (at >= args.size()) return refuse("expected an expression after `" + args.back() + "'");
    test.name = args[at];
    if (test.name == "-exec") {
      if (!readCommand(at, test)) return refuse("missing argument to `-exec'");
    } else if (valued.contains(test.name)) {
      if (at + 1 >= args.size()) return refuse("missing argument to `" + test.name + "'");
      test.value = args[++at];
      if (!checkValue(test)) return false;
    } else if (!plain.contains(test.name)) {
      return refuse(test.name.starts_with('-')
                        ? "unknown predicate `" + test.name + "'"
                        : "paths must precede expression: `" + test.name + "'");
    }
    m_expression.acts = m_expression.acts || test.name == "-exec" || test.name == "-print" ||
                        test.name == "-delete";
    m_expression.deepFirst = m_expression.deepFirst || test.name == "-delete";
    m_expression.ways.back().push_back(std::move(test));
    return true;
  }

  bool readCommand(std::size_t& at, Test& test) const {
    const std::vector<std::string>& args = m_call.args;
    for (++at; at < args.size(); ++at) {
      test.together = args[at] == "+" && !test.words.empty() && test.words.back() == "{}";
      if (args[at] == ";" || test.together) return !test.words.empty();
      test.words.push_back(args[at]);
    }
    return false;
  }

  bool checkValue(const Test& test) {
    const std::string& value = test.value;
    if (test.name == "-maxdepth" || test.name == "-mindepth") {
      if (!isNumber(value) || value.starts_with('-')) {
        return refuse("Expected a positive decimal integer argument to " + test.name +
                      ", but got \u2018" + value + "\u2019");
      }
      const auto depth = static_cast<int>(numberOr(value, 0, 0, 1 << 20));
      (test.name == "-maxdepth" ? m_expression.most : m_expression.least) = depth;
    }
    if (test.name == "-type" && (value.size() != 1 || std::string_view("bcdpfls").find(value[0]) ==
                                                          std::string_view::npos)) {
      return refuse("Unknown argument to -type: " + value);
    }
    const std::string_view digits =
        std::string_view(value).substr(value.starts_with('+') || value.starts_with('-') ? 1 : 0);
    const bool sized = test.name == "-size";
    const bool unit = sized && !digits.empty() && !isNumber(digits.substr(digits.size() - 1));
    if (unit && !unitBytes(digits.back())) {
      return refuse("invalid -size type `" + std::string(1, digits.back()) + "'");
    }
    if ((sized || test.name == "-mmin" || test.name == "-mtime") &&
        !isNumber(digits.substr(0, digits.size() - (unit ? 1 : 0)))) {
      return refuse("invalid argument `" + value + "' to `" + test.name + "'");
    }
    return true;
  }

  void walk(const std::string& root) {
    if (!m_files.exists(root)) {
      m_code = m_call.fail("\u2018" + root + "\u2019: No such file or directory");
      return;
    }
    const std::size_t head = m_files.resolve(root).size();
    auto all = m_files.tree(root);
    if (m_expression.deepFirst) std::reverse(all.begin(), all.end());
    for (const auto& [path, folder] : all) {
      Found one{root, path, folder, 0};
      std::string rest = path.size() > head ? path.substr(head == 1 ? 0 : head) : "";
      if (root.ends_with('/') && rest.starts_with('/')) rest.erase(0, 1);
      one.shown += rest;
      for (std::size_t i = path.size() > head ? head - (head == 1 ? 1 : 0) : path.size();
           i < path.size(); ++i) {
        one.depth += path[i] == '/' ? 1 : 0;
      }
      if (one.depth < m_expression.least || one.depth > m_expression.most) continue;
      bool fits = false;
      for (const auto& way : m_expression.ways) fits = fits || holds(way, one);
      if (fits && !m_expression.acts) m_call.print(one.shown + "\n");
    }
  }

  bool holds(const std::vector<Test>& way, const Found& one) {
    for (const Test& test : way) {
      if (holds(test, one) == test.negated) return false;
    }
    return true;
  }

  bool holds(const Test& test, const Found& one) {
    if (test.name == "-name") return globMatches(test.value, baseName(one.shown));
    if (test.name == "-iname") {
      return globMatches(base::lower(test.value), base::lower(baseName(one.shown)));
    }
    if (test.name == "-path") return globMatches(test.value, one.shown);
    if (test.name == "-type") return test.value == (one.folder ? "d" : "f");
    if (test.name == "-empty") {
      return one.folder ? m_files.list(one.path).empty() : m_files.info(one.path).size == 0;
    }
    if (test.name == "-user") return m_files.info(one.path).owner == test.value;
    if (test.name == "-print") m_call.print(one.shown + "\n");
    if (test.name == "-delete") return remove(one);
    if (test.name == "-exec") return execute(test, one);
    if (test.name == "-size") return hasSize(test.value, m_files.info(one.path).size);
    if (test.name == "-mmin" || test.name == "-mtime") {
      const double age = static_cast<double>(m_call.machine.world.unixMs() -
                                             m_files.info(one.path).modifiedUnixMs);
      const std::int64_t unit = test.name == "-mmin" ? 60'000 : 86'400'000;
      return compares(test.value, static_cast<double>(static_cast<std::int64_t>(age) / unit));
    }
    return true;
  }

  // In whole units, rounded up.
  static bool hasSize(std::string value, std::int64_t bytes) {
    const auto unit = unitBytes(value.back());
    if (unit) value.pop_back();
    const std::int64_t each = unit.value_or(512);
    return compares(value, static_cast<double>((bytes + each - 1) / each));
  }

  bool remove(const Found& one) {
    const auto removed = m_files.remove(one.path, m_call.changed);
    if (removed) return true;
    m_code = m_call.fail("cannot delete \u2018" + one.shown + "\u2019: " + removed.error().message);
    return false;
  }

  bool execute(const Test& test, const Found& one) {
    if (test.together) {
      m_together[test.words].push_back(one.shown);
      return true;
    }
    std::vector<std::string> command;
    for (const std::string& word : test.words) {
      command.push_back(base::replaceAll(word, "{}", one.shown));
    }
    return m_call.interpreter.runCommand(command, m_call) == 0;
  }

  Call& m_call;
  FileView m_files;
  Expression m_expression;
  std::map<std::vector<std::string>, std::vector<std::string>> m_together;  // -exec ... +
  int m_code = 0;
};

int runFind(Call& call) {
  return Finder(call).run();
}

constexpr Command kCommands[] = {
    {"find", "find [PATH...] [-name PATTERN] [-type f|d] [-size N] [-mmin N] [-exec COMMAND {} ;]",
     "files below a directory", runFind}};

}  // namespace

std::span<const Command> findCommands() {
  return kCommands;
}

}  // namespace console
