// SPDX-License-Identifier: GPL-3.0-or-later
// The host itself: who, when, what kernel, its parameters.
#include <algorithm>
#include <optional>

#include "base/text.h"
#include "console/file_view.h"
#include "console/options.h"
#include "console/system/numbers.h"
#include "console/system/processes.h"
#include "console/text/date_format.h"
#include "console/text/moment.h"

namespace console {
namespace {

int runUptime(Call& call) {
  call.print(uptimeText(call.world()) + "\n");
  return 0;
}

// date -d: "2 hours" lies ahead, "yesterday" is a day ago to the second.
std::optional<std::int64_t> dateFrom(const std::string& text, std::int64_t nowMs) {
  if (text.empty() || text == "today") return nowMs;
  if (text == "yesterday") return momentFrom("1 day ago", nowMs);
  const std::string span = text == "tomorrow" ? "1 day" : text[0] == '+' ? text.substr(1) : text;
  const auto moment = momentFrom(span, nowMs);
  const bool ahead = moment && span.find_first_of(":@") == std::string::npos &&
                     span.find_first_of("hmsdw") != std::string::npos && !span.starts_with('-') &&
                     !span.ends_with("ago") && span != "now";
  return ahead ? 2 * nowMs - *moment : moment;
}

int runDate(Call& call) {
  std::int64_t unixMs = call.unixMs();
  std::optional<std::string> format;
  for (std::size_t i = 1; i < call.args.size(); ++i) {
    const std::string argument = call.args[i];
    const bool apart = argument == "-d" || argument == "--date";
    if (apart && i + 1 == call.args.size()) {
      return call.fail(argument == "-d" ? "option requires an argument -- 'd'"
                                        : "option '--date' requires an argument");
    }
    const bool given = apart || argument.starts_with("--date=") ||
                       (argument.starts_with("-d") && argument.size() > 2);
    if (given) {
      const std::string text = apart                             ? call.args[++i]
                               : argument.starts_with("--date=") ? argument.substr(7)
                                                                 : argument.substr(2);
      const auto moment = dateFrom(text, call.unixMs());
      if (!moment) return call.fail("invalid date '" + text + "'");
      unixMs = *moment;
      continue;
    }
    if (argument.starts_with('+')) {
      format = argument.substr(1);
      continue;
    }
    if (argument.starts_with("-I") || argument.starts_with("--iso-8601")) {
      const bool seconds = argument.ends_with("s") || argument.ends_with("seconds");
      call.print(base::isoText(unixMs).substr(0, seconds ? 19 : 10) +
                 (seconds ? "+00:00\n" : "\n"));
      return 0;
    }
    if (argument != "-u" && argument != "--utc") {
      return call.fail(argument.starts_with('-') ? "invalid option -- '" + argument.substr(1) + "'"
                                                 : "invalid date '" + argument + "'");
    }
  }
  if (format) {
    call.print(dateText(*format, unixMs) + "\n");
    return 0;
  }
  const std::string text = base::ctimeText(unixMs);  // "Tue May  7 10:45:00 2024"
  call.print(text.substr(0, 19) + " UTC" + text.substr(19) + "\n");
  return 0;
}

int runUname(Call& call) {
  const Options options = parseOptions(call, "asnrvmo");
  if (!options.ok) return 1;
  std::string text;
  const auto add = [&](char key, std::string_view value) {
    if (options.has(key) || options.has('a'))
      text += (text.empty() ? "" : " ") + std::string(value);
  };
  add('s', "Linux");
  add('n', call.world().spec().host.name);
  add('r', kKernelRelease);
  add('v', "#1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1 (2024-11-22)");
  add('m', "x86_64");
  add('o', "GNU/Linux");
  call.print((text.empty() ? "Linux" : text) + "\n");
  return 0;
}

int runWhoami(Call& call) {
  call.print(call.state.user + "\n");
  return 0;
}

int runId(Call& call) {
  call.print(call.state.user == "postgres"
                 ? "uid=107(postgres) gid=115(postgres) groups=115(postgres)\n"
             : call.state.user == "root"
                 ? "uid=0(root) gid=0(root) groups=0(root)\n"
                 : "uid=1000(oncall) gid=1000(oncall) groups=1000(oncall),27(sudo)\n");
  return 0;
}

int runHostname(Call& call) {
  const Options options = parseOptions(call, "fsiI");
  if (!options.ok) return 1;
  call.print((options.has('i') || options.has('I') ? "10.0.0.10" : call.world().spec().host.name) +
             "\n");
  return 0;
}

int runNproc(Call& call) {
  call.print(std::to_string(call.world().spec().host.cores) + "\n");
  return 0;
}

int runUlimit(Call& call) {
  const std::string which = call.args.size() > 1 ? call.args[1] : "-f";
  if (which == "-a") {
    call.print(
        "core file size              (blocks, -c) 0\nmax locked memory           (kbytes, -l) "
        "8192\n"
        "open files                          (-n) 1024\nstack size                  (kbytes, -s) "
        "8192\n"
        "max user processes                  (-u) 256938\nvirtual memory              (kbytes, -v) "
        "unlimited\n");
    return 0;
  }
  call.print(std::string(which == "-s"   ? "8192"
                         : which == "-n" ? "1024"
                         : which == "-l" ? "8192"
                         : which == "-u" ? "256938"
                                         : "unlimited") +
             "\n");
  return 0;
}

int setParameter(Call& call, const std::string& assignment) {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string::npos) {
    return call.fail("\"" + assignment + "\" must be of the form name=value");
  }
  sim::Action action;
  action.verb = sim::Verb::Sysctl;
  action.target = base::replaceAll(std::string(base::trim(assignment.substr(0, equals))), "/", ".");
  action.text = std::string(base::trim(assignment.substr(equals + 1)));
  const auto all = kernelParameters(call.world());
  const bool known = std::any_of(all.begin(), all.end(),
                                 [&](const auto& one) { return one.first == action.target; });
  const std::string path = "/proc/sys/" + base::replaceAll(action.target, ".", "/");
  if (!known) return call.fail("cannot stat " + path + ": No such file or directory");
  if (call.state.user != "root") {
    return call.fail("permission denied on key \"" + action.target + "\"");
  }
  const sim::Outcome outcome = call.apply(action);
  if (!outcome.accepted) {
    call.complain(outcome.text.empty()
                      ? "sysctl: setting key \"" + action.target + "\": Invalid argument"
                      : outcome.text);
    return 255;
  }
  call.print(action.target + " = " + action.text + "\n");
  return 0;
}

// sysctl -p: the settings in files.
int loadParameters(Call& call, std::vector<std::string> names) {
  if (names.empty()) names = {"/etc/sysctl.conf"};
  int code = 0;
  for (const std::string& name : names) {
    const auto text = FileView(call.machine, call.state).read(name);
    if (!text) {
      code = call.fail("cannot open \"" + name + "\": " + text.error().message);
      continue;
    }
    for (const std::string& line : base::lines(text.value())) {
      const std::string_view setting = base::trim(line);
      if (setting.empty() || setting[0] == '#' || setting[0] == ';') continue;
      code = std::max(code, setParameter(call, std::string(setting)));
    }
  }
  return code;
}

int runSysctl(Call& call) {
  const Options options = parseOptions(call, "anweqp");
  if (!options.ok) return 1;
  int code = 0;
  const auto all = kernelParameters(call.world());
  if (options.has('a')) {
    for (const auto& [key, value] : all) call.print(key + " = " + value + "\n");
    return 0;
  }
  if (options.has('p')) return loadParameters(call, options.rest);
  if (options.rest.empty())
    return call.fail("no variables specified\nTry `sysctl --help' for more information.");
  for (const std::string& argument : options.rest) {
    if (options.has('w') || argument.find('=') != std::string::npos) {
      code = std::max(code, setParameter(call, argument));
      continue;
    }
    const std::string name = base::replaceAll(argument, "/", ".");
    bool found = false;
    for (const auto& [key, value] : all) {
      if (key != name && !key.starts_with(name + ".")) continue;
      found = true;
      call.print(options.has('n') ? value + "\n" : key + " = " + value + "\n");
    }
    if (!found) {
      code = call.fail("cannot stat /proc/sys/" + base::replaceAll(name, ".", "/") +
                           ": No such file or directory",
                       255);
    }
  }
  return code;
}

int runLscpu(Call& call) {
  const int cores = call.world().spec().host.cores;
  const auto line = [&](const std::string& name, const std::string& value) {
    call.print(base::padRight(name + ":", 33) + value + "\n");
  };
  const std::string list = cores > 1 ? "0-" + std::to_string(cores - 1) : "0";
  line("Architecture", "x86_64");
  line("  CPU op-mode(s)", "32-bit, 64-bit");
  line("  Address sizes", "46 bits physical, 57 bits virtual");
  line("  Byte Order", "Little Endian");
  line("CPU(s)", std::to_string(cores));
  line("  On-line CPU(s) list", list);
  line("Vendor ID", "GenuineIntel");
  line("  Model name", "Intel(R) Xeon(R) Gold 6338 CPU @ 2.00GHz");
  line("    CPU family", "6");
  line("    Model", "106");
  line("    Thread(s) per core", "1");
  line("    Core(s) per socket", std::to_string(cores));
  line("    Socket(s)", "1");
  line("    BogoMIPS", "4000.00");
  line("Virtualization features", "");
  line("  Hypervisor vendor", "KVM");
  line("  Virtualization type", "full");
  line("Caches (sum of all)", "");
  line("  L3", "48 MiB (1 instance)");
  line("NUMA", "");
  line("  NUMA node(s)", "1");
  line("  NUMA node0 CPU(s)", list);
  return 0;
}

// The kernel lets nobody trace here (kernel.yama.ptrace_scope = 3), root included.
int runStrace(Call& call) {
  // Options end where the command begins; -p, -e, -o and -s take a value.
  std::vector<std::string> command;
  for (std::size_t i = 1; i < call.args.size(); ++i) {
    const std::string& before = call.args[i - 1];
    const bool value = i > 1 && before.size() == 2 && std::string("-p-e-o-s").find(before) % 2 == 0;
    if (call.args[i].starts_with('-') || value) continue;
    command.assign(call.args.begin() + static_cast<std::ptrdiff_t>(i), call.args.end());
    call.args.resize(i);
  }
  Options options = parseOptions(call, "p:fctTe:o:s:yvkqx");
  if (!options.ok) return 1;
  options.rest = std::move(command);
  if (!options.has('p') && options.rest.empty()) {
    call.complain("strace: must have PROG [ARGS] or -p PID\nTry 'strace -h' for more information.");
    return 1;
  }
  if (!options.has('p')) {
    if (findCommand(options.rest[0]) == nullptr) {
      return call.fail("Can't stat '" + options.rest[0] + "': No such file or directory");
    }
    call.complain("strace: ptrace(PTRACE_TRACEME, ...): Operation not permitted");
    call.complain("+++ exited with 1 +++");
    return 1;
  }
  const std::string pid = options.value('p');
  if (!isNumber(pid) || pid == "0") return call.fail("Invalid process id: '" + pid + "'");
  const std::int64_t number = numberOr(pid, 0, 0, 4'194'304);
  const bool there = processType(call.world(), static_cast<std::uint32_t>(number)).has_value();
  return call.fail("attach: ptrace(PTRACE_SEIZE, " + pid +
                   "): " + (there ? "Operation not permitted" : "No such process"));
}

constexpr Command kCommands[] = {
    {"date", "date [-u] [+FORMAT]", "the time", runDate},
    {"hostname", "hostname [-I]", "the name of this host", runHostname},
    {"id", "id", "user and groups", runId},
    {"lscpu", "lscpu", "the processors", runLscpu},
    {"nproc", "nproc", "number of processors", runNproc},
    {"strace", "strace -p PID | strace COMMAND", "system calls; the kernel forbids it here",
     runStrace},
    {"sysctl", "sysctl [-a] [-n] [-w] NAME[=VALUE]...",
     "kernel parameters: read, or change with -w", runSysctl},
    {"ulimit", "ulimit [-a|-s|-n|-l|-u]", "limits of this session", runUlimit},
    {"uname", "uname [-a] [-r]", "the kernel", runUname},
    {"uptime", "uptime", "time since boot and load averages", runUptime},
    {"whoami", "whoami", "the user", runWhoami}};

}  // namespace

std::span<const Command> systemCommands() {
  return kCommands;
}

}  // namespace console
