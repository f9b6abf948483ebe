// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/command_line.h"

namespace gui {
namespace {

QString helpText() {
  return QStringLiteral(
      "Usage: outage-drill [options] [SCENARIO|RUN]\n"
      "Practise database outages on a simulated PostgreSQL server.\n"
      "\n"
      "  SCENARIO     a scenario's id or file: opens it\n"
      "  RUN          a run file (*.run): resumes it\n"
      "\n"
      "Options:\n"
      "  --seed N     the run's random seed (default 1)\n"
      "  --help       shows this text\n"
      "  --version    shows the version\n"
      "\n"
      "The same without a window: outage-drill-cli --help\n");
}

CommandLine wrongUsage(const QString& what) {
  CommandLine line;
  line.message = QStringLiteral("outage-drill: %1\nTry 'outage-drill --help'.\n").arg(what);
  line.exitCode = 2;
  return line;
}

}  // namespace

CommandLine readCommandLine(const QStringList& arguments) {
  CommandLine line;
  for (qsizetype i = 1; i < arguments.size(); ++i) {
    QString argument = arguments[i];
    if (argument == QLatin1String("--help") || argument == QLatin1String("-h")) {
      line.message = helpText();
      return line;
    }
    if (argument == QLatin1String("--version")) {
      line.message = QStringLiteral("outage-drill %1\n").arg(QLatin1String(OUTAGE_DRILL_VERSION));
      return line;
    }
    if (argument == QLatin1String("--seed") && i + 1 < arguments.size()) {
      argument = QStringLiteral("--seed=") + arguments[++i];
    }
    if (argument.startsWith(QLatin1String("--seed="))) {
      bool valid = false;
      line.seed = argument.mid(7).toULongLong(&valid);
      if (!valid) return wrongUsage(QStringLiteral("'%1' is no seed").arg(argument.mid(7)));
    } else if (argument.startsWith(QLatin1Char('-'))) {
      return wrongUsage(QStringLiteral("unknown option '%1'").arg(argument));
    } else if (!line.subject.isEmpty()) {
      return wrongUsage(QStringLiteral("one scenario or run, not two"));
    } else {
      line.subject = argument;
    }
  }
  return line;
}

}  // namespace gui
