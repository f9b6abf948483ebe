// SPDX-License-Identifier: GPL-3.0-or-later
// A free-standing server with a terminal: what is typed takes effect at once, and simulated time
// passes only as long as commands take (`sleep 10m` lets ten minutes pass). No story, no score. A
// value: copies are independent.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "console/shell.h"
#include "scenario/lab.h"
#include "sim/telemetry.h"
#include "sim/world.h"

namespace drill {

class Lab {
 public:
  explicit Lab(std::shared_ptr<const sim::Model> model, std::uint64_t seed = 1);
  [[nodiscard]] static base::Result<Lab> open(
      const scenario::LabOptions& options, std::shared_ptr<const sim::SettingCatalogue> catalogue);

  // Types a line; anything at all may be typed. Time has passed when it returns.
  console::Reply type(std::string_view line);
  // Lets time pass without a command: a day at most, as after a line, so that each line ends soon.
  void wait(base::SimTime span);
  [[nodiscard]] std::string prompt() const { return m_shell.prompt(m_world); }
  [[nodiscard]] const console::Shell& shell() const { return m_shell; }
  [[nodiscard]] std::vector<std::string> complete(std::string_view line) const {
    return m_shell.complete(m_world, line);
  }
  [[nodiscard]] const sim::World& world() const { return m_world; }
  [[nodiscard]] const sim::Telemetry& telemetry() const { return m_telemetry; }

 private:
  sim::World m_world;
  sim::Telemetry m_telemetry;
  console::Shell m_shell;
};

}  // namespace drill
