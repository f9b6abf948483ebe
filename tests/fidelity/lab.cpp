// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab.h"

#include <cstdlib>
#include <iostream>
#include <map>

#include "base/text.h"
#include "scenario/reader.h"
#include "sim/log_shapes.h"

namespace fidelity {
namespace {

constexpr std::int64_t kRecordedRam = 24'100LL << 20;  // "about 23.5 GiB"

std::shared_ptr<const sim::Model> labModel(const scenario::LabOptions& options) {
  const std::string asset = std::string(SOURCE_DIR) + "/assets/postgresql-15-settings.json";
  const auto settings = scenario::readSettings(asset);
  if (!settings.ok()) {
    std::cerr << settings.error().message << "\n";
    std::exit(2);
  }
  auto spec = scenario::labSpec(options, settings.value());
  if (!spec.ok()) {
    std::cerr << spec.error().message << "\n";
    std::exit(2);
  }
  // A folder for files to include, as live/record.py makes one.
  spec.value().database.files.push_back(
      {spec.value().database.dataDirectory + "/conf.d/README", "Files to include.\n"});
  return sim::Model::make(std::move(spec.value()));
}

sim::World worldOf(const scenario::LabOptions& options) {
  sim::World world(labModel(options), 1);
  sim::Telemetry ignored;
  world.advanceTo(base::seconds(2), ignored);
  return world;
}

const sim::World& freshWorld() {
  static const sim::World kWorld = worldOf(Lab::recordedMachine());
  return kWorld;
}

}  // namespace

std::string initialConfiguration() {
  constexpr int kLines = 815;
  const std::map<int, std::string> active = {
      {65, "max_connections = 100"},
      {127, "shared_buffers = 128MB"},
      {150, "dynamic_shared_memory_type = posix"},
      {241, "max_wal_size = 1GB"},
      {242, "min_wal_size = 80MB"},
      {597, "log_timezone = UTC"},
      {711, "datestyle = 'iso, mdy'"},
      {713, "timezone = UTC"},
      {727, "lc_messages = 'C.UTF-8'\t# messages"},
      {729, "lc_monetary = 'C.UTF-8'"},
      {730, "lc_numeric = 'C.UTF-8'"},
      {731, "lc_time = 'C.UTF-8'"},
      {734, "default_text_search_config = 'pg_catalog.english'"}};
  std::string text;
  for (int line = 1; line <= kLines; ++line) {
    const auto place = active.find(line);
    text += (place == active.end() ? "#" : place->second) + "\n";
  }
  return text;
}

std::string quoted(const std::string& text) {
  return "'" + base::replaceAll(text, "'", "'\\''") + "'";
}

Lab::Lab() : m_world(freshWorld()) {
  mark();
}

std::string Lab::open(std::size_t terminal, const std::string& role) {
  return type("psql -X -d postgres -U " + role, terminal);
}

Lab::Lab(const scenario::LabOptions& options) : m_world(worldOf(options)) {
  mark();
}

scenario::LabOptions Lab::recordedMachine() {
  scenario::LabOptions options;
  options.ramBytes = kRecordedRam;
  options.cores = 2;
  options.plainLayout = true;
  options.configuration = initialConfiguration();
  return options;
}

std::string Lab::type(const std::string& line, std::size_t terminal) {
  if (m_shells.size() <= terminal) m_shells.resize(terminal + 1);
  const console::Reply reply = m_shells[terminal].run({m_world, m_telemetry, "trainee"}, line);
  m_exitCode = reply.exitCode;
  m_lastSeconds = static_cast<double>(reply.duration.ms) / 1000;
  if (reply.duration.ms > 0) m_world.advanceTo(m_world.now() + reply.duration, m_telemetry);
  return reply.text;
}

void Lab::wait(int seconds) {
  m_world.advanceTo(m_world.now() + base::seconds(seconds), m_telemetry);
}

std::string Lab::psql(const std::vector<std::string>& lines, const std::string& role,
                      const std::string& options) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  write("/tmp/session.sql", text);
  return type("cat /tmp/session.sql | " +
              (options.empty() ? "" : "PGOPTIONS=" + quoted(options) + " ") +
              "psql -X -d postgres" + (role.empty() ? "" : " -U " + role));
}

std::vector<std::string> Lab::rows(const std::string& query) {
  return base::lines(type("psql -X -d postgres -At -c " + quoted(query)));
}

void Lab::append(const std::string& path, const std::vector<std::string>& lines) {
  std::string text = read(path);
  if (!text.empty() && !text.ends_with('\n')) text += '\n';
  for (const std::string& line : lines) text += line + "\n";
  write(path, text);
}

void Lab::write(const std::string& path, const std::string& text) {
  // As long as the text ends in a line feed the shell's echo writes exactly it.
  const std::string body = text.ends_with('\n') ? text.substr(0, text.size() - 1) : text;
  if (text.empty()) {
    type(": > " + path);
  } else {
    type("printf '%s\\n' " + quoted(body) + " > " + path);
  }
}

std::string Lab::read(const std::string& path) {
  for (const sim::ConfigFile& file : m_world.postgres().files) {
    if (file.path == path) return file.text;
  }
  return type("cat " + path);
}

void Lab::mark() {
  m_mark = m_telemetry.logs().size();
}

std::vector<std::string> Lab::logSinceMark() const {
  std::vector<std::string> lines;
  const auto& logs = m_telemetry.logs();
  for (std::size_t i = m_mark; i < logs.size(); ++i) {
    if (logs[i].source != sim::LogSource::Postgres) continue;
    for (std::string& line : base::lines(sim::logText(logs[i], m_telemetry, m_world.spec()))) {
      lines.push_back(std::move(line));
    }
  }
  return lines;
}

std::string Lab::control(const std::string& words, const std::string& limits,
                         const std::string& moreOptions) {
  const std::string options =
      "-c port=54321 -c listen_addresses=127.0.0.1 -c unix_socket_directories=/var/run/postgresql" +
      (moreOptions.empty() ? "" : " " + moreOptions);
  return type("sudo -u postgres " + (limits.empty() ? "" : limits + " ") + "pg_ctl -D " +
              dataDirectory() + " -l /var/log/postgresql/postgresql-15-main.log -o " +
              quoted(options) + " " + words);
}

}  // namespace fidelity
