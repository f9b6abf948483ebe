// SPDX-License-Identifier: GPL-3.0-or-later
// Holds back what a trainee looks at, so that scrolling and zooming do not flood the journal: at
// most one entry per target and five simulated seconds, the newest wins.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/sim_time.h"
#include "sim/action.h"

namespace models {

struct Look {
  std::string target;  // "chart:<metric full name>", "log:postgresql", "alerts", ...
  base::SimTime from, to;
  bool operator==(const Look&) const = default;
  [[nodiscard]] sim::Action action() const;
};

class LookJournal {
 public:
  void request(Look look);
  // Requests whose pause is over, by target; all of them when everything is asked for.
  [[nodiscard]] std::vector<Look> take(base::SimTime now, bool everything);
  void clear();

 private:
  struct State {
    Look latest;
    bool waiting = false;
    base::SimTime enteredAt{-1};
  };
  std::map<std::string, State> m_states;
};

}  // namespace models
