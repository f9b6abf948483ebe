// SPDX-License-Identifier: GPL-3.0-or-later
// chmod and chown: modes and owners of the cluster's files, which decide what the server may read.
#include <optional>

#include "base/text.h"
#include "console/file_view.h"
#include "console/options.h"

namespace console {
namespace {

// The permission bits of "rwx" for some of "ugo".
std::uint16_t bitsOf(const std::string& letters, const std::string& who, bool directory) {
  std::uint16_t one = 0;
  for (const char c : letters) {
    one = static_cast<std::uint16_t>(one | (c == 'r'                              ? 4
                                            : c == 'w'                            ? 2
                                            : c == 'x' || (c == 'X' && directory) ? 1
                                                                                  : 0));
  }
  std::uint16_t bits = 0;
  for (const auto& [letter, shift] : {std::pair{'u', 6}, {'g', 3}, {'o', 0}}) {
    if (who.empty() || who.find(letter) != std::string::npos ||
        who.find('a') != std::string::npos) {
      bits = static_cast<std::uint16_t>(bits | one << shift);
    }
  }
  return bits;
}

// "600", "0644", "u+rwx,go-rwx", "a=r" of the old mode; nothing: no such mode.
std::optional<std::uint16_t> modeFrom(const std::string& text, std::uint16_t old, bool directory) {
  if (text.empty()) return std::nullopt;
  if (text.find_first_not_of("01234567") == std::string::npos) {
    if (text.size() > 4) return std::nullopt;
    return static_cast<std::uint16_t>(std::stoi(text, nullptr, 8) & 0777);
  }
  std::uint16_t mode = old;
  for (const std::string& clause : base::split(text, ',')) {
    const std::size_t sign = clause.find_first_of("+-=");
    if (sign == std::string::npos || clause.find_first_not_of("ugoa") < sign ||
        clause.find_first_not_of("rwxXst", sign + 1) != std::string::npos) {
      return std::nullopt;
    }
    const std::string who = clause.substr(0, sign);
    const std::uint16_t bits = bitsOf(clause.substr(sign + 1), who, directory);
    const std::uint16_t all = bitsOf("rwx", who, directory);
    mode = static_cast<std::uint16_t>(clause[sign] == '+'   ? mode | bits
                                      : clause[sign] == '-' ? mode & ~bits
                                                            : (mode & ~all) | bits);
  }
  return mode;
}

// The files named, and with -R those below them.
std::vector<std::string> targets(const FileView& files, const std::vector<std::string>& names,
                                 bool recursive) {
  std::vector<std::string> all;
  for (const std::string& name : names) {
    all.push_back(name);
    if (!recursive || !files.isDirectory(name)) continue;
    for (const std::string& below : files.list(name)) {
      for (std::string& one : targets(files, {name + "/" + below}, true)) {
        all.push_back(std::move(one));
      }
    }
  }
  return all;
}

int missingOperand(Call& call) {
  call.complain(call.args.size() == 2
                    ? call.args[0] + ": missing operand after '" + call.args[1] + "'"
                    : call.args[0] + ": missing operand");
  call.complain("Try '" + call.args[0] + " --help' for more information.");
  return 1;
}

// Options stand before the mode or the owner: a mode may begin with a minus sign.
bool takeRecursive(Call& call) {
  bool recursive = false;
  while (call.args.size() > 1 && (call.args[1] == "-R" || call.args[1] == "--recursive" ||
                                  call.args[1] == "-v" || call.args[1] == "-f")) {
    recursive =
        recursive || call.args[1].find('R') != std::string::npos || call.args[1] == "--recursive";
    call.args.erase(call.args.begin() + 1);
  }
  return recursive;
}

int complainOf(Call& call, const std::string& path, const std::string& doing,
               const std::string& reason) {
  call.complain(call.args[0] +
                (reason.starts_with("No such") ? ": cannot access '" : ": " + doing + " '") + path +
                "': " + reason);
  return 1;
}

int runChmod(Call& call) {
  const bool recursive = takeRecursive(call);
  if (call.args.size() < 3) return missingOperand(call);
  if (!modeFrom(call.args[1], 0, false)) {
    call.complain("chmod: invalid mode: '" + call.args[1] + "'");
    call.complain("Try 'chmod --help' for more information.");
    return 1;
  }
  const FileView files(call.machine, call.state);
  int code = 0;
  const std::vector<std::string> names(call.args.begin() + 2, call.args.end());
  for (const std::string& path : targets(files, names, recursive)) {
    const FileInfo info = files.info(path);
    const auto done =
        files.setMode(path, *modeFrom(call.args[1], info.mode, info.directory), call.changed);
    if (!done) code = complainOf(call, path, "changing permissions of", done.error().message);
  }
  return code;
}

bool isAccount(const std::string& name) {
  for (const char* known : {"root", "postgres", "oncall", "prometheus", "daemon"}) {
    if (name == known) return true;
  }
  return name.empty() || isNumber(name);
}

int changeOwner(Call& call, bool groupOnly) {
  const bool recursive = takeRecursive(call);
  if (call.args.size() < 3) return missingOperand(call);
  std::string owner = (groupOnly ? ":" : "") + call.args[1];
  const std::size_t colon = owner.find(':');
  if (colon != std::string::npos && colon + 1 == owner.size() && colon > 0) {
    owner += owner.substr(0, colon);  // "postgres:" means its own group
  }
  const std::string user = owner.substr(0, colon);
  const std::string group = colon == std::string::npos ? "" : owner.substr(colon + 1);
  if (!isAccount(user) || !isAccount(group)) {
    call.complain(call.args[0] + ": invalid " + (isAccount(user) ? "group" : "user") + ": '" +
                  call.args[1] + "'");
    return 1;
  }
  const FileView files(call.machine, call.state);
  int code = 0;
  const std::vector<std::string> names(call.args.begin() + 2, call.args.end());
  for (const std::string& path : targets(files, names, recursive)) {
    const auto done = call.state.user == "root" || !files.exists(path)
                          ? files.setOwner(path, owner, call.changed)
                          : base::Result<>(base::Error{"denied", "", "Operation not permitted"});
    if (!done) {
      code = complainOf(call, path, groupOnly ? "changing group of" : "changing ownership of",
                        done.error().message);
    }
  }
  return code;
}

int runChown(Call& call) {
  return changeOwner(call, false);
}
int runChgrp(Call& call) {
  return changeOwner(call, true);
}

constexpr Command kCommands[] = {
    {"chgrp", "chgrp [-R] GROUP FILE...", "the group of files", runChgrp},
    {"chmod", "chmod [-R] MODE FILE...", "who may read, write and enter", runChmod},
    {"chown", "chown [-R] USER[:GROUP] FILE...", "the owner of files", runChown}};

}  // namespace

std::span<const Command> permissionCommands() {
  return kCommands;
}

}  // namespace console
