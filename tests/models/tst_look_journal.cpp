// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "models/look_journal.h"

using models::Look;
using models::LookJournal;

namespace {
Look at(const std::string& target, int from, int to) {
  return {target, base::seconds(from), base::seconds(to)};
}
}  // namespace

class LookJournalTest : public QObject {
  Q_OBJECT
 private slots:
  void entersTheFirstLookAtOnce() {
    LookJournal journal;
    journal.request(at("alerts", 0, 10));
    QCOMPARE(journal.take(base::seconds(10), false), std::vector{at("alerts", 0, 10)});
    QVERIFY(journal.take(base::seconds(10), false).empty());
  }
  void holdsBackUntilFiveSecondsHavePassedAndKeepsTheNewest() {
    LookJournal journal;
    journal.request(at("alerts", 0, 10));
    QCOMPARE(journal.take(base::seconds(10), false).size(), std::size_t{1});
    journal.request(at("alerts", 0, 11));
    journal.request(at("alerts", 0, 12));
    QVERIFY(journal.take(base::seconds(14), false).empty());
    QCOMPARE(journal.take(base::seconds(15), false), std::vector{at("alerts", 0, 12)});
  }
  void keepsTargetsApart() {
    LookJournal journal;
    journal.request(at("log:kernel", 0, 10));
    journal.request(at("alerts", 0, 10));
    QCOMPARE(journal.take(base::seconds(10), false).size(), std::size_t{2});
  }
  void entersEverythingWhenAsked() {
    LookJournal journal;
    journal.request(at("alerts", 0, 10));
    QCOMPARE(journal.take(base::seconds(10), false).size(), std::size_t{1});
    journal.request(at("alerts", 5, 10));
    QCOMPARE(journal.take(base::seconds(11), true), std::vector{at("alerts", 5, 10)});
  }
  void doesNotRepeatTheSameLook() {
    LookJournal journal;
    journal.request(at("alerts", 0, 10));
    QCOMPARE(journal.take(base::seconds(10), false).size(), std::size_t{1});
    journal.request(at("alerts", 0, 10));
    QVERIFY(journal.take(base::seconds(60), true).empty());
  }
  void saysWhatTheJournalHolds() {
    const sim::Action action = at("chart:pg_up", 1, 2).action();
    QVERIFY(action.verb == sim::Verb::Look);
    QCOMPARE(action.target, std::string("chart:pg_up"));
    QCOMPARE(action.fields.at("from"), std::string("1000"));
    QCOMPARE(action.fields.at("to"), std::string("2000"));
  }
};

QTEST_GUILESS_MAIN(LookJournalTest)
#include "tst_look_journal.moc"
