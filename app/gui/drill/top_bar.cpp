// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/drill/top_bar.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStyle>
#include <QToolButton>
#include <algorithm>

#include "base/text.h"
#include "gui/app/theme.h"
#include "models/alert_model.h"
#include "models/words.h"

namespace gui {
namespace {

// Changes a label only when it says something new: a repaint each frame is not free.
void say(QLabel* label, const QString& text, const QColor& colour) {
  if (label->text() != text) label->setText(text);
  if (label->palette().color(QPalette::WindowText) == colour) return;
  QPalette palette = label->palette();
  palette.setColor(QPalette::WindowText, colour);
  label->setPalette(palette);
}

// As large as the widest text needs: then a new text lays out nothing but the label itself.
void holdRoomFor(QLabel* label, const QString& widest) {
  label->setText(widest);
  label->setFixedSize(label->sizeHint());
  label->clear();
}

QString percent(float ratio) {
  const double value = static_cast<double>(ratio) * 100;
  return QString::fromStdString(base::fixedText(value, value < 10 ? 1 : 0)) +
         QStringLiteral("\u202f%");
}

QString helpOf(sim::Metric metric) {
  const std::string_view help = sim::metricInfo(metric).help;
  return QString::fromUtf8(help.data(), static_cast<qsizetype>(help.size()));
}

QFont scaled(QFont font, double factor) {
  font.setPointSizeF(font.pointSizeF() * factor);
  font.setBold(true);
  return font;
}

}  // namespace

TopBar::TopBar(models::Session& session, QWidget* parent) : QWidget(parent), m_session(session) {
  setAccessibleName(tr("Incident"));
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(8, 3, 8, 3);
  layout->setSpacing(14);
  layout->addWidget(buildClock());
  layout->addWidget(buildPace());
  layout->addStretch(1);
  layout->addWidget(buildReadings());
  layout->addStretch(1);
  layout->addWidget(buildEnds());
  connect(&m_session, &models::Session::rowsGrew, this, &TopBar::refresh);
  connect(&m_session, &models::Session::alertsGrew, this, &TopBar::refresh);
  connect(&m_session, &models::Session::wasReset, this, &TopBar::refresh);
  connect(&m_session, &models::Session::journalGrew, this, &TopBar::refresh);
  connect(&m_session, &models::Session::paceChanged, this, &TopBar::refreshPace);
  connect(&m_session, &models::Session::modeChanged, this, &TopBar::refreshPace);
  connect(&m_session, &models::Session::finished, this, &TopBar::refreshPace);
  refreshPace();
}

QWidget* TopBar::buildClock() {
  auto* box = new QWidget;
  auto* layout = new QVBoxLayout(box);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  m_clock = new QLabel;
  m_clock->setObjectName(QStringLiteral("incidentClock"));
  m_clock->setAccessibleName(tr("Incident clock, GMT"));
  m_clock->setFont(scaled(font(), 1.5));
  holdRoomFor(m_clock, QStringLiteral("00:00:00 GMT"));
  m_mode = new QLabel;
  m_mode->setObjectName(QStringLiteral("mode"));
  m_mode->setAccessibleName(tr("Mode"));
  layout->addWidget(m_mode);
  layout->addWidget(m_clock);
  return box;
}

QWidget* TopBar::buildPace() {
  auto* box = new QWidget;
  auto* layout = new QHBoxLayout(box);
  layout->setContentsMargins(0, 0, 0, 0);
  m_play = new QToolButton;
  m_play->setObjectName(QStringLiteral("play"));
  m_play->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  m_play->setMinimumWidth(fontMetrics().horizontalAdvance(QStringLiteral("Pause")) + 48);
  m_speed = new QComboBox;
  m_speed->setObjectName(QStringLiteral("speed"));
  m_speed->setAccessibleName(tr("Speed"));
  m_speed->setToolTip(tr("Simulated seconds per second (Ctrl+Up, Ctrl+Down)"));
  for (const int speed : models::Session::speeds()) {
    m_speed->addItem(QString::number(speed) + QChar(0x00d7), speed);
  }
  layout->addWidget(m_play);
  layout->addWidget(m_speed);
  connect(m_play, &QToolButton::clicked, this, &TopBar::togglePause);
  connect(m_speed, &QComboBox::currentIndexChanged, this,
          [this] { m_session.setSpeed(m_speed->currentData().toInt()); });
  return box;
}

QWidget* TopBar::buildReading(Reading& reading, const QString& caption, const QString& name,
                              const QString& meaning) {
  auto* box = new QWidget;
  box->setToolTip(meaning);
  auto* layout = new QVBoxLayout(box);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  reading.caption = new QLabel(caption);
  reading.value = new QLabel;
  reading.value->setObjectName(name);
  reading.value->setAccessibleName(caption);
  reading.value->setAccessibleDescription(meaning);
  reading.value->setFont(scaled(font(), 1.3));
  holdRoomFor(reading.value, tr("%1 firing").arg(QStringLiteral("000")));
  layout->addWidget(reading.caption);
  layout->addWidget(reading.value);
  return box;
}

QWidget* TopBar::buildReadings() {
  auto* box = new QWidget;
  auto* layout = new QHBoxLayout(box);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(22);
  layout->addWidget(buildReading(m_hurt, tr("Visitors hurt now"), QStringLiteral("usersAffected"),
                                 helpOf(sim::Metric::WebUsersAffected)));
  layout->addWidget(buildReading(m_budget, tr("Error budget used"), QStringLiteral("errorBudget"),
                                 helpOf(sim::Metric::WebErrorBudget)));
  layout->addWidget(buildReading(m_alerts, tr("Alerts"), QStringLiteral("alertCount"),
                                 tr("Alerts that fire now, acknowledged or not")));
  return box;
}

QWidget* TopBar::buildEnds() {
  auto* box = new QWidget;
  auto* layout = new QHBoxLayout(box);
  layout->setContentsMargins(0, 0, 0, 0);
  m_takeOver = new QToolButton;
  m_takeOver->setObjectName(QStringLiteral("takeOver"));
  m_takeOver->setText(tr("Take &over"));
  m_takeOver->setToolTip(tr("Leave the history here and continue on your own"));
  m_takeOver->setPopupMode(QToolButton::InstantPopup);
  auto* menu = new QMenu(m_takeOver);
  menu->addAction(tr("to &practise"), this, [this] { m_session.takeOver(drill::Mode::Practice); });
  menu->addAction(tr("to be &assessed"), this,
                  [this] { m_session.takeOver(drill::Mode::Assessment); });
  m_takeOver->setMenu(menu);
  m_close = new QPushButton(tr("Close &incident..."));
  m_close->setObjectName(QStringLiteral("closeIncident"));
  m_close->setToolTip(tr("Ends the exercise: do it when service has held for a while"));
  layout->addWidget(m_takeOver);
  layout->addWidget(m_close);
  connect(m_close, &QPushButton::clicked, this, &TopBar::closeRequested);
  return box;
}

void TopBar::togglePause() {
  m_session.setPaused(!m_session.paused());
}

void TopBar::changeSpeed(int steps) {
  if (!m_session.mayPace()) return;
  m_speed->setCurrentIndex(std::clamp(m_speed->currentIndex() + steps, 0, m_speed->count() - 1));
}

void TopBar::refresh() {
  const Theme& theme = themeOf(palette());
  const drill::Run& run = m_session.run();
  const sim::Telemetry& telemetry = run.telemetry();
  say(m_clock, m_session.clockText(run.now()) + QStringLiteral(" GMT"), theme.text);
  const float hurt = telemetry.last(sim::Metric::WebUsersAffected);
  say(m_hurt.value, percent(hurt), hurt > 0.01F ? theme.bad : theme.text);
  const float budget = telemetry.last(sim::Metric::WebErrorBudget);
  say(m_budget.value, percent(budget), budget > 0.5F ? theme.bad : theme.text);
  const int firing = models::firingAlerts(run);
  say(m_alerts.value, firing == 0 ? tr("none") : tr("%1 firing").arg(firing),
      firing == 0 ? theme.text : theme.bad);
}

void TopBar::refreshPace() {
  const bool over = m_session.run().finished();
  const bool paused = m_session.paused();
  m_play->setText(paused ? tr("Play") : tr("Pause"));
  m_play->setIcon(style()->standardIcon(paused ? QStyle::SP_MediaPlay : QStyle::SP_MediaPause));
  m_play->setAccessibleName(paused ? tr("Let time run") : tr("Stop time"));
  m_play->setToolTip(paused ? tr("Let time run (Ctrl+Space)") : tr("Stop time (Ctrl+Space)"));
  m_play->setEnabled(!over && !m_session.reviewing() && (m_session.mayPace() || paused));
  const QSignalBlocker blocker(m_speed);
  m_speed->setCurrentIndex(m_speed->findData(m_session.speed()));
  m_speed->setEnabled(m_session.mayPace() && !over);
  const QString mode = models::modeText(m_session.mode());
  const QString shown = m_session.run().scenario().sandbox ? tr("Sandbox")
                        : over                             ? tr("%1, ended").arg(mode)
                        : m_session.reviewing()            ? tr("%1, looking back").arg(mode)
                                                           : mode;
  m_mode->setText(shown);
  const bool watching = m_session.mode() == drill::Mode::Watch;
  m_takeOver->setVisible(watching);
  m_takeOver->setEnabled(!over);
  m_close->setVisible(!watching && !m_session.run().scenario().sandbox);
  m_close->setEnabled(!over && !m_session.reviewing());
  refresh();
}

}  // namespace gui
