// SPDX-License-Identifier: GPL-3.0-or-later
#include "terminal.h"

#include <cstdio>
#include <string>

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
  return print(figures) && answered;
}

}  // namespace bench
