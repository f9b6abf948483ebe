// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/alerts/alert_page.h"

#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QVBoxLayout>

#include "gui/app/theme.h"
#include "gui/parts/lists.h"
#include "gui/parts/sight.h"

namespace gui {
namespace {

// Colours the state's words; the words alone say it too.
class AlertDelegate : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;

 protected:
  void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override {
    QStyledItemDelegate::initStyleOption(option, index);
    const Theme& theme = themeOf(option->palette);
    const auto shown =
        static_cast<models::AlertModel::Shown>(index.data(models::AlertModel::StateRole).toInt());
    QColor colour = theme.text;
    if (shown == models::AlertModel::Shown::Firing) {
      colour = theme.bad;
      option->font.setBold(true);
    } else if (shown == models::AlertModel::Shown::Resolved) {
      colour = theme.muted;
    } else if (index.column() == models::AlertModel::State) {
      colour = theme.warning;
    }
    option->palette.setColor(QPalette::Text, colour);
  }
};

}  // namespace

AlertPage::AlertPage(const PageContext& context, QWidget* parent)
    : QWidget(parent), m_session(context.session), m_sight(new Sight(this)) {
  setAccessibleName(tr("Alerts"));
  buildTable();
  m_empty = emptySentence(tr("No alert so far."));
  m_summary = new QLabel;
  m_summary->setWordWrap(true);
  m_summary->setAccessibleName(tr("What the selected alert means"));
  m_summary->setTextInteractionFlags(Qt::TextSelectableByMouse);
  m_acknowledge = new QPushButton(tr("Acknow&ledge"));
  m_acknowledge->setObjectName(QStringLiteral("acknowledge"));
  m_acknowledge->setToolTip(tr("Says that you have seen the selected alert"));
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->addWidget(m_table, 1);
  layout->addWidget(m_empty, 1);
  auto* below = new QHBoxLayout;
  below->addWidget(m_summary, 1);
  below->addWidget(m_acknowledge, 0, Qt::AlignBottom);
  layout->addLayout(below);
  connectSession();
  refresh();
}

void AlertPage::buildTable() {
  m_table = new QTableView;
  m_table->setObjectName(QStringLiteral("alertTable"));
  m_table->setAccessibleName(tr("Alerts, firing ones first"));
  listRows(m_table);
  m_table->setModel(&m_model);
  m_table->setItemDelegate(new AlertDelegate(m_table));
  m_table->horizontalHeader()->setSectionResizeMode(models::AlertModel::Name, QHeaderView::Stretch);
  // Wide enough for what can come: measuring every row at every change is not free.
  const QFontMetrics metrics = m_table->fontMetrics();
  const auto widen = [&](models::AlertModel::Column column, const QString& widest) {
    m_table->setColumnWidth(column, metrics.horizontalAdvance(widest) + metrics.height());
  };
  widen(models::AlertModel::State, tr("acknowledged"));
  widen(models::AlertModel::Since, QStringLiteral("00:00:00"));
  widen(models::AlertModel::Value, QStringLiteral("000,000"));
  m_table->setColumnHidden(models::AlertModel::Summary, true);
  m_table->setColumnHidden(models::AlertModel::Severity, true);
  connect(m_table, &QTableView::activated, this, &AlertPage::acknowledge);
  connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
          &AlertPage::showSelected);
}

void AlertPage::connectSession() {
  connect(m_acknowledge, &QPushButton::clicked, this, &AlertPage::acknowledge);
  connect(&m_session, &models::Session::alertsGrew, this, [this] {
    refresh();
    noteLook();
  });
  connect(&m_session, &models::Session::journalGrew, this, &AlertPage::refresh);
  connect(m_sight, &Sight::came, this, &AlertPage::noteLook);
  connect(&m_session, &models::Session::wasReset, this, &AlertPage::refresh);
  connect(&m_session, &models::Session::modeChanged, this, [this] {
    refresh();
    noteLook();
  });
  connect(&m_session, &models::Session::finished, this, &AlertPage::refresh);
}

void AlertPage::refresh() {
  m_model.refresh(m_session.run());
  const bool some = m_model.rowCount() > 0;
  m_table->setVisible(some);
  m_empty->setVisible(!some);
  if (some && selectedRow() < 0) m_table->selectRow(0);
  showSelected();
  // At once: left to its timer, the table would be painted twice.
  m_table->doItemsLayout();
}

int AlertPage::selectedRow() const {
  const QModelIndex current = m_table->currentIndex();
  return current.isValid() ? current.row() : -1;
}

void AlertPage::showSelected() {
  const int row = selectedRow();
  const bool some = row >= 0 && row < m_model.rowCount();
  m_summary->setText(some ? m_model.index(row, models::AlertModel::Summary).data().toString()
                          : QString());
  m_acknowledge->setEnabled(some && m_model.stateOf(row) == models::AlertModel::Shown::Firing &&
                            m_session.mode() != drill::Mode::Watch && !m_session.run().finished());
}

void AlertPage::acknowledge() {
  const int row = selectedRow();
  if (row < 0 || !m_acknowledge->isEnabled()) return;
  sim::Action action;
  action.verb = sim::Verb::Acknowledge;
  action.target = m_model.index(row, 0).data(models::AlertModel::NameRole).toString().toStdString();
  const drill::Entry entry = m_session.perform(action);
  refresh();
  if (!entry.outcome.accepted) m_summary->setText(QString::fromStdString(entry.outcome.text));
}

void AlertPage::noteLook() {
  if (!m_sight->here()) return;
  const base::SimTime now = m_session.run().now();
  m_session.look(QStringLiteral("alerts"), now, now);
}

}  // namespace gui
