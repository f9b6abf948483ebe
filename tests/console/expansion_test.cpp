// SPDX-License-Identifier: GPL-3.0-or-later
// What words of the shell become, and what subshells leave behind. What is expected is what
// bash 5.2 prints.
#include <gtest/gtest.h>

#include "terminal.h"

namespace {

struct Case {
  const char* line;
  const char* output;
};

class Expansion : public testing::TestWithParam<Case> {};

TEST_P(Expansion, As) {
  static const Terminal kFresh(laboratorySpec(), 1);
  Terminal t = kFresh;
  EXPECT_EQ(t(GetParam().line), GetParam().output) << GetParam().line;
}

INSTANTIATE_TEST_SUITE_P(
    BashSays, Expansion,
    testing::Values(
        Case{"x=abc.tar.gz; echo ${x%.*} ${x%%.*} ${x#*.} ${x##*.} ${#x} ${x:1:3} ${x: -2} "
             "${x/a/X} ${x//a/X} ${x^^}",
             "abc.tar abc tar.gz gz 10 bc. gz Xbc.tar.gz Xbc.tXr.gz ABC.TAR.GZ"},
        Case{"unset u; echo ${u:-d} ${u-e} ${u:=z} $u ${u:+set} ${v:+no}.", "d e z z set ."},
        Case{"echo {a,b}{1,2} {1..4} {08..11} {3..1} {a..e..2} x{y,z}w {} {a} '{a,b}'",
             "a1 a2 b1 b2 1 2 3 4 08 09 10 11 3 2 1 a c e xyw xzw {} {a} {a,b}"},
        Case{"for ((i=0; i<3; i++)); do echo -n \"$i \"; done; echo", "0 1 2 "},
        Case{"i=5; ((i++)); echo $i; ((i-=4)); echo $i; ((i==2)) && echo two; let i=i*10; echo $i",
             "6\n2\ntwo\n20"},
        Case{
            "echo $((2**10)) $((7%3)) $((1<<4)) $((5>3?1:0)) $((0x1f)) $((010)) $((-7/2)) $((! 0)) "
            "$((5&3|8))",
            "1024 1 16 1 31 8 -3 1 9"},
        Case{"x=1; (x=2; echo $x); echo $x; echo 3 | { read x; echo $x; }; echo $x", "2\n1\n3\n1"},
        Case{"cd /tmp; (cd /etc; pwd); pwd", "/etc\n/tmp"},
        Case{"x=$(echo a; echo b); echo \"$x\"; echo $x", "a\nb\na b"},
        Case{"IFS=: read a b c <<< \"x:y:z:w\"; echo \"$a|$b|$c\"", "x|y|z:w"},
        Case{"while IFS='|' read -r pid state; do echo \"$pid is $state\"; done <<< "
             "$'1|idle\\n2|active'",
             "1 is idle\n2 is active"},
        Case{"echo $'a\\tb' \"$'c'\" $'it\\'s'", "a\tb $'c' it's"}, Case{"echo a \\\nb", "a b"},
        Case{"x='a   b'; echo $x; echo \"$x\"; y=*nosuch*; echo $y", "a b\na   b\n*nosuch*"},
        Case{"a=1 b=2; a=3 echo $a; echo $a $b; x+=more; x=$x; n=1; n+=2; echo $n", "1\n1 2\n12"},
        Case{"case abc in a?c) echo yes;; esac; case 'a*' in 'a*') echo lit;; esac; case x in y) "
             ";; *) echo def;; esac",
             "yes\nlit\ndef"},
        Case{"true | false | true; echo $?; ! true; echo $?; ! false; echo $?", "0\n1\n0"},
        Case{"echo \"${x:?gone}\"", "bash: x: gone"},
        Case{"echo \"a${x:-\"b c\"}d\" ${y:-e f}", "ab cd e f"},
        Case{"x=hello; echo ${x:0:1}${x:1} \"${x^}\" ${x//l/}", "hello Hello heo"},
        Case{"printf '%s\\n' {1..3} | while read n; do echo \"n=$n\"; done", "n=1\nn=2\nn=3"},
        Case{"n=0; for i in 1 2 3; do n=$((n+i)); done; echo $n", "6"},
        Case{"echo one; { echo two; echo three; } | sort -r; echo $(( $(echo 4) + 1 ))",
             "one\ntwo\nthree\n5"},
        Case{"until [ \"${k:=0}\" -ge 2 ]; do k=$((k+1)); echo $k; done", "1\n2"},
        Case{"echo -e 'a\\nb' | while read l; do case $l in a) continue;; esac; echo $l; done",
             "b"}));

TEST(Expanded, ManyBracesAreLeftAsTheyStand) {
  Terminal t(laboratorySpec(), 1);
  EXPECT_EQ(t("echo {1..2000}"), "{1..2000}");
  EXPECT_EQ(t("echo {a,b,c,d}{a,b,c,d}{a,b,c,d}{a,b,c,d}{a,b,c,d}{a,b,c,d} | wc -c"), "55");
}

TEST(Expanded, TimeTellsHowLongAPipelineTook) {
  Terminal t(laboratorySpec(), 1);
  EXPECT_EQ(t("time sleep 2 | cat"), "\nreal\t0m2.002s\nuser\t0m0.001s\nsys\t0m0.001s");
}

}  // namespace
