// SPDX-License-Identifier: GPL-3.0-or-later
// What makes, moves and removes files: cp, mv, rm, mkdir, rmdir, touch.
#include "base/text.h"
#include "console/file_view.h"
#include "console/interpreter.h"
#include "console/options.h"

namespace console {
namespace {

class Copying {
 public:
  Copying(Call& call, bool moves, bool recursive, bool tells)
      : m_call(call),
        m_files(call.machine, call.state),
        m_moves(moves),
        m_recursive(recursive),
        m_tells(tells) {}

  // The exit code.
  int one(const std::string& from, std::string to) {
    const std::string last = baseName(m_files.resolve(from));
    if (m_files.isDirectory(to)) to += (to.ends_with('/') ? "" : "/") + last;
    if (!m_files.exists(from)) {
      return m_call.fail("cannot stat '" + from + "': No such file or directory");
    }
    if (m_files.resolve(from) == m_files.resolve(to)) {
      return m_call.fail("'" + from + "' and '" + to + "' are the same file");
    }
    const bool folder = m_files.isDirectory(from);
    if (folder && !m_moves && !m_recursive) {
      return m_call.fail("-r not specified; omitting directory '" + from + "'");
    }
    if (folder && m_files.resolve(to).starts_with(m_files.resolve(from) + "/")) {
      return m_call.fail(
          m_moves ? "cannot move '" + from + "' to a subdirectory of itself, '" + to + "'"
                  : "cannot copy a directory, '" + from + "', into itself, '" + to + "'");
    }
    const int code = m_moves && m_files.canRename(from, to) ? rename(from, to)
                     : folder                               ? copyTree(from, to)
                                                            : copyFile(from, to);
    if (code == 0 && m_tells) {
      m_call.print((m_moves ? "renamed '" : "'") + from + "' -> '" + to + "'\n");
    }
    return code;
  }

 private:
  int cannotMove(const std::string& from, const std::string& to, const base::Error& error) {
    return m_call.fail("cannot move '" + from + "' to '" + to + "': " + error.message);
  }
  int rename(const std::string& from, const std::string& to) {
    const auto moved = m_files.rename(from, to, m_call.changed);
    return moved ? 0 : cannotMove(from, to, moved.error());
  }

  int write(const std::string& from, const std::string& to) {
    const auto text = m_files.read(from);
    if (!text) {
      return m_call.fail("cannot open '" + from + "' for reading: " + text.error().message);
    }
    const auto written = m_files.write(to, text.value(), false, m_call.changed);
    if (written) return 0;
    return m_moves
               ? cannotMove(from, to, written.error())
               : m_call.fail("cannot create regular file '" + to + "': " + written.error().message);
  }

  int removeMoved(const std::string& from, const std::string& to) {
    if (!m_moves) return 0;
    const auto removed = m_files.remove(from, m_call.changed);
    return removed ? 0 : cannotMove(from, to, removed.error());
  }

  int copyFile(const std::string& from, const std::string& to) {
    const int code = write(from, to);
    return code == 0 ? removeMoved(from, to) : code;
  }

  int copyTree(const std::string& from, const std::string& to) {
    int code = 0;
    const std::size_t head = m_files.resolve(from).size();
    for (const auto& [path, folder] : m_files.tree(from)) {
      const std::string target = to + path.substr(head);
      if (!folder) {
        code |= write(path, target);
        continue;
      }
      if (m_files.isDirectory(target)) continue;
      const auto made = m_files.makeDirectory(target, m_call.changed);
      if (made) continue;
      return m_call.fail("cannot create directory '" + target + "': " + made.error().message);
    }
    return code == 0 ? removeMoved(from, to) : code;
  }

  Call& m_call;
  FileView m_files;
  bool m_moves, m_recursive, m_tells;
};

int missingOperand(Call& call, const std::string& what) {
  call.fail(what);
  call.complain("Try '" + call.args[0] + " --help' for more information.");
  return 1;
}

int copyFiles(Call& call, bool moves) {
  const Options options = parseOptions(call, "aprRfvinu");
  if (!options.ok) return 1;
  std::vector<std::string> sources = options.rest;
  if (sources.empty()) return missingOperand(call, "missing file operand");
  if (sources.size() == 1) {
    return missingOperand(call, "missing destination file operand after '" + sources[0] + "'");
  }
  const std::string target = sources.back();
  sources.pop_back();
  const FileView files(call.machine, call.state);
  if (sources.size() > 1 && !files.isDirectory(target)) {
    return call.fail("target '" + target + "': " +
                     (files.exists(target) ? "Not a directory" : "No such file or directory"));
  }
  Copying copying(call, moves, options.has('r') || options.has('R') || options.has('a'),
                  options.has('v'));
  int code = 0;
  for (const std::string& source : sources) {
    if (options.has('n') && files.exists(target) && !files.isDirectory(target)) continue;
    code |= copying.one(source, target);
  }
  return code;
}

int runCp(Call& call) {
  return copyFiles(call, false);
}
int runMv(Call& call) {
  return copyFiles(call, true);
}

int runRm(Call& call) {
  const Options options = parseOptions(call, "rfRiv");
  if (!options.ok) return 1;
  if (options.rest.empty() && !options.has('f')) return missingOperand(call, "missing operand");
  const FileView files(call.machine, call.state);
  int code = 0;
  const bool recursive = options.has('r') || options.has('R');
  for (const std::string& path : options.rest) {
    if (files.isDirectory(path) && !recursive) {
      code = call.fail("cannot remove '" + path + "': Is a directory");
      continue;
    }
    const bool folder = files.isDirectory(path);
    const auto result = files.remove(path, call.changed);
    if (result && options.has('v')) {
      call.print((folder ? "removed directory '" : "removed '") + path + "'\n");
    }
    if (result || (options.has('f') && !files.exists(path))) continue;
    code = call.fail("cannot remove '" + path + "': " + result.error().message);
  }
  return code;
}

// The directories on the way to a path, the outermost first, and the path itself.
std::vector<std::string> wayTo(const std::string& path) {
  std::vector<std::string> way;
  for (std::size_t at = path.find('/', 1); at != std::string::npos; at = path.find('/', at + 1)) {
    way.push_back(path.substr(0, at));
  }
  if (!path.ends_with('/')) way.push_back(path);
  return way;
}

int makeDirectory(Call& call, const Options& options, const std::string& path) {
  const FileView files(call.machine, call.state);
  const auto made = files.makeDirectory(path, call.changed);
  if (!made) {
    return call.fail("cannot create directory \u2018" + path + "\u2019: " + made.error().message);
  }
  if (options.has('v')) call.print("mkdir: created directory '" + path + "'\n");
  if (!options.has('m')) return 0;
  return call.interpreter.runCommand({"chmod", options.value('m'), path}, call);
}

int runMkdir(Call& call) {
  const Options options = parseOptions(call, "pvm:");
  if (!options.ok) return 1;
  if (options.rest.empty()) return missingOperand(call, "missing operand");
  const FileView files(call.machine, call.state);
  int code = 0;
  for (const std::string& path : options.rest) {
    if (!options.has('p')) {
      code |= makeDirectory(call, options, path);
      continue;
    }
    for (const std::string& part : wayTo(path)) {
      if (files.isDirectory(part)) continue;
      const int failed = makeDirectory(call, options, part);
      code |= failed;
      if (failed != 0) break;
    }
  }
  return code;
}

int runRmdir(Call& call) {
  if (call.args.size() < 2) return missingOperand(call, "missing operand");
  const FileView files(call.machine, call.state);
  int code = 0;
  for (std::size_t i = 1; i < call.args.size(); ++i) {
    const std::string& path = call.args[i];
    const char* reason = !files.exists(path)         ? "No such file or directory"
                         : !files.isDirectory(path)  ? "Not a directory"
                         : !files.list(path).empty() ? "Directory not empty"
                                                     : nullptr;
    const auto removed = reason == nullptr ? files.remove(path, call.changed)
                                           : base::Result<>(base::Error{"refused", "", reason});
    if (!removed) {
      code = call.fail("failed to remove '" + path + "': " + removed.error().message);
    }
  }
  return code;
}

int runTouch(Call& call) {
  if (call.args.size() < 2) return missingOperand(call, "missing file operand");
  const FileView files(call.machine, call.state);
  int code = 0;
  for (std::size_t i = 1; i < call.args.size(); ++i) {
    if (files.exists(call.args[i])) continue;
    const auto result = files.write(call.args[i], "", false, call.changed);
    if (!result) code = call.fail("cannot touch '" + call.args[i] + "': " + result.error().message);
  }
  return code;
}

constexpr Command kCommands[] = {
    {"cp", "cp [-r] [-v] FILE... TARGET", "copy files", runCp},
    {"mkdir", "mkdir [-p] [-v] [-m MODE] DIRECTORY...", "make directories", runMkdir},
    {"mv", "mv [-v] FILE... TARGET", "move files", runMv},
    {"rm", "rm [-f] [-r] [-v] FILE...", "remove files", runRm},
    {"rmdir", "rmdir DIRECTORY...", "remove empty directories", runRmdir},
    {"touch", "touch FILE...", "make empty files", runTouch}};

}  // namespace

std::span<const Command> fileChangeCommands() {
  return kCommands;
}

}  // namespace console
