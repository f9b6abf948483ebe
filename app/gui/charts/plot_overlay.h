// SPDX-License-Identifier: GPL-3.0-or-later
// What lies over the curves: event markers or the cross-hair with its read-outs, across all charts
// of a plot. Include only from .cpp files of this folder: it needs qcustomplot.h.
#pragma once

#include <qcustomplot.h>

#include <limits>
#include <vector>

namespace gui {

class PlotOverlay : public QCPLayerable {
  Q_OBJECT
 public:
  struct Marker {
    double time = 0;
    bool alert = false;  // a triangle on top; an action: a dotted line only
  };
  struct ReadOut {
    QCPAxisRect* rect = nullptr;
    QString text;
  };
  PlotOverlay(QCustomPlot* plot, const QString& layer) : QCPLayerable(plot, layer) {}

  std::vector<QCPAxisRect*> rects;
  std::vector<Marker> markers;
  double cursor = std::numeric_limits<double>::quiet_NaN();
  std::vector<ReadOut> readOuts;
  QColor alertColour, alertLine, actionColour, cursorColour, boxColour, textColour;

 protected:
  void applyDefaultAntialiasingHint(QCPPainter* painter) const override;
  void draw(QCPPainter* painter) override;

 private:
  void drawMarkers(QCPPainter* painter, const QCPAxisRect* rect) const;
  void drawReadOut(QCPPainter* painter, const ReadOut& readOut) const;
};

}  // namespace gui
