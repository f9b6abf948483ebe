// SPDX-License-Identifier: GPL-3.0-or-later
// What words of the shell become: variables, $( ), sums, braces, file names.
#include <algorithm>

#include "base/text.h"
#include "console/braces.h"
#include "console/file_view.h"
#include "console/interpreter.h"
#include "console/lexer.h"
#include "console/options.h"
#include "console/text/arithmetic.h"
#include "console/text/glob.h"
#include "console/text/parameter.h"

namespace console {
namespace {

constexpr int kSubstitutionLimit = 8;
constexpr std::size_t kMostVariables = 200;

// A text that a pattern takes as it is.
std::string literalPattern(const std::string& text) {
  std::string pattern;
  for (const char c : text) {
    if (std::string_view("*?[\\").find(c) != std::string_view::npos) pattern += '\\';
    pattern += c;
  }
  return pattern;
}

}  // namespace

void Interpreter::assign(const Assignment& to, const ShellWord& word, std::string& error) {
  std::string text = to.adds ? parameter(to.name).value_or("") : "";
  const std::size_t before = text.size();
  text += word[0].text.substr(to.from);
  for (std::size_t i = 1; i < word.size(); ++i) text += value(word[i], error);
  if (text.compare(before, 1, "~") == 0 && (text.size() == before + 1 || text[before + 1] == '/')) {
    text.replace(before, 1, "/home/" + m_state.user);
  }
  if (text.size() > kOutputLimit) text.resize(kOutputLimit);
  setVariable(to.name, std::move(text));
}

std::string Interpreter::substituted(const std::string& line, std::string& error) {
  if (m_depth >= kSubstitutionLimit) {
    error += "bash: maximum nesting of command substitution exceeded\n";
    return {};
  }
  ++m_depth;
  std::string out;
  {
    const Subshell inside(*this);
    runParsed(parseLine(line), out, error);
  }
  --m_depth;
  while (!out.empty() && out.back() == '\n') out.pop_back();
  return out;
}

base::Result<std::int64_t> Interpreter::sum(const std::string& text, std::string& error) {
  const auto word = wordInBraces(text);
  if (!word) return word.error();
  return arithmeticValue(
      joined(word.value(), false, error),
      [&](const std::string& name) { return parameter(name).value_or(""); },
      [&](const std::string& name, const std::string& number) { setVariable(name, number); });
}

void Interpreter::setVariable(const std::string& name, std::string text) {
  if (m_state.variables.size() < kMostVariables || m_state.variables.contains(name)) {
    m_state.variables[name] = std::move(text);
  }
}

std::string Interpreter::value(const WordPart& part, std::string& error) {
  if (part.kind == PartKind::Text) return part.text;
  if (part.kind == PartKind::Substitution) return substituted(part.text, error);
  if (part.kind == PartKind::Arithmetic) {
    const auto number = sum(part.text, error);
    if (number) return std::to_string(number.value());
    error += "bash: " + part.text + ": " + number.error().message + "\n";
    m_broken = true;
    return {};
  }
  const bool sign = part.text.size() == 1 &&
                    std::string_view("?$#@*!-").find(part.text[0]) != std::string_view::npos;
  if (sign || isName(part.text) || isNumber(part.text)) return parameter(part.text).value_or("");
  return braced(part.text, error);
}

std::string Interpreter::joined(const ShellWord& word, bool pattern, std::string& error) {
  std::string text;
  for (const WordPart& part : word) {
    const std::string one = value(part, error);
    text += pattern && part.quoted ? literalPattern(one) : one;
  }
  return text;
}

std::string Interpreter::braced(const std::string& inside, std::string& error) {
  if (m_depth >= kSubstitutionLimit) return {};
  ++m_depth;
  const auto word = [&](std::string_view text, bool pattern) {
    const auto parsed = wordInBraces(text);
    return parsed ? joined(parsed.value(), pattern, error) : std::string();
  };
  const ParameterSource source{
      [&](const std::string& name) { return parameter(name); },
      [&](const std::string& name, const std::string& text) { setVariable(name, text); },
      [&](std::string_view text) { return word(text, false); },
      [&](std::string_view text) { return word(text, true); },
      [&](std::string_view text) {
        const auto number = sum(std::string(text), error);
        return number ? number.value() : 0;
      }};
  const auto result = parameterValue(inside, source);
  --m_depth;
  if (result) return result.value();
  error += "bash: " + result.error().message + "\n";
  m_broken = true;
  return {};
}

std::optional<std::string> Interpreter::parameter(const std::string& name) const {
  const std::vector<std::string>& arguments = m_state.arguments;
  if (name == "?") return std::to_string(m_state.lastExit);
  if (name == "$") return "4021";
  if (name == "-") return "himBHs";
  if (name == "!") {
    return m_state.jobs.empty() ? std::string() : std::to_string(m_state.jobs.back().pid);
  }
  if (name == "#") return std::to_string(arguments.size());
  if (name == "@" || name == "*") {
    std::string text;
    for (const std::string& one : arguments) text += (text.empty() ? "" : " ") + one;
    return text;
  }
  if (name[0] >= '0' && name[0] <= '9') {
    const std::int64_t place = numberOr(name, 0, 0, 100'000);
    if (place == 0) return m_state.scriptName;
    if (static_cast<std::size_t>(place) > arguments.size()) return std::nullopt;
    return arguments[static_cast<std::size_t>(place) - 1];
  }
  if (const auto it = m_state.variables.find(name); it != m_state.variables.end()) {
    return it->second;
  }
  std::string known = environmentValue(m_machine.world, m_state, name);
  if (known.empty()) return std::nullopt;
  return known;
}

std::vector<std::string> Interpreter::expand(const ShellWord& word, std::string& error) {
  std::vector<std::string> results;
  for (const ShellWord& one : bracesExpanded(word)) expandOne(one, results, error);
  return results;
}

void Interpreter::expandOne(const ShellWord& word, std::vector<std::string>& results,
                            std::string& error) {
  const std::string separators =
      m_state.variables.contains("IFS") ? m_state.variables.at("IFS") : " \t\n";
  std::string literal, pattern;
  bool any = false, wild = false;
  const auto finish = [&]() {
    if (!any) return;
    if (wild) {
      for (std::string& name : matchFiles(pattern, literal)) results.push_back(std::move(name));
    } else {
      results.push_back(literal);
    }
    literal.clear();
    pattern.clear();
    any = wild = false;
  };
  for (std::size_t i = 0; i < word.size(); ++i) {
    const WordPart& part = word[i];
    if (part.kind == PartKind::Variable && part.text == "@") {
      // As many words as there are arguments.
      for (std::size_t n = 0; n < m_state.arguments.size(); ++n) {
        if (n > 0) finish();
        any = any || part.quoted || !m_state.arguments[n].empty();
        literal += m_state.arguments[n];
        pattern += literalPattern(m_state.arguments[n]);
      }
      continue;
    }
    std::string text = value(part, error);
    if (i == 0 && part.kind == PartKind::Text && !part.quoted && text.starts_with("~") &&
        (text.size() == 1 || text[1] == '/')) {
      text = "/home/" + m_state.user + text.substr(1);
    }
    if (part.quoted || part.kind == PartKind::Text) {
      any = true;
      literal += text;
      pattern += part.quoted ? literalPattern(text) : text;
      wild = wild || (!part.quoted && text.find_first_of("*?[") != std::string::npos);
      continue;
    }
    for (const char c : text) {  // an unquoted expansion is split at blanks
      if (separators.find(c) != std::string::npos) {
        finish();
      } else {
        any = true;
        wild = wild || c == '*' || c == '?';
        literal += c;
        pattern += c;
      }
    }
  }
  finish();
}

std::vector<std::string> Interpreter::matchFiles(const std::string& pattern,
                                                 const std::string& literal) {
  const FileView files(m_machine, m_state);
  const std::size_t slash = pattern.rfind('/');
  const std::string directory = slash == std::string::npos ? "" : pattern.substr(0, slash + 1);
  const std::string last = slash == std::string::npos ? pattern : pattern.substr(slash + 1);
  std::vector<std::string> names;
  for (const std::string& name : files.list(directory.empty() ? "." : directory)) {
    if (name[0] == '.' && !last.starts_with(".")) continue;
    if (globMatches(last, name)) names.push_back(directory + name);
  }
  if (names.empty()) names.push_back(literal);  // as bash does without nullglob
  return names;
}

}  // namespace console
