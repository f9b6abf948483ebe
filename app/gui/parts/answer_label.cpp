// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/parts/answer_label.h"

#include <algorithm>

namespace gui {
namespace {
constexpr int kReadableWidth = 40;  // characters
constexpr int kLeastWidth = 16;
constexpr int kFlow = Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap | Qt::TextExpandTabs;
}  // namespace

AnswerLabel::AnswerLabel(const QString& name, QWidget* parent) : QLabel(parent) {
  setObjectName(name);
  setAccessibleName(tr("Answer"));
  setWordWrap(true);
  setTextFormat(Qt::PlainText);
  setTextInteractionFlags(Qt::TextSelectableByMouse);
}

void AnswerLabel::showOutcome(const sim::Outcome& outcome, const QString& done) {
  const QString text = QString::fromStdString(outcome.text);
  if (outcome.accepted) {
    showNote(text.isEmpty() ? done : text);
  } else {
    showProblem(tr("Refused: %1").arg(text));
  }
}

void AnswerLabel::showNote(const QString& text) {
  setForegroundRole(QPalette::WindowText);
  setText(text);
}

// The palettes of the program keep the colour of bad news under this role.
void AnswerLabel::showProblem(const QString& text) {
  setForegroundRole(QPalette::BrightText);
  setText(text);
}

void AnswerLabel::showReason(const QString& reason) {
  const bool replaces = reason != m_reason && (!reason.isEmpty() || text() == m_reason);
  if (replaces || text().isEmpty()) showNote(reason);
  m_reason = reason;
}

QSize AnswerLabel::sizeHint() const {
  const int width = kReadableWidth * fontMetrics().averageCharWidth();
  return {width, heightForWidth(width)};
}

QSize AnswerLabel::minimumSizeHint() const {
  return {kLeastWidth * fontMetrics().averageCharWidth(), fontMetrics().lineSpacing()};
}

int AnswerLabel::heightForWidth(int width) const {
  const QRect room(0, 0, width, QWIDGETSIZE_MAX);
  const int needed =
      text().isEmpty() ? 0 : fontMetrics().boundingRect(room, kFlow, text()).height();
  return std::max(fontMetrics().lineSpacing(), needed);
}

}  // namespace gui
