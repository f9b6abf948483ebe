// SPDX-License-Identifier: GPL-3.0-or-later
// Random texts of postgresql.conf and its like: settings with fitting and unfitting values,
// includes (in circles too), quotes open and closed, units, comments, garbage, very long lines.
#pragma once

#include <string>
#include <vector>

#include "dice.h"

namespace fuzz {

class ConfigurationText {
 public:
  // files: what an include may name, and what may be written.
  explicit ConfigurationText(std::vector<std::string> files);
  [[nodiscard]] std::string text(Dice& dice) const;
  [[nodiscard]] std::string file(Dice& dice) const { return dice.oneOf(m_files); }

 private:
  [[nodiscard]] std::string line(Dice& dice) const;
  [[nodiscard]] std::string setting(Dice& dice) const;
  [[nodiscard]] std::string include(Dice& dice) const;

  std::vector<std::string> m_files;
};

}  // namespace fuzz
