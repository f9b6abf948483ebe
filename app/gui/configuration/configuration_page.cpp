// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/configuration/configuration_page.h"

#include <QComboBox>
#include <QEvent>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSplitter>
#include <QTabWidget>
#include <QVBoxLayout>

#include "drill/views.h"
#include "gui/configuration/highlighters.h"
#include "gui/configuration/preflight.h"
#include "gui/configuration/server_controls.h"
#include "gui/parts/acting.h"
#include "gui/parts/answer_label.h"
#include "gui/parts/lists.h"
#include "gui/parts/sight.h"
#include "sim/config_diff.h"

namespace gui {

ConfigurationPage::ConfigurationPage(const PageContext& context, QWidget* parent)
    : QWidget(parent), m_session(context.session), m_sight(new Sight(this)) {
  setAccessibleName(tr("Configuration"));
  m_answer = new AnswerLabel(QStringLiteral("configurationAnswer"));
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->setSpacing(4);
  layout->addWidget(buildBar());
  auto* halves = new QSplitter(Qt::Horizontal);
  halves->setChildrenCollapsible(false);
  halves->addWidget(buildEditor());
  halves->addWidget(buildViews());
  halves->setStretchFactor(0, 1);
  halves->setStretchFactor(1, 1);
  layout->addWidget(halves, 1);
  layout->addWidget(m_answer);
  layout->addWidget(new ServerControls(m_session));
  connectSession();
  listFiles();
  applyColours();
  followState();
}

QWidget* ConfigurationPage::buildBar() {
  auto* box = new QWidget;
  auto* layout = new QHBoxLayout(box);
  layout->setContentsMargins(0, 0, 0, 0);
  auto* label = new QLabel(tr("&File"));
  m_files = new QComboBox;
  m_files->setObjectName(QStringLiteral("configFiles"));
  m_files->setAccessibleName(tr("Configuration file"));
  m_files->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  m_files->setMinimumContentsLength(18);
  label->setBuddy(m_files);
  m_save = new QPushButton(tr("Save &on the server"));
  m_save->setObjectName(QStringLiteral("saveFile"));
  m_save->setToolTip(tr("Writes the file; the server reads it at a reload or a restart"));
  m_revert = new QPushButton(tr("Rever&t"));
  m_revert->setObjectName(QStringLiteral("revertFile"));
  m_revert->setToolTip(tr("Forgets the edits and shows the file as it is on the server"));
  layout->addWidget(label);
  layout->addWidget(m_files, 1);
  layout->addWidget(m_save);
  layout->addWidget(m_revert);
  connect(m_files, &QComboBox::activated, this, [this] {
    openFile();
    noteLook();
  });
  connect(m_save, &QPushButton::clicked, this, &ConfigurationPage::save);
  connect(m_revert, &QPushButton::clicked, this, &ConfigurationPage::openFile);
  return box;
}

QWidget* ConfigurationPage::buildEditor() {
  m_editor = new QPlainTextEdit;
  m_editor->setObjectName(QStringLiteral("configEditor"));
  m_editor->setAccessibleName(tr("Text of the configuration file"));
  m_editor->setFont(monospaceFont());
  m_editor->setLineWrapMode(QPlainTextEdit::NoWrap);
  m_editor->setTabChangesFocus(true);
  m_configColours = new ConfigHighlighter(m_editor->document());
  connect(m_editor, &QPlainTextEdit::textChanged, this, &ConfigurationPage::showEffects);
  return m_editor;
}

QPlainTextEdit* ConfigurationPage::buildView(const QString& name, const QString& title,
                                             const QString& empty) {
  QPlainTextEdit* view = shownText(name, title);
  view->setFont(monospaceFont());
  view->setPlaceholderText(empty);
  m_views->addTab(view, title);
  return view;
}

QWidget* ConfigurationPage::buildViews() {
  m_views = new QTabWidget;
  m_views->setObjectName(QStringLiteral("configViews"));
  m_views->setAccessibleName(tr("Effects of the edits, and history"));
  m_diff = buildView(QStringLiteral("configDiff"), tr("Differe&nce"),
                     tr("What you change shows here as a difference against the file on the "
                        "server."));
  m_preflight = buildView(QStringLiteral("configPreflight"), tr("&Preflight"),
                          tr("What the server would make of the text shows here."));
  m_history = buildView(QStringLiteral("configHistory"), tr("&History"),
                        tr("The commits of the configuration repository show here."));
  m_diff->setLineWrapMode(QPlainTextEdit::NoWrap);
  m_history->setLineWrapMode(QPlainTextEdit::NoWrap);
  m_diffColours = {new DiffHighlighter(m_diff->document()),
                   new DiffHighlighter(m_history->document())};
  connect(m_views, &QTabWidget::currentChanged, this, [this] {
    showHistory();
    noteLook();
  });
  return m_views;
}

void ConfigurationPage::connectSession() {
  connect(&m_session, &models::Session::journalGrew, this, &ConfigurationPage::followServer);
  connect(&m_session, &models::Session::rowsGrew, this, &ConfigurationPage::followServer);
  const auto startOver = [this] {
    m_sight->whenHere([this] {
      listFiles();
      showHistory();
      followState();
    });
  };
  connect(&m_session, &models::Session::wasReset, this, startOver);
  connect(m_sight, &Sight::came, this, &ConfigurationPage::noteLook);
  onActingChange(m_session, this, [this] {
    if (!m_sight->waits()) followState();
  });
}

std::string ConfigurationPage::path() const {
  return m_files->currentData().toString().toStdString();
}

const std::string* ConfigurationPage::onServer() const {
  for (const sim::ConfigFile& file : m_session.run().world().postgres().files) {
    if (file.path == path()) return &file.text;
  }
  return nullptr;
}

void ConfigurationPage::listFiles() {
  const QString current = m_files->currentData().toString();
  m_files->clear();
  for (const sim::ConfigFile& file : m_session.run().world().postgres().files) {
    const QString path = fromText(file.path);
    m_files->addItem(path.section(QLatin1Char('/'), -1) + QStringLiteral("  (") +
                         path.section(QLatin1Char('/'), 0, -2) + QLatin1Char(')'),
                     path);
  }
  const int again = m_files->findData(current);
  if (again >= 0) m_files->setCurrentIndex(again);
  openFile();
}

void ConfigurationPage::openFile() {
  const std::string* text = onServer();
  m_base = text ? *text : std::string();
  m_editor->setPlainText(fromText(m_base));
  m_answer->showNote({});
  m_answer->showReason(whyNot(m_session));
  showEffects();
}

void ConfigurationPage::save() {
  sim::Action action;
  action.verb = sim::Verb::EditFile;
  action.target = path();
  action.text = m_editor->toPlainText().toStdString();
  const sim::Outcome outcome = m_session.perform(action).outcome;
  if (outcome.accepted) m_base = action.text;
  m_answer->showOutcome(outcome,
                        tr("Saved. The server goes on as before until it reads its files again."));
  showEffects();
}

void ConfigurationPage::showEffects() {
  const std::string text = m_editor->toPlainText().toStdString();
  const std::string* server = onServer();
  const bool edited = server && text != *server;
  m_diff->setPlainText(edited ? fromText(sim::unifiedDiff(path(), *server, text)) : QString());
  const sim::Postgres& postgres = m_session.run().world().postgres();
  const bool running = postgres.life != sim::Life::Stopped;
  m_preflight->setPlainText(preflight(postgres, path(), text).text(running));
  const bool may = mayAct(m_session) && edited;
  m_save->setEnabled(may);
  m_revert->setEnabled(edited);
}

void ConfigurationPage::showHistory() {
  if (m_views->currentWidget() != m_history) return;
  const QString text = fromText(drill::changesText(m_session.run().world()));
  if (m_history->toPlainText() != text) m_history->setPlainText(text);
}

// The file may change under the editor: by the terminal, by ALTER SYSTEM, by somebody else.
void ConfigurationPage::followServer() {
  if (m_sight->waits()) return;
  showHistory();
  const std::string* server = onServer();
  if (!server || *server == m_base) return;
  const bool untouched = m_editor->toPlainText().toStdString() == m_base;
  if (untouched) {
    openFile();
    return;
  }
  m_base = *server;
  m_answer->showNote(
      tr("The file on the server has changed while you were editing: look at the "
         "difference before you save."));
  showEffects();
}

void ConfigurationPage::followState() {
  m_editor->setReadOnly(!mayAct(m_session));
  m_answer->showReason(whyNot(m_session));
  showEffects();
}

void ConfigurationPage::applyColours() {
  m_configColours->setPalette(palette());
  for (DiffHighlighter* colours : m_diffColours) colours->setPalette(palette());
}

void ConfigurationPage::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange && m_configColours) applyColours();
}

void ConfigurationPage::noteLook() {
  if (!m_sight->here()) return;
  const base::SimTime now = m_session.run().now();
  m_session.look(QStringLiteral("file:") + m_files->currentData().toString(), now, now);
  if (m_views->currentWidget() == m_history) m_session.look(QStringLiteral("changes"), now, now);
}

}  // namespace gui
