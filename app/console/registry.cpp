// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "console/command.h"

namespace console {
namespace {

std::vector<const Command*> join() {
  std::vector<const Command*> all;
  for (const auto family :
       {fileCommands(),    fileChangeCommands(), findCommands(),       filterCommands(),
        searchCommands(),  editCommands(),       awkCommands(),        textCommands(),
        wordCommands(),    memoryCommands(),     mappingCommands(),    processCommands(),
        systemCommands(),  storageCommands(),    networkCommands(),    logCommands(),
        serviceCommands(), clusterCommands(),    permissionCommands(), postgresCommands(),
        gitCommands(),     psqlCommands(),       shellCommands(),      benchmarkCommands(),
        jobCommands(),     functionCommands(),   variableCommands(),   inputCommands(),
        printCommands(),   nameCommands()}) {
    for (const Command& command : family) all.push_back(&command);
  }
  std::sort(all.begin(), all.end(),
            [](const Command* a, const Command* b) { return a->name < b->name; });
  return all;
}

}  // namespace

const std::vector<const Command*>& allCommands() {
  static const std::vector<const Command*> all = join();
  return all;
}

const Command* findCommand(std::string_view name) {
  for (const std::string_view folder :
       {"/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/", "/usr/lib/postgresql/15/bin/"}) {
    if (name.starts_with(folder)) {
      name.remove_prefix(folder.size());
      break;
    }
  }
  const auto& all = allCommands();
  const auto it =
      std::lower_bound(all.begin(), all.end(), name,
                       [](const Command* a, std::string_view b) { return a->name < b; });
  return it != all.end() && (*it)->name == name ? *it : nullptr;
}

std::vector<std::pair<std::string, std::string>> commandList() {
  std::vector<std::pair<std::string, std::string>> list;
  for (const Command* command : allCommands()) {
    list.emplace_back(std::string(command->name), std::string(command->summary));
  }
  return list;
}

}  // namespace console
