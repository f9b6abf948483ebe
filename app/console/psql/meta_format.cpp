// SPDX-License-Identifier: GPL-3.0-or-later
// psql's backslash commands for how results look: \x, \t, \a, \pset and their kin.
#include "console/psql/meta.h"
#include "console/psql/settings.h"

namespace console {
namespace {

bool change(MetaCall& call, const std::string& option, const std::string& value, bool hasValue) {
  const PsetOutcome outcome = setPsqlFormat(call.session().format, option, value, hasValue);
  if (!outcome.ok) return call.fail(outcome.text);
  if (!outcome.text.empty() && !call.session().format.quiet) {
    call.psql.print(outcome.text + "\n");
  }
  return true;
}

bool runExpanded(MetaCall& call) {
  return change(call, "expanded", call.argument(0), call.has(0));
}
bool runTuples(MetaCall& call) {
  return change(call, "tuples_only", call.argument(0), call.has(0));
}
bool runAlign(MetaCall& call) {
  PsqlFormat& format = call.session().format;
  return change(call, "format", format.unaligned ? "aligned" : "unaligned", true);
}
bool runTitle(MetaCall& call) {
  return change(call, "title", call.argument(0), true);
}
bool runSeparator(MetaCall& call) {
  return change(call, "fieldsep", call.argument(0), call.has(0));
}

bool runPset(MetaCall& call) {
  if (!call.has(0)) {
    call.psql.print(psqlFormatList(call.session().format));
    return true;
  }
  return change(call, call.argument(0), call.argument(1), call.has(1));
}

bool runTiming(MetaCall& call) {
  bool& timing = call.session().format.timing;
  if (!call.has(0)) {
    timing = !timing;
  } else if (!readTruth(call.argument(0), timing)) {
    return call.fail("unrecognized value \"" + call.argument(0) +
                     "\" for \"\\timing\": Boolean expected");
  }
  if (!call.session().format.quiet) {
    call.psql.print(timing ? "Timing is on.\n" : "Timing is off.\n");
  }
  return true;
}

using S = MetaSection;
constexpr MetaCommand kCommands[] = {
    {"a", S::Formatting, "\\a", "toggle between unaligned and aligned output mode", runAlign},
    {"C", S::Formatting, "\\C [STRING]", "set table title, or unset if none", runTitle},
    {"f", S::Formatting, "\\f [STRING]", "show or set field separator for unaligned query output",
     runSeparator},
    {"pset", S::Formatting, "\\pset [NAME [VALUE]]",
     "set table output option (border|csv_fieldsep|expanded|fieldsep|\n"
     "                         fieldsep_zero|footer|format|linestyle|null|pager|\n"
     "                         recordsep|recordsep_zero|title|tuples_only)",
     runPset},
    {"t", S::Formatting, "\\t [on|off]", "show only rows", runTuples},
    {"x", S::Formatting, "\\x [on|off|auto]", "toggle expanded output", runExpanded},
    {"timing", S::OperatingSystem, "\\timing [on|off]", "toggle timing of commands", runTiming}};

}  // namespace

std::span<const MetaCommand> formatMetaCommands() {
  return kCommands;
}

}  // namespace console
