// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/bench/script.h"

#include <algorithm>
#include <cstdlib>

#include "base/text.h"

namespace console {
namespace {

constexpr std::size_t kMostCommands = 2000;

bool isNameChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// A number, :variable, function(arguments), + - * / % and parentheses.
class Expression {
 public:
  Expression(std::string_view text, const BenchVariables& variables)
      : m_text(text), m_variables(variables) {}

  base::Result<BenchVariable> value() {
    const BenchVariable result = sum(0);
    skip();
    if (m_error.empty() && m_at < m_text.size()) m_error = "syntax error";
    if (!m_error.empty()) return base::Error{"expression", "", m_error};
    return result;
  }

 private:
  void skip() {
    while (m_at < m_text.size() && (m_text[m_at] == ' ' || m_text[m_at] == '\t')) ++m_at;
  }
  bool accept(char c) {
    skip();
    if (m_at >= m_text.size() || m_text[m_at] != c) return false;
    ++m_at;
    return true;
  }
  BenchVariable fail(std::string text) {
    if (m_error.empty()) m_error = std::move(text);
    m_at = m_text.size();
    return {};
  }

  // Ranges are worked on at their ends; their law stays.
  static BenchVariable joined(const BenchVariable& a, const BenchVariable& b, double x, double y) {
    BenchVariable result = a.constant() ? b : a;
    result.low = std::min(x, y);
    result.high = std::max(x, y);
    return result;
  }
  BenchVariable sum(int depth) {
    BenchVariable left = product(depth);
    while (m_error.empty()) {
      if (accept('+')) {
        const BenchVariable right = product(depth);
        left = joined(left, right, left.low + right.low, left.high + right.high);
      } else if (accept('-')) {
        const BenchVariable right = product(depth);
        left = joined(left, right, left.low - right.high, left.high - right.low);
      } else {
        break;
      }
    }
    return left;
  }
  BenchVariable product(int depth) {
    BenchVariable left = factor(depth);
    while (m_error.empty()) {
      if (accept('*')) {
        const BenchVariable right = factor(depth);
        left = joined(left, right, left.low * right.low, left.high * right.high);
      } else if (accept('/')) {
        const BenchVariable right = factor(depth);
        if (right.low == 0 || right.high == 0) return fail("division by zero");
        left = joined(left, right, left.low / right.high, left.high / right.low);
      } else if (accept('%')) {
        const BenchVariable right = factor(depth);
        if (right.high == 0) return fail("division by zero");
        left = joined(left, right, 0, std::max(0.0, right.high - 1));
      } else {
        break;
      }
    }
    return left;
  }
  BenchVariable factor(int depth) {
    constexpr int kDeepest = 60;
    if (depth > kDeepest) return fail("too complex");
    skip();
    if (accept('(')) {
      const BenchVariable inner = sum(depth + 1);
      return accept(')') ? inner : fail("syntax error");
    }
    if (accept('-')) {
      const BenchVariable inner = factor(depth + 1);
      return joined(inner, inner, -inner.high, -inner.low);
    }
    const std::string word = take();
    if (word.empty()) return fail("syntax error");
    if (word[0] == ':') {
      const auto found = m_variables.find(word.substr(1));
      return found != m_variables.end() ? found->second
                                        : fail("undefined variable \"" + word.substr(1) + "\"");
    }
    if ((word[0] >= '0' && word[0] <= '9') || word[0] == '.') {
      const double number = std::strtod(word.c_str(), nullptr);
      return {number, number, sim::KeyLaw::Uniform, 0};
    }
    return call(word, depth);
  }
  std::string take() {
    const std::size_t from = m_at;
    if (m_at < m_text.size() && m_text[m_at] == ':') ++m_at;
    while (m_at < m_text.size() && (isNameChar(m_text[m_at]) || m_text[m_at] == '.')) ++m_at;
    return std::string(m_text.substr(from, m_at - from));
  }
  BenchVariable call(const std::string& name, int depth) {
    if (!accept('(')) return fail("syntax error");
    std::vector<BenchVariable> arguments;
    if (!accept(')')) {
      do {
        arguments.push_back(sum(depth + 1));
      } while (m_error.empty() && accept(','));
      if (!accept(')')) return fail("syntax error");
    }
    const bool shaped =
        name == "random_gaussian" || name == "random_zipfian" || name == "random_exponential";
    if (name != "random" && !shaped) return fail("unexpected function name (" + name + ")");
    if (arguments.size() != (shaped ? 3u : 2u)) {
      return fail("unexpected number of arguments (" + name + ")");
    }
    BenchVariable result{arguments[0].low, arguments[1].high, sim::KeyLaw::Uniform, 0};
    if (result.low > result.high) return fail("empty range given to random");
    if (shaped) result.parameter = arguments[2].low;
    if (name == "random_gaussian") result.law = sim::KeyLaw::Gaussian;
    if (name == "random_zipfian") result.law = sim::KeyLaw::Zipfian;
    if (name == "random_exponential") result.law = sim::KeyLaw::Exponential;
    if (name == "random_gaussian" && result.parameter < 2) {
      return fail("gaussian parameter must be at least 2.000000 (not " +
                  base::fixedText(result.parameter, 6) + ")");
    }
    if (name == "random_zipfian" && (result.parameter < 1.001 || result.parameter > 1000)) {
      return fail("zipfian parameter must be in range [1.001, 1000] (not " +
                  base::fixedText(result.parameter, 6) + ")");
    }
    return result;
  }

  std::string_view m_text;
  const BenchVariables& m_variables;
  std::size_t m_at = 0;
  std::string m_error;
};

base::Result<BenchCommand> readMeta(const std::string& name, int number, const std::string& line) {
  const std::string text(base::trim(line.substr(1)));
  const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
  const std::string word = text.substr(0, end);
  const std::string rest(base::trim(text.substr(end)));
  const auto fail = [&](const std::string& reason) -> base::Error {
    return {"script", name,
            name + ":" + std::to_string(number) + ": " + reason + " in command \"" + word + "\"\n" +
                line};
  };
  BenchCommand command;
  if (word == "set") {
    const std::size_t blank = rest.find_first_of(" \t");
    if (rest.empty()) return fail("missing argument");
    if (blank == std::string::npos) return fail("missing argument");
    command.kind = BenchCommand::Kind::Set;
    command.name = rest.substr(0, blank);
    command.text = std::string(base::trim(rest.substr(blank)));
    return command;
  }
  if (word == "sleep") {
    char* unit = nullptr;
    command.kind = BenchCommand::Kind::Sleep;
    command.text = rest;
    command.seconds = std::strtod(rest.c_str(), &unit);
    const std::string said(base::trim(unit));
    if (rest.empty()) return fail("missing argument");
    if (said == "us") {
      command.seconds *= 1e-6;
    } else if (said == "ms") {
      command.seconds *= 1e-3;
    } else if (!said.empty() && said != "s") {
      return fail("unrecognized time unit, must be us, ms or s");
    }
    constexpr double kLongest = 7 * 24 * 3600.0;
    command.seconds = std::clamp(command.seconds, 0.0, kLongest);
    return command;
  }
  return fail("invalid command");
}

}  // namespace

const std::vector<BuiltinScript>& builtinScripts() {
  static const std::vector<BuiltinScript> kScripts = {
      {"tpcb-like", "<builtin: TPC-B (sort of)>",
       "\\set aid random(1, 100000 * :scale)\n"
       "\\set bid random(1, 1 * :scale)\n"
       "\\set tid random(1, 10 * :scale)\n"
       "\\set delta random(-5000, 5000)\n"
       "BEGIN;\n"
       "UPDATE pgbench_accounts SET abalance = abalance + :delta WHERE aid = :aid;\n"
       "SELECT abalance FROM pgbench_accounts WHERE aid = :aid;\n"
       "UPDATE pgbench_tellers SET tbalance = tbalance + :delta WHERE tid = :tid;\n"
       "UPDATE pgbench_branches SET bbalance = bbalance + :delta WHERE bid = :bid;\n"
       "INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES (:tid, :bid, :aid, "
       ":delta, "
       "CURRENT_TIMESTAMP);\n"
       "END;\n"},
      {"simple-update", "<builtin: simple update>",
       "\\set aid random(1, 100000 * :scale)\n"
       "\\set bid random(1, 1 * :scale)\n"
       "\\set tid random(1, 10 * :scale)\n"
       "\\set delta random(-5000, 5000)\n"
       "BEGIN;\n"
       "UPDATE pgbench_accounts SET abalance = abalance + :delta WHERE aid = :aid;\n"
       "SELECT abalance FROM pgbench_accounts WHERE aid = :aid;\n"
       "INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES (:tid, :bid, :aid, "
       ":delta, "
       "CURRENT_TIMESTAMP);\n"
       "END;\n"},
      {"select-only", "<builtin: select only>",
       "\\set aid random(1, 100000 * :scale)\n"
       "SELECT abalance FROM pgbench_accounts WHERE aid = :aid;\n"}};
  return kScripts;
}

base::Result<BenchScript> readBenchScript(const std::string& name, std::string_view text) {
  BenchScript script;
  script.title = name;
  std::string open;
  const auto finish = [&] {
    const std::string statement(base::trim(open));
    if (!statement.empty() && script.commands.size() < kMostCommands) {
      script.commands.emplace_back().text = statement;
    }
    open.clear();
  };
  int number = 0;
  for (const std::string& line : base::lines(std::string(text))) {
    ++number;
    const std::string trimmed(base::trim(line));
    if (base::trim(open).empty() && trimmed.starts_with("\\")) {
      auto command = readMeta(name, number, trimmed);
      if (!command.ok()) return command.error();
      if (script.commands.size() < kMostCommands) {
        script.commands.push_back(std::move(command.value()));
      }
      continue;
    }
    char quote = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
      const char c = line[i];
      if (quote == 0 && c == '-' && i + 1 < line.size() && line[i + 1] == '-') break;
      if (quote != 0 ? c == quote : (c == '\'' || c == '"')) quote = quote != 0 ? '\0' : c;
      if (c == ';' && quote == 0) {
        finish();
      } else {
        open += c;
      }
    }
    open += '\n';
  }
  finish();
  if (script.commands.empty()) {
    return base::Error{"script", name, "empty command list for script \"" + name + "\""};
  }
  return script;
}

base::Result<BenchVariable> evaluateBench(std::string_view expression,
                                          const BenchVariables& variables) {
  return Expression(expression, variables).value();
}

}  // namespace console
