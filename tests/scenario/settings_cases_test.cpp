// SPDX-License-Identifier: GPL-3.0-or-later
// Replays the configuration changes recorded on PostgreSQL 15.18 and counts how many come out the
// same: message, SQLSTATE, log of the reload, resulting values, pg_file_settings. Left out are the
// cases that are decided elsewhere (SQL grammar, privileges, sessions, the host's memory).
#include <gtest/gtest.h>

#include <cstdio>
#include <regex>

#include "base/text.h"
#include "recorded_cluster.h"

namespace recorded {
namespace {

class Tally {
 public:
  explicit Tally(std::string family) : m_family(std::move(family)) {}
  void count(const Json& one, bool agrees, const std::string& why) {
    ++m_cases;
    m_agree += agrees ? 1 : 0;
    if (!agrees) {
      std::printf("  differs: %s: %s\n", one.at("id").get<std::string>().c_str(), why.c_str());
    }
  }
  void skip() { ++m_elsewhere; }
  // All that were recorded are accounted for; at least this many agree.
  void expect(int agree, int cases) const {
    std::printf("%s: %d of %d agree, %d decided elsewhere\n", m_family.c_str(), m_agree, m_cases,
                m_elsewhere);
    EXPECT_GE(m_agree, agree) << m_family;
    EXPECT_EQ(m_cases, cases) << m_family;
  }

 private:
  std::string m_family;
  int m_cases = 0, m_agree = 0, m_elsewhere = 0;
};

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + " | ";
  return text;
}

bool sameLog(const Json& one, const std::vector<sim::ServerMessage>& log, std::string& why) {
  const auto wanted = expectedLog(one);
  const auto got = lines(log);
  if (wanted == got) return true;
  why = "log " + joined(got) + " instead of " + joined(wanted);
  return false;
}

bool sameRefusal(const Json& one, const sim::ServerMessage& refusal, std::string& why) {
  why = clientText(refusal) + " " + refusal.sqlstate;
  return clientText(refusal) == one.at("client_output") && refusal.sqlstate == one.at("sqlstate");
}

bool replayAlterSystem(Cluster& cluster, const Json& one, std::string& why) {
  const Json& action = one.at("action");
  const auto refusal = cluster.alterSystem({action.at("parameter"), literal(action.at("value"))});
  if (refusal) return sameRefusal(one, *refusal, why);
  const Json& effect = one.at("effect");
  why = "was accepted";
  if (one.at("sqlstate") != "00000") return false;
  const sim::LoadReport report = cluster.reload();
  why = "postgresql.auto.conf: " + joined(cluster.autoLines());
  return cluster.autoLines() == effect.at("auto_conf").get<std::vector<std::string>>() &&
         sameLog(one, report.log, why) && cluster.agrees(effect.at("after_reload"), why) &&
         cluster.fileRowsAgree(effect.at("pg_file_settings"), why);
}

TEST(SettingsCases, alterSystem) {
  Tally tally("alter_system");
  Cluster cluster(readCatalogue());
  ASSERT_TRUE(cluster.start().ok);
  for (const Json& one : readCases("alter_system")) {
    if (one.at("sqlstate") == "42601") {
      tally.skip();
      continue;
    }
    std::string why;
    const bool same = replayAlterSystem(cluster, one, why);
    tally.count(one, same, why);
    cluster.restore();
    cluster.reload();
  }
  tally.expect(166, 166);
}

// Statements the grammar takes and the superuser may give, each an ALTER SYSTEM.
std::optional<std::vector<AlterSystem>> alterStatements(const Json& action) {
  std::vector<AlterSystem> statements;
  if (action.value("role", "") != "postgres") return std::nullopt;
  for (const Json& sql : action.at("sql")) {
    const auto statement = readAlterSystem(sql);
    if (!statement) return std::nullopt;
    statements.push_back(*statement);
  }
  return statements;
}

TEST(SettingsCases, alterSystemMisc) {
  Tally tally("alter_system_misc");
  Cluster cluster(readCatalogue());
  ASSERT_TRUE(cluster.start().ok);
  for (const Json& one : readCases("alter_system_misc")) {
    const auto statements = alterStatements(one.at("action"));
    if (!statements) {
      tally.skip();
      continue;
    }
    std::string why;
    bool same = true;
    std::optional<sim::ServerMessage> refusal;
    for (const AlterSystem& statement : *statements) refusal = cluster.alterSystem(statement);
    if (refusal) same = sameRefusal(one, *refusal, why);
    if (!refusal) same = one.at("sqlstate") == "00000";
    const Json& effect = one.at("effect");
    same = same && cluster.autoLines() == effect.at("auto_conf").get<std::vector<std::string>>() &&
           sameLog(one, cluster.reload().log, why) &&
           cluster.agrees(effect.at("after_reload"), why);
    tally.count(one, same, why);
    cluster.restore();
    cluster.reload();
  }
  tally.expect(6, 6);
}

// A value set in a session: accepted with the text SHOW gives, or refused.
bool sameValue(const Json& one, const sim::SettingDefinition& definition, const std::string& text,
               const std::string& show, std::string& why) {
  const sim::ParsedValue parsed = sim::parseSettingValue(definition, text);
  if (!parsed.ok) return sameRefusal(one, parsed.refusal, why);
  why = sim::showValue(definition, parsed.canonical) + " instead of " + show;
  return one.at("sqlstate") == "00000" && sim::showValue(definition, parsed.canonical) == show;
}

TEST(SettingsCases, set) {
  Tally tally("set");
  Cluster cluster(readCatalogue());
  ASSERT_TRUE(cluster.start().ok);
  for (const Json& one : readCases("set")) {
    if (one.at("sqlstate") == "42601") {
      tally.skip();
      continue;
    }
    const Json& action = one.at("action");
    const std::string name = action.at("parameter");
    const std::string value = literal(action.at("value"));
    std::string why;
    bool same = false;
    if (const sim::ParsedValue parsed = cluster.settings().checkSet(name, value); !parsed.ok) {
      same = sameRefusal(one, parsed.refusal, why);
    } else {
      const auto rows = base::lines(one.at("effect").at("show_output").get<std::string>());
      const sim::SettingDefinition* definition = cluster.settings().catalogue().find(name);
      ASSERT_NE(definition, nullptr);
      same = sameValue(one, *definition, value, std::string(base::trim(rows.at(2))), why);
    }
    tally.count(one, same, why);
  }
  tally.expect(83, 83);
}

TEST(SettingsCases, showUnits) {
  Tally tally("show_units");
  const auto catalogue = readCatalogue();
  for (const Json& one : readCases("show_units")) {
    const Json& action = one.at("action");
    const std::string name = action.at("parameter"), value = action.at("value");
    const std::string show = textOf(one.at("effect"), "show");
    std::string why;
    bool same = true;
    if (action.at("kind") == "server option -c at start; SHOW") {
      Cluster cluster(catalogue);
      same = cluster.start(name + "=" + value).ok && cluster.settings().show(name) == show;
      why = cluster.settings().show(name) + " instead of " + show;
      const Json others = one.at("effect").value("others", Json::object());
      if (others.contains("wal_buffers")) {
        same = same && cluster.settings().show("wal_buffers") == others.at("wal_buffers");
      }
    } else {
      const sim::SettingDefinition* definition = catalogue->find(name);
      ASSERT_NE(definition, nullptr);
      same = sameValue(one, *definition, value, show, why);
    }
    tally.count(one, same, why);
  }
  tally.expect(116, 116);
}

// Edits of the file in place are recorded as a sentence; nothing when it is none of these.
bool editInPlace(Cluster& cluster, const Json& one) {
  const std::string id = one.at("id");
  const std::string note = textOf(one.at("action"), "note");
  if (base::contains(note, "emptied")) {
    cluster.empty();
    return true;
  }
  std::smatch match;
  if (std::regex_search(note, match, std::regex("line ([0-9]+) commented out"))) {
    cluster.replaceLine(std::stoi(match[1]), "#");
    return true;
  }
  if (id == "conf_syntax.in-place-line-127-two-values") {
    cluster.replaceLine(127, "shared_buffers = 128MB 64MB");
    return true;
  }
  return false;
}

bool replayReload(Cluster& cluster, const Json& one, std::string& why) {
  const sim::LoadReport report = cluster.reload();
  const Json& effect = one.at("effect");
  return sameLog(one, report.log, why) && cluster.agrees(effect.at("after_reload"), why) &&
         (!effect.contains("pg_file_settings") ||
          cluster.fileRowsAgree(effect.at("pg_file_settings"), why));
}

// The single steps of a longer story; false at the first difference.
bool replayStory(Cluster& cluster, const Json& one, std::string& why) {
  std::vector<sim::ServerMessage> log;
  std::size_t output = 0;
  const Json& outputs = one.at("effect").at("steps_output");
  for (const Json& step : one.at("action").at("steps")) {
    const std::string kind = step.at(0);
    if (kind == "conf") cluster.appendLines(step.at(1));
    if (kind == "auto") cluster.writeAuto(step.at(1));
    if (kind == "reload" || kind == "restart") {
      const std::string option = step.at(1).is_string() ? step.at(1).get<std::string>() : "";
      const sim::LoadReport report = kind == "reload"
                                         ? cluster.reload()
                                         : cluster.start(option.substr(option.empty() ? 0 : 3));
      log.insert(log.end(), report.log.begin(), report.log.end());
      if (kind == "restart") ++output;
    }
    if (kind != "sql") continue;
    const std::string sql = step.at(1);
    const Json& wanted = outputs.at(output++);
    std::string got;
    if (const auto statement = readAlterSystem(sql)) {
      const auto refusal = cluster.alterSystem(*statement);
      got = refusal ? clientText(*refusal) : "ALTER SYSTEM";
      if (refusal && refusal->sqlstate != wanted.at("sqlstate")) return false;
    } else if (sql.starts_with("SHOW ")) {
      const std::string name = sql.substr(5);
      got = " " + name + " \n" + std::string(name.size() + 2, '-') + "\n " +
            cluster.settings().show(name) + "\n(1 row)";
    } else {
      continue;
    }
    why = sql + ": " + got;
    if (got != wanted.at("out")) return false;
  }
  // The parser's own line during ALTER SYSTEM goes to the log of the session.
  return one.at("sqlstate") == "F0000" || sameLog(one, log, why);
}

bool replayFiles(Cluster& cluster, const Json& one, std::string& why) {
  const Json& action = one.at("action");
  if (action.contains("steps")) return replayStory(cluster, one, why);
  if (!editInPlace(cluster, one)) cluster.configure(action);
  return replayReload(cluster, one, why);
}

// Whoever may read a file, and settings of databases and roles, are not configuration files'
// matter.
bool decidedElsewhere(const Json& one) {
  const Json& action = one.at("action");
  if (base::contains(textOf(action, "note"), "unreadable")) return true;
  return action.contains("steps") && action.at("steps").at(0).at(0) == "super";
}

TEST(SettingsCases, filesAndReload) {
  // One server lived through all three: flags of pending restarts outlast their cause.
  Cluster cluster(readCatalogue());
  ASSERT_TRUE(cluster.start().ok);
  // huge_pages of one case carries such a flag from a change that was not recorded.
  struct Family {
    const char* name;
    int agree, cases;
  };
  for (const auto& [family, agree, cases] :
       {Family{"conf_reload", 70, 71}, Family{"conf_syntax", 29, 29},
        Family{"conf_precedence", 22, 22}}) {
    Tally tally(family);
    for (const Json& one : readCases(family)) {
      if (decidedElsewhere(one)) {
        tally.skip();
        continue;
      }
      std::string why;
      const bool same = replayFiles(cluster, one, why);
      tally.count(one, same, why);
      const bool continues = one.at("id") == "conf_precedence.alter-system-repairs-nothing-in-conf";
      if (!continues) {
        cluster.restore();
        cluster.reload();
      }
    }
    tally.expect(agree, cases);
  }
}

TEST(SettingsCases, restart) {
  Tally tally("conf_restart");
  const auto catalogue = readCatalogue();
  for (const Json& one : readCases("conf_restart")) {
    if (base::contains(one.at("server_log_template").dump(), "could not map")) {
      tally.skip();
      continue;
    }
    Cluster cluster(catalogue);
    cluster.configure(one.at("action"));
    const sim::LoadReport report = cluster.start();
    const Json& effect = one.at("effect");
    std::string why = "started";
    const bool started = effect.at("pg_ctl_exit_code") == 0;
    bool same = report.ok == started && sameLog(one, report.log, why);
    if (effect.contains("after_start")) {
      same = same && cluster.agrees(effect.at("after_start"), why);
    }
    tally.count(one, same, why);
  }
  tally.expect(52, 52);
}

}  // namespace
}  // namespace recorded
