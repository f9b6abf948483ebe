// SPDX-License-Identifier: GPL-3.0-or-later
#include <QComboBox>
#include <QLabel>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QTableView>
#include <QTableWidget>

#include "gui/people/people_page.h"
#include "page_driver.h"

using driver::child;
using driver::click;
using Opened = driver::Opened<gui::PeoplePage>;

namespace {

int rowOf(const models::Session& session, const std::string& id) {
  const auto& people = session.run().world().spec().people;
  for (std::size_t i = 0; i < people.size(); ++i) {
    if (people[i].id == id) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace

class PeoplePageTest : public QObject {
  Q_OBJECT
 private slots:
  void somebodyIsPagedAndAsked() {
    Opened opened(drill::Mode::Practice);
    auto* people = child<QTableWidget>(*opened.page, "peopleTable");
    const int dba = rowOf(*opened.session, "dba");
    people->selectRow(dba);
    QCOMPARE(people->item(dba, 2)->text(), QStringLiteral("not paged"));
    auto* page = child<QPushButton>(*opened.page, "page");
    click(page);
    QVERIFY(opened.lastAction().verb == sim::Verb::Page);
    QCOMPARE(opened.lastAction().target, std::string("dba"));
    QVERIFY(people->item(dba, 2)->text().startsWith(QStringLiteral("on the way")));
    QVERIFY(!page->isEnabled());
    auto* topics = child<QListWidget>(*opened.page, "topics");
    QVERIFY(topics->count() > 0);
    topics->setCurrentRow(0);
    click(child<QPushButton>(*opened.page, "ask"));
    QVERIFY(opened.lastAction().verb == sim::Verb::Ask);
    QVERIFY(opened.last().outcome.accepted);
    auto* answers = child<QTableView>(*opened.page, "answers");
    const int before = answers->model()->rowCount();
    opened.play(1500);
    QCOMPARE(people->item(dba, 2)->text(), QStringLiteral("engaged"));
    QVERIFY(answers->model()->rowCount() >= before + 2);
    QVERIFY(answers->isVisible());
  }
  void theIncidentIsDeclared() {
    Opened opened(drill::Mode::Practice);
    auto* declared = child<QLabel>(*opened.page, "declared");
    QVERIFY(declared->text().contains(QStringLiteral("not been declared")));
    auto* severity = child<QComboBox>(*opened.page, "severity");
    severity->setFocus();
    QTest::keyClick(severity, Qt::Key_Up);
    click(child<QPushButton>(*opened.page, "declare"));
    QCOMPARE(opened.session->run().world().incident().severity, std::string("sev1"));
    QVERIFY(declared->text().startsWith(QStringLiteral("SEV1")));
  }
  void usersAreTold() {
    Opened opened(drill::Mode::Practice);
    child<QTabWidget>(*opened.page, "peopleTabs")->setCurrentIndex(1);
    auto* text = child<QPlainTextEdit>(*opened.page, "statusText");
    auto* publish = child<QPushButton>(*opened.page, "publish");
    click(publish);
    QCOMPARE(child<QLabel>(*opened.page, "statusAnswer")->text(),
             QStringLiteral("Refused: A status message needs words."));
    auto* state = child<QComboBox>(*opened.page, "statusState");
    state->setFocus();
    QTest::keyClick(state, Qt::Key_Down);
    click(child<QPushButton>(*opened.page, "statusTemplate"));
    QVERIFY(text->toPlainText().contains(QStringLiteral("We know why")));
    click(publish);
    const auto& posts = opened.session->run().world().statusPosts();
    QCOMPARE(posts.size(), std::size_t{1});
    QCOMPARE(posts[0].state, std::string("identified"));
    QCOMPARE(child<QListWidget>(*opened.page, "statusPosts")->count(), 1);
    QVERIFY(text->toPlainText().isEmpty());
    QCOMPARE(driver::nameless(*opened.page), QString());
  }
  void aWatcherSeesWhatOthersSaid() {
    Opened opened(drill::Mode::Watch);
    opened.play(3600);
    QVERIFY(!child<QPushButton>(*opened.page, "page")->isEnabled());
    QVERIFY(child<QTableView>(*opened.page, "answers")->model()->rowCount() > 0);
    auto* answer = child<QLabel>(*opened.page, "peopleAnswer");
    QVERIFY(answer->text().contains(QStringLiteral("Take over")));
    opened.session->takeOver(drill::Mode::Practice);
    QCOMPARE(answer->text(), QString());
    QVERIFY(child<QPushButton>(*opened.page, "declare")->isEnabled());
  }
};

QTEST_MAIN(PeoplePageTest)
#include "tst_people_page.moc"
