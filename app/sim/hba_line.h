// SPDX-License-Identifier: GPL-3.0-or-later
// One line of pg_hba.conf into a rule (parse_hba_line of hba.c): what is checked, in its order and
// its words. Seen on 15.18 as Debian builds it.
#pragma once

#include <string>
#include <vector>

#include "sim/hba.h"

namespace sim {

struct HbaFault {
  std::string text, hint;
};

// Whether the line can be used. Faults may be told of a line that can (hostssl without SSL).
[[nodiscard]] bool parseHbaLine(const HbaLine& line, bool ssl, HbaRule& rule,
                                std::vector<HbaFault>& faults);

}  // namespace sim
