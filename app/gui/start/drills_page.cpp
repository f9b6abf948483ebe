// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/start/drills_page.h"

#include <QFileInfo>
#include <QLabel>
#include <QListView>
#include <QListWidget>
#include <QPushButton>
#include <QTextBrowser>
#include <QVBoxLayout>

#include "drill/run_file.h"
#include "models/words.h"

namespace gui {
namespace {

QString briefingOf(const scenario::Scenario& scenario) {
  QString text = QStringLiteral("# %1\n\n").arg(QString::fromStdString(scenario.title));
  text += DrillsPage::tr("Difficulty %1 of 5").arg(scenario.difficulty);
  text += QStringLiteral("\n\n") + QString::fromStdString(scenario.summary) +
          QStringLiteral("\n\n") + QString::fromStdString(scenario.texts.briefing) +
          QStringLiteral("\n\n");
  if (!scenario.objectives.empty()) {
    text += QStringLiteral("## ") + DrillsPage::tr("You will learn to") + QStringLiteral("\n\n");
  }
  for (const std::string& objective : scenario.objectives) {
    text += QStringLiteral("- %1\n").arg(QString::fromStdString(objective));
  }
  return text;
}

}  // namespace

DrillsPage::DrillsPage(const StartContext& context, QWidget* parent)
    : QWidget(parent), m_context(context) {
  setAccessibleName(tr("Drills"));
  auto* left = new QVBoxLayout;
  left->addWidget(buildList(), 3);
  left->addWidget(buildUnfinished(), 1);
  auto* layout = new QHBoxLayout(this);
  layout->addLayout(left, 2);
  layout->addWidget(buildBriefing(), 3);
  m_model.load(*m_context.library);
  if (m_model.rowCount() > 0) m_list->setCurrentIndex(m_model.index(0));
  showScenario();
}

QWidget* DrillsPage::buildList() {
  auto* box = new QWidget;
  auto* layout = new QVBoxLayout(box);
  layout->setContentsMargins(0, 0, 0, 0);
  auto* label = new QLabel(tr("Sc&enarios"));
  m_list = new QListView;
  m_list->setObjectName(QStringLiteral("scenarioList"));
  m_list->setAccessibleName(tr("Scenarios"));
  m_list->setModel(&m_model);
  m_list->setWordWrap(true);
  m_list->setSpacing(2);
  label->setBuddy(m_list);
  layout->addWidget(label);
  layout->addWidget(m_list, 1);
  connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
          &DrillsPage::showScenario);
  return box;
}

QWidget* DrillsPage::buildUnfinished() {
  m_unfinishedBox = new QWidget;
  auto* layout = new QVBoxLayout(m_unfinishedBox);
  layout->setContentsMargins(0, 0, 0, 0);
  auto* label = new QLabel(tr("&Unfinished runs"));
  m_unfinished = new QListWidget;
  m_unfinished->setObjectName(QStringLiteral("unfinishedRuns"));
  m_unfinished->setAccessibleName(tr("Unfinished runs"));
  label->setBuddy(m_unfinished);
  m_resume = new QPushButton(tr("Resu&me"));
  m_resume->setObjectName(QStringLiteral("resume"));
  layout->addWidget(label);
  layout->addWidget(m_unfinished, 1);
  layout->addWidget(m_resume);
  connect(m_resume, &QPushButton::clicked, this, &DrillsPage::resumeSelected);
  connect(m_unfinished, &QListWidget::itemActivated, this, &DrillsPage::resumeSelected);
  return m_unfinishedBox;
}

QPushButton* DrillsPage::buildMode(const QString& text, const QString& explanation,
                                   drill::Mode mode) {
  auto* button = new QPushButton(text);
  button->setObjectName(QStringLiteral("mode.") + models::modeText(mode));
  button->setToolTip(explanation);
  button->setAccessibleDescription(explanation);
  button->setMinimumHeight(fontMetrics().height() * 2);
  connect(button, &QPushButton::clicked, this, [this, mode] { start(mode); });
  m_modes.push_back(button);
  return button;
}

QWidget* DrillsPage::buildBriefing() {
  auto* box = new QWidget;
  auto* layout = new QVBoxLayout(box);
  layout->setContentsMargins(0, 0, 0, 0);
  m_briefing = new QTextBrowser;
  m_briefing->setObjectName(QStringLiteral("briefing"));
  m_briefing->setAccessibleName(tr("Briefing"));
  m_briefing->setOpenExternalLinks(true);
  auto* modes = new QHBoxLayout;
  modes->addWidget(buildMode(tr("&Watch"), tr("History as it happened; take over at any second."),
                             drill::Mode::Watch));
  modes->addWidget(buildMode(tr("&Practise"), tr("Pause, go back and take hints as you like."),
                             drill::Mode::Practice));
  modes->addWidget(buildMode(tr("Be &assessed"),
                             tr("No pause, no way back; hints cost points; the score is kept."),
                             drill::Mode::Assessment));
  auto* explanation = new QLabel(
      tr("Watch: history as it happened, take over at any second. Practise: pause, go back, take "
         "hints. Be assessed: no pause, no way back, hints cost points."));
  explanation->setWordWrap(true);
  layout->addWidget(m_briefing, 1);
  layout->addWidget(explanation);
  layout->addLayout(modes);
  return box;
}

void DrillsPage::showScenario() {
  const auto scenario = m_model.scenario(m_list->currentIndex().row());
  for (QPushButton* mode : m_modes) mode->setEnabled(scenario != nullptr);
  if (scenario) {
    m_briefing->setMarkdown(briefingOf(*scenario));
  } else if (m_list->currentIndex().isValid()) {
    m_briefing->setPlainText(
        m_list->currentIndex().data(models::ScenarioListModel::ProblemRole).toString());
  } else {
    m_briefing->setPlainText(
        tr("No scenarios were found. They are looked for in "
           "$OUTAGE_DRILL_DATA/scenarios and in the program's own folders."));
  }
}

void DrillsPage::start(drill::Mode mode) {
  const auto scenario = m_model.scenario(m_list->currentIndex().row());
  if (scenario) m_context.launcher.start(scenario, mode, m_context.seed);
}

void DrillsPage::listUnfinished() {
  m_unfinished->clear();
  for (const std::string& path : m_context.library->unfinishedRuns()) {
    const QString file = QString::fromStdString(path);
    const auto record = drill::readRunFile(path);
    QString text = QFileInfo(file).completeBaseName();
    if (record) {
      text = tr("%1, %2, after %3")
                 .arg(QString::fromStdString(record.value().scenarioId),
                      models::modeText(record.value().key.mode),
                      QString::fromStdString(base::durationText(record.value().reached)));
    } else {
      text = tr("%1 (damaged)").arg(text);
    }
    auto* item = new QListWidgetItem(text, m_unfinished);
    item->setData(Qt::UserRole, file);
    if (!record) item->setToolTip(QString::fromStdString(record.error().message));
  }
  m_unfinishedBox->setVisible(m_unfinished->count() > 0);
  if (m_unfinished->count() > 0) m_unfinished->setCurrentRow(0);
}

void DrillsPage::resumeSelected() {
  const QListWidgetItem* item = m_unfinished->currentItem();
  if (item) m_context.launcher.resume(item->data(Qt::UserRole).toString());
}

void DrillsPage::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  listUnfinished();
}

}  // namespace gui
