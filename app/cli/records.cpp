// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCommandLineParser>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "base/text.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/table.h"
#include "records/library.h"
#include "records/store.h"

namespace cli {

namespace {

std::string tableOf(const std::vector<records::Record>& records) {
  using Align = Table::Align;
  Table table({{"id", Align::Right},
               {"finished (UTC)"},
               {"trainee"},
               {"scenario"},
               {"mode"},
               {"seed", Align::Right},
               {"score", Align::Right},
               {"band"},
               {"affected", Align::Right},
               {"user-minutes", Align::Right},
               {"down min", Align::Right}});
  for (const records::Record& one : records) {
    table.add({std::to_string(one.id), one.finishedAt, one.trainee, one.scenarioId, one.mode,
               std::to_string(one.seed), base::fixedText(one.score, 1), one.band,
               base::fixedText(one.usersAffectedPercent, 1) + " %",
               base::groupedText(static_cast<std::int64_t>(one.userMinutesLost + 0.5)),
               base::fixedText(one.downtimeMinutes, 1)});
  }
  return table.text();
}

QJsonObject objectOf(const records::Record& one) {
  const auto text = [](const std::string& bytes) { return QString::fromStdString(bytes); };
  return {{"id", static_cast<qint64>(one.id)},
          {"finished_at", text(one.finishedAt)},
          {"trainee", text(one.trainee)},
          {"scenario", text(one.scenarioId)},
          {"scenario_hash", text(one.scenarioHash)},
          {"title", text(one.scenarioTitle)},
          {"seed", QString::number(one.seed)},
          {"mode", text(one.mode)},
          {"band", text(one.band)},
          {"users_affected_percent", one.usersAffectedPercent},
          {"user_minutes_lost", one.userMinutesLost},
          {"downtime_minutes", one.downtimeMinutes},
          {"fingerprint", text(one.fingerprint)},
          {"score", QJsonDocument::fromJson(QByteArray::fromStdString(one.scoreJson)).object()}};
}

std::string jsonOf(const std::vector<records::Record>& records) {
  QJsonArray array;
  for (const records::Record& one : records) array.append(objectOf(one));
  return QJsonDocument(QJsonObject{{"records", array}}).toJson().toStdString();
}

}  // namespace

int showRecords(const Arguments& arguments) {
  QCommandLineParser parser;
  parser.setApplicationDescription(
      "Lists the finished runs kept on this machine, newest first. The file is checked first: a\n"
      "changed byte is told and nothing is listed.");
  parser.addOption({"json", "Print one JSON object instead of a table."});
  parser.addOption({"run", "Print the run file of a record, for replay and score.", "ID"});
  if (const auto code = readOptions(parser, "records", arguments, 0, 0)) return *code;
  const auto id = numberFrom(valueOf(parser, "run"), 1, std::numeric_limits<std::int64_t>::max());
  if (parser.isSet("run") && !id) {
    return wrongValue("--run", valueOf(parser, "run"), "the id of a record");
  }
  const auto library = records::Library::open();
  if (!library.ok()) return fail(library.error());
  std::vector<records::Record> records;
  const std::string file = library.value()->recordsFile();
  // Looking is no reason to create the file.
  if (id || QFileInfo::exists(QString::fromStdString(file))) {
    const auto store = records::Store::open(file);
    if (!store.ok()) return fail(store.error());
    if (id) {
      const auto record = store.value()->find(*id);
      if (!record.ok()) return fail(record.error());
      print(record.value().runText);
      return kDone;
    }
    const auto all = store.value()->all();
    if (!all.ok()) return fail(all.error());
    records = all.value();
  }
  if (parser.isSet("json")) {
    print(jsonOf(records));
  } else {
    print(records.empty() ? "There are no records in " + file + ".\n" : tableOf(records));
  }
  return kDone;
}

}  // namespace cli
