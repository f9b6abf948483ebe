// SPDX-License-Identifier: GPL-3.0-or-later
// The logs page: one tab per source, filter by severity and text, following the end, pinning what
// is shown as evidence.
#pragma once

#include <QWidget>

#include "gui/page_registry.h"
#include "models/log_model.h"
#include "models/look_journal.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QTabBar;
class QTableView;
class QToolButton;

namespace gui {

class Sight;

class LogPage : public QWidget {
  Q_OBJECT
 public:
  explicit LogPage(const PageContext& context, QWidget* parent = nullptr);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void buildTabs();
  void buildFilter();
  void buildTable();
  void buildShortcuts();
  void connectSession();
  void applyFilter();
  void reset();
  void refresh();
  void findNext(bool backwards);
  void copySelection() const;
  void noteLook();
  void showCount();
  [[nodiscard]] models::Look visibleLines(sim::LogSource source) const;
  [[nodiscard]] models::Look pinned() const;

  models::Session& m_session;
  Sight* m_sight;
  models::LogModel m_model;
  QTabBar* m_tabs = nullptr;
  QComboBox* m_severity = nullptr;
  QLineEdit* m_text = nullptr;
  QCheckBox* m_onlyMatches = nullptr;
  QCheckBox* m_follow = nullptr;
  QToolButton* m_pin = nullptr;
  QLabel* m_count = nullptr;
  QTableView* m_table = nullptr;
  base::SimTime m_seenTo;
};

}  // namespace gui
