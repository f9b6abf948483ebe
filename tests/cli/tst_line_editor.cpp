// SPDX-License-Identifier: GPL-3.0-or-later
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QtTest>

#include "cli/line_editor.h"
#include "console/shell.h"

namespace {

// A person at a terminal: what is typed is told again, line by line.
class Typist {
 public:
  Typist() {
    m_child = ::forkpty(&m_terminal, nullptr, nullptr, nullptr);
    if (m_child != 0) return;
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    ::setenv("TERM", "dumb", 1);
    // Who asks how "intr" goes on has pressed Ctrl+C before the answer is there.
    cli::LineEditor editor([](const std::string& line) {
      if (line == "intr") ::raise(SIGINT);
      return std::vector<std::string>{"complete"};
    });
    while (const auto line = editor.read("> ")) {
      std::printf("[%s]\n", console::shownLine(*line).c_str());
      std::fflush(stdout);
    }
    ::_exit(7);
  }
  ~Typist() {
    ::close(m_terminal);
    ::waitpid(m_child, nullptr, 0);
  }
  Typist(const Typist&) = delete;
  Typist& operator=(const Typist&) = delete;

  void type(std::string_view keys) const {
    QCOMPARE(::write(m_terminal, keys.data(), keys.size()), static_cast<ssize_t>(keys.size()));
  }
  // Reads until this is shown; gives up when nothing more comes.
  bool shows(const std::string& wanted) {
    constexpr int kPatienceMs = 20'000;
    while (m_shown.find(wanted) == std::string::npos) {
      pollfd waited{m_terminal, POLLIN, 0};
      if (::poll(&waited, 1, kPatienceMs) <= 0) return false;
      char bytes[512];
      const ssize_t got = ::read(m_terminal, bytes, sizeof bytes);
      if (got <= 0) return false;
      m_shown.append(bytes, static_cast<std::size_t>(got));
    }
    m_shown.erase(0, m_shown.find(wanted) + wanted.size());
    return true;
  }
  int end() const {
    int status = 0;
    ::waitpid(m_child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  int m_terminal = -1;
  pid_t m_child = -1;
  std::string m_shown;
};

}  // namespace

class TestLineEditor : public QObject {
  Q_OBJECT

 private slots:
  void linesAreReadAndCompleted() {
    Typist person;
    QVERIFY(person.shows("> "));
    person.type("one\n");
    QVERIFY(person.shows("[one]"));
    QVERIFY(person.shows("> "));
    person.type("comp\t\n");
    QVERIFY(person.shows("[complete ]"));
  }
  void aLineIsGivenUp() {
    Typist person;
    QVERIFY(person.shows("> "));
    person.type("half");
    QVERIFY(person.shows("half"));
    person.type("\x03");
    QVERIFY(person.shows("^C"));
    QVERIFY(person.shows("[half^C]"));
    QVERIFY(person.shows("> "));
    person.type("whole\n");
    QVERIFY(person.shows("[whole]"));
    QVERIFY(person.shows("> "));
    person.type("\x04");
    QCOMPARE(person.end(), 7);
  }
  void aLineIsGivenUpWhileAKeyIsWorkedOn() {
    Typist person;
    QVERIFY(person.shows("> "));
    person.type("intr\t");
    QVERIFY(person.shows("^C]"));
    QVERIFY(person.shows("> "));
    person.type("\x04");
    QCOMPARE(person.end(), 7);
  }
};

QTEST_APPLESS_MAIN(TestLineEditor)
#include "tst_line_editor.moc"
