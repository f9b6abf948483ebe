// SPDX-License-Identifier: GPL-3.0-or-later
// A 64-bit running hash over values in a fixed order, for "same bits" checks of states, telemetry
// and logs. Not a defence against forgery: content addresses use SHA-256 (sha256.h).
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace base {

class Fingerprint {
 public:
  constexpr void add(std::uint64_t value) {
    m_state = (m_state ^ value) * 0x9E3779B97F4A7C15ULL;
    m_state ^= m_state >> 29;
  }
  constexpr void add(std::int64_t value) { add(static_cast<std::uint64_t>(value)); }
  constexpr void add(std::uint32_t value) { add(static_cast<std::uint64_t>(value)); }
  constexpr void add(std::int32_t value) {
    add(static_cast<std::uint64_t>(static_cast<std::int64_t>(value)));
  }
  constexpr void add(bool value) { add(static_cast<std::uint64_t>(value ? 1 : 0)); }
  constexpr void add(double value) { add(std::bit_cast<std::uint64_t>(value)); }
  constexpr void add(float value) {
    add(static_cast<std::uint64_t>(std::bit_cast<std::uint32_t>(value)));
  }
  void add(std::string_view text) {
    add(static_cast<std::uint64_t>(text.size()));
    addBytes(text.data(), text.size());
  }
  void add(const std::string& text) { add(std::string_view(text)); }
  void add(const char* text) { add(std::string_view(text)); }
  // Bytes in eights, little-endian; the tail is padded with zeros.
  void addBytes(const void* data, std::size_t size) {
    const auto* bytes = static_cast<const unsigned char*>(data);
    while (size >= 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, bytes, 8);
      add(word);
      bytes += 8;
      size -= 8;
    }
    if (size > 0) {
      std::uint64_t word = 0;
      std::memcpy(&word, bytes, size);
      add(word);
    }
  }
  [[nodiscard]] constexpr std::uint64_t value() const { return m_state; }
  bool operator==(const Fingerprint&) const = default;

 private:
  std::uint64_t m_state = 0x6F75746167656472ULL;
};

// Sixteen lower-case hex digits.
[[nodiscard]] std::string hexText(std::uint64_t value);

}  // namespace base
