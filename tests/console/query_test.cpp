// SPDX-License-Identifier: GPL-3.0-or-later
// The query engine: each line is a query and what PostgreSQL 15 answers in psql -At, or its error.
#include <gtest/gtest.h>

#include "terminal.h"

namespace {

struct Case {
  const char *query, *answer;
};
class Query : public testing::TestWithParam<Case> {};

TEST_P(Query, AnswersAsPostgres) {
  Terminal t;
  t("cat > /tmp/q.sql <<< \"" + std::string(GetParam().query) + "\"");
  EXPECT_EQ(t("psql -At -f /tmp/q.sql"), GetParam().answer) << GetParam().query;
}

INSTANTIATE_TEST_SUITE_P(
    Numbers, Query,
    testing::Values(
        Case{"select 7/2, -7/2, 7%3, 7.0/2, 2^10, 1e3", "3|-3|1|3.5000000000000000|1024|1000"},
        Case{"select 100.0 * 1 / 3, round(2/3.0, 2), round(2.5), round(2.5::float8)",
             "33.3333333333333333|0.67|3|2"},
        Case{"select 0.1 + 0.2, 0.1::float8 + 0.2::float8, 1e15::float8, 0.00001::float8",
             "0.3|0.30000000000000004|1e+15|1e-05"},
        Case{"select ceil(1.2), floor(-1.2), trunc(1.29, 1), sign(-3), abs(-4), mod(9, 4)",
             "2|-2|1.2|-1|4|1"},
        Case{"select width_bucket(5.35, 0.024, 10.06, 5), sqrt(2), power(2, 3)",
             "3|1.4142135623730951|8"},
        Case{"select '12.50'::numeric, '12.50'::numeric(10,1), 12.5::int, 13.5::int, 1::bool",
             "12.50|12.5|13|14|t"},
        Case{"select avg(x), sum(x), stddev(x), min(x) from (values (1), (2), (4)) v(x)",
             "2.3333333333333333|7|1.5275252316519467|1"},
        Case{"select to_char(1234567.891, '999,999,999.99'), to_char(5, '000'), to_char(-3, '99')",
             "   1,234,567.89| 005| -3"},
        Case{"select to_char(0.5, 'FM990.00'), pg_size_pretty(16777216::numeric)", "0.50|16 MB"}));

INSTANTIATE_TEST_SUITE_P(
    Texts, Query,
    testing::Values(
        Case{"select split_part('a,b,c', ',', 2), split_part('a,b,c', ',', -1)", "b|c"},
        Case{"select position('c' in 'abc'), substring('abcdef' from 2 for 3), substring('ab12' "
             "from '[0-9]+')",
             "3|bcd|12"},
        Case{"select regexp_replace('a1b22', '[0-9]+', '#', 'g'), regexp_match('x=12', '(.)=(.*)')",
             "a#b#|{x,12}"},
        Case{"select format('%s of %I: %L', 3, 'My', 'it''s'), left('abc', -1), lpad('7', 3, '0')",
             "3 of \"My\": 'it''s'|ab|007"},
        Case{"select 'abc' like 'a%', 'abc' ~ '^A', 'abc' ~* '^A', 'abc' ilike 'AB_', 'a' || 1",
             "t|f|t|t|a1"},
        Case{"select string_agg(x, ',' order by x desc), array_agg(x) from (values ('a'), ('b')) "
             "v(x)",
             "b,a|{a,b}"},
        Case{"select initcap('hello world'), reverse('abc'), concat_ws('-', 'a', null, 'b')",
             "Hello World|cba|a-b"}));

INSTANTIATE_TEST_SUITE_P(
    Times, Query,
    testing::Values(
        Case{"select interval '90 min', interval '1 day 02:03', '1.5 hours'::interval",
             "01:30:00|1 day 02:03:00|01:30:00"},
        Case{"select timestamp '2024-05-07 10:45' - timestamp '2024-05-06 09:00'",
             "1 day 01:45:00"},
        Case{"select date_trunc('hour', timestamp '2024-05-07 10:45:33'), date '2024-03-01' - 1",
             "2024-05-07 10:00:00|2024-02-29"},
        Case{"select extract(epoch from interval '1 hour'), extract(dow from date '2024-05-07'), "
             "date_part('week', timestamp '2024-05-07')",
             "3600.000000|2|19"},
        Case{"select age(timestamp '2024-05-07', timestamp '2022-03-01'), justify_hours('27 "
             "hours'::interval)",
             "2 years 2 mons 6 days|1 day 03:00:00"},
        Case{"select to_char(timestamp '2024-05-07 14:05:06', 'YYYY-MM-DD HH12:MI:SS AM Dy "
             "FMMonth')",
             "2024-05-07 02:05:06 PM Tue May"},
        Case{"select to_timestamp(0), to_timestamp('2024-05-07 10', 'YYYY-MM-DD HH24')",
             "1970-01-01 00:00:00+00|2024-05-07 10:00:00+00"},
        Case{"select now() - interval '1 month' < now(), timestamp '2024-01-31' + interval '1 mon'",
             "t|2024-02-29 00:00:00"},
        Case{"select generate_series(timestamp '2024-05-07', '2024-05-07 02:00', '1 hour')",
             "2024-05-07 00:00:00\n2024-05-07 01:00:00\n2024-05-07 02:00:00"}));

INSTANTIATE_TEST_SUITE_P(
    Shapes, Query,
    testing::Values(
        Case{"select x, row_number() over (order by x desc), sum(x) over (order by x), lag(x) over "
             "(order by x) from generate_series(1, 3) x order by x",
             "1|3|1|\n2|2|3|1\n3|1|6|2"},
        Case{"select distinct on (a) a, b from (values (1, 2), (1, 3), (2, 1)) v(a, b) order by a, "
             "b desc",
             "1|3\n2|1"},
        Case{"select a, count(*) filter (where b > 1) from (values (1, 2), (1, 1), (2, 1)) v(a, b) "
             "group by a order by 1",
             "1|1\n2|0"},
        Case{"select v.x, l.y from (values (1), (2)) v(x), lateral (select v.x * 10 as y) l",
             "1|10\n2|20"},
        Case{"with recursive t(n) as (values (1) union all select n + 1 from t where n < 4) select "
             "sum(n) from t",
             "10"},
        Case{"select unnest(array[3, 1]), 'b' = any(array['a', 'b']), 4 <> all('{1,2}'::int[])",
             "3|t|t\n1|t|t"},
        Case{
            "select * from (values (1, 'a'), (2, 'b')) v(n, s) left join (values (2, 'x')) w(n, t) "
            "using (n) order by 1",
            "1|a|\n2|b|x"},
        Case{"select 1 union select 2 except select 1", "2"},
        Case{"select coalesce(null, 2), nullif(3, 3), greatest(1, 5, null), least('b', 'a')",
             "2||5|a"},
        Case{"select case when 1 > 2 then 'x' end, (select max(n) from (values (4), (9)) v(n)), "
             "exists (select 1)",
             "|9|t"},
        Case{"select percentile_cont(0.5) within group (order by x) from generate_series(1, 4) x",
             "2.5"},
        Case{"select n from (values (2), (null), (1)) v(n) order by n desc", "\n2\n1"},
        Case{"select relname, 'pg_class'::regclass from pg_class where oid = 'pg_class'::regclass",
             "pg_class|pg_class"}));

constexpr const char* kHint =
    "\nHINT:  No operator matches the given name and argument types. You might need to add "
    "explicit type casts.";

std::string error(const char* statement) {
  Terminal t;
  return t(std::string("psql -c \"") + statement + "\"");
}

TEST(QueryErrors, NamePlaceAndReason) {
  EXPECT_EQ(error("select * from pg_settings where setting = 8"),
            "ERROR:  operator does not exist: text = integer\nLINE 1: select * from pg_settings "
            "where setting = 8\n                                                ^" +
                std::string(kHint));
  EXPECT_EQ(error("select 'x'::int"),
            "ERROR:  invalid input syntax for type integer: \"x\"\nLINE 1: select 'x'::int\n"
            "               ^");
  EXPECT_EQ(error("select count(*) from pg_settings where count(*) > 1"),
            "ERROR:  aggregate functions are not allowed in WHERE\nLINE 1: select count(*) from "
            "pg_settings where count(*) > 1\n                                               ^");
  EXPECT_EQ(error("select 2147483647 + 1"), "ERROR:  integer out of range");
  EXPECT_EQ(error("select (select 1 union select 2)"),
            "ERROR:  more than one row returned by a subquery used as an expression");
  EXPECT_EQ(error("select s.name from pg_settings"),
            "ERROR:  missing FROM-clause entry for table \"s\"\nLINE 1: select s.name from "
            "pg_settings\n               ^");
  EXPECT_EQ(error("select now()::int"),
            "ERROR:  cannot cast type timestamp with time zone to integer\nLINE 1: select "
            "now()::int\n                    ^");
  EXPECT_EQ(error("select 1 order by 2"),
            "ERROR:  ORDER BY position 2 is not in select list\nLINE 1: select 1 order by 2\n"
            "                          ^");
}

}  // namespace
