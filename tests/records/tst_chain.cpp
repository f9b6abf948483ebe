// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <functional>
#include <set>

#include "records/chain.h"

using records::chainHash;
using records::Record;

class TestChain : public QObject {
  Q_OBJECT

 private slots:
  void startsAtZero() {
    QCOMPARE(records::chainStart(), std::string(64, '0'));
    QCOMPARE(chainHash(records::chainStart(), Record()).size(), 64U);
  }

  // Records already written rely on this value.
  void isTheSameForever() {
    QCOMPARE(QString::fromStdString(chainHash(records::chainStart(), Record())),
             QStringLiteral("45caf2a9c71b456e38183ab4a3a63f84d07f26f75e1ee365e044b7762d1f593d"));
  }

  void coversEveryField() {
    const std::vector<std::function<void(Record&)>> changes = {
        [](Record& r) { r.id = 2; },
        [](Record& r) { r.finishedAt = "a"; },
        [](Record& r) { r.trainee = "a"; },
        [](Record& r) { r.scenarioId = "a"; },
        [](Record& r) { r.scenarioHash = "a"; },
        [](Record& r) { r.scenarioTitle = "a"; },
        [](Record& r) { r.seed = 1; },
        [](Record& r) { r.mode = "a"; },
        [](Record& r) { r.score = 1e-300; },
        [](Record& r) { r.band = "a"; },
        [](Record& r) { r.usersAffectedPercent = 1e-300; },
        [](Record& r) { r.userMinutesLost = 1e-300; },
        [](Record& r) { r.downtimeMinutes = 1e-300; },
        [](Record& r) { r.fingerprint = "a"; },
        [](Record& r) { r.runText = "a"; },
        [](Record& r) { r.scoreJson = "a"; },
    };
    std::set<std::string> hashes = {chainHash(records::chainStart(), Record()),
                                    chainHash(std::string(64, '1'), Record())};
    for (const auto& change : changes) {
      Record record;
      change(record);
      hashes.insert(chainHash(records::chainStart(), record));
    }
    QCOMPARE(hashes.size(), changes.size() + 2);
  }

  void keepsFieldsApart() {
    Record left, right;
    left.runText = "ab";
    left.scoreJson = "c";
    right.runText = "a";
    right.scoreJson = "bc";
    QVERIFY(chainHash("", left) != chainHash("", right));
  }
};

QTEST_APPLESS_MAIN(TestChain)
#include "tst_chain.moc"
