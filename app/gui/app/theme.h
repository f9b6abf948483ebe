// SPDX-License-Identifier: GPL-3.0-or-later
// Light and dark: the palettes of the whole program, and the colours that a palette does not have.
// A widget asks themeOf(palette()) when its palette changes; nothing else keeps track of the
// choice.
#pragma once

#include <QColor>
#include <QPalette>
#include <array>

namespace gui {

struct Theme {
  bool dark = false;
  QColor window, base, alternate, text, muted, border, accent, accentText;
  QColor good, warning, bad;  // always together with a word or a shape
  QColor grid;
  QColor alertLine;              // faint: a mark, not a curve
  std::array<QColor, 4> series;  // lines of a chart, also told apart by their dashes
};

[[nodiscard]] const Theme& lightTheme();
[[nodiscard]] const Theme& darkTheme();
// The theme whose palette this is, by its brightness.
[[nodiscard]] const Theme& themeOf(const QPalette& palette);
[[nodiscard]] QPalette paletteOf(const Theme& theme);
// Style, palette and the few rules of style sheet for all windows.
void applyTheme(bool dark);

}  // namespace gui
