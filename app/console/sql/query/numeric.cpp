// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/query/numeric.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace console {
namespace {

constexpr std::uint32_t kBase = 1'000'000'000;
constexpr int kMostScale = 1000;           // NUMERIC_MAX_DISPLAY_SCALE
constexpr std::size_t kMostDigits = 4000;  // of a number read: far above what anybody types

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

Numeric::Numeric(std::int64_t value) : m_negative(value < 0) {
  auto rest =
      m_negative ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  for (; rest > 0; rest /= kBase) m_limbs.push_back(static_cast<std::uint32_t>(rest % kBase));
}

std::optional<Numeric> Numeric::parse(std::string_view text) {
  Numeric result;
  std::size_t i = 0;
  const bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) ++i;
  std::string word(text.substr(i));
  for (char& c : word) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  if (word == "nan") {
    result.m_nan = true;
    return result;
  }
  std::string digits;
  int scale = 0;
  bool point = false, any = false;
  for (; i < text.size() && (isDigit(text[i]) || (text[i] == '.' && !point)); ++i) {
    if (text[i] == '.') {
      point = true;
      continue;
    }
    any = true;
    digits += text[i];
    if (point) ++scale;
  }
  if (!any || digits.size() > kMostDigits) return std::nullopt;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    int exponent = 0;
    const char* from = text.data() + i + 1;
    if (from < text.data() + text.size() && *from == '+') ++from;
    const auto read = std::from_chars(from, text.data() + text.size(), exponent);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
    if (exponent > 400 || exponent < -400) return std::nullopt;
    scale -= exponent;
    if (scale < 0) {
      digits.append(static_cast<std::size_t>(-scale), '0');
      scale = 0;
    }
    i = text.size();
  }
  if (i != text.size()) return std::nullopt;
  result.m_limbs = limbsOf(digits);
  result.m_scale = std::min(scale, kMostScale);
  result.m_negative = negative && !result.m_limbs.empty();
  return result;
}

Numeric Numeric::fromDouble(double value) {
  Numeric result;
  if (!std::isfinite(value)) {
    result.m_nan = true;
    return result;
  }
  std::array<char, 64> buffer{};
  const auto made = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                  std::chars_format::scientific, 14);
  const std::optional<Numeric> parsed =
      parse(std::string_view(buffer.data(), static_cast<std::size_t>(made.ptr - buffer.data())));
  return parsed ? parsed->trimmed() : result;
}

std::string Numeric::digitsOf(const Limbs& limbs) {
  std::string digits;
  for (std::size_t i = limbs.size(); i-- > 0;) {
    const std::string part = std::to_string(limbs[i]);
    if (!digits.empty()) digits.append(9 - part.size(), '0');
    digits += part;
  }
  return digits;
}

Numeric::Limbs Numeric::limbsOf(std::string_view digits) {
  Limbs limbs;
  while (!digits.empty()) {
    const std::size_t count = std::min<std::size_t>(9, digits.size());
    std::uint32_t limb = 0;
    for (const char c : digits.substr(digits.size() - count)) {
      limb = limb * 10 + static_cast<std::uint32_t>(c - '0');
    }
    limbs.push_back(limb);
    digits.remove_suffix(count);
  }
  while (!limbs.empty() && limbs.back() == 0) limbs.pop_back();
  return limbs;
}

std::string Numeric::text() const {
  if (m_nan) return "NaN";
  std::string digits = digitsOf(m_limbs);
  const auto scale = static_cast<std::size_t>(m_scale);
  if (digits.size() <= scale) digits.insert(0, scale + 1 - digits.size(), '0');
  std::string text = digits.substr(0, digits.size() - scale);
  if (scale > 0) text += "." + digits.substr(digits.size() - scale);
  return (m_negative ? "-" : "") + text;
}

double Numeric::toDouble() const {
  if (m_nan) return std::nan("");
  const std::string shown = text();
  double value = 0;
  std::from_chars(shown.data(), shown.data() + shown.size(), value);
  return value;
}

std::optional<std::int64_t> Numeric::toInteger() const {
  if (m_nan) return std::nullopt;
  const std::string shown = rounded(0).text();
  std::int64_t value = 0;
  const auto read = std::from_chars(shown.data(), shown.data() + shown.size(), value);
  if (read.ec != std::errc()) return std::nullopt;
  return value;
}

int Numeric::wholeDigits() const {
  const int digits = static_cast<int>(digitsOf(m_limbs).size());
  return std::max(0, digits - m_scale);
}

int Numeric::compareLimbs(const Limbs& a, const Limbs& b) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  for (std::size_t i = a.size(); i-- > 0;) {
    if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
  }
  return 0;
}

Numeric::Limbs Numeric::add(const Limbs& a, const Limbs& b) {
  Limbs sum;
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < std::max(a.size(), b.size()) || carry > 0; ++i) {
    carry += (i < a.size() ? a[i] : 0u);
    carry += (i < b.size() ? b[i] : 0u);
    sum.push_back(static_cast<std::uint32_t>(carry % kBase));
    carry /= kBase;
  }
  return sum;
}

Numeric::Limbs Numeric::subtract(const Limbs& a, const Limbs& b) {
  Limbs rest;
  std::int64_t borrow = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::int64_t digit = std::int64_t{a[i]} - borrow - (i < b.size() ? std::int64_t{b[i]} : 0);
    borrow = digit < 0 ? 1 : 0;
    if (digit < 0) digit += kBase;
    rest.push_back(static_cast<std::uint32_t>(digit));
  }
  while (!rest.empty() && rest.back() == 0) rest.pop_back();
  return rest;
}

Numeric::Limbs Numeric::multiply(const Limbs& a, const Limbs& b) {
  Limbs product(a.size() + b.size(), 0);
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::uint64_t carry = 0;
    for (std::size_t k = 0; k < b.size() || carry > 0; ++k) {
      carry += product[i + k] + std::uint64_t{a[i]} * (k < b.size() ? b[k] : 0u);
      product[i + k] = static_cast<std::uint32_t>(carry % kBase);
      carry /= kBase;
    }
  }
  while (!product.empty() && product.back() == 0) product.pop_back();
  return product;
}

Numeric::Limbs Numeric::shifted(const Limbs& limbs, int digits) {
  if (limbs.empty() || digits <= 0) return limbs;
  Limbs result(static_cast<std::size_t>(digits / 9), 0);
  result.insert(result.end(), limbs.begin(), limbs.end());
  std::uint32_t factor = 1;
  for (int i = 0; i < digits % 9; ++i) factor *= 10;
  return multiply(result, {factor});
}

// Schoolbook division, a limb of the quotient at a time, each found by halving.
Numeric::Limbs Numeric::divide(const Limbs& a, const Limbs& b, Limbs* rest) {
  Limbs quotient(a.size(), 0), left;
  for (std::size_t i = a.size(); i-- > 0;) {
    left.insert(left.begin(), a[i]);
    while (!left.empty() && left.back() == 0) left.pop_back();
    std::uint32_t low = 0, high = kBase - 1;
    while (low < high) {
      const std::uint32_t middle = low + (high - low + 1) / 2;
      if (compareLimbs(multiply(b, {middle}), left) <= 0) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    quotient[i] = low;
    left = subtract(left, multiply(b, {low}));
  }
  while (!quotient.empty() && quotient.back() == 0) quotient.pop_back();
  if (rest != nullptr) *rest = left;
  return quotient;
}

Numeric Numeric::negated() const {
  Numeric result = *this;
  result.m_negative = !m_negative && !m_limbs.empty();
  return result;
}

Numeric Numeric::plus(const Numeric& other) const {
  Numeric result;
  result.m_nan = m_nan || other.m_nan;
  if (result.m_nan) return result;
  result.m_scale = std::max(m_scale, other.m_scale);
  const Limbs a = shifted(m_limbs, result.m_scale - m_scale);
  const Limbs b = shifted(other.m_limbs, result.m_scale - other.m_scale);
  if (m_negative == other.m_negative) {
    result.m_limbs = add(a, b);
    result.m_negative = m_negative;
  } else {
    const bool larger = compareLimbs(a, b) >= 0;
    result.m_limbs = larger ? subtract(a, b) : subtract(b, a);
    result.m_negative = larger ? m_negative : other.m_negative;
  }
  if (result.m_limbs.empty()) result.m_negative = false;
  return result;
}

Numeric Numeric::times(const Numeric& other) const {
  Numeric result;
  result.m_nan = m_nan || other.m_nan;
  if (result.m_nan) return result;
  result.m_limbs = multiply(m_limbs, other.m_limbs);
  result.m_scale = m_scale + other.m_scale;
  result.m_negative = m_negative != other.m_negative && !result.m_limbs.empty();
  return result.m_scale > kMostScale ? result.scaledTo(kMostScale, true) : result;
}

void Numeric::weigh(int& weight, int& first) const {
  weight = first = 0;
  const std::string digits = digitsOf(m_limbs);
  if (digits.empty()) return;
  const int before = static_cast<int>(digits.size()) - m_scale;  // place of the first digit
  weight = before > 0 ? (before - 1) / 4 : -((-before) / 4) - 1;
  const int inGroup = before - weight * 4;  // digits of the first group that are there: 1 to 4
  for (int i = 0; i < inGroup; ++i) {
    const auto at = static_cast<std::size_t>(i);
    first = first * 10 + (at < digits.size() ? digits[at] - '0' : 0);
  }
}

Numeric Numeric::dividedBy(const Numeric& other) const {
  Numeric result;
  result.m_nan = m_nan || other.m_nan;
  if (result.m_nan) return result;
  // select_div_scale(): at least sixteen significant digits, counted in groups of four.
  int weight1 = 0, weight2 = 0, first1 = 0, first2 = 0;
  weigh(weight1, first1);
  other.weigh(weight2, first2);
  int quotient = weight1 - weight2;
  if (first1 <= first2) --quotient;
  const int scale = std::min(std::max({16 - quotient * 4, m_scale, other.m_scale, 0}), kMostScale);
  // One digit more, then rounded.
  const int shift = scale + 1 + other.m_scale - m_scale;
  const Limbs a = shift > 0 ? shifted(m_limbs, shift) : m_limbs;
  const Limbs b = shift < 0 ? shifted(other.m_limbs, -shift) : other.m_limbs;
  result.m_limbs = divide(a, b, nullptr);
  result.m_scale = scale + 1;
  result.m_negative = m_negative != other.m_negative && !result.m_limbs.empty();
  return result.scaledTo(scale, true);
}

Numeric Numeric::remainder(const Numeric& other) const {
  Numeric result;
  result.m_nan = m_nan || other.m_nan;
  if (result.m_nan) return result;
  result.m_scale = std::max(m_scale, other.m_scale);
  (void)divide(shifted(m_limbs, result.m_scale - m_scale),
               shifted(other.m_limbs, result.m_scale - other.m_scale), &result.m_limbs);
  result.m_negative = m_negative && !result.m_limbs.empty();
  return result;
}

Numeric Numeric::scaledTo(int scale, bool round) const {
  Numeric result = *this;
  if (m_nan) return result;
  if (scale >= m_scale) {
    result.m_limbs = shifted(m_limbs, scale - m_scale);
    result.m_scale = scale;
    return result;
  }
  const auto drop = static_cast<std::size_t>(m_scale - scale);
  std::string digits = digitsOf(m_limbs);
  const bool up = round && digits.size() >= drop && digits[digits.size() - drop] >= '5';
  digits = digits.size() > drop ? digits.substr(0, digits.size() - drop) : "";
  result.m_limbs = limbsOf(digits);
  if (up) result.m_limbs = add(result.m_limbs, {1});
  result.m_scale = scale;
  if (scale < 0) {
    result.m_limbs = shifted(result.m_limbs, -scale);
    result.m_scale = 0;
  }
  if (result.m_limbs.empty()) result.m_negative = false;
  return result;
}

Numeric Numeric::rounded(int scale) const {
  return scaledTo(std::clamp(scale, -kMostScale, kMostScale), true);
}
Numeric Numeric::truncated(int scale) const {
  return scaledTo(std::clamp(scale, -kMostScale, kMostScale), false);
}

Numeric Numeric::floor() const {
  const Numeric whole = truncated(0);
  return m_negative && whole.compare(*this) != std::strong_ordering::equal ? whole.minus(Numeric(1))
                                                                           : whole;
}

Numeric Numeric::ceiling() const {
  return negated().floor().negated();
}

Numeric Numeric::trimmed() const {
  Numeric result = *this;
  std::string digits = digitsOf(m_limbs);
  int scale = m_scale;
  while (scale > 0 && (digits.empty() || digits.back() == '0')) {
    if (!digits.empty()) digits.pop_back();
    --scale;
  }
  result.m_limbs = limbsOf(digits);
  result.m_scale = scale;
  return result;
}

std::strong_ordering Numeric::compare(const Numeric& other) const {
  if (m_nan || other.m_nan) return static_cast<int>(m_nan) <=> static_cast<int>(other.m_nan);
  if (m_negative != other.m_negative) return m_negative ? -1 <=> 0 : 1 <=> 0;
  const int scale = std::max(m_scale, other.m_scale);
  const int order = compareLimbs(shifted(m_limbs, scale - m_scale),
                                 shifted(other.m_limbs, scale - other.m_scale));
  return (m_negative ? -order : order) <=> 0;
}

}  // namespace console
