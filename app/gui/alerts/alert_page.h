// SPDX-License-Identifier: GPL-3.0-or-later
// The alerts page: what is firing, since when, and acknowledging it.
#pragma once

#include <QWidget>

#include "gui/page_registry.h"
#include "models/alert_model.h"

class QLabel;
class QPushButton;
class QTableView;

namespace gui {

class Sight;

class AlertPage : public QWidget {
  Q_OBJECT
 public:
  explicit AlertPage(const PageContext& context, QWidget* parent = nullptr);

 private:
  void buildTable();
  void connectSession();
  void refresh();
  void showSelected();
  void acknowledge();
  void noteLook();
  [[nodiscard]] int selectedRow() const;

  models::Session& m_session;
  Sight* m_sight;
  models::AlertModel m_model;
  QTableView* m_table = nullptr;
  QLabel* m_empty = nullptr;
  QLabel* m_summary = nullptr;
  QPushButton* m_acknowledge = nullptr;
};

}  // namespace gui
