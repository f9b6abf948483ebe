// SPDX-License-Identifier: GPL-3.0-or-later
// The program's arguments, read before any window system is asked for, so that --help and --version
// work without a display.
#pragma once

#include <QString>
#include <QStringList>
#include <cstdint>
#include <optional>

namespace gui {

struct CommandLine {
  QString subject;  // a scenario's id or file, or a run file; empty: start page
  std::optional<std::uint64_t> seed;
  QString message;   // to print, then to leave
  int exitCode = 0;  // with message: 0 or 2
};

[[nodiscard]] CommandLine readCommandLine(const QStringList& arguments);

}  // namespace gui
