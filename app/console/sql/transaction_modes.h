// SPDX-License-Identifier: GPL-3.0-or-later
// The modes of transactions: isolation, READ ONLY and what that refuses.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "console/sql/statements.h"

namespace console {

// Settings of the transaction by name: "transaction_read_only" is "on".
using TransactionModes = std::map<std::string, std::string>;
// "ISOLATION LEVEL SERIALIZABLE, READ ONLY" from token i to the end. False: that was told.
[[nodiscard]] bool readModes(const Statement& s, std::size_t i, TransactionModes& modes);
// The same behind BEGIN or START.
[[nodiscard]] bool readModesOfBegin(const Statement& s, TransactionModes& modes);
// SET TRANSACTION ..., SET SESSION CHARACTERISTICS AS TRANSACTION ...; nothing: it is another SET.
[[nodiscard]] std::optional<bool> runSetTransaction(const Statement& s);
// Why a statement may not be run where nothing may be written.
[[nodiscard]] std::optional<sim::ServerMessage> refusedAsReadOnly(const Statement& s);

}  // namespace console
