// SPDX-License-Identifier: GPL-3.0-or-later
// A record recomputed: replayed from its journal, compared bit by bit, graded again. Says in words
// what came of it; a damaged record is told apart from a changed score.
#pragma once

#include <QString>

#include "records/library.h"
#include "records/store.h"

namespace gui {

struct Recomputation {
  bool same = false;
  QString text;
};

[[nodiscard]] Recomputation recomputeRecord(const records::Library& library,
                                            const records::Store& store, std::int64_t id);

}  // namespace gui
