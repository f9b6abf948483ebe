// SPDX-License-Identifier: GPL-3.0-or-later
// exp, log and pow that give the same bits with every compiler and C library: only + - * / and
// integer operations on IEEE doubles, no libm. Relative error below 1e-13 on the ranges named.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace base {

namespace detail {
// 1/0!, 1/1!, ... and 1, 1/3, 1/5, ...: no division on the way of a result.
constexpr std::array<double, 14> inverseFactorials() {
  std::array<double, 14> values{};
  double factorial = 1;
  for (std::size_t k = 0; k < values.size(); ++k) {
    if (k > 0) factorial *= static_cast<double>(k);
    values[k] = 1.0 / factorial;
  }
  return values;
}
constexpr std::array<double, 12> inverseOdds() {
  std::array<double, 12> values{};
  for (std::size_t k = 0; k < values.size(); ++k) values[k] = 1.0 / static_cast<double>(2 * k + 1);
  return values;
}
}  // namespace detail

inline constexpr std::array<double, 14> kInverseFactorial = detail::inverseFactorials();
inline constexpr std::array<double, 12> kInverseOdd = detail::inverseOdds();

namespace detail {
// exp(x) for |x| <= 1 by its series.
constexpr double seriesExp(double x) {
  double sum = kInverseFactorial.back();
  for (std::size_t k = kInverseFactorial.size() - 1; k-- > 0;) sum = sum * x + kInverseFactorial[k];
  return sum;
}
// 2^(i/32).
constexpr std::array<double, 32> rootsOfTwo() {
  std::array<double, 32> values{};
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = seriesExp(static_cast<double>(i) * 0.6931471805599453 / 32);
  }
  return values;
}
}  // namespace detail

inline constexpr std::array<double, 32> kRootOfTwo = detail::rootsOfTwo();

// Any finite x; underflows to 0 below -700 and saturates above 700.
[[nodiscard]] constexpr double portableExp(double x) {
  if (x < -700.0) return 0.0;
  if (x > 700.0) x = 700.0;
  constexpr double kParts = 46.16624130844683;  // 32 / ln 2
  constexpr double kPartHigh = 0x1.62e42fefa38p-6;
  constexpr double kPartLow = 0x1.ef35793c7673p-50;
  const double scaled = x * kParts;
  const auto n = static_cast<std::int64_t>(scaled + (scaled < 0 ? -0.5 : 0.5));
  const double r = (x - static_cast<double>(n) * kPartHigh) - static_cast<double>(n) * kPartLow;
  // Taylor to the sixth power: |r| <= 0.011, so the rest is below 1e-17.
  const auto& f = kInverseFactorial;
  const double r2 = r * r;
  const double sum = (1.0 + r) + r2 * ((f[2] + f[3] * r) + r2 * ((f[4] + f[5] * r) + r2 * f[6]));
  const double root = kRootOfTwo[static_cast<std::size_t>(n & 31)];
  const double power = std::bit_cast<double>(static_cast<std::uint64_t>((n >> 5) + 1023) << 52);
  return sum * root * power;
}

// x > 0 and normal; the caller keeps it so.
[[nodiscard]] constexpr double portableLog(double x) {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  auto exponent = static_cast<std::int64_t>(bits >> 52) - 1023;
  double m = std::bit_cast<double>((bits & 0xFFFFFFFFFFFFFULL) | 0x3FF0000000000000ULL);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    ++exponent;
  }
  const double t = (m - 1.0) / (m + 1.0);
  const double t2 = t * t;
  double sum = 0.0;
  for (std::size_t k = kInverseOdd.size(); k-- > 0;) sum = sum * t2 + kInverseOdd[k];
  return 2.0 * t * sum + static_cast<double>(exponent) * 0.6931471805599453;
}

// x > 0.
[[nodiscard]] constexpr double portablePow(double x, double y) {
  return portableExp(y * portableLog(x));
}

}  // namespace base
