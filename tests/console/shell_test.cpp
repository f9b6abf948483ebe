// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/shell.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "terminal.h"

namespace {

TEST(Shell, WordsVariablesAndSubstitution) {
  Terminal t;
  EXPECT_EQ(t("echo a  'b  c' \"$HOME\" '$HOME'"), "a b  c /home/oncall $HOME");
  EXPECT_EQ(t("X=5; echo $X${X}"), "55");
  EXPECT_EQ(t("echo $(echo a; echo b)"), "a b");
  EXPECT_EQ(t("false; echo $?"), "1");
  EXPECT_EQ(t("echo *.conf"), "pg_ctl.conf pg_hba.conf pg_ident.conf postgresql.conf start.conf");
  EXPECT_EQ(t("echo '*.conf' nothing*"), "*.conf nothing*");
}

TEST(Shell, ListsPipesAndRedirections) {
  Terminal t;
  EXPECT_EQ(t("true && echo yes || echo no"), "yes");
  EXPECT_EQ(t("! true || echo no"), "no");
  EXPECT_EQ(t("printf 'b\\na\\nb\\n' | sort | uniq -c"), "      1 a\n      2 b");
  EXPECT_EQ(t("echo one > /tmp/x; echo two >> /tmp/x; wc -l < /tmp/x"), "2");
  EXPECT_EQ(t("cat nothing 2>/dev/null; echo $?"), "1");
  EXPECT_EQ(t("cat nothing 2>&1 | wc -l"), "1");
  EXPECT_EQ(t("echo x > /nowhere/y"), "bash: /nowhere/y: No such file or directory");
  EXPECT_EQ(t("echo x > /etc/passwd"), "bash: /etc/passwd: Permission denied");
}

TEST(Shell, UnknownCommands) {
  Terminal t;
  const console::Reply reply = t.reply("foo -x");
  EXPECT_EQ(reply.text, "bash: foo: command not found");
  EXPECT_EQ(reply.exitCode, 127);
  EXPECT_EQ(t.reply("/tmp/foo").text, "bash: /tmp/foo: No such file or directory");
  EXPECT_EQ(t("sudo foo"), "sudo: foo: command not found");
  EXPECT_EQ(t("sudo -u postgres whoami"), "postgres");
}

TEST(Shell, ACommandGoesOnOverLines) {
  Terminal t;
  const auto prompt = [&] { return t.shell.prompt(t.world); };
  EXPECT_EQ(t("cat <<EOF"), "");
  EXPECT_EQ(prompt(), "> ");
  t("a $HOME");
  t("");
  EXPECT_EQ(t("EOF"), "a /home/oncall\n");
  EXPECT_EQ(prompt(), "oncall@db1:/etc/postgresql/15/main$ ");
  t("for i in 1 2");
  t("do");
  t("echo $i");
  EXPECT_EQ(t("done"), "1\n2");
  EXPECT_EQ(t.shell.history().back(), "for i in 1 2; do echo $i; done");
  t("echo 'a");
  EXPECT_EQ(t("!b'"), "a\n!b");
  t("echo one \\");
  EXPECT_EQ(t("two"), "one two");
  t("echo x |");
  EXPECT_EQ(t("tr x y"), "y");
  t("f() {");
  t("  echo \"<$1>\"");
  t("}");
  EXPECT_EQ(t("f in"), "<in>");
}

TEST(Shell, AnUnfinishedCommandIsGivenUp) {
  Terminal t;
  t("echo \"never");
  const console::Reply reply = t.reply("\x03");
  EXPECT_EQ(reply.text, "");
  EXPECT_EQ(reply.exitCode, 130);
  EXPECT_EQ(console::shownLine("echo a\x03"), "echo a^C");
  EXPECT_EQ(reply.exitCode, 130);
  EXPECT_EQ(t("echo $?"), "130");
  t("echo 'cut off");
  EXPECT_EQ(t("\x04"), "bash: unexpected EOF while looking for matching `''");
  EXPECT_EQ(t("if true; then"), "");
  EXPECT_EQ(t("\x04"), "bash: syntax error: unexpected end of file");
  t("sudo -u postgres psql");
  t("select 1");
  EXPECT_EQ(t("\x03"), "");
  EXPECT_EQ(t("select 2 as x \\g"), " x \n---\n 2\n(1 row)\n");
}

TEST(Shell, PromptHistoryAndCompletion) {
  Terminal t;
  EXPECT_EQ(t.shell.prompt(t.world), "oncall@db1:/etc/postgresql/15/main$ ");
  t("cd");
  EXPECT_EQ(t.shell.prompt(t.world), "oncall@db1:~$ ");
  EXPECT_EQ(t.shell.history(), std::vector<std::string>{"cd"});
  EXPECT_EQ(t.shell.complete(t.world, "jour"), std::vector<std::string>{"journalctl"});
  EXPECT_EQ(t.shell.complete(t.world, "cat /etc/postgresql/15/main/postg"),
            std::vector<std::string>{"/etc/postgresql/15/main/postgresql.conf"});
  EXPECT_EQ(t.shell.complete(t.world, "psql -c 'show shared_b"),
            std::vector<std::string>{"shared_buffers"});
}

TEST(Shell, SameLinesSameBytes) {
  Terminal a, b;
  for (const char* line :
       {"ps aux", "top -b", "ping -c 3 app1", "psql -c 'select * from pg_stat_activity'",
        "systemctl restart postgresql@15-main", "psql", "select 1;", "\\q", "ss -ti"}) {
    EXPECT_EQ(a.reply(line), b.reply(line)) << line;
  }
  EXPECT_EQ(a.shell, b.shell);
  EXPECT_EQ(a.world.fingerprint(), b.world.fingerprint());
}

TEST(Shell, LookingChangesNothing) {
  Terminal t;
  const auto before = t.world.fingerprint();
  const auto written = t.telemetry.fingerprint();
  for (const auto& [name, summary] : console::commandList()) {
    if (name == "swapon" || name == "kill") continue;
    const console::Reply reply = t.reply(name + " --help");
    EXPECT_TRUE(reply.changed.empty()) << name;
  }
  EXPECT_EQ(t.world.fingerprint(), before);
  EXPECT_EQ(t.telemetry.fingerprint(), written);
}

TEST(Shell, LongLinesAreRefused) {
  Terminal t;
  EXPECT_EQ(t("echo " + std::string(70'000, 'x')), "bash: line too long");
  EXPECT_EQ(t("echo " + std::string(60'000, 'x')).size(), 60'000u);
}

// What only the instructor may see has no way into a command.
TEST(Shell, NoSourceNamesGroundTruth) {
  int files = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(SOURCE_DIR "/app/console")) {
    if (!entry.is_regular_file()) continue;
    ++files;
    std::ifstream stream(entry.path());
    const std::string text{std::istreambuf_iterator<char>(stream),
                           std::istreambuf_iterator<char>()};
    EXPECT_EQ(text.find("Metric::True"), std::string::npos) << entry.path();
    EXPECT_EQ(text.find("distinctAffected"), std::string::npos) << entry.path();
  }
  EXPECT_GT(files, 30);
}

}  // namespace
