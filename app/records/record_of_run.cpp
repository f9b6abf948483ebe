// SPDX-License-Identifier: GPL-3.0-or-later
#include "records/record_of_run.h"

#include <QDateTime>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "base/fingerprint.h"
#include "drill/run_file.h"

namespace records {

namespace {

QString text(const std::string& bytes) {
  return QString::fromStdString(bytes);
}

QJsonObject itemJson(const drill::ScoreItem& item) {
  QJsonArray entries;
  for (const std::size_t entry : item.entries) entries.append(static_cast<qint64>(entry));
  return {{"id", text(item.id)},
          {"text", text(item.text)},
          {"points", item.points},
          {"possible", item.possible},
          {"entries", entries}};
}

QJsonObject partJson(const drill::ScorePart& part) {
  QJsonArray items;
  for (const drill::ScoreItem& item : part.items) items.append(itemJson(item));
  return {{"id", text(part.id)},
          {"title", text(part.title)},
          {"points", part.points},
          {"possible", part.possible},
          {"items", items}};
}

}  // namespace

std::string scoreJson(const drill::Score& score) {
  QJsonArray parts, caps;
  for (const drill::ScorePart& part : score.parts) parts.append(partJson(part));
  for (const std::string& cap : score.caps) caps.append(text(cap));
  const QJsonObject object{{"total", score.total},
                           {"band", text(score.band)},
                           {"practice", score.practice},
                           {"hint_cost", score.hintCost},
                           {"caps", caps},
                           {"parts", parts}};
  return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

std::string nowText() {
  return QDateTime::currentDateTimeUtc().toString(Qt::ISODate).toStdString();
}

std::string defaultTrainee() {
  const QString user = qEnvironmentVariable("USER", qEnvironmentVariable("LOGNAME"));
  return user.isEmpty() ? "trainee" : user.toStdString();
}

Record recordOf(const drill::Run& run, const drill::Score& score, const drill::Impact& impact,
                const std::string& trainee, const std::string& finishedAt) {
  const scenario::Scenario& scenario = run.scenario();
  Record record;
  record.finishedAt = finishedAt;
  record.trainee = trainee;
  record.scenarioId = scenario.id;
  record.scenarioHash = scenario.hash;
  record.scenarioTitle = scenario.title;
  record.seed = run.key().seed;
  record.mode = std::string(drill::modeName(run.key().mode));
  record.score = score.total;
  record.band = score.band;
  record.usersAffectedPercent = impact.usersAffectedPercent;
  record.userMinutesLost = impact.userMinutesLost;
  record.downtimeMinutes = impact.downtimeMinutes;
  record.fingerprint = base::hexText(run.fingerprint());
  record.runText = drill::runText(run, true);
  record.scoreJson = scoreJson(score);
  return record;
}

base::Result<std::int64_t> keep(Store& store, const Record& record,
                                const scenario::Scenario& scenario) {
  QFile file(QFile::decodeName(QByteArray::fromStdString(scenario.file)));
  if (file.open(QIODevice::ReadOnly)) {
    const auto kept = store.keepScenario(scenario.hash, file.readAll().toStdString());
    // A file that was edited since the run began is not the run's scenario; the run itself still
    // is.
    if (!kept.ok() && kept.error().code != "other-text") return kept.error();
  }
  return store.add(record);
}

}  // namespace records
