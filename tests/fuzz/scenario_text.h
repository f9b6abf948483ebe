// SPDX-License-Identifier: GPL-3.0-or-later
// Scenario files changed at random: as JSON values (moved, doubled, taken out, replaced by others
// of the file or by unfitting ones) and as bytes.
#pragma once

#include <memory>
#include <string>

#include "dice.h"

namespace fuzz {

class ScenarioText {
 public:
  explicit ScenarioText(const std::string& text);
  ~ScenarioText();
  [[nodiscard]] std::string changed(Dice& dice) const;
  // The list of actions called history, or any other, as a file of its own; changed too.
  [[nodiscard]] std::string changedActions(Dice& dice) const;

 private:
  struct Tree;
  std::string m_text;
  std::unique_ptr<Tree> m_tree;
};

}  // namespace fuzz
