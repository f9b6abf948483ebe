// SPDX-License-Identifier: GPL-3.0-or-later
// The time line: everything that has happened, and a bar to move through it where the mode allows.
#pragma once

#include <QWidget>

#include "gui/page_registry.h"
#include "models/timeline_model.h"

class QCheckBox;
class QLabel;
class QPushButton;
class QTableView;

namespace gui {

class ScrubBar;
class Sight;

class TimelinePage : public QWidget {
  Q_OBJECT
 public:
  explicit TimelinePage(const PageContext& context, QWidget* parent = nullptr);

 private:
  QWidget* buildBar();
  void buildTable();
  void connectSession();
  void refresh();
  void reset();
  void followClock();
  void seekToRow(const QModelIndex& index);

  models::Session& m_session;
  Sight* m_sight;
  models::TimelineModel m_model;
  ScrubBar* m_scrub = nullptr;
  QTableView* m_table = nullptr;
  QPushButton* m_back = nullptr;
  QPushButton* m_forward = nullptr;
  QPushButton* m_branch = nullptr;
  QCheckBox* m_looks = nullptr;
  QLabel* m_note = nullptr;
};

}  // namespace gui
