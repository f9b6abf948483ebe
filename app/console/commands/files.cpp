// SPDX-License-Identifier: GPL-3.0-or-later
// Moving around and looking at files: ls, cd, pwd, diff, stat.
#include <algorithm>

#include "base/text.h"
#include "console/file_view.h"
#include "console/interpreter.h"
#include "console/options.h"
#include "console/text/difference.h"

namespace console {
namespace {

constexpr LongOption kAll[] = {{"all", 'a'}, {"human-readable", 'h'}};

std::string listTime(std::int64_t unixMs, std::int64_t nowMs) {
  const std::string text = base::journalTimeText(unixMs);  // "May 07 10:45:00"
  std::string day = text.substr(4, 2);
  if (day[0] == '0') day[0] = ' ';
  if (nowMs - unixMs > 180ll * 86'400'000) {
    return text.substr(0, 4) + day + "  " + std::to_string(base::fromUnixMs(unixMs).year);
  }
  return text.substr(0, 4) + day + " " + text.substr(7, 5);
}

std::string humanSize(std::int64_t bytes) {
  if (bytes < 1024) return std::to_string(bytes);
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1024 && unit < 5; ++unit) value /= 1024;
  return base::fixedText(value, value < 10 ? 1 : 0) + "KMGTP"[unit - 1];
}

// "drwxr-xr-x"
std::string modeText(const FileInfo& info) {
  std::string text(1, info.directory ? 'd' : '-');
  for (int bit = 8; bit >= 0; --bit) {
    text += ((info.mode >> bit) & 1) != 0 ? "xwr"[bit % 3] : '-';
  }
  return text;
}

std::string octalText(std::uint16_t mode) {
  std::string text;
  for (int shift = 6; shift >= 0; shift -= 3)
    text += static_cast<char>('0' + ((mode >> shift) & 7));
  return text;
}

struct Row {
  std::string name;
  FileInfo info;
};

void printLong(Call& call, const std::vector<Row>& rows, bool human) {
  std::size_t size = 0, owner = 0, group = 0;
  const auto sizeText = [&](const Row& row) {
    return human ? humanSize(row.info.size) : std::to_string(row.info.size);
  };
  for (const Row& row : rows) {
    size = std::max(size, sizeText(row).size());
    owner = std::max(owner, row.info.owner.size());
    group = std::max(group, row.info.group.size());
  }
  for (const Row& row : rows) {
    call.print(modeText(row.info) + (row.info.directory ? " 2 " : " 1 ") +
               base::padRight(row.info.owner, owner) + " " + base::padRight(row.info.group, group) +
               " " + base::padLeft(sizeText(row), size) + " " +
               listTime(row.info.modifiedUnixMs, call.unixMs()) + " " + row.name + "\n");
  }
}

// ls -R: each folder, then those in it.
std::vector<std::string> withFoldersBelow(const FileView& files,
                                          const std::vector<std::string>& folders) {
  std::vector<std::string> all;
  for (const std::string& folder : folders) {
    const std::size_t head = files.resolve(folder).size();
    for (const auto& [path, isFolder] : files.tree(folder)) {
      if (!isFolder) continue;
      const std::string rest = path.size() > head ? path.substr(head == 1 ? 0 : head) : "";
      all.push_back(folder == "/" && !rest.empty() ? rest : folder + rest);
    }
  }
  return all;
}

int runLs(Call& call) {
  std::string spec = "lahAt1drRSFis";
  Options options = parseOptions(call, spec, kAll);
  if (!options.ok) return 2;
  if (options.rest.empty()) options.rest.push_back(".");
  const FileView files(call.machine, call.state);
  int code = 0;
  std::vector<Row> plain;
  std::vector<std::string> folders;
  for (const std::string& path : options.rest) {
    if (files.isDirectory(path) && !options.has('d')) {
      folders.push_back(path);
    } else if (files.exists(path)) {
      plain.push_back({path, files.info(path)});
    } else {
      code = call.fail("cannot access '" + path + "': No such file or directory", 2);
    }
  }
  const auto show = [&](std::vector<Row>& rows) {
    if (options.has('t')) {
      std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
        return a.info.modifiedUnixMs > b.info.modifiedUnixMs;
      });
    }
    if (options.has('r')) std::reverse(rows.begin(), rows.end());
    if (options.has('l')) return printLong(call, rows, options.has('h'));
    std::string line;
    const bool column = options.has('1') || &call.out != &call.error;  // not to a terminal
    for (const Row& row : rows) line += (line.empty() ? "" : column ? "\n" : "  ") + row.name;
    if (!line.empty()) call.print(line + "\n");
  };
  show(plain);
  bool first = plain.empty();
  if (options.has('R')) folders = withFoldersBelow(files, folders);
  for (const std::string& folder : folders) {
    if (options.rest.size() > 1 || options.has('R'))
      call.print((first ? "" : "\n") + folder + ":\n");
    first = false;
    std::vector<Row> rows;
    for (const std::string& name : files.list(folder)) {
      if (name[0] == '.' && !options.has('a') && !options.has('A')) continue;
      rows.push_back({name, files.info(folder + "/" + name)});
    }
    if (options.has('l')) call.print("total " + std::to_string(rows.size() * 4) + "\n");
    show(rows);
  }
  return code;
}

int runCd(Call& call) {
  const FileView files(call.machine, call.state);
  std::string target = call.args.size() > 1 ? call.args[1] : "/home/" + call.state.user;
  if (call.args.size() > 2) {
    return call.failAsShell("too many arguments");
  }
  const bool back = target == "-";
  if (back) target = call.state.previousDirectory;
  if (back && target.empty()) {
    return call.failAsShell("OLDPWD not set");
  }
  if (!files.isDirectory(target)) {
    return call.failAsShell(
        target + ": " + (files.exists(target) ? "Not a directory" : "No such file or directory"));
  }
  const std::string before = call.state.directory;
  call.state.directory = files.resolve(target);
  call.state.previousDirectory = before;
  if (back) call.print(call.state.directory + "\n");
  return 0;
}

int runPwd(Call& call) {
  call.print(call.state.directory + "\n");
  return 0;
}

int runDiff(Call& call) {
  constexpr LongOption kLongs[] = {{"unified", 'u'}, {"brief", 'q'}, {"color", 'K'}};
  const Options options = parseOptions(call, "uqrNbwKi", kLongs);
  if (!options.ok) return 2;
  if (options.rest.size() != 2) {
    call.fail(options.rest.empty() ? "missing operand after 'diff'"
                                   : "missing operand after '" + options.rest.back() + "'");
    call.complain("diff: Try 'diff --help' for more information.");
    return 2;
  }
  bool failed = false;
  const auto texts = inputs(call, options.rest, failed);
  if (failed) return 2;
  if (texts[0].text == texts[1].text) return 0;
  if (options.has('q')) {
    call.print("Files " + texts[0].name + " and " + texts[1].name + " differ\n");
  } else if (options.has('u')) {
    const FileView files(call.machine, call.state);
    const auto head = [&](std::string_view mark, const std::string& name) {
      const std::string stamp = base::logTimeText(files.info(name).modifiedUnixMs);
      return std::string(mark) + " " + name + "\t" + stamp.substr(0, 23) + "000000 +0000\n";
    };
    call.print(head("---", texts[0].name) + head("+++", texts[1].name) +
               unifiedDifference(texts[0].text, texts[1].text));
  } else {
    call.print(normalDifference(texts[0].text, texts[1].text));
  }
  return 1;
}

int runStat(Call& call) {
  const FileView files(call.machine, call.state);
  int code = call.args.size() < 2 ? call.fail("missing operand") : 0;
  for (std::size_t i = 1; i < call.args.size(); ++i) {
    if (!files.exists(call.args[i])) {
      code = call.fail("cannot statx '" + call.args[i] + "': No such file or directory");
      continue;
    }
    const FileInfo info = files.info(call.args[i]);
    const std::string stamp =
        base::logTimeText(info.modifiedUnixMs).substr(0, 19) + ".000000000 +0000\n";
    call.print("  File: " + call.args[i] + "\n  Size: " + std::to_string(info.size) + "\t" +
               (info.directory ? "directory" : "regular file") + "\nAccess: (0" +
               octalText(info.mode) + "/" + modeText(info) + ")  Uid: " + info.owner +
               "  Gid: " + info.group + "\nModify: " + stamp);
  }
  return code;
}

constexpr Command kCommands[] = {
    {"cd", "cd [DIRECTORY]", "change the working directory", runCd},
    {"diff", "diff [-u] FILE FILE", "differences between two files", runDiff},
    {"ls", "ls [-l] [-a] [-h] [-t] [-r] [PATH...]", "list a directory", runLs},
    {"pwd", "pwd", "the working directory", runPwd},
    {"stat", "stat FILE...", "size, owner and times of a file", runStat}};

}  // namespace

std::span<const Command> fileCommands() {
  return kCommands;
}

}  // namespace console
