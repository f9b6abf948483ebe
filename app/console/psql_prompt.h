// SPDX-License-Identifier: GPL-3.0-or-later
// Lines typed at psql's prompt: gathered into statements, run, and the prompt that follows.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "console/shell.h"

namespace console {

// Runs a line of shell for \!, its output as a terminal shows it.
using ShellEscape = std::function<void(std::string_view line, std::string& output)>;

// Takes one line; output holds what the terminal shows. Returns psql's exit code so far.
int feedPsql(Machine& machine, PsqlSession& session, std::vector<sim::Action>& changed,
             base::SimTime& duration, std::string_view line, std::string& output, bool& quit,
             const ShellEscape& escape);
[[nodiscard]] std::string psqlPrompt(const PsqlSession& session);

}  // namespace console
