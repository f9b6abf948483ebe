// SPDX-License-Identifier: GPL-3.0-or-later
// LIKE and regular expressions over texts, within the work a statement may do.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "console/sql/query/functions.h"
#include "console/text/pattern.h"

namespace console::query {

// Nothing: the pattern is no regular expression, and the runtime failed.
[[nodiscard]] std::optional<bool> regularMatch(Runtime& runtime, const std::string& text,
                                               const std::string& pattern, bool ignoreCase);
// The pattern made ready; flags as regexp_replace() takes them: i, g and the rest.
[[nodiscard]] std::optional<Pattern> regularPattern(Runtime& runtime, const std::string& pattern,
                                                    bool ignoreCase);
[[nodiscard]] bool likeMatch(Runtime& runtime, std::string_view text, std::string_view pattern,
                             std::string_view escape, bool ignoreCase);
// The same without a statement's runtime: adds the steps it took; nothing: they are too many.
[[nodiscard]] std::optional<bool> likeMatch(std::string_view text, std::string_view pattern,
                                            std::string_view escape, bool ignoreCase,
                                            std::int64_t& steps);

// regexp_matches() and regexp_split_to_table().
[[nodiscard]] std::vector<Datum> regexpMatchesRows(const CallSite& site, Arguments a);
[[nodiscard]] std::vector<Datum> regexpPieces(const CallSite& site, Arguments a);

}  // namespace console::query
