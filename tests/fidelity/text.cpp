// SPDX-License-Identifier: GPL-3.0-or-later
#include "text.h"

#include <algorithm>
#include <cmath>
#include <regex>

#include "base/text.h"

namespace fidelity {
namespace {

struct Rule {
  std::regex pattern;
  const char* with;
};

const std::vector<Rule>& rules() {
  static const std::vector<Rule> kRules = {
      {std::regex(R"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? (UTC|GMT))"), "{ts}"},
      {std::regex(R"(\{ts\} \[\d+\] )"), "{ts} [{pid}] "},
      {std::regex(R"(PID:? \d+)"), "PID {pid}"},
      {std::regex(R"(process \d+ )"), "process {pid} "},
      {std::regex(R"(\.s\.PGSQL\.\d+)"), ".s.PGSQL.{port}"},
      {std::regex(R"(port \d+)"), "port {port}"},
      {std::regex(R"(postgresql:\d+ - )"), "postgresql:{port} - "},
      {std::regex(R"(pgsql_tmp\d+\.)"), "pgsql_tmp{pid}."},
      {std::regex(R"(xlogtemp\.\d+)"), "xlogtemp.{pid}"},
      {std::regex(R"(shmget\(key=\d+)"), "shmget(key={key}"},
      {std::regex(R"(key \d+, ID \d+)"), "key {key}, ID {id}"},
      {std::regex(R"(current path: \S+)"), "current path: {path}"},
      {std::regex(R"(waiting for server to (start|shut down)\.+)"), "waiting for server to $1..."},
      {std::regex(R"((starts at|done at|length at|LSN:) [0-9A-F]+/[0-9A-F]+)"), "$1 {lsn}"},
      {std::regex(R"([0-9A-F]+/[0-9A-F]{5,8})"), "{lsn}"},
      {std::regex(R"(at [0-9A-F]+/[0-9A-F]+)"), "at {lsn}"},
      {std::regex(R"(elapsed(:| time:) [0-9.]+ s)"), "elapsed$1 {s} s"},
      {std::regex(R"(user: [0-9.]+ s, system: [0-9.]+ s)"), "user: {s} s, system: {s} s"},
      {std::regex(R"(\(\d+ seconds? apart\))"), "({n} seconds apart)"}};
  return kRules;
}

std::string maskedCheckpoint(std::string line) {
  if (!base::contains(line, "checkpoint complete:")) return line;
  static const std::regex kNumber(R"(\d+(\.\d+)?)");
  const std::size_t at = line.find("checkpoint complete:");
  return line.substr(0, at) + std::regex_replace(line.substr(at), kNumber, "N");
}

// Takes sizes out of a line: (currently N bytes), size=N.
std::string withoutSizes(std::string_view line, std::vector<double>& sizes) {
  static const std::regex kSize(R"((currently |size=)(\d+))");
  const std::string text(line);
  for (std::sregex_iterator it(text.begin(), text.end(), kSize), end; it != end; ++it) {
    sizes.push_back(std::stod((*it)[2]));
  }
  return std::regex_replace(text, kSize, "$1{size}");
}

}  // namespace

std::string comparable(std::string text) {
  text = base::replaceAll(text, "$PGDATA", "/var/lib/postgresql/15/main");
  text = base::replaceAll(text, "$SOCKETDIR", "/var/run/postgresql");
  text = base::replaceAll(text, "$BINDIR", "/usr/lib/postgresql/15/bin");
  for (const Rule& rule : rules()) text = std::regex_replace(text, rule.pattern, rule.with);
  while (text.ends_with('\n') || text.ends_with(' ')) text.pop_back();
  return maskedCheckpoint(text);
}

std::vector<std::string> comparable(const std::vector<std::string>& lines) {
  std::vector<std::string> result;
  for (const std::string& line : lines) result.push_back(comparable(line));
  return result;
}

bool agree(std::string_view expected, std::string_view got) {
  if (expected == got) return true;
  constexpr double kShare = 0.01, kLeast = 3.0 * 1024 * 1024;
  std::vector<double> there, here;
  if (withoutSizes(expected, there) != withoutSizes(got, here)) return false;
  for (std::size_t i = 0; i < there.size(); ++i) {
    if (std::abs(there[i] - here[i]) > std::max(kShare * there[i], kLeast)) return false;
  }
  return true;
}

std::vector<std::string> withoutRepeats(std::vector<std::string> lines) {
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  return lines;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

std::string difference(std::string_view what, const std::string& expected, const std::string& got) {
  std::string text = "    " + std::string(what) + "\n";
  const std::vector<std::string> there = base::lines(expected), here = base::lines(got);
  const std::size_t count = std::max(there.size(), here.size());
  constexpr std::size_t kMost = 12;
  std::size_t told = 0;
  for (std::size_t i = 0; i < count && told < kMost; ++i) {
    const std::string a = i < there.size() ? there[i] : "", b = i < here.size() ? here[i] : "";
    if (agree(a, b)) continue;
    text += "      - " + a + "\n      + " + b + "\n";
    ++told;
  }
  return text;
}

LineScore compareLines(const std::vector<std::string>& expected,
                       const std::vector<std::string>& got) {
  const std::size_t n = expected.size(), m = got.size();
  std::vector<std::vector<std::size_t>> best(n + 1, std::vector<std::size_t>(m + 1, 0));
  for (std::size_t i = 1; i <= n; ++i) {
    for (std::size_t j = 1; j <= m; ++j) {
      best[i][j] = agree(expected[i - 1], got[j - 1]) ? best[i - 1][j - 1] + 1
                                                      : std::max(best[i - 1][j], best[i][j - 1]);
    }
  }
  return {best[n][m], std::max(n, m)};
}

}  // namespace fidelity
