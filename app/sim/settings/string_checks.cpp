// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/settings/string_checks.h"

namespace sim::settings {

StringCheck checkString(std::string_view, std::string_view text) {
  StringCheck check;
  check.canonical = std::string(text);
  return check;
}

}  // namespace sim::settings
