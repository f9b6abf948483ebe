// SPDX-License-Identifier: GPL-3.0-or-later
// Whether somebody can see a page. A dock behind another's tab is visible to Qt, and nobody sees
// it: what it would show is neither looked at nor worth the work.
#pragma once

#include <QObject>
#include <functional>

class QWidget;

namespace gui {

class Sight : public QObject {
  Q_OBJECT
 public:
  // The page owns it; its parent may be a dock.
  explicit Sight(QWidget* page);
  [[nodiscard]] bool here() const { return m_here; }
  // Done at once while the page is in sight, else once when it comes into sight, before came().
  void whenHere(std::function<void()> work);
  [[nodiscard]] bool waits() const { return static_cast<bool>(m_work); }

 signals:
  void came();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void update(bool shown);

  QWidget* m_page;
  bool m_inFront = true;  // of the docks behind one tab bar
  bool m_here = false;
  std::function<void()> m_work;
};

}  // namespace gui
