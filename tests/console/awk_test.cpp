// SPDX-License-Identifier: GPL-3.0-or-later
// Awk programs with the answers mawk gave.
#include <gtest/gtest.h>

#include "terminal.h"

namespace {

struct Case {
  const char *line, *answer;
};

class Awk : public testing::TestWithParam<Case> {};

TEST_P(Awk, AnswersAsMawk) {
  Terminal t;
  EXPECT_EQ(t(GetParam().line), GetParam().answer) << GetParam().line;
}

INSTANTIATE_TEST_SUITE_P(
    Programs, Awk,
    testing::Values(
        Case{"echo 'a b c' | awk '{print $1, $NF}'", "a c"},
        Case{"echo a:b | awk -F: '{print $2}'", "b"},
        Case{"printf '1\\n2\\n3\\n' | awk '{s+=$1} END {print s, NR, s/NR}'", "6 3 2"},
        Case{"printf '1\\n2\\n3\\n' | awk 'NR==2'", "2"},
        Case{"printf 'x 1\\ny 20\\n' | awk '/y/ && $2 > 3 {printf \"%-5s|%5.1f\\n\", $1, $2}'",
             "y    | 20.0"},
        Case{"printf 'a\\nb\\na\\n' | awk '{n[$1]++} END {for (k in n) print k, n[k]}' | sort",
             "a 2\nb 1"},
        Case{
            "awk 'BEGIN {print length(\"abc\"), substr(\"hello\", 2, 3), index(\"hello\", \"l\")}'",
            "3 ell 3"},
        Case{"awk 'BEGIN {n = split(\"a,b,c\", p, \",\"); print n, p[3]}'", "3 c"},
        Case{"echo 'a-b-c' | awk '{gsub(/-/, \"+\"); print; print gsub(/x/, \"\")}'", "a+b+c\n0"},
        Case{"echo 5 | awk '{if ($1 > 3) print \"big\"; else print \"small\"}'", "big"},
        Case{"awk 'BEGIN {for (i = 0; i < 3; i++) s = s i; print s; while (i > 1) i--; print i}'",
             "012\n1"},
        Case{"awk 'BEGIN {print 1/3, 100000000, 1e20, 0.1 + 0.2}'", "0.333333 100000000 1e+20 0.3"},
        Case{"awk 'BEGIN {print 2^10, 7 % 3, -2^2, 1 == 1.0, \"10\" < \"9\", 10 < 9}'",
             "1024 1 -4 1 1 0"},
        Case{"echo '10 9' | awk '{print ($1 < $2), ($1\"\" < $2\"\")}'", "0 1"},
        Case{"echo 'a b' | awk '{$2 = \"x\"; print; print NF; $5 = \"z\"; print}'",
             "a x\n2\na x   z"},
        Case{"echo 'a b' | awk -v OFS=, '{$1 = $1; print}'", "a,b"},
        Case{"awk -v n=5 'BEGIN {print n + 1, toupper(\"ab\"), int(3.9)}'", "6 AB 3"},
        Case{"awk 'function f(x) {return x * 2} BEGIN {print f(4)}'", "8"},
        Case{"printf 'a\\nb\\nc\\nd\\n' | awk '/b/,/c/ {print NR \": \" $0}'", "2: b\n3: c"},
        Case{"printf 'a\\nb\\n' | awk 'END {print $0}; /a/ {next} {print \"not a\"}'", "not a\nb"},
        Case{"awk 'BEGIN {if (!(\"k\" in a)) print \"no\"; a[1,2] = 3; print a[1,2]; exit 3}'; "
             "echo $?",
             "no\n3\n3"},
        Case{"awk 'BEGIN {print match(\"foobar\", /o+/), RSTART, RLENGTH}'", "2 2 2"},
        Case{"awk 'BEGIN {printf \"%05d|%x|%c|%s|%e\\n\", 42, 255, \"A\", \"t\", 12345.678}'",
             "00042|ff|A|t|1.234568e+04"},
        Case{"printf 'b\\na\\n' | awk '{print | \"sort\"}'", "a\nb"},
        Case{"awk 'BEGIN {print length()}' < /dev/null; echo abc | awk '{print length}'", "0\n3"},
        Case{"awk 'BEGIN {print 1/0}'", "awk: division by zero"},
        Case{"awk '{print' /etc/hostname", "awk: line 1: syntax error at or near end of file"},
        Case{"awk 'BEGIN {while (1) i++}'; echo $?",
             "awk: program limit exceeded: evaluation steps\n2"}));

TEST(AwkOutput, WritesFilesThroughTheMachine) {
  Terminal t;
  EXPECT_EQ(t("printf '1\\n2\\n' | awk '{print $1 > \"/tmp/x\"}'; cat /tmp/x"), "1\n2");
  const console::Reply reply =
      t.reply("awk 'BEGIN {print \"jit = off\" >> \"/etc/postgresql/15/main/conf.d/a.conf\"}'");
  EXPECT_EQ(reply.changed.size(), 1u);
}

}  // namespace
