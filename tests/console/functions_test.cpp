// SPDX-License-Identifier: GPL-3.0-or-later
// Functions, arguments and scripts of the shell. What is expected is what bash 5.2 prints.
#include <gtest/gtest.h>

#include "terminal.h"

namespace {

struct Case {
  const char* line;
  const char* output;
};

class Functions : public testing::TestWithParam<Case> {};

TEST_P(Functions, As) {
  static const Terminal kFresh(laboratorySpec(), 1);
  Terminal t = kFresh;
  EXPECT_EQ(t(GetParam().line), GetParam().output) << GetParam().line;
}

INSTANTIATE_TEST_SUITE_P(
    BashSays, Functions,
    testing::Values(
        Case{"f() { echo \"$# $1 $2\"; return 3; }; f a b; echo $?", "2 a b\n3"},
        Case{"function g { local x=1; y=2; echo $x $y; }; x=9; g; echo $x $y", "1 2\n9 2"},
        Case{"f() { for i; do echo \"<$i>\"; done; }; f \"a b\" c", "<a b>\n<c>"},
        Case{"f() { echo \"$@\" | wc -w; echo \"$*\"; }; f a 'b c'", "3\na b c"},
        Case{"f() { shift; echo $1 $#; shift 2; echo $#; }; f a b c d", "b 3\n1"},
        Case{"fact() { if (( $1 <= 1 )); then echo 1; else echo $(( $1 * $(fact $(( $1 - 1 ))) )); "
             "fi; }; fact 6",
             "720"},
        Case{"f() { g() { echo inner; }; g; }; f; g", "inner\ninner"},
        Case{"f() { return; }; false; f; echo $?", "1"},
        Case{"f() { while true; do return 4; done; echo never; }; f; echo $?", "4"},
        Case{"type f; f() { echo hi; }; type f; unset -f f; type f",
             "bash: type: f: not found\nf is a function\nf () \n{ \n    echo hi\n}\nbash: type: f: "
             "not found"},
        Case{"f() { cat; }; echo in | f; f <<< word; f < /etc/hostname > /dev/null", "in\nword"},
        Case{"f() { echo out; echo err >&2; }; f 2>/dev/null; f 2>&1 >/dev/null", "out\nerr"},
        Case{"set -- a 'b c' d; echo $# \"$2\"; shift; echo $1; set --; echo $#", "3 b c\nb c\n0"},
        Case{"bash -c 'echo $0 $1 $#' name one two", "name one 2"},
        Case{"f() { echo f; }; f() { echo again; }; f; command -v f", "again\nf"},
        Case{"eval 'echo $((1+1))'; e='echo hi'; $e", "2\nhi"},
        Case{"f() { local n=$1; [ $n -gt 0 ] && { echo $n; f $((n-1)); }; }; f 3", "3\n2\n1"},
        Case{"if f() { true; }; then echo defined; fi", "defined"},
        Case{"return 3", "bash: return: can only `return' from a function or sourced script"},
        Case{"local x=1", "bash: local: can only be used in a function"},
        Case{"x=5; f() { local x; echo \"[$x]\"; x=6; }; f; echo $x", "[]\n5"},
        Case{"f() { echo a; }; f | f; x=$(f); echo $x", "a\na"},
        Case{"f() { break; }; for i in 1 2; do f; echo $i; done 2>/dev/null", "1\n2"}));

// Laid out as `declare -f` of bash lays it out.
TEST(FunctionText, IsLaidOutAnew) {
  Terminal t(laboratorySpec(), 1);
  t("f() { local a=1 b=\"$2\"; for i in 1 2; do echo $i >/dev/null 2>&1; done; for i; do :; done; "
    "if [ a = b ]; then echo x; elif true; then echo z; else echo y; fi; while read -r l; do echo "
    "\"$l\"; done < /x; case $1 in a|b) echo 1; echo 3;; *) echo 2;; esac; (echo sub; cd /); a && "
    "b "
    "|| c; ! x | y; sleep 1 & wait; { echo a; } > /tmp/x; until false; do break; done; g() { echo "
    "in; }; x=1 y=2 cmd|grep a; return 3; }");
  EXPECT_EQ(t("declare -f f"),
            "f () \n{ \n    local a=1 b=\"$2\";\n    for i in 1 2;\n    do\n        echo $i > "
            "/dev/null 2>&1;\n    done;\n    for i in \"$@\";\n    do\n        :;\n    done;\n    "
            "if [ a = b ]; then\n        echo x;\n    else\n        if true; then\n            "
            "echo z;\n        else\n            echo y;\n        fi;\n    fi;\n    while read -r "
            "l; do\n        echo \"$l\";\n    done < /x;\n    case $1 in \n        a | b)\n"
            "            echo 1;\n            echo 3\n        ;;\n        *)\n            echo "
            "2\n        ;;\n    esac;\n    ( echo sub;\n    cd / );\n    a && b || c;\n    ! x | "
            "y;\n    sleep 1 & wait;\n    { \n        echo a\n    } > /tmp/x;\n    until false; "
            "do\n        break;\n    done;\n    function g () \n    { \n        echo in\n    };\n"
            "    x=1 y=2 cmd | grep a;\n    return 3\n}");
  EXPECT_EQ(t("h() ( echo a ); declare -f h"), "h () \n{ \n    ( echo a )\n}");
  EXPECT_EQ(t("declare -F"), "declare -f f\ndeclare -f h");
}

TEST(FunctionText, EndlessRecursionEnds) {
  Terminal t(laboratorySpec(), 1);
  EXPECT_EQ(t("f() { f; }; f"), "bash: f: maximum function nesting level exceeded (60)");
}

TEST(FunctionText, ScriptsAndSourcedFiles) {
  Terminal t(laboratorySpec(), 1);
  t("cat > /tmp/lib.sh <<'EOF'\nwho() { echo \"I am $1 of $#\"; }\nx=sourced\nreturn 4\necho "
    "never\n"
    "EOF");
  EXPECT_EQ(t(". /tmp/lib.sh; echo $? $x; who a b"), "4 sourced\nI am a of 2");
  EXPECT_EQ(t("echo 'echo $0 has $# : $2; y=1' > /tmp/s.sh; bash /tmp/s.sh p q; echo [$y]"),
            "/tmp/s.sh has 2 : q\n[]");
  EXPECT_EQ(t("sudo who 1"), "sudo: who: command not found");
}

}  // namespace
