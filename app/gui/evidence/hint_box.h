// SPDX-License-Identifier: GPL-3.0-or-later
// Hints: level by level, what each costs said before it is taken, those taken kept in view.
#pragma once

#include <QWidget>
#include <vector>

#include "models/session.h"

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace gui {

class AnswerLabel;

class HintBox : public QWidget {
  Q_OBJECT
 public:
  explicit HintBox(models::Session& session, QWidget* parent = nullptr);

 private:
  struct Row {
    int level = 0;
    QPushButton* take = nullptr;
    QLabel* text = nullptr;
  };
  void buildRow(const scenario::Hint& hint, QVBoxLayout* layout);
  void ask(int level);
  void take(int level);
  void refresh();
  [[nodiscard]] QString costText(int level) const;

  models::Session& m_session;
  std::vector<Row> m_rows;
  AnswerLabel* m_answer = nullptr;
};

}  // namespace gui
