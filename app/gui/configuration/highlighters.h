// SPDX-License-Identifier: GPL-3.0-or-later
// Colours for configuration files and for differences. What they show is also said by the
// characters themselves ("#", "+", "-").
#pragma once

#include <QSyntaxHighlighter>

namespace gui {

class ConfigHighlighter : public QSyntaxHighlighter {
  Q_OBJECT
 public:
  explicit ConfigHighlighter(QTextDocument* document) : QSyntaxHighlighter(document) {}
  void setPalette(const QPalette& palette);

 protected:
  void highlightBlock(const QString& text) override;

 private:
  QColor m_name, m_comment, m_string;
};

class DiffHighlighter : public QSyntaxHighlighter {
  Q_OBJECT
 public:
  explicit DiffHighlighter(QTextDocument* document) : QSyntaxHighlighter(document) {}
  void setPalette(const QPalette& palette);

 protected:
  void highlightBlock(const QString& text) override;

 private:
  QColor m_added, m_removed, m_place;
};

}  // namespace gui
