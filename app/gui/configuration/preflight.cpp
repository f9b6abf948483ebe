// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/configuration/preflight.h"

#include <QCoreApplication>

#include "sim/server_log.h"

namespace gui {
namespace {

QString tr(const char* text) {
  return QCoreApplication::translate("gui::preflight", text);
}

QStringList wordsOf(const sim::LoadReport& report) {
  QStringList words;
  for (const sim::ServerMessage& message : report.log) {
    words << QString::fromStdString(sim::serverMessageText(message));
  }
  return words;
}

QString shown(const sim::ServerSettings& settings, const std::string& name) {
  return QString::fromStdString(settings.show(name));
}

std::vector<ChangedSetting> changesBetween(const sim::ServerSettings& running,
                                           const sim::ServerSettings& started) {
  std::vector<ChangedSetting> changes;
  for (const auto& [key, state] : started.states()) {
    const sim::SettingState* now = running.state(key);
    if (now && now->value == state.value) continue;
    const sim::SettingDefinition* definition = running.catalogue().find(key);
    if (definition && definition->context == sim::SettingContext::Internal) continue;
    changes.push_back({QString::fromStdString(definition ? definition->name : key),
                       shown(running, key), shown(started, key),
                       definition && definition->context == sim::SettingContext::Postmaster});
  }
  return changes;
}

QString listed(const QString& title, const QStringList& lines) {
  return lines.isEmpty() ? QString() : title + QLatin1Char('\n') + lines.join(QLatin1Char('\n'));
}

}  // namespace

Preflight preflight(const sim::Postgres& server, const std::string& path, const std::string& text) {
  std::vector<sim::ConfigFile> files = server.files;
  for (sim::ConfigFile& file : files) {
    if (file.path == path) file.text = text;
  }
  Preflight result;
  sim::ServerSettings reloaded = server.settings;
  result.reloadWords = wordsOf(reloaded.reload(files));
  sim::ServerSettings started = server.settings;
  const sim::LoadReport report = started.start(files);
  result.startable = report.ok;
  if (report.ok) {
    result.changes = changesBetween(server.settings, started);
  } else {
    result.startWords = wordsOf(report);
  }
  return result;
}

QString Preflight::text(bool running) const {
  QStringList parts;
  parts << (startable
                ? tr("The server would start with this configuration.")
                : listed(tr("The server would NOT start with this configuration:"), startWords));
  QStringList now, later;
  for (const ChangedSetting& change : changes) {
    const QString empty = tr("(empty)");
    const QString line = QStringLiteral("  %1: %2 \u2192 %3")
                             .arg(change.name, change.running.isEmpty() ? empty : change.running,
                                  change.wanted.isEmpty() ? empty : change.wanted);
    (change.needsRestart || !running ? later : now) << line;
  }
  parts << listed(tr("A reload or restart changes:"), now);
  parts << listed(running ? tr("Only a restart changes:") : tr("The start changes:"), later);
  if (startable && changes.empty()) parts << tr("No setting would change.");
  if (running) parts << listed(tr("A reload would log:"), reloadWords);
  parts.removeAll(QString());
  return parts.join(QStringLiteral("\n\n"));
}

QStringList waitingForRestart(const sim::Postgres& server) {
  QStringList names;
  for (const auto& [key, state] : server.settings.states()) {
    if (!state.pendingRestart) continue;
    const sim::SettingDefinition* definition = server.settings.catalogue().find(key);
    names << QString::fromStdString((definition ? definition->name : key) +
                                    " (running: " + server.settings.show(key) + ")");
  }
  return names;
}

}  // namespace gui
