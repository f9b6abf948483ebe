// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/start/start_window.h"

#include <QCloseEvent>
#include <QCoreApplication>
#include <QMenuBar>
#include <QSettings>
#include <QTabBar>
#include <QTabWidget>

#include "gui/app/theme.h"

namespace gui {
namespace {
QString geometryKey() {
  return QStringLiteral("start/geometry");
}
}  // namespace

StartWindow::StartWindow(const StartContext& context, QWidget* parent) : QMainWindow(parent) {
  setObjectName(QStringLiteral("startWindow"));
  setWindowTitle(tr("Outage Drill"));
  buildPages(context);
  buildMenus();
  resize(1000, 640);
  restoreGeometry(QSettings().value(geometryKey()).toByteArray());
}

void StartWindow::buildPages(const StartContext& context) {
  m_tabs = new QTabWidget;
  m_tabs->setDocumentMode(true);
  for (const StartPageEntry& entry : startPages()) {
    QWidget* page = entry.make(context, m_tabs);
    page->setObjectName(QStringLiteral("start.") + QLatin1String(entry.id));
    m_tabs->addTab(page, QCoreApplication::translate("pages", entry.title));
  }
  m_tabs->tabBar()->setVisible(m_tabs->count() > 1);
  setCentralWidget(m_tabs);
}

void StartWindow::buildMenus() {
  QMenu* program = menuBar()->addMenu(tr("&Outage Drill"));
  QAction* quit = program->addAction(tr("&Quit"), [] { QCoreApplication::quit(); });
  quit->setShortcut(QKeySequence(QKeySequence::Quit));
  QMenu* view = menuBar()->addMenu(tr("&View"));
  for (const StartPageEntry& entry : startPages()) {
    const QString id = QLatin1String(entry.id);
    view->addAction(QCoreApplication::translate("pages", entry.title), this,
                    [this, id] { showPage(id); });
  }
  view->addSeparator();
  QAction* dark = view->addAction(tr("Dar&k"));
  dark->setCheckable(true);
  dark->setChecked(themeOf(palette()).dark);
  dark->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_D));
  connect(dark, &QAction::toggled, this, &StartWindow::themeRequested);
}

bool StartWindow::showPage(const QString& id) {
  for (int i = 0; i < m_tabs->count(); ++i) {
    if (m_tabs->widget(i)->objectName() != QStringLiteral("start.") + id) continue;
    m_tabs->setCurrentIndex(i);
    return true;
  }
  return false;
}

void StartWindow::closeEvent(QCloseEvent* event) {
  QSettings().setValue(geometryKey(), saveGeometry());
  event->accept();
}

}  // namespace gui
