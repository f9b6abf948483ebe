// SPDX-License-Identifier: GPL-3.0-or-later
// The settings that belong to a transaction, not to its session.
#pragma once

#include <string_view>

namespace console {

// Each transaction begins with its default_... anew. Names in lower case.
[[nodiscard]] constexpr bool isOfTransaction(std::string_view key) {
  return key == "transaction_isolation" || key == "transaction_read_only" ||
         key == "transaction_deferrable";
}

}  // namespace console
