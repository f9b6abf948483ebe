// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <cstdio>

#include "gui/app/application.h"
#include "gui/app/command_line.h"

namespace {

int leave(const QString& text, int exitCode) {
  std::fputs(text.toLocal8Bit().constData(), exitCode == 0 ? stdout : stderr);
  return exitCode;
}

}  // namespace

int main(int argumentCount, char** arguments) {
  QStringList words;
  for (int i = 0; i < argumentCount; ++i) words << QString::fromLocal8Bit(arguments[i]);
  const gui::CommandLine commandLine = gui::readCommandLine(words);
  if (!commandLine.message.isEmpty()) return leave(commandLine.message, commandLine.exitCode);

  QApplication qt(argumentCount, arguments);
  QApplication::setOrganizationName(QStringLiteral("outage-drill"));
  QApplication::setApplicationName(QStringLiteral("outage-drill"));
  QApplication::setApplicationDisplayName(QStringLiteral("Outage Drill"));
  QApplication::setApplicationVersion(QStringLiteral(OUTAGE_DRILL_VERSION));
  const auto library = records::Library::open();
  if (!library) return leave(QString::fromStdString(library.error().message) + '\n', 1);
  gui::Application application(library.value());
  if (!application.open(commandLine)) return leave(application.message() + '\n', 1);
  return QApplication::exec();
}
