// SPDX-License-Identifier: GPL-3.0-or-later
// Work that only somebody who looks needs: done at once while a widget is visible, else once when
// it is next shown. Scrubbing along the time line asks for it many times a second.
#pragma once

#include <QObject>
#include <functional>

class QWidget;

namespace gui {

class WhenShown : public QObject {
  Q_OBJECT
 public:
  // The widget owns it.
  WhenShown(QWidget* shown, std::function<void()> work);
  void ask();
  [[nodiscard]] bool due() const { return m_due; }

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void work();

  QWidget* m_shown;
  std::function<void()> m_work;
  bool m_due = false;
};

}  // namespace gui
