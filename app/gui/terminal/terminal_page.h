// SPDX-License-Identifier: GPL-3.0-or-later
// The terminal page: the session with the database host. What it shows is the journal's commands
// and their output, so a rewind shows the terminal as it was.
#pragma once

#include <QWidget>
#include <map>

#include "gui/page_registry.h"

class QLabel;
class QPlainTextEdit;

namespace gui {

class Sight;
class TypingLine;

class TerminalPage : public QWidget {
  Q_OBJECT
 public:
  explicit TerminalPage(const PageContext& context, QWidget* parent = nullptr);

 private:
  void buildOutput();
  QWidget* buildInput();
  void connectSession();
  void runLine();
  void interrupt();
  void type(const QString& line);
  void appendNew();
  void rebuild();
  void followState();
  [[nodiscard]] QString promptOf(std::size_t entry) const;

  models::Session& m_session;
  Sight* m_sight;
  QPlainTextEdit* m_output = nullptr;
  QLabel* m_prompt = nullptr;
  TypingLine* m_input = nullptr;
  std::size_t m_seen = 0;                    // journal entries already shown
  std::map<std::size_t, QString> m_prompts;  // by journal entry: the prompt it was typed at
  QString m_typedAt;                         // prompt of the command under way
};

}  // namespace gui
