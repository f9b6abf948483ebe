// SPDX-License-Identifier: GPL-3.0-or-later
// psql's backslash commands for input and output: \echo, \i, \o, \copy.
#include "base/text.h"
#include "console/file_view.h"
#include "console/psql/meta.h"
#include "console/sql/result_table.h"
#include "console/sql/session.h"
#include "console/sql/tokens.h"

namespace console {
namespace {

bool runEcho(MetaCall& call) {
  std::string text;
  bool newline = true;
  for (std::size_t i = 0; i < call.words.args.size(); ++i) {
    const std::string& word = call.words.args[i];
    if (i == 0 && word == "-n") {
      newline = false;
      continue;
    }
    if (!text.empty()) text += " ";
    text += word;
  }
  if (newline) text += "\n";
  if (call.name() == "qecho") {
    call.psql.printResult(text);
  } else if (call.name() == "warn") {
    call.psql.printError(text);
  } else {
    call.psql.print(text);
  }
  return true;
}

bool runInclude(MetaCall& call) {
  if (!call.has(0)) return call.fail("\\" + call.name() + ": missing required argument");
  return call.psql.runFile(call.argument(0)) == 0;
}

bool runOutput(MetaCall& call) {
  std::string target;
  for (const std::string& word : call.words.args) target += (target.empty() ? "" : " ") + word;
  call.session().outputTarget.clear();
  if (target.empty()) return true;
  if (!target.starts_with("|") && !call.psql.writeTo(target, "", false)) return false;
  call.session().outputTarget = target;
  return true;
}

// \copy {table | (query)} {to | from} {'file' | stdout | program 'command'} [options]
struct CopyRequest {
  std::string query, target, error;
  bool program = false, standard = false, from = false;
  CopyFormat format;
};

void readCopyOptions(const TokenList& list, std::size_t i, CopyRequest& request) {
  const auto at = [&](std::size_t k) -> const SqlToken& {
    return list.tokens[std::min(k, list.tokens.size() - 1)];
  };
  bool null = false;
  for (; at(i).kind != TokenKind::End; ++i) {
    const SqlToken& t = at(i);
    if (t.is("with") || t.is("(") || t.is(")") || t.is(",") || t.is("format") || t.is("as")) {
      continue;
    }
    if (t.is("csv")) {
      request.format.csv = true;
      request.format.separator = ",";
      if (!null) request.format.null.clear();
    } else if (t.is("text")) {
      request.format.csv = false;
    } else if (t.is("header")) {
      request.format.header = !at(i + 1).is("false") && !at(i + 1).is("off");
      if (at(i + 1).is("true") || at(i + 1).is("false") || at(i + 1).is("on")) ++i;
    } else if ((t.is("delimiter") || t.is("null")) && at(i + 1).kind == TokenKind::Text) {
      (t.is("null") ? request.format.null : request.format.separator) = at(++i).text;
      null = null || t.is("null");
    } else {
      request.error = "syntax error at or near \"" + t.text + "\"";
      return;
    }
  }
}

CopyRequest readCopy(const std::string& text) {
  CopyRequest request;
  const TokenList list = scanSql(text);
  const auto at = [&](std::size_t k) -> const SqlToken& {
    return list.tokens[std::min(k, list.tokens.size() - 1)];
  };
  if (!list.error.empty() || list.tokens.size() < 2) {
    request.error = "\\copy: parse error at end of line";
    return request;
  }
  std::size_t i = 0;
  int depth = 0;
  while (at(i).kind != TokenKind::End && (depth > 0 || !(at(i).is("to") || at(i).is("from")))) {
    if (at(i).is("(")) ++depth;
    if (at(i).is(")")) --depth;
    ++i;
  }
  if (at(i).kind == TokenKind::End || i == 0) {
    request.error = "\\copy: parse error at end of line";
    return request;
  }
  const std::string what(base::trim(text.substr(0, at(i).at)));
  request.from = at(i).is("from");
  request.query =
      what.starts_with("(") ? what.substr(1, what.rfind(')') - 1) : "SELECT * FROM " + what;
  ++i;
  request.program = at(i).is("program");
  if (request.program) ++i;
  request.standard = at(i).is("stdout") || at(i).is("stdin") || at(i).is("pstdout");
  if (at(i).kind == TokenKind::End) {
    request.error = "\\copy: parse error at end of line";
    return request;
  }
  request.target = at(i).text;
  if (at(i).kind != TokenKind::Text && !request.standard) {  // a path without quotes
    std::size_t end = at(i).at;
    while (end < text.size() && text[end] != ' ') ++end;
    request.target = text.substr(at(i).at, end - at(i).at);
    while (at(i).kind != TokenKind::End && at(i).at < end) ++i;
    --i;
  }
  readCopyOptions(list, i + 1, request);
  return request;
}

bool runCopy(MetaCall& call) {
  std::string text = call.words.raw;
  while (text.ends_with(';')) text.pop_back();
  if (text.empty()) return call.fail("\\copy: arguments required");
  const CopyRequest request = readCopy(text);
  if (!request.error.empty()) return call.fail(request.error);
  if (request.from) {
    const std::string table = request.query.substr(std::string("SELECT * FROM ").size());
    return call.psql.runStatement("COPY " + table + " FROM STDIN;");
  }
  ResultTable table;
  if (!call.psql.runStatement(request.query + ";", &table)) return false;
  const std::string made = copyText(table, request.format);
  bool ok = true;
  if (request.standard) {
    call.psql.print(made);
  } else {
    ok = call.psql.writeTo(request.program ? "|" + request.target : request.target, made, false);
  }
  if (ok && !request.standard && !call.session().format.quiet) {
    call.psql.print("COPY " + std::to_string(table.rows.size()) + "\n");
  }
  return ok;
}

std::string csvCell(const std::string& cell, const CopyFormat& format) {
  const bool quote = cell == format.null || cell.find_first_of("\"\r\n") != std::string::npos ||
                     cell.find(format.separator) != std::string::npos;
  return quote ? "\"" + base::replaceAll(cell, "\"", "\"\"") + "\"" : cell;
}

std::string textCell(const std::string& cell, const CopyFormat& format) {
  std::string text;
  for (const char c : cell) {
    if (c == '\\') {
      text += "\\\\";
    } else if (c == '\n') {
      text += "\\n";
    } else if (c == '\t') {
      text += "\\t";
    } else if (std::string(1, c) == format.separator) {
      text += std::string("\\") + c;
    } else {
      text += c;
    }
  }
  return text;
}

using S = MetaSection;
constexpr MetaCommand kCommands[] = {
    {"copy", S::InputOutput, "\\copy ...", "perform SQL COPY with data stream to the client host",
     runCopy},
    {"echo", S::InputOutput, "\\echo [-n] [STRING]",
     "write string to standard output (-n for no newline)", runEcho},
    {"i include ir include_relative", S::InputOutput, "\\i FILE", "execute commands from file",
     runInclude},
    {"o out", S::InputOutput, "\\o [FILE]", "send all query results to file or |pipe", runOutput},
    {"qecho", S::InputOutput, "\\qecho [-n] [STRING]",
     "write string to \\o output stream (-n for no newline)", runEcho},
    {"warn", S::InputOutput, "\\warn [-n] [STRING]",
     "write string to standard error (-n for no newline)", runEcho}};

}  // namespace

std::string copyText(const ResultTable& table, const CopyFormat& format) {
  std::string text;
  const auto line = [&](const auto& cell) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      text += (i > 0 ? format.separator : "") + cell(i);
    }
    text += "\n";
  };
  const auto written = [&](const std::string& value) {
    return format.csv ? csvCell(value, format) : textCell(value, format);
  };
  if (format.header) line([&](std::size_t i) { return written(table.columns[i].name); });
  for (const ResultRow& row : table.rows) {
    line([&](std::size_t i) { return row[i] ? written(*row[i]) : format.null; });
  }
  return text;
}

std::span<const MetaCommand> outputMetaCommands() {
  return kCommands;
}

}  // namespace console
