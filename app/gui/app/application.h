// SPDX-License-Identifier: GPL-3.0-or-later
// Which windows are open: the start window, and the window of the drill at hand. Makes runs, keeps
// them on disk and files them in the records when they end.
#pragma once

#include <QObject>
#include <QPointer>

#include "gui/app/command_line.h"
#include "gui/start/launcher.h"
#include "models/session.h"

namespace gui {

class DrillWindow;
class StartWindow;

class Application : public QObject, public Launcher {
  Q_OBJECT
 public:
  explicit Application(std::shared_ptr<records::Library> library, QObject* parent = nullptr);
  ~Application() override;

  // Opens what the command line asks for. False: message() says why it cannot.
  bool open(const CommandLine& commandLine);
  [[nodiscard]] const QString& message() const { return m_message; }

  void start(const std::shared_ptr<const scenario::Scenario>& scenario, drill::Mode mode,
             std::uint64_t seed) override;
  QString openSandbox(const scenario::LabOptions& options) override;
  void resume(const QString& runFile) override;
  void review(const records::Record& record) override;
  void showStart();
  [[nodiscard]] DrillWindow* drillWindow() const;
  [[nodiscard]] StartWindow* startWindow() const;

 signals:
  void recorded(qint64 id);

 private:
  void openStore();
  void show(std::unique_ptr<models::Session> session);
  void keep(models::Session& session);
  void record(models::Session& session);
  void complain(const QString& text);
  void setDark(bool dark);
  [[nodiscard]] std::shared_ptr<drill::RunWriter> newFile(const drill::Run& run);

  std::shared_ptr<records::Library> m_library;
  std::shared_ptr<records::Store> m_store;
  QPointer<StartWindow> m_start;
  QPointer<DrillWindow> m_drill;
  QString m_message;
  std::uint64_t m_seed = 1;
};

}  // namespace gui
