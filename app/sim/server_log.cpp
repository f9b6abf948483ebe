// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/server_log.h"

#include "base/text.h"
#include "sim/log_entry.h"

namespace sim {

void writeLog(Telemetry& telemetry, base::SimTime at, LogShape shape, std::uint32_t pid,
              std::array<std::int64_t, 4> numbers, const std::string& text) {
  const std::uint32_t index = text.empty() ? 0 : telemetry.addText(text);
  telemetry.addLog(logRecord(shape, at, pid, numbers, index));
}

void writePlain(Telemetry& telemetry, base::SimTime at, LogSource source, Severity severity,
                const std::string& text, std::uint32_t pid, std::string_view sqlstate) {
  LogRecord record = plainRecord(source, severity, at, pid, telemetry.addText(text));
  record.sqlstate = packedSqlstate(sqlstate);
  telemetry.addLog(record);
}

void writeSessionMessage(const LogSettings& settings, const ServerMessage& message,
                         std::uint32_t pid, const std::string& statement, base::SimTime at,
                         Telemetry& telemetry) {
  const LogLevel own = logLevel(message.severity);
  if (own < settings.policy.minMessages) return;
  std::string text = serverMessageText(message);
  if (!statement.empty() && own >= settings.policy.minErrorStatement) {
    text += "\nSTATEMENT:  " + base::replaceAll(statement, "\n", "\n\t");
  }
  telemetry.noteLogSettings(settings);
  writePlain(telemetry, at, LogSource::Postgres, severityOfTag(message.severity), text, pid,
             message.sqlstate);
}

std::string serverMessageText(const ServerMessage& message) {
  std::string text =
      message.severity.empty() ? message.text : message.severity + ":  " + message.text;
  if (!message.detail.empty()) text += "\nDETAIL:  " + message.detail;
  if (!message.hint.empty()) text += "\nHINT:  " + message.hint;
  if (!message.context.empty()) text += "\nCONTEXT:  " + message.context;
  return text;
}

void writeServerMessage(ServerContext& context, const ServerMessage& message) {
  writeServerMessage(context, message, context.server.postmasterPid);
}

void writeServerMessage(ServerContext& context, const ServerMessage& message, std::uint32_t pid) {
  if (message.severity.empty()) {
    writeLog(context.telemetry, context.now, LogShape::PgBareLine, pid, {}, message.text);
    return;
  }
  writePlain(context.telemetry, context.now, LogSource::Postgres, severityOfTag(message.severity),
             serverMessageText(message), pid, message.sqlstate);
}

}  // namespace sim
