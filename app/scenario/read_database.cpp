// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "base/text.h"
#include "scenario/sections.h"

namespace scenario {
namespace {

// A line of a configuration file: name and value, both empty for blank lines and comments.
struct ConfigLine {
  std::string name, value;
};

bool isWordChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.';
}

ConfigLine parseConfigLine(std::string_view line) {
  line = base::trim(line);
  ConfigLine result;
  if (line.empty() || line.front() == '#') return result;
  std::size_t at = 0;
  while (at < line.size() && isWordChar(line[at])) ++at;
  result.name = base::lower(line.substr(0, at));
  std::string_view rest = base::trim(line.substr(at));
  if (!rest.empty() && rest.front() == '=') rest = base::trim(rest.substr(1));
  if (!rest.empty() && rest.front() == '\'') {
    result.value = rest.substr(1, rest.find('\'', 1) - 1);
  } else {
    result.value = base::trim(rest.substr(0, rest.find('#')));
  }
  return result;
}

// The configuration files of a scenario as a graph of includes, walked as the server would.
class ConfigWalk {
 public:
  ConfigWalk(const sim::DatabaseSpec& database, const std::vector<Value>& texts)
      : m_database(database), m_texts(texts) {}

  void visit(std::size_t file) {
    m_open.push_back(file);
    m_seen.push_back(file);
    const std::vector<std::string> lines = base::lines(m_database.files[file].text);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const ConfigLine line = parseConfigLine(lines[i]);
      if (line.name.empty()) continue;
      const Value place = placeOf(file, i);
      if (line.name.starts_with("include")) {
        include(line, place, directoryOf(m_database.files[file].path));
      } else {
        checkSetting(line, place);
      }
    }
    m_open.pop_back();
  }
  [[nodiscard]] bool complained() const { return m_complained; }
  [[nodiscard]] bool seen(std::size_t file) const {
    return std::find(m_seen.begin(), m_seen.end(), file) != m_seen.end();
  }

 private:
  static std::string directoryOf(const std::string& path) {
    return path.substr(0, path.rfind('/'));
  }

  [[nodiscard]] Value placeOf(std::size_t file, std::size_t line) const {
    const Value& text = m_texts[file];
    if (text.node()->kind != Node::Kind::Array) return text;
    std::vector<Value> lines = text.items();
    return line < lines.size() ? lines[line] : text;
  }

  void include(const ConfigLine& line, const Value& place, const std::string& directory) {
    const std::string path =
        line.value.starts_with("/") ? line.value : directory + '/' + line.value;
    std::vector<std::string> paths;
    bool found = false;
    for (std::size_t i = 0; i < m_database.files.size(); ++i) {
      const std::string& candidate = m_database.files[i].path;
      const bool matches =
          line.name == "include_dir" ? directoryOf(candidate) == path : candidate == path;
      paths.push_back(candidate);
      if (!matches) continue;
      found = true;
      if (std::find(m_open.begin(), m_open.end(), i) != m_open.end()) {
        complain(place, "an include of " + inQuotes(candidate) + ", which includes this file",
                 "includes without a cycle");
      } else if (!seen(i)) {
        visit(i);
      }
    }
    if (!found && line.name == "include") {
      complain(place, "an include of " + inQuotes(path),
               "a file of the scenario: " + expectation(path, paths));
    }
  }

  void checkSetting(const ConfigLine& line, const Value& place) {
    if (line.name.find('.') != std::string::npos) return;  // an extension's own setting
    const sim::SettingDefinition* definition = m_database.catalogue->find(line.name);
    if (definition != nullptr) {
      const sim::ParsedValue value = sim::parseSettingValue(*definition, line.value);
      if (value.ok) return;
      const std::string hint = value.refusal.hint.empty() ? "" : " (" + value.refusal.hint + ")";
      complain(place, value.refusal.text, "a value PostgreSQL starts with" + hint);
      return;
    }
    complain(place, "the setting " + inQuotes(line.name),
             nearestSetting(*m_database.catalogue, line.name));
  }

  void complain(const Value& place, std::string found, std::string expected) {
    place.problem(std::move(found), std::move(expected));
    m_complained = true;
  }

  const sim::DatabaseSpec& m_database;
  const std::vector<Value>& m_texts;
  std::vector<std::size_t> m_open, m_seen;
  bool m_complained = false;
};

// The start of the scenario is a start of the server: whatever is left must not keep it down.
void checkStart(const Value& value, const sim::DatabaseSpec& database) {
  sim::ServerSettings settings(database.catalogue, database.configFile, database.dataDirectory);
  const sim::LoadReport report = settings.start(database.files);
  if (report.ok) return;
  std::string said;
  for (const sim::ServerMessage& message : report.log)
    said += (said.empty() ? "" : "; ") + message.text;
  value.problem("files the server does not start with: " + said, "a configuration it starts with");
}

void readFiles(const Value& value, const Value& mainFile, sim::DatabaseSpec& database) {
  std::vector<Value> texts;
  std::vector<std::string> paths;
  bool good = value.present();
  for (const Value& item : value.items()) {
    Object object(item);
    sim::ConfigFile file;
    const Value path = object.need("path");
    const Value text = object.need("text");
    if (path.text(file.path)) {
      unique(path, file.path, paths);
      if (file.path.front() != '/') path.wrong("an absolute path");
    } else {
      good = false;
    }
    good = readLines(text, file.text) && good;
    texts.push_back(text);
    database.files.push_back(std::move(file));
  }
  if (!good || database.catalogue == nullptr) return;
  const auto main =
      std::find_if(database.files.begin(), database.files.end(),
                   [&](const sim::ConfigFile& file) { return file.path == database.configFile; });
  if (main == database.files.end()) {
    const Value& blamed = mainFile.present() ? mainFile : value;
    blamed.problem("no file " + inQuotes(database.configFile), "it among the files");
    return;
  }
  ConfigWalk walk(database, texts);
  walk.visit(static_cast<std::size_t>(main - database.files.begin()));
  const std::string automatic = database.dataDirectory + "/postgresql.auto.conf";
  for (std::size_t i = 0; i < database.files.size(); ++i) {
    if (database.files[i].path == automatic && !walk.seen(i)) walk.visit(i);
  }
  if (!walk.complained()) checkStart(value, database);
}

void readChanges(const Value& value, const sim::TimingSpec& timing, sim::DatabaseSpec& database) {
  base::SimTime previous{std::numeric_limits<std::int64_t>::min()};
  std::vector<std::string> commits, paths;
  for (const sim::ConfigFile& file : database.files) paths.push_back(file.path);
  for (const Value& item : value.items()) {
    Object object(item);
    sim::ConfigChange change;
    const Value at = object.need("at");
    if (at.time(change.at, timing)) ascending(at, change.at, previous);
    const Value commit = object.need("commit");
    if (commit.text(change.commit)) unique(commit, change.commit, commits);
    object.need("author").text(change.author);
    object.maybe("reviewer").anyText(change.reviewer);
    object.maybe("ticket").anyText(change.ticket);
    object.need("title").text(change.title);
    const Value path = object.need("path");
    if (path.text(change.path)) path.known(change.path, paths, "a file of the scenario");
    readLines(object.need("diff"), change.diff);
    database.changes.push_back(std::move(change));
  }
}

}  // namespace

void readDatabase(const Value& value, const sim::TimingSpec& timing, sim::DatabaseSpec& database) {
  Object object(value);
  object.maybe("version").text(database.version);
  object.maybe("dataDirectory").text(database.dataDirectory);
  const Value configFile = object.maybe("configFile");
  configFile.text(database.configFile);
  object.maybe("logFile").text(database.logFile);
  object.maybe("name").text(database.database);
  object.maybe("user").text(database.user);
  object.need("size").bytes(database.databaseBytes);
  object.maybe("restartsAfterOomKill").flag(database.restartsAfterOomKill);
  std::int64_t replay = 0;
  const Value replayValue = object.maybe("walReplayPerSecond");
  if (replayValue.bytes(replay)) {
    if (replay < 1 << 20) replayValue.wrong("at least 1MB");
    database.walReplayMBs = static_cast<double>(replay) / (1 << 20);
  }
  object.maybe("killTakes").seconds(database.killSeconds);
  readFiles(object.need("files"), configFile, database);
  readChanges(object.maybe("changes"), timing, database);
}

}  // namespace scenario
