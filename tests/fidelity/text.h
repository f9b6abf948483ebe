// SPDX-License-Identifier: GPL-3.0-or-later
// Recorded and simulated text made comparable: times, process numbers, ports and paths of the
// recording machine are replaced by words; figures that were measured keep only their place.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fidelity {

// "2026-11-22 20:33:58.598 UTC [18673] LOG:  ..." as "{ts} [{pid}] LOG:  ...", and so on.
[[nodiscard]] std::string comparable(std::string text);
[[nodiscard]] std::vector<std::string> comparable(const std::vector<std::string>& lines);
// Equal, but for sizes of shared memory requests, which may differ by 1 % (3 MB at the least).
[[nodiscard]] bool agree(std::string_view expected, std::string_view got);
// Adjacent lines that say the same count once: every process that reads the files reports.
[[nodiscard]] std::vector<std::string> withoutRepeats(std::vector<std::string> lines);
// A difference in a few lines: what was expected and what came.
[[nodiscard]] std::string difference(std::string_view what, const std::string& expected,
                                     const std::string& got);
[[nodiscard]] std::string joined(const std::vector<std::string>& lines);
// How many of the expected lines agree, in order (longest common subsequence), of the larger count.
struct LineScore {
  std::size_t same = 0, all = 0;
};
[[nodiscard]] LineScore compareLines(const std::vector<std::string>& expected,
                                     const std::vector<std::string>& got);

}  // namespace fidelity
