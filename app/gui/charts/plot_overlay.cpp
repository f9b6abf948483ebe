// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/charts/plot_overlay.h"

#include <cmath>

namespace gui {

void PlotOverlay::applyDefaultAntialiasingHint(QCPPainter* painter) const {
  painter->setAntialiasing(false);
}

void PlotOverlay::draw(QCPPainter* painter) {
  for (const QCPAxisRect* rect : rects) drawMarkers(painter, rect);
  if (!std::isfinite(cursor)) return;
  for (const QCPAxisRect* rect : rects) {
    const double x = rect->axis(QCPAxis::atBottom)->coordToPixel(cursor);
    if (x < rect->left() || x > rect->right()) continue;
    painter->setPen(QPen(cursorColour, 0));
    painter->drawLine(QLineF(x, rect->top(), x, rect->bottom()));
  }
  for (const ReadOut& readOut : readOuts) drawReadOut(painter, readOut);
}

void PlotOverlay::drawMarkers(QCPPainter* painter, const QCPAxisRect* rect) const {
  const QCPAxis* axis = rect->axis(QCPAxis::atBottom);
  for (const Marker& marker : markers) {
    if (!axis->range().contains(marker.time)) continue;
    const double x = std::floor(axis->coordToPixel(marker.time));
    QPen pen(marker.alert ? alertLine : actionColour, 0);
    pen.setStyle(marker.alert ? Qt::DashLine : Qt::DotLine);
    painter->setPen(pen);
    painter->drawLine(QLineF(x, rect->top(), x, rect->bottom()));
    if (!marker.alert) continue;
    painter->setPen(Qt::NoPen);
    painter->setBrush(alertColour);
    const QPointF points[] = {
        {x - 4, rect->top() + 0.0}, {x + 4, rect->top() + 0.0}, {x, rect->top() + 6.0}};
    painter->drawPolygon(points, 3);
    painter->setBrush(Qt::NoBrush);
  }
}

void PlotOverlay::drawReadOut(QCPPainter* painter, const ReadOut& readOut) const {
  const QCPAxisRect* rect = readOut.rect;
  const double x = rect->axis(QCPAxis::atBottom)->coordToPixel(cursor);
  if (readOut.text.isEmpty() || x < rect->left() || x > rect->right()) return;
  const QFontMetrics metrics(painter->font());
  QRect box = metrics.boundingRect(QRect(0, 0, 2000, 2000), Qt::AlignLeft, readOut.text);
  box = QRect(0, 0, box.width() + 8, box.height() + 2);
  const bool left = x + 6 + box.width() > rect->right();
  box.moveTo(static_cast<int>(left ? x - 6 - box.width() : x + 6), rect->top() + 2);
  if (box.left() < rect->left()) box.moveLeft(rect->left());
  painter->setPen(QPen(cursorColour, 0));
  painter->setBrush(boxColour);
  painter->drawRect(box);
  painter->setBrush(Qt::NoBrush);
  painter->setPen(textColour);
  painter->drawText(box.adjusted(4, 1, -4, -1), Qt::AlignLeft, readOut.text);
}

}  // namespace gui
