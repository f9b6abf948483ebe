// SPDX-License-Identifier: GPL-3.0-or-later
// Alerts, messages, time line and notebook over a run that is played.
#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QtTest>

#include "models/alert_model.h"
#include "models/evidence_model.h"
#include "models/notification_model.h"
#include "models/timeline_model.h"
#include "models/words.h"
#include "seed_scenario.h"

namespace {

using FailureMode = QAbstractItemModelTester::FailureReportingMode;

QStringList column(const QAbstractItemModel& model, int number) {
  QStringList cells;
  for (int row = 0; row < model.rowCount(); ++row) {
    cells << model.index(row, number).data().toString();
  }
  return cells;
}

sim::Action hypothesis(const std::string& id, const std::string& component) {
  return {sim::Verb::Hypothesis,
          id,
          "memory is short",
          {{"component", component}, {"confidence", "40"}}};
}

sim::Action pin(const std::string& id, int observation, const std::string& stance) {
  return {
      sim::Verb::Pin, id, {}, {{"observation", std::to_string(observation)}, {"stance", stance}}};
}

}  // namespace

class RunModelsTest : public QObject {
  Q_OBJECT
 private slots:
  void alertsComeUpAndAreAcknowledged() {
    const auto session = seed::session(drill::Mode::Practice);
    models::AlertModel model;
    QAbstractItemModelTester tester(&model, FailureMode::QtTest);
    model.refresh(session->run());
    while (models::firingAlerts(session->run()) == 0 && !session->run().finished()) {
      seed::play(*session, 15);
      model.refresh(session->run());
    }
    QVERIFY(model.rowCount() > 0);
    const int row = 0;
    QVERIFY(model.stateOf(row) == models::AlertModel::Shown::Firing);
    const QString name = model.index(row, models::AlertModel::Name).data().toString();
    QCOMPARE(model.index(row, models::AlertModel::State).data().toString(),
             QStringLiteral("FIRING"));
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    session->perform({sim::Verb::Acknowledge, name.toStdString(), {}, {}});
    model.refresh(session->run());
    QCOMPARE(changed.count(), 1);
    QVERIFY(model.stateOf(row) == models::AlertModel::Shown::Acknowledged);
  }
  void firingAlertsComeFirstAndASelectionFollowsItsRow() {
    const auto session = seed::session(drill::Mode::Watch);
    models::AlertModel model;
    QAbstractItemModelTester tester(&model, FailureMode::QtTest);
    model.refresh(session->run());
    QPersistentModelIndex selected;
    QString name;
    bool moved = false;
    while (!session->run().finished()) {
      seed::play(*session, 60);
      model.refresh(session->run());
      int rank = 0;
      const int ranks[] = {2, 0, 1, 3};  // of pending, firing, acknowledged, resolved
      for (int row = 0; row < model.rowCount(); ++row) {
        const int next = ranks[static_cast<int>(model.stateOf(row))];
        QVERIFY(next >= rank);
        rank = next;
      }
      if (model.rowCount() == 0) continue;
      if (!selected.isValid()) {
        selected = model.index(0, models::AlertModel::Name);
        name = selected.data().toString();
      }
      QCOMPARE(selected.data().toString(), name);
      moved = moved || selected.row() > 0;
    }
    QVERIFY(moved);
  }
  void theTimeLineOfHistoryIsInOrder() {
    const auto session = seed::session(drill::Mode::Watch);
    models::TimelineModel model;
    QAbstractItemModelTester tester(&model, FailureMode::QtTest);
    model.refresh(session->run());
    while (!session->run().finished()) {
      seed::play(*session, 600);
      model.refresh(session->run());
    }
    const auto& rows = model.rows();
    QVERIFY(rows.size() > 20);
    QVERIFY(std::is_sorted(rows.begin(), rows.end(),
                           [](const auto& a, const auto& b) { return a.at < b.at; }));
    const QStringList events = column(model, models::TimelineModel::Text);
    QVERIFY(events.contains(QStringLiteral("WebsiteLatencyHigh is firing")));
    QVERIFY(events.contains(QStringLiteral("Closed the incident")));
    QVERIFY(events.filter(QStringLiteral("Looked at")).isEmpty());
    for (const QString& text : events) QVERIFY(!text.isEmpty());
    const QStringList people = column(model, models::TimelineModel::Who);
    QVERIFY(people.contains(QStringLiteral("The team")) && !people.contains(QStringLiteral("You")));
    // Monitoring says in its alerts what it says in messages.
    for (const models::TimelineRow& row : rows) {
      QVERIFY(row.kind != models::TimelineRow::Kind::Message ||
              row.who != QStringLiteral("monitoring"));
    }
    model.setShowLooks(true);
    model.reset(session->run());
    const QStringList all = column(model, models::TimelineModel::Text);
    QVERIFY(!all.filter(QStringLiteral("Looked at")).isEmpty());
    models::TimelineModel again;
    again.setShowLooks(true);
    again.refresh(session->run());
    QCOMPARE(column(again, models::TimelineModel::Text), all);
  }
  void whatIsDoneAfterTakingOverIsYours() {
    const auto session = seed::session(drill::Mode::Watch);
    seed::play(*session, 900);
    session->takeOver(drill::Mode::Practice);
    session->perform({sim::Verb::Command, {}, "free -m", {}});
    models::TimelineModel model;
    model.reset(session->run());
    const QStringList people = column(model, models::TimelineModel::Who);
    QCOMPARE(people.back(), QStringLiteral("You"));
    QVERIFY(people.indexOf(QStringLiteral("The team")) < people.indexOf(QStringLiteral("You")));
    // Another moment of the run keeps the rows that both have.
    QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    const int rows = model.rowCount();
    session->seek(session->run().now() - base::minutes(5));
    model.reset(session->run());
    QCOMPARE(removed.count(), 1);
    QCOMPARE(inserted.count(), 0);
    QCOMPARE(removed.front()[1].toInt(), model.rowCount());
    QVERIFY(model.rowCount() > 0 && model.rowCount() < rows);
  }
  void messagesNameTheirSenders() {
    const auto session = seed::session(drill::Mode::Watch);
    session->seek(session->run().world().spec().timing.endsAt);
    models::NotificationModel model;
    QAbstractItemModelTester tester(&model, FailureMode::QtTest);
    model.refresh(session->run());
    QCOMPARE(std::size_t(model.rowCount()), session->run().telemetry().notifications().size());
    const auto& people = session->run().world().spec().people;
    const QStringList texts = column(model, models::NotificationModel::Text);
    QVERIFY(texts.contains(QStringLiteral("WebsiteErrorRatioHigh resolved")));
    const QStringList senders = column(model, models::NotificationModel::From);
    QVERIFY(senders.contains(QString::fromStdString(people.front().name)) ||
            senders.contains(QString::fromStdString(people.back().name)));
  }
  void theNotebookListsWhatWasSeenAndPinned() {
    const auto session = seed::session(drill::Mode::Practice);
    models::EvidenceModel model;
    QAbstractItemModelTester tester(&model, FailureMode::QtTest);
    model.refresh(session->run());
    QSignalSpy changed(&model, &models::EvidenceModel::hypothesesChanged);
    session->perform({sim::Verb::Command, {}, "free -m", {}});
    const std::string component = session->run().scenario().form.components.front().id;
    QVERIFY(session->perform(hypothesis("h1", component)).outcome.accepted);
    QVERIFY(session->perform(pin("h1", 1, "for")).outcome.accepted);
    model.refresh(session->run());
    QCOMPARE(column(model, models::EvidenceModel::Title), QStringList{QStringLiteral("free -m")});
    QCOMPARE(column(model, models::EvidenceModel::Pinned), QStringList{QStringLiteral("for h1")});
    QCOMPARE(model.newestOf(QStringLiteral("command")), 0);
    QCOMPARE(model.newestOf(QStringLiteral("alerts")), -1);
    session->perform(pin("h1", 1, "against"));
    session->perform({sim::Verb::Reject, "h1", {}, {}});
    model.refresh(session->run());
    QCOMPARE(changed.count(), 2);
    const models::HypothesisState& state = model.hypotheses().front();
    QCOMPARE(state.text, QStringLiteral("memory is short"));
    QCOMPARE(state.confidence, 40);
    QVERIFY(state.rejected);
    QCOMPARE(state.pins, (std::vector<models::PinnedObservation>{{1, false}}));
    QCOMPARE(models::nextHypothesisId(model.hypotheses()), QStringLiteral("h2"));
  }
  void everyVerbHasWords() {
    const sim::WorldSpec& spec = seed::scenario()->world;
    for (int verb = 0; verb < static_cast<int>(sim::Verb::Count); ++verb) {
      const sim::Action action{static_cast<sim::Verb>(verb), "target", "text", {}};
      const std::string name(sim::verbName(action.verb));
      QVERIFY2(!models::actionText(spec, action).isEmpty(), name.c_str());
    }
    QCOMPARE(models::personText(spec, "trainee"), QStringLiteral("You"));
    QCOMPARE(models::personText(spec, "nobody"), QStringLiteral("nobody"));
    QCOMPARE(models::personText(spec, spec.people.front().id),
             QString::fromStdString(spec.people.front().name));
  }
};

QTEST_GUILESS_MAIN(RunModelsTest)
#include "tst_run_models.moc"
