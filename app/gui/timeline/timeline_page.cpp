// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/timeline/timeline_page.h"

#include <QCheckBox>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QTableView>
#include <QVBoxLayout>

#include "gui/parts/lists.h"
#include "gui/parts/sight.h"
#include "gui/timeline/scrub_bar.h"

namespace gui {

TimelinePage::TimelinePage(const PageContext& context, QWidget* parent)
    : QWidget(parent), m_session(context.session), m_sight(new Sight(this)) {
  setAccessibleName(tr("Time line"));
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->setSpacing(4);
  layout->addWidget(buildBar());
  buildTable();
  layout->addWidget(m_table, 1);
  connectSession();
  reset();
}

QWidget* TimelinePage::buildBar() {
  auto* bar = new QWidget;
  auto* layout = new QHBoxLayout(bar);
  layout->setContentsMargins(0, 0, 0, 0);
  m_scrub = new ScrubBar;
  m_scrub->setObjectName(QStringLiteral("scrubBar"));
  m_scrub->setAccessibleName(tr("Moment shown, seconds since the start"));
  m_back = new QPushButton(tr("-1 min"));
  m_back->setAccessibleName(tr("One minute back"));
  m_forward = new QPushButton(tr("+1 min"));
  m_forward->setAccessibleName(tr("One minute on"));
  m_branch = new QPushButton(tr("Continue from &here"));
  m_branch->setObjectName(QStringLiteral("branch"));
  m_branch->setToolTip(tr("Drops what came later and goes on from the moment shown"));
  m_looks = new QCheckBox(tr("Show looking arou&nd"));
  m_looks->setToolTip(tr("Lists the charts and logs you looked at, too"));
  m_note = new QLabel;
  layout->addWidget(m_back);
  layout->addWidget(m_scrub, 1);
  layout->addWidget(m_forward);
  layout->addWidget(m_branch);
  layout->addWidget(m_note);
  layout->addWidget(m_looks);
  return bar;
}

void TimelinePage::buildTable() {
  m_table = new QTableView;
  m_table->setObjectName(QStringLiteral("timelineTable"));
  m_table->setAccessibleName(tr("Events so far"));
  listRows(m_table, 4);
  m_table->setModel(&m_model);
  m_table->setAlternatingRowColors(true);
  QHeaderView* header = m_table->horizontalHeader();
  header->setStretchLastSection(true);
  const QFontMetrics metrics = m_table->fontMetrics();
  m_table->setColumnWidth(models::TimelineModel::Time,
                          metrics.horizontalAdvance(QStringLiteral("Time (GMT)  M")));
  m_table->setColumnWidth(models::TimelineModel::Kind,
                          metrics.horizontalAdvance(QStringLiteral("message  M")));
  m_table->setColumnWidth(models::TimelineModel::Who,
                          metrics.horizontalAdvance(QStringLiteral("Ines, database team MM")));
  connect(m_table, &QTableView::activated, this, &TimelinePage::seekToRow);
}

void TimelinePage::connectSession() {
  connect(&m_session, &models::Session::alertsGrew, this, &TimelinePage::refresh);
  connect(&m_session, &models::Session::journalGrew, this, &TimelinePage::refresh);
  connect(&m_session, &models::Session::notificationsGrew, this, &TimelinePage::refresh);
  connect(&m_session, &models::Session::rowsGrew, this, &TimelinePage::followClock);
  connect(&m_session, &models::Session::wasReset, this,
          [this] { m_sight->whenHere([this] { reset(); }); });
  connect(&m_session, &models::Session::modeChanged, this, &TimelinePage::followClock);
  connect(&m_session, &models::Session::paceChanged, this, &TimelinePage::followClock);
  connect(m_scrub, &QSlider::valueChanged, this, [this](int seconds) {
    m_session.seek(base::seconds(seconds));
    followClock();
  });
  const auto step = [this](int seconds) {
    m_session.seek(m_session.run().now() + base::seconds(seconds));
    followClock();
  };
  connect(m_back, &QPushButton::clicked, this, [step] { step(-60); });
  connect(m_forward, &QPushButton::clicked, this, [step] { step(60); });
  connect(m_branch, &QPushButton::clicked, this, [this] {
    m_session.branch(m_session.run().now());
    followClock();
  });
  connect(m_looks, &QCheckBox::toggled, this, [this](bool shown) {
    m_model.setShowLooks(shown);
    reset();
  });
}

void TimelinePage::reset() {
  m_model.reset(m_session.run());
  m_scrub->setMarks(m_model.rows());
  followClock();
  m_table->scrollToBottom();
}

void TimelinePage::refresh() {
  if (m_sight->waits()) return;
  const QScrollBar* bar = m_table->verticalScrollBar();
  const bool atEnd = bar->value() == bar->maximum();
  m_model.refresh(m_session.run());
  m_scrub->setMarks(m_model.rows());
  if (atEnd) m_table->scrollToBottom();
}

void TimelinePage::followClock() {
  const QSignalBlocker blocker(m_scrub);
  const sim::TimingSpec& timing = m_session.run().world().spec().timing;
  m_scrub->setSpan(static_cast<int>(timing.opensAt.seconds()),
                   static_cast<int>(timing.endsAt.seconds()), timing.startUnixMs);
  m_scrub->setReached(static_cast<int>(m_session.reached().seconds()));
  m_scrub->setValue(static_cast<int>(m_session.run().now().seconds()));
  const bool past = m_session.reached() > m_session.run().now();
  const bool watching = m_session.mode() == drill::Mode::Watch;
  m_scrub->setEnabled(m_session.maySeek());
  m_back->setEnabled(m_session.maySeek() && m_session.run().now() > timing.opensAt);
  m_forward->setEnabled(m_session.maySeek() && (past || (watching && !m_session.run().finished())));
  m_branch->setVisible(past && !watching);
  m_note->setVisible(!m_session.maySeek());
  m_note->setText(tr("No going back in an assessment"));
}

void TimelinePage::seekToRow(const QModelIndex& index) {
  const auto at = index.data(models::TimelineModel::TimeRole).toLongLong();
  m_session.seek({at});
  followClock();
}

}  // namespace gui
