// SPDX-License-Identifier: GPL-3.0-or-later
// Processes: ps, top, kill, pgrep.
#include <algorithm>
#include <optional>

#include "base/text.h"
#include "console/jobs.h"
#include "console/options.h"
#include "console/system/numbers.h"
#include "console/system/processes.h"
#include "console/system/signals.h"

namespace console {
namespace {

// Those of the host, and the shell's own jobs.
std::vector<Process> listed(const Call& call) {
  // MODEL: sizes of a small client program.
  constexpr std::int64_t kVirtualKb = 21'000, kAnonKb = 1'500, kFileKb = 4'200;
  constexpr std::uint32_t kShellPid = 4021;
  std::vector<Process> list = processes(call.world());
  const std::int64_t nowMs = call.world().now().ms;
  for (const Job& job : call.state.jobs) {
    if (job.endsMs >= 0 && job.endsMs <= nowMs) continue;
    Process process;
    process.pid = job.pid;
    process.parent = kShellPid;
    process.user = call.state.user;
    process.command = std::string(base::trim(job.command));
    while (process.command.ends_with('&') || process.command.ends_with(' ')) {
      process.command.pop_back();
    }
    process.name = process.command.substr(0, process.command.find(' '));
    process.startedMs = nowMs;
    process.virtualKb = kVirtualKb;
    process.anonKb = kAnonKb;
    process.fileKb = kFileKb;
    if (job.benchmark.clients > 0) {
      process.startedMs = job.benchmark.startMs;
      process.virtualKb += job.benchmark.clients * 40;
      process.anonKb += job.benchmark.clients * 40;
    } else if (job.session.connectedMs > 0) {
      process.startedMs = job.session.connectedMs - call.world().spec().timing.startUnixMs;
    }
    list.push_back(std::move(process));
  }
  std::sort(list.begin(), list.end(),
            [](const Process& a, const Process& b) { return a.pid < b.pid; });
  return list;
}

double memoryPercent(const sim::World& world, const Process& process) {
  const double total = static_cast<double>(world.spec().host.ramBytes) / 1024;
  return total > 0 ? 100.0 * static_cast<double>(process.residentKb()) / total : 0.0;
}

std::string startText(const sim::World& world, const Process& process) {
  const std::int64_t unixMs = world.spec().timing.startUnixMs + process.startedMs;
  if (world.unixMs() - unixMs < 86'400'000) return base::clockText(unixMs).substr(0, 5);
  const std::string text = base::journalTimeText(unixMs);
  return text.substr(0, 3) + text.substr(4, 2);
}

std::string cpuTime(double seconds, bool hundredths) {
  const auto whole = static_cast<std::int64_t>(seconds);
  std::string text =
      std::to_string(whole / 60) + ":" + (whole % 60 < 10 ? "0" : "") + std::to_string(whole % 60);
  if (!hundredths) return text;
  const auto part = static_cast<std::int64_t>((seconds - static_cast<double>(whole)) * 100);
  return text + (part < 10 ? ".0" : ".") + std::to_string(part);
}

std::string elapsed(const sim::World& world, const Process& process) {
  const std::int64_t seconds = (world.now().ms - process.startedMs) / 1000;
  const auto two = [](std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  std::string text = two(seconds / 60 % 60) + ":" + two(seconds % 60);
  if (seconds >= 3600) text = two(seconds / 3600 % 24) + ":" + text;
  return seconds >= 86'400 ? std::to_string(seconds / 86'400) + "-" + text : text;
}

std::string stateText(const Process& process) {
  return std::string(1, process.state) +
         (process.parent <= 1 || process.type == "client backend" ? "s" : "");
}

struct Column {
  std::string_view key, title;
  int width;  // negative: left-justified
};
constexpr Column kColumns[] = {
    {"pid", "PID", 7},          {"ppid", "PPID", 7},     {"user", "USER", -8},
    {"rss", "RSS", 5},          {"vsz", "VSZ", 6},       {"%mem", "%MEM", 4},
    {"pmem", "%MEM", 4},        {"%cpu", "%CPU", 4},     {"pcpu", "%CPU", 4},
    {"stat", "STAT", -4},       {"state", "S", 1},       {"etime", "ELAPSED", 11},
    {"comm", "COMMAND", -15},   {"cmd", "CMD", -1},      {"args", "COMMAND", -1},
    {"command", "COMMAND", -1}, {"start", "STARTED", 8}, {"oom", "OOM", 4}};

std::string columnValue(const sim::World& world, const Process& process, std::string_view key) {
  if (key == "pid") return std::to_string(process.pid);
  if (key == "ppid") return std::to_string(process.parent);
  if (key == "user") return process.user;
  if (key == "rss") return std::to_string(process.residentKb());
  if (key == "vsz") return std::to_string(process.virtualKb);
  if (key == "%mem" || key == "pmem") return base::fixedText(memoryPercent(world, process), 1);
  if (key == "%cpu" || key == "pcpu") return base::fixedText(process.cpuPercent, 1);
  if (key == "stat") return stateText(process);
  if (key == "state") return std::string(1, process.state);
  if (key == "etime") return elapsed(world, process);
  if (key == "comm") return process.name;
  if (key == "start") return base::clockText(world.spec().timing.startUnixMs + process.startedMs);
  if (key == "oom") return std::to_string(killerScore(world, process));
  return process.command;
}

// A column as -o asks for it: NAME, or NAME=TITLE.
struct ShownColumn {
  const Column* column = nullptr;
  std::string title;
};

std::optional<ShownColumn> shownColumn(const std::string& wanted) {
  const std::size_t equals = wanted.find('=');
  const std::string key = base::lower(base::trim(wanted.substr(0, equals)));
  const auto* it = std::find_if(std::begin(kColumns), std::end(kColumns),
                                [&](const Column& column) { return column.key == key; });
  if (it == std::end(kColumns)) return std::nullopt;
  return ShownColumn{
      it, equals == std::string::npos ? std::string(it->title) : wanted.substr(equals + 1)};
}

int printColumns(Call& call, const std::vector<Process>& list, const std::string& wanted) {
  std::vector<ShownColumn> columns;
  bool titled = false;
  for (const std::string& key : base::split(wanted, ',')) {
    const auto shown = shownColumn(key);
    if (!shown) {
      call.complain("error: unknown user-defined format specifier \"" + key + "\"");
      return 1;
    }
    titled = titled || !shown->title.empty();
    columns.push_back(*shown);
  }
  const auto line = [&](const auto& text) {
    std::string row;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const int width = columns[i].column->width;
      const bool last = i + 1 == columns.size();
      const std::string value = text(columns[i]);
      row += width < 0 ? (last ? value : base::padRight(value, static_cast<std::size_t>(-width)))
                       : base::padLeft(value, static_cast<std::size_t>(width));
      if (!last) row += " ";
    }
    call.print(row + "\n");
  };
  if (titled) line([](const ShownColumn& shown) { return shown.title; });
  for (const Process& process : list) {
    line([&](const ShownColumn& shown) {
      return columnValue(call.world(), process, shown.column->key);
    });
  }
  return 0;
}

void sortProcesses(const sim::World& world, std::vector<Process>& list, const std::string& key) {
  const bool descending = key.starts_with('-');
  const std::string name = key.substr(key.starts_with('-') || key.starts_with('+') ? 1 : 0);
  const auto value = [&](const Process& process) {
    if (name == "%mem" || name == "pmem" || name == "rss" || name == "rssize") {
      return static_cast<double>(process.residentKb());
    }
    if (name == "%cpu" || name == "pcpu") return process.cpuPercent;
    if (name == "vsz" || name == "vsize") return static_cast<double>(process.virtualKb);
    if (name == "start" || name == "start_time") return static_cast<double>(process.startedMs);
    return static_cast<double>(process.pid);
  };
  static_cast<void>(world);
  std::stable_sort(list.begin(), list.end(), [&](const Process& a, const Process& b) {
    return descending ? value(a) > value(b) : value(a) < value(b);
  });
}

void printAux(Call& call, const std::vector<Process>& list) {
  call.print("USER       PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n");
  for (const Process& p : list) {
    call.print(base::padRight(p.user, 8) + " " + base::padLeft(std::to_string(p.pid), 5) + " " +
               base::padLeft(base::fixedText(p.cpuPercent, 1), 4) + " " +
               base::padLeft(base::fixedText(memoryPercent(call.world(), p), 1), 4) + " " +
               base::padLeft(std::to_string(p.virtualKb), 6) + " " +
               base::padLeft(std::to_string(p.residentKb()), 5) + " ?        " +
               base::padRight(stateText(p), 4) + " " +
               base::padLeft(startText(call.world(), p), 5) + " " +
               base::padLeft(cpuTime(p.cpuSeconds, false), 6) + " " + p.command + "\n");
  }
}

void printFull(Call& call, const std::vector<Process>& list) {
  call.print("UID          PID    PPID  C STIME TTY          TIME CMD\n");
  for (const Process& p : list) {
    const auto seconds = static_cast<std::int64_t>(p.cpuSeconds);
    const auto two = [](std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    call.print(base::padRight(p.user, 8) + " " + base::padLeft(std::to_string(p.pid), 7) + " " +
               base::padLeft(std::to_string(p.parent), 7) + "  " +
               std::to_string(static_cast<std::int64_t>(p.cpuPercent)) + " " +
               startText(call.world(), p) + " ?        " + two(seconds / 3600) + ":" +
               two(seconds / 60 % 60) + ":" + two(seconds % 60) + " " + p.command + "\n");
  }
}

int runPs(Call& call) {
  std::string flags, sort, columns, user, name;
  std::vector<std::string> pids;
  for (std::size_t i = 1; i < call.args.size(); ++i) {
    const std::string& argument = call.args[i];
    const auto next = [&]() { return i + 1 < call.args.size() ? call.args[++i] : std::string(); };
    if (argument.starts_with("--sort")) {
      sort = argument.size() > 7 ? argument.substr(7) : next();
    } else if (argument.starts_with("--")) {
      continue;  // --no-headers, --forest: the plain list answers too
    } else if (argument == "o" || (argument.starts_with('-') && argument.ends_with('o'))) {
      columns += (columns.empty() ? "" : ",") + next();
      flags += argument;
    } else if (argument == "-p") {
      pids = base::split(next(), ',');
    } else if (argument == "-C") {
      name = next();
    } else if (argument == "-u" || argument == "-U") {
      user = next();
    } else {
      flags += argument;
    }
  }
  std::vector<Process> list = listed(call);
  std::erase_if(list, [&](const Process& p) {
    return (!pids.empty() &&
            std::find(pids.begin(), pids.end(), std::to_string(p.pid)) == pids.end()) ||
           (!user.empty() && p.user != user) || (!name.empty() && p.name != name);
  });
  if (!sort.empty()) sortProcesses(call.world(), list, sort);
  const bool selected = !pids.empty() || !user.empty() || !name.empty();
  if (!columns.empty()) return printColumns(call, list, columns);
  if (flags.find('u') != std::string::npos) {
    printAux(call, list);
  } else if (flags.find('f') != std::string::npos) {
    printFull(call, list);
  } else if (selected || flags.find_first_of("eAax") != std::string::npos) {
    call.print("    PID TTY          TIME CMD\n");
    for (const Process& p : list) {
      call.print(base::padLeft(std::to_string(p.pid), 7) + " ?        00:00:00 " + p.name + "\n");
    }
  } else {
    call.print(
        "    PID TTY          TIME CMD\n   4021 pts/0    00:00:00 bash\n   4388 pts/0    00:00:00 "
        "ps\n");
  }
  return selected && list.empty() ? 1 : 0;
}

std::string topSize(std::int64_t kilobytes, std::size_t width) {
  std::string text = std::to_string(kilobytes);
  double value = static_cast<double>(kilobytes);
  for (const char unit : {'m', 'g', 't'}) {
    if (text.size() <= width) break;
    value /= 1024;
    text = base::fixedText(value, 1) + unit;
  }
  return base::padLeft(text, width);
}

void printTopHead(Call& call, const std::vector<Process>& list) {
  const sim::World& world = call.world();
  const auto counted = [&](char state) {
    return std::count_if(list.begin(), list.end(),
                         [&](const Process& p) { return p.state == state; });
  };
  const auto running = counted('R');
  const auto three = [](std::int64_t n) { return base::padLeft(std::to_string(n), 3); };
  call.print("Tasks: " + three(static_cast<std::int64_t>(list.size())) + " total, " +
             three(running) + " running, " +
             three(static_cast<std::int64_t>(list.size()) - running) +
             " sleeping,   0 stopped,   0 zombie\n");
  const auto rate = [&](sim::Metric metric) {
    return ratePerSecond(call.machine.telemetry, metric, 0);
  };
  const double user = rate(sim::Metric::NodeCpuUser), system = rate(sim::Metric::NodeCpuSystem),
               wait = rate(sim::Metric::NodeCpuIowait), idle = rate(sim::Metric::NodeCpuIdle);
  const double total = user + system + wait + idle;
  const auto share = [&](double part, double otherwise) {
    return base::padLeft(base::fixedText(total > 0 ? 100 * part / total : otherwise, 1), 4);
  };
  call.print("%Cpu(s): " + share(user, 0) + " us, " + share(system, 0) + " sy,  0.0 ni, " +
             share(idle, 100) + " id, " + share(wait, 0) + " wa,  0.0 hi,  0.0 si,  0.0 st \n");
  const MemoryInfo info = memoryInfo(world);
  const auto mib = [](std::int64_t kb) {
    return base::padLeft(base::fixedText(static_cast<double>(kb) / 1024, 1), 8);
  };
  call.print("MiB Mem : " + mib(info.total) + " total, " + mib(info.free) + " free, " +
             mib(info.used()) + " used, " + mib(info.buffersAndCache()) + " buff/cache     \n");
  call.print("MiB Swap: " + mib(info.swapTotal) + " total, " + mib(info.swapFree) + " free, " +
             mib(info.swapTotal - info.swapFree) + " used. " + mib(info.available) +
             " avail Mem \n");
}

int runTop(Call& call) {
  const Options options = parseOptions(call, "bn:d:w:o:cHu:p:i");
  if (!options.ok) return 1;
  std::vector<Process> list = listed(call);
  const std::string order = base::lower(options.value('o', "%cpu"));
  const std::string name =
      order.starts_with('-') || order.starts_with('+') ? order.substr(1) : order;
  if (options.has('u'))
    std::erase_if(list, [&](const Process& p) { return p.user != options.value('u'); });
  sortProcesses(call.world(), list, "-" + (name == "res" ? "rss" : name == "virt" ? "vsz" : name));
  call.print("top -" + uptimeText(call.world()) + "\n");
  printTopHead(call, list);
  call.print("\n  PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n");
  for (const Process& p : list) {
    call.print(base::padLeft(std::to_string(p.pid), 5) + " " + base::padRight(p.user, 8) +
               "  20   0 " + topSize(p.virtualKb, 7) + " " + topSize(p.residentKb(), 6) + " " +
               topSize(p.fileKb + p.shmemKb, 6) + " " + std::string(1, p.state) + " " +
               base::padLeft(base::fixedText(p.cpuPercent, 1), 5) + " " +
               base::padLeft(base::fixedText(memoryPercent(call.world(), p), 1), 5) + " " +
               base::padLeft(cpuTime(p.cpuSeconds, true), 9) + " " +
               (options.has('c') ? p.command : p.name) + "\n");
  }
  return 0;
}

// kill -l [SIGNAL...]: names of numbers, and numbers of names.
int listSignals(Call& call) {
  if (call.args.size() == 2) call.print(signalTable());
  int code = 0;
  for (std::size_t i = 2; i < call.args.size(); ++i) {
    const std::string& text = call.args[i];
    // An exit code stands for the signal that ended the command.
    const std::int64_t number = numberOr(text, -1, 0, 255);
    const std::string name = signalName(number > 128 ? std::to_string(number - 128) : text);
    if (name.empty()) {
      code = call.failAsShell(text + ": invalid signal specification");
    } else {
      call.print((number >= 0 ? name : std::to_string(signalNumber(name))) + "\n");
    }
  }
  return code;
}

int runKill(Call& call) {
  std::string signal = "TERM";
  std::size_t first = 1;
  if (call.args.size() > 1 && (call.args[1] == "-l" || call.args[1] == "-L")) {
    return listSignals(call);
  }
  if (call.args.size() > 2 && (call.args[1] == "-s" || call.args[1] == "-n")) {
    signal = signalName(call.args[2]);
    first = 3;
  } else if (call.args.size() > 1 && call.args[1].starts_with('-')) {
    signal = signalName(call.args[1].substr(1));
    first = 2;
  }
  if (signal.empty()) {
    const bool named = call.args[1] == "-s" || call.args[1] == "-n";
    return call.failAsShell((named ? call.args[2] : call.args[1].substr(1)) +
                            ": invalid signal specification");
  }
  if (first >= call.args.size()) {
    call.complain(
        "kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l "
        "[sigspec]");
    return 2;
  }
  int code = 0;
  for (std::size_t i = first; i < call.args.size(); ++i) {
    const std::string& text = call.args[i];
    if (text.starts_with('%')) {
      Job* job = findJob(call.state, text);
      if (job == nullptr) {
        code = call.failAsShell(text + ": no such job");
      } else if (signal != "0") {
        killJob(call.machine, *job);
      }
      continue;
    }
    const auto type = isNumber(text) && text.size() < 10
                          ? processType(call.world(), static_cast<std::uint32_t>(std::stoul(text)))
                          : std::nullopt;
    if (!type) {
      code = call.failAsShell(isNumber(text) ? "(" + text + ") - No such process"
                                             : text + ": arguments must be process or job IDs");
      continue;
    }
    if (signal == "0") continue;
    sim::Action action;
    action.verb = sim::Verb::Signal;
    action.target = text;
    action.text = signal;
    const sim::Outcome outcome = type->empty() ? sim::Outcome{false, "", 1} : call.apply(action);
    if (outcome.accepted) continue;
    code = call.failAsShell("(" + text + ") - Operation not permitted");
  }
  return code;
}

int runPgrep(Call& call) {
  const Options options = parseOptions(call, "lafu:ncxov");
  if (!options.ok) return 2;
  if (options.rest.empty() && !options.has('u'))
    return call.fail("no matching criteria specified", 2);
  const std::string pattern = options.rest.empty() ? "" : options.rest[0];
  std::vector<Process> found;
  for (Process& p : listed(call)) {
    const std::string& text = options.has('f') ? p.command : p.name;
    const bool fits = (!options.has('u') || p.user == options.value('u')) &&
                      (options.has('x') ? text == pattern : base::contains(text, pattern));
    if (fits != options.has('v')) found.push_back(std::move(p));
  }
  const auto older = [](const Process& a, const Process& b) {
    return a.startedMs != b.startedMs ? a.startedMs < b.startedMs : a.pid < b.pid;
  };
  if (!found.empty() && (options.has('o') || options.has('n'))) {
    const auto chosen = options.has('o') ? std::min_element(found.begin(), found.end(), older)
                                         : std::max_element(found.begin(), found.end(), older);
    found = {*chosen};
  }
  if (options.has('c')) call.print(std::to_string(found.size()) + "\n");
  for (const Process& p : found) {
    if (options.has('c')) break;
    call.print(std::to_string(p.pid) +
               (options.has('a')   ? " " + p.command
                : options.has('l') ? " " + p.name
                                   : "") +
               "\n");
  }
  return found.empty() ? 1 : 0;
}

constexpr Command kCommands[] = {
    {"kill", "kill [-SIGNAL] PID...", "send a signal to processes", runKill},
    {"pgrep", "pgrep [-l] [-a] [-f] [-x] [-o|-n] [-c] PATTERN", "pids by name", runPgrep},
    {"ps", "ps aux | ps -ef | ps -eo COLUMNS [--sort=-%mem]", "processes", runPs},
    {"top", "top -b [-n 1] [-o RES] [-c]", "processes and the host's load, once", runTop}};

}  // namespace

std::span<const Command> processCommands() {
  return kCommands;
}

}  // namespace console
