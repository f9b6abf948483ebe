// SPDX-License-Identifier: GPL-3.0-or-later
// The window one starts from: a tab per start page.
#pragma once

#include <QMainWindow>

#include "gui/start/launcher.h"

class QTabWidget;

namespace gui {

class StartWindow : public QMainWindow {
  Q_OBJECT
 public:
  explicit StartWindow(const StartContext& context, QWidget* parent = nullptr);
  bool showPage(const QString& id);

 signals:
  void themeRequested(bool dark);

 protected:
  void closeEvent(QCloseEvent* event) override;

 private:
  void buildPages(const StartContext& context);
  void buildMenus();

  QTabWidget* m_tabs = nullptr;
};

}  // namespace gui
