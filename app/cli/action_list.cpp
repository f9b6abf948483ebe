// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/action_list.h"

#include <QFile>

#include "cli/table.h"
#include "scenario/reader.h"

namespace cli {

base::Result<Actions> actionsOf(const scenario::Scenario& scenario, const std::string& name) {
  if (name.empty()) return Actions{};
  if (const scenario::ActionList* list = scenario.list(name)) return list->actions;
  QFile file(QString::fromStdString(name));
  if (!file.open(QIODevice::ReadOnly)) {
    std::string names;
    for (const scenario::ActionList& list : scenario.lists) {
      names += (names.empty() ? "" : ", ") + list.name;
    }
    return base::Error{
        "no-actions", name,
        "--actions: found \"" + oneLine(name) + "\", expected a file or one of " + names + "."};
  }
  const auto reading = scenario::readActions(file.readAll().toStdString(), name,
                                             scenario.world.timing, scenario.world.database.files);
  if (reading.problems.empty()) return reading.actions;
  std::string message;
  for (const scenario::Problem& problem : reading.problems) {
    message += oneLine(problem.text()) + "\n";
  }
  return base::Error{"bad-actions", name, message};
}

}  // namespace cli
