// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the built outage-drill-cli in a folder and a data folder of its own, for tests.
#pragma once

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>

namespace test {

struct Answer {
  int code = -1;
  QByteArray out, err;
  [[nodiscard]] QJsonObject json() const { return QJsonDocument::fromJson(out).object(); }
};

class Program {
 public:
  [[nodiscard]] QString file(const QString& name) const { return m_folder.filePath(name); }

  // extra: "NAME=value" for its environment; a display is never in it.
  [[nodiscard]] Answer run(const QStringList& arguments, const QStringList& extra = {}) const {
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "OUTAGE_DRILL_DATA"})
      environment.remove(name);
    environment.insert("XDG_DATA_HOME", m_folder.filePath("home"));
    for (const QString& pair : extra) {
      environment.insert(pair.section('=', 0, 0), pair.section('=', 1));
    }
    QProcess process;
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(m_folder.path());
    process.start(BINARY_DIR "/bin/outage-drill-cli", arguments);
    Answer answer;
    if (!process.waitForFinished(300'000) || process.exitStatus() != QProcess::NormalExit) {
      qWarning("outage-drill-cli: %s", qPrintable(process.errorString()));
      return answer;
    }
    answer.code = process.exitCode();
    answer.out = process.readAllStandardOutput();
    answer.err = process.readAllStandardError();
    return answer;
  }

  [[nodiscard]] QByteArray read(const QString& name) const {
    QFile opened(file(name));
    return opened.open(QIODevice::ReadOnly) ? opened.readAll() : QByteArray();
  }
  void write(const QString& name, const QByteArray& bytes) const {
    QFile opened(file(name));
    if (!opened.open(QIODevice::WriteOnly) || opened.write(bytes) != bytes.size()) {
      qFatal("cannot write %s", qPrintable(name));
    }
  }

 private:
  QTemporaryDir m_folder;
};

}  // namespace test
