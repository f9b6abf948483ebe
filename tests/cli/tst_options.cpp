// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "cli/options.h"

class TestOptions : public QObject {
  Q_OBJECT

 private slots:
  void readsNumbers() {
    QCOMPARE(cli::numberFrom("12", 0, 100).value_or(-1), 12);
    for (const char* text :
         {"", " 1", "1 ", "+1", "-1", "101", "1e1", "0x1", "99999999999999999999"}) {
      QVERIFY2(!cli::numberFrom(text, 0, 100), text);
    }
  }

  void readsMomentsOfTheIncident() {
    sim::TimingSpec timing;
    timing.startUnixMs = 1'715'058'000'000;  // 2024-05-07 05:00 UTC
    timing.opensAt = base::minutes(5 * 60 - 2);
    timing.endsAt = base::minutes(8 * 60);
    QVERIFY(cli::momentFrom("10:45", timing) == base::minutes(5 * 60 + 45));
    QVERIFY(cli::momentFrom("10:45:07", timing) == base::minutes(5 * 60 + 45) + base::seconds(7));
    QVERIFY(cli::momentFrom("09:58:00", timing) == timing.opensAt);
    QVERIFY(cli::momentFrom("13:00:00", timing) == timing.endsAt);
    for (const char* text : {"09:57:59", "13:00:01", "04:00", "10:45:00.5", "noon", ""}) {
      QVERIFY2(!cli::momentFrom(text, timing), text);
    }
    QCOMPARE(cli::momentForm(timing), std::string("HH:MM:SS between 09:58:00 and 13:00:00"));
  }

  void goesPastMidnight() {
    sim::TimingSpec timing;
    timing.startUnixMs = 1'715'119'200'000;  // 2024-05-07 22:00 UTC
    timing.opensAt = base::minutes(60);
    timing.endsAt = base::minutes(240);
    QVERIFY(cli::momentFrom("00:30", timing) == base::minutes(150));
    QVERIFY(!cli::momentFrom("03:00", timing));
  }
};

QTEST_APPLESS_MAIN(TestOptions)
#include "tst_options.moc"
