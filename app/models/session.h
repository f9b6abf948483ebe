// SPDX-License-Identifier: GPL-3.0-or-later
// The one object a window talks to: a run, its clock and its file on disk. Everything a view shows
// is read from run(); what grew is told by signals. It never reads a real clock: the window's timer
// passes elapsed time to tick().
#pragma once

#include <QObject>
#include <QString>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "drill/clock.h"
#include "drill/debrief.h"
#include "drill/run.h"
#include "drill/run_file.h"
#include "models/look_journal.h"

namespace models {

class Session : public QObject {
  Q_OBJECT
 public:
  explicit Session(std::unique_ptr<drill::Run> run,
                   std::shared_ptr<drill::RunWriter> writer = nullptr, QObject* parent = nullptr);
  ~Session() override;

  [[nodiscard]] const drill::Run& run() const { return *m_run; }
  [[nodiscard]] drill::Mode mode() const { return m_run->key().mode; }
  [[nodiscard]] bool paused() const { return m_clock.paused(); }
  [[nodiscard]] int speed() const { return m_clock.speed(); }
  // What the mode allows: Assessment runs at its own pace and never goes back.
  [[nodiscard]] bool mayPace() const;
  [[nodiscard]] bool maySeek() const;
  // Looking back on a run that has ended: nothing can be done in it except branching off.
  [[nodiscard]] bool reviewing() const { return m_future && m_future->finished(); }
  // The latest time reached: seeking back keeps what came after until something new is done.
  [[nodiscard]] base::SimTime reached() const;
  // Time of SimTime{0} in milliseconds since 1970, and a reading of the incident clock in GMT.
  [[nodiscard]] std::int64_t startUnixMs() const;
  [[nodiscard]] QString clockText(base::SimTime time) const;
  // Computed on first use once the run has finished.
  [[nodiscard]] const drill::Debrief* debrief();
  // The file this run is or was kept in; empty: none. A finished run leaves it to be filed.
  [[nodiscard]] const std::string& recordedTo() const { return m_file; }
  void recordTo(std::shared_ptr<drill::RunWriter> writer);
  // Speeds offered, ascending.
  [[nodiscard]] static const std::vector<int>& speeds();

 public slots:
  void tick(std::int64_t elapsedUs);
  // Answers with the journal's entry; the caller shows outcome.text when it was refused.
  drill::Entry perform(const sim::Action& action);
  // Notes that the trainee looks at something, at most once per five simulated seconds and target;
  // the newest request of those held back is entered before the next action or once the time is up.
  void look(const QString& target, base::SimTime from, base::SimTime to);
  void setPaused(bool paused);
  void setSpeed(int speed);
  void seek(base::SimTime time);
  // Seeks and drops what came later at once ("what if we had restarted at 10:12?"). A branch
  // taken after the end is not recorded.
  void branch(base::SimTime time);
  void takeOver(drill::Mode mode);
  void close(const QString& summary);

 signals:
  void rowsGrew();
  void logsGrew();
  void alertsGrew();
  void notificationsGrew();
  void journalGrew();
  void observationsGrew();
  // The run was replaced (seek, branch): forget everything and read it again.
  void wasReset();
  void paceChanged();
  void modeChanged();
  void finished();
  // The file on disk cannot be written; the drill goes on.
  void recordingFailed(const QString& reason);

 private:
  void announce();
  void forgetFuture();
  void watchAt(base::SimTime time);
  void replaceRun(drill::Run run);
  void rewriteFile();
  void flushLooks(bool all);
  void writeProgress();
  void rememberSizes();

  std::unique_ptr<drill::Run> m_run;
  std::unique_ptr<drill::Run> m_future;  // the whole run while looking back
  // While watching: the furthest that was played, which need not be computed again.
  std::unique_ptr<drill::Run> m_watched;
  std::shared_ptr<drill::RunWriter> m_writer;
  std::string m_file;
  drill::Clock m_clock;
  LookJournal m_looks;
  std::optional<drill::Debrief> m_debrief;
  struct Sizes {
    std::size_t rows = 0, logs = 0, alerts = 0, notifications = 0, journal = 0, observations = 0;
  } m_sizes;
  bool m_saidFinished = false;
};

}  // namespace models
