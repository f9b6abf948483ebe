// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/conditions.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "console/file_view.h"
#include "console/options.h"
#include "console/text/glob.h"
#include "console/text/pattern.h"
#include "console/text/quoting.h"

namespace console {
namespace {

bool isUnary(const std::string& op) {
  constexpr std::string_view kLetters = "abcdefghknoprstuvwxzGLNORS";
  return op.size() == 2 && op[0] == '-' && kLetters.find(op[1]) != std::string_view::npos;
}

bool isOrder(const std::string& op) {
  static constexpr std::string_view kOperators[] = {"-eq", "-ne", "-lt", "-le", "-gt", "-ge"};
  return std::find(std::begin(kOperators), std::end(kOperators), op) != std::end(kOperators);
}

bool isBinary(const std::string& op) {
  static constexpr std::string_view kOperators[] = {"=", "==", "!=", "<", ">", "-nt", "-ot", "-ef"};
  return isOrder(op) ||
         std::find(std::begin(kOperators), std::end(kOperators), op) != std::end(kOperators);
}

bool ordered(const std::string& op, std::int64_t a, std::int64_t b) {
  if (op == "-eq") return a == b;
  if (op == "-ne") return a != b;
  if (op == "-lt") return a < b;
  if (op == "-le") return a <= b;
  return op == "-gt" ? a > b : a >= b;
}

bool fileHolds(char op, const std::string& path, const FileView& files) {
  const bool directory = files.isDirectory(path);
  if (!directory && !files.exists(path)) return false;
  switch (op) {
    case 'd':
      return directory;
    case 'f':
      return !directory;
    case 's':
      return files.info(path).size > 0;
    case 'w':
      return files.info(path).writable;
    case 'x':
      return directory || (files.info(path).mode & 0111U) != 0;
    case 'r':
      return directory || files.read(path).ok();
    case 'a':
    case 'e':
    case 'G':
    case 'O':
      return true;
    default:  // links, sockets, devices: there are none
      return false;
  }
}

bool unaryHolds(const std::string& op, const std::string& value, const TestSurroundings& around) {
  if (op == "-z") return value.empty();
  if (op == "-n") return !value.empty();
  if (op == "-v") return around.expander.isSet(value, around.error);
  if (op == "-o") return around.state.on(value);
  if (op == "-t") return value == "0" || value == "1" || value == "2";
  if (op == "-R") return false;
  return fileHolds(op[1], value, FileView(around.machine, around.state));
}

bool filesHold(const std::string& left, const std::string& op, const std::string& right,
               const TestSurroundings& around) {
  const FileView files(around.machine, around.state);
  if (op == "-ef") return files.exists(left) && files.resolve(left) == files.resolve(right);
  const bool newer = op == "-nt";
  const std::string& first = newer ? left : right;
  const std::string& second = newer ? right : left;
  if (!files.exists(first)) return false;
  return !files.exists(second) ||
         files.info(first).modifiedUnixMs > files.info(second).modifiedUnixMs;
}

// The words of [ ], by the number of them as POSIX has it, or as an expression when they are many.
class WordTest {
 public:
  WordTest(const std::vector<std::string>& words, const std::string& name,
           const TestSurroundings& around)
      : m_words(words), m_name(name), m_around(around) {}

  int run() {
    const std::optional<bool> holds = counted(m_words.size());
    if (holds && m_at < m_words.size()) return complain("too many arguments");
    return !holds ? 2 : *holds ? 0 : 1;
  }

 private:
  int complain(const std::string& text) {
    if (!m_told) m_around.error += m_around.state.complaint() + m_name + ": " + text + "\n";
    m_told = true;
    return 2;
  }
  [[nodiscard]] std::size_t left() const { return m_words.size() - m_at; }
  [[nodiscard]] bool word(std::string_view text) const {
    return left() > 0 && m_words[m_at] == text;
  }

  std::optional<bool> counted(std::size_t count) {
    if (count == 0) return false;
    if (count == 1) return !m_words[m_at++].empty();
    if (count > 1 && count < 5 && word("!") && !(count == 3 && isBinary(m_words[m_at + 1]))) {
      ++m_at;
      const auto holds = counted(count - 1);
      return holds ? std::optional(!*holds) : std::nullopt;
    }
    if (count == 2) return unary();
    if (count == 3 && isBinary(m_words[m_at + 1])) return binary();
    if (count == 3 && m_words[m_at + 1] != "-a" && m_words[m_at + 1] != "-o" && !word("(")) {
      complain(m_words[m_at + 1] + ": binary operator expected");
      return std::nullopt;
    }
    return either();
  }

  std::optional<bool> unary() {
    const std::string op = m_words[m_at];
    if (!isUnary(op)) {
      complain(op + ": unary operator expected");
      return std::nullopt;
    }
    m_at += 2;
    return unaryHolds(op, m_words[m_at - 1], m_around);
  }

  std::optional<bool> binary() {
    const std::string &left = m_words[m_at], &op = m_words[m_at + 1], &right = m_words[m_at + 2];
    m_at += 3;
    if (op == "=" || op == "==") return left == right;
    if (op == "!=") return left != right;
    if (op == "<") return left < right;
    if (op == ">") return left > right;
    if (!isOrder(op)) return filesHold(left, op, right, m_around);
    std::array<std::int64_t, 2> numbers{};
    for (std::size_t i = 0; i < 2; ++i) {
      const std::string& text = i == 0 ? left : right;
      const std::string_view bare = base::trim(text);
      const bool sign = bare.starts_with('-') || bare.starts_with('+');
      if (!isNumber(bare.substr(sign ? 1 : 0))) {
        complain(text + ": integer expression expected");
        return std::nullopt;
      }
      const std::int64_t size = numberOr(bare.substr(sign ? 1 : 0), INT64_MAX, 0, INT64_MAX);
      numbers[i] = bare.starts_with('-') ? -size : size;
    }
    return ordered(op, numbers[0], numbers[1]);
  }

  std::optional<bool> either() {
    std::optional<bool> holds = both();
    while (holds && word("-o")) {
      ++m_at;
      const auto other = both();
      holds = other ? std::optional(*holds || *other) : std::nullopt;
    }
    return holds;
  }

  std::optional<bool> both() {
    std::optional<bool> holds = one();
    while (holds && word("-a")) {
      ++m_at;
      const auto other = one();
      holds = other ? std::optional(*holds && *other) : std::nullopt;
    }
    return holds;
  }

  std::optional<bool> one() {
    if (left() == 0 || ++m_depth > 100) {
      complain("argument expected");
      return std::nullopt;
    }
    if (word("!")) {
      ++m_at;
      const auto holds = one();
      return holds ? std::optional(!*holds) : std::nullopt;
    }
    if (left() > 2 && isBinary(m_words[m_at + 1])) return binary();
    if (word("(")) {
      ++m_at;
      const auto holds = either();
      if (!holds) return holds;
      if (!word(")")) {
        complain("`)' expected");
        return std::nullopt;
      }
      ++m_at;
      return holds;
    }
    if (left() > 1 && isUnary(m_words[m_at])) return unary();
    return !m_words[m_at++].empty();
  }

  const std::vector<std::string>& m_words;
  const std::string& m_name;
  const TestSurroundings& m_around;
  std::size_t m_at = 0;
  int m_depth = 0;
  bool m_told = false;
};

std::string lowered(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

// TEXT =~ EXPRESSION; BASH_REMATCH holds what its groups took.
int expressionHolds(const std::string& text, const std::string& expression,
                    const TestSurroundings& around) {
  const auto pattern =
      Pattern::make(expression, PatternSyntax::Extended, around.state.on("nocasematch"));
  if (!pattern) return 2;
  const auto match = pattern.value().find(text);
  around.state.variables.erase("BASH_REMATCH");
  if (!match) return 1;
  ShellVariable groups;
  groups.kind = ShellVariable::Kind::Indexed;
  for (std::size_t i = 0; i < kPatternGroups; ++i) {
    const std::size_t from = match->at[2 * i], to = match->at[2 * i + 1];
    if (from == std::string::npos) continue;
    groups.indexed[static_cast<std::int64_t>(i)] = text.substr(from, to - from);
  }
  around.state.variables.put("BASH_REMATCH", std::move(groups));
  return 0;
}

int wordsHold(const Condition& condition, const TestSurroundings& around,
              std::vector<std::string>& trace) {
  Expander& expander = around.expander;
  const std::string& op = condition.op;
  const std::string left = expander.text(condition.words[0], around.error);
  if (condition.words.size() == 1) {
    trace.push_back((op.empty() ? "-n" : op) + " " + quotedIfNeeded(left));
    return (op.empty() ? !left.empty() : unaryHolds(op, left, around)) ? 0 : 1;
  }
  const ShellWord& other = condition.words[1];
  if (op == "==" || op == "=" || op == "!=") {
    const std::string pattern = expander.pattern(other, around.error);
    trace.push_back(quotedIfNeeded(left) + " " + op + " " + pattern);
    const bool any = around.state.on("nocasematch");
    const bool same =
        any ? globMatches(lowered(pattern), lowered(left)) : globMatches(pattern, left);
    return same == (op != "!=") ? 0 : 1;
  }
  if (op == "=~") {
    const std::string expression = expander.regularExpression(other, around.error);
    trace.push_back(quotedIfNeeded(left) + " =~ " + expression);
    return expressionHolds(left, expression, around);
  }
  const std::string right = expander.text(other, around.error);
  trace.push_back(quotedIfNeeded(left) + " " + op + " " + quotedIfNeeded(right));
  if (op == "<") return left < right ? 0 : 1;
  if (op == ">") return left > right ? 0 : 1;
  if (op == "-nt" || op == "-ot" || op == "-ef") return filesHold(left, op, right, around) ? 0 : 1;
  if (!isOrder(op)) {
    around.error += around.state.complaint() + "conditional binary operator expected\n";
    return 2;
  }
  const auto a = expander.sum(left, around.error), b = expander.sum(right, around.error);
  if (a && b) return ordered(op, a.value(), b.value()) ? 0 : 1;
  around.error += around.state.complaint() + "[[: " + (a ? right : left) + ": " +
                  (a ? b.error() : a.error()).message + "\n";
  return 1;
}

}  // namespace

int testWords(const std::vector<std::string>& words, const std::string& name,
              const TestSurroundings& around) {
  return WordTest(words, name, around).run();
}

int testCondition(const Condition& condition, const TestSurroundings& around,
                  std::vector<std::string>& trace) {
  switch (condition.kind) {
    case Condition::Kind::Not: {
      const int code = testCondition(condition.parts[0], around, trace);
      return code < 2 ? 1 - code : code;
    }
    case Condition::Kind::And:
    case Condition::Kind::Or: {
      const int goesOn = condition.kind == Condition::Kind::And ? 0 : 1;
      int code = goesOn;
      for (const Condition& part : condition.parts) {
        code = testCondition(part, around, trace);
        if (code != goesOn) break;
      }
      return code;
    }
    case Condition::Kind::Words:
      break;
  }
  return wordsHold(condition, around, trace);
}

}  // namespace console
