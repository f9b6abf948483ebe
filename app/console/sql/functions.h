// SPDX-License-Identifier: GPL-3.0-or-later
// PostgreSQL's functions, given to a SQLite connection. The context must outlive the connection.
#pragma once

#include <sqlite3.h>

#include "console/sql/engine.h"

namespace console {

void addFunctions(sqlite3* database, QueryContext& context);

}  // namespace console
