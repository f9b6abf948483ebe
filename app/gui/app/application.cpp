// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/application.h"

#include <QDateTime>
#include <QFile>
#include <QFileInfo>
#include <QMessageBox>
#include <QSettings>

#include "drill/run_file.h"
#include "gui/app/theme.h"
#include "gui/drill/drill_window.h"
#include "gui/start/start_window.h"

namespace gui {
namespace {
QString darkKey() {
  return QStringLiteral("view/dark");
}
// Watching two hours at the pace they had would be no lesson.
constexpr int kWatchSpeed = 60;
}  // namespace

Application::Application(std::shared_ptr<records::Library> library, QObject* parent)
    : QObject(parent), m_library(std::move(library)) {
  applyTheme(QSettings().value(darkKey(), false).toBool());
  openStore();
}

DrillWindow* Application::drillWindow() const {
  return m_drill;
}

StartWindow* Application::startWindow() const {
  return m_start;
}

Application::~Application() {
  delete m_drill;
  delete m_start;
}

void Application::openStore() {
  const auto opened = records::Store::open(m_library->recordsFile());
  if (opened) {
    m_store = opened.value();
  } else {
    m_message = QString::fromStdString(opened.error().message);
  }
}

bool Application::open(const CommandLine& commandLine) {
  m_seed = commandLine.seed.value_or(1);
  if (commandLine.subject.isEmpty()) {
    showStart();
    return true;
  }
  if (commandLine.subject.endsWith(QLatin1String(".run"))) {
    resume(commandLine.subject);
    return m_drill != nullptr;
  }
  const auto scenario = m_library->scenario(commandLine.subject.toStdString());
  if (!scenario) {
    m_message = QString::fromStdString(scenario.error().message);
    return false;
  }
  start(scenario.value(), drill::Mode::Watch, m_seed);
  return true;
}

void Application::showStart() {
  if (!m_start) {
    m_start = new StartWindow({m_library, m_store, *this, m_seed});
    m_start->setAttribute(Qt::WA_DeleteOnClose);
    connect(m_start, &StartWindow::themeRequested, this, &Application::setDark);
  }
  m_start->show();
  m_start->raise();
}

std::shared_ptr<drill::RunWriter> Application::newFile(const drill::Run& run) {
  const QString stem = QString::fromStdString(m_library->runsFolder() + "/" + run.scenario().id) +
                       QDateTime::currentDateTimeUtc().toString(QStringLiteral("-yyyyMMdd-HHmmss"));
  QString path = stem + QStringLiteral(".run");
  for (int number = 2; QFileInfo::exists(path); ++number) {
    path = stem + QStringLiteral("-%1.run").arg(number);
  }
  const auto created = drill::RunWriter::create(path.toStdString(), run);
  if (created) return created.value();
  complain(tr("This run cannot be kept on disk: %1")
               .arg(QString::fromStdString(created.error().message)));
  return nullptr;
}

void Application::start(const std::shared_ptr<const scenario::Scenario>& scenario, drill::Mode mode,
                        std::uint64_t seed) {
  auto run = std::make_unique<drill::Run>(scenario, drill::RunKey{seed, mode});
  const bool watching = mode == drill::Mode::Watch;
  if (watching) {
    if (const scenario::ActionList* history = scenario->list("history")) {
      run->follow(history->actions);
    }
  }
  auto writer = watching ? nullptr : newFile(*run);
  auto session = std::make_unique<models::Session>(std::move(run), std::move(writer));
  if (watching) session->setSpeed(kWatchSpeed);
  session->setPaused(false);
  show(std::move(session));
}

QString Application::openSandbox(const scenario::LabOptions& options) {
  auto scenario = scenario::labScenario(options, m_library->settings());
  if (!scenario) return QString::fromStdString(scenario.error().message);
  auto run =
      std::make_unique<drill::Run>(scenario.value(), drill::RunKey{m_seed, drill::Mode::Practice});
  auto session = std::make_unique<models::Session>(std::move(run));
  session->setPaused(false);
  show(std::move(session));
  m_drill->showPage(QStringLiteral("terminal"));
  return {};
}

void Application::resume(const QString& runFile) {
  const std::string path = runFile.toStdString();
  const auto record = drill::readRunFile(path);
  if (!record) return complain(QString::fromStdString(record.error().message));
  const auto scenario = m_library->scenario(record.value().scenarioId);
  if (!scenario) return complain(QString::fromStdString(scenario.error().message));
  if (scenario.value()->hash != record.value().scenarioHash) {
    return complain(tr("%1 was made with another version of the scenario \"%2\"; it cannot be "
                       "continued.")
                        .arg(runFile, QString::fromStdString(record.value().scenarioId)));
  }
  auto run = std::make_unique<drill::Run>(
      drill::recompute(record.value(), scenario.value(), record.value().reached));
  std::shared_ptr<drill::RunWriter> writer;
  if (!record.value().ended) {
    const auto resumed = drill::RunWriter::resume(path, *run);
    if (!resumed) return complain(QString::fromStdString(resumed.error().message));
    writer = resumed.value();
  }
  auto session = std::make_unique<models::Session>(std::move(run), std::move(writer));
  if (!session->mayPace()) session->setPaused(false);
  show(std::move(session));
}

void Application::review(const records::Record& record) {
  const auto read = drill::readRunText(record.runText, "record " + std::to_string(record.id));
  if (!read) return complain(QString::fromStdString(read.error().message));
  const auto scenario = m_library->scenario(record.scenarioId);
  if (!scenario) return complain(QString::fromStdString(scenario.error().message));
  auto run = std::make_unique<drill::Run>(
      drill::recompute(read.value(), scenario.value(), read.value().reached));
  show(std::make_unique<models::Session>(std::move(run)));
}

void Application::show(std::unique_ptr<models::Session> session) {
  delete m_drill;
  m_drill = new DrillWindow(std::move(session), m_library);
  m_drill->setAttribute(Qt::WA_DeleteOnClose);
  connect(m_drill, &DrillWindow::themeRequested, this, &Application::setDark);
  connect(m_drill, &DrillWindow::startPageRequested, this, &Application::showStart);
  keep(m_drill->session());
  m_drill->show();
  // It deletes itself when the event loop comes round; the next one shows what was recorded since.
  if (m_start) m_start->close();
  m_start = nullptr;
}

// A watched history is nobody's run; from taking over it is the trainee's and kept.
void Application::keep(models::Session& session) {
  connect(&session, &models::Session::modeChanged, this, [this, &session] {
    if (session.recordedTo().empty()) session.recordTo(newFile(session.run()));
  });
  connect(&session, &models::Session::finished, this, [this, &session] { record(session); });
}

void Application::record(models::Session& session) {
  const std::string file = session.recordedTo();
  const drill::Debrief* debrief = session.debrief();
  if (!m_store || file.empty() || !debrief) return;
  const drill::Run& run = session.run();
  records::Record record;
  record.finishedAt = QDateTime::currentDateTimeUtc().toString(Qt::ISODate).toStdString();
  record.trainee = qEnvironmentVariable("USER").toStdString();
  record.scenarioId = run.scenario().id;
  record.scenarioHash = run.scenario().hash;
  record.scenarioTitle = run.scenario().title;
  record.seed = run.key().seed;
  record.mode = drill::modeName(run.key().mode);
  record.score = debrief->score.total;
  record.band = debrief->score.band;
  record.usersAffectedPercent = debrief->impact.usersAffectedPercent;
  record.userMinutesLost = debrief->impact.userMinutesLost;
  record.downtimeMinutes = debrief->impact.downtimeMinutes;
  record.fingerprint = QString::number(run.fingerprint(), 16).rightJustified(16, '0').toStdString();
  record.runText = drill::runText(run, true);
  const auto added = m_store->add(record);
  if (!added) return complain(QString::fromStdString(added.error().message));
  QFile::remove(QString::fromStdString(file));
  emit recorded(added.value());
}

void Application::complain(const QString& text) {
  m_message = text;
  auto* box = new QMessageBox(QMessageBox::Warning, tr("Outage Drill"), text, QMessageBox::Ok,
                              m_drill ? static_cast<QWidget*>(m_drill) : m_start);
  box->setAttribute(Qt::WA_DeleteOnClose);
  box->open();
}

void Application::setDark(bool dark) {
  QSettings().setValue(darkKey(), dark);
  applyTheme(dark);
}

}  // namespace gui
