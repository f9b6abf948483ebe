// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill/clock.h"

#include <algorithm>

namespace drill {

namespace {
constexpr int kFastest = 600;
// No caller means more than this between two frames; the bound keeps the arithmetic in range.
constexpr std::int64_t kLongestStepUs = 3'600'000'000;
}  // namespace

void Clock::setSpeed(int speed) {
  m_speed = std::clamp(speed, 1, kFastest);
}

void Clock::jumpTo(base::SimTime time) {
  m_target = time;
  m_remainderUs = 0;
}

base::SimTime Clock::advance(std::int64_t elapsedUs) {
  if (m_paused) return m_target;
  m_remainderUs += std::clamp<std::int64_t>(elapsedUs, 0, kLongestStepUs) * m_speed;
  m_target.ms += m_remainderUs / 1000;
  m_remainderUs %= 1000;
  return m_target;
}

}  // namespace drill
