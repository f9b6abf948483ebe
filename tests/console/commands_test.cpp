// SPDX-License-Identifier: GPL-3.0-or-later
// Files, filters, processes, services, network and the configuration repository, with literal
// answers.
#include <gtest/gtest.h>

#include "base/text.h"
#include "console/system/processes.h"
#include "terminal.h"

namespace {

TEST(Filters, LinesInLinesOut) {
  Terminal t;
  EXPECT_EQ(t("printf '1\\n2\\n3\\n4\\n' | head -n 2"), "1\n2");
  EXPECT_EQ(t("printf '1\\n2\\n3\\n4\\n' | tail -2"), "3\n4");
  EXPECT_EQ(t("printf '1\\n2\\n3\\n4\\n' | tail -n +3"), "3\n4");
  EXPECT_EQ(t("printf '1\\n2\\n3\\n4\\n' | head -n -1"), "1\n2\n3");
  EXPECT_EQ(t("printf '10\\n9\\n100\\n' | sort -n"), "9\n10\n100");
  EXPECT_EQ(t("printf '2K\\n1M\\n10\\n' | sort -rh"), "1M\n2K\n10");
  EXPECT_EQ(t("printf 'a:1\\nb:0\\n' | sort -t: -k2 -n"), "b:0\na:1");
  EXPECT_EQ(t("printf 'a b\\nc d\\n' | cut -d' ' -f2"), "b\nd");
  EXPECT_EQ(t("printf 'a b\\nc\\n' | wc"), "      2       3       6");
}

TEST(Filters, Grep) {
  Terminal t;
  EXPECT_EQ(t("grep -n mem postgresql.conf"), "3:work_mem = 16MB");
  EXPECT_EQ(t("grep -c = postgresql.conf"), "4");
  EXPECT_EQ(t("grep -v = postgresql.conf; echo $?"), "1");
  EXPECT_EQ(t("grep -iE 'SHARED|work' postgresql.conf"), "shared_buffers = 1GB\nwork_mem = 16MB");
  EXPECT_EQ(t("grep -A1 shared postgresql.conf"), "shared_buffers = 1GB\nwork_mem = 16MB");
  EXPECT_EQ(t("grep -B1 -n work postgresql.conf"), "2-shared_buffers = 1GB\n3:work_mem = 16MB");
  EXPECT_EQ(t("grep -o '[0-9]*MB' postgresql.conf"), "16MB");
  EXPECT_EQ(t("grep x nothing"), "grep: nothing: No such file or directory");
  EXPECT_EQ(t("grep '(' -E postgresql.conf"), "grep: Unmatched ( or \\(");
  EXPECT_EQ(t("grep -rl work_mem /etc/postgresql"), "/etc/postgresql/15/main/postgresql.conf");
}

TEST(Filters, Sed) {
  Terminal t;
  EXPECT_EQ(t("echo aXbX | sed 's/X/-/'"), "a-bX");
  EXPECT_EQ(t("echo aXbX | sed 's/X/-/g'"), "a-b-");
  EXPECT_EQ(t("echo 'a = 1' | sed -E 's/(a) = ([0-9])/\\2=\\1&/'"), "1=aa = 1");
  EXPECT_EQ(t("printf '1\\n2\\n3\\n' | sed -n 2p"), "2");
  EXPECT_EQ(t("printf '1\\n2\\n3\\n' | sed '2,$d'"), "1");
  EXPECT_EQ(t("echo x | sed 's/x'"), "sed: -e expression #1, char 3: unterminated `s' command");
}

TEST(Files, EditingTheConfigurationIsAnAction) {
  Terminal t;
  const console::Reply reply =
      t.reply("sudo sed -i 's/^shared_buffers.*/shared_buffers = 512MB/' postgresql.conf");
  EXPECT_EQ(reply.text, "");
  ASSERT_EQ(reply.changed.size(), 1u);
  EXPECT_EQ(reply.changed[0].verb, sim::Verb::EditFile);
  EXPECT_EQ(reply.changed[0].target, "/etc/postgresql/15/main/postgresql.conf");
  EXPECT_EQ(t("grep shared_buffers postgresql.conf"), "shared_buffers = 512MB");
  EXPECT_EQ(t.reply("echo 'jit = off' >> postgresql.conf").changed.size(), 1u);
  EXPECT_EQ(t.reply("echo 'jit = off' | sudo tee -a postgresql.conf").changed.size(), 1u);
  EXPECT_TRUE(t.reply("sed -i 's/nothing/x/' postgresql.conf").changed.empty());
  EXPECT_EQ(t("tail -1 postgresql.conf"), "jit = off");
  EXPECT_EQ(t("cp postgresql.conf /tmp/old && sed -i 's/512MB/1GB/' postgresql.conf; diff /tmp/old "
              "postgresql.conf"),
            "2c2\n< shared_buffers = 512MB\n---\n> shared_buffers = 1GB");
}

TEST(Files, MovingAround) {
  Terminal t;
  EXPECT_EQ(
      t("ls"),
      "conf.d  environment  pg_ctl.conf  pg_hba.conf  pg_ident.conf  postgresql.conf  start.conf");
  EXPECT_EQ(t("ls -l postgresql.conf"),
            "-rw-r--r-- 1 postgres postgres 105 May  6 19:00 postgresql.conf");
  EXPECT_EQ(t("cd /var/log/postgresql; ls; cd -"),
            "postgresql-15-main.log\n/etc/postgresql/15/main");
  EXPECT_EQ(t("cd /nowhere"), "bash: cd: /nowhere: No such file or directory");
  EXPECT_EQ(t("cat /etc"), "cat: /etc: Is a directory");
  EXPECT_EQ(t("cd ../..; pwd"), "/etc/postgresql");
  EXPECT_EQ(t("rm /etc/passwd"), "rm: cannot remove '/etc/passwd': Operation not permitted");
  EXPECT_EQ(t("head -1 /var/lib/postgresql/15/main/postmaster.pid"), "1000");
}

TEST(Processes, ListedAsPsAndTopDo) {
  Terminal t;
  EXPECT_EQ(t("ps aux | head -1"),
            "USER       PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND");
  EXPECT_EQ(t("ps -o pid,comm -p 1000"), "    PID COMMAND\n   1000 postgres");
  EXPECT_EQ(t("pgrep -cf 'app shop'"), "20");
  EXPECT_EQ(t("top -b | head -7 | tail -1"),
            "  PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND");
  EXPECT_EQ(t("cat /proc/1000/oom_score_adj"), "-900");
  EXPECT_EQ(t("ps -o pid,cmd -p 1001 | tail -1"), "   1001 postgres: 15/main: checkpointer ");
  EXPECT_EQ(t("head -1 /proc/1000/status"), "Name:\tpostgres");
  EXPECT_EQ(t("cat /proc/99999/status"), "cat: /proc/99999/status: No such file or directory");
  EXPECT_EQ(t("kill 99999"), "bash: kill: (99999) - No such process");
  EXPECT_EQ(t("kill -FOO 1"), "bash: kill: FOO: invalid signal specification");
}

TEST(Processes, MemoryOfBackendsAddsUpToTheHosts) {
  Terminal t;
  std::int64_t anonKb = 0;
  int backends = 0;
  for (const console::Process& process : console::processes(t.world)) {
    if (process.type != "client backend") continue;
    anonKb += process.anonKb;
    ++backends;
  }
  EXPECT_EQ(backends, t.world.postgres().connections());
  const double host = static_cast<double>(t.world.host().memory.anon) / 1024;
  EXPECT_NEAR(static_cast<double>(anonKb), host, host * 0.05);
}

TEST(Processes, KillingABackendIsAnAction) {
  Terminal t;
  const auto pid = std::to_string(t.world.postgres().cohorts[0].firstPid);
  const console::Reply reply = t.reply("kill -9 " + pid);
  ASSERT_EQ(reply.changed.size(), 1u);
  EXPECT_EQ(reply.changed[0].verb, sim::Verb::Signal);
  EXPECT_EQ(t.world.postgres().life, sim::Life::Crashed);
  EXPECT_EQ(t("psql -c 'select 1'"),
            "psql: error: connection to server on socket \"/var/run/postgresql/.s.PGSQL.5432\" "
            "failed: FATAL:  the "
            "database system is in recovery mode");
}

TEST(System, Facts) {
  Terminal t;
  EXPECT_EQ(t("uptime | cut -d, -f1-3"), " 05:02:00 up 47 days,  3:14,  1 user");
  EXPECT_EQ(t("date"), "Tue May  7 05:02:00 UTC 2024");
  EXPECT_EQ(t("date -u +%FT%TZ"), "2024-05-07T05:02:00Z");
  EXPECT_EQ(t("uname -a"),
            "Linux db1 6.1.0-28-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1 (2024-11-22) x86_64 "
            "GNU/Linux");
  EXPECT_EQ(t("nproc; hostname; whoami"), "2\ndb1\noncall");
  EXPECT_EQ(t("sysctl vm.overcommit_memory vm.overcommit_ratio vm.swappiness"),
            "vm.overcommit_memory = 0\nvm.overcommit_ratio = 50\nvm.swappiness = 60");
  EXPECT_EQ(t("sysctl -w vm.swappiness=10; echo 1 > /proc/sys/vm/swappiness"),
            "sysctl: permission denied on key \"vm.swappiness\"\n"
            "bash: /proc/sys/vm/swappiness: Permission denied");
  EXPECT_EQ(t.reply("sudo sysctl -w vm.swappiness=10").changed.size(), 1u);
  EXPECT_EQ(t("cat /proc/sys/vm/swappiness"), "10");
  EXPECT_EQ(t("printf '# memory\\nvm.swappiness = 20\\n' > /tmp/s; sudo sysctl -p /tmp/s"),
            "vm.swappiness = 20");
  EXPECT_EQ(t("sysctl vm.nothing"),
            "sysctl: cannot stat /proc/sys/vm/nothing: No such file or directory");
}

TEST(Storage, Tables) {
  Terminal t;
  EXPECT_EQ(t("df -h /var/lib/postgresql"),
            "Filesystem      Size  Used Avail Use% Mounted on\n/dev/nvme0n1p2  100G   40G   60G  "
            "40% /var/lib/postgresql");
  EXPECT_EQ(
      t("iostat -x | sed -n 6p"),
      "Device            r/s     rkB/s   rrqm/s  %rrqm r_await rareq-sz     w/s     wkB/s   wrqm/s "
      " %wrqm w_await "
      "wareq-sz     d/s     dkB/s   drqm/s  %drqm d_await dareq-sz     f/s f_await  aqu-sz  %util");
}

TEST(Network, PingAndSockets) {
  Terminal t;
  const console::Reply reply = t.reply("ping -c 4 app1");
  EXPECT_EQ(reply.duration, base::seconds(3));
  EXPECT_TRUE(base::contains(reply.text, "4 packets transmitted, 4 received, 0% packet loss"));
  EXPECT_EQ(t("ping nowhere"), "ping: nowhere: Name or service not known");
  EXPECT_EQ(t("mtr --report -c 5 app1 | sed -n 2p"),
            "HOST: db1                         Loss%   Snt   Last   Avg  Best  Wrst StDev");
  EXPECT_EQ(t("ss -s | head -2 | tail -1"),
            "TCP:   27 (estab 22, closed 0, orphaned 0, timewait 0)");
}

TEST(Service, StatusStopAndStart) {
  Terminal t;
  EXPECT_EQ(t("systemctl status postgresql@15-main | head -3"),
            "● postgresql@15-main.service - PostgreSQL Cluster 15-main\n"
            "     Loaded: loaded (/lib/systemd/system/postgresql@.service; enabled-runtime; "
            "preset: enabled)\n"
            "     Active: active (running) since Tue 2024-05-07 05:00:00 UTC; 2min 0s ago");
  EXPECT_EQ(t("systemctl status nothing"), "Unit nothing.service could not be found.");
  const console::Reply stop = t.reply("sudo systemctl stop postgresql@15-main");
  EXPECT_EQ(stop.duration, base::seconds(1));
  ASSERT_EQ(stop.changed.size(), 1u);
  t.world.advanceTo(t.world.now() + base::seconds(120), t.telemetry);
  EXPECT_EQ(t("pg_lsclusters | tail -1"),
            "15  main    5432 down   postgres /var/lib/postgresql/15/main "
            "/var/log/postgresql/postgresql-15-main.log");
  EXPECT_EQ(t.reply("pg_ctlcluster 15 main status").exitCode, 3);
  EXPECT_EQ(t("psql -c 'select 1'"),
            "psql: error: connection to server on socket \"/var/run/postgresql/.s.PGSQL.5432\" "
            "failed: No such file or "
            "directory\n\tIs the server running locally and accepting connections on that socket?");
  EXPECT_EQ(
      t("psql -h 127.0.0.1 -U app shop"),
      "psql: error: connection to server at \"127.0.0.1\", port 5432 failed: Connection refused\n"
      "\tIs the server running on that host and accepting TCP/IP connections?");
  EXPECT_EQ(t.reply("pg_ctlcluster 15 main stop").text, "Cluster is not running.");
  EXPECT_EQ(t.reply("pg_ctlcluster 15 main start").exitCode, 0);
}

TEST(Service, BrokenFileStopsAStart) {
  Terminal t;
  t("sed -i 's/1GB/999999GB/' postgresql.conf");
  const console::Reply reply = t.reply("pg_ctlcluster 15 main restart");
  EXPECT_EQ(reply.exitCode, 1);
  EXPECT_TRUE(
      base::contains(reply.text, "invalid value for parameter \"shared_buffers\": \"999999GB\""));
  EXPECT_TRUE(reply.text.ends_with("pg_ctl: could not start server\nExamine the log output."));
  EXPECT_EQ(t("postgres -D /var/lib/postgresql/15/main -C work_mem; echo $?").back(), '1');
}

TEST(Git, HistoryOfTheConfiguration) {
  Terminal t;
  EXPECT_EQ(t("git log --oneline"), "e07a4b9 Cache tuning");
  EXPECT_EQ(t("git show e07a4b9 | tail -3"),
            "-shared_buffers = 512MB\n+shared_buffers = 1GB\n work_mem = 16MB");
  t("sed -i 's/16MB/8MB/' postgresql.conf");
  EXPECT_EQ(t("git log -1 | sed -n '5p'"), "    Edit postgresql.conf on db1");
  EXPECT_EQ(t("git diff HEAD~1 | grep -E '^[-+]'"),
            "--- a/15/main/postgresql.conf\n+++ b/15/main/postgresql.conf\n-work_mem = "
            "16MB\n+work_mem = 8MB");
  EXPECT_EQ(t.reply("git show 123").exitCode, 128);
  EXPECT_EQ(t("cd /tmp; git log"),
            "fatal: not a git repository (or any of the parent directories): .git");
}

}  // namespace

TEST(Commands, SudoListsWhatOneMayDo) {
  Terminal t;
  EXPECT_NE(t("sudo -l").find("User oncall may run the following commands on "), std::string::npos);
  EXPECT_NE(t("sudo -u postgres sudo -l").find("Sorry, user postgres may not run sudo on "),
            std::string::npos);
}

TEST(Commands, TheProcessorsAreThoseOfTheHost) {
  Terminal t;
  EXPECT_EQ(t("lscpu | grep '^CPU(s):' | awk '{print $2}'"), t("nproc"));
  EXPECT_EQ(t("lscpu | grep 'Model name' | sed 's/.*: *//'"),
            t("grep 'model name' /proc/cpuinfo | head -1 | sed 's/.*: *//'"));
}

TEST(Commands, NobodyMayTrace) {
  Terminal t;
  EXPECT_EQ(t("sudo strace -f -p 1"),
            "strace: attach: ptrace(PTRACE_SEIZE, 1): Operation not permitted");
  EXPECT_EQ(t("strace -p 4000000"),
            "strace: attach: ptrace(PTRACE_SEIZE, 4000000): No such process");
  EXPECT_EQ(t("strace -o /tmp/x ls -l"),
            "strace: ptrace(PTRACE_TRACEME, ...): Operation not permitted\n+++ exited with 1 +++");
  EXPECT_EQ(t("sysctl -n kernel.yama.ptrace_scope"), "3");
}

TEST(Commands, PidstatShowsProcessesAsPsDoes) {
  Terminal t;
  const std::string pid = t("pgrep -f checkpointer");
  EXPECT_EQ(t("pidstat -p " + pid + " | awk 'NR == 4 {print $2, $3}'"), "107 " + pid);
  EXPECT_EQ(t("pidstat -r -p " + pid + " | awk 'NR == 4 {print $7}'"),
            t("ps -o rss -p " + pid + " | tail -1 | awk '{print $1}'"));
}

TEST(Commands, BlameNamesTheChangeOfALine) {
  Terminal t;
  const std::string text = t("git -C /etc/postgresql blame 15/main/postgresql.conf");
  EXPECT_NE(text.find("Marek Novotny 2024-05-06 19:00:00 +0000 2) shared_buffers = 1GB"),
            std::string::npos)
      << text;
  t("echo 'work_mem = 64MB' | sudo tee -a /etc/postgresql/15/main/postgresql.conf");
  const std::string line =
      t("git -C /etc/postgresql blame 15/main/postgresql.conf | grep '= 64MB'");
  EXPECT_NE(line.find(" (trainee       2024-05-07 05:02:00 +0000 5) work_mem = 64MB"),
            std::string::npos)
      << line;
  EXPECT_EQ(line.substr(0, 7), t("git -C /etc/postgresql log --oneline | head -1").substr(0, 7));
}

TEST(Dates, AreReadAndWritten) {
  Terminal t;  // at 2024-05-07 05:02:00
  EXPECT_EQ(t("date -d @0 +%F"), "1970-01-01");
  EXPECT_EQ(t("date -d '2024-01-01 00:00' +%s"), "1704067200");
  EXPECT_EQ(t("date -d '10 minutes ago' +%T; date +%T -d '1 hour'"), "04:52:00\n06:02:00");
  EXPECT_EQ(t("date --date=yesterday '+%a %-d %B, %I %p, %j'"), "Mon 6 May, 05 AM, 127");
  EXPECT_EQ(t("date -d nonsense"), "date: invalid date 'nonsense'");
  EXPECT_EQ(t("date -d"), "date: option requires an argument -- 'd'");
}
