// SPDX-License-Identifier: GPL-3.0-or-later
// PostgreSQL's functions, given to a SQLite connection. The context must outlive the connection.
#pragma once

#include "console/sql/engine.h"

struct sqlite3;

namespace console {

void addFunctions(sqlite3* database, QueryContext& context);

}  // namespace console
