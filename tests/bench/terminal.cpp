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

// Each command as one types it; those that take no arguments are run as they are.
constexpr std::pair<const char*, const char*> kLines[] = {
    {"[", "[ -f /etc/hosts ]"},
    {"[[", "[[ -s /var/log/postgresql/postgresql-15-main.log ]]"},
    {"awk",
     "awk '{n[$5]++} END {for (k in n) print n[k], k}' /var/log/postgresql/postgresql-15-main.log"},
    {"basename", "basename /var/log/postgresql/postgresql-15-main.log"},
    {"bash", "bash -c 'for i in 1 2 3; do uptime; done'"},
    {"cat", "cat /var/log/postgresql/postgresql-15-main.log"},
    {"chmod", "chmod 640 /etc/postgresql/15/main/postgresql.conf"},
    {"chown", "chown postgres /etc/postgresql/15/main/postgresql.conf"},
    {"column", "column -t /proc/mounts"},
    {"comm", "comm /etc/hosts /etc/fstab"},
    {"command", "command -v psql"},
    {"cp", "cp /etc/postgresql/15/main/postgresql.conf /tmp/copy"},
    {"cut", "cut -d' ' -f1 /var/log/postgresql/postgresql-15-main.log"},
    {"date", "date -u +%FT%T"},
    {"df", "df -h"},
    {"diff", "diff /etc/hosts /etc/fstab"},
    {"dig", "dig app1"},
    {"dirname", "dirname /var/log/postgresql/postgresql-15-main.log"},
    {"dmesg", "dmesg -T"},
    {"du", "du -sh /var/lib/postgresql/15/main/*"},
    {"echo", "echo $(uptime) > /tmp/now"},
    {"egrep", "egrep 'FATAL|PANIC' /var/log/postgresql/postgresql-15-main.log"},
    {"eval", "eval 'echo $((6 * 7))'"},
    {"fgrep", "fgrep 'out of memory' /var/log/postgresql/postgresql-15-main.log"},
    {"find", "find /var/lib/postgresql/15/main -name 'pg_*' -type d"},
    {"free", "free -m"},
    {"git", "git -C /etc/postgresql log -p"},
    {"grep", "grep -c ERROR /var/log/postgresql/postgresql-15-main.log"},
    {"head", "head -n 1000 /var/log/postgresql/postgresql-15-main.log"},
    {"host", "host app1"},
    {"iostat", "iostat -x 1 5"},
    {"ip", "ip addr"},
    {"journalctl", "journalctl --no-pager -n 1000"},
    {"kill", "kill -0 1"},
    {"less", "less /var/log/postgresql/postgresql-15-main.log"},
    {"ls", "ls -la /var/lib/postgresql/15/main"},
    {"man", "man grep"},
    {"mawk", "mawk 'END {print NR}' /var/log/postgresql/postgresql-15-main.log"},
    {"more", "more /etc/postgresql/15/main/postgresql.conf"},
    {"mpstat", "mpstat -P ALL 1 3"},
    {"mtr", "mtr -r -c 10 app1"},
    {"nl", "nl /etc/postgresql/15/main/postgresql.conf"},
    {"pg_ctlcluster", "pg_ctlcluster 15 main status"},
    {"pgbench", "pgbench -n -S -c 8 -T 10"},
    {"pgrep", "pgrep -f postgres"},
    {"pidstat", "pidstat -r 1 3"},
    {"ping", "ping -c 4 app1"},
    {"pmap", "pmap -x 1"},
    {"postgres", "postgres -C shared_buffers"},
    {"printf", "printf '%s %d\\n' a 1 b 2"},
    {"ps", "ps -eo pid,ppid,rss,vsz,stat,etime,args --sort=-rss"},
    {"psql", "psql -c 'SELECT * FROM pg_locks l JOIN pg_stat_activity a USING (pid)'"},
    {"sar", "sar -r 1 5"},
    {"sed",
     "sed -n 's/.*duration: \\([0-9.]*\\) ms.*/\\1/p' /var/log/postgresql/postgresql-15-main.log"},
    {"seq", "seq 1000"},
    {"sort", "sort -k2 /var/log/postgresql/postgresql-15-main.log"},
    {"ss", "ss -tnp"},
    {"stat", "stat /etc/postgresql/15/main/postgresql.conf"},
    {"sudo", "sudo -u postgres psql -c 'SELECT * FROM pg_settings'"},
    {"sysctl", "sysctl -a"},
    {"systemctl", "systemctl status postgresql@15-main"},
    {"tac", "tac /var/log/postgresql/postgresql-15-main.log"},
    {"tail", "tail -n 1000 /var/log/postgresql/postgresql-15-main.log"},
    {"tee", "tee /tmp/copy < /etc/postgresql/15/main/postgresql.conf"},
    {"test", "test -r /var/log/postgresql/postgresql-15-main.log"},
    {"time", "time uptime"},
    {"top", "top -b -n 1"},
    {"tr", "tr a-z A-Z < /var/log/postgresql/postgresql-15-main.log"},
    {"traceroute", "traceroute app1"},
    {"uname", "uname -a"},
    {"uniq", "uniq -c /var/log/postgresql/postgresql-15-main.log"},
    {"vmstat", "vmstat 1 5"},
    {"watch", "watch -n 1 free -m"},
    {"wc", "wc /var/log/postgresql/postgresql-15-main.log"},
    {"which", "which psql"},
    {"xargs", "xargs echo < /etc/postgresql/15/main/postgresql.conf"}};

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

// Every command there is, the best of three; the slowest last.
void everyCommand(const drill::Run& late) {
  constexpr double kMostMs = 20;
  std::vector<std::pair<double, std::string>> times;
  for (const auto& [name, summary] : console::commandList()) {
    // The first answer after a start fills tables that are kept.
    double best = answerTo(late, lineFor(name)).milliseconds;
    for (int i = 1; i < 3; ++i) best = std::min(best, answerTo(late, lineFor(name)).milliseconds);
    times.emplace_back(best, name);
  }
  std::sort(times.begin(), times.end());
  printTitle("Each command, the slowest last");
  for (const auto& [milliseconds, name] : times) {
    std::printf("%-16s %8.2f ms%s\n", name.c_str(), milliseconds,
                milliseconds > kMostMs ? "  above 20 ms" : "");
  }
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
  everyCommand(late);
  return print(figures) && answered;
}

}  // namespace bench
