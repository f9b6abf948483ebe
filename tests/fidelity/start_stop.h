// SPDX-License-Identifier: GPL-3.0-or-later
// What the families about the postmaster's life have in common: pg_ctl's answer with its exit code,
// a stop with something else going on meanwhile.
#pragma once

#include <string>

#include "cases.h"
#include "lab.h"

namespace fidelity {

// Compares an exit code that the case's effect names, if it does.
void compareCode(const char* what, const Json& recorded, const char* key, int code,
                 Finding& finding);
// Types "pg_ctl start", compares text, exit code, and what pg_ctl status says afterwards.
void replayStartCommand(Lab& lab, const Json& recorded, Finding& finding);
// kill -9 of the postmaster while one of its processes is stopped and a client idle; the mark is
// set before.
void killBesideStoppedBackend(Lab& lab);

}  // namespace fidelity
