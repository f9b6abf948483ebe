// SPDX-License-Identifier: GPL-3.0-or-later
// The three forms against a real server's logs: tests/sim/postgres-log holds the same minute of a
// PostgreSQL 15.18 as csvlog, jsonlog and standard error.
#include "sim/log_form.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "base/sim_time.h"
#include "base/text.h"

using namespace sim;

namespace {

std::string sample(const std::string& name) {
  std::ifstream file(std::string(SOURCE_DIR) + "/tests/sim/postgres-log/" + name + ".txt");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Columns without their quotes.
std::vector<std::string> columns(const std::string& line) {
  std::vector<std::string> all(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
      all.back() += line[++i];
    } else if (line[i] == '"') {
      quoted = !quoted;
    } else if (line[i] == ',' && !quoted) {
      all.emplace_back();
    } else {
      all.back() += line[i];
    }
  }
  return all;
}

std::int64_t unixMs(const std::string& stamp) {
  const auto seconds = base::parseIso(stamp.substr(0, 10) + "T" + stamp.substr(11, 8) + "Z");
  return seconds.value() + (stamp.size() > 23 ? std::stoll(stamp.substr(20, 3)) : 0);
}

// SimTime 0 is 1970 here.
LogEntry entryOf(const std::string& line) {
  const std::vector<std::string> c = columns(line);
  LogEntry e;
  e.ms = unixMs(c[0]);
  e.process.user = c[1];
  e.process.database = c[2];
  e.process.pid = static_cast<std::uint32_t>(std::stoul(c[3]));
  const std::size_t colon = c[4].rfind(':');
  e.process.host = c[4].substr(0, colon);
  if (colon != std::string::npos)
    e.process.port = static_cast<std::uint16_t>(std::stoul(c[4].substr(colon + 1)));
  e.line = std::stoll(c[6]);
  e.commandTag = c[7];
  e.process.startedMs = unixMs(c[8]);
  e.virtualTransaction = c[9];
  e.transaction = std::stoll(c[10]);
  e.severity = c[11];
  e.sqlstate = c[12];
  e.message = c[13];
  e.detail = c[14];
  e.hint = c[15];
  e.context = c[18];
  e.statement = c[19];
  e.cursor = c[20].empty() ? 0 : std::stoll(c[20]);
  e.process.application = c[22];
  e.process.backendType = c[23];
  return e;
}

LogEntry client() {
  LogEntry e;
  e.ms = 1'715'075'100'123;  // 2024-05-07 09:45:00.123 UTC
  e.process = {4711,  1'715'075'000'000, "client backend", 0, "app", "shop", "web", "10.0.0.21",
               40'112};
  e.severity = "ERROR";
  e.sqlstate = "22012";
  e.message = "division by zero";
  e.statement = "select 1/0";
  e.commandTag = "SELECT";
  e.virtualTransaction = "3/17";
  e.line = 6;
  return e;
}

std::string prefixed(const std::string& pattern, const LogEntry& entry = client()) {
  return linePrefix(pattern, entry, {}, {});
}

}  // namespace

TEST(LogForm, CsvIsWhatARealServerWrote) {
  for (const std::string& line : base::lines(sample("csv"))) {
    EXPECT_EQ(csvText(entryOf(line), {}, {}), line);
  }
}

TEST(LogForm, StderrIsWhatARealServerWrote) {
  LogLayout layout;
  layout.linePrefix = "%m [%p] %q%u@%d ";
  const std::string real = sample("stderr");
  int compared = 0;
  for (const std::string& line : base::lines(sample("csv"))) {
    const std::string text = stderrText(entryOf(line), layout, {});
    EXPECT_TRUE(base::contains(real, text + "\n")) << text;
    ++compared;
  }
  EXPECT_EQ(compared, 40);
}

TEST(LogForm, JsonIsWhatARealServerWrote) {
  std::set<std::string> real;
  for (std::string& line : base::lines(sample("json"))) real.insert(std::move(line));
  int found = 0;
  for (const std::string& line : base::lines(sample("csv"))) {
    const LogEntry entry = entryOf(line);
    const std::string start = "\"session_id\":\"" + sessionId(entry.process, {}) +
                              "\",\"line_num\":" + std::to_string(entry.line) + ",";
    for (const std::string& candidate : real) {
      if (!base::contains(candidate, start)) continue;
      EXPECT_EQ(jsonText(entry, {}, {}), candidate);
      ++found;
    }
  }
  EXPECT_GE(found, 12);
}

TEST(LogForm, EveryEscapeOfThePrefix) {
  EXPECT_EQ(prefixed("%a|%b|%c|%d|%e|%h|%i|%l"),
            "web|client backend|6639f7b8.1267|shop|22012|10.0.0.21|SELECT|6");
  EXPECT_EQ(prefixed("%m|%n|%p|%P|%Q|%r|%s|%t|%u|%v|%x|%%"),
            "2024-05-07 09:45:00.123 UTC|1715075100.123|4711||0|10.0.0.21(40112)|"
            "2024-05-07 09:43:20 UTC|2024-05-07 09:45:00 UTC|app|3/17|0|%");
  EXPECT_EQ(prefixed("%q%u"), "app");
  EXPECT_EQ(prefixed("%z%k"), "");
  EXPECT_EQ(prefixed("100%"), "100");
  EXPECT_EQ(prefixed("%-"), "");
}

TEST(LogForm, PaddingIsToTheLeftOrTheRight) {
  EXPECT_EQ(prefixed("[%6u]"), "[   app]");
  EXPECT_EQ(prefixed("[%-6u]"), "[app   ]");
  EXPECT_EQ(prefixed("[%2u]"), "[app]");
  EXPECT_EQ(prefixed("[%99999999999999u]").size(), 1002U);
  LogEntry server = client();
  server.process = {1, 0, "postmaster", 0, "", "", "", "", 0};
  EXPECT_EQ(prefixed("[%6u]%b %q%d ", server), "[      ]postmaster ");
  EXPECT_EQ(prefixed("[%u][%r][%i][%v]", server), "[][][][3/17]");
}

TEST(LogForm, AClientThatHasNotSaidWhoItIsIsUnknown) {
  LogEntry e = client();
  e.process.user.clear();
  e.process.database.clear();
  e.process.application.clear();
  EXPECT_EQ(prefixed("%u@%d %a", e), "[unknown]@[unknown] [unknown]");
  e.process.host = "[local]";
  e.process.port = 0;
  EXPECT_EQ(prefixed("%h %r", e), "[local] [local]");
}

TEST(LogForm, VerbosityLeavesOutOrAdds) {
  LogEntry e = client();
  e.detail = "one\ntwo";
  e.hint = "three";
  LogLayout layout;
  layout.linePrefix = "> ";
  EXPECT_EQ(stderrText(e, layout, {}),
            "> ERROR:  division by zero\n> DETAIL:  one\n\ttwo\n> HINT:  three\n"
            "> STATEMENT:  select 1/0");
  layout.verbosity = LogVerbosity::Terse;
  EXPECT_EQ(stderrText(e, layout, {}), "> ERROR:  division by zero\n> STATEMENT:  select 1/0");
  layout.verbosity = LogVerbosity::Verbose;
  EXPECT_TRUE(stderrText(e, layout, {}).starts_with("> ERROR:  22012: division by zero\n"));
}

TEST(LogForm, TimesAreThoseOfLogTimezone) {
  LogLayout layout;
  layout.timezone = "Europe/Berlin";
  layout.zone = TimeZone::find(layout.timezone).value();
  layout.linePrefix = "%m ";
  EXPECT_TRUE(
      stderrText(client(), layout, {}).starts_with("2024-05-07 11:45:00.123 CEST ERROR:  "));
  EXPECT_TRUE(csvText(client(), layout, {}).starts_with("2024-05-07 11:45:00.123 CEST,\"app\","));
}

TEST(LogForm, QuotesAndControlCharactersAreEscaped) {
  LogEntry e = client();
  e.message = "a \"b\" \\ \t\n\x01";
  EXPECT_TRUE(base::contains(csvText(e, {}, {}), "\"a \"\"b\"\" \\ \t\n\x01\""));
  EXPECT_TRUE(base::contains(jsonText(e, {}, {}), R"("message":"a \"b\" \\ \t\n\u0001")"));
}
