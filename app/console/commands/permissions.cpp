// SPDX-License-Identifier: GPL-3.0-or-later
// chmod and chown: only whether the server may read its configuration files is simulated.
#include "console/file_view.h"
#include "console/options.h"

namespace console {
namespace {

// Whether the owner may read under a mode: "600", "0644", "u+r", "a-r", "000"; -1: no such mode.
int ownerReads(const std::string& mode) {
  if (mode.empty()) return -1;
  if (mode.find_first_not_of("01234567") == std::string::npos && mode.size() <= 4) {
    const std::string digits = std::string(4 - mode.size(), '0') + mode;
    return digits[1] >= '4' ? 1 : 0;
  }
  const std::size_t sign = mode.find_first_of("+-=");
  if (sign == std::string::npos || mode.find_first_not_of("ugoa") < sign ||
      mode.find_first_not_of("rwxXst", sign + 1) != std::string::npos) {
    return -1;
  }
  const std::string who = mode.substr(0, sign);
  const bool owner = who.empty() || who.find_first_of("ua") != std::string::npos;
  const bool reads = mode.find('r', sign) != std::string::npos;
  if (!owner || (!reads && mode[sign] != '=')) return 1;
  return mode[sign] == '-' ? 0 : reads ? 1 : 0;
}

int runChmod(Call& call) {
  if (call.args.size() < 3) {
    call.complain(call.args.size() == 2 ? "chmod: missing operand after '" + call.args[1] + "'"
                                        : std::string("chmod: missing operand"));
    call.complain("Try 'chmod --help' for more information.");
    return 1;
  }
  const int reads = ownerReads(call.args[1]);
  if (reads < 0) {
    call.complain("chmod: invalid mode: '" + call.args[1] + "'");
    call.complain("Try 'chmod --help' for more information.");
    return 1;
  }
  int code = 0;
  for (std::size_t i = 2; i < call.args.size(); ++i) {
    const std::string& path = call.args[i];
    const FileView files(call.machine, call.state);
    const auto done = files.setReadable(path, reads == 1, call.changed);
    if (done.ok()) continue;
    const std::string& reason = done.error().message;
    call.complain(reason.starts_with("No such")
                      ? "chmod: cannot access '" + path + "': " + reason
                      : "chmod: changing permissions of '" + path + "': " + reason);
    code = 1;
  }
  return code;
}

constexpr Command kCommands[] = {
    {"chmod", "chmod MODE FILE...", "whether a file may be read", runChmod}};

}  // namespace

std::span<const Command> permissionCommands() {
  return kCommands;
}

}  // namespace console
