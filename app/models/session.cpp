// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/session.h"

#include <algorithm>

namespace models {
namespace {
// Between two states kept of a run; stepping over less is done by letting the time pass.
constexpr base::SimTime kCheckpointSpacing = base::minutes(2);
}  // namespace

Session::Session(std::unique_ptr<drill::Run> run, std::shared_ptr<drill::RunWriter> writer,
                 QObject* parent)
    : QObject(parent),
      m_run(std::move(run)),
      m_clock(m_run->now()),
      m_saidFinished(m_run->finished()) {
  m_run->keepCheckpoints(kCheckpointSpacing);
  recordTo(std::move(writer));
  rememberSizes();
}

void Session::recordTo(std::shared_ptr<drill::RunWriter> writer) {
  m_writer = std::move(writer);
  m_file = m_writer ? m_writer->path() : std::string();
  writeProgress();
}

Session::~Session() = default;

const std::vector<int>& Session::speeds() {
  static const std::vector<int> kSpeeds{1, 2, 5, 10, 30, 60, 120, 300, 600};
  return kSpeeds;
}

bool Session::mayPace() const {
  return mode() != drill::Mode::Assessment;
}

bool Session::maySeek() const {
  return mode() != drill::Mode::Assessment || m_run->finished() || reviewing();
}

base::SimTime Session::reached() const {
  return m_future ? m_future->now() : m_run->now();
}

std::int64_t Session::startUnixMs() const {
  return m_run->world().spec().timing.startUnixMs;
}

QString Session::clockText(base::SimTime time) const {
  return QString::fromStdString(base::clockText(startUnixMs() + time.ms));
}

const drill::Debrief* Session::debrief() {
  if (!m_run->finished()) return nullptr;
  if (m_run->scenario().sandbox) return nullptr;
  if (!m_debrief) m_debrief = drill::debriefOf(*m_run);
  return &*m_debrief;
}

void Session::tick(std::int64_t elapsedUs) {
  if (m_clock.paused() || m_run->finished() || reviewing()) return;
  const base::SimTime target = m_clock.advance(elapsedUs);
  if (target.seconds() <= m_run->now().seconds()) return;
  forgetFuture();
  m_run->advanceTo(base::seconds(target.seconds()));
  flushLooks(false);
  writeProgress();
  announce();
}

drill::Entry Session::perform(const sim::Action& action) {
  if (reviewing() || m_run->finished()) {
    drill::Entry refused;
    refused.timed = {m_run->now(), "trainee", action};
    refused.outcome = {false, "This run has ended.", 1};
    return refused;
  }
  forgetFuture();
  if (action.verb != sim::Verb::Look) flushLooks(true);
  const drill::Entry entry = m_run->perform(action);
  if (m_run->now() > m_clock.target()) m_clock.jumpTo(m_run->now());
  writeProgress();
  announce();
  return entry;
}

void Session::look(const QString& target, base::SimTime from, base::SimTime to) {
  // Looking at the past, at a replayed history or at a finished run is no part of the run.
  if (m_future || mode() == drill::Mode::Watch || m_run->finished()) return;
  m_looks.request({target.toStdString(), from, to});
  flushLooks(false);
}

void Session::flushLooks(bool all) {
  if (m_run->finished()) return;
  const std::vector<Look> due = m_looks.take(m_run->now(), all);
  for (const Look& look : due) m_run->perform(look.action());
  if (due.empty()) return;
  writeProgress();
  announce();
}

void Session::setPaused(bool paused) {
  if (paused == m_clock.paused() || (paused && !mayPace() && !m_run->finished())) return;
  if (!paused && (m_run->finished() || reviewing())) return;
  m_clock.setPaused(paused);
  emit paceChanged();
}

void Session::setSpeed(int speed) {
  if (!mayPace() || speed == m_clock.speed()) return;
  m_clock.setSpeed(speed);
  emit paceChanged();
}

void Session::seek(base::SimTime time) {
  if (!maySeek()) return;
  const sim::TimingSpec& timing = m_run->world().spec().timing;
  const bool watching = mode() == drill::Mode::Watch && !m_future;
  const base::SimTime latest = watching ? timing.endsAt : reached();
  time = std::clamp(base::seconds(time.seconds()), timing.opensAt, latest);
  if (time == m_run->now()) return;
  if (watching) return watchAt(time);
  if (m_future && time == m_future->now()) {
    replaceRun(std::move(*m_future));
    m_future.reset();
    emit wasReset();
    return;
  }
  drill::Run past = (m_future ? *m_future : *m_run).at(time);
  if (!m_future) m_future = std::move(m_run);
  replaceRun(std::move(past));
  emit wasReset();
}

void Session::watchAt(base::SimTime time) {
  const base::SimTime now = m_run->now();
  const bool behind = m_watched && now < m_watched->now();
  if (time > now && (!behind || time - now <= kCheckpointSpacing)) {
    m_run->advanceTo(time);
    m_clock.jumpTo(m_run->now());
    announce();
    return;
  }
  if (!behind) m_watched = std::move(m_run);
  drill::Run moment = m_watched->at(std::min(time, m_watched->now()));
  moment.advanceTo(time);
  replaceRun(std::move(moment));
  m_saidFinished = false;
  emit wasReset();
  announce();
}

void Session::branch(base::SimTime time) {
  if (mode() != drill::Mode::Practice) return;
  seek(time);
  forgetFuture();
}

void Session::takeOver(drill::Mode mode) {
  if (this->mode() != drill::Mode::Watch || m_run->finished()) return;
  m_watched.reset();
  forgetFuture();
  m_run->takeOver(mode);
  m_debrief.reset();
  m_clock.setSpeed(1);
  rewriteFile();
  announce();
  emit modeChanged();
  emit paceChanged();
}

void Session::close(const QString& summary) {
  sim::Action action;
  action.verb = sim::Verb::Close;
  action.text = summary.toStdString();
  perform(action);
}

// A past that is played or acted upon becomes the present: what came later is gone.
void Session::forgetFuture() {
  if (!m_future) return;
  const int rewinds = m_future->rewinds();
  if (m_future->finished()) m_file.clear();
  m_future.reset();
  while (m_run->rewinds() <= rewinds) m_run->countRewind();
  rewriteFile();
  emit paceChanged();
}

void Session::replaceRun(drill::Run run) {
  m_run = std::make_unique<drill::Run>(std::move(run));
  m_clock.jumpTo(m_run->now());
  m_looks.clear();
  // Whatever was watched ends in the same way.
  if (mode() != drill::Mode::Watch) m_debrief.reset();
  m_saidFinished = m_run->finished();
  rememberSizes();
}

// The file only ever grows, so a branch starts it afresh under the same name.
void Session::rewriteFile() {
  if (!m_writer) return;
  const std::string path = m_writer->path();
  m_writer.reset();
  const base::Result<> written = drill::writeFileSafely(path, drill::runText(*m_run, false));
  if (!written) {
    emit recordingFailed(QString::fromStdString(written.error().message));
    return;
  }
  auto resumed = drill::RunWriter::resume(path, *m_run);
  if (resumed) {
    m_writer = resumed.value();
  } else {
    emit recordingFailed(QString::fromStdString(resumed.error().message));
  }
}

void Session::writeProgress() {
  if (!m_writer) return;
  const base::Result<> written =
      m_run->finished() ? m_writer->finish(*m_run) : m_writer->append(*m_run);
  if (written && !m_run->finished()) return;
  m_writer.reset();
  if (!written) emit recordingFailed(QString::fromStdString(written.error().message));
}

void Session::rememberSizes() {
  const sim::Telemetry& telemetry = m_run->telemetry();
  m_sizes = {telemetry.times().size(),  telemetry.logs().size(),
             telemetry.alerts().size(), telemetry.notifications().size(),
             m_run->journal().size(),   m_run->observations().size()};
}

void Session::announce() {
  const Sizes before = m_sizes;
  rememberSizes();
  if (m_sizes.logs != before.logs) emit logsGrew();
  if (m_sizes.alerts != before.alerts) emit alertsGrew();
  if (m_sizes.notifications != before.notifications) emit notificationsGrew();
  if (m_sizes.journal != before.journal) emit journalGrew();
  if (m_sizes.observations != before.observations) emit observationsGrew();
  if (m_sizes.rows != before.rows) emit rowsGrew();
  if (m_saidFinished || !m_run->finished()) return;
  m_saidFinished = true;
  m_clock.setPaused(true);
  emit paceChanged();
  emit finished();
}

}  // namespace models
