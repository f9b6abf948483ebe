// SPDX-License-Identifier: GPL-3.0-or-later
// What a responder must see at all times: the incident clock, its pace, how many are hurt, the
// error budget, firing alerts; and the ways on: take over, close.
#pragma once

#include <QWidget>

#include "models/session.h"

class QComboBox;
class QLabel;
class QPushButton;
class QToolButton;

namespace gui {

class TopBar : public QWidget {
  Q_OBJECT
 public:
  explicit TopBar(models::Session& session, QWidget* parent = nullptr);
  void togglePause();
  void changeSpeed(int steps);

 signals:
  void closeRequested();
  void alertsRequested();

 private:
  struct Reading {
    QLabel* caption = nullptr;
    QLabel* value = nullptr;
  };
  QWidget* buildClock();
  QWidget* buildPace();
  QWidget* buildReadings();
  QWidget* buildEnds();
  QWidget* buildReading(Reading& reading, const QString& caption, const QString& name,
                        const QString& meaning);
  void refresh();
  void refreshPace();

  models::Session& m_session;
  QLabel* m_clock = nullptr;
  QLabel* m_mode = nullptr;
  QToolButton* m_play = nullptr;
  QComboBox* m_speed = nullptr;
  Reading m_hurt, m_budget, m_alerts;
  QToolButton* m_takeOver = nullptr;
  QPushButton* m_close = nullptr;
};

}  // namespace gui
