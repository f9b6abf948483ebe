// SPDX-License-Identifier: GPL-3.0-or-later
// The trainee's main window: top bar, docks from the page registry, menus, and the timer that lets
// the session's time pass. The docks' places are remembered.
#pragma once

#include <QElapsedTimer>
#include <QMainWindow>
#include <QTimer>
#include <vector>

#include "gui/page_registry.h"

class QDockWidget;

namespace gui {

class TopBar;

class DrillWindow : public QMainWindow {
  Q_OBJECT
 public:
  DrillWindow(std::unique_ptr<models::Session> session, std::shared_ptr<records::Library> library,
              QWidget* parent = nullptr);
  ~DrillWindow() override;
  [[nodiscard]] models::Session& session() { return *m_session; }
  // Raises a page by its id and moves the focus into it; false: there is no such page.
  bool showPage(const QString& id);

 signals:
  void startPageRequested();
  void themeRequested(bool dark);
  void closed();

 protected:
  void closeEvent(QCloseEvent* event) override;
  bool focusNextPrevChild(bool next) override;

 private:
  struct Dock {
    const PageEntry* entry = nullptr;
    QDockWidget* widget = nullptr;
  };
  [[nodiscard]] bool sandbox() const;
  void buildTopBar();
  void buildDocks();
  void placeDocks();
  void sizeDocks();
  void buildMenus();
  void buildViewMenu();
  void connectSession();
  void raiseFirsts();
  void followPace();
  void frame();
  void askToClose();
  void showEnd();
  void hideEnd();
  void giveRoomTo(QDockWidget* page);
  void restorePlaces();

  std::unique_ptr<models::Session> m_session;
  PageContext m_context;
  TopBar* m_topBar = nullptr;
  std::vector<Dock> m_docks;
  QTimer m_timer;
  QElapsedTimer m_sinceFrame;
};

}  // namespace gui
