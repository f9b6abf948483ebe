// SPDX-License-Identifier: GPL-3.0-or-later
// The line one types commands into: keys of a shell (history, completion, clear). It knows no
// shell; its owner answers the signals.
#pragma once

#include <QLineEdit>
#include <string>
#include <vector>

namespace gui {

class TypingLine : public QLineEdit {
  Q_OBJECT
 public:
  explicit TypingLine(QWidget* parent = nullptr);
  // What Up and Down go through, oldest first.
  void setHistory(std::vector<std::string> history);
  // Puts the completions' common part in place of the last word.
  void complete(const std::vector<std::string>& candidates);

 signals:
  void completionWanted();
  void clearWanted();
  void interruptWanted();  // Ctrl+C with nothing marked that it would copy
  // More than one completion, and none of them further than what is typed.
  void severalCompletions(const QStringList& candidates);

 protected:
  bool event(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void goThroughHistory(int step);

  std::vector<std::string> m_history;
  std::size_t m_position = 0;  // m_history.size(): the line being typed
  QString m_draft;
};

}  // namespace gui
