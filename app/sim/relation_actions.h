// SPDX-License-Identifier: GPL-3.0-or-later
// What statements of a session leave behind in the server: tables and functions made, changed and
// dropped, pages and temporary files counted.
#pragma once

#include "sim/action.h"
#include "sim/postgres.h"

namespace sim {

// Verb::Relation: text: relationText(), replaces the relation of that name; fields: drop=yes,
// function=yes (text: its CREATE FUNCTION), session (pid that ended: its temporary tables go),
// kind=database (the target is one; owner, limit: of connections).
Outcome changeRelation(Postgres& server, const Action& action);
// Verb::Execute: target: pid; fields: temp-files, temp-bytes, hit, read, rollback=yes. Its WAL and
// dirtied pages are the world's business: checkpoints follow from them.
Outcome bookExecution(Postgres& server, const Action& action);

}  // namespace sim
