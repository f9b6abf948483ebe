// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/terminal/typing_line.h"

#include <QKeyEvent>
#include <algorithm>

namespace gui {
namespace {

QString commonStart(const QStringList& words) {
  QString common = words.front();
  for (const QString& word : words) {
    while (!word.startsWith(common)) common.chop(1);
  }
  return common;
}

}  // namespace

TypingLine::TypingLine(QWidget* parent) : QLineEdit(parent) {}

void TypingLine::setHistory(std::vector<std::string> history) {
  m_history = std::move(history);
  m_position = m_history.size();
}

void TypingLine::complete(const std::vector<std::string>& candidates) {
  if (candidates.empty()) return;
  QStringList words;
  for (const std::string& candidate : candidates) words << QString::fromStdString(candidate);
  words.removeDuplicates();
  const QString before = text().left(cursorPosition());
  const QString common = commonStart(words);
  // The word being completed is the longest end of the line that the completions begin with.
  qsizetype start = std::max<qsizetype>(0, before.size() - common.size());
  while (start < before.size() && !common.startsWith(before.mid(start))) ++start;
  QString completed = common;
  if (words.size() == 1 && !completed.endsWith(QLatin1Char('/'))) completed += QLatin1Char(' ');
  if (before.mid(start) == completed || (words.size() > 1 && before.mid(start) == common)) {
    if (words.size() > 1) emit severalCompletions(words);
    return;
  }
  const QString after = text().mid(cursorPosition());
  setText(before.left(start) + completed + after);
  setCursorPosition(static_cast<int>(start + completed.size()));
}

void TypingLine::goThroughHistory(int step) {
  const auto last = static_cast<int>(m_history.size());
  const int wanted = std::clamp(static_cast<int>(m_position) + step, 0, last);
  if (wanted == static_cast<int>(m_position)) return;
  if (static_cast<int>(m_position) == last) m_draft = text();
  m_position = static_cast<std::size_t>(wanted);
  setText(wanted == last ? m_draft : QString::fromStdString(m_history[m_position]));
}

// Tab leaves the line when nothing is typed, so that the keyboard is never caught in here.
bool TypingLine::event(QEvent* event) {
  if (event->type() == QEvent::KeyPress) {
    const auto* key = static_cast<QKeyEvent*>(event);
    if (key->key() == Qt::Key_Tab && key->modifiers() == Qt::NoModifier && !text().isEmpty()) {
      emit completionWanted();
      return true;
    }
  }
  return QLineEdit::event(event);
}

void TypingLine::keyPressEvent(QKeyEvent* event) {
  const bool control = event->modifiers() == Qt::ControlModifier;
  if (event->key() == Qt::Key_Up) return goThroughHistory(-1);
  if (event->key() == Qt::Key_Down) return goThroughHistory(1);
  if (control && event->key() == Qt::Key_L) {
    emit clearWanted();
    return;
  }
  if (control && event->key() == Qt::Key_C && !hasSelectedText()) {
    emit interruptWanted();
    return;
  }
  if (control && event->key() == Qt::Key_U) return clear();
  QLineEdit::keyPressEvent(event);
}

}  // namespace gui
