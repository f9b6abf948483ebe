// SPDX-License-Identifier: GPL-3.0-or-later
// Random lines from a fixed seed: pieces of real commands glued together, broken quotes, control
// bytes, huge numbers. Nothing may crash, and every reply stays within its limits.
#include <gtest/gtest.h>

#include "base/random.h"
#include "base/text.h"
#include "terminal.h"

namespace {

constexpr std::string_view kPieces[] = {"free -m",
                                        "vmstat 1 99999999999999999999",
                                        "cat /proc/meminfo",
                                        "grep -E '(a|",
                                        "grep -n",
                                        "sed 's/a/b/g'",
                                        "sed -i",
                                        "psql -c",
                                        "psql",
                                        "select * from pg_settings",
                                        "select",
                                        "from pg_stat_activity",
                                        "where",
                                        "group by 1",
                                        "order by 2 desc",
                                        "count(*)",
                                        "::int",
                                        "'",
                                        "\"",
                                        "`",
                                        "$(",
                                        ")",
                                        "(",
                                        "|",
                                        "||",
                                        "&&",
                                        ";",
                                        ">",
                                        ">>",
                                        "<",
                                        "2>&1",
                                        "/tmp/x",
                                        "/dev/null",
                                        "postgresql.conf",
                                        "/etc/postgresql/15/main/postgresql.conf",
                                        "\\x",
                                        "\\q",
                                        "\\d",
                                        "\\",
                                        "$HOME",
                                        "${",
                                        "*",
                                        "?",
                                        "-1",
                                        "99999999999999999999999",
                                        "--since",
                                        "10:45",
                                        "journalctl -u postgresql",
                                        "dmesg -T",
                                        "kill -9",
                                        "1000",
                                        "-9",
                                        "ping -c",
                                        "app1",
                                        "systemctl restart postgresql@15-main",
                                        "pg_ctlcluster 15 main",
                                        "start",
                                        "stop",
                                        "-m immediate",
                                        "git log -p",
                                        "git diff HEAD~99",
                                        "HEAD^^^",
                                        "alter system set",
                                        "shared_buffers =",
                                        "'16GB'",
                                        "reset all",
                                        "show all",
                                        "set",
                                        "interval '5 min'",
                                        "now() -",
                                        "query_start",
                                        "/ 0",
                                        "union",
                                        "with recursive r(n) as (select 1)",
                                        "--",
                                        "/*",
                                        "*/",
                                        "e'\\",
                                        "sysctl -w vm.swappiness=",
                                        "tail -n",
                                        "head -c",
                                        "sort -k",
                                        "cut -d, -f",
                                        "uniq -c",
                                        "watch",
                                        "sudo -u",
                                        "sudo",
                                        "awk '{print $1}'",
                                        "x=y",
                                        "\x01\x1b[31m",
                                        "\xff\xfe",
                                        "\xc3\xa9",
                                        "{2,3}",
                                        "[a-",
                                        "[[:digit:]]",
                                        "sleep 1h",
                                        "echo",
                                        "printf %s%s%s",
                                        "date +%F%",
                                        "ls -la",
                                        "cd ..",
                                        "cd -",
                                        "rm -rf /",
                                        "tee",
                                        "find / -name",
                                        "stat",
                                        "top -b -n1",
                                        "ps -eo pid,rss",
                                        "ps aux --sort=",
                                        "ss -ti",
                                        "iostat -x 1",
                                        "df -h",
                                        "swapon --size",
                                        "postgres -C",
                                        "history",
                                        "man",
                                        "unset",
                                        "export A=",
                                        "!",
                                        "#"};

std::string randomLine(std::int64_t number) {
  const auto draw = [&](std::uint64_t bound, std::uint32_t index) {
    return static_cast<std::size_t>(
        base::below(bound, 20'240'507, base::Stream::Bots, number, index));
  };
  std::string line;
  const std::size_t count = 1 + draw(9, 0);
  for (std::uint32_t i = 1; i <= count; ++i) {
    if (draw(12, 100 + i) == 0) {
      line += static_cast<char>(draw(256, 200 + i));
    } else {
      line += kPieces[draw(std::size(kPieces), 300 + i)];
    }
    if (draw(5, 400 + i) != 0) line += ' ';
  }
  return line;
}

TEST(Fuzz, NothingTypedCrashes) {
  Terminal t;
  std::size_t longest = 0, changes = 0;
  for (std::int64_t number = 0; number < 4000; ++number) {
    const std::string line = randomLine(number);
    SCOPED_TRACE(std::to_string(number) + ": " + line);
    const console::Reply reply = t.reply(line);
    longest = std::max(longest, reply.text.size());
    changes += reply.changed.size();
    ASSERT_TRUE(base::validUtf8(reply.text));
    ASSERT_GE(reply.duration.ms, 0);
    ASSERT_FALSE(t.shell.prompt(t.world).empty());
    if (number % 7 == 0) {
      t.reply("'\"\n;\\q");
      t.reply("\\r");
      t.reply("\\q");
      t.world.advanceTo(t.world.now() + base::seconds(5), t.telemetry);
    }
  }
  EXPECT_LE(longest, (1u << 20) + 40);
  EXPECT_GT(changes, 0u);
}

TEST(Fuzz, BytesAndLengths) {
  Terminal t;
  for (const std::size_t size : {1u, 100u, 60'000u}) {
    for (const char c : {'(', '\'', '"', '$', '`', '\\', '|', ';', '*', '[', '\0', '\x7f', '\xff',
                         '<', '>', '!', '-'}) {
      const std::string text(size, c);
      t.reply(text);
      t.reply("psql -c \"select " + text + "\"");
      t.reply("grep '" + text + "' /proc/meminfo");
      if (t.shell.inPsql()) t.reply("\\q");
    }
  }
}

}  // namespace
