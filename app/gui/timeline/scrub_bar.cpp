// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/timeline/scrub_bar.h"

#include <QMouseEvent>
#include <QPainter>
#include <algorithm>

#include "gui/app/theme.h"

namespace gui {
namespace {
constexpr int kEdge = 22;  // room for half a clock reading at both ends
constexpr int kTrackTop = 16;
constexpr int kTrackHeight = 6;
}  // namespace

ScrubBar::ScrubBar(QWidget* parent) : QSlider(Qt::Horizontal, parent) {
  setFocusPolicy(Qt::StrongFocus);
  setSingleStep(15);
  setPageStep(300);
  setTracking(true);
}

void ScrubBar::setSpan(int from, int to, std::int64_t startUnixMs) {
  m_startUnixMs = startUnixMs;
  setRange(from, std::max(from + 1, to));
}

void ScrubBar::setReached(int seconds) {
  if (seconds == m_reached) return;
  m_reached = seconds;
  update();
}

void ScrubBar::setMarks(const std::vector<models::TimelineRow>& rows) {
  m_marks.clear();
  for (const models::TimelineRow& row : rows) {
    if (!row.marks()) continue;
    m_marks.push_back(
        {static_cast<int>(row.at.seconds()), row.kind == models::TimelineRow::Kind::Alert});
  }
  update();
}

QSize ScrubBar::sizeHint() const {
  return {240, kTrackTop + kTrackHeight + 6 + fontMetrics().height()};
}

int ScrubBar::positionOf(int seconds) const {
  const double share = static_cast<double>(seconds - minimum()) / (maximum() - minimum());
  return kEdge + static_cast<int>(share * (width() - 2 * kEdge));
}

int ScrubBar::secondsAt(int position) const {
  const double share = static_cast<double>(position - kEdge) / std::max(1, width() - 2 * kEdge);
  return minimum() + static_cast<int>(std::clamp(share, 0.0, 1.0) * (maximum() - minimum()));
}

void ScrubBar::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton) return;
  setFocus(Qt::MouseFocusReason);
  setValue(secondsAt(event->position().toPoint().x()));
}

void ScrubBar::mouseMoveEvent(QMouseEvent* event) {
  if (event->buttons() & Qt::LeftButton) setValue(secondsAt(event->position().toPoint().x()));
}

void ScrubBar::paintMarks(QPainter& painter) const {
  const Theme& theme = themeOf(palette());
  for (const Mark& mark : m_marks) {
    const int x = positionOf(mark.seconds);
    if (mark.alert) {  // a triangle above the track; actions are bars below it
      painter.setPen(Qt::NoPen);
      painter.setBrush(theme.bad);
      const QPoint points[] = {{x - 4, kTrackTop - 9}, {x + 4, kTrackTop - 9}, {x, kTrackTop - 2}};
      painter.drawPolygon(points, 3);
    } else {
      painter.fillRect(x, kTrackTop + kTrackHeight + 1, 1, 6, theme.accent);
    }
  }
}

void ScrubBar::paintHours(QPainter& painter) const {
  const Theme& theme = themeOf(palette());
  const int pixelsPerMinute = (width() - 2 * kEdge) * 60 / std::max(60, maximum() - minimum());
  const int step = pixelsPerMinute >= 5 ? 600 : pixelsPerMinute >= 2 ? 1800 : 3600;
  const auto startSeconds = static_cast<int>(m_startUnixMs / 1000 % 86'400);
  int at = minimum();
  while ((at + startSeconds) % step != 0) ++at;
  painter.setPen(theme.muted);
  for (; at <= maximum(); at += step) {
    const QString text =
        QString::fromStdString(base::clockText(m_startUnixMs + at * std::int64_t{1000})).left(5);
    painter.drawText(
        QRect(positionOf(at) - 30, height() - fontMetrics().height(), 60, fontMetrics().height()),
        Qt::AlignCenter, text);
  }
}

void ScrubBar::paintEvent(QPaintEvent*) {
  const Theme& theme = themeOf(palette());
  QPainter painter(this);
  const QRect track(kEdge, kTrackTop, width() - 2 * kEdge, kTrackHeight);
  painter.fillRect(track, theme.border);
  QRect done = track;
  done.setRight(positionOf(std::clamp(m_reached, minimum(), maximum())));
  painter.fillRect(done, theme.muted);
  paintHours(painter);
  painter.setRenderHint(QPainter::Antialiasing);
  paintMarks(painter);
  const int x = positionOf(value());
  painter.setPen(hasFocus() ? QPen(theme.text, 2) : QPen(theme.base, 1));
  painter.setBrush(isEnabled() ? theme.accent : theme.muted);
  painter.drawRoundedRect(QRect(x - 4, kTrackTop - 5, 8, kTrackHeight + 10), 2, 2);
}

}  // namespace gui
