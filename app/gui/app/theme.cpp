// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/theme.h"

#include <QApplication>

namespace gui {

const Theme& lightTheme() {
  static const Theme kLight{
      false,
      QColor(0xf2f4f7),
      QColor(0xffffff),
      QColor(0xf6f8fa),
      QColor(0x1b2330),
      QColor(0x525d6b),
      QColor(0xc3cad3),
      QColor(0x1f5fa8),
      QColor(0xffffff),
      QColor(0x1a6e3c),
      QColor(0x8a5200),
      QColor(0xb3261e),
      QColor(0xe3e7ec),
      QColor(0xe3a8a4),
      {QColor(0x1f5fa8), QColor(0xb04a00), QColor(0x2b7a4b), QColor(0x7b3fa0)}};
  return kLight;
}

const Theme& darkTheme() {
  static const Theme kDark{
      true,
      QColor(0x1c2026),
      QColor(0x14171c),
      QColor(0x1a1e24),
      QColor(0xe4e8ee),
      QColor(0xa3adba),
      QColor(0x3c444f),
      QColor(0x5fa3e6),
      QColor(0x0d1117),
      QColor(0x6cc48a),
      QColor(0xe3b04b),
      QColor(0xff8a80),
      QColor(0x2a3038),
      QColor(0x7a4440),
      {QColor(0x6fb1f2), QColor(0xf0a35e), QColor(0x79cf98), QColor(0xc79bec)}};
  return kDark;
}

const Theme& themeOf(const QPalette& palette) {
  return palette.color(QPalette::Window).lightness() < 128 ? darkTheme() : lightTheme();
}

QPalette paletteOf(const Theme& theme) {
  QPalette palette;
  palette.setColor(QPalette::Window, theme.window);
  palette.setColor(QPalette::WindowText, theme.text);
  palette.setColor(QPalette::Base, theme.base);
  palette.setColor(QPalette::AlternateBase, theme.alternate);
  palette.setColor(QPalette::Text, theme.text);
  palette.setColor(QPalette::PlaceholderText, theme.muted);
  palette.setColor(QPalette::Button, theme.dark ? QColor(0x2a3038) : QColor(0xe9edf1));
  palette.setColor(QPalette::ButtonText, theme.text);
  palette.setColor(QPalette::BrightText, theme.bad);
  palette.setColor(QPalette::ToolTipBase, theme.base);
  palette.setColor(QPalette::ToolTipText, theme.text);
  palette.setColor(QPalette::Highlight, theme.accent);
  palette.setColor(QPalette::HighlightedText, theme.accentText);
  palette.setColor(QPalette::Link, theme.accent);
  palette.setColor(QPalette::LinkVisited, theme.series[3]);
  palette.setColor(QPalette::Light, theme.dark ? QColor(0x39414c) : QColor(0xffffff));
  palette.setColor(QPalette::Midlight, theme.dark ? QColor(0x313841) : QColor(0xf4f6f8));
  palette.setColor(QPalette::Mid, theme.border);
  palette.setColor(QPalette::Dark, theme.dark ? QColor(0x101317) : QColor(0xaab3be));
  palette.setColor(QPalette::Shadow, theme.dark ? QColor(0x07090b) : QColor(0x7d8793));
  for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
    palette.setColor(QPalette::Disabled, role, theme.dark ? QColor(0x7c8693) : QColor(0x7a8490));
  }
  palette.setColor(QPalette::Disabled, QPalette::Highlight, theme.border);
  return palette;
}

void applyTheme(bool dark) {
  const Theme& theme = dark ? darkTheme() : lightTheme();
  QApplication::setStyle(QStringLiteral("fusion"));
  QApplication::setPalette(paletteOf(theme));
}

}  // namespace gui
