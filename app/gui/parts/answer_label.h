// SPDX-License-Identifier: GPL-3.0-or-later
// The line under a form that says what came of the last action. A refusal says "Refused", so that
// it is not told by colour alone.
#pragma once

#include <QLabel>

#include "sim/action.h"

namespace gui {

class AnswerLabel : public QLabel {
  Q_OBJECT
 public:
  explicit AnswerLabel(const QString& name, QWidget* parent = nullptr);
  // done: what to say when it was accepted and the world had no words for it.
  void showOutcome(const sim::Outcome& outcome, const QString& done);
  void showNote(const QString& text);
  void showProblem(const QString& text);
  // Why nothing can be done at the moment; an empty one takes the last one back.
  void showReason(const QString& reason);

  // A label whose text can be selected measures itself as a document, many times a layout. These
  // measure it as the plain text it is.
  [[nodiscard]] QSize sizeHint() const override;
  [[nodiscard]] QSize minimumSizeHint() const override;
  [[nodiscard]] int heightForWidth(int width) const override;

 private:
  QString m_reason;
};

}  // namespace gui
