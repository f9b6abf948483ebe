// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/evidence/alert_rule_form.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "base/text.h"
#include "drill/debrief.h"
#include "drill/notebook.h"
#include "gui/parts/acting.h"
#include "gui/parts/answer_label.h"

namespace gui {
namespace {

QComboBox* metricBox(const QString& name, const QString& none) {
  auto* box = new QComboBox;
  box->setObjectName(name);
  box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  box->setMinimumContentsLength(20);
  box->addItem(none, QString());
  for (int i = 0; i < static_cast<int>(sim::kMetricCount); ++i) {
    const sim::MetricInfo& info = sim::metricInfo(static_cast<sim::Metric>(i));
    if (info.audience != sim::Audience::Trainee) continue;
    const QString full = fromText(info.fullName());
    box->addItem(full, full);
    box->setItemData(box->count() - 1, QString::fromUtf8(info.help.data(), info.help.size()),
                     Qt::ToolTipRole);
  }
  return box;
}

QString minutes(double value) {
  return fromText(base::fixedText(value < 0 ? -value : value, 1));
}

QString replayText(const models::Session& session, const drill::RuleReplay& replay) {
  QStringList lines;
  if (!replay.fires) {
    lines << AlertRuleForm::tr("On the day, this rule would not have fired.");
  } else {
    lines << AlertRuleForm::tr("On the day, this rule would have fired at %1 GMT.")
                 .arg(session.clockText(replay.firesAt));
    if (replay.firstHurt.ms >= 0) {
      lines << (replay.minutesEarlier >= 0
                    ? AlertRuleForm::tr("That is %1 minutes before the first user was hurt.")
                    : AlertRuleForm::tr("That is %1 minutes after the first user was hurt."))
                   .arg(minutes(replay.minutesEarlier));
    }
  }
  lines << (replay.falseAlarmsOnQuietDay == 0
                ? AlertRuleForm::tr("On a quiet day it stays silent.")
                : AlertRuleForm::tr("On a quiet day it gives %n false alarm(s).", nullptr,
                                    replay.falseAlarmsOnQuietDay));
  return lines.join(QLatin1Char('\n'));
}

}  // namespace

AlertRuleForm::AlertRuleForm(models::Session& session, QWidget* parent)
    : QWidget(parent), m_session(session) {
  setAccessibleName(tr("The missing alert rule"));
  auto* explanation =
      new QLabel(tr("Which rule would have warned earlier? Write it down before you close; after "
                    "the end it can be tried on that day and on a quiet one."));
  explanation->setWordWrap(true);
  m_answer = new AnswerLabel(QStringLiteral("ruleAnswer"));
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(explanation);
  layout->addWidget(buildForm());
  layout->addWidget(buildButtons());
  layout->addWidget(m_answer);
  layout->addStretch(1);
  connect(&m_session, &models::Session::wasReset, this, &AlertRuleForm::takeFiled);
  onActingChange(m_session, this, [this] { followState(); });
  takeFiled();
  followState();
}

QWidget* AlertRuleForm::buildForm() {
  auto* box = new QWidget;
  m_name = new QLineEdit(QStringLiteral("MissingAlert"));
  m_name->setObjectName(QStringLiteral("ruleName"));
  m_metric = metricBox(QStringLiteral("ruleMetric"), tr("choose a metric"));
  m_per = metricBox(QStringLiteral("rulePer"), tr("nothing"));
  m_operator = new QComboBox;
  m_operator->setObjectName(QStringLiteral("ruleOperator"));
  for (const char* one : {"<", "<=", ">", ">=", "==", "!="}) {
    m_operator->addItem(QLatin1String(one));
  }
  m_threshold = new QLineEdit;
  m_threshold->setObjectName(QStringLiteral("ruleThreshold"));
  m_threshold->setPlaceholderText(tr("a number, in the metric's unit"));
  m_for = new QLineEdit(QStringLiteral("2min"));
  m_for->setObjectName(QStringLiteral("ruleFor"));
  auto* layout = new QFormLayout(box);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
  layout->setRowWrapPolicy(QFormLayout::WrapLongRows);
  layout->addRow(tr("&Name"), m_name);
  layout->addRow(tr("&Metric"), m_metric);
  layout->addRow(tr("Divided b&y"), m_per);
  layout->addRow(tr("I&s"), m_operator);
  layout->addRow(tr("&Threshold"), m_threshold);
  layout->addRow(tr("F&or"), m_for);
  return box;
}

QWidget* AlertRuleForm::buildButtons() {
  auto* box = new QWidget;
  m_file = new QPushButton(tr("&Write the rule down"));
  m_file->setObjectName(QStringLiteral("fileRule"));
  m_try = new QPushButton(tr("T&ry the rule"));
  m_try->setObjectName(QStringLiteral("tryRule"));
  auto* layout = new QHBoxLayout(box);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(m_file);
  layout->addWidget(m_try);
  layout->addStretch(1);
  connect(m_file, &QPushButton::clicked, this, &AlertRuleForm::file);
  connect(m_try, &QPushButton::clicked, this, &AlertRuleForm::tryOut);
  return box;
}

sim::Action AlertRuleForm::action() const {
  sim::Action action;
  action.verb = sim::Verb::AlertRule;
  action.target = m_name->text().trimmed().toStdString();
  const std::pair<const char*, QString> fields[] = {{"metric", m_metric->currentData().toString()},
                                                    {"per", m_per->currentData().toString()},
                                                    {"op", m_operator->currentText()},
                                                    {"threshold", m_threshold->text().trimmed()},
                                                    {"for", m_for->text().trimmed()}};
  for (const auto& [name, value] : fields) {
    if (!value.isEmpty()) action.fields[name] = value.toStdString();
  }
  return action;
}

void AlertRuleForm::file() {
  m_answer->showOutcome(m_session.perform(action()).outcome, tr("The rule is written down."));
}

// Only after the end: a rule's effect on that day gives away what happened.
void AlertRuleForm::tryOut() {
  if (!m_session.run().finished()) return;
  const base::Result<sim::AlertRule> rule = drill::alertRuleOf(action());
  if (!rule) {
    m_answer->showProblem(fromText(rule.error().message));
    return;
  }
  m_answer->showNote(
      replayText(m_session, drill::replayRule(m_session.run().scenarioPointer(),
                                              m_session.run().key().seed, rule.value())));
}

void AlertRuleForm::takeFiled() {
  for (const drill::Entry& entry : m_session.run().journal()) {
    const sim::Action& filed = entry.timed.action;
    if (filed.verb != sim::Verb::AlertRule || !entry.outcome.accepted) continue;
    const auto field = [&filed](const char* name) {
      const auto found = filed.fields.find(name);
      return found == filed.fields.end() ? QString() : fromText(found->second);
    };
    const auto choose = [](QComboBox* box, const QString& name) {
      const auto metric = sim::findMetric(name.toStdString());
      const int row = metric ? box->findData(fromText(sim::metricInfo(*metric).fullName())) : 0;
      box->setCurrentIndex(row < 0 ? 0 : row);
    };
    m_name->setText(fromText(filed.target));
    choose(m_metric, field("metric"));
    choose(m_per, field("per"));
    m_operator->setCurrentText(field("op"));
    m_threshold->setText(field("threshold"));
    m_for->setText(field("for"));
  }
}

void AlertRuleForm::followState() {
  const bool over = m_session.run().finished();
  if (over && m_file->isVisibleTo(this)) takeFiled();
  m_file->setVisible(!over);
  m_try->setVisible(over);
  m_file->setEnabled(mayAct(m_session));
}

}  // namespace gui
