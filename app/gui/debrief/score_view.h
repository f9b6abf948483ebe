// SPDX-License-Identifier: GPL-3.0-or-later
// A score as a tree: parts with bars, the reasons inside them, the journal entries behind each
// reason; caps, and the total last.
#pragma once

#include <QWidget>

#include "drill/score.h"
#include "models/session.h"

class QLabel;
class QTreeWidget;

namespace gui {

class ScoreView : public QWidget {
  Q_OBJECT
 public:
  explicit ScoreView(QWidget* parent = nullptr);
  void setScore(const drill::Score& score, const models::Session& session);

 private:
  void addPart(const drill::ScorePart& part, const models::Session& session);

  QTreeWidget* m_tree = nullptr;
  QLabel* m_caps = nullptr;
  QLabel* m_total = nullptr;
};

}  // namespace gui
