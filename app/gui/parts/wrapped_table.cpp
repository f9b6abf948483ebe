// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/parts/wrapped_table.h"

#include <QEvent>
#include <QHeaderView>
#include <QSignalBlocker>
#include <QStyle>

#include "gui/parts/lists.h"

namespace gui {
namespace {
constexpr int kPadding = 6;  // above and below the text
}  // namespace

WrappedTable::WrappedTable(int wrapped, QWidget* parent) : QTableView(parent), m_wrapped(wrapped) {
  listRows(this, kPadding);
  setWordWrap(true);
  setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
}

void WrappedTable::setModel(QAbstractItemModel* model) {
  QTableView::setModel(model);
  horizontalHeader()->setSectionResizeMode(m_wrapped, QHeaderView::Stretch);
  // The header tells of the new width before it answers with it.
  connect(horizontalHeader(), &QHeaderView::sectionResized, this,
          [this](int section, int, int width) {
            if (section == m_wrapped) wrapAt(width);
          });
  connect(model, &QAbstractItemModel::modelReset, this, [this] { wrapAt(m_width); });
  wrapAt(columnWidth(m_wrapped));
}

void WrappedTable::rowsInserted(const QModelIndex& parent, int first, int last) {
  QTableView::rowsInserted(parent, first, last);
  fit(first, last);
}

void WrappedTable::changeEvent(QEvent* event) {
  QTableView::changeEvent(event);
  if (event->type() == QEvent::FontChange && model()) wrapAt(m_width);
}

void WrappedTable::wrapAt(int width) {
  m_heights.clear();
  m_width = width;
  fit(0, model()->rowCount() - 1);
}

void WrappedTable::fit(int first, int last) {
  bool changed = false;
  {
    // All rows first, then one layout.
    const QSignalBlocker blocker(verticalHeader());
    for (int row = first; row <= last; ++row) {
      const int height = heightOf(model()->index(row, m_wrapped).data().toString());
      if (rowHeight(row) == height) continue;
      setRowHeight(row, height);
      changed = true;
    }
  }
  if (changed) doItemsLayout();
}

int WrappedTable::heightOf(const QString& text) {
  const auto known = m_heights.constFind(text);
  if (known != m_heights.cend()) return *known;
  const int margin = style()->pixelMetric(QStyle::PM_FocusFrameHMargin, nullptr, this) + 1;
  const QRect room(0, 0, std::max(1, m_width - 2 * margin), QWIDGETSIZE_MAX);
  const int height = fontMetrics().boundingRect(room, Qt::TextWordWrap, text).height() + kPadding;
  m_heights.insert(text, height);
  return height;
}

}  // namespace gui
