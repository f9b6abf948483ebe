// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime_cases.h"

#include <array>

#include "base/text.h"
#include "text.h"

namespace fidelity {
namespace {

// Every file of families; another one is added here.
using Families = std::span<const RuntimeFamily> (*)();
constexpr std::array<Families, 5> kFiles = {lifeFamilies, queryFamilies, workFamilies,
                                            startStopFamilies, lockFileFamilies};

const RuntimeFamily* familyOf(std::string_view name) {
  for (const Families families : kFiles) {
    for (const RuntimeFamily& family : families()) {
      if (family.name == name) return &family;
    }
  }
  return nullptr;
}

}  // namespace

bool isRuntimeFamily(std::string_view name) {
  constexpr std::string_view kNames[] = {
      "crash_recovery",  "startup",         "shutdown",      "reload",      "lock_file",
      "connections",     "fork_failure",    "timeouts",      "autovacuum",  "checkpoints",
      "explain_spill",   "log_temp_files",  "out_of_memory", "stack_depth", "lock_table",
      "temp_file_limit", "memory_contexts", "dev_shm",       "disk_full",   "fd_limit",
      "tiny_buffers"};
  for (const std::string_view one : kNames) {
    if (one == name) return true;
  }
  return false;
}

std::vector<std::string> recordedLog(const Json& recorded) {
  std::vector<std::string> lines;
  for (const std::string& entry : textsOf(recorded, "server_log")) {
    for (const std::string& line : base::lines(entry)) lines.push_back(comparable(line));
  }
  return lines;
}

void compareLog(const Json& recorded, const Lab& lab, Finding& finding) {
  const std::vector<std::string> expected = withoutRepeats(recordedLog(recorded));
  const std::vector<std::string> got = withoutRepeats(comparable(lab.logSinceMark()));
  const LineScore score = compareLines(expected, got);
  finding.linesSame += score.same;
  finding.linesAll += score.all;
  if (score.same != score.all) {
    finding.difference += difference("server log", joined(expected), joined(got));
  }
}

void compareText(std::string_view what, const std::string& expected, const std::string& got,
                 Finding& finding) {
  const std::string there = comparable(expected), here = comparable(got);
  if (!agree(there, here)) finding.difference += difference(what, there, here);
}

Finding replayRuntimeCase(const Json& recorded) {
  const std::string name = textOf(recorded, "family");
  const RuntimeFamily* family = familyOf(name);
  if (family != nullptr) return family->replay(recorded);
  Finding finding;
  finding.linesAll = recordedLog(recorded).size();
  finding.difference = "    the family " + name + " has no function that replays it\n";
  return finding;
}

}  // namespace fidelity
