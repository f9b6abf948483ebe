// SPDX-License-Identifier: GPL-3.0-or-later
// Pace of a drill: turns elapsed real time, told by its caller, into simulated time. Pausing and speed
// live here and never in the world.
#pragma once

#include <cstdint>

#include "base/sim_time.h"

namespace drill {

class Clock {
 public:
  explicit Clock(base::SimTime start = {}) : m_target(start) {}
  // 1 to 600 simulated seconds per real second; other values are clamped.
  void setSpeed(int speed);
  [[nodiscard]] int speed() const { return m_speed; }
  void setPaused(bool paused) { m_paused = paused; }
  [[nodiscard]] bool paused() const { return m_paused; }
  void jumpTo(base::SimTime time);
  // elapsedUs of real time have passed; returns where the run should be now.
  base::SimTime advance(std::int64_t elapsedUs);
  [[nodiscard]] base::SimTime target() const { return m_target; }

 private:
  base::SimTime m_target;
  std::int64_t m_remainderUs = 0;
  int m_speed = 1;
  bool m_paused = true;
};

}  // namespace drill
