// SPDX-License-Identifier: GPL-3.0-or-later
// psql's backslash commands: what each is called, what \? says of it, what it does. Each family
// lives in a file of its own and hands in its table.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "console/psql/program.h"
#include "console/psql/scanner.h"

namespace console {

struct MetaCall {
  PsqlProgram& psql;
  const MetaWords& words;

  [[nodiscard]] const std::string& name() const { return words.name; }
  // The i-th argument, or empty; semicolons at its end do not count.
  [[nodiscard]] std::string argument(std::size_t i) const;
  [[nodiscard]] bool has(std::size_t i) const { return i < words.args.size(); }
  [[nodiscard]] PsqlSession& session() const { return psql.session(); }
  // "\cmd: text", or the text alone.
  bool fail(const std::string& text) const { return psql.complain(text); }
};

enum class MetaSection : char {
  General,
  Help,
  Buffer,
  InputOutput,
  Conditional,
  Informational,
  Formatting,
  Connection,
  OperatingSystem,
  Variables,
};

struct MetaCommand {
  std::string_view names;  // "c connect": all it answers to, without the backslash
  MetaSection section;
  std::string_view synopsis;  // "\c[onnect] ..." of \?; empty: not listed on its own
  std::string_view summary;
  bool (*run)(MetaCall& call);
};

[[nodiscard]] std::span<const MetaCommand> generalMetaCommands();
[[nodiscard]] std::span<const MetaCommand> outputMetaCommands();
[[nodiscard]] std::span<const MetaCommand> formatMetaCommands();
[[nodiscard]] std::span<const MetaCommand> connectionMetaCommands();
[[nodiscard]] std::span<const MetaCommand> describeMetaCommands();

// \if, \elif, \else, \endif: they count even where a condition is false.
[[nodiscard]] bool isConditional(std::string_view name);
bool runMetaCommand(PsqlProgram& psql, const MetaWords& words);
[[nodiscard]] std::string metaHelp();  // \?
// \copy's work, and the text form of a result: COPY ... TO STDOUT.
struct CopyFormat {
  bool csv = false, header = false;
  std::string separator = "\t", null = "\\N";
};
[[nodiscard]] std::string copyText(const ResultTable& table, const CopyFormat& format);

}  // namespace console
