// SPDX-License-Identifier: GPL-3.0-or-later
// The minimal scenario with some of its words changed: how the tests of the sections ask.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "scenario_files.h"

using Changes = std::vector<std::pair<std::string, std::string>>;

inline scenario::Reading readEdited(const Changes& changes) {
  static const auto catalogue = testCatalogue();
  std::string text = fileText(SOURCE_DIR "/tests/scenario/minimal.json");
  for (const auto& [from, to] : changes) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    if (at != std::string::npos) text.replace(at, from.size(), to);
  }
  return scenario::readScenario(text, "edited", catalogue);
}

// The edited scenario, which must be a good one.
inline scenario::Scenario goodScenario(const Changes& changes = {}) {
  const scenario::Reading reading = readEdited(changes);
  for (const scenario::Problem& problem : reading.problems) ADD_FAILURE() << problem.text();
  return reading.scenario ? *reading.scenario : scenario::Scenario{};
}

// "pointer: found ..., expected ..." of the only complaint about it.
inline std::string complaint(const Changes& changes) {
  const scenario::Reading reading = readEdited(changes);
  if (reading.problems.size() != 1) return std::to_string(reading.problems.size()) + " complaints";
  const scenario::Problem& problem = reading.problems[0];
  return problem.pointer + ": found " + problem.found + ", expected " + problem.expected;
}
