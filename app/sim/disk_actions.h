// SPDX-License-Identifier: GPL-3.0-or-later
// What EditFile does to the cluster's files other than the text of configuration files: data
// directory, lock files, authentication files; owners and modes of all of them.
#pragma once

#include "sim/action.h"
#include "sim/postgres.h"
#include "sim/world_spec.h"

namespace sim {

// Whether the action is one of these. Its fields: remove=yes (a directory with all that is in it),
// move (the new path), mode (octal), owner ("user:group"), kind=directory, by (who makes a file).
[[nodiscard]] bool changesDisk(const WorldSpec& spec, const Postgres& server, const Action& action);
Outcome changeDisk(const WorldSpec& spec, Postgres& server, const Action& action);

}  // namespace sim
