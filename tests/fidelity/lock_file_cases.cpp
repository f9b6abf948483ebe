// SPDX-License-Identifier: GPL-3.0-or-later
// Lock files: postmaster.pid and those of sockets, stale, foreign, empty or unreadable.
#include <array>

#include "base/text.h"
#include "cluster_faults.h"
#include "runtime_cases.h"
#include "start_stop.h"
#include "text.h"

namespace fidelity {
namespace {

std::string foreground(Lab& lab, const std::string& options = {}) {
  return lab.type("sudo -u postgres postgres -D " + Lab::dataDirectory() + options);
}

// A started server, whatever became of it before.
void startAfresh(Lab& lab) {
  lab.control("stop");
  lab.wait(5);
  lab.control("start");
  lab.wait(5);
}

void replayForeground(Lab& lab, const Json& recorded, Finding& finding) {
  const std::string kind = textOf(recorded.at("action"), "kind");
  std::string said;
  if (base::contains(kind, "as root")) {
    said = lab.type("sudo postgres -D " + Lab::dataDirectory());
  } else {
    said = foreground(lab);
  }
  compareCode("exit code", recorded, "exit_code", lab.exitCode(), finding);
  compareText("client", textOf(recorded, "client_output"), said, finding);
}

void replayRemoved(Lab& lab, const Json& recorded, Finding& finding) {
  lab.type("sudo mv " + Lab::dataDirectory() + "/postmaster.pid /var/lib/postgresql/15/");
  const Json& client = recorded.at("client_output");
  const std::string status =
      lab.type("sudo -u postgres pg_ctl -D " + Lab::dataDirectory() + " status");
  compareText("pg_ctl status", textOf(client, "pg_ctl_status"), status, finding);
  const std::string said = foreground(lab, " -p 54399");
  compareCode("exit code", recorded, "exit_code", lab.exitCode(), finding);
  compareText("postgres", textOf(client, "postgres"), said, finding);
}

Finding replayLockFile(const Json& recorded) {
  Finding finding;
  Lab lab;
  const Json& action = recorded.at("action");
  const std::string kind = textOf(action, "kind"), note = textOf(action, "note");
  startAfresh(lab);
  if (!note.empty()) {
    lab.control("stop");
    lab.wait(5);
    if (!applyFault(lab, note)) finding.difference = "    what was done: " + note + "\n";
  }
  if (kind.starts_with("postgres ")) {
    lab.mark();
    replayForeground(lab, recorded, finding);
  } else if (base::contains(kind, "moved away")) {
    lab.mark();
    replayRemoved(lab, recorded, finding);
  } else {
    lab.mark();
    if (base::contains(kind, "SIGSTOP")) killBesideStoppedBackend(lab);
    replayStartCommand(lab, recorded, finding);
  }
  compareLog(recorded, lab, finding);
  return finding;
}

constexpr std::array<RuntimeFamily, 1> kFamilies = {{{"lock_file", replayLockFile}}};

}  // namespace

std::span<const RuntimeFamily> lockFileFamilies() {
  return kFamilies;
}

}  // namespace fidelity
