// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "fuzzers.h"
#include "worlds.h"

namespace fuzz {
namespace {

constexpr std::size_t kMostText = (1u << 20) + 64;

// A case is a session: some lines typed into a copy of a server, time passing between them.
class TerminalFuzzer : public Fuzzer {
 public:
  TerminalFuzzer()
      : m_labs(laboratories()), m_moments(momentsOfTheOutage()), m_lines(surroundings(m_labs[1])) {}

  [[nodiscard]] std::string_view unit() const override { return "lines"; }
  [[nodiscard]] std::string report() const override {
    return std::to_string(m_answered) + " lines had an answer, " + std::to_string(m_succeeded) +
           " succeeded, " + std::to_string(m_changes) + " changes of the world";
  }

  void run(Case& one) override {
    if (one.number() == 0) manyTimesOneByte(one);
    const std::size_t length = one.dice.oneIn(40) ? 100 : 1 + one.dice.below(30);
    if (one.dice.oneIn(2)) {
      drill::Lab lab = m_labs[one.dice.below(m_labs.size())];
      session(one, length, lab);
      if (one.dice.oneIn(10)) again(one, lab);
    } else {
      drill::Run run = m_moments[one.dice.below(m_moments.size())];
      session(one, length, run);
    }
  }

 private:
  // Long lines of one byte, bare and inside of what takes text.
  void manyTimesOneByte(Case& one) const {
    drill::Lab lab = m_labs[1];
    for (const std::size_t size : {1u, 100u, 60'000u}) {
      for (const char c : std::string_view("('\"$`\\|;*[\0\x7f\xff<>!-", 17)) {
        const std::string text(size, c);
        typed(lab, text, one);
        typed(lab, "psql -c \"select " + text + "\"", one);
        typed(lab, "grep '" + text + "' /proc/meminfo", one);
        if (inPsql(lab)) typed(lab, "\\q", one);
        if (goesOn(lab)) typed(lab, {console::kInterrupt}, one);
      }
    }
  }

  // A laboratory typed at.
  static bool inPsql(const drill::Lab& lab) { return asksForSql(lab.prompt()); }
  static bool inPsql(const drill::Run& run) { return run.shell().inPsql(); }
  // A shell's prompt ends in a dollar sign and a blank.
  static bool asksForSql(const std::string& prompt) {
    return !prompt.ends_with("$ ") && prompt != "> ";
  }
  static bool goesOn(const drill::Lab& lab) { return lab.prompt() == "> "; }
  static bool goesOn(const drill::Run& run) { return run.shell().prompt(run.world()) == "> "; }

  static std::string typed(drill::Lab& lab, const std::string& line, Case& one) {
    console::Reply reply;
    one.step("lab> " + line, [&] { reply = lab.type(line); });
    one.expect(reply.duration.ms >= 0, "no command takes negative time");
    return reply.text;
  }
  static std::string typed(drill::Run& run, const std::string& line, Case& one) {
    std::string text;
    one.step("run> " + line, [&] {
      text = run.perform({sim::Verb::Command, "", line, {}}).output;
    });
    return text;
  }
  static void pass(drill::Lab& lab, std::int64_t seconds) { lab.wait(base::seconds(seconds)); }
  static void pass(drill::Run& run, std::int64_t seconds) {
    run.advanceTo(run.now() + base::seconds(seconds));
  }
  static std::vector<std::string> completed(const drill::Lab& lab, const std::string& line) {
    return lab.complete(line);
  }
  static std::vector<std::string> completed(const drill::Run& run, const std::string& line) {
    return run.shell().complete(run.world(), line);
  }

  template <typename Server>
  void session(Case& one, std::size_t length, Server& server) {
    for (std::size_t i = 0; i < length; ++i) {
      const std::string line = m_lines.line(one.dice, inPsql(server));
      const std::string text = typed(server, line, one);
      // Most quotations that never end are given up.
      if (goesOn(server) && !one.dice.oneIn(4)) typed(server, {console::kInterrupt}, one);
      one.tell("    " + shown(text, 200));
      one.expect(text.size() <= kMostText, "an answer is at most a megabyte");
      one.expect(base::validUtf8(text), "an answer is UTF-8");
      m_answered += text.empty() ? 0 : 1;
      if (one.dice.oneIn(8)) {
        one.step(
            "completion of " + line, [&] { (void)completed(server, line); }, false);
      }
      if (one.dice.oneIn(3)) {
        one.step(
            "time passes", [&] { pass(server, static_cast<std::int64_t>(one.dice.below(90))); },
            false);
      }
      const std::string fault = imbalance(server.world());
      one.expect(fault.empty(), fault);
    }
    count(server);
  }

  void count(const drill::Lab&) {}
  void count(const drill::Run& run) {
    for (const drill::Entry& entry : run.journal()) {
      m_succeeded += entry.outcome.exitCode == 0 ? 1 : 0;
      m_changes += entry.changed.size();
    }
  }

  // A copy types on with the same words and gets the same answers.
  void again(Case& one, const drill::Lab& lab) const {
    drill::Lab left = lab;
    drill::Lab right = lab;
    for (int i = 0; i < 4; ++i) {
      const std::string line = m_lines.line(one.dice, inPsql(left));
      const std::string first = typed(left, line, one);
      one.step("copy of it> " + line, [&] {
        one.expect(first == right.type(line).text, "the same server gives the same answer");
      });
    }
    one.expect(left.world().fingerprint() == right.world().fingerprint() &&
                   left.telemetry().fingerprint() == right.telemetry().fingerprint(),
               "the same words leave the same bits");
  }

  std::vector<drill::Lab> m_labs;
  std::vector<drill::Run> m_moments;
  TerminalLines m_lines;
  std::size_t m_answered = 0, m_succeeded = 0, m_changes = 0;
};

}  // namespace

std::unique_ptr<Fuzzer> terminalFuzzer() {
  return std::make_unique<TerminalFuzzer>();
}

}  // namespace fuzz
