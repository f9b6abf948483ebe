// SPDX-License-Identifier: GPL-3.0-or-later
// Background jobs of the shell: psql sessions that go on statement by statement while the trainee
// types, benchmarks, and everything else that takes its time. A job moves on when the next line is
// typed, up to that moment.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "console/shell_state.h"

namespace console {

struct Machine;

// What psql is still to do, each a letter and a text: "c" a string of -c, "l" a line of a script.
using Feeds = std::vector<std::string>;

// Lets all jobs go on to the present. Nothing waits: what is not done yet stays.
void runJobs(Machine& machine, ShellState& state, const std::vector<std::string>& history);
// "[1]+  Done                    sleep 5" for jobs that ended, with what they printed; forgets
// them.
[[nodiscard]] std::string finishedJobs(ShellState& state, std::int64_t nowMs);
// The job %1, %% or a plain number names; null: there is none.
[[nodiscard]] Job* findJob(ShellState& state, std::string_view name);
// Ends a job by a signal: its sessions hang up.
void killJob(Machine& machine, Job& job);
// Lets a job run to its end at once. Milliseconds that takes.
std::int64_t finishJob(Machine& machine, ShellState& state, Job& job,
                       const std::vector<std::string>& history);
[[nodiscard]] std::string jobLine(const Job& job, bool last, std::string_view status);

}  // namespace console
