// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/parts/lists.h"

#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QTableView>

namespace gui {

void listRows(QTableView* table, int padding) {
  table->setEditTriggers(QAbstractItemView::NoEditTriggers);
  table->setSelectionBehavior(QAbstractItemView::SelectRows);
  table->setSelectionMode(QAbstractItemView::SingleSelection);
  table->setTabKeyNavigation(false);
  table->setShowGrid(false);
  table->setWordWrap(false);
  const int height = table->fontMetrics().height() + padding;
  table->verticalHeader()->hide();
  table->verticalHeader()->setMinimumSectionSize(height);
  table->verticalHeader()->setDefaultSectionSize(height);
  table->horizontalHeader()->setHighlightSections(false);
  table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
}

QLabel* emptySentence(const QString& text) {
  auto* label = new QLabel(text);
  label->setAlignment(Qt::AlignCenter);
  label->setWordWrap(true);
  return label;
}

QPlainTextEdit* shownText(const QString& objectName, const QString& accessibleName) {
  auto* text = new QPlainTextEdit;
  text->setObjectName(objectName);
  text->setAccessibleName(accessibleName);
  text->setReadOnly(true);
  text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  text->setTabChangesFocus(true);
  return text;
}

}  // namespace gui
