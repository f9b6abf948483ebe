// SPDX-License-Identifier: GPL-3.0-or-later
// Choosing a server to try things on: its memory, processors, swap, load and configuration. The
// same as `outage-drill-cli lab`, with charts and logs beside the terminal.
#pragma once

#include <QWidget>

#include "gui/start/launcher.h"

class QComboBox;
class QLineEdit;
class QSpinBox;

namespace gui {

class AnswerLabel;

class SandboxPage : public QWidget {
  Q_OBJECT
 public:
  explicit SandboxPage(const StartContext& context, QWidget* parent = nullptr);

 private:
  QWidget* buildForm();
  QWidget* buildConfiguration();
  void chooseFile();
  void open();

  StartContext m_context;
  QComboBox* m_ram = nullptr;
  QSpinBox* m_cores = nullptr;
  QComboBox* m_swap = nullptr;
  QComboBox* m_load = nullptr;
  QLineEdit* m_file = nullptr;
  AnswerLabel* m_answer = nullptr;
};

}  // namespace gui
