// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <algorithm>

#include "base/text.h"
#include "console/sql/plan/evaluate.h"
#include "terminal.h"

namespace {

struct Code {
  Terminal t{[] {
    sim::WorldSpec spec = smallSpec();
    spec.database.laboratory = true;
    return spec;
  }()};

  std::string sql(const std::string& lines) {
    t("printf '%s\\n' '" + base::replaceAll(lines, "'", "'\\''") + "' > /tmp/s.sql");
    return t("psql -U postgres -At -f /tmp/s.sql");
  }
};

TEST(PlPgSql, BlocksLoopAndExecute) {
  Code code;
  EXPECT_EQ(code.sql("do $$ begin for i in 1..3 loop execute 'create table t'||i||'(a int)'; end "
                     "loop; end $$;\nselect count(*) from t3;"),
            "DO\n0");
  EXPECT_EQ(code.sql("do $$ declare n int := 0; begin while n < 5 loop n := n + 1; end loop; raise "
                     "notice 'n is %', n; end $$;"),
            "psql:/tmp/s.sql:1: NOTICE:  n is 5\nDO");
}

TEST(PlPgSql, FunctionsCallOneAnother) {
  Code code;
  EXPECT_EQ(
      code.sql("create function fact(n int) returns int language plpgsql as $$ begin if n <= 1 "
               "then return 1; end if; return n * fact(n-1); end $$;\nselect fact(10);"),
      "CREATE FUNCTION\n3628800");
}

TEST(PlPgSql, EndlessRecursionEndsAtTheStackLimit) {
  Code code;
  code.sql(
      "create function recinf() returns int language plpgsql as $$ begin return 1+recinf(); end "
      "$$;");
  const std::string text = code.sql("set max_stack_depth='100kB';\nselect recinf();");
  EXPECT_TRUE(base::contains(text, "stack depth limit exceeded")) << text.substr(0, 300);
  const std::vector<std::string> lines = base::lines(text);
  EXPECT_EQ(std::count_if(lines.begin(), lines.end(),
                          [](const std::string& line) {
                            return base::contains(line, "recinf() line 1 at RETURN");
                          }),
            40);
}

TEST(PlPgSql, ErrorsSayWhereTheyWere) {
  Code code;
  const std::string text = code.sql("do $$ begin execute 'drop table nothing'; end $$;");
  EXPECT_TRUE(base::contains(text, "table \"nothing\" does not exist")) << text;
  EXPECT_TRUE(base::contains(text, "CONTEXT:  SQL statement \"drop table nothing\"")) << text;
  EXPECT_TRUE(base::contains(text, "PL/pgSQL function inline_code_block line 1 at EXECUTE"));
  EXPECT_TRUE(base::contains(code.sql("do $$ begin x y z; $$;"), "ERROR:"));
}

TEST(Evaluate, LimitsOfSizes) {
  Code code;
  EXPECT_TRUE(base::contains(code.sql("select length(repeat('x',1100000000));"),
                             "requested length too large"));
  EXPECT_TRUE(
      base::contains(code.sql("select length(repeat('x',600000000)||repeat('y',600000000));"),
                     "invalid memory alloc request size 1200000004"));
  EXPECT_TRUE(base::contains(code.sql("select array_length(array_fill(1,array[300000000]),1);"),
                             "array size exceeds the maximum allowed (134217727)"));
  EXPECT_EQ(code.sql("select length(repeat('ab',3)), md5('1'), format('%s-%s',1,'x');"),
            "6|c4ca4238a0b923820dcc509a6f75849b|1-x");
}

TEST(Evaluate, Md5KnowsItsTestVectors) {
  EXPECT_EQ(console::md5Hex(""), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(console::md5Hex("abc"), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(console::md5Hex(std::string(80, '1')), console::md5Hex(std::string(80, '1')));
  EXPECT_EQ(
      console::md5Hex("12345678901234567890123456789012345678901234567890123456789012345678901"
                      "234567890"),
      "57edf4a22be3c955ac49da2e2107b67a");
}

TEST(PlPgSql, AStarIsNoNumber) {
  Code code;
  EXPECT_TRUE(base::contains(code.sql("do $$ begin for i in 1..* loop null; end loop; end $$;"),
                             "syntax error"));
}

TEST(Syntax, DeepNestingIsRefusedInWords) {
  Code code;
  EXPECT_TRUE(base::contains(
      code.sql("select " + std::string(12000, '(') + "1" + std::string(12000, ')') + ";"),
      "memory exhausted at or near \"(\""));
  std::string chain = "select repeat('x',1)";
  for (int i = 0; i < 3000; ++i) chain += "||'y'";
  EXPECT_FALSE(code.sql(chain + ";").empty());
  EXPECT_TRUE(base::contains(code.sql("select 1 from " + std::string(5000, '(') + ";"),
                             "stack depth limit exceeded"));
}

}  // namespace
