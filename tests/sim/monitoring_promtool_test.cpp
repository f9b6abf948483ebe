// SPDX-License-Identifier: GPL-3.0-or-later
// The same rules on the same series, evaluated by Prometheus' own promtool. Skipped where promtool
// is not installed; monitoring_test.cpp holds without it.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>

#include "base/random.h"
#include "base/text.h"
#include "sim/monitoring.h"

using namespace sim;

namespace {

constexpr int kSteps = 60;
constexpr int kStepSeconds = 15;

struct Case {
  std::string rule;  // a line of the rule file
  std::string test;  // an entry of the test file
};

// Random numbers for one case.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : m_seed(seed) {}
  std::uint64_t below(std::uint64_t bound) {
    return base::below(bound, m_seed, base::Stream::Bots, m_next++);
  }
  template <typename T, std::size_t N>
  T pick(const T (&list)[N]) {
    return list[below(N)];
  }

 private:
  std::uint64_t m_seed;
  std::int64_t m_next = 0;
};

AlertRule randomRule(Dice& dice) {
  static constexpr const char* kOps[] = {">", ">=", "<", "<=", "==", "!="};
  static constexpr int kWindows[] = {30, 60, 75, 120, 300};
  static constexpr double kLevels[] = {0.5, 1, 3, 6};
  static constexpr int kHolds[] = {0, 15, 30, 45, 60, 100};
  AlertRule rule;
  const bool rate = dice.below(2) == 0;
  rule.condition.metric = rate ? Metric::WebFailed : Metric::PgUp;
  rule.condition.rateSeconds = rate ? dice.pick(kWindows) : 0;
  rule.condition.op = dice.pick(kOps);
  rule.condition.threshold = dice.pick(kLevels);
  rule.forSeconds = dice.pick(kHolds);
  return rule;
}

std::vector<float> randomValues(Dice& dice, bool counter) {
  static constexpr float kGrowth[] = {0, 0, 10, 50, 300};
  static constexpr float kLevels[] = {0, 1, 3, 6, 9};
  std::vector<float> values;
  float value = 0;
  for (int i = 0; i < kSteps; ++i) {
    if (counter) value = dice.below(25) == 0 ? 0 : value + dice.pick(kGrowth);
    if (!counter && dice.below(5) == 0) value = dice.pick(kLevels);
    values.push_back(dice.below(8) == 0 ? std::numeric_limits<float>::quiet_NaN() : value);
  }
  return values;
}

Case makeCase(int number) {
  Dice dice(static_cast<std::uint64_t>(number) + 1000);
  MonitoringSpec spec;
  spec.rules = {randomRule(dice)};
  const MetricCondition& condition = spec.rules[0].condition;
  const std::vector<float> values = randomValues(dice, condition.rateSeconds > 0);
  const std::string label = "k=\"" + std::to_string(number) + "\"";
  const std::string series = "m{" + label + "}";
  const std::string window = "[" + std::to_string(condition.rateSeconds) + "s]";
  const std::string left = condition.rateSeconds > 0 ? "rate(" + series + window + ")" : series;
  const std::string name = "R" + std::to_string(number);
  Case result;
  result.rule = "      - {alert: " + name + ", expr: '" + left + " " + condition.op + " " +
                base::fixedText(condition.threshold, 1) +
                "', for: " + std::to_string(spec.rules[0].forSeconds) + "s}\n";
  std::string inputs, checks;
  Monitoring monitoring = startMonitoring(spec);
  Telemetry telemetry(Detail::Summary);
  MetricRow row{};
  for (int i = 0; i < kSteps; ++i) {
    const float value = values[static_cast<std::size_t>(i)];
    inputs += (i > 0 ? " " : "") +
              (std::isnan(value) ? "stale" : base::fixedText(static_cast<double>(value), 0));
    row[static_cast<std::size_t>(condition.metric)] = value;
    stepMonitoring(monitoring, spec, base::seconds(i * kStepSeconds), row, telemetry);
    const bool firing = monitoring.rules[0].state == AlertState::Firing;
    checks += "      - {eval_time: " + std::to_string(i * kStepSeconds) + "s, alertname: " + name +
              ", exp_alerts: [" +
              (firing ? "{exp_labels: {k: \"" + std::to_string(number) + "\"}}" : "") + "]}\n";
  }
  result.test = "  - interval: 15s\n    input_series:\n      - {series: '" + series +
                "', values: '" + inputs + "'}\n    alert_rule_test:\n" + checks;
  return result;
}

}  // namespace

TEST(MonitoringAgainstPromtool, TheSameAlertsFire) {
  if (std::system("promtool --version >/dev/null 2>&1") != 0) GTEST_SKIP() << "no promtool here";
  const std::filesystem::path folder =
      std::filesystem::path(::testing::TempDir()) / "outage-drill-promtool";
  std::filesystem::create_directories(folder);
  std::string rules = "groups:\n  - name: g\n    rules:\n";
  std::string tests = "rule_files: [rules.yml]\nevaluation_interval: 15s\ntests:\n";
  for (int number = 0; number < 30; ++number) {
    const Case one = makeCase(number);
    rules += one.rule;
    tests += one.test;
  }
  std::ofstream(folder / "rules.yml") << rules;
  std::ofstream(folder / "tests.yml") << tests;
  const std::string run = "cd '" + folder.string() + "' && promtool test rules tests.yml >out 2>&1";
  const int status = std::system(run.c_str());
  std::ifstream output(folder / "out");
  std::string text((std::istreambuf_iterator<char>(output)), {});
  EXPECT_EQ(status, 0) << text.substr(0, 2000);
}
