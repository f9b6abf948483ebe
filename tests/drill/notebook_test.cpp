// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill/notebook.h"

#include "run_fixture.h"

using drill::Mode;
using sim::Verb;
using namespace runtest;

namespace {

struct Case {
  sim::Action action;
  std::string expected;  // part of the refusal; empty: accepted
};

void expectAnswers(drill::Run& run, const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    const drill::Entry& entry = run.perform(one.action);
    const std::string name = std::string(sim::verbName(one.action.verb)) + " " + one.action.target;
    EXPECT_EQ(entry.outcome.accepted, one.expected.empty()) << name << ": " << entry.outcome.text;
    EXPECT_NE(entry.outcome.text.find(one.expected), std::string::npos)
        << name << ": " << entry.outcome.text;
  }
}

}  // namespace

TEST(Notebook, JudgesHypothesesAndPins) {
  drill::Run run(seedScenario(), {1, Mode::Practice});
  expectAnswers(
      run,
      {{action(Verb::Hypothesis, "", "", {{"component", "database"}}), "needs a name"},
       {action(Verb::Hypothesis, "h1"), "needs a component"},
       {action(Verb::Hypothesis, "h1", "", {{"component", "databse"}}), "nearest is \"database\""},
       {action(Verb::Hypothesis, "h1", "", {{"component", "database"}, {"confidence", "120"}}),
        "from 0 to 100"},
       {action(Verb::Pin, "h1", "", {{"observation", "1"}, {"stance", "for"}}),
        "no open hypothesis"},
       {action(Verb::Hypothesis, "h1", "", {{"component", "database"}, {"confidence", "70"}}), ""},
       {action(Verb::Pin, "h1", "", {{"observation", "1"}, {"stance", "for"}}),
        "no observation \"1\"; there are 0"},
       {action(Verb::Look, "alerts"), ""},
       {action(Verb::Pin, "h1", "", {{"observation", "1"}, {"stance", "maybe"}}), "not \"maybe\""},
       {action(Verb::Pin, "h1", "", {{"observation", "-1"}, {"stance", "for"}}), "no observation"},
       {action(Verb::Pin, "h1", "", {{"observation", "1"}, {"stance", "for"}}), ""},
       {action(Verb::Reject, "h2"), "no open hypothesis"},
       {action(Verb::Reject, "h1"), ""},
       {action(Verb::Reject, "h1"), "no open hypothesis"}});
}

TEST(Notebook, JudgesDiagnosisAndVerification) {
  drill::Run run(seedScenario(), {1, Mode::Practice});
  expectAnswers(run,
                {{action(Verb::Diagnose), "at least the component"},
                 {action(Verb::Diagnose, "", "", {{"component", "moon"}}), "no component \"moon\""},
                 {action(Verb::Diagnose, "", "", {{"component", "database"}, {"setting", "moon"}}),
                  "no setting \"moon\""},
                 {action(Verb::Diagnose, "", "", {{"component", "database"}}), ""},
                 {action(Verb::Verify, "", "  "), "what was checked"},
                 {action(Verb::Verify, "", "memory is free again"), ""}});
}

TEST(Notebook, GivesHintsInOrderAndNoneToWatchers) {
  const auto scenario = seedScenario();
  drill::Run run(scenario, {1, Mode::Practice});
  expectAnswers(run, {{action(Verb::Hint, "2"), "Take hint 1 first"},
                      {action(Verb::Hint, "9"), "no hint of level"},
                      {action(Verb::Hint, "one"), "no hint of level"},
                      {action(Verb::Hint, "1"), ""},
                      {action(Verb::Hint, "2"), ""}});
  EXPECT_EQ(run.journal().back().output, scenario->hints[1].text);
  drill::Run watched(scenario, {1, Mode::Watch});
  expectAnswers(watched, {{action(Verb::Hint, "1"), "no hints while watching"}});
  EXPECT_TRUE(watched.journal().back().output.empty());
}

TEST(Notebook, TakingOverLeavesWatchOnly) {
  const auto scenario = seedScenario();
  drill::Run run(scenario, {1, Mode::Watch});
  expectAnswers(run, {{action(Verb::TakeOver, "exam"), "Unknown mode"},
                      {action(Verb::TakeOver, "watch"), "not for watching"},
                      {action(Verb::TakeOver, "assessment"), ""},
                      {action(Verb::TakeOver, "practice"), "does not become practice"}});
  EXPECT_EQ(run.key().mode, Mode::Assessment);
}

TEST(Notebook, ReadsAlertRulesAndSaysWhatIsWrongWithThem) {
  const std::map<std::string, std::string> good = {{"metric", "node_memory_MemAvailable_bytes"},
                                                   {"per", "node_memory_MemTotal_bytes"},
                                                   {"op", "<"},
                                                   {"threshold", "0.1"},
                                                   {"for", "2min"}};
  const auto rule = drill::alertRuleOf(action(Verb::AlertRule, "LowMemory", "low", good));
  ASSERT_TRUE(rule.ok()) << rule.error().message;
  EXPECT_EQ(rule.value().condition.metric, sim::findMetric("node_memory_MemAvailable_bytes"));
  EXPECT_EQ(rule.value().condition.per, sim::findMetric("node_memory_MemTotal_bytes"));
  EXPECT_EQ(rule.value().condition.threshold, 0.1);
  EXPECT_EQ(rule.value().forSeconds, 120);
  const auto with = [&good](const char* name, const char* value) {
    auto fields = good;
    fields[name] = value;
    return action(Verb::AlertRule, "LowMemory", "", fields);
  };
  drill::Run run(seedScenario(), {1, Mode::Practice});
  expectAnswers(run, {{action(Verb::AlertRule, "", "", good), "needs a name"},
                      {with("metric", "truth_hit_ratio"), "no metric \"truth_hit_ratio\""},
                      {with("per", "nothing"), "to divide by"},
                      {with("op", "="), "compares with"},
                      {with("threshold", "a tenth"), "not a number"},
                      {with("threshold", "nan"), "not a number"},
                      {with("for", "soon"), "is a duration"},
                      {with("for", "120"), ""}});
}
