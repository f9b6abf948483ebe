// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/debrief/score_view.h"

#include <QHeaderView>
#include <QLabel>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "base/text.h"
#include "gui/parts/acting.h"
#include "models/words.h"

namespace gui {
namespace {

enum Column { Reason, Points, Bar, ColumnCount };
constexpr int kShareRole = Qt::UserRole;  // double: how much of the bar is full

QString pointsText(double value) {
  QString text = fromText(base::fixedText(value, 1));
  if (text.endsWith(QLatin1String(".0"))) text.chop(2);
  return text == QLatin1String("-0") ? QStringLiteral("0") : text;
}

// The number beside it says the same.
class BarDelegate : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;

 protected:
  void paint(QPainter* painter, const QStyleOptionViewItem& option,
             const QModelIndex& index) const override {
    const QVariant share = index.data(kShareRole);
    if (!share.isValid()) return;
    QRect frame = option.rect.adjusted(4, 4, -4, -4);
    frame.setHeight(std::min(frame.height(), option.fontMetrics.height()));
    painter->save();
    painter->setPen(option.palette.color(QPalette::Mid));
    painter->drawRect(frame.adjusted(0, 0, -1, -1));
    QRect full = frame.adjusted(1, 1, -1, -1);
    full.setWidth(static_cast<int>(full.width() * std::clamp(share.toDouble(), 0.0, 1.0)));
    painter->fillRect(full, option.palette.color(QPalette::Highlight));
    painter->restore();
  }
};

}  // namespace

ScoreView::ScoreView(QWidget* parent) : QWidget(parent) {
  setAccessibleName(tr("Score"));
  m_tree = new QTreeWidget;
  m_tree->setObjectName(QStringLiteral("scoreTree"));
  m_tree->setAccessibleName(tr("Parts of the score, their reasons and the entries behind them"));
  m_tree->setColumnCount(ColumnCount);
  m_tree->setHeaderLabels({tr("Part and reasons"), tr("Points"), tr("Share")});
  m_tree->setWordWrap(true);
  m_tree->setAlternatingRowColors(true);
  m_tree->setItemDelegateForColumn(Bar, new BarDelegate(m_tree));
  m_tree->header()->setStretchLastSection(false);
  m_tree->header()->setSectionResizeMode(Reason, QHeaderView::Stretch);
  m_tree->header()->setSectionResizeMode(Points, QHeaderView::ResizeToContents);
  m_tree->header()->resizeSection(Bar, fontMetrics().averageCharWidth() * 16);
  m_caps = new QLabel;
  m_caps->setObjectName(QStringLiteral("caps"));
  m_caps->setWordWrap(true);
  m_total = new QLabel;
  m_total->setObjectName(QStringLiteral("scoreTotal"));
  m_total->setAccessibleName(tr("Total"));
  QFont large = font();
  large.setPointSizeF(large.pointSizeF() * 1.6);
  large.setBold(true);
  m_total->setFont(large);
  m_total->setWordWrap(true);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->addWidget(m_tree, 1);
  layout->addWidget(m_caps);
  layout->addWidget(m_total);
}

void ScoreView::addPart(const drill::ScorePart& part, const models::Session& session) {
  const auto& journal = session.run().journal();
  auto* row = new QTreeWidgetItem(
      m_tree, {fromText(part.title),
               tr("%1 of %2").arg(pointsText(part.points), pointsText(part.possible))});
  row->setData(Bar, kShareRole, part.possible > 0 ? part.points / part.possible : 0.0);
  QFont bold = font();
  bold.setBold(true);
  row->setFont(Reason, bold);
  for (const drill::ScoreItem& item : part.items) {
    const QString points =
        item.possible > 0 ? tr("%1 of %2").arg(pointsText(item.points), pointsText(item.possible))
                          : pointsText(item.points);
    auto* reason = new QTreeWidgetItem(row, {fromText(item.text), points});
    reason->setToolTip(Reason, fromText(item.text));
    if (item.possible > 0) reason->setData(Bar, kShareRole, item.points / item.possible);
    for (const std::size_t entry : item.entries) {
      if (entry >= journal.size()) continue;
      const sim::TimedAction& timed = journal[entry].timed;
      const QString text = tr("%1 GMT, entry %2: %3")
                               .arg(session.clockText(timed.at), QString::number(entry + 1),
                                    models::actionText(session.run().world().spec(), timed.action));
      (new QTreeWidgetItem(reason, {text}))->setToolTip(Reason, text);
    }
  }
  row->setExpanded(true);
}

void ScoreView::setScore(const drill::Score& score, const models::Session& session) {
  m_tree->clear();
  for (const drill::ScorePart& part : score.parts) addPart(part, session);
  QStringList limits;
  for (const std::string& cap : score.caps) limits << tr("Limit: %1").arg(fromText(cap));
  if (score.hintCost > 0) limits << tr("Hints cost %1 points.").arg(pointsText(score.hintCost));
  if (score.practice) limits << tr("Practice: rewinding and hints were free.");
  m_caps->setText(limits.join(QLatin1Char('\n')));
  m_caps->setVisible(!limits.isEmpty());
  m_total->setText(tr("%1 of 100: %2").arg(pointsText(score.total), fromText(score.band)));
}

}  // namespace gui
