// SPDX-License-Identifier: GPL-3.0-or-later
// The chain of hashes over records: each hash covers the one before it and every field of its own
// record, so that a changed, missing or exchanged record shows. It knows no database.
#pragma once

#include <string>
#include <string_view>

#include "records/store.h"

namespace records {

// What the first record is chained to.
[[nodiscard]] std::string chainStart();
// The hash of a record whose predecessor has the hash previous.
[[nodiscard]] std::string chainHash(std::string_view previous, const Record& record);

}  // namespace records
