// SPDX-License-Identifier: GPL-3.0-or-later
// A slider over the whole exercise with a mark for each event: shows where the run is and lets a
// watcher or a trainee in practice move through it.
#pragma once

#include <QSlider>
#include <vector>

#include "models/timeline_model.h"

namespace gui {

class ScrubBar : public QSlider {
  Q_OBJECT
 public:
  explicit ScrubBar(QWidget* parent = nullptr);
  // Seconds of simulated time.
  void setSpan(int from, int to, std::int64_t startUnixMs);
  void setReached(int seconds);
  void setMarks(const std::vector<models::TimelineRow>& rows);
  [[nodiscard]] QSize sizeHint() const override;
  [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;

 private:
  [[nodiscard]] int positionOf(int seconds) const;
  [[nodiscard]] int secondsAt(int position) const;
  void paintMarks(QPainter& painter) const;
  void paintHours(QPainter& painter) const;

  struct Mark {
    int seconds = 0;
    bool alert = false;
  };
  std::vector<Mark> m_marks;
  std::int64_t m_startUnixMs = 0;
  int m_reached = 0;
};

}  // namespace gui
