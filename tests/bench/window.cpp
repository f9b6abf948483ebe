// SPDX-License-Identifier: GPL-3.0-or-later
// outage-drill-bench-window [--smoke]: what the drill window costs: from the start of the process to
// its first painting, a frame while the clock runs, a seek as felt, and standing still. Processor
// time, drawn in memory without a display. The exit code says whether everything works, never
// whether it is fast.
#include <time.h>

#include <QApplication>
#include <QEventLoop>
#include <QSettings>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTimer>
#include <cstdio>
#include <cstring>

#include "../models/seed_scenario.h"
#include "base/random.h"
#include "figures.h"
#include "gui/drill/drill_window.h"

namespace {

constexpr int kFrameUs = 33'000;
constexpr int kSpeed = 60;

double processSeconds() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// Until nothing is left to paint; what was asked for while painting is painted too.
void paint() {
  for (int i = 0; i < 3; ++i) {
    QCoreApplication::sendPostedEvents();
    QCoreApplication::processEvents();
  }
}

std::unique_ptr<gui::DrillWindow> openWindow(drill::Mode mode) {
  auto window = std::make_unique<gui::DrillWindow>(seed::session(mode), nullptr);
  window->resize(1280, 720);
  window->show();
  paint();
  window->session().setPaused(true);
  return window;
}

// One figure a group of charts: milliseconds of each frame at 60 times the speed of time.
bool frames(int count) {
  bench::printTitle("A frame at 60x, by what the charts show");
  bool sound = true;
  const auto window = openWindow(drill::Mode::Watch);
  models::Session& session = window->session();
  auto* groups = window->findChild<QTabBar*>(QStringLiteral("chartGroups"));
  for (int group = 0; groups && group < groups->count(); ++group) {
    session.seek(session.run().scenario().world.timing.opensAt);
    groups->setCurrentIndex(group);
    session.setSpeed(kSpeed);
    session.setPaused(false);
    bench::Figure figure{groups->tabText(group).toStdString(), "ms", bench::atMost(16), nullptr};
    for (int i = 0; i < count; ++i) {
      figure.values.push_back(1000 * bench::secondsOf([&] {
                                session.tick(kFrameUs);
                                paint();
                              }));
    }
    session.setPaused(true);
    sound = bench::print(figure) && sound;
    sound = bench::printDerived("  99 of 100 within", bench::quantile(figure.values, 0.99), "ms",
                                bench::atMost(16)) &&
            sound;
  }
  return sound && groups;
}

// With the charts in front, and below them the page named.
bool seeks(const char* title, const QString& below, int count) {
  bench::printTitle(title);
  const auto window = openWindow(drill::Mode::Watch);
  models::Session& session = window->session();
  const sim::TimingSpec& timing = session.run().scenario().world.timing;
  session.seek(timing.endsAt);
  for (const QString& page : {QStringLiteral("charts"), below}) window->showPage(page);
  paint();
  const auto span = static_cast<std::uint64_t>((timing.endsAt - timing.opensAt).seconds());
  std::vector<double> times;
  for (int i = 0; i < count; ++i) {
    const auto second =
        static_cast<std::int64_t>(base::below(span, std::uint64_t{7}, base::Stream::Bots, i));
    times.push_back(1000 * bench::secondsOf([&] {
                      session.seek(timing.opensAt + base::seconds(second));
                      paint();
                    }));
  }
  return bench::printDerived("half of them within", bench::quantile(times, 0.5), "ms") &&
         bench::printDerived("99 of 100 within", bench::quantile(times, 0.99), "ms",
                             bench::atMost(16));
}

bool rest(int milliseconds) {
  bench::printTitle("At rest");
  const auto window = openWindow(drill::Mode::Practice);
  paint();
  const double before = processSeconds();
  QEventLoop loop;
  QTimer::singleShot(milliseconds, &loop, &QEventLoop::quit);
  loop.exec();
  return bench::printDerived("processor time while nothing happens",
                             (processSeconds() - before) * 1e6 / milliseconds, "ms a second");
}

}  // namespace

int main(int count, char** words) {
  const bool smoke = count == 2 && std::strcmp(words[1], "--smoke") == 0;
  if (count > 1 && !smoke) {
    std::fprintf(stderr, "usage: outage-drill-bench-window [--smoke]\n");
    return 2;
  }
  qputenv("QT_QPA_PLATFORM", "offscreen");
  QApplication qt(count, words);
  QTemporaryDir settings;
  QCoreApplication::setOrganizationName(QStringLiteral("outage-drill-bench"));
  QSettings::setDefaultFormat(QSettings::IniFormat);
  QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings.path());
  bench::printTitle("Start");
  openWindow(drill::Mode::Practice);
  bool sound = bench::printDerived("from the start of the process to the drill window painted",
                                   processSeconds(), "s", bench::atMost(0.5));
  sound = frames(smoke ? 3 : 300) && sound;
  sound = seeks("A seek to a second drawn at random, until charts and time line are painted",
                QStringLiteral("timeline"), smoke ? 3 : 200) &&
          sound;
  sound = seeks("The same with charts and logs", QStringLiteral("logs"), smoke ? 3 : 200) && sound;
  sound = rest(smoke ? 10 : 1000) && sound;
  return sound ? 0 : 1;
}
