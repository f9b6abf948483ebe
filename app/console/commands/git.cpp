// SPDX-License-Identifier: GPL-3.0-or-later
// The configuration repository in /etc/postgresql: git log, show, diff, status, blame of who
// changed what. Commits made on this host during the incident follow those of the past.
#include <algorithm>

#include "base/sha256.h"
#include "base/text.h"
#include "console/file_view.h"
#include "console/options.h"

namespace console {
namespace {

std::vector<const sim::ConfigChange*> history(const sim::World& world) {  // newest first
  std::vector<const sim::ConfigChange*> all;
  for (const sim::ConfigChange& change : world.spec().database.changes) {
    if (change.at <= world.now()) all.push_back(&change);
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const auto* a, const auto* b) { return a->at < b->at; });
  for (const sim::ConfigChange& change : world.commits()) all.push_back(&change);
  std::reverse(all.begin(), all.end());
  return all;
}

std::string fullHash(const sim::ConfigChange& change) {
  const std::string rest = base::sha256Hex(change.commit + change.title);
  return (change.commit + rest).substr(0, 40);
}

std::string dateText(const sim::World& world, const sim::ConfigChange& change) {
  const std::int64_t unixMs = world.spec().timing.startUnixMs + change.at.ms;
  std::string text = base::ctimeText(unixMs);  // "Fri May  3 15:42:00 2024"
  if (text[8] == ' ') text.erase(8, 1);
  return text + " +0000";
}

std::string email(const std::string& name) {
  return base::replaceAll(base::lower(name), " ", ".") + "@shop.example";
}

std::string headText(const sim::World& world, const sim::ConfigChange& change) {
  std::string text = "commit " + fullHash(change) + "\nAuthor: " + change.author + " <" +
                     email(change.author) + ">\nDate:   " + dateText(world, change) + "\n\n    " +
                     change.title + "\n";
  if (!change.ticket.empty()) text += "    \n    Ticket: " + change.ticket + "\n";
  if (!change.reviewer.empty()) text += "    Reviewed-by: " + change.reviewer + "\n";
  return text;
}

std::string patchHead(const sim::ConfigChange& change, const std::string& name) {
  return "diff --git a/" + name + " b/" + name + "\nindex " +
         base::sha256Hex(change.diff).substr(0, 7) + ".." + fullHash(change).substr(8, 7) +
         " 100644\n";
}

std::string patchText(const sim::ConfigChange& change) {
  const std::string name =
      change.path.starts_with("/etc/postgresql/") ? change.path.substr(16) : change.path.substr(1);
  // The world's own commits name the files as they lie on the server.
  if (change.diff.starts_with("diff --git") ||
      base::contains(change.diff, "--- a/etc/postgresql/")) {
    return patchHead(change, name) +
           base::replaceAll(change.diff.substr(change.diff.find("--- ")), "/etc/postgresql/", "/");
  }
  return patchHead(change, name) + change.diff +
         (change.diff.ends_with("\n") || change.diff.empty() ? "" : "\n");
}

std::string statText(const sim::ConfigChange& change) {
  int added = 0, removed = 0;
  for (const std::string& line : base::lines(change.diff)) {
    if (line.starts_with("+") && !line.starts_with("+++")) ++added;
    if (line.starts_with("-") && !line.starts_with("---")) ++removed;
  }
  const std::string name =
      change.path.starts_with("/etc/postgresql/") ? change.path.substr(16) : change.path;
  const auto plural = [](int n, const std::string& word) {
    return ", " + std::to_string(n) + " " + word + (n == 1 ? "" : "s");
  };
  std::string text = " " + name + " | " + std::to_string(added + removed) + " " +
                     std::string(static_cast<std::size_t>(std::min(added, 40)), '+') +
                     std::string(static_cast<std::size_t>(std::min(removed, 40)), '-') +
                     "\n 1 file changed";
  if (added > 0) text += plural(added, "insertion") + "(+)";
  if (removed > 0) text += plural(removed, "deletion") + "(-)";
  return text + "\n";
}

// "HEAD", "HEAD~2", "main", or the beginning of a hash.
const sim::ConfigChange* findCommit(const sim::World& world, const std::string& name) {
  const auto all = history(world);
  if (all.empty()) return nullptr;
  for (const std::string_view head : {"HEAD", "main", "master", "@"}) {
    if (!name.starts_with(head)) continue;
    const std::string rest = name.substr(head.size());
    std::int64_t back = rest.empty() ? 0 : -1;
    if (rest.starts_with('~'))
      back = rest.size() == 1 ? 1 : numberOr(rest.substr(1), -1, 0, 1'000'000);
    if (rest.find_first_not_of('^') == std::string::npos)
      back = static_cast<std::int64_t>(rest.size());
    if (back >= 0 && back < static_cast<std::int64_t>(all.size()))
      return all[static_cast<std::size_t>(back)];
  }
  if (name.size() < 4 || name.find_first_not_of("0123456789abcdef") != std::string::npos)
    return nullptr;
  for (const auto* change : all) {
    if (fullHash(*change).starts_with(name)) return change;
  }
  return nullptr;
}

struct LogForm {
  bool oneLine = false, patch = false, stat = false;
  std::size_t most = 1'000'000;
  std::string author, grep;
  std::vector<std::string> paths;
};

// False after a complaint.
bool readForm(Call& call, std::size_t first, LogForm& form) {
  for (std::size_t i = first; i < call.args.size(); ++i) {
    const std::string& argument = call.args[i];
    if (argument == "--oneline" || argument == "--pretty=oneline") {
      form.oneLine = true;
    } else if (argument == "-p" || argument == "--patch" || argument == "-u") {
      form.patch = true;
    } else if (argument == "--stat") {
      form.stat = true;
    } else if (argument == "-n" && i + 1 < call.args.size()) {
      form.most = static_cast<std::size_t>(numberOr(call.args[++i], 10, 0, 1'000'000));
    } else if (argument.size() > 1 && argument[0] == '-' && isNumber(argument.substr(1))) {
      form.most = static_cast<std::size_t>(numberOr(argument.substr(1), 10, 0, 1'000'000));
    } else if (argument.starts_with("-n")) {
      form.most = static_cast<std::size_t>(numberOr(argument.substr(2), 10, 0, 1'000'000));
    } else if (argument.starts_with("--author=")) {
      form.author = argument.substr(9);
    } else if (argument.starts_with("--grep=")) {
      form.grep = argument.substr(7);
    } else if (argument.starts_with("-") && argument != "--" &&
               !argument.starts_with("--decorate") && argument != "--graph" &&
               argument != "--all" && argument != "--no-pager") {
      call.complain("fatal: unrecognized argument: " + argument);
      return false;
    } else if (!argument.starts_with("-")) {
      form.paths.push_back(argument);
    }
  }
  return true;
}

int gitLog(Call& call, std::size_t first) {
  LogForm form;
  if (!readForm(call, first, form)) return 128;
  const FileView files(call.machine, call.state);
  std::size_t shown = 0;
  for (const auto* change : history(call.world())) {
    if (shown >= form.most) break;
    if (!form.author.empty() && !base::contains(change->author, form.author)) continue;
    if (!form.grep.empty() && !base::contains(change->title + change->ticket, form.grep)) continue;
    const bool touched =
        form.paths.empty() ||
        std::any_of(form.paths.begin(), form.paths.end(), [&](const std::string& path) {
          return change->path.starts_with(files.resolve(path));
        });
    if (!touched) continue;
    if (form.oneLine) {
      call.print(fullHash(*change).substr(0, 7) + " " + change->title + "\n");
    } else {
      call.print((shown > 0 ? "\n" : "") + headText(call.world(), *change));
    }
    if (form.stat) call.print((form.oneLine ? "" : "\n") + statText(*change));
    if (form.patch) call.print((form.oneLine ? "" : "\n") + patchText(*change));
    ++shown;
  }
  return 0;
}

int unknownRevision(Call& call, const std::string& name) {
  call.complain("fatal: ambiguous argument '" + name +
                "': unknown revision or path not in the working tree.\n"
                "Use '--' to separate paths from revisions, like this:\n'git <command> "
                "[<revision>...] -- [<file>...]'");
  return 128;
}

int gitShow(Call& call, std::size_t first) {
  bool stat = false;
  std::vector<std::string> names;
  for (std::size_t i = first; i < call.args.size(); ++i) {
    if (call.args[i] == "--stat") {
      stat = true;
    } else if (!call.args[i].starts_with("-")) {
      names.push_back(call.args[i]);
    }
  }
  if (names.empty()) names.push_back("HEAD");
  for (const std::string& name : names) {
    const sim::ConfigChange* change = findCommit(call.world(), name);
    if (change == nullptr) return unknownRevision(call, name);
    call.print(headText(call.world(), *change) + "\n" +
               (stat ? statText(*change) : patchText(*change)));
  }
  return 0;
}

// Between two commits: the patches after the first up to the second. The working tree holds no
// uncommitted change: every edit on this host is committed at once.
int gitDiff(Call& call, std::size_t first) {
  std::vector<std::string> names;
  for (std::size_t i = first; i < call.args.size(); ++i) {
    const std::string& argument = call.args[i];
    const std::size_t dots = argument.find("..");
    if (argument.starts_with("-")) continue;
    if (dots != std::string::npos) {
      names.push_back(argument.substr(0, dots));
      const std::string to =
          argument.substr(argument.find_first_not_of('.', dots) == std::string::npos
                              ? argument.size()
                              : argument.find_first_not_of('.', dots));
      names.push_back(to.empty() ? "HEAD" : to);
    } else if (FileView(call.machine, call.state).exists(argument)) {
      continue;
    } else {
      names.push_back(argument);
    }
  }
  if (names.empty()) return 0;
  if (names.size() == 1) names.push_back("HEAD");
  const sim::ConfigChange* from = findCommit(call.world(), names[0]);
  const sim::ConfigChange* to = findCommit(call.world(), names[1]);
  if (from == nullptr) return unknownRevision(call, names[0]);
  if (to == nullptr) return unknownRevision(call, names[1]);
  auto all = history(call.world());
  std::reverse(all.begin(), all.end());
  bool inside = false;
  for (const auto* change : all) {
    if (inside) call.print(patchText(*change));
    if (change == from) inside = true;
    if (change == to) break;
  }
  return 0;
}

// Whether a change brought the line in.
bool adds(const sim::ConfigChange& change, const std::string& path, const std::string& line) {
  if (change.path != path) return false;
  for (const std::string& one : base::lines(change.diff)) {
    if (one.starts_with("+") && !one.starts_with("+++") && one.substr(1) == line) return true;
  }
  return false;
}

// Each line with the last change that brought it in; what none did is as old as the repository.
int gitBlame(Call& call, std::size_t first, const std::string& directory) {
  std::string name;
  for (; first < call.args.size(); ++first) {
    if (!call.args[first].starts_with("-")) name = call.args[first];
  }
  if (name.empty()) {
    call.complain("usage: git blame [<options>] [<rev-opts>] [<rev>] [--] <file>");
    return 129;
  }
  FileView files(call.machine, call.state);
  const std::string path = files.resolve(name.starts_with("/") ? name : directory + "/" + name);
  const auto text = files.read(path);
  if (!text.ok()) {
    call.complain("fatal: no such path '" + name + "' in HEAD");
    return 128;
  }
  std::vector<std::string> original;
  for (const sim::ConfigFile& one : call.world().spec().database.files) {
    if (one.path == path) original = base::lines(one.text);
  }
  const auto all = history(call.world());
  const std::vector<std::string> lines = base::lines(text.value());
  struct Blamed {
    std::string hash, author, date;
  };
  std::vector<Blamed> blamed;
  std::size_t widest = 0;
  const auto dated = [&](std::int64_t unixMs) {
    return base::isoText(unixMs).substr(0, 10) + " " + base::clockText(unixMs) + " +0000";
  };
  for (const std::string& line : lines) {
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const auto* one) { return adds(*one, path, line); });
    const bool old = std::find(original.begin(), original.end(), line) != original.end();
    const sim::ConfigChange* change = found != all.end()    ? *found
                                      : old && !all.empty() ? all.back()
                                                            : nullptr;
    Blamed& one = blamed.emplace_back();
    if (change == nullptr) {
      one = {"00000000", "Not Committed Yet", dated(call.unixMs())};
    } else {
      const bool root = change == all.back();
      one = {(root ? "^" : "") + fullHash(*change).substr(0, root ? 7 : 8), change->author,
             dated(call.world().spec().timing.startUnixMs + change->at.ms)};
    }
    widest = std::max(widest, one.author.size());
  }
  const std::size_t digits = std::to_string(lines.size()).size();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    call.print(blamed[i].hash + " (" + base::padRight(blamed[i].author, widest) + " " +
               blamed[i].date + " " + base::padLeft(std::to_string(i + 1), digits) + ") " +
               lines[i] + "\n");
  }
  return 0;
}

int runGit(Call& call) {
  std::size_t first = 1;
  std::string directory = call.state.directory;
  const FileView files(call.machine, call.state);
  for (; first < call.args.size() && call.args[first].starts_with("-"); ++first) {
    if (call.args[first] == "-C" && first + 1 < call.args.size())
      directory = files.resolve(call.args[++first]);
  }
  if (first >= call.args.size()) {
    call.complain(
        "usage: git [-C <path>] <command> [<args>]\n\nCommands here: log, show, diff, blame, "
        "status");
    return 1;
  }
  const std::string verb = call.args[first++];
  if (verb == "version" || verb == "--version") {
    call.print("git version 2.39.5\n");
    return 0;
  }
  if (!directory.starts_with("/etc/postgresql")) {
    call.complain("fatal: not a git repository (or any of the parent directories): .git");
    return 128;
  }
  if (verb == "log") return gitLog(call, first);
  if (verb == "show") return gitShow(call, first);
  if (verb == "diff") return gitDiff(call, first);
  if (verb == "blame" || verb == "annotate") return gitBlame(call, first, directory);
  if (verb == "status") {
    call.print("On branch main\nnothing to commit, working tree clean\n");
    return 0;
  }
  if (verb == "branch") {
    call.print("* main\n");
    return 0;
  }
  call.complain("git: '" + verb + "' is not a git command. See 'git --help'.");
  return 1;
}

constexpr Command kCommands[] = {
    {"git",
     "git log [-p] [--oneline] [-n N] | show COMMIT | diff COMMIT [COMMIT] | blame FILE | status",
     "the repository of the configuration, in /etc/postgresql", runGit}};

}  // namespace

std::span<const Command> gitCommands() {
  return kCommands;
}

}  // namespace console
