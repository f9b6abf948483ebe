// SPDX-License-Identifier: GPL-3.0-or-later
// The seed scenario and its tables, read once per test program. For tests of models and widgets.
#pragma once

#include <QString>
#include <memory>

#include "drill/run.h"
#include "models/session.h"
#include "scenario/reader.h"

namespace seed {

inline std::shared_ptr<const scenario::Scenario> scenario() {
  static const auto kScenario = [] {
    const std::string root = SOURCE_DIR;
    const auto settings = scenario::readSettings(root + "/assets/postgresql-15-settings.json");
    if (!settings) qFatal("%s", settings.error().message.c_str());
    const auto read = scenario::readScenarioFile(root + "/scenarios/2024-05-07-main-database.json",
                                                 settings.value());
    if (!read.scenario) qFatal("%s", read.problems.front().text().c_str());
    return read.scenario;
  }();
  return kScenario;
}

inline std::shared_ptr<const sim::Model> model() {
  static const auto kModel = sim::Model::make(scenario()->world);
  return kModel;
}

inline std::unique_ptr<drill::Run> run(drill::Mode mode) {
  auto run = std::make_unique<drill::Run>(scenario(), drill::RunKey{1, mode}, model());
  if (mode == drill::Mode::Watch) run->follow(scenario()->list("history")->actions);
  return run;
}

inline std::unique_ptr<models::Session> session(drill::Mode mode) {
  return std::make_unique<models::Session>(run(mode));
}

// Lets the session's time pass by so many simulated seconds, in frames of a real clock's kind.
inline void play(models::Session& session, int seconds) {
  session.setSpeed(60);
  session.setPaused(false);
  const int speed = session.speed();
  const base::SimTime until = session.run().now() + base::seconds(seconds);
  while (session.run().now() < until && !session.run().finished()) {
    const std::int64_t left = (until - session.run().now()).ms * 1000 / speed;
    session.tick(std::min<std::int64_t>(left, 50'000));
  }
}

}  // namespace seed
