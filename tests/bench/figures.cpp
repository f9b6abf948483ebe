// SPDX-License-Identifier: GPL-3.0-or-later
#include "figures.h"

#include <time.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace bench {
namespace {

std::string shortText(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", value);
  return text;
}

// Four digits whatever the size.
std::string figureText(double value) {
  const double size = std::fabs(value);
  char text[32];
  std::snprintf(text, sizeof text, "%.*f",
                size >= 1000  ? 0
                : size >= 100 ? 1
                : size >= 10  ? 2
                              : 3,
                value);
  return text;
}

void printRow(const std::string& name, const std::string& best, const std::string& median,
              const std::string& worst, const std::string& unit, const std::string& required,
              const std::string& verdict) {
  std::printf("  %-56s %10s %10s %10s %-8s %-16s %s\n", name.c_str(), best.c_str(), median.c_str(),
              worst.c_str(), unit.c_str(), required.c_str(), verdict.c_str());
}

std::string verdictOf(const Limit& limit, double value) {
  if (!limit.low && !limit.high) return "";
  return limit.met(value) ? "met" : "NOT MET";
}

}  // namespace

double threadSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double secondsOf(const std::function<void()>& work) {
  const double before = threadSeconds();
  work();
  return threadSeconds() - before;
}

double quantile(std::vector<double> sample, double q) {
  std::sort(sample.begin(), sample.end());
  const auto rank = std::ceil(q * static_cast<double>(sample.size()));
  return sample[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

double exponentOf(const std::vector<double>& x, const std::vector<double>& y) {
  double sumX = 0, sumY = 0, sumXX = 0, sumXY = 0;
  const double n = static_cast<double>(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double a = std::log(x[i]);
    const double b = std::log(y[i]);
    sumX += a;
    sumY += b;
    sumXX += a * a;
    sumXY += a * b;
  }
  return (n * sumXY - sumX * sumY) / (n * sumXX - sumX * sumX);
}

bool Limit::met(double value) const {
  return (!low || value >= *low) && (!high || value <= *high);
}

std::string Limit::text() const {
  if (low && high) return shortText(*low) + " to " + shortText(*high);
  if (high) return "at most " + shortText(*high);
  return low ? "at least " + shortText(*low) : "";
}

Limit atMost(double high) {
  return {{}, high};
}

Limit between(double low, double high) {
  return {low, high};
}

void measureInterleaved(std::vector<Figure>& figures, int rounds) {
  for (int round = 0; round < rounds; ++round) {
    for (Figure& figure : figures) figure.values.push_back(figure.measure());
  }
}

void printTitle(const std::string& title) {
  std::printf("\n");
  printRow(title, "best", "median", "worst", "", "required", "");
}

bool print(const Figure& figure) {
  const double best = figure.best();
  const double median = quantile(figure.values, 0.5);
  const double worst = quantile(figure.values, 1);
  printRow(figure.name, figureText(best), figureText(median), figureText(worst), figure.unit,
           figure.limit.text(), verdictOf(figure.limit, best));
  return std::isfinite(median) && worst > 0;
}

bool print(const std::vector<Figure>& figures) {
  bool sound = true;
  for (const Figure& figure : figures) sound = print(figure) && sound;
  return sound;
}

bool printDerived(const std::string& name, double value, const std::string& unit,
                  const Limit& limit) {
  printRow(name, figureText(value), "", "", unit, limit.text(), verdictOf(limit, value));
  return std::isfinite(value);
}

}  // namespace bench
