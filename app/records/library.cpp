// SPDX-License-Identifier: GPL-3.0-or-later
#include "records/library.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>
#include <algorithm>

#include "base/text.h"

namespace records {

namespace {

constexpr char kSettingsAsset[] = "assets/postgresql-15-settings.json";
constexpr char kProgramFolder[] = "outage-drill";

QString fromStd(const std::string& text) {
  return QFile::decodeName(QByteArray::fromStdString(text));
}

std::string toStd(const QString& path) {
  return QFile::encodeName(path).toStdString();
}

bool isShare(const QString& folder) {
  return QFileInfo(folder + "/scenarios").isDir() &&
         QFileInfo(folder + "/" + kSettingsAsset).isFile();
}

QStringList shareCandidates() {
  QStringList folders;
  if (QCoreApplication::instance() != nullptr) {
    folders << QCoreApplication::applicationDirPath() + "/../share/" + kProgramFolder;
  }
  for (const QString& folder :
       QStandardPaths::standardLocations(QStandardPaths::GenericDataLocation)) {
    folders << folder + "/" + kProgramFolder;
  }
  folders << QString::fromUtf8(OUTAGE_DRILL_SOURCE_DIR);
  return folders;
}

base::Result<QString> findShare() {
  const QString asked = qEnvironmentVariable("OUTAGE_DRILL_DATA");
  if (!asked.isEmpty()) {
    if (isShare(asked)) return QDir::cleanPath(asked);
    return base::Error{"no-data", toStd(asked),
                       "OUTAGE_DRILL_DATA names " + toStd(asked) +
                           ", which does not hold scenarios/ and " + kSettingsAsset + "."};
  }
  const QStringList candidates = shareCandidates();
  for (const QString& folder : candidates) {
    if (isShare(folder)) return QDir::cleanPath(folder);
  }
  return base::Error{"no-data", "",
                     "No folder with scenarios/ and " + std::string(kSettingsAsset) +
                         " was found; looked in " + toStd(candidates.join(", ")) +
                         ". Set OUTAGE_DRILL_DATA to name one."};
}

// The folder people's own data goes to, as the XDG base directory specification has it: a relative
// $XDG_DATA_HOME is to be ignored.
QString ownFolder() {
  const QString home = qEnvironmentVariable("XDG_DATA_HOME");
  const bool usable = !home.isEmpty() && QDir::isAbsolutePath(home);
  return (usable ? home : QDir::homePath() + "/.local/share") + "/" + kProgramFolder;
}

base::Error problemsOf(const std::string& file, const std::vector<scenario::Problem>& problems) {
  std::string message;
  for (const scenario::Problem& problem : problems) {
    if (!message.empty()) message += "\n";
    message += problem.text();
  }
  return {"bad-scenario", file, message};
}

// The last whole line of a run file; empty when there is none.
QByteArray lastLine(QFile& file) {
  constexpr qint64 kTail = 4096;
  file.seek(std::max<qint64>(0, file.size() - kTail));
  QByteArray tail = file.read(kTail);
  const qsizetype end = tail.lastIndexOf('\n');
  if (end < 0) return {};
  tail.truncate(end);
  return tail.mid(tail.lastIndexOf('\n') + 1);
}

bool unfinished(const QString& path) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) return false;
  // A program that is still writing the run holds its lock.
  if (::flock(file.handle(), LOCK_SH | LOCK_NB) != 0) return false;
  const QByteArray line = lastLine(file);
  return !line.isEmpty() && !line.startsWith("{\"end\":");
}

}  // namespace

struct Library::Private {
  QString share, own;
  std::shared_ptr<const sim::SettingCatalogue> settings;

  base::Result<std::shared_ptr<const scenario::Scenario>> read(const QString& path) const {
    scenario::Reading reading = scenario::readScenarioFile(toStd(path), settings);
    if (reading.scenario) return reading.scenario;
    return problemsOf(toStd(path), reading.problems);
  }
};

Library::Library() : d(std::make_shared<Private>()) {}

base::Result<std::shared_ptr<Library>> Library::open() {
  auto share = findShare();
  if (!share.ok()) return share.error();
  auto settings = scenario::readSettings(toStd(share.value() + "/" + kSettingsAsset));
  if (!settings.ok()) return settings.error();
  const std::shared_ptr<Library> library(new Library());
  library->d->share = share.value();
  library->d->own = ownFolder();
  library->d->settings = settings.value();
  if (!QDir().mkpath(library->d->own + "/runs")) {
    return base::Error{"cannot-write", library->dataFolder(),
                       "The folder " + library->dataFolder() + "/runs cannot be created."};
  }
  return library;
}

std::vector<std::string> Library::scenarioFiles() const {
  const QDir folder(d->share + "/scenarios");
  std::vector<std::string> files;
  for (const QString& name : folder.entryList({"*.json"}, QDir::Files)) {
    if (!name.endsWith(".schema.json")) files.push_back(toStd(folder.filePath(name)));
  }
  std::sort(files.begin(), files.end());
  return files;
}

base::Result<std::shared_ptr<const scenario::Scenario>> Library::scenario(
    const std::string& idOrFile) const {
  const bool isPath = base::contains(idOrFile, "/") || idOrFile.ends_with(".json");
  if (isPath) return d->read(fromStd(idOrFile));
  // By custom a scenario's file is named like its id: the others are read only when that fails.
  const QString namesake = d->share + "/scenarios/" + fromStd(idOrFile) + ".json";
  if (QFileInfo(namesake).isFile()) {
    auto read = d->read(namesake);
    if (!read.ok() || read.value()->id == idOrFile) return read;
  }
  std::vector<std::string> ids;
  for (const std::string& file : scenarioFiles()) {
    auto read = d->read(fromStd(file));
    if (!read.ok()) continue;
    if (read.value()->id == idOrFile) return read;
    ids.push_back(read.value()->id);
  }
  const std::string near = base::nearest(idOrFile, ids);
  return base::Error{"not-found", idOrFile,
                     "There is no scenario \"" + idOrFile + "\" in " +
                         toStd(d->share + "/scenarios") +
                         (near.empty() ? "." : "; did you mean \"" + near + "\"?")};
}

std::shared_ptr<const sim::SettingCatalogue> Library::settings() const {
  return d->settings;
}

std::string Library::dataFolder() const {
  return toStd(d->own);
}

std::string Library::recordsFile() const {
  return toStd(d->own + "/records.sqlite");
}

std::string Library::runsFolder() const {
  return toStd(d->own + "/runs");
}

std::vector<std::string> Library::unfinishedRuns() const {
  std::vector<std::string> runs;
  const QDir folder(d->own + "/runs");
  for (const QFileInfo& file : folder.entryInfoList({"*.run"}, QDir::Files, QDir::Time)) {
    if (unfinished(file.filePath())) runs.push_back(toStd(file.filePath()));
  }
  return runs;
}

}  // namespace records
