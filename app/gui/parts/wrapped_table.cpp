// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/parts/wrapped_table.h"

#include <QEvent>
#include <QHeaderView>
#include <QSignalBlocker>
#include <QStyle>

namespace gui {
namespace {
constexpr int kPadding = 6;  // above and below the text
}  // namespace

WrappedTable::WrappedTable(int wrapped, QWidget* parent) : QTableView(parent), m_wrapped(wrapped) {
  setSelectionBehavior(QAbstractItemView::SelectRows);
  setTabKeyNavigation(false);
  setShowGrid(false);
  setWordWrap(true);
  setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  verticalHeader()->hide();
  verticalHeader()->setMinimumSectionSize(0);
  verticalHeader()->setDefaultSectionSize(fontMetrics().height() + kPadding);
  horizontalHeader()->setHighlightSections(false);
  horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
}

void WrappedTable::setModel(QAbstractItemModel* model) {
  QTableView::setModel(model);
  horizontalHeader()->setSectionResizeMode(m_wrapped, QHeaderView::Stretch);
  connect(horizontalHeader(), &QHeaderView::sectionResized, this, [this](int section) {
    if (section == m_wrapped) fitAll();
  });
  connect(model, &QAbstractItemModel::modelReset, this, &WrappedTable::fitAll);
  fitAll();
}

void WrappedTable::rowsInserted(const QModelIndex& parent, int first, int last) {
  QTableView::rowsInserted(parent, first, last);
  fit(first, last);
}

void WrappedTable::changeEvent(QEvent* event) {
  QTableView::changeEvent(event);
  if (event->type() != QEvent::FontChange) return;
  m_heights.clear();
  fitAll();
}

void WrappedTable::fitAll() {
  if (model()) fit(0, model()->rowCount() - 1);
}

void WrappedTable::fit(int first, int last) {
  const int margin = style()->pixelMetric(QStyle::PM_FocusFrameHMargin, nullptr, this) + 1;
  const int width = columnWidth(m_wrapped) - 2 * margin;
  if (width != m_width) m_heights.clear();
  m_width = width;
  bool changed = false;
  {
    // All rows first, then one layout.
    const QSignalBlocker blocker(verticalHeader());
    for (int row = first; row <= last; ++row) {
      const int height = heightOf(model()->index(row, m_wrapped).data().toString(), width);
      if (rowHeight(row) == height) continue;
      setRowHeight(row, height);
      changed = true;
    }
  }
  if (changed) doItemsLayout();
}

int WrappedTable::heightOf(const QString& text, int width) {
  const auto known = m_heights.constFind(text);
  if (known != m_heights.cend()) return *known;
  const QRect room(0, 0, std::max(1, width), QWIDGETSIZE_MAX);
  const int height = fontMetrics().boundingRect(room, Qt::TextWordWrap, text).height() + kPadding;
  m_heights.insert(text, height);
  return height;
}

}  // namespace gui
