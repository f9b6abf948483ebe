// SPDX-License-Identifier: GPL-3.0-or-later
#include "measurements.h"

#include <cmath>
#include <cstdlib>
#include <iomanip>
#include <iostream>

#include "base/quantity.h"
#include "base/text.h"

namespace fidelity {
namespace {

std::string plain(double value) {
  return base::fixedText(value, std::abs(value) < 100 ? 3 : 0);
}

std::string change(double before, double after) {
  return plain(before) + " -> " + plain(after);
}

}  // namespace

void near(Checks& checks, const std::string& what, double there, double here, double share,
          double outright) {
  const bool agrees = std::abs(here - there) <= std::max(std::abs(there) * share, outright);
  checks.push_back({what, agrees, plain(there), plain(here)});
}

void directions(Checks& checks, const std::string& what, const std::vector<CurvePoint>& curve,
                double share) {
  for (std::size_t i = 1; i < curve.size(); ++i) {
    const CurvePoint &a = curve[i - 1], &b = curve[i];
    if (std::abs(b.there - a.there) <= share * std::max(std::abs(a.there), std::abs(b.there))) {
      continue;
    }
    const bool agrees = (b.there > a.there) == (b.here > a.here) && b.here != a.here;
    checks.push_back({what + " from " + a.at + " to " + b.at, agrees, change(a.there, b.there),
                      change(a.here, b.here)});
  }
}

double crossing(const std::vector<std::pair<double, double>>& points, double level) {
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i].second < level) continue;
    if (i == 0) return points[0].first;
    const auto &a = points[i - 1], &b = points[i];
    return a.first + (b.first - a.first) * (level - a.second) / (b.second - a.second);
  }
  return points.empty() ? 0 : points.back().first;
}

double kiloBytes(const std::string& size) {
  const auto bytes = base::parseBytes(size);
  return bytes.ok() ? static_cast<double>(bytes.value()) / 1024 : 0;
}

double numberAfter(const std::string& text, const std::string& label) {
  const std::size_t at = text.find(label);
  return at == std::string::npos ? std::nan("")
                                 : std::strtod(text.c_str() + at + label.size(), nullptr);
}

MeasuredTally measureAgain(const Json& file, const std::string& only) {
  MeasuredTally tally;
  std::string summary;
  for (const auto* sections : {&memorySections(), &loadSections(), &upkeepSections()}) {
    for (const MeasuredSection& section : *sections) {
      const auto found = file.find(section.name);
      if (found == file.end()) continue;
      if (!only.empty() && !base::contains(section.name, only)) continue;
      std::size_t passed = 0;
      const Checks checks = section.measure(*found);
      for (const Check& check : checks) {
        passed += check.agrees ? 1 : 0;
        if (check.agrees) continue;
        std::cout << section.name << ": " << check.what << ": expected " << check.there
                  << ", found " << check.here << "\n";
      }
      summary += "  " + base::padRight(section.name, 24) +
                 base::padLeft(std::to_string(passed), 5) + " of " + std::to_string(checks.size()) +
                 " agree\n";
      tally.passed += passed;
      tally.failed += checks.size() - passed;
    }
  }
  std::cout << "\n" << summary;
  return tally;
}

}  // namespace fidelity
