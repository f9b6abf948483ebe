// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/session_log.h"

#include <algorithm>
#include <cstdlib>

#include "base/random.h"
#include "base/text.h"
#include "console/psql/scanner.h"
#include "console/sql/catalogue.h"
#include "console/sql/session.h"
#include "console/sql/tokens.h"
#include "sim/server_log.h"

namespace console {
namespace {

// What a session may have set for itself.
struct OwnSettings {
  const sim::World& world;
  const PsqlSession& session;
  [[nodiscard]] bool differs(const char* name) const {
    return session.settings.contains(name) || session.defaults.contains(name);
  }
  [[nodiscard]] std::string text(const char* name) const {
    return readSetting(world, session, name).canonical;
  }
  void take(const char* name, bool& value) const {
    if (differs(name)) value = text(name) == "on";
  }
  void take(const char* name, std::int64_t& value) const {
    if (differs(name)) value = std::strtoll(text(name).c_str(), nullptr, 10);
  }
  void take(const char* name, double& value) const {
    if (differs(name)) value = std::strtod(text(name).c_str(), nullptr);
  }
  void take(const char* name, sim::LogLevel& value) const {
    if (differs(name)) value = sim::logLevel(text(name));
  }
};

sim::ServerMessage logMessage(std::string text) {
  return {"LOG", std::move(text), {}, {}, {}};
}

// EXECUTE counts as what was prepared, and so does EXPLAIN ANALYZE EXECUTE.
bool logsPrepared(const sim::LogPolicy& policy, const PsqlSession& session,
                  const std::string& statement) {
  const TokenList list = scanSql(statement);
  for (std::size_t i = 0; i + 1 < list.tokens.size(); ++i) {
    if (!list.tokens[i].is("execute")) continue;
    const auto prepared = session.prepared.find(list.tokens[i + 1].text);
    if (prepared == session.prepared.end()) return false;
    // With the same words in front: EXPLAIN alone runs nothing.
    const std::string whole = statement.substr(0, list.tokens[i].at) + prepared->second;
    return sim::logsStatement(policy, whole);
  }
  return false;
}

bool logsAny(const sim::LogPolicy& policy, const PsqlSession& session, const std::string& sent) {
  if (policy.statement == sim::LoggedStatements::None) return false;
  SplitSql split = splitStatements(sent);
  split.statements.push_back(split.rest);
  return std::any_of(split.statements.begin(), split.statements.end(), [&](const std::string& one) {
    if (base::trim(one).empty()) return false;
    return sim::logsStatement(policy, one) ||
           (!session.prepared.empty() && logsPrepared(policy, session, one));
  });
}

std::string continued(const std::string& text) {
  return base::replaceAll(text, "\n", "\n\t");
}

}  // namespace

sim::LogPolicy sessionLogPolicy(const sim::World& world, const PsqlSession& session) {
  sim::LogPolicy policy = world.postgres().values.log.policy;
  if (session.settings.empty() && session.defaults.empty()) return policy;
  const OwnSettings own{world, session};
  own.take("log_min_messages", policy.minMessages);
  own.take("log_min_error_statement", policy.minErrorStatement);
  own.take("log_duration", policy.duration);
  own.take("log_min_duration_statement", policy.minDurationMs);
  own.take("log_min_duration_sample", policy.minSampleMs);
  own.take("log_statement_sample_rate", policy.sampleRate);
  own.take("log_transaction_sample_rate", policy.transactionSampleRate);
  if (own.differs("log_statement")) {
    const std::string value = own.text("log_statement");
    policy.statement = value == "all"   ? sim::LoggedStatements::All
                       : value == "mod" ? sim::LoggedStatements::Mod
                       : value == "ddl" ? sim::LoggedStatements::Ddl
                                        : sim::LoggedStatements::None;
  }
  return policy;
}

void logSaid(Machine& machine, const PsqlSession& session, const sim::ServerMessage& message,
             const std::string& sent) {
  sim::LogSettings settings = machine.world.postgres().values.log;
  settings.policy = sessionLogPolicy(machine.world, session);
  sim::writeSessionMessage(settings, message, session.pid, sent, machine.world.now(),
                           machine.telemetry);
}

void logBeforeRunning(Machine& machine, const PsqlSession& session, const std::string& sent) {
  if (!logsAny(sessionLogPolicy(machine.world, session), session, sent)) return;
  logSaid(machine, session, logMessage("statement: " + continued(sent)), {});
}

void logAfterRunning(Machine& machine, const PsqlSession& session, const std::string& sent,
                     double milliseconds) {
  const sim::LogPolicy policy = sessionLogPolicy(machine.world, session);
  const double draw = base::uniform(machine.world.seed(), base::Stream::Terminal,
                                    machine.world.now().ms, 101 + session.pid);
  const sim::DurationLine line = sim::durationLine(
      policy, static_cast<std::int64_t>(milliseconds * 1000), draw, logsAny(policy, session, sent));
  if (line == sim::DurationLine::None) return;
  std::string text = "duration: " + base::fixedText(milliseconds, 3) + " ms";
  if (line == sim::DurationLine::WithStatement) text += "  statement: " + continued(sent);
  logSaid(machine, session, logMessage(std::move(text)), {});
}

}  // namespace console
