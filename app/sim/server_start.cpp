// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/server_start.h"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "base/text.h"
#include "sim/data_directory.h"
#include "sim/model.h"

namespace sim {
namespace {

constexpr std::int64_t kMiB = 1024 * 1024;
constexpr std::int64_t kGiB = 1024 * kMiB;

ServerMessage fatal(std::string text, std::string detail = {}, std::string hint = {}) {
  return {"FATAL", std::move(text), std::move(detail), std::move(hint), {}};
}

// The libraries that Debian's postgresql-15 package installs.
bool isInstalled(std::string name) {
  constexpr std::string_view kLibraries[] = {
      "auth_delay",    "auto_explain", "basebackup_to_shell", "basic_archive",
      "passwordcheck", "pg_prewarm",   "pg_stat_statements",  "pgoutput",
      "plpgsql",       "sepgsql",      "test_decoding"};
  if (name.starts_with("$libdir/")) name = name.substr(8);
  if (name.ends_with(".so")) name = name.substr(0, name.size() - 3);
  return std::find(std::begin(kLibraries), std::end(kLibraries), name) != std::end(kLibraries);
}

// mm/util.c, __vm_enough_memory. Mode 0 refuses only what exceeds RAM and swap; mode 2 keeps count.
bool kernelGrants(const ServerContext& c, std::int64_t bytes) {
  const HostSpec& host = c.model.spec.host;
  const auto mode = c.host.sysctl.find("vm.overcommit_memory");
  const int overcommit =
      mode != c.host.sysctl.end() ? std::stoi(mode->second) : host.overcommitMemory;
  if (overcommit == 1) return true;
  if (overcommit == 0) return bytes <= host.ramBytes + c.host.swapTotal;
  const std::int64_t limit =
      (host.ramBytes - c.host.memory.hugePages) / 100 * host.overcommitRatio + c.host.swapTotal;
  return bytes + c.host.memory.anon <= limit;
}

std::int64_t roundedUp(std::int64_t bytes, std::int64_t page) {
  return (bytes + page - 1) / page * page;
}

ServerMessage cannotMap(std::int64_t bytes) {
  return fatal("could not map anonymous shared memory: Cannot allocate memory", {},
               "This error usually means that PostgreSQL's request for a shared memory segment "
               "exceeded available memory, swap space, or huge pages. To reduce the request size "
               "(currently " +
                   std::to_string(bytes) +
                   " bytes), reduce PostgreSQL's shared memory usage, perhaps by reducing "
                   "shared_buffers or max_connections.");
}

ServerMessage cannotGet(std::int64_t bytes) {
  constexpr std::int64_t kKey = 11028226;  // made from the data directory's inode
  return fatal("could not create shared memory segment: Cannot allocate memory",
               "Failed system call was shmget(key=" + std::to_string(kKey) +
                   ", size=" + std::to_string(bytes) + ", 03600).",
               "This error usually means that PostgreSQL's request for a shared memory segment "
               "exceeded your kernel's SHMALL parameter.  You might need to reconfigure the kernel "
               "with larger SHMALL.\n\tThe PostgreSQL documentation contains more information "
               "about shared memory configuration.");
}

}  // namespace

std::vector<std::string> namesIn(const std::string& list) {
  std::vector<std::string> names;
  for (const std::string& part : base::split(list, ',')) {
    std::string name(base::trim(part));
    if (name.size() >= 2 && name.front() == '"' && name.back() == '"') {
      name = name.substr(1, name.size() - 2);
    }
    if (!name.empty()) names.push_back(std::move(name));
  }
  return names;
}

std::int64_t hugePageBytes(const ServerSettings& settings) {
  const std::int64_t kiloBytes = settings.number("huge_page_size");
  return kiloBytes > 0 ? kiloBytes * 1024 : 2 * kMiB;
}

std::optional<ServerMessage> loadLibraries(const ServerSettings& settings) {
  for (const std::string& name : namesIn(settings.show("shared_preload_libraries"))) {
    if (isInstalled(name)) continue;
    return fatal("could not access file \"" + name + "\": No such file or directory");
  }
  return std::nullopt;
}

std::optional<ServerMessage> createSharedMemory(const ServerContext& c,
                                                const ServerSettings& settings,
                                                const ProcessLimits& limits) {
  // MODEL: the program with its libraries, mapped before the segment; between recorded starts that
  // just failed and just succeeded under prlimit --as.
  constexpr std::int64_t kProgramBytes = 60 * kMiB;
  if (auto inUse = sharedMemoryInUse(c.model.spec, c.server)) return inUse;
  const std::int64_t bytes = sharedMemoryBytes(settings);
  const bool fits = limits.addressSpace < 0 || bytes + kProgramBytes <= limits.addressSpace;
  if (settings.show("shared_memory_type") == "sysv") {
    return fits && kernelGrants(c, bytes) ? std::nullopt : std::optional(cannotGet(bytes));
  }
  const std::string wanted = settings.show("huge_pages");
  const std::int64_t page = hugePageBytes(settings);
  if (wanted == "on") {
    if (page != 2 * kMiB && page != kGiB) {
      return fatal("could not map anonymous shared memory: Invalid argument");
    }
    const std::int64_t reserved = page == 2 * kMiB ? c.model.spec.host.hugePages : 0;
    const std::int64_t huge = roundedUp(bytes, page);
    return fits && reserved * page >= huge ? std::nullopt : std::optional(cannotMap(huge));
  }
  if (wanted != "off" && page == 2 * kMiB && c.model.spec.host.hugePages * page >= bytes) {
    return std::nullopt;
  }
  return fits && kernelGrants(c, bytes) ? std::nullopt : std::optional(cannotMap(bytes));
}

// Fit to the recorded starts: 0.33 s at the least, 16 to 23 GB of buffers 2.6 to 5.3 s, 10,000 and
// 50,000 connections 3.9 and 17 s; activity strings of 10 GB did not come up within a minute.
double startSeconds(const ServerSettings& settings) {
  const double gigabytes =
      static_cast<double>(settings.number("shared_buffers")) * 8192 / static_cast<double>(kGiB);
  const auto connections = static_cast<double>(settings.number("max_connections"));
  const double activityGigabytes =
      connections * static_cast<double>(settings.number("track_activity_query_size")) /
      static_cast<double>(kGiB);
  return 0.33 + 0.17 * gigabytes + 0.00034 * connections +
         6 * std::max(0.0, activityGigabytes - 0.1);
}

std::optional<StartOptions> readStartOptions(std::string_view text) {
  std::vector<std::string> words(1);
  char quote = 0;
  for (const char c : text) {
    if (quote != 0 ? c == quote : (c == '\'' || c == '"')) {
      quote = quote != 0 ? '\0' : c;
    } else if (quote == 0 && (c == ' ' || c == '\t' || c == '\n')) {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  std::erase(words, std::string());
  if (quote != 0) return std::nullopt;
  StartOptions options;
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string pair;
    if (words[i] == "-c" && i + 1 < words.size()) {
      pair = words[++i];
    } else if (words[i].starts_with("-c") || words[i].starts_with("--")) {
      pair = words[i].substr(2);
    }
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos || equals == 0) return std::nullopt;
    options.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
  }
  return options;
}

std::optional<ProcessLimits> readProcessLimits(std::string_view text) {
  ProcessLimits limits;
  for (const std::string& word : base::split(std::string(text), ' ')) {
    if (word.empty()) continue;
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos) return std::nullopt;
    const std::string name = word.substr(0, equals), value = word.substr(equals + 1);
    std::int64_t number = -1;
    const auto [end, code] = std::from_chars(value.data(), value.data() + value.size(), number);
    const bool read = code == std::errc() && end == value.data() + value.size() && number >= 0;
    if (!read && value != "unlimited") return std::nullopt;
    if (name == "as") limits.addressSpace = number;
    if (name == "stack") limits.stack = number;
    if (name == "nproc") limits.processes = number;
    if (name == "nofile") limits.files = number;
  }
  return limits;
}

}  // namespace sim
