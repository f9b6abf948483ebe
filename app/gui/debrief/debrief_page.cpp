// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/debrief/debrief_page.h"

#include <QFileDialog>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QTabWidget>
#include <QTableWidget>
#include <QTextBrowser>
#include <QVBoxLayout>

#include "base/text.h"
#include "drill/run_file.h"
#include "gui/debrief/loss_chart.h"
#include "gui/debrief/score_view.h"
#include "gui/evidence/alert_rule_form.h"
#include "gui/parts/acting.h"
#include "gui/parts/answer_label.h"
#include "gui/parts/lists.h"
#include "gui/parts/sight.h"

namespace gui {
namespace {

QString whole(double value) {
  return fromText(base::groupedText(static_cast<std::int64_t>(value + 0.5)));
}

QString impactText(const models::Session& session, const drill::Impact& impact) {
  QStringList parts;
  parts << DebriefPage::tr(
               "%1 % of users were affected; %2 user-minutes were lost (the expert: "
               "%3, nobody doing anything: %4).")
               .arg(fromText(base::fixedText(impact.usersAffectedPercent, 1)),
                    whole(impact.userMinutesLost), whole(impact.parUserMinutesLost),
                    whole(impact.idleUserMinutesLost));
  if (impact.recoveredAt.ms >= 0) {
    parts << DebriefPage::tr("Recovered at %1 GMT.").arg(session.clockText(impact.recoveredAt));
  } else {
    parts << (impact.firstHurt.ms < 0
                  ? DebriefPage::tr("Nobody had been hurt yet when it was closed.")
                  : DebriefPage::tr("The service had not recovered at the end."));
  }
  return parts.join(QLatin1Char(' '));
}

}  // namespace

DebriefPage::DebriefPage(const PageContext& context, QWidget* parent)
    : QWidget(parent), m_session(context.session) {
  setAccessibleName(tr("Debrief"));
  m_empty =
      emptySentence(tr("The debrief will be here once the incident is closed: what happened, "
                       "why, what it cost, and the score."));
  m_empty->setObjectName(QStringLiteral("debriefEmpty"));
  m_tabs = new QTabWidget;
  m_tabs->setObjectName(QStringLiteral("debriefTabs"));
  m_tabs->setAccessibleName(tr("Parts of the debrief"));
  m_tabs->setDocumentMode(true);
  m_tabs->addTab(buildStory(), tr("What &happened"));
  m_causes = buildText(QStringLiteral("causes"), tr("Causes"));
  m_tabs->addTab(m_causes, tr("Wh&y"));
  m_tabs->addTab(new AlertRuleForm(m_session), tr("Missing a&lert"));
  m_tabs->addTab(buildPostmortem(), tr("&Postmortem"));
  m_score = new ScoreView;
  m_tabs->addTab(m_score, tr("&Score"));
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->addWidget(m_empty, 1);
  layout->addWidget(m_tabs, 1);
  auto* sight = new Sight(this);
  const auto refresh = [this, sight] { sight->whenHere([this] { fill(); }); };
  connect(&m_session, &models::Session::finished, this, refresh);
  connect(&m_session, &models::Session::wasReset, this, refresh);
  connect(&m_session, &models::Session::journalGrew, this, [this, refresh] {
    if (m_tabs->isVisibleTo(this) && !m_session.run().finished()) refresh();
  });
  fill();
}

QWidget* DebriefPage::buildStory() {
  auto* halves = new QSplitter(Qt::Vertical);
  halves->setChildrenCollapsible(false);
  auto* upper = new QWidget;
  m_impact = new QLabel;
  m_impact->setObjectName(QStringLiteral("impact"));
  m_impact->setWordWrap(true);
  m_impact->setMinimumHeight(2 * m_impact->fontMetrics().lineSpacing());
  m_chart = new LossChart;
  m_chart->setObjectName(QStringLiteral("lossChart"));
  auto* layout = new QVBoxLayout(upper);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(m_impact);
  layout->addWidget(m_chart, 1);
  m_events = new QTableWidget(0, 3);
  m_events->setObjectName(QStringLiteral("debriefEvents"));
  m_events->setAccessibleName(tr("What was done when, by whom"));
  listRows(m_events, 6);
  m_events->setHorizontalHeaderLabels({tr("Time (GMT)"), tr("Who"), tr("What")});
  m_events->horizontalHeader()->setResizeContentsPrecision(20);
  m_events->horizontalHeader()->setSectionResizeMode(2, QHeaderView::Stretch);
  halves->addWidget(upper);
  halves->addWidget(m_events);
  halves->setStretchFactor(0, 3);
  halves->setStretchFactor(1, 2);
  connect(m_chart, &LossChart::eventPicked, this,
          [this](std::size_t event) { m_events->selectRow(static_cast<int>(event)); });
  connect(m_events, &QTableWidget::itemSelectionChanged, this, [this] {
    const QTableWidgetItem* item = m_events->item(m_events->currentRow(), 0);
    if (item) m_chart->setSelected({item->data(Qt::UserRole).toLongLong()});
  });
  return halves;
}

QTextBrowser* DebriefPage::buildText(const QString& name, const QString& title) {
  auto* text = new QTextBrowser;
  text->setObjectName(name);
  text->setAccessibleName(title);
  text->setOpenLinks(false);
  text->setTabChangesFocus(true);
  return text;
}

QWidget* DebriefPage::buildPostmortem() {
  auto* box = new QWidget;
  m_postmortem = buildText(QStringLiteral("postmortem"), tr("Draft of the postmortem"));
  auto* save = new QPushButton(tr("Save as &Markdown..."));
  save->setObjectName(QStringLiteral("savePostmortem"));
  auto* run = new QPushButton(tr("Save the &run..."));
  run->setObjectName(QStringLiteral("saveRun"));
  run->setToolTip(tr("A file from which the whole run can be recomputed"));
  m_answer = new AnswerLabel(QStringLiteral("saveAnswer"));
  auto* row = new QHBoxLayout;
  row->addWidget(save);
  row->addWidget(run);
  row->addWidget(m_answer, 1);
  auto* layout = new QVBoxLayout(box);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(m_postmortem, 1);
  layout->addLayout(row);
  connect(save, &QPushButton::clicked, this, &DebriefPage::savePostmortem);
  connect(run, &QPushButton::clicked, this, &DebriefPage::saveRun);
  return box;
}

void DebriefPage::fill() {
  const drill::Debrief* debrief = m_session.debrief();
  // Looking back on a finished run, or on a history watched to its end, keeps its debrief.
  const bool keep = !debrief && !m_filled.empty() &&
                    (m_session.reviewing() || m_session.mode() == drill::Mode::Watch);
  m_empty->setVisible(!debrief && !keep);
  m_tabs->setVisible(debrief || keep);
  if (!debrief || debrief->markdown == m_filled) return;
  m_filled = debrief->markdown;
  fillStory(*debrief);
  fillCauses(*debrief);
  m_postmortem->setMarkdown(fromText(debrief->markdown));
  m_score->setScore(debrief->score, m_session);
}

void DebriefPage::fillStory(const drill::Debrief& debrief) {
  const sim::TimingSpec& timing = m_session.run().world().spec().timing;
  m_impact->setText(impactText(m_session, debrief.impact));
  m_chart->setDebrief(debrief, timing.opensAt, timing.startUnixMs);
  // Every cell would measure all of them anew.
  QHeaderView* header = m_events->horizontalHeader();
  for (const int column : {0, 1}) header->setSectionResizeMode(column, QHeaderView::Interactive);
  m_events->setRowCount(static_cast<int>(debrief.timeline.size()));
  for (int row = 0; row < m_events->rowCount(); ++row) {
    const drill::TimelineEvent& event = debrief.timeline[static_cast<std::size_t>(row)];
    auto* time = new QTableWidgetItem(m_session.clockText(event.at));
    time->setData(Qt::UserRole, static_cast<qlonglong>(event.at.ms));
    m_events->setItem(row, 0, time);
    m_events->setItem(row, 1, new QTableWidgetItem(LossChart::laneText(event.lane)));
    auto* what = new QTableWidgetItem(fromText(event.text));
    what->setToolTip(what->text());
    m_events->setItem(row, 2, what);
  }
  for (const int column : {0, 1}) {
    header->setSectionResizeMode(column, QHeaderView::ResizeToContents);
  }
}

void DebriefPage::fillCauses(const drill::Debrief& debrief) {
  QString text = tr("## The chain of causes") + QStringLiteral("\n\n");
  int number = 1;
  for (const std::string& link : debrief.chain) {
    text += QStringLiteral("%1. %2\n").arg(QString::number(number++), fromText(link));
  }
  text += QStringLiteral("\n") + fromText(m_session.run().scenario().texts.debrief);
  m_causes->setMarkdown(text);
}

void DebriefPage::save(const QString& title, const QString& name, const QString& suffix,
                       const std::string& text) {
  auto* dialog = new QFileDialog(window(), title);
  dialog->setObjectName(QStringLiteral("saveDialog"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setFileMode(QFileDialog::AnyFile);
  dialog->setDefaultSuffix(suffix);
  dialog->selectFile(name + QLatin1Char('.') + suffix);
  connect(dialog, &QFileDialog::fileSelected, this, [this, text](const QString& path) {
    const base::Result<> written = drill::writeFileSafely(path.toStdString(), text);
    if (written) {
      m_answer->showNote(tr("Saved %1").arg(path));
    } else {
      m_answer->showProblem(fromText(written.error().message));
    }
  });
  dialog->open();
}

void DebriefPage::savePostmortem() {
  const drill::Debrief* debrief = m_session.debrief();
  if (!debrief) return;
  save(tr("Save the postmortem"),
       QStringLiteral("postmortem-") + fromText(m_session.run().scenario().id),
       QStringLiteral("md"), debrief->markdown);
}

void DebriefPage::saveRun() {
  if (!m_session.run().finished()) return;
  save(tr("Save the run"), fromText(m_session.run().scenario().id), QStringLiteral("run"),
       drill::runText(m_session.run(), true));
}

}  // namespace gui
