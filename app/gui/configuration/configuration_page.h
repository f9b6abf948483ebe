// SPDX-License-Identifier: GPL-3.0-or-later
// The configuration page: an editor for the server's files, what would change against the file on
// the server and what the server would make of it, the repository's history, and the switches.
#pragma once

#include <QWidget>

#include "gui/page_registry.h"

class QComboBox;
class QPlainTextEdit;
class QPushButton;
class QTabWidget;

namespace gui {

class AnswerLabel;
class ConfigHighlighter;
class DiffHighlighter;
class Sight;

class ConfigurationPage : public QWidget {
  Q_OBJECT
 public:
  explicit ConfigurationPage(const PageContext& context, QWidget* parent = nullptr);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  QWidget* buildBar();
  QWidget* buildEditor();
  QWidget* buildViews();
  QPlainTextEdit* buildView(const QString& name, const QString& title, const QString& empty);
  void connectSession();
  void listFiles();
  void openFile();
  void save();
  void showEffects();
  void showHistory();
  void followServer();
  void followState();
  void applyColours();
  void noteLook();
  [[nodiscard]] std::string path() const;
  [[nodiscard]] const std::string* onServer() const;  // null: there is no such file

  models::Session& m_session;
  Sight* m_sight;
  QComboBox* m_files = nullptr;
  QPlainTextEdit* m_editor = nullptr;
  QTabWidget* m_views = nullptr;
  QPlainTextEdit* m_diff = nullptr;
  QPlainTextEdit* m_preflight = nullptr;
  QPlainTextEdit* m_history = nullptr;
  QPushButton* m_save = nullptr;
  QPushButton* m_revert = nullptr;
  AnswerLabel* m_answer = nullptr;
  ConfigHighlighter* m_configColours = nullptr;
  std::vector<DiffHighlighter*> m_diffColours;
  std::string m_base;  // the file as it was when the editor took it
};

}  // namespace gui
