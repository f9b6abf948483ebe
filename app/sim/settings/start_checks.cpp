// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/settings/start_checks.h"

#include "sim/settings/apply.h"
#include "sim/settings/value_syntax.h"

namespace sim::settings {
namespace {

constexpr std::int64_t kSegmentMegabytes = 16;

class Reader {
 public:
  explicit Reader(const States& states) : m_states(states) {}
  [[nodiscard]] bool has(const char* name) const { return m_states.contains(name); }
  [[nodiscard]] std::string text(const char* name) const {
    const auto place = m_states.find(name);
    return place == m_states.end() ? std::string() : place->second.value;
  }
  [[nodiscard]] std::int64_t number(const char* name) const { return canonicalInteger(text(name)); }

 private:
  const States& m_states;
};

}  // namespace

bool checkStart(const States& states, std::vector<ServerMessage>& log) {
  const Reader read(states);
  const auto say = [&](const char* severity, std::string text) {
    log.push_back({severity, std::move(text), {}, {}, {}});
    return false;
  };
  // With the lock file already taken the server also reports that it is down.
  const auto sayAndShutDown = [&](std::string text) {
    say("FATAL", std::move(text));
    return say("LOG", "database system is shut down");
  };
  const std::int64_t reserved = read.number("superuser_reserved_connections");
  const std::int64_t connections = read.number("max_connections");
  if (read.has("max_connections") && reserved >= connections) {
    return say("", "postgres: superuser_reserved_connections (" + std::to_string(reserved) +
                       ") must be less than max_connections (" + std::to_string(connections) + ")");
  }
  if (read.text("wal_level") == "minimal") {
    if (read.text("archive_mode") != "off" && read.has("archive_mode")) {
      return say("FATAL", "WAL archival cannot be enabled when wal_level is \"minimal\"");
    }
    if (read.number("max_wal_senders") > 0) {
      return say("FATAL",
                 "WAL streaming (max_wal_senders > 0) requires wal_level \"replica\" or "
                 "\"logical\"");
    }
  }
  for (const char* name : {"min_wal_size", "max_wal_size"}) {
    if (read.has(name) && read.number(name) / kSegmentMegabytes < 2) {
      return sayAndShutDown("\"" + std::string(name) +
                            "\" must be at least twice \"wal_segment_size\"");
    }
  }
  if (read.text("huge_pages") == "on" && read.text("shared_memory_type") == "sysv") {
    return sayAndShutDown("huge pages not supported with the current shared_memory_type setting");
  }
  return true;
}

void settleWalBuffers(States& states) {
  const auto walBuffers = states.find("wal_buffers");
  const auto sharedBuffers = states.find("shared_buffers");
  if (walBuffers == states.end() || sharedBuffers == states.end()) return;
  if (walBuffers->second.value != "-1") return;
  const std::int64_t blocks = automaticWalBuffers(canonicalInteger(sharedBuffers->second.value));
  walBuffers->second.value = std::to_string(blocks);
  // A -1 somebody wrote has to be overruled; nobody's -1 stays a default.
  if (walBuffers->second.source != kFromDefault) walBuffers->second.source = kFromOverride;
}

}  // namespace sim::settings
