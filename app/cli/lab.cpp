// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill/lab.h"

#include <QCommandLineParser>
#include <fstream>
#include <iostream>
#include <iterator>

#include "base/quantity.h"
#include "cli/command.h"
#include "cli/line_editor.h"
#include "cli/options.h"
#include "records/library.h"

namespace cli {
namespace {

void addOptions(QCommandLineParser& parser) {
  parser.setApplicationDescription(
      "A free-standing server with a terminal: reads lines from standard input, or from you with\n"
      "line editing and completion (Tab). \"sleep 10m\" lets simulated time pass; Ctrl+D leaves.");
  parser.addOption({"ram", "Memory of the host.", "SIZE", "64GB"});
  parser.addOption({"cpus", "Processors of the host.", "N", "16"});
  parser.addOption({"swap", "Swap space of the host.", "SIZE", "0"});
  parser.addOption({"load", "What clients do: none, shop or report.", "LOAD", "none"});
  parser.addOption({"conf", "A postgresql.conf to begin with.", "FILE"});
}

std::optional<int> readLab(const QCommandLineParser& parser, scenario::LabOptions& options) {
  const std::string ram = valueOf(parser, "ram"), swap = valueOf(parser, "swap");
  const auto ramBytes = base::parseBytes(ram);
  if (!ramBytes.ok()) return wrongValue("ram", ram, "a size, as 64GB");
  const auto swapBytes = swap == "0" ? base::Result<std::int64_t>(0) : base::parseBytes(swap);
  if (!swapBytes.ok()) return wrongValue("swap", swap, "a size, as 8GB, or 0");
  const auto cores = numberFrom(valueOf(parser, "cpus"), 1, 1024);
  if (!cores) return wrongValue("cpus", valueOf(parser, "cpus"), "1 to 1024");
  options.ramBytes = ramBytes.value();
  options.swapBytes = swapBytes.value();
  options.cores = static_cast<int>(*cores);
  options.load = valueOf(parser, "load");
  const std::string file = valueOf(parser, "conf");
  if (file.empty()) return std::nullopt;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return fail({"not-found", file, file + ": cannot be read."});
  options.configuration = {std::istreambuf_iterator<char>(stream),
                           std::istreambuf_iterator<char>()};
  constexpr std::size_t kLargest = 1'000'000;
  if (options.configuration.size() > kLargest) {
    return fail({"too-large", file, file + ": found more than 1 MB, expected a postgresql.conf."});
  }
  return std::nullopt;
}

}  // namespace

int openLab(const Arguments& arguments) {
  QCommandLineParser parser;
  addOptions(parser);
  if (const auto code = readOptions(parser, "lab", arguments, 0, 0)) return *code;
  scenario::LabOptions options;
  if (const auto code = readLab(parser, options)) return *code;
  const auto library = records::Library::open();
  if (!library.ok()) return fail(library.error());
  auto opened = drill::Lab::open(options, library.value()->settings());
  if (!opened.ok()) {
    return wrongValue(opened.error().code, valueOf(parser, opened.error().code.c_str()),
                      opened.error().message);
  }
  drill::Lab lab = std::move(opened.value());
  LineEditor editor([&lab](const std::string& line) { return lab.complete(line); });
  int code = kDone;
  while (const auto line = editor.read(lab.prompt())) {
    const bool fresh = !lab.shell().inPsql() && !lab.shell().unfinished();
    if (fresh && (*line == "exit" || *line == "logout")) break;
    const console::Reply reply = lab.type(*line);
    if (!reply.text.empty()) print(reply.text + "\n");
    std::cout.flush();
    code = reply.exitCode;
  }
  if (!lab.shell().inPsql() && lab.shell().unfinished()) {  // cut off by the end of the input
    const console::Reply reply = lab.type(std::string(1, console::kEndOfInput));
    print(reply.text + "\n");
    code = reply.exitCode;
  }
  return code;
}

}  // namespace cli
