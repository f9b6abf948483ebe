// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/look_journal.h"

namespace models {
namespace {
constexpr base::SimTime kPause = base::seconds(5);
}

sim::Action Look::action() const {
  sim::Action action;
  action.verb = sim::Verb::Look;
  action.target = target;
  action.fields["from"] = std::to_string(from.ms);
  action.fields["to"] = std::to_string(to.ms);
  return action;
}

void LookJournal::request(Look look) {
  State& state = m_states[look.target];
  state.waiting = state.enteredAt.ms < 0 || state.latest != look;
  state.latest = std::move(look);
}

std::vector<Look> LookJournal::take(base::SimTime now, bool everything) {
  std::vector<Look> due;
  for (auto& [target, state] : m_states) {
    if (!state.waiting) continue;
    const bool rested = state.enteredAt.ms < 0 || now >= state.enteredAt + kPause;
    if (!rested && !everything) continue;
    state.waiting = false;
    state.enteredAt = now;
    due.push_back(state.latest);
  }
  return due;
}

void LookJournal::clear() {
  m_states.clear();
}

}  // namespace models
