// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <cmath>

#include "gui/app/theme.h"

namespace {

double channel(int value) {
  const double c = value / 255.0;
  return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

double luminance(const QColor& colour) {
  return 0.2126 * channel(colour.red()) + 0.7152 * channel(colour.green()) +
         0.0722 * channel(colour.blue());
}

// WCAG 2.1: 4.5 for text, 3 for lines.
double contrast(const QColor& a, const QColor& b) {
  const double high = std::max(luminance(a), luminance(b));
  const double low = std::min(luminance(a), luminance(b));
  return (high + 0.05) / (low + 0.05);
}

}  // namespace

class ThemeTest : public QObject {
  Q_OBJECT
 private slots:
  void textIsLegible() {
    for (const gui::Theme* theme : {&gui::lightTheme(), &gui::darkTheme()}) {
      for (const QColor& ground : {theme->window, theme->base, theme->alternate}) {
        for (const QColor& ink :
             {theme->text, theme->muted, theme->good, theme->warning, theme->bad}) {
          QVERIFY2(contrast(ink, ground) >= 4.5,
                   qPrintable(ink.name() + " on " + ground.name() + ": " +
                              QString::number(contrast(ink, ground))));
        }
      }
      QVERIFY(contrast(theme->accentText, theme->accent) >= 4.5);
      for (const QColor& line : theme->series) QVERIFY(contrast(line, theme->base) >= 3);
    }
  }
  void paletteTellsTheTheme() {
    QVERIFY(gui::themeOf(gui::paletteOf(gui::darkTheme())).dark);
    QVERIFY(!gui::themeOf(gui::paletteOf(gui::lightTheme())).dark);
  }
  void fontsDrawGlyphs() {
    const QFontMetrics metrics{QFont()};
    QVERIFY(metrics.inFont(QLatin1Char('A')));
    QVERIFY(metrics.horizontalAdvance(QLatin1Char('W')) >
            metrics.horizontalAdvance(QLatin1Char('i')));
  }
};

QTEST_MAIN(ThemeTest)
#include "tst_theme.moc"
