// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/records/records_page.h"

#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

#include "gui/parts/acting.h"
#include "gui/parts/answer_label.h"
#include "gui/parts/lists.h"
#include "gui/records/recomputation.h"

namespace gui {

RecordsPage::RecordsPage(const StartContext& context, QWidget* parent)
    : QWidget(parent), m_context(context) {
  setAccessibleName(tr("Records"));
  buildTable();
  m_empty =
      new QLabel(tr("Runs that were finished on this machine will be listed here, with their "
                    "scores; they can be opened again at any time."));
  m_empty->setObjectName(QStringLiteral("recordsEmpty"));
  m_empty->setAlignment(Qt::AlignCenter);
  m_empty->setWordWrap(true);
  m_answer = new AnswerLabel(QStringLiteral("recordsAnswer"));
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(m_table, 1);
  layout->addWidget(m_empty, 1);
  layout->addWidget(m_answer);
  layout->addWidget(buildButtons());
  load();
}

void RecordsPage::buildTable() {
  m_table = new QTableView;
  m_table->setObjectName(QStringLiteral("recordsTable"));
  m_table->setAccessibleName(tr("Finished runs, newest first"));
  listRows(m_table);
  m_table->setModel(&m_model);
  m_table->setAlternatingRowColors(true);
  m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
  m_table->horizontalHeader()->setSectionResizeMode(models::RecordsModel::Scenario,
                                                    QHeaderView::Stretch);
  connect(m_table, &QTableView::activated, this, &RecordsPage::replay);
  connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
          &RecordsPage::followSelection);
  connect(&m_model, &QAbstractItemModel::modelReset, this, &RecordsPage::followSelection,
          Qt::QueuedConnection);
}

QWidget* RecordsPage::buildButtons() {
  auto* box = new QWidget;
  m_replay = new QPushButton(tr("O&pen again"));
  m_replay->setObjectName(QStringLiteral("replayRecord"));
  m_replay->setToolTip(tr("Shows the run as it was recorded, with its debrief"));
  m_recompute = new QPushButton(tr("Re&compute the score"));
  m_recompute->setObjectName(QStringLiteral("recomputeRecord"));
  m_recompute->setToolTip(tr("Replays the run from its journal and compares with the record"));
  auto* layout = new QHBoxLayout(box);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(m_replay);
  layout->addWidget(m_recompute);
  layout->addStretch(1);
  connect(m_replay, &QPushButton::clicked, this, &RecordsPage::replay);
  connect(m_recompute, &QPushButton::clicked, this, &RecordsPage::recompute);
  return box;
}

// A damaged file is left as it is; what can be read of it is still shown.
void RecordsPage::load() {
  std::vector<records::Record> all;
  if (m_context.store) {
    const auto read = m_context.store->all();
    if (read) {
      all = read.value();
    } else {
      m_answer->showProblem(fromText(read.error().message));
    }
    const auto sound = m_context.store->check();
    if (!sound) m_answer->showProblem(fromText(sound.error().message));
  } else if (m_context.library) {
    const auto opened = records::Store::open(m_context.library->recordsFile());
    m_answer->showProblem(tr("The records cannot be opened: %1")
                              .arg(opened ? tr("close the other window that uses them")
                                          : fromText(opened.error().message)));
  }
  m_model.setRecords(std::move(all));
  const bool some = m_model.rowCount() > 0;
  m_table->setVisible(some);
  m_empty->setVisible(!some);
  if (some) m_table->selectRow(0);
  followSelection();
}

int RecordsPage::selectedRow() const {
  const QModelIndex current = m_table->currentIndex();
  return current.isValid() && current.row() < m_model.rowCount() ? current.row() : -1;
}

void RecordsPage::followSelection() {
  if (!m_replay) return;
  m_replay->setEnabled(selectedRow() >= 0);
  m_recompute->setEnabled(selectedRow() >= 0);
}

void RecordsPage::replay() {
  if (selectedRow() < 0 || !m_context.store) return;
  const auto record = m_context.store->find(m_model.record(selectedRow()).id);
  if (record) {
    m_context.launcher.review(record.value());
  } else {
    m_answer->showProblem(fromText(record.error().message));
  }
}

void RecordsPage::recompute() {
  if (selectedRow() < 0 || !m_context.store || !m_context.library) return;
  const Recomputation result =
      recomputeRecord(*m_context.library, *m_context.store, m_model.record(selectedRow()).id);
  if (result.same) {
    m_answer->showNote(result.text);
  } else {
    m_answer->showProblem(result.text);
  }
}

void RecordsPage::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  load();
}

}  // namespace gui
