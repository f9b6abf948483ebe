// SPDX-License-Identifier: GPL-3.0-or-later
// What a session's statements write to the server's log: the log_* settings as they are in force in
// the session (tcop/postgres.c of 15).
#pragma once

#include <cstdint>
#include <string>

#include "console/shell.h"
#include "sim/log_policy.h"

namespace console {

[[nodiscard]] sim::LogPolicy sessionLogPolicy(const sim::World& world, const PsqlSession& session);
// log_statement, before what the client sent is run.
void logBeforeRunning(Machine& machine, const PsqlSession& session, const std::string& sent);
// log_duration, log_min_duration_statement and their kin, when it has been run.
void logAfterRunning(Machine& machine, const PsqlSession& session, const std::string& sent,
                     double milliseconds);
// An error or a notice, with what the client sent when log_min_error_statement asks for it.
void logSaid(Machine& machine, const PsqlSession& session, const sim::ServerMessage& message,
             const std::string& sent);

}  // namespace console
