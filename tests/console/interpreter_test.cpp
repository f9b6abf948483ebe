// SPDX-License-Identifier: GPL-3.0-or-later
// Loops, conditions, groups and sums, with the answers bash gave.
#include <gtest/gtest.h>

#include "terminal.h"

namespace {

struct Case {
  const char *line, *answer;
};

class Bash : public testing::TestWithParam<Case> {};

TEST_P(Bash, AnswersAsBash) {
  Terminal t;
  EXPECT_EQ(t(GetParam().line), GetParam().answer) << GetParam().line;
}

INSTANTIATE_TEST_SUITE_P(
    Lines, Bash,
    testing::Values(
        Case{"for x in a b 'c d'; do echo \"<$x>\"; done", "<a>\n<b>\n<c d>"},
        Case{"for i in $(seq 1 3); do echo $i; done | tail -1", "3"},
        Case{"i=0; while [ $i -lt 3 ]; do i=$((i+1)); echo $i; done", "1\n2\n3"},
        Case{"i=5; until [ $i -le 3 ]; do i=$((i - 1)); done; echo $i", "3"},
        Case{"printf 'a 1\\nb 2\\n' | while read -r n v; do echo $v-$n; done", "1-a\n2-b"},
        Case{"if [ 1 -eq 2 ]; then echo a; elif true; then echo b; else echo c; fi", "b"},
        Case{"if false; then echo a; else echo b; fi", "b"},
        Case{"{ echo a; echo b; } | wc -l", "2"},
        Case{"(echo a; echo b) > /tmp/g; cat /tmp/g", "a\nb"},
        Case{"for i in 1 2 3 4; do [ $i = 2 ] && continue; [ $i = 4 ] && break; echo $i; done",
             "1\n3"},
        Case{"for i in 1 2; do for j in 1 2; do [ $j = 2 ] && break 2; echo $i$j; done; done",
             "11"},
        Case{"echo $((7/2)) $((-7 % 3)) $(( (1+2)*3 )) $((2>1))", "3 -1 9 1"},
        Case{"echo $((1/0))", "bash: 1/0: division by 0 (error token is \"0\")"},
        Case{"! true; echo $?; ! false; echo $?", "1\n0"},
        Case{"nothere; echo $?", "bash: nothere: command not found\n127"},
        Case{"sh -c 'echo $0x; echo b' | tail -1", "b"},
        Case{"printf 'x\\ny\\n' | sh -c 'cat | tail -1'", "y"},
        Case{"echo ${NOPE:-default} ${USER:-x}", "default oncall"},
        Case{"ls /etc/postgresql/15/main/pg_[hi]*.conf",
             "/etc/postgresql/15/main/pg_hba.conf  /etc/postgresql/15/main/pg_ident.conf"},
        Case{"for x in; do echo a; done", ""},
        Case{"done", "bash: syntax error near unexpected token `done'"},
        Case{"if true; fi", "bash: syntax error near unexpected token `fi'"},
        Case{"echo a | tr a-c A-C; echo aab | tr -d a; echo aab | tr -s a", "A\nb\nab"},
        Case{"seq 3 | xargs echo; seq 2 | xargs -I{} echo n{}", "1 2 3\nn1\nn2"},
        Case{"printf '%s=%d\\n' a 1 b 2", "a=1\nb=2"},
        Case{"printf '%5.2f|%-4s|%03d\\n' 3.14159 ab 7", " 3.14|ab  |007"},
        Case{"[ -f /etc/hostname ] && [ ! -d /etc/hostname ] && echo yes", "yes"},
        Case{"[ a -lt 1 ]", "bash: [: a: integer expression expected"}));

TEST(Interpreter, EndlessLoopsEnd) {
  Terminal t;
  const std::string text = t("while true; do echo x; done");
  EXPECT_TRUE(text.ends_with("x\nbash: fork: retry: Resource temporarily unavailable"));
  EXPECT_LT(text.size(), 10'000u);
}

TEST(Interpreter, CommandsTellTheirUse) {
  Terminal t;
  EXPECT_TRUE(t("free --help").starts_with("Usage: free [-h"));
  EXPECT_EQ(t("echo --help"), "--help");
}

TEST(Interpreter, HistoryIsRecalled) {
  Terminal t;
  t("echo one");
  EXPECT_EQ(t("!!"), "echo one\none");
  t("echo two");
  EXPECT_EQ(t("!1"), "echo one\none");
  EXPECT_EQ(t("!echo"), "echo one\none");
  EXPECT_EQ(t("!nope"), "bash: !nope: event not found");
  EXPECT_EQ(t("history | tail -1"), "    4  history | tail -1");
  EXPECT_EQ(t("echo '!!'"), "!!");
}

}  // namespace

TEST(Interpreter, ACaseTakesTheFirstPatternThatFits) {
  Terminal t;
  const std::string choice =
      "case $x in a|b) echo first ;; [0-9]*) echo number ;; 'q*') echo "
      "star ;; *) echo other ;; esac";
  EXPECT_EQ(t("x=b; " + choice), "first");
  EXPECT_EQ(t("x=42; " + choice), "number");
  EXPECT_EQ(t("x='q*'; " + choice), "star");
  EXPECT_EQ(t("x=quick; " + choice), "other");
  EXPECT_EQ(t("case a in b) echo no ;; esac; echo $?"), "0");
  EXPECT_EQ(t("case a in (a) ;; esac"), "");
  EXPECT_EQ(t("for i in 1 2 3; do case $i in 2) break ;; esac; echo $i; done"), "1");
  EXPECT_EQ(t("case a b"), "bash: syntax error near unexpected token `b'");
}

TEST(Interpreter, HereDocumentsAreInput) {
  Terminal t;
  EXPECT_EQ(t("x=5\ncat <<EOF\na $x $(echo in) \\$x\n  'b'\nEOF\necho after"),
            "a 5 in $x\n  'b'\nafter");
  EXPECT_EQ(t("cat <<'EOF'\n$x $(echo in)\nEOF"), "$x $(echo in)");
  EXPECT_EQ(t("cat <<-EOF | tr a-z A-Z\n\tone\n\tEOF"), "ONE");
  EXPECT_EQ(t("cat <<A; cat <<B\n1\nA\n2\nB"), "1\n2");
  EXPECT_EQ(t("psql -X -U postgres -d postgres -At <<EOF\nselect 40 + 2;\nEOF"), "42");
  EXPECT_EQ(t("cat <<EOF\nnever ended"), "");
  EXPECT_EQ(t("\x04"), "bash: warning: here-document delimited by end-of-file");
}
