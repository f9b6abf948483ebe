// SPDX-License-Identifier: GPL-3.0-or-later
// A recorded run recomputed and compared with its recorded bits. Refuses to guess: a record belongs
// to the scenario with exactly its content hash.
#pragma once

#include <limits>

#include "drill/run_file.h"

namespace drill {

struct Replayed {
  std::shared_ptr<Run> run;
  std::string difference;  // empty: the same bits
};

// Error "other-scenario" when the record was made with another scenario or another text of it.
[[nodiscard]] base::Result<Replayed> replay(
    const RunRecord& record, const std::shared_ptr<const scenario::Scenario>& scenario,
    base::SimTime until = {std::numeric_limits<std::int64_t>::max()});

}  // namespace drill
