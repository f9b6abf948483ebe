// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCoreApplication>

#include "cli/command.h"

int main(int argc, char* argv[]) {
  // Nothing here depends on the locale, and Qt complains about any that is not UTF-8.
  qputenv("LC_ALL", "C.UTF-8");
  const QCoreApplication application(argc, argv);
  return cli::runProgram({argv + 1, argv + argc});
}
