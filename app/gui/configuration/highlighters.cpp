// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/configuration/highlighters.h"

#include "gui/app/theme.h"

namespace gui {
namespace {

bool isNameCharacter(QChar c) {
  return c.isLetterOrNumber() || c == QLatin1Char('_') || c == QLatin1Char('.');
}

}  // namespace

void ConfigHighlighter::setPalette(const QPalette& palette) {
  const Theme& theme = themeOf(palette);
  m_name = theme.accent;
  m_comment = theme.muted;
  m_string = theme.good;
  rehighlight();
}

void ConfigHighlighter::highlightBlock(const QString& text) {
  const auto length = static_cast<int>(text.size());
  int at = 0;
  while (at < length && text[at].isSpace()) ++at;
  const int name = at;
  while (at < length && isNameCharacter(text[at])) ++at;
  setFormat(name, at - name, m_name);
  bool quoted = false;
  int opened = 0;
  for (; at < length; ++at) {
    if (text[at] == QLatin1Char('\'')) {
      if (quoted) setFormat(opened, at - opened + 1, m_string);
      quoted = !quoted;
      opened = at;
    } else if (text[at] == QLatin1Char('#') && !quoted) {
      setFormat(at, length - at, m_comment);
      return;
    }
  }
}

void DiffHighlighter::setPalette(const QPalette& palette) {
  const Theme& theme = themeOf(palette);
  m_added = theme.good;
  m_removed = theme.bad;
  m_place = theme.muted;
  rehighlight();
}

void DiffHighlighter::highlightBlock(const QString& text) {
  if (text.isEmpty()) return;
  const auto length = static_cast<int>(text.size());
  if (text[0] == QLatin1Char('+')) setFormat(0, length, m_added);
  if (text[0] == QLatin1Char('-')) setFormat(0, length, m_removed);
  if (text.startsWith(QLatin1String("@@"))) setFormat(0, length, m_place);
}

}  // namespace gui
