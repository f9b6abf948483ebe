// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/logs/log_delegate.h"

#include <QFontDatabase>

#include "gui/app/theme.h"
#include "models/log_model.h"

namespace gui {

LogDelegate::LogDelegate(QObject* parent)
    : QStyledItemDelegate(parent), m_font(QFontDatabase::systemFont(QFontDatabase::FixedFont)) {}

void LogDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const {
  QStyledItemDelegate::initStyleOption(option, index);
  const Theme& theme = themeOf(option->palette);
  const auto severity =
      static_cast<sim::Severity>(index.data(models::LogModel::SeverityRole).toInt());
  if (index.column() == models::LogModel::Text) {
    const qreal size = option->font.pointSizeF();
    option->font = m_font;
    option->font.setPointSizeF(size);
  }
  QColor colour = theme.text;
  if (severity >= sim::Severity::Error) {
    colour = theme.bad;
  } else if (severity == sim::Severity::Warning) {
    colour = theme.warning;
  } else if (index.column() != models::LogModel::Text) {
    colour = theme.muted;
  }
  option->palette.setColor(QPalette::Text, colour);
}

}  // namespace gui
