// SPDX-License-Identifier: GPL-3.0-or-later
// The lines of a run file, made from a live run: shared by whole texts and by the writer that keeps
// a file growing. It knows no file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "drill/run_file.h"

namespace drill {

// How much of a run has been turned into lines.
struct RunCursor {
  std::size_t entries = 0;
  std::size_t minutes = 0;  // minute lines written, counted from opensAt
  base::SimTime reached{-1};
};

[[nodiscard]] std::string headerLine(const Run& run);
// New journal entries and full minutes in the order of their times, then a heartbeat when time has
// moved; moves the cursor. Every line ends with a newline.
[[nodiscard]] std::string newLines(const Run& run, RunCursor& cursor);
// The last, partial minute and the end line.
[[nodiscard]] std::string endLines(const Run& run, RunCursor& cursor);
// Hashes of the rows with from < time <= to; empty parts when there are none.
[[nodiscard]] RunRecord::Minute minuteOf(const sim::Telemetry& telemetry, base::SimTime from,
                                         base::SimTime to);

}  // namespace drill
