// SPDX-License-Identifier: GPL-3.0-or-later
// What the server would make of edited configuration files, in its own words: a reload and a
// restart tried on a copy of its settings. It changes nothing and judges syntax and values only,
// never whether a value is wise.
#pragma once

#include <QStringList>
#include <vector>

#include "sim/postgres.h"

namespace gui {

struct ChangedSetting {
  QString name, running, wanted;  // as SHOW prints them
  bool needsRestart = false;
  bool operator==(const ChangedSetting&) const = default;
};

struct Preflight {
  bool startable = true;
  std::vector<ChangedSetting> changes;  // by name
  QStringList reloadWords;              // what a reload would log
  QStringList startWords;               // what a refused start would say
  // For people: first whether it would work, then what would change.
  [[nodiscard]] QString text(bool running) const;
};

// text: what the file at path would hold.
[[nodiscard]] Preflight preflight(const sim::Postgres& server, const std::string& path,
                                  const std::string& text);
// Settings that the files ask for and the running server does not have yet.
[[nodiscard]] QStringList waitingForRestart(const sim::Postgres& server);

}  // namespace gui
