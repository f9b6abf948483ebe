// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/hba.h"

#include <algorithm>

#include "base/text.h"
#include "sim/hba_line.h"

namespace sim {
namespace {

const ConfigFile* find(const std::vector<ConfigFile>& files, const std::string& path) {
  for (const ConfigFile& file : files) {
    if (file.path == path) return &file;
  }
  return nullptr;
}

std::string openFault(const ConfigFile* file) {
  return file == nullptr   ? "No such file or directory"
         : !file->readable ? "Permission denied"
                           : std::string();
}

class Tokens {
 public:
  explicit Tokens(std::string_view line) : m_line(line) {}

  // The values of the next field, separated by commas; empty at the end of the line.
  std::vector<HbaToken> field() {
    std::vector<HbaToken> values;
    bool more = true;
    while (more) {
      more = false;
      HbaToken token;
      if (!next(token, more)) break;
      values.push_back(std::move(token));
    }
    return values;
  }

 private:
  bool next(HbaToken& token, bool& comma) {
    while (m_at < m_line.size() && (isBlank(m_line[m_at]) || m_line[m_at] == ',')) ++m_at;
    if (m_at >= m_line.size() || m_line[m_at] == '#') {
      m_at = m_line.size();
      return false;
    }
    bool inQuotes = false, begun = false;
    for (; m_at < m_line.size(); ++m_at) {
      const char c = m_line[m_at];
      if (c == '"') {
        if (!begun) token.quoted = true;
        inQuotes = !inQuotes;
        begun = true;
        continue;
      }
      if (!inQuotes && (isBlank(c) || c == '#')) break;
      if (!inQuotes && c == ',') {
        comma = true;
        break;
      }
      token.text += c;
      begun = true;
    }
    return begun;
  }
  static bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\f'; }

  std::string_view m_line;
  std::size_t m_at = 0;
};

// Replaces "@file" values by the words of that file.
void includeFiles(const std::vector<ConfigFile>& files, const std::string& path, HbaLine& line,
                  std::vector<ServerMessage>& log) {
  for (auto& field : line.fields) {
    for (std::size_t i = 0; i < field.size(); ++i) {
      if (field[i].quoted || field[i].text.size() < 2 || field[i].text[0] != '@') continue;
      const std::string name = field[i].text.substr(1);
      const std::string full =
          name.starts_with('/') ? name : path.substr(0, path.rfind('/') + 1) + name;
      const ConfigFile* file = find(files, full);
      if (const std::string fault = openFault(file); !fault.empty()) {
        line.fault = "could not open secondary authentication file \"@" + name + "\" as \"" + full +
                     "\": " + fault;
        log.push_back({"LOG", line.fault, {}, {}, {}});
        return;
      }
      std::vector<HbaToken> values;
      for (const HbaLine& one : hbaLines(file->text)) {
        for (const auto& words : one.fields) {
          for (const HbaToken& word : words) values.push_back(word);
        }
      }
      field.erase(field.begin() + static_cast<std::ptrdiff_t>(i));
      field.insert(field.begin() + static_cast<std::ptrdiff_t>(i), values.begin(), values.end());
      i += values.size();
      if (field.empty()) break;
    }
  }
  std::erase_if(line.fields, [](const auto& field) { return field.empty(); });
}

void complain(std::vector<ServerMessage>& log, const HbaFault& fault, int line,
              const std::string& path) {
  ServerMessage message{"LOG", fault.text, {}, fault.hint, {}};
  message.context = "line " + std::to_string(line) + " of configuration file \"" + path + "\"";
  log.push_back(std::move(message));
}

// The mistakes of a regular expression that are seen without compiling it.
std::string expressionFault(std::string_view expression) {
  int depth = 0;
  bool escaped = false, inBrackets = false;
  for (const char c : expression) {
    if (escaped) {
      escaped = false;
    } else if (c == '\\') {
      escaped = true;
    } else if (inBrackets) {
      inBrackets = c != ']';
    } else if (c == '[') {
      inBrackets = true;
    } else if (c == '(') {
      ++depth;
    } else if (c == ')' && --depth < 0) {
      return "parentheses () not balanced";
    }
  }
  if (inBrackets) return "brackets [] not balanced";
  return depth != 0 ? "parentheses () not balanced" : std::string();
}

}  // namespace

std::vector<HbaLine> hbaLines(std::string_view text) {
  std::vector<HbaLine> lines;
  int number = 0;
  const std::vector<std::string> physical = base::lines(std::string(text));
  for (std::size_t i = 0; i < physical.size(); ++i) {
    HbaLine line;
    line.number = ++number;
    std::string whole = physical[i];
    while (whole.ends_with('\\') && i + 1 < physical.size()) {
      whole.pop_back();
      whole += physical[++i];
      ++number;
    }
    Tokens tokens(whole);
    for (auto field = tokens.field(); !field.empty(); field = tokens.field()) {
      line.fields.push_back(std::move(field));
    }
    line.text = std::move(whole);
    if (!line.fields.empty()) lines.push_back(std::move(line));
  }
  return lines;
}

AuthenticationFile<HbaRule> readHbaFile(const std::vector<ConfigFile>& files,
                                        const std::string& path, bool ssl) {
  AuthenticationFile<HbaRule> result;
  const ConfigFile* file = find(files, path);
  if (const std::string fault = openFault(file); !fault.empty()) {
    result.log.push_back(
        {"LOG", "could not open configuration file \"" + path + "\": " + fault, {}, {}, {}});
    result.ok = false;
    return result;
  }
  std::vector<HbaLine> lines = hbaLines(file->text);
  for (HbaLine& line : lines) includeFiles(files, path, line, result.log);
  for (const HbaLine& line : lines) {
    HbaRule rule;
    rule.line = line.number;
    rule.error = line.fault;
    rule.text = line.text;
    if (line.fault.empty()) {
      std::vector<HbaFault> faults;
      const bool usable = parseHbaLine(line, ssl, rule, faults);
      for (const HbaFault& fault : faults) {
        complain(result.log, fault, line.number, path);
        rule.error = fault.text;
      }
      result.ok = result.ok && usable;
    } else {
      result.ok = false;
    }
    result.rules.push_back(std::move(rule));
  }
  if (result.ok && result.rules.empty()) {
    result.log.push_back(
        {"LOG", "configuration file \"" + path + "\" contains no entries", {}, {}, {}});
    result.ok = false;
  }
  return result;
}

AuthenticationFile<IdentRule> readIdentFile(const std::vector<ConfigFile>& files,
                                            const std::string& path) {
  AuthenticationFile<IdentRule> result;
  const ConfigFile* file = find(files, path);
  if (const std::string fault = openFault(file); !fault.empty()) {
    result.log.push_back(
        {"LOG", "could not open usermap file \"" + path + "\": " + fault, {}, {}, {}});
    result.ok = false;
    return result;
  }
  for (HbaLine line : hbaLines(file->text)) {
    includeFiles(files, path, line, result.log);
    IdentRule rule;
    rule.line = line.number;
    rule.error = line.fault;
    const std::size_t count = std::min<std::size_t>(line.fields.size(), 3);
    const bool several =
        std::any_of(line.fields.begin(), line.fields.begin() + static_cast<std::ptrdiff_t>(count),
                    [](const auto& field) { return field.size() > 1; });
    if (several) {
      rule.error = "multiple values in ident field";
      complain(result.log, {rule.error, {}}, line.number, path);
    } else if (rule.error.empty() && count < 3) {
      rule.error = "missing entry at end of line";
      result.log.push_back(
          {"LOG",
           "missing entry in file \"" + path + "\" at end of line " + std::to_string(line.number),
           {},
           {},
           {}});
    } else if (rule.error.empty()) {
      rule.map = line.fields[0][0].text;
      rule.systemUser = line.fields[1][0].text;
      rule.databaseUser = line.fields[2][0].text;
      const std::string fault =
          rule.systemUser.starts_with('/') ? expressionFault(rule.systemUser.substr(1)) : "";
      if (!fault.empty()) {
        rule.error = "invalid regular expression \"" + rule.systemUser.substr(1) + "\": " + fault;
        rule.map = rule.systemUser = rule.databaseUser = {};
        result.log.push_back({"LOG", rule.error, {}, {}, {}});
      }
    }
    result.ok = result.ok && rule.error.empty();
    result.rules.push_back(std::move(rule));
  }
  return result;
}

}  // namespace sim
