// SPDX-License-Identifier: GPL-3.0-or-later
// Timing and printing for the benchmark program: processor time of the calling thread, the best of
// several rounds with median and worst beside it, and what is required. No test asserts a time.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace bench {

// Processor seconds this thread has used.
[[nodiscard]] double threadSeconds();
// Processor seconds that one call of work takes.
[[nodiscard]] double secondsOf(const std::function<void()>& work);

// q-quantile of a sample, 0 <= q <= 1 (nearest rank); the sample must not be empty.
[[nodiscard]] double quantile(std::vector<double> sample, double q);

// Slope of a straight line through (log x, log y): the exponent of y = a * x^slope.
[[nodiscard]] double exponentOf(const std::vector<double>& x, const std::vector<double>& y);

// What a figure must keep to; without a bound it is only shown.
struct Limit {
  std::optional<double> low, high;
  [[nodiscard]] bool met(double value) const;
  [[nodiscard]] std::string text() const;
};
[[nodiscard]] Limit atMost(double high);
[[nodiscard]] Limit between(double low, double high);

// A figure that is measured anew in every round.
struct Figure {
  std::string name, unit;
  Limit limit;
  std::function<double()> measure;
  std::vector<double> values{};
  [[nodiscard]] double best() const { return quantile(values, 0); }
};

// All figures once, then all again: what disturbs the machine for a while disturbs them all.
void measureInterleaved(std::vector<Figure>& figures, int rounds);

void printTitle(const std::string& title);
// Best, median and worst with the limit beside them, judged by the best. False for a figure that is
// no number: then something does not work.
[[nodiscard]] bool print(const Figure& figure);
[[nodiscard]] bool print(const std::vector<Figure>& figures);
// A figure worked out from others.
[[nodiscard]] bool printDerived(const std::string& name, double value, const std::string& unit,
                                const Limit& limit = {});

}  // namespace bench
