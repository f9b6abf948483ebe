// SPDX-License-Identifier: GPL-3.0-or-later
// Private to the debrief: its Markdown, which is also the draft of a postmortem.
#pragma once

#include "drill/debrief.h"

namespace drill {

// Everything but markdown is filled in.
[[nodiscard]] std::string debriefMarkdown(const Run& run, const Debrief& debrief);

}  // namespace drill
