// SPDX-License-Identifier: GPL-3.0-or-later
// The trainee's notebook: which entries make sense, in words when they do not. It judges form only
// (known words, known numbers), never whether a guess is right.
#pragma once

#include <vector>

#include "base/result.h"
#include "drill/run.h"

namespace drill {

// Whether a verb is a notebook entry and not a change of the world.
[[nodiscard]] bool isNotebook(sim::Verb verb);
// What entering a Hypothesis, Pin, Reject, Diagnose, Verify, Hint, TakeOver or AlertRule answers
// now.
[[nodiscard]] sim::Outcome judgeNote(const sim::Action& action, const Run& run);
// The rule that a Verb::AlertRule describes: fields metric, per, rate (seconds), op, threshold, for
// ("120", "2min"). Error "bad-rule".
[[nodiscard]] base::Result<sim::AlertRule> alertRuleOf(const sim::Action& action);
// A metric a trainee may see, by its full or its unique bare name.
[[nodiscard]] std::optional<sim::Metric> visibleMetric(std::string_view name);
// A whole number without sign, blanks or anything else.
[[nodiscard]] std::optional<std::int64_t> wholeNumber(std::string_view text);

}  // namespace drill
