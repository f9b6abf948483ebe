// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/words.h"

#include <QCoreApplication>
#include <algorithm>

#include "console/shell.h"

namespace models {
namespace {

QString tr(const char* text) {
  return QCoreApplication::translate("models::words", text);
}

QString field(const sim::Action& action, const char* name) {
  const auto found = action.fields.find(name);
  return found == action.fields.end() ? QString() : QString::fromStdString(found->second);
}

// One line, not too long for a list.
QString brief(const std::string& text) {
  QString line = QString::fromStdString(text).simplified();
  constexpr int kLongest = 120;
  if (line.size() > kLongest) line = line.left(kLongest - 1) + QChar(0x2026);
  return line;
}

QString workText(const sim::WorldSpec& spec, const sim::Action& action) {
  const QString target = QString::fromStdString(action.target);
  const QString text = brief(action.text);
  switch (action.verb) {
    case sim::Verb::Acknowledge:
      return tr("Acknowledged %1").arg(target);
    case sim::Verb::Declare:
      return tr("Declared the incident %1").arg(target.toUpper());
    case sim::Verb::Page:
      return tr("Paged %1").arg(personText(spec, action.target));
    case sim::Verb::Ask:
      return tr("Asked %1 about %2").arg(personText(spec, action.target), text);
    case sim::Verb::Status:
      return tr("Told users (%1): %2").arg(target, text);
    case sim::Verb::RequestChange:
      return tr("Requested a change: %1 = %2").arg(target, text);
    case sim::Verb::Close:
      return tr("Closed the incident");
    default:
      return {};
  }
}

QString serverText(const sim::Action& action) {
  const QString target = QString::fromStdString(action.target);
  const QString text = brief(action.text);
  switch (action.verb) {
    case sim::Verb::EditFile:
      return tr("Edited %1").arg(target);
    case sim::Verb::AlterSystem:
      return text.isEmpty() ? tr("ALTER SYSTEM RESET %1").arg(target)
                            : tr("ALTER SYSTEM SET %1 = %2").arg(target, text);
    case sim::Verb::Reload:
      return tr("Reloaded the configuration");
    case sim::Verb::Restart:
      return tr("Restarted the database (%1)").arg(target);
    case sim::Verb::Stop:
      return tr("Stopped the database (%1)").arg(target);
    case sim::Verb::Start:
      return tr("Started the database");
    case sim::Verb::Signal:
      return tr("Sent %1 to process %2").arg(text, target);
    case sim::Verb::Admit:
      return tr("Let %1 % of visits through").arg(target);
    case sim::Verb::FailOver:
      return tr("Promoted the standby");
    case sim::Verb::AddSwap:
      return tr("Added %1 of swap").arg(text);
    case sim::Verb::Sysctl:
      return tr("Set %1 = %2").arg(target, text);
    case sim::Verb::Mount:
      return text.isEmpty() ? tr("Unmounted %1").arg(target)
                            : tr("Mounted a tmpfs of %1 bytes on %2").arg(text, target);
    case sim::Verb::SetFor:
      return tr("Set %1 = %2 for some sessions").arg(target, text);
    case sim::Verb::Role:
      return tr("Changed the role %1").arg(target);
    case sim::Verb::Relation:
      return tr("Changed the relation %1").arg(target);
    case sim::Verb::Execute:
      return tr("Ran a statement in session %1").arg(target);
    case sim::Verb::Session:
      return tr("Used session %1").arg(target);
    case sim::Verb::Checkpoint:
      return tr("Ran CHECKPOINT");
    case sim::Verb::Load:
      return tr("Ran %1").arg(target);
    default:
      return {};
  }
}

QString notebookText(const sim::Action& action) {
  const QString target = QString::fromStdString(action.target);
  switch (action.verb) {
    case sim::Verb::Look:
      return tr("Looked at %1").arg(viewText(action.target));
    case sim::Verb::Command:
      return tr("Typed: %1").arg(brief(console::shownLine(action.text)));
    case sim::Verb::Hypothesis:
      return tr("Hypothesis %1: %2").arg(target, brief(action.text));
    case sim::Verb::Pin:
      return tr("Pinned observation %1 %2 %3")
          .arg(field(action, "observation"), field(action, "stance"), target);
    case sim::Verb::Reject:
      return tr("Rejected hypothesis %1").arg(target);
    case sim::Verb::Diagnose:
      return tr("Diagnosis: %1, %2").arg(field(action, "component"), field(action, "setting"));
    case sim::Verb::Verify:
      return tr("Verified: %1").arg(brief(action.text));
    case sim::Verb::Hint:
      return tr("Took hint %1").arg(target);
    case sim::Verb::TakeOver:
      return tr("Took over");
    case sim::Verb::AlertRule:
      return tr("Wrote the alert rule %1").arg(target);
    default:
      return {};
  }
}

}  // namespace

QString personText(const sim::WorldSpec& spec, const std::string& who) {
  if (who == "trainee") return tr("You");
  const auto person = std::find_if(spec.people.begin(), spec.people.end(),
                                   [&who](const auto& candidate) { return candidate.id == who; });
  return QString::fromStdString(person == spec.people.end() ? who : person->name);
}

QString viewText(const std::string& target) {
  return QString::fromStdString(target).replace(QLatin1String(":"), QLatin1String(" "));
}

QString actionText(const sim::WorldSpec& spec, const sim::Action& action) {
  for (const QString& text : {workText(spec, action), serverText(action), notebookText(action)}) {
    if (!text.isEmpty()) return text;
  }
  return {};
}

QString messageText(const sim::Notification& said) {
  const QString text = QString::fromStdString(said.text);
  if (!fromMonitoring(said)) return text;
  return QString::fromStdString(said.topic) + QLatin1Char(' ') + text;
}

bool fromMonitoring(const sim::Notification& said) {
  return said.from == "monitoring";
}

QString alertText(const sim::WorldSpec& spec, const sim::AlertEvent& event) {
  const QString name = QString::fromStdString(spec.monitoring.rules[event.rule].name);
  switch (event.state) {
    case sim::AlertState::Pending:
      return tr("%1 is pending").arg(name);
    case sim::AlertState::Firing:
      return tr("%1 is firing").arg(name);
    case sim::AlertState::Inactive:
      return tr("%1 is resolved").arg(name);
  }
  return {};
}

QString modeText(drill::Mode mode) {
  switch (mode) {
    case drill::Mode::Watch:
      return tr("Watch");
    case drill::Mode::Practice:
      return tr("Practice");
    case drill::Mode::Assessment:
      return tr("Assessment");
  }
  return {};
}

}  // namespace models
