// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <utility>

#include "base/random.h"
#include "console/braces.h"
#include "console/expander.h"
#include "console/file_view.h"
#include "console/lexer.h"
#include "console/options.h"
#include "console/text/arithmetic.h"
#include "console/text/glob.h"
#include "console/text/quoting.h"

namespace console {
namespace {

constexpr int kNestingLimit = 8;
constexpr int kUnsetCode = 127;  // of a shell that ends because a variable is not set

// A text that a pattern takes as it is.
std::string escaped(const std::string& text, std::string_view signs) {
  std::string pattern;
  for (const char c : text) {
    if (signs.find(c) != std::string_view::npos) pattern += '\\';
    pattern += c;
  }
  return pattern;
}

std::string literalPattern(const std::string& text) {
  return escaped(text, "*?[\\");
}

bool asksForAll(const std::optional<std::string>& subscript) {
  return subscript && (*subscript == "@" || *subscript == "*");
}

// The parts of a word one after the other: into words where blanks and lists part them.
class WordSplitter {
 public:
  WordSplitter(
      std::string separators, std::vector<std::string>& results,
      std::function<std::vector<std::string>(const std::string&, const std::string&)> match)
      : m_separators(std::move(separators)), m_results(results), m_match(std::move(match)) {}

  void quoted(const std::string& text) {
    m_any = m_any || !text.empty();
    m_quotes = true;
    m_literal += text;
    m_pattern += literalPattern(text);
  }
  void plain(const std::string& text) {
    m_any = true;
    m_literal += text;
    m_pattern += text;
    m_wild = m_wild || text.find_first_of("*?[") != std::string::npos;
  }
  // An expansion that is not quoted.
  void split(const std::string& text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      if (m_separators.find(c) != std::string::npos) {
        // Blanks count once; another separator ends a word even when nothing is in it.
        if (c != ' ' && c != '\t' && c != '\n') m_any = m_any || ended(text, i);
        finish();
      } else {
        m_any = true;
        m_wild = m_wild || c == '*' || c == '?' || c == '[';
        m_literal += c;
        m_pattern += c;
      }
    }
  }
  // A quoted "$@" that holds nothing makes no word of the quotation marks around it.
  void nothing() { m_none = true; }
  void finish() {
    if (m_any || (m_quotes && !m_none)) {
      if (m_wild) {
        for (std::string& name : m_match(m_pattern, m_literal))
          m_results.push_back(std::move(name));
      } else {
        m_results.push_back(m_literal);
      }
    }
    m_literal.clear();
    m_pattern.clear();
    m_any = m_wild = m_quotes = m_none = false;
  }

 private:
  // Whether the separator at i follows another, or begins the text.
  [[nodiscard]] bool ended(const std::string& text, std::size_t i) const {
    while (i > 0 && (text[i - 1] == ' ' || text[i - 1] == '\t' || text[i - 1] == '\n') &&
           m_separators.find(text[i - 1]) != std::string::npos) {
      --i;
    }
    return i == 0 ? m_literal.empty() : m_separators.find(text[i - 1]) != std::string::npos;
  }

  std::string m_separators;
  std::vector<std::string>& m_results;
  std::function<std::vector<std::string>(const std::string&, const std::string&)> m_match;
  std::string m_literal, m_pattern;
  bool m_any = false, m_wild = false, m_quotes = false, m_none = false;
};

}  // namespace

void Expander::fail(const std::string& message, int code, std::string& error) {
  error += m_state.complaint() + message + "\n";
  m_failure = code;
}

std::optional<int> Expander::takeFailure() {
  return std::exchange(m_failure, std::nullopt);
}

std::string Expander::home(std::string text) const {
  if (!text.starts_with('~')) return text;
  const std::size_t end = std::min(text.find('/'), text.size());
  const std::string user = text.substr(1, end - 1);
  std::string place;
  if (user.empty()) place = environmentValue(m_machine.world, m_state, "HOME");
  if (user == "+") place = m_state.directory;
  if (user == "-") place = m_state.previousDirectory;
  if (user == "root") place = "/root";
  if (user == "postgres") place = "/var/lib/postgresql";
  if (user == "oncall") place = "/home/oncall";
  return place.empty() ? text : place + text.substr(end);
}

std::string Expander::firstSeparator() const {
  const std::string* separators = m_state.variables.text("IFS");
  return separators == nullptr ? " " : separators->substr(0, 1);
}

std::string Expander::value(const WordPart& part, std::string& error) {
  switch (part.kind) {
    case PartKind::Text:
      return part.text;
    case PartKind::Substitution:
      return m_runner.substitute(part.text, error);
    case PartKind::Process:
      return m_runner.process(part.text, error);
    case PartKind::Array:
      return "(" + part.text + ")";
    case PartKind::Arithmetic: {
      const auto number = sum(part.text, error);
      if (number) return std::to_string(number.value());
      const std::size_t first = std::min(part.text.find_first_not_of(" \t\n"), part.text.size());
      fail(part.text.substr(first) + ": " + number.error().message, 1, error);
      return {};
    }
    case PartKind::Variable:
      return parameterWords(part.text, error).joined(part.quoted ? firstSeparator() : " ");
  }
  return {};
}

std::string Expander::joined(const ShellWord& word, Form form, std::string& error) {
  std::string text;
  for (const WordPart& part : word) {
    const std::string one = value(part, error);
    if (form == Form::Text || !part.quoted) {
      text += one;
    } else {
      text += form == Form::Glob ? literalPattern(one) : escaped(one, "\\^$.[]|()*+?{}");
    }
  }
  return text;
}

std::string Expander::text(const ShellWord& word, std::string& error) {
  return joined(word, Form::Text, error);
}

std::string Expander::pattern(const ShellWord& word, std::string& error) {
  return joined(word, Form::Glob, error);
}

std::string Expander::regularExpression(const ShellWord& word, std::string& error) {
  return joined(word, Form::Regular, error);
}

std::string Expander::textOf(std::string_view written, Form form, std::string& error) {
  const auto parsed = wordInBraces(written);
  return parsed ? home(joined(parsed.value(), form, error)) : std::string();
}

base::Result<std::int64_t> Expander::sum(const std::string& text, std::string& error) {
  const auto word = wordInBraces(text);
  if (!word) return word.error();
  const auto read = [&](const std::string& place) {
    const std::size_t bracket = place.find('[');
    const std::string name = place.substr(0, bracket);
    std::optional<std::string> subscript;
    if (bracket != std::string::npos) {
      subscript = place.substr(bracket + 1, place.size() - bracket - 2);
    }
    const ParameterWords held = valueOf(name, subscript, error);
    if (!held.set && m_state.on("nounset")) fail(place + ": unbound variable", kUnsetCode, error);
    return held.words.empty() ? std::string() : held.words[0];
  };
  const auto write = [&](const std::string& place, const std::string& number) {
    setPlace(place, number, error);
  };
  if (++m_depth > kNestingLimit) {
    --m_depth;
    return base::Error{"syntax", "", "expression recursion level exceeded"};
  }
  const auto result = arithmeticValue(joined(word.value(), Form::Text, error), read, write);
  --m_depth;
  return result;
}

ParameterWords Expander::parameterWords(const std::string& inside, std::string& error) {
  if (m_depth >= kNestingLimit) return {};
  ++m_depth;
  const auto result = parameterValue(inside, source(error));
  --m_depth;
  if (result) return result.value();
  fail(result.error().message, result.error().code == "unset" ? kUnsetCode : 1, error);
  return {};
}

ParameterSource Expander::source(std::string& error) {
  ParameterSource from;
  from.value = [this, &error](const std::string& name,
                              const std::optional<std::string>& subscript) {
    return valueOf(name, subscript, error);
  };
  from.assign = [this, &error](const std::string& name, const std::optional<std::string>& subscript,
                               const std::string& text) {
    setPlace(subscript ? name + "[" + *subscript + "]" : name, text, error);
  };
  from.keys = [this](const std::string& name) {
    const ShellVariable* variable = m_state.variables.find(name);
    return variable == nullptr ? std::vector<std::string>() : variable->keys();
  };
  from.names = [this](const std::string& prefix) {
    std::vector<std::string> names;
    for (const auto& [name, variable] : m_state.variables.all()) {
      if (name.starts_with(prefix)) names.push_back(name);
    }
    return names;
  };
  from.flags = [this](const std::string& name) {
    const ShellVariable* variable = m_state.variables.find(name);
    return variable == nullptr ? std::string() : variable->flags();
  };
  from.text = [this, &error](std::string_view text) { return textOf(text, Form::Text, error); };
  from.pattern = [this, &error](std::string_view text) { return textOf(text, Form::Glob, error); };
  from.arithmetic = [this, &error](std::string_view text) {
    const auto number = sum(std::string(text), error);
    if (!number) fail(std::string(text) + ": " + number.error().message, 1, error);
    return number ? number.value() : 0;
  };
  from.mustBeSet = m_state.on("nounset");
  return from;
}

ParameterWords Expander::valueOf(const std::string& name,
                                 const std::optional<std::string>& subscript, std::string& error) {
  if (name == "@" || name == "*") {
    return {m_state.arguments, !m_state.arguments.empty(), true, name == "*"};
  }
  if (name == "PIPESTATUS") {
    ParameterWords codes{{}, true, asksForAll(subscript), subscript == "*"};
    for (const int code : m_state.pipeStatus) codes.words.push_back(std::to_string(code));
    if (codes.list) return codes;
    const auto place = static_cast<std::size_t>(
        numberOr(keyOf(name, subscript.value_or("0"), error), 0, 0, 1 << 20));
    if (place >= codes.words.size()) return {};
    return {{codes.words[place]}, true, false, false};
  }
  if (subscript) {
    const ShellVariable* variable = m_state.variables.find(name);
    if (asksForAll(subscript)) {
      if (variable == nullptr) return {{}, false, true, subscript == "*"};
      std::vector<std::string> all = variable->values();
      const bool any = !all.empty();
      return {std::move(all), any, true, subscript == "*"};
    }
    const std::string key = keyOf(name, *subscript, error);
    const std::string* element = variable == nullptr ? nullptr : variable->element(key);
    return element == nullptr ? ParameterWords{} : ParameterWords{{*element}, true, false, false};
  }
  const auto known = parameter(name);
  return known ? ParameterWords{{*known}, true, false, false} : ParameterWords{};
}

// What a subscript means to a variable: a key, or the number of a sum.
std::string Expander::keyOf(const std::string& name, const std::string& subscript,
                            std::string& error) {
  const ShellVariable* variable = m_state.variables.find(name);
  if (variable != nullptr && variable->kind == ShellVariable::Kind::Keyed) {
    return textOf(subscript, Form::Text, error);
  }
  const auto number = sum(subscript, error);
  if (number) return std::to_string(number.value());
  fail(subscript + ": " + number.error().message, 1, error);
  return "0";
}

std::optional<std::string> Expander::special(const std::string& name) const {
  if (name == "?") return std::to_string(m_state.lastExit);
  if (name == "$" || name == "BASHPID") return "4021";
  if (name == "PPID") return "4020";
  if (name == "-") return optionLetters(m_state.options, m_state.interactive);
  if (name == "!") {
    return m_state.jobs.empty() ? std::string() : std::to_string(m_state.jobs.back().pid);
  }
  if (name == "#") return std::to_string(m_state.arguments.size());
  if (name == "LINENO") return std::to_string(m_state.line);
  if (name == "SECONDS") return std::to_string(m_machine.world.now().seconds());
  if (name == "EPOCHSECONDS") return std::to_string(m_machine.world.unixMs() / 1000);
  if (name == "UID" || name == "EUID") {
    return m_state.user == "root" ? "0" : m_state.user == "postgres" ? "107" : "1000";
  }
  if (name == "BASH_VERSION") return "5.2.15(1)-release";
  if (name == "RANDOM") {
    return std::to_string(base::draw64(m_machine.world.seed(), base::Stream::Terminal,
                                       m_machine.world.now().ms, m_state.line) %
                          32768);
  }
  return std::nullopt;
}

std::optional<std::string> Expander::parameter(const std::string& name) const {
  if (name[0] >= '0' && name[0] <= '9') {
    const std::int64_t place = numberOr(name, 0, 0, 100'000);
    if (place == 0) return m_state.scriptName;
    if (static_cast<std::size_t>(place) > m_state.arguments.size()) return std::nullopt;
    return m_state.arguments[static_cast<std::size_t>(place) - 1];
  }
  if (const ShellVariable* variable = m_state.variables.find(name)) {
    const std::string* text = variable->plain();
    return text == nullptr ? std::nullopt : std::optional(*text);
  }
  if (auto known = special(name)) return known;
  std::string known = environmentValue(m_machine.world, m_state, name);
  if (known.empty()) return std::nullopt;
  return known;
}

std::vector<std::string> Expander::words(const ShellWord& word, std::string& error) {
  std::vector<std::string> results;
  if (!m_state.on("braceexpand")) {
    expandOne(word, results, error);
    return results;
  }
  for (const ShellWord& one : bracesExpanded(word)) expandOne(one, results, error);
  return results;
}

void Expander::expandOne(const ShellWord& word, std::vector<std::string>& results,
                         std::string& error) {
  const std::string* given = m_state.variables.text("IFS");
  Listings listings;
  WordSplitter splitter(given == nullptr ? " \t\n" : *given, results,
                        [&](const std::string& pattern, const std::string& literal) {
                          return matchFiles(pattern, literal, listings, error);
                        });
  for (std::size_t i = 0; i < word.size(); ++i) {
    const WordPart& part = word[i];
    if (part.kind == PartKind::Variable) {
      const ParameterWords held = parameterWords(part.text, error);
      if (held.list && !(part.quoted && held.star)) {
        if (held.words.empty() && part.quoted) splitter.nothing();
        for (std::size_t n = 0; n < held.words.size(); ++n) {
          if (n > 0) splitter.finish();
          part.quoted ? splitter.quoted(held.words[n]) : splitter.split(held.words[n]);
        }
      } else {
        const std::string text = held.joined(part.quoted ? firstSeparator() : " ");
        part.quoted ? splitter.quoted(text) : splitter.split(text);
      }
      continue;
    }
    const std::string text = value(part, error);
    if (part.quoted) {
      splitter.quoted(text);
    } else if (part.kind == PartKind::Text || part.kind == PartKind::Process) {
      splitter.plain(i == 0 ? home(text) : text);
    } else {
      splitter.split(text);
    }
  }
  splitter.finish();
}

std::vector<std::string> Expander::matchFiles(const std::string& pattern,
                                              const std::string& literal, Listings& listings,
                                              std::string& error) {
  if (m_state.on("noglob")) return {literal};
  const std::size_t slash = pattern.rfind('/');
  const std::string directory = slash == std::string::npos ? "" : pattern.substr(0, slash + 1);
  const std::string last = slash == std::string::npos ? pattern : pattern.substr(slash + 1);
  const auto [listing, fresh] = listings.try_emplace(directory);
  if (fresh) {
    listing->second = FileView(m_machine, m_state).list(directory.empty() ? "." : directory);
  }
  std::vector<std::string> names;
  for (const std::string& name : listing->second) {
    if (name[0] == '.' && !last.starts_with(".") && !m_state.on("dotglob")) continue;
    if (globMatches(last, name)) names.push_back(directory + name);
  }
  if (!names.empty() || m_state.on("nullglob")) return names;
  if (m_state.on("failglob")) {
    fail("no match: " + literal, 1, error);
    return {};
  }
  return {literal};
}

// -- assignments --

bool Expander::mayChange(const std::string& name, std::string& error) {
  const ShellVariable* variable = m_state.variables.find(name);
  if (variable == nullptr || !variable->readOnly) return true;
  fail(name + ": readonly variable", 1, error);
  return false;
}

void Expander::store(const std::string& name, const std::optional<std::string>& key,
                     std::string text, std::string& error) {
  if (!mayChange(name, error)) return;
  const ShellVariable* variable = m_state.variables.find(name);
  if (variable != nullptr && variable->integer) {
    const auto number = sum(text, error);
    if (!number) return fail(text + ": " + number.error().message, 1, error);
    text = std::to_string(number.value());
  }
  if (key) {
    const bool keyed = variable != nullptr && variable->kind == ShellVariable::Kind::Keyed;
    const bool before = !keyed && key->starts_with('-') &&
                        (variable == nullptr || variable->element(*key) == nullptr);
    if (before) return fail(name + "[" + *key + "]: bad array subscript", 1, error);
    return m_state.variables.setElement(name, *key, std::move(text));
  }
  // What the shell was given when it began, and what set -a asks for, is handed on.
  const bool given =
      variable == nullptr &&
      (m_state.on("allexport") || !environmentValue(m_machine.world, m_state, name).empty());
  m_state.variables.set(name, std::move(text));
  if (!given) return;
  if (const ShellVariable* made = m_state.variables.find(name)) {
    ShellVariable exported = *made;
    exported.exported = true;
    m_state.variables.put(name, std::move(exported));
  }
}

void Expander::setVariable(const std::string& name, std::string text, std::string& error) {
  store(name, std::nullopt, std::move(text), error);
}

void Expander::setPlace(const std::string& place, const std::string& text, std::string& error) {
  const std::size_t bracket = place.find('[');
  if (bracket == std::string::npos || !place.ends_with(']')) return setVariable(place, text, error);
  const std::string name = place.substr(0, bracket);
  const std::string subscript = place.substr(bracket + 1, place.size() - bracket - 2);
  store(name, keyOf(name, subscript, error), text, error);
}

bool Expander::isSet(const std::string& place, std::string& error) {
  const std::size_t bracket = place.find('[');
  std::optional<std::string> subscript;
  if (bracket != std::string::npos && place.ends_with(']')) {
    subscript = place.substr(bracket + 1, place.size() - bracket - 2);
  }
  return valueOf(place.substr(0, bracket), subscript, error).set;
}

bool Expander::unset(const std::string& place, std::string& error) {
  const std::size_t bracket = place.find('[');
  const std::string name = place.substr(0, bracket);
  const ShellVariable* variable = m_state.variables.find(name);
  if (variable != nullptr && variable->readOnly) {
    error += m_state.complaint() + "unset: " + name + ": cannot unset: readonly variable\n";
    return false;
  }
  if (bracket == std::string::npos || !place.ends_with(']')) {
    m_state.variables.erase(name);
  } else {
    const std::string subscript = place.substr(bracket + 1, place.size() - bracket - 2);
    m_state.variables.eraseElement(name, keyOf(name, subscript, error));
  }
  return true;
}

void Expander::assign(const Assignment& to, std::string& error) {
  if (to.text.size() == 1 && to.text[0].kind == PartKind::Array) return assignArray(to, error);
  std::optional<std::string> key;
  if (to.subscript) {
    const ShellVariable* variable = m_state.variables.find(to.name);
    const bool keyed = variable != nullptr && variable->kind == ShellVariable::Kind::Keyed;
    const std::string written = text(*to.subscript, error);
    key = keyed ? written : keyOf(to.name, written, error);
  }
  std::string made = text(to.text, error);
  if (!to.text.empty() && to.text[0].kind == PartKind::Text && !to.text[0].quoted) {
    made = home(std::move(made));
  }
  if (to.adds) {
    const ShellVariable* variable = m_state.variables.find(to.name);
    const std::string* old = variable == nullptr ? nullptr
                             : key               ? variable->element(*key)
                                                 : variable->plain();
    const bool sums = variable != nullptr && variable->integer;
    if (old != nullptr) made.insert(0, sums ? *old + "+" : *old);
  }
  if (made.size() > kOutputLimit) made.resize(kOutputLimit);
  store(to.name, key, std::move(made), error);
}

// NAME=(WORD [KEY]=WORD ...)
void Expander::assignArray(const Assignment& to, std::string& error) {
  using Kind = ShellVariable::Kind;
  const auto tokens = shellTokens(to.text[0].text);
  if (!tokens) return fail(tokens.error().message, 2, error);
  if (!mayChange(to.name, error)) return;
  const ShellVariable* known = m_state.variables.find(to.name);
  ShellVariable made;
  if (known != nullptr) made = *known;
  if (made.kind == Kind::Text) {
    made.kind = Kind::Indexed;
    if (to.adds && known != nullptr && !made.blank) made.indexed[0] = made.text;
    made.text.clear();
  }
  made.blank = false;
  if (!to.adds) made.indexed.clear();
  if (!to.adds) made.keyed.clear();
  std::int64_t next = made.indexed.empty() ? 0 : made.indexed.rbegin()->first + 1;
  for (const Token& token : tokens.value()) {
    if (!token.op.empty()) {
      if (token.op == "\n") continue;
      return fail("syntax error near unexpected token `" + token.op + "'", 2, error);
    }
    // [KEY]=WORD reads as an assignment to a name that is not there.
    ShellWord named = token.word;
    const bool bracket = !named.empty() && named[0].kind == PartKind::Text && !named[0].quoted &&
                         named[0].text.starts_with('[');
    if (bracket) named[0].text.insert(0, "x");
    if (const auto element = bracket ? assignmentIn(named) : std::nullopt) {
      const std::string written = text(*element->subscript, error);
      const std::string content = text(element->text, error);
      if (made.kind == Kind::Keyed) {
        made.keyed[written] = content;
      } else {
        next = numberOr(keyOf("", written, error), 0, 0, INT32_MAX);
        made.indexed[next++] = content;
      }
      continue;
    }
    for (std::string& word : words(token.word, error)) {
      if (made.kind == Kind::Keyed) {
        error += m_state.complaint() + to.name + ": " + word +
                 ": must use subscript when assigning associative array\n";
        continue;
      }
      made.indexed[next++] = std::move(word);
    }
  }
  m_state.variables.put(to.name, std::move(made));
}

std::string Expander::assignmentText(const Assignment& one, std::string& error) {
  std::string made = one.name;
  if (one.subscript) made += "[" + text(*one.subscript, error) + "]";
  made += one.adds ? "+=" : "=";
  const bool array = one.text.size() == 1 && one.text[0].kind == PartKind::Array;
  if (array) return made + kArrayMark + one.text[0].text;
  std::string value = text(one.text, error);
  if (!one.text.empty() && one.text[0].kind == PartKind::Text && !one.text[0].quoted) {
    value = home(std::move(value));
  }
  return made + value;
}

void Expander::assignText(const std::string& word, std::string& error) {
  const std::size_t equals = word.find('=');
  const auto assignment = assignmentIn({{PartKind::Text, word.substr(0, equals + 1), false}});
  if (equals == std::string::npos || !assignment) return;
  Assignment to = *assignment;
  const std::string rest = word.substr(equals + 1);
  const bool array = rest.starts_with(kArrayMark);
  to.text = {{array ? PartKind::Array : PartKind::Text, rest.substr(array ? 1 : 0), !array}};
  assign(to, error);
}

}  // namespace console
