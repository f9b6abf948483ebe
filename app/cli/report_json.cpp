// SPDX-License-Identifier: GPL-3.0-or-later
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "base/fingerprint.h"
#include "cli/report.h"
#include "records/record_of_run.h"

namespace cli {

namespace {

QString text(const std::string& bytes) {
  return QString::fromStdString(bytes);
}

// Seeds that do not fit a JSON number are text.
QJsonValue seedValue(std::uint64_t seed) {
  const auto number = static_cast<qint64>(seed);
  return number >= 0 ? QJsonValue(number) : QJsonValue(QString::number(seed));
}

QJsonValue clockOrNull(const drill::Run& run, base::SimTime at) {
  if (at.ms < 0) return QJsonValue::Null;
  return text(base::clockText(run.scenario().world.timing.startUnixMs + at.ms));
}

QJsonArray alertsOf(const drill::Run& run) {
  const auto& rules = run.scenario().world.monitoring.rules;
  QJsonArray alerts;
  const auto& events = run.telemetry().alerts();
  const std::vector<std::string> states = alertStates(run);
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (events[i].rule >= rules.size()) continue;
    alerts.append(QJsonObject{{"at", clockOrNull(run, events[i].at)},
                              {"alert", text(rules[events[i].rule].name)},
                              {"severity", text(rules[events[i].rule].severity)},
                              {"state", text(states[i])}});
  }
  return alerts;
}

QJsonArray milestonesOf(const Judged& judged) {
  QJsonArray milestones;
  for (const drill::MilestoneResult& one : judged.milestones) {
    milestones.append(QJsonObject{{"title", text(one.title)},
                                  {"expected", clockOrNull(judged.run, one.expected)},
                                  {"got", clockOrNull(judged.run, one.got)},
                                  {"met", one.met}});
  }
  return milestones;
}

}  // namespace

std::string judgedJson(const Judged& judged) {
  const drill::Run& run = judged.run;
  const QByteArray score = QByteArray::fromStdString(records::scoreJson(judged.score));
  const QJsonObject object{{"scenario", text(run.scenario().id)},
                           {"seed", seedValue(run.key().seed)},
                           {"fingerprint", text(base::hexText(run.fingerprint()))},
                           {"milestones", milestonesOf(judged)},
                           {"users_affected_percent", judged.impact.usersAffectedPercent},
                           {"user_minutes_lost", judged.impact.userMinutesLost},
                           {"downtime_minutes", judged.impact.downtimeMinutes},
                           {"score", QJsonDocument::fromJson(score).object()},
                           {"alerts", alertsOf(run)}};
  return QJsonDocument(object).toJson(QJsonDocument::Indented).toStdString();
}

}  // namespace cli
