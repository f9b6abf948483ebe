// SPDX-License-Identifier: GPL-3.0-or-later
// Decimal numbers of any size, exact, with a display scale: PostgreSQL's numeric. Scales of results
// follow numeric.c of PostgreSQL 15; texts are read and written without a locale.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace console {

class Numeric {
 public:
  Numeric() = default;
  explicit Numeric(std::int64_t value);
  // "12.50", "-3e5", "NaN"; nothing when the text is no number or is too long.
  [[nodiscard]] static std::optional<Numeric> parse(std::string_view text);
  // Fifteen significant digits, as the cast from double precision keeps.
  [[nodiscard]] static Numeric fromDouble(double value);

  [[nodiscard]] std::string text() const;
  [[nodiscard]] double toDouble() const;
  // Rounded half away from zero; nothing when it does not fit.
  [[nodiscard]] std::optional<std::int64_t> toInteger() const;
  [[nodiscard]] int scale() const { return m_scale; }
  [[nodiscard]] bool isNan() const { return m_nan; }
  [[nodiscard]] bool isZero() const { return m_limbs.empty() && !m_nan; }
  [[nodiscard]] bool negative() const { return m_negative; }
  // Digits before the point.
  [[nodiscard]] int wholeDigits() const;

  [[nodiscard]] Numeric negated() const;
  [[nodiscard]] Numeric plus(const Numeric& other) const;
  [[nodiscard]] Numeric minus(const Numeric& other) const { return plus(other.negated()); }
  [[nodiscard]] Numeric times(const Numeric& other) const;
  // Callers see to it that other is not zero.
  [[nodiscard]] Numeric dividedBy(const Numeric& other) const;
  [[nodiscard]] Numeric remainder(const Numeric& other) const;
  [[nodiscard]] Numeric rounded(int scale) const;    // half away from zero; scale may be negative
  [[nodiscard]] Numeric truncated(int scale) const;  // towards zero
  [[nodiscard]] Numeric floor() const;
  [[nodiscard]] Numeric ceiling() const;
  [[nodiscard]] Numeric trimmed() const;  // without trailing zeros behind the point
  [[nodiscard]] std::strong_ordering compare(const Numeric& other) const;

 private:
  using Limbs = std::vector<std::uint32_t>;  // base 1e9, least first, no leading zeros
  [[nodiscard]] static int compareLimbs(const Limbs& a, const Limbs& b);
  [[nodiscard]] static Limbs add(const Limbs& a, const Limbs& b);
  [[nodiscard]] static Limbs subtract(const Limbs& a, const Limbs& b);  // a >= b
  [[nodiscard]] static Limbs multiply(const Limbs& a, const Limbs& b);
  [[nodiscard]] static Limbs divide(const Limbs& a, const Limbs& b, Limbs* rest);
  [[nodiscard]] static Limbs shifted(const Limbs& limbs, int digits);  // times 10^digits
  [[nodiscard]] static std::string digitsOf(const Limbs& limbs);
  [[nodiscard]] static Limbs limbsOf(std::string_view digits);
  // The first digit group of four and its weight, as numeric.c stores numbers.
  void weigh(int& weight, int& first) const;
  [[nodiscard]] Numeric scaledTo(int scale, bool round) const;

  Limbs m_limbs;
  int m_scale = 0;
  bool m_negative = false, m_nan = false;
};

}  // namespace console
