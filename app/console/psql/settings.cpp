// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/psql/settings.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "console/psql/program.h"

namespace console {
namespace {

std::string onOff(bool value) {
  return value ? "on" : "off";
}

std::string quoted(const std::string& text) {
  std::string shown = "'";
  for (const char c : text) {
    if (c == '\n') {
      shown += "\\n";
    } else if (c == '\'') {
      shown += "\\'";
    } else {
      shown += c;
    }
  }
  return shown + "'";
}

std::string formatName(const PsqlFormat& format) {
  return format.csv ? "csv" : format.unaligned ? "unaligned" : "aligned";
}

std::string expandedName(const PsqlFormat& format) {
  return format.expandedAuto ? "auto" : onOff(format.expanded);
}

// What "\pset option" says about an option.
std::string described(const PsqlFormat& f, const std::string& option) {
  if (option == "border") return "Border style is " + std::to_string(f.border) + ".";
  if (option == "expanded") {
    return f.expandedAuto ? "Expanded display is used automatically."
                          : "Expanded display is " + onOff(f.expanded) + ".";
  }
  if (option == "fieldsep") return "Field separator is \"" + f.separator + "\".";
  if (option == "csv_fieldsep") return "Field separator for CSV is \"" + f.csvSeparator + "\".";
  if (option == "recordsep") {
    return f.recordSeparator == "\n" ? "Record separator is <newline>."
                                     : "Record separator is \"" + f.recordSeparator + "\".";
  }
  if (option == "format") return "Output format is " + formatName(f) + ".";
  if (option == "null") return "Null display is \"" + f.null + "\".";
  if (option == "footer") return "Default footer is " + onOff(f.footer) + ".";
  if (option == "title")
    return f.title.empty() ? "Title is unset." : "Title is \"" + f.title + "\".";
  return "Tuples only is " + onOff(f.tuplesOnly) + ".";
}

PsetOutcome setFormat(PsqlFormat& format, const std::string& value) {
  const std::string name = base::lower(value);
  const auto begins = [&](std::string_view whole) {
    return !name.empty() && whole.starts_with(name);
  };
  if (begins("aligned") || begins("wrapped")) {
    format.unaligned = format.csv = false;
  } else if (begins("unaligned")) {
    format.unaligned = true;
    format.csv = false;
  } else if (begins("csv")) {
    format.csv = true;
    format.unaligned = false;
  } else {
    return {false, "\\pset: allowed formats are aligned, csv, unaligned, wrapped"};
  }
  return {};
}

PsetOutcome setTruth(bool& value, const std::string& option, const std::string& text,
                     bool hasValue) {
  if (!hasValue) {
    value = !value;
    return {};
  }
  if (readTruth(text, value)) return {};
  return {false, "unrecognized value \"" + text + "\" for \"" + option + "\": Boolean expected"};
}

PsetOutcome apply(PsqlFormat& f, const std::string& option, const std::string& value,
                  bool hasValue) {
  if (option == "format") return hasValue ? setFormat(f, value) : PsetOutcome{};
  if (option == "expanded") {
    if (hasValue && value == "auto") {
      f.expandedAuto = true;
      return {};
    }
    f.expandedAuto = false;
    return setTruth(f.expanded, "\\pset expanded", value, hasValue);
  }
  if (option == "tuples_only") return setTruth(f.tuplesOnly, "\\pset tuples_only", value, hasValue);
  if (option == "footer") return setTruth(f.footer, "\\pset footer", value, hasValue);
  if (option == "border") {
    if (hasValue) f.border = std::clamp(value.empty() ? 0 : value[0] - '0', 0, 2);
  } else if (option == "fieldsep") {
    if (hasValue) f.separator = value;
  } else if (option == "fieldsep_zero") {
    f.separator = std::string(1, '\0');
  } else if (option == "recordsep_zero") {
    f.recordSeparator = std::string(1, '\0');
  } else if (option == "recordsep") {
    if (hasValue) f.recordSeparator = value;
  } else if (option == "csv_fieldsep") {
    if (hasValue && value.size() != 1) {
      return {false, "\\pset: csv_fieldsep must be a single one-byte character"};
    }
    if (hasValue && (value == "\"" || value == "\n" || value == "\r")) {
      return {false,
              "\\pset: csv_fieldsep cannot be a double quote, a newline, or a carriage return"};
    }
    if (hasValue) f.csvSeparator = value;
  } else if (option == "null") {
    if (hasValue) f.null = value;
  } else if (option == "title") {
    f.title = value;
  } else {
    return {false, "\\pset: unknown option: " + option};
  }
  return {};
}

}  // namespace

bool readTruth(std::string_view text, bool& value) {
  const std::string word = base::lower(text);
  if (word.empty()) return false;
  const auto begins = [&](std::string_view whole) { return whole.starts_with(word); };
  if (begins("true") || begins("yes") || word == "on" || word == "1") {
    value = true;
  } else if (begins("false") || begins("no") || word == "off" || word == "of" || word == "0") {
    value = false;
  } else {
    return false;
  }
  return true;
}

bool isOn(std::string_view text) {
  bool value = false;
  return readTruth(text, value) && value;
}

PsetOutcome setPsqlFormat(PsqlFormat& format, const std::string& option, const std::string& value,
                          bool hasValue) {
  std::string name = option;
  if (name == "x" || name == "vertical") name = "expanded";
  if (name == "t") name = "tuples_only";
  if (name == "C") name = "title";
  // Accepted for scripts' sake: this terminal pages and wraps nothing.
  if (name == "pager") return {true, hasValue && value == "always" ? "" : "Pager usage is off."};
  if (name == "linestyle") {
    if (!hasValue || value == "ascii") return {true, "Line style is ascii."};
    return {false, "\\pset: allowed line styles are ascii"};
  }
  PsetOutcome outcome = apply(format, name, value, hasValue);
  if (!outcome.ok) return outcome;
  if (name == "fieldsep_zero") return {true, "Field separator is zero byte."};
  if (name == "recordsep_zero") return {true, "Record separator is zero byte."};
  outcome.text = described(format, name);
  return outcome;
}

std::string psqlFormatList(const PsqlFormat& f) {
  const std::pair<std::string, std::string> rows[] = {
      {"border", std::to_string(f.border)},
      {"csv_fieldsep", quoted(f.csvSeparator)},
      {"expanded", expandedName(f)},
      {"fieldsep", quoted(f.separator)},
      {"fieldsep_zero", onOff(f.separator == std::string(1, '\0'))},
      {"footer", onOff(f.footer)},
      {"format", formatName(f)},
      {"linestyle", "ascii"},
      {"null", quoted(f.null)},
      {"pager", "0"},
      {"recordsep", quoted(f.recordSeparator)},
      {"recordsep_zero", onOff(f.recordSeparator == std::string(1, '\0'))},
      {"title", f.title.empty() ? "" : quoted(f.title)},
      {"tuples_only", onOff(f.tuplesOnly)}};
  std::string text;
  for (const auto& [name, value] : rows) text += base::padRight(name, 24) + " " + value + "\n";
  return text;
}

}  // namespace console
