// SPDX-License-Identifier: GPL-3.0-or-later
// What happens around the server in a tick: scripted causes, reviews that come back, and the lines
// the website and refused clients write.
#include <algorithm>

#include "base/random.h"
#include "sim/change_review.h"
#include "sim/log_shapes.h"
#include "sim/model.h"
#include "sim/server_log.h"
#include "sim/world.h"

namespace sim {
namespace {

LogSource sourceFrom(const std::string& name) {
  for (std::size_t i = 0; i < static_cast<std::size_t>(LogSource::Count); ++i) {
    if (logSourceName(static_cast<LogSource>(i)) == name) return static_cast<LogSource>(i);
  }
  return LogSource::Website;
}

bool during(const Happening& happening, base::SimTime now) {
  return happening.at <= now &&
         (happening.seconds == 0 || now < happening.at + base::seconds(happening.seconds));
}

bool atOnce(Happening::Kind kind) {
  return kind == Happening::Kind::LogLine || kind == Happening::Kind::Action;
}

// MODEL: each application host's pool tries to connect twice a second while it cannot.
constexpr int kAttemptsPerHost = 2;

}  // namespace

void World::runHappenings(std::uint64_t chance, Telemetry& telemetry) {
  const NetworkSpec& net = spec().network;
  m_network.rttMs = net.rttMs * (0.97 + 0.06 * base::uniformFrom(chance));
  m_network.lossRatio = net.lossRatio;
  m_network.otherLinkRate = 0;
  m_trafficFactor = 1;
  const base::SimTime before =
      m_now - base::SimTime{static_cast<std::int64_t>(m_tickSeconds * 1000)};
  for (const Happening& happening : spec().happenings) {
    if (happening.at > m_now) continue;
    if (atOnce(happening.kind) ? happening.at <= before : !during(happening, m_now)) continue;
    switch (happening.kind) {
      case Happening::Kind::LogLine:
        writePlain(telemetry, m_now, sourceFrom(happening.source), Severity::Info, happening.text);
        break;
      case Happening::Kind::Action:
        (void)apply(happening.action, happening.who, telemetry);
        break;
      case Happening::Kind::LinkErrors:
        m_network.otherLinkRate += happening.value;
        break;
      case Happening::Kind::NetworkRtt:
        m_network.rttMs += happening.value;
        break;
      case Happening::Kind::NetworkLoss:
        m_network.lossRatio = std::min(1.0, m_network.lossRatio + happening.value);
        break;
      case Happening::Kind::TrafficFactor:
        m_trafficFactor *= happening.value;
        break;
    }
  }
  m_network.otherLinkErrors += m_network.otherLinkRate * m_tickSeconds;
  if (m_network.otherLinkRate > 0 && m_now.seconds() % 300 == 0) {
    writeLog(telemetry, m_now, LogShape::NetInputErrors, 0,
             {static_cast<std::int64_t>(m_network.otherLinkRate * 300), 300}, "sw2 xe-0/0/7");
  }
}

void World::reportConnections(Telemetry& telemetry, std::int32_t refused) {
  const auto fatal = [&](LogShape shape, std::int32_t count) {
    for (std::int32_t i = 0; i < count; ++i) {
      writeLog(telemetry, m_now, shape, m_postgres.nextPid++);
    }
  };
  if (refused > 0) fatal(LogShape::PgSlotsReserved, refused);
  if (m_tickSeconds > 1) return;
  const std::int32_t attempts = kAttemptsPerHost * m_website.hosts;
  switch (m_postgres.life) {
    case Life::Starting:
      if (!m_postgres.initializing) fatal(LogShape::PgStartingUp, attempts);
      break;
    case Life::Crashed:
      fatal(LogShape::PgInRecovery, attempts);
      break;
    case Life::Recovering:
      fatal(LogShape::PgNotYetAccepting, attempts);
      break;
    case Life::ShuttingDown:
      fatal(LogShape::PgRefusesShuttingDown, attempts);
      break;
    case Life::Stopped:
    case Life::Running:
      break;
  }
}

void World::reportWebsite(Telemetry& telemetry, std::int64_t failed) {
  if (m_tickSeconds > 1 || failed <= 0) return;
  const std::int64_t host = m_now.seconds() % std::max(1, m_website.hosts);
  LogShape shape = LogShape::WebUpstreamTimedOut;
  std::int64_t second = static_cast<std::int64_t>(spec().website.timeoutSeconds);
  switch (m_postgres.life) {
    case Life::Running:
      break;
    case Life::Stopped:
      shape = LogShape::WebConnectionRefused;
      second = 0;
      break;
    case Life::Starting:
      shape = m_postgres.initializing ? LogShape::WebConnectionRefused : LogShape::WebStartingUp;
      second = 0;
      break;
    case Life::ShuttingDown:
      shape = LogShape::WebShuttingDown;
      second = 0;
      break;
    case Life::Crashed:
      shape = m_postgres.lifeSince == m_now ? LogShape::WebServerClosed : LogShape::WebRecoveryMode;
      second = 0;
      break;
    case Life::Recovering:
      shape = LogShape::WebNotYetAccepting;
      second = 0;
      break;
  }
  writeLog(telemetry, m_now, shape, 0, {failed, second, 0, host});
}

void World::answerChangeRequests(Telemetry& telemetry) {
  for (ChangeRequest& change : m_changes) {
    if (change.state != ChangeRequest::State::Submitted || m_now < change.answerAt) continue;
    const ReviewVerdict verdict = reviewChange(*m_model, m_postgres, change.setting, change.value,
                                               change.impact, change.rollback);
    change.state =
        verdict.approved ? ChangeRequest::State::Approved : ChangeRequest::State::Rejected;
    change.verdict = verdict.text;
    telemetry.addNotification(
        {m_now, "change-review", "change-" + std::to_string(change.number),
         "Change request " + std::to_string(change.number) + ": " + verdict.text});
  }
}

}  // namespace sim
