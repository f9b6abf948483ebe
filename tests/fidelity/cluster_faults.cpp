// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster_faults.h"

#include <regex>

#include "base/text.h"
#include "sim/cluster_files.h"

namespace fidelity {
namespace {

constexpr const char* kDeadPid = "4194000";

// The path that words name.
std::string pathOf(const Lab& lab, const std::string& words) {
  const std::string data = Lab::dataDirectory();
  if (base::contains(words, "socket lock")) return socketPath(lab) + ".lock";
  if (base::contains(words, "socket directory")) return "/var/run/postgresql";
  if (base::contains(words, "data directory")) return data;
  if (base::contains(words, "pg_control")) return data + "/global/pg_control";
  static const std::regex kName(R"([A-Za-z_]+(?:/[A-Za-z0-9_.]+)+|[A-Za-z]+_[A-Za-z_]+(?:\.conf)?|)"
                                R"([a-z]+\.(?:pid|opts|conf|signal)|global|base)");
  std::smatch name;
  if (!std::regex_search(words, name, kName)) return {};
  return data + "/" + name.str();
}

void writeAsServer(Lab& lab, const std::string& path, const std::string& text) {
  lab.type("printf '%s' " + quoted(text) + " | sudo -u postgres tee " + path + " > /dev/null");
}

std::string fullLockFile(const std::string& pid) {
  return pid + "\n" + Lab::dataDirectory() +
         "\n1716000000\n54321\n/var/run/postgresql\n127.0.0.1\n 11028226         9\nready   \n";
}

// The pid that words speak of; empty: none.
std::string pidOf(Lab& lab, const std::string& words) {
  if (!base::contains(words, "pid ") && !base::contains(words, "process")) return {};
  if (base::contains(words, "same OS user") || base::contains(words, "of postgres")) {
    return livingPid(lab);
  }
  if (base::contains(words, "another") || base::contains(words, "other user") ||
      base::contains(words, "root")) {
    return "1";
  }
  if (base::contains(words, "dead") || base::contains(words, "no process") ||
      base::contains(words, "not exist") || base::contains(words, "gone")) {
    return kDeadPid;
  }
  return {};
}

bool applyMode(Lab& lab, const std::string& words, const std::string& path) {
  static const std::regex kMode(R"(mode (0?[0-7]{3,4}))");
  std::smatch mode;
  const bool owned = base::contains(words, "owned by root");
  if (owned) {
    lab.type("sudo touch " + path);
    lab.type("sudo chown root:root " + path);
  }
  if (std::regex_search(words, mode, kMode)) {
    lab.type("sudo chmod " + mode[1].str() + " " + path);
    return true;
  }
  if (base::contains(words, "unreadable") || base::contains(words, "not readable")) {
    lab.type("sudo chmod 000 " + path);
    return true;
  }
  return owned;
}

}  // namespace

std::string socketPath(const Lab& lab) {
  // The recordings name the port on the command line, as Lab::control() does.
  const std::string port = lab.world().postgres().settings.show("port");
  return "/var/run/postgresql/.s.PGSQL." + (port == "5432" ? "54321" : port);
}

std::string livingPid(Lab& lab) {
  return std::string(base::trim(lab.type("pgrep -u postgres postgres_expor")));
}

void appendAsServer(Lab& lab, const std::string& path, const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  lab.type("printf '%s' " + quoted(text) + " | sudo -u postgres tee -a " + path + " > /dev/null");
}

bool applyFault(Lab& lab, const std::string& words) {
  const std::string path = pathOf(lab, words);
  if (path.empty()) return false;
  const auto says = [&](const char* part) { return base::contains(words, part); };
  if (says("missing") || says("moved away") || says("removed") || says("deleted") ||
      says("does not exist")) {
    lab.type("sudo mv " + path + " " + path + ".away");
    return true;
  }
  if (applyMode(lab, words, path)) return true;
  if (says("empty")) {
    writeAsServer(lab, path, "");
    return true;
  }
  if (const std::string pid = pidOf(lab, words); !pid.empty()) {
    writeAsServer(lab, path, says("full") ? fullLockFile(pid) : pid + "\n");
    return true;
  }
  if (says("garbage") || says("bogus") || says("not a number")) {
    writeAsServer(lab, path, "garbage\n");
    return true;
  }
  static const std::regex kHolds(R"re((?:holds|contains|says|set to) "?([^"]+?)"?$)re");
  std::smatch content;
  if (!std::regex_search(words, content, kHolds)) return false;
  writeAsServer(lab, path, content[1].str() + "\n");
  return true;
}

}  // namespace fidelity
