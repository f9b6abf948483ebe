// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/start/sandbox_page.h"

#include <QComboBox>
#include <QFile>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include "base/quantity.h"
#include "gui/parts/answer_label.h"

namespace gui {
namespace {

constexpr qint64 kLargestFile = 1'000'000;
constexpr int kFormWidth = 520;

QComboBox* sizes(const char* name, const QString& title, const QStringList& choices,
                 const QString& current) {
  auto* box = new QComboBox;
  box->setObjectName(QLatin1String(name));
  box->setEditable(true);
  box->setAccessibleName(title);
  box->lineEdit()->setAccessibleName(title);
  box->addItems(choices);
  box->setCurrentText(current);
  return box;
}

}  // namespace

SandboxPage::SandboxPage(const StartContext& context, QWidget* parent)
    : QWidget(parent), m_context(context) {
  setAccessibleName(tr("Sandbox"));
  auto* words = new QLabel(
      tr("A PostgreSQL 15 server of your own to try things on: a terminal, charts, logs and its "
         "configuration. No story, no alerts, no score. Nothing you do here breaks anything."));
  words->setWordWrap(true);
  auto* open = new QPushButton(tr("Ope&n the sandbox"));
  open->setObjectName(QStringLiteral("openSandbox"));
  open->setMinimumHeight(fontMetrics().height() * 2);
  m_answer = new AnswerLabel(QStringLiteral("sandboxAnswer"));
  auto* column = new QVBoxLayout;
  column->addWidget(words);
  column->addWidget(buildForm());
  column->addWidget(open);
  column->addWidget(m_answer);
  column->addStretch(1);
  auto* middle = new QWidget;
  middle->setLayout(column);
  middle->setMaximumWidth(kFormWidth);
  auto* layout = new QHBoxLayout(this);
  layout->addStretch(1);
  layout->addWidget(middle, 4);
  layout->addStretch(1);
  connect(open, &QPushButton::clicked, this, &SandboxPage::open);
}

QWidget* SandboxPage::buildForm() {
  auto* box = new QWidget;
  auto* form = new QFormLayout(box);
  m_ram =
      sizes("sandboxRam", tr("Memory"), {"4GB", "16GB", "64GB", "256GB"}, QStringLiteral("64GB"));
  form->addRow(tr("&Memory"), m_ram);
  m_cores = new QSpinBox;
  m_cores->setObjectName(QStringLiteral("sandboxCores"));
  m_cores->setRange(1, 1024);
  m_cores->setValue(16);
  form->addRow(tr("&Processors"), m_cores);
  m_swap = sizes("sandboxSwap", tr("Swap space"), {"0", "4GB", "16GB"}, QStringLiteral("0"));
  form->addRow(tr("S&wap space"), m_swap);
  m_load = new QComboBox;
  m_load->setObjectName(QStringLiteral("sandboxLoad"));
  m_load->addItem(tr("none: an idle server"), QStringLiteral("none"));
  m_load->addItem(tr("a shop: many short queries"), QStringLiteral("shop"));
  m_load->addItem(tr("reports: few long queries"), QStringLiteral("report"));
  m_load->setCurrentIndex(1);
  form->addRow(tr("&Load"), m_load);
  form->addRow(tr("&Configuration"), buildConfiguration());
  return box;
}

QWidget* SandboxPage::buildConfiguration() {
  auto* box = new QWidget;
  m_file = new QLineEdit;
  m_file->setObjectName(QStringLiteral("sandboxFile"));
  m_file->setAccessibleName(tr("A postgresql.conf to begin with"));
  m_file->setPlaceholderText(tr("a sound one, or a postgresql.conf of yours"));
  auto* choose = new QPushButton(tr("C&hoose..."));
  choose->setObjectName(QStringLiteral("sandboxChoose"));
  auto* layout = new QHBoxLayout(box);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(m_file, 1);
  layout->addWidget(choose);
  connect(choose, &QPushButton::clicked, this, &SandboxPage::chooseFile);
  return box;
}

void SandboxPage::chooseFile() {
  auto* dialog = new QFileDialog(this, tr("A postgresql.conf to begin with"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFile);
  dialog->setNameFilters({tr("PostgreSQL configuration (*.conf)"), tr("All files (*)")});
  connect(dialog, &QFileDialog::fileSelected, m_file, &QLineEdit::setText);
  dialog->open();
}

void SandboxPage::open() {
  scenario::LabOptions options;
  const auto ram = base::parseBytes(m_ram->currentText().trimmed().toStdString());
  const std::string swapText = m_swap->currentText().trimmed().toStdString();
  const auto swap = swapText == "0" ? base::Result<std::int64_t>(0) : base::parseBytes(swapText);
  if (!ram.ok()) return m_answer->showProblem(tr("Memory: expected a size, as 64GB."));
  if (!swap.ok()) return m_answer->showProblem(tr("Swap space: expected a size, as 8GB, or 0."));
  options.ramBytes = ram.value();
  options.swapBytes = swap.value();
  options.cores = m_cores->value();
  options.load = m_load->currentData().toString().toStdString();
  if (const QString path = m_file->text().trimmed(); !path.isEmpty()) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
      return m_answer->showProblem(tr("%1 cannot be read: %2").arg(path, file.errorString()));
    }
    if (file.size() > kLargestFile) {
      return m_answer->showProblem(
          tr("%1: found more than 1 MB, expected a postgresql.conf.").arg(path));
    }
    options.configuration = file.readAll().toStdString();
  }
  // The page goes away with the start window when the sandbox opens.
  const QString problem = m_context.launcher.openSandbox(options);
  if (!problem.isEmpty()) m_answer->showProblem(problem);
}

}  // namespace gui
