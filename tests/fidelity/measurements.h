// SPDX-License-Identifier: GPL-3.0-or-later
// Measured points of a real PostgreSQL 15 (measurements.json), measured again on the simulated
// server through its terminal. Tolerances: hit ratio 5 points, shared memory 1 %, backend memory
// 25 %, temporary bytes 20 %, knees 20 %, recovery 30 %, and every direction.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cases.h"

namespace fidelity {

// One thing measured twice.
struct Check {
  std::string what;
  bool agrees = false;
  std::string there, here;
};
using Checks = std::vector<Check>;

// A section of the file: how it is measured again.
struct MeasuredSection {
  const char* name;
  Checks (*measure)(const Json& section);
};
[[nodiscard]] const std::vector<MeasuredSection>& memorySections();
[[nodiscard]] const std::vector<MeasuredSection>& loadSections();
[[nodiscard]] const std::vector<MeasuredSection>& upkeepSections();

// Measures a whole file; prints per section how many checks agree, and what does not.
struct MeasuredTally {
  std::size_t passed = 0, failed = 0;
};
[[nodiscard]] MeasuredTally measureAgain(const Json& file, const std::string& only);

// -- for the sections --
// Within a share of the expected, or so much outright.
void near(Checks& checks, const std::string& what, double there, double here, double share,
          double outright = 0);
// A curve's points in order: wherever the measured value changes by more than a share, so does
// ours, in the same direction.
struct CurvePoint {
  std::string at;
  double there = 0, here = 0;
};
void directions(Checks& checks, const std::string& what, const std::vector<CurvePoint>& curve,
                double share);
// The value of `x` where a rising y crosses a level, between points; the last x when it does not.
[[nodiscard]] double crossing(const std::vector<std::pair<double, double>>& points, double level);
[[nodiscard]] double kiloBytes(const std::string& size);  // "4MB" -> 4096
[[nodiscard]] double numberAfter(const std::string& text, const std::string& label);

}  // namespace fidelity
