// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/proof_notes.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include "base/sha256.h"
#include "drill/run_file.h"

namespace cli {

ProofNotes::ProofNotes(const std::string& dataFolder) : m_folder(dataFolder + "/proofs") {}

std::string ProofNotes::fileOf(const scenario::Scenario& scenario) const {
  const QFileInfo program(QCoreApplication::applicationFilePath());
  const std::string build = QString("%1 %2")
                                .arg(program.size())
                                .arg(program.lastModified().toMSecsSinceEpoch())
                                .toStdString();
  return m_folder + "/" + base::sha256Hex(scenario.hash + " " + build);
}

ProofNotes::Verdict ProofNotes::of(const scenario::Scenario& scenario) const {
  QFile file(QString::fromStdString(fileOf(scenario)));
  if (!file.open(QIODevice::ReadOnly)) return Verdict::Unknown;
  const QByteArray note = file.readAll();
  if (note == "passed\n") return Verdict::Passed;
  return note == "failed\n" ? Verdict::Failed : Verdict::Unknown;
}

void ProofNotes::write(const scenario::Scenario& scenario, bool passed) const {
  if (!QDir().mkpath(QString::fromStdString(m_folder))) return;
  (void)drill::writeFileSafely(fileOf(scenario), passed ? "passed\n" : "failed\n");
}

}  // namespace cli
