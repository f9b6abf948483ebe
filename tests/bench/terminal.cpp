// SPDX-License-Identifier: GPL-3.0-or-later
#include "terminal.h"

#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "console/shell.h"
#include "figures.h"

namespace bench {
namespace {

constexpr const char* kCommands[] = {
    "free -m",
    "uptime",
    "ps aux",
    "ps aux --sort=-rss | head -n 15",
    "top -b -n 1 | head -n 20",
    "vmstat 1 3",
    "dmesg | tail -n 20",
    "dmesg | grep -i oom",
    "tail -n 50 /var/log/postgresql/postgresql-15-main.log",
    "grep -c FATAL /var/log/postgresql/postgresql-15-main.log",
    "grep -i 'terminated by signal' /var/log/postgresql/postgresql-15-main.log | tail",
    "cat /proc/meminfo",
    "journalctl -u postgresql@15-main --no-pager",
    "journalctl -k --no-pager | tail -n 30",
    "cat /etc/postgresql/15/main/postgresql.conf | grep shared_buffers",
    "psql -c 'SHOW shared_buffers'",
    "psql -c 'SELECT pid, state, query FROM pg_stat_activity'",
    "psql -c 'SELECT state, count(*) FROM pg_stat_activity GROUP BY state'",
    "psql -c \"SELECT name, setting, unit FROM pg_settings WHERE source = 'configuration file'\"",
    "git -C /etc/postgresql log --oneline",
};

// Lines that let a command work on something; the others are run as they are.
constexpr std::pair<const char*, const char*> kLines[] = {
    {"awk", "awk '{print $1}' /var/log/postgresql/postgresql-15-main.log"},
    {"cat", "cat /var/log/postgresql/postgresql-15-main.log"},
    {"chmod", "chmod 640 /etc/postgresql/15/main/postgresql.conf"},
    {"cp", "cp /etc/postgresql/15/main/postgresql.conf /tmp/copy"},
    {"cut", "cut -d' ' -f1 /var/log/postgresql/postgresql-15-main.log"},
    {"diff", "diff /etc/hosts /etc/fstab"},
    {"grep", "grep -c ERROR /var/log/postgresql/postgresql-15-main.log"},
    {"head", "head /var/log/postgresql/postgresql-15-main.log"},
    {"less", "less /var/log/postgresql/postgresql-15-main.log"},
    {"psql", "psql -c 'SELECT * FROM pg_locks l JOIN pg_stat_activity a USING (pid)'"},
    {"ps", "ps aux"},
    {"sed", "sed -n '$p' /var/log/postgresql/postgresql-15-main.log"},
    {"sort", "sort /var/log/postgresql/postgresql-15-main.log"},
    {"tail", "tail /var/log/postgresql/postgresql-15-main.log"},
    {"top", "top -b -n 1"},
    {"uniq", "uniq /var/log/postgresql/postgresql-15-main.log"},
    {"vmstat", "vmstat 1 5"},
    {"wc", "wc /var/log/postgresql/postgresql-15-main.log"}};

std::string lineFor(const std::string& name) {
  for (const auto& [command, line] : kLines) {
    if (name == command) return line;
  }
  return name;
}

struct Answer {
  double milliseconds = 0;
  std::string text;
};

Answer answerTo(const drill::Run& run, const std::string& command) {
  sim::World world = run.world();
  sim::Telemetry telemetry = run.telemetry();
  console::Shell shell;
  Answer answer;
  answer.milliseconds = 1000 * secondsOf([&] {
                          answer.text = shell.run({world, telemetry, "trainee"}, command).text;
                        });
  return answer;
}

// Every command there is, once; the slowest last. False: one takes longer than it may.
bool everyCommand(const drill::Run& late) {
  constexpr double kMostMs = 20;
  std::vector<std::pair<double, std::string>> times;
  for (const auto& [name, summary] : console::commandList()) {
    // The first answer after a start fills tables that are kept.
    (void)answerTo(late, lineFor(name));
    times.emplace_back(answerTo(late, lineFor(name)).milliseconds, name);
  }
  std::sort(times.begin(), times.end());
  printTitle("Each command once, the slowest last");
  for (const auto& [milliseconds, name] : times) {
    std::printf("%-16s %8.2f ms%s\n", name.c_str(), milliseconds,
                milliseconds > kMostMs ? "  above 20 ms" : "");
  }
  return times.empty() || times.back().first <= kMostMs;
}

}  // namespace

bool terminal(const drill::Run& late, const Options& options) {
  printTitle("Answers of the terminal at the end of the historical run");
  std::vector<Figure> figures;
  bool answered = true;
  for (const std::string command : kCommands) {
    const std::string text = answerTo(late, command).text;
    if (text.empty() || text.find("not found") != std::string::npos) {
      std::fprintf(stderr, "no answer to: %s\n%s\n", command.c_str(), text.c_str());
      answered = false;
    }
    figures.push_back({command.size() > 56 ? command.substr(0, 53) + "..." : command, "ms",
                       atMost(20),
                       [&late, command] { return answerTo(late, command).milliseconds; }});
  }
  measureInterleaved(figures, options.smoke ? 1 : options.rounds);
  const bool quick = everyCommand(late);
  return print(figures) && answered && quick;
}

}  // namespace bench
