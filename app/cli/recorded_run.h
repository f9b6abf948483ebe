// SPDX-License-Identifier: GPL-3.0-or-later
// A run file found, read and recomputed, for the verbs that take a RUN. The scenario is the
// library's, or the text kept with the records when the library's has changed since.
#pragma once

#include <string>

#include "drill/replay.h"
#include "records/library.h"

namespace cli {

struct RecordedRun {
  drill::RunRecord record;
  std::shared_ptr<const scenario::Scenario> scenario;
};

[[nodiscard]] base::Result<RecordedRun> readRecordedRun(const std::string& file,
                                                        const records::Library& library);

}  // namespace cli
