// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/settings/config_reader.h"

#include <algorithm>

#include "base/text.h"
#include "sim/settings/config_lexer.h"
#include "sim/settings/value_syntax.h"

namespace sim::settings {
namespace {

constexpr int kDeepestInclude = 10;
constexpr int kMostSyntaxErrors = 100;
// Files that include each other many times over must not keep a load busy for ever.
constexpr int kMostFiles = 1000;

bool isBlank(std::string_view path) {
  return path.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

// Without ".", ".." and doubled slashes.
std::string tidyPath(std::string_view path) {
  std::vector<std::string> parts;
  for (const std::string& part : base::split(path, '/')) {
    if (part.empty() || part == ".") continue;
    if (part == ".." && !parts.empty()) {
      parts.pop_back();
    } else {
      parts.push_back(part);
    }
  }
  std::string tidy = !path.empty() && path.front() == '/' ? "/" : "";
  for (std::size_t i = 0; i < parts.size(); ++i) tidy += (i > 0 ? "/" : "") + parts[i];
  return tidy;
}

// Doubled quotes and backslash escapes, as in C.
std::string unquoted(std::string_view text) {
  text.remove_prefix(1);
  text.remove_suffix(1);
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\'' || c != '\\' || i + 1 >= text.size()) {
      result += c;
      if (c == '\'' && i + 1 < text.size()) ++i;
      continue;
    }
    const char next = text[++i];
    const std::size_t known = std::string_view("bfnrt").find(next);
    if (known != std::string_view::npos) {
      result += "\b\f\n\r\t"[known];
    } else if (next >= '0' && next <= '7') {
      int code = 0;
      std::size_t count = 0;
      for (;
           count < 3 && i + count < text.size() && text[i + count] >= '0' && text[i + count] <= '7';
           ++count) {
        code = code * 8 + (text[i + count] - '0');
      }
      i += count - 1;
      result += static_cast<char>(code);
    } else {
      result += next;
    }
  }
  // The server keeps texts as C strings.
  return result.substr(0, result.find('\0'));
}

}  // namespace

void ConfigReader::report(std::string message) {
  m_log.push_back({"LOG", std::move(message), {}, {}, {}});
}

void ConfigReader::fault(std::string error, const Place& place) {
  m_entries.push_back({{}, {}, place.file, place.line, std::move(error), true, false});
}

std::string ConfigReader::absolute(std::string_view path, const std::string& caller) const {
  if (!path.empty() && path.front() == '/') return std::string(path);
  const std::string folder =
      caller.empty() ? m_dataDirectory : caller.substr(0, caller.find_last_of('/') + 1);
  const std::string joined = folder + "/" + std::string(path);
  // A caller without a folder (a text read on its own) leaves the path relative.
  return folder.empty() ? tidyPath(path) : tidyPath(joined);
}

bool ConfigReader::readFile(std::string_view path, bool required) {
  return readFile(path, required, {}, 0);
}

bool ConfigReader::readText(std::string_view text, const std::string& name) {
  return parse(text, name, 0);
}

bool ConfigReader::readFile(std::string_view path, bool required, const Place& caller, int depth) {
  if (isBlank(path)) {
    report("empty configuration file name: " + quoted(path));
    fault("empty configuration file name", caller);
    return false;
  }
  // Those that are refused count as well: files that name each other often would never end.
  if (++m_opened > kMostFiles) {
    const std::string name = quoted(absolute(path, caller.file));
    report("could not open configuration file " + name + ": Too many open files in system");
    fault("could not open file " + name, caller);
    return false;
  }
  if (depth > kDeepestInclude) {
    report("could not open configuration file " + quoted(path) +
           ": maximum nesting depth exceeded");
    fault("nesting depth exceeded", caller);
    return false;
  }
  const std::string full = absolute(path, caller.file);
  if (!caller.file.empty() && full == caller.file) {
    report("configuration file recursion in " + quoted(caller.file));
    fault("configuration file recursion", caller);
    return false;
  }
  const auto place = std::find_if(m_files.begin(), m_files.end(),
                                  [&](const ConfigFile& file) { return file.path == full; });
  if (place != m_files.end() && !place->readable) {
    report("could not open configuration file " + quoted(full) + ": Permission denied");
    fault("could not open file " + quoted(full), caller);
    return false;
  }
  if (place != m_files.end()) return parse(place->text, full, depth);
  if (!required) {
    report("skipping missing configuration file " + quoted(full));
    return true;
  }
  report("could not open configuration file " + quoted(full) + ": No such file or directory");
  fault("could not open file " + quoted(full), caller);
  return false;
}

bool ConfigReader::readDirectory(std::string_view path, const Place& caller, int depth) {
  if (isBlank(path)) {
    report("empty configuration directory name: " + quoted(path));
    fault("empty configuration directory name", caller);
    return false;
  }
  const std::string folder = absolute(path, caller.file);
  const std::string prefix = folder.ends_with('/') ? folder : folder + "/";
  std::vector<std::string> found;
  bool exists = false;
  for (const ConfigFile& file : m_files) {
    if (!file.path.starts_with(prefix)) continue;
    exists = true;
    const std::string name = file.path.substr(prefix.size());
    const bool direct = name.find('/') == std::string::npos;
    if (direct && name.size() >= 6 && name.front() != '.' && name.ends_with(".conf")) {
      found.push_back(file.path);
    }
  }
  if (!exists) {
    report("could not open configuration directory " + quoted(folder) +
           ": No such file or directory");
    fault("could not open directory " + quoted(folder), caller);
    return false;
  }
  std::sort(found.begin(), found.end());
  bool fine = true;
  for (const std::string& file : found) {
    if (!readFile(file, true, caller, depth)) {
      fine = false;
      break;
    }
  }
  return fine;
}

bool ConfigReader::accept(std::string name, std::string value, const Place& place, int depth) {
  if (base::equalsIgnoreCase(name, "include_dir")) return readDirectory(value, place, depth + 1);
  if (base::equalsIgnoreCase(name, "include_if_exists")) {
    return readFile(value, false, place, depth + 1);
  }
  if (base::equalsIgnoreCase(name, "include")) return readFile(value, true, place, depth + 1);
  m_entries.push_back(
      {std::move(name), std::move(value), place.file, place.line, {}, false, false});
  return true;
}

bool ConfigReader::parse(std::string_view text, const std::string& name, int depth) {
  ConfigLexer lexer(text);
  bool fine = true;
  int errors = 0;
  Word word = lexer.next();
  for (; word != Word::EndOfFile; word = lexer.next()) {
    if (word == Word::EndOfLine) continue;
    bool good = word == Word::Identifier || word == Word::QualifiedIdentifier;
    const std::string option(lexer.text());
    std::string value;
    const int line = lexer.line();
    if (good) {
      word = lexer.next();
      if (word == Word::Equals) word = lexer.next();
      good = word == Word::Identifier || word == Word::Quoted || word == Word::Integer ||
             word == Word::Real || word == Word::Bare;
      if (good) {
        value = word == Word::Quoted ? unquoted(lexer.text()) : std::string(lexer.text());
        word = lexer.next();
        good = word == Word::EndOfLine || word == Word::EndOfFile;
      }
    }
    if (good) {
      if (m_opened > kMostFiles) return false;
      fine = accept(option, value, {name, line}, depth) && fine;
    } else {
      fine = false;
      const bool atEnd = word == Word::EndOfLine || word == Word::EndOfFile;
      // At the end of the file without a newline the server counts one line too few.
      const int errorLine = atEnd ? lexer.line() - 1 : lexer.line();
      report("syntax error in file " + quoted(name) + " line " + std::to_string(errorLine) +
             (atEnd ? ", near end of line" : ", near token " + quoted(lexer.text())));
      fault("syntax error", {name, errorLine});
      if (++errors >= kMostSyntaxErrors || m_quick) {
        report("too many syntax errors found, abandoning file " + quoted(name));
        return false;
      }
      while (word != Word::EndOfLine && word != Word::EndOfFile) word = lexer.next();
    }
    if (word == Word::EndOfFile) break;
  }
  return fine;
}

}  // namespace sim::settings
