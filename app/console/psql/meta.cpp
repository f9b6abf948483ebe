// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/psql/meta.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.h"

namespace console {
namespace {

std::vector<const MetaCommand*> allMetaCommands() {
  std::vector<const MetaCommand*> all;
  for (const auto family : {generalMetaCommands(), outputMetaCommands(), describeMetaCommands(),
                            formatMetaCommands(), connectionMetaCommands()}) {
    for (const MetaCommand& one : family) all.push_back(&one);
  }
  return all;
}

const MetaCommand* findMetaCommand(std::string_view name) {
  for (const MetaCommand* one : allMetaCommands()) {
    for (const std::string& alias : base::split(one->names, ' ')) {
      if (alias == name) return one;
    }
  }
  return nullptr;
}

}  // namespace

std::string MetaCall::argument(std::size_t i) const {
  if (i >= words.args.size()) return {};
  std::string text = words.args[i];
  while (text.ends_with(';') && text.size() > 1) text.pop_back();
  return text;
}

bool isConditional(std::string_view name) {
  return name == "if" || name == "elif" || name == "else" || name == "endif";
}

bool runMetaCommand(PsqlProgram& psql, const MetaWords& words) {
  MetaCall call{psql, words};
  const MetaCommand* command = findMetaCommand(words.name);
  // The \d family takes S and + behind its name, in any order.
  if (command == nullptr && words.name.starts_with("d")) {
    std::string plain = words.name;
    std::erase_if(plain, [](char c) { return c == 'S' || c == '+' || c == 'x'; });
    // \dtvi and the like list several kinds.
    const bool kinds = plain.size() > 2 && plain.find_first_not_of("tvims", 1) == std::string::npos;
    command = findMetaCommand(kinds ? "dt" : plain);
  }
  if (command == nullptr && words.name.ends_with('+')) {
    command = findMetaCommand(words.name.substr(0, words.name.size() - 1));
  }
  if (command == nullptr) {
    psql.complain("invalid command \\" + words.name);
    if (psql.interactive()) psql.printError("Try \\? for help.\n");
    return false;
  }
  return command->run(call);
}

std::string metaHelp() {
  constexpr std::array<std::string_view, 10> kTitles = {
      "General",       "Help",       "Query Buffer", "Input/Output",     "Conditional",
      "Informational", "Formatting", "Connection",   "Operating System", "Variables"};
  constexpr std::size_t kWidth = 23;
  std::string text;
  const std::vector<const MetaCommand*> all = allMetaCommands();
  for (std::size_t section = 0; section < kTitles.size(); ++section) {
    if (section > 0) text += "\n";
    text += std::string(kTitles[section]) + "\n";
    if (section == static_cast<std::size_t>(MetaSection::Informational)) {
      text += "  (options: S = show system objects, + = additional detail)\n";
    }
    for (const MetaCommand* one : all) {
      if (static_cast<std::size_t>(one->section) != section || one->synopsis.empty()) continue;
      const std::string synopsis = "  " + std::string(one->synopsis);
      text += synopsis.size() < kWidth + 2 ? base::padRight(synopsis, kWidth + 2)
                                           : synopsis + "\n" + std::string(kWidth + 2, ' ');
      text += std::string(one->summary) + "\n";
    }
  }
  return text;
}

}  // namespace console
