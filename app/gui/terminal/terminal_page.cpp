// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/terminal/terminal_page.h"

#include <QLabel>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QVBoxLayout>

#include "console/shell.h"
#include "gui/parts/acting.h"
#include "gui/parts/lists.h"
#include "gui/parts/sight.h"
#include "gui/terminal/typing_line.h"
#include "models/words.h"

namespace gui {
namespace {
constexpr int kMostLines = 20'000;
}  // namespace

TerminalPage::TerminalPage(const PageContext& context, QWidget* parent)
    : QWidget(parent), m_session(context.session), m_sight(new Sight(this)) {
  setAccessibleName(tr("Terminal"));
  buildOutput();
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->setSpacing(2);
  layout->addWidget(m_output, 1);
  layout->addWidget(buildInput());
  setFocusProxy(m_input);
  connectSession();
  rebuild();
}

void TerminalPage::buildOutput() {
  m_output = shownText(QStringLiteral("terminalOutput"), tr("Terminal output"));
  m_output->setFont(monospaceFont());
  m_output->setMaximumBlockCount(kMostLines);
  m_output->setWordWrapMode(QTextOption::WrapAnywhere);
  m_output->setPlaceholderText(
      tr("A shell on the database host. Commands and what they print appear here; \"help\" lists "
         "the commands there are."));
}

QWidget* TerminalPage::buildInput() {
  auto* box = new QWidget;
  auto* layout = new QHBoxLayout(box);
  layout->setContentsMargins(0, 0, 0, 0);
  m_prompt = new QLabel;
  m_prompt->setObjectName(QStringLiteral("terminalPrompt"));
  m_prompt->setFont(monospaceFont());
  m_prompt->setTextFormat(Qt::PlainText);
  m_input = new TypingLine;
  m_input->setObjectName(QStringLiteral("terminalInput"));
  m_input->setAccessibleName(tr("Command line"));
  m_input->setToolTip(
      tr("Return runs the line, Up and Down go through what was typed, Tab "
         "completes, Ctrl+C gives up a command, Ctrl+L clears"));
  m_input->setFont(monospaceFont());
  layout->addWidget(m_prompt);
  layout->addWidget(m_input, 1);
  connect(m_input, &QLineEdit::returnPressed, this, &TerminalPage::runLine);
  connect(m_input, &TypingLine::interruptWanted, this, &TerminalPage::interrupt);
  connect(m_input, &TypingLine::clearWanted, m_output, &QPlainTextEdit::clear);
  connect(m_input, &TypingLine::completionWanted, this, [this] {
    const QString typed = m_input->text().left(m_input->cursorPosition());
    m_input->complete(
        m_session.run().shell().complete(m_session.run().world(), typed.toStdString()));
  });
  connect(m_input, &TypingLine::severalCompletions, this, [this](const QStringList& candidates) {
    m_output->appendPlainText(candidates.join(QStringLiteral("  ")));
  });
  return box;
}

void TerminalPage::connectSession() {
  connect(&m_session, &models::Session::journalGrew, this, &TerminalPage::appendNew);
  connect(&m_session, &models::Session::wasReset, this,
          [this] { m_sight->whenHere([this] { rebuild(); }); });
  onActingChange(m_session, this, [this] { followState(); });
}

void TerminalPage::runLine() {
  const QString line = m_input->text();
  m_input->clear();
  const bool unfinished = m_session.run().shell().unfinished();
  if (line.trimmed().isEmpty() && !unfinished) return;
  type(line.isEmpty() ? QStringLiteral("\n") : line);
}

void TerminalPage::interrupt() {
  const QString line = m_input->text() + QLatin1Char(console::kInterrupt);
  m_input->clear();
  if (m_session.run().shell().unfinished()) return type(line);
  m_output->appendPlainText(m_prompt->text() + fromText(console::shownLine(line.toStdString())));
}

void TerminalPage::type(const QString& line) {
  m_typedAt = m_prompt->text();
  sim::Action action;
  action.verb = sim::Verb::Command;
  action.text = line.toStdString();
  const drill::Entry entry = m_session.perform(action);
  m_typedAt.clear();
  if (!entry.outcome.accepted && entry.output.empty()) {
    m_output->appendPlainText(fromText(entry.outcome.text));
  }
}

QString TerminalPage::promptOf(std::size_t entry) const {
  const auto known = m_prompts.find(entry);
  return known == m_prompts.end() ? QStringLiteral("$ ") : known->second;
}

void TerminalPage::appendNew() {
  if (m_sight->waits()) return;
  const std::vector<drill::Entry>& journal = m_session.run().journal();
  const sim::WorldSpec& spec = m_session.run().world().spec();
  const bool atEnd =
      m_output->verticalScrollBar()->value() == m_output->verticalScrollBar()->maximum();
  for (; m_seen < journal.size(); ++m_seen) {
    const drill::Entry& entry = journal[m_seen];
    if (entry.timed.action.verb != sim::Verb::Command) continue;
    if (!m_typedAt.isEmpty()) m_prompts[m_seen] = m_typedAt;
    QString shown = promptOf(m_seen) + fromText(console::shownLine(entry.timed.action.text));
    if (entry.timed.who != "trainee") {
      shown = QStringLiteral("# ") + models::personText(spec, entry.timed.who) +
              QStringLiteral("\n") + shown;
    }
    m_output->appendPlainText(shown);
    if (!entry.output.empty()) m_output->appendPlainText(fromText(entry.output));
  }
  if (atEnd) m_output->verticalScrollBar()->setValue(m_output->verticalScrollBar()->maximum());
  followState();
}

void TerminalPage::rebuild() {
  m_seen = 0;
  m_prompts.erase(m_prompts.lower_bound(m_session.run().journal().size()), m_prompts.end());
  m_output->clear();
  appendNew();
}

void TerminalPage::followState() {
  const console::Shell& shell = m_session.run().shell();
  m_prompt->setText(fromText(shell.prompt(m_session.run().world())));
  m_input->setHistory(shell.history());
  m_input->setEnabled(mayAct(m_session));
  m_input->setPlaceholderText(whyNot(m_session));
}

}  // namespace gui
