// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/monitoring.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>

#include "base/random.h"

using namespace sim;

namespace {

constexpr float kAbsent = std::numeric_limits<float>::quiet_NaN();

// An independent, slow evaluator: the whole history of one series in seconds, every query from
// scratch. A value of nullopt is a stale marker.
using History = std::map<int, std::optional<double>>;

std::optional<double> slowInstant(const History& history, int t) {
  std::optional<double> found;
  int when = 0;
  bool any = false;
  for (const auto& [at, value] : history) {
    if (at > t) continue;
    found = value;
    when = at;
    any = true;
  }
  if (!any || !found || t - when > 300) return std::nullopt;
  return found;
}

std::optional<double> slowRate(const History& history, int t, int window) {
  std::vector<std::pair<int, double>> points;
  for (const auto& [at, value] : history) {
    if (t - window <= at && at <= t && value) points.emplace_back(at, *value);
  }
  if (points.size() < 2) return std::nullopt;
  double result = points.back().second - points.front().second;
  double previous = points.front().second;
  for (std::size_t i = 1; i < points.size(); ++i) {
    if (points[i].second < previous) result += previous;
    previous = points[i].second;
  }
  double start = points.front().first - (t - window);
  const double end = t - points.back().first;
  const double length = points.back().first - points.front().first;
  const double spacing = length / static_cast<double>(points.size() - 1);
  if (result > 0 && points.front().second >= 0) {
    const double zero = length * (points.front().second / result);
    if (zero < start) start = zero;
  }
  double extended = length;
  extended += start < spacing * 1.1 ? start : spacing / 2;
  extended += end < spacing * 1.1 ? end : spacing / 2;
  return result * (extended / length / window);
}

bool slowCompare(const std::string& op, double a, double b) {
  const std::map<std::string, bool> answers = {{">", a > b},   {">=", a >= b}, {"<", a < b},
                                               {"<=", a <= b}, {"==", a == b}, {"!=", a != b}};
  return answers.at(op);
}

struct SlowAlert {
  int hold = 0;
  AlertState state = AlertState::Inactive;
  int active = 0;
  AlertState step(int t, bool on) {
    if (!on) return state = AlertState::Inactive;
    if (state == AlertState::Inactive) {
      state = AlertState::Pending;
      active = t;
    }
    if (t - active >= hold) state = AlertState::Firing;
    return state;
  }
};

// Random numbers for one case of a test.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : m_seed(seed) {}
  std::uint64_t below(std::uint64_t bound) {
    return base::below(bound, m_seed, base::Stream::Bots, m_next++);
  }
  bool chance(std::uint64_t percent) { return below(100) < percent; }
  template <typename T, std::size_t N>
  T pick(const T (&list)[N]) {
    return list[below(N)];
  }

 private:
  std::uint64_t m_seed;
  std::int64_t m_next = 0;
};

AlertRule ruleOn(Metric metric, const char* op, double threshold, int rateSeconds, int forSeconds) {
  AlertRule rule;
  rule.name = "R";
  rule.summary = "something is wrong";
  rule.condition.metric = metric;
  rule.condition.op = op;
  rule.condition.threshold = threshold;
  rule.condition.rateSeconds = rateSeconds;
  rule.forSeconds = forSeconds;
  return rule;
}

MonitoringSpec specWith(AlertRule rule) {
  MonitoringSpec spec;
  spec.rules = {std::move(rule)};
  return spec;
}

AlertRule randomRule(Dice& dice) {
  static constexpr const char* kOps[] = {">", ">=", "<", "<=", "==", "!="};
  static constexpr int kWindows[] = {30, 60, 75, 120, 300, 600};
  static constexpr double kLevels[] = {0.3, 1, 3, 6};
  static constexpr int kHolds[] = {0, 15, 30, 45, 60, 100};
  const bool rate = dice.chance(50);
  AlertRule rule = ruleOn(rate ? Metric::WebFailed : Metric::PgActive, dice.pick(kOps),
                          dice.pick(kLevels), rate ? dice.pick(kWindows) : 0, dice.pick(kHolds));
  if (dice.chance(30)) rule.condition.per = rate ? Metric::WebRequests : Metric::PgIdle;
  return rule;
}

struct Series {
  Metric metric;
  float value = 0;
};

float nextValue(Dice& dice, const Series& series) {
  static constexpr float kSteps[] = {0, 0, 10, 50, 300};
  static constexpr float kGauges[] = {0, 1, 3, 6, 9};
  const bool counter = metricInfo(series.metric).type == MetricType::Counter;
  if (dice.chance(12)) return kAbsent;
  if (!counter) return dice.chance(20) ? dice.pick(kGauges) : series.value;
  return dice.chance(4) ? 0 : series.value + dice.pick(kSteps);
}

// The condition from histories; the value when there is one.
std::optional<double> slowLeft(const std::map<Metric, History>& histories,
                               const MetricCondition& condition, int t) {
  const auto value = [&](Metric metric) {
    const bool rate = condition.rateSeconds > 0;
    return rate ? slowRate(histories.at(metric), t, condition.rateSeconds)
                : slowInstant(histories.at(metric), t);
  };
  const auto left = value(condition.metric);
  if (!left || !condition.per) return left;
  const auto divisor = value(*condition.per);
  return divisor ? std::optional<double>(*left / *divisor) : std::nullopt;
}

}  // namespace

TEST(Monitoring, AgreesWithASlowEvaluatorOnRandomSeries) {
  int compared = 0, firing = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    Dice dice(seed);
    const MonitoringSpec spec = specWith(randomRule(dice));
    Monitoring monitoring = startMonitoring(spec);
    Telemetry telemetry;
    SlowAlert slow{spec.rules[0].forSeconds};
    std::map<Metric, History> histories;
    Series series[] = {
        {Metric::WebFailed}, {Metric::WebRequests}, {Metric::PgActive}, {Metric::PgIdle}};
    for (int t = 0; t < 1200; ++t) {
      MetricRow row{};
      for (Series& one : series) {
        const float value = nextValue(dice, one);
        if (!std::isnan(value)) one.value = value;
        row[static_cast<std::size_t>(one.metric)] = value;
        if (t % 15 != 0) continue;
        auto& sample = histories[one.metric][t];
        if (!std::isnan(value)) sample = static_cast<double>(value);
      }
      stepMonitoring(monitoring, spec, base::seconds(t), row, telemetry);
      if (t % 15 != 0) continue;
      const MetricCondition& condition = spec.rules[0].condition;
      const auto left = slowLeft(histories, condition, t);
      const bool on = left && slowCompare(condition.op, *left, condition.threshold);
      ASSERT_EQ(monitoring.rules[0].state, slow.step(t, on)) << "seed " << seed << " at " << t;
      if (left && !std::isnan(*left)) {
        ASSERT_EQ(monitoring.rules[0].value, *left) << seed;
      }
      ++compared;
      firing += slow.state == AlertState::Firing ? 1 : 0;
    }
  }
  EXPECT_EQ(compared, 150 * 80);
  EXPECT_GT(firing, 1000);
  EXPECT_LT(firing, 11000);
}

TEST(Monitoring, LookBackIncludesItsBoundary) {
  const std::vector<Sample> samples = {{15'000, 7}};
  EXPECT_EQ(instantValue(samples, 14'999), std::nullopt);
  EXPECT_EQ(instantValue(samples, 15'000), 7.0);
  EXPECT_EQ(instantValue(samples, 315'000), 7.0);
  EXPECT_EQ(instantValue(samples, 315'001), std::nullopt);
}

TEST(Monitoring, StaleMarkerEndsASeriesAtOnce) {
  const std::vector<Sample> samples = {{0, 7}, {15'000, std::nan("")}, {30'000, 8}};
  EXPECT_EQ(instantValue(samples, 14'000), 7.0);
  EXPECT_EQ(instantValue(samples, 15'000), std::nullopt);
  EXPECT_EQ(instantValue(samples, 29'000), std::nullopt);
  EXPECT_EQ(instantValue(samples, 30'000), 8.0);
}

TEST(Monitoring, RateExtrapolatesToTheEdgeBelowElevenTenthsOfASpacing) {
  // Two samples 10 s apart; the window ends 11 s (not below 1.1 spacings: half a spacing) or 10.9 s
  // later.
  const std::vector<Sample> samples = {{100'000, 1000}, {110'000, 1010}};
  EXPECT_DOUBLE_EQ(*rateOver(samples, 121'000, 21'000), 10.0 * (15.0 / 10.0) / 21.0);
  EXPECT_DOUBLE_EQ(*rateOver(samples, 120'900, 20'900), 10.0 * (20.9 / 10.0) / 20.9);
}

TEST(Monitoring, RateStartsNoEarlierThanTheCounterWasZero) {
  const std::vector<Sample> samples = {{100'000, 5}, {110'000, 15}};
  // 5 s before the first sample the counter would have been 0: 5 s instead of 8 s.
  EXPECT_DOUBLE_EQ(*rateOver(samples, 110'000, 18'000), 10.0 * (15.0 / 10.0) / 18.0);
}

TEST(Monitoring, RateWindowIsClosedAndResetsAreAdded) {
  const std::vector<Sample> samples = {{0, 100}, {30'000, 200}, {60'000, 40}};
  EXPECT_DOUBLE_EQ(*rateOver(samples, 60'000, 60'000), 140.0 / 60.0);
  EXPECT_EQ(rateOver(samples, 60'000, 29'999), std::nullopt);
  EXPECT_EQ(rateOver({}, 60'000, 60'000), std::nullopt);
}

// The numbers `promtool test rules` accepts for rate(...[1m]) of a counter that grows by 150e6
// every 15 s.
TEST(Monitoring, RateEqualsPromtools) {
  std::vector<Sample> samples;
  for (int i = 0; i <= 8; ++i) samples.push_back({i * 15'000, 150e6 * i});
  EXPECT_DOUBLE_EQ(*rateOver(std::span(samples).first(2), 15'000, 60'000), 2'500'000);
  EXPECT_DOUBLE_EQ(*rateOver(std::span(samples).first(3), 30'000, 60'000), 5'000'000);
  EXPECT_DOUBLE_EQ(*rateOver(samples, 120'000, 60'000), 1e7);
}

namespace {

std::vector<AlertEvent> eventsOf(const MonitoringSpec& spec, const std::vector<float>& everySecond,
                                 Telemetry& telemetry) {
  Monitoring monitoring = startMonitoring(spec);
  MetricRow row{};
  for (std::size_t t = 0; t < everySecond.size(); ++t) {
    row[static_cast<std::size_t>(Metric::PgUp)] = everySecond[t];
    const base::SimTime now = base::seconds(static_cast<std::int64_t>(t));
    stepMonitoring(monitoring, spec, now, row, telemetry);
    telemetry.addRow(now, row);
  }
  return telemetry.alerts();
}

std::vector<float> stretch(std::initializer_list<std::pair<int, float>> parts) {
  std::vector<float> values;
  for (const auto& [seconds, value] : parts) {
    values.insert(values.end(), static_cast<std::size_t>(seconds), value);
  }
  return values;
}

}  // namespace

TEST(Monitoring, PendingFiringResolvedAtTheirTimes) {
  const MonitoringSpec spec = specWith(ruleOn(Metric::PgUp, "==", 0, 0, 30));
  Telemetry telemetry;
  // Down from 40 s: seen at 45, firing at 75; up from 100: resolved at 105. Down 131 to 151: only
  // pending.
  const auto events =
      eventsOf(spec, stretch({{40, 1.F}, {60, 0.F}, {31, 1.F}, {20, 0.F}, {60, 1.F}}), telemetry);
  const std::vector<AlertEvent> expected = {
      {base::seconds(45), 0, AlertState::Pending, 0},
      {base::seconds(75), 0, AlertState::Firing, 0},
      {base::seconds(105), 0, AlertState::Inactive, 1},
      {base::seconds(135), 0, AlertState::Pending, 0},
      {base::seconds(165), 0, AlertState::Inactive, 1},
  };
  EXPECT_EQ(events, expected);
  ASSERT_EQ(telemetry.notifications().size(), 2U);
  EXPECT_EQ(telemetry.notifications()[0].text, "firing: something is wrong");
  EXPECT_EQ(telemetry.notifications()[1].text, "resolved");
  EXPECT_EQ(telemetry.notifications()[1].at, base::seconds(105));
  EXPECT_EQ(replayRuleOver(spec.rules[0], spec, telemetry), events);
}

TEST(Monitoring, WithoutForItFiresAtOnceAndAbsenceResolves) {
  const MonitoringSpec spec = specWith(ruleOn(Metric::PgUp, "==", 0, 0, 0));
  Telemetry telemetry;
  const auto events = eventsOf(spec, stretch({{20, 0.F}, {40, kAbsent}}), telemetry);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0], (AlertEvent{base::seconds(0), 0, AlertState::Firing, 0}));
  EXPECT_EQ(events[1], (AlertEvent{base::seconds(30), 0, AlertState::Inactive, 0}));
}

TEST(Monitoring, AcknowledgementEndsWithTheAlert) {
  const MonitoringSpec spec = specWith(ruleOn(Metric::PgUp, "<", 1, 0, 0));
  Monitoring monitoring = startMonitoring(spec);
  Telemetry telemetry;
  MetricRow row{};
  stepMonitoring(monitoring, spec, base::seconds(0), row, telemetry);
  ASSERT_EQ(monitoring.rules[0].state, AlertState::Firing);
  monitoring.rules[0].acknowledged = true;
  stepMonitoring(monitoring, spec, base::seconds(15), row, telemetry);
  EXPECT_TRUE(monitoring.rules[0].acknowledged);
  row[static_cast<std::size_t>(Metric::PgUp)] = 1;
  stepMonitoring(monitoring, spec, base::seconds(30), row, telemetry);
  EXPECT_FALSE(monitoring.rules[0].acknowledged);
  EXPECT_EQ(monitoring.rules[0].state, AlertState::Inactive);
}

TEST(Monitoring, MinuteRowsAreSampledEachAndKeptWithinBounds) {
  const MonitoringSpec spec = specWith(ruleOn(Metric::WebFailed, ">", 5, 120, 0));
  Monitoring monitoring = startMonitoring(spec);
  Telemetry telemetry;
  MetricRow row{};
  std::int64_t seconds = 0;
  for (; seconds <= 36'000; seconds += 60) {
    row[static_cast<std::size_t>(Metric::WebFailed)] = static_cast<float>(seconds * 6);
    stepMonitoring(monitoring, spec, base::seconds(seconds), row, telemetry);
  }
  ASSERT_EQ(telemetry.alerts().size(), 1U);
  // After one minute the counter, 0 at the start, fills half of the window only: rate 3.
  EXPECT_EQ(telemetry.alerts()[0].at, base::seconds(120));
  EXPECT_DOUBLE_EQ(monitoring.rules[0].value, 6.0);
  EXPECT_LE(monitoring.series[0].samples.size(), 7U);
  for (const std::int64_t end = seconds + 900; seconds < end; ++seconds) {
    stepMonitoring(monitoring, spec, base::seconds(seconds), row, telemetry);
  }
  EXPECT_LE(monitoring.series[0].samples.size(), 22U);
}

TEST(Monitoring, EqualStatesAreEqualEvenWithStaleMarkers) {
  const MonitoringSpec spec = specWith(ruleOn(Metric::PgUp, "!=", 1, 0, 0));
  Monitoring monitoring = startMonitoring(spec);
  Telemetry telemetry;
  MetricRow row{};
  row.fill(kAbsent);
  stepMonitoring(monitoring, spec, base::seconds(0), row, telemetry);
  const Monitoring copy = monitoring;
  EXPECT_EQ(copy, monitoring);
}

TEST(Monitoring, ConditionsOnARow) {
  MetricRow row{};
  row[static_cast<std::size_t>(Metric::NodeMemAvailable)] = 5;
  row[static_cast<std::size_t>(Metric::NodeMemTotal)] = 100;
  MetricCondition condition = ruleOn(Metric::NodeMemAvailable, "<", 0.1, 0, 0).condition;
  EXPECT_FALSE(holds(condition, row));
  condition.per = Metric::NodeMemTotal;
  EXPECT_TRUE(holds(condition, row));
  condition.rateSeconds = 60;
  EXPECT_FALSE(holds(condition, row));
  condition.rateSeconds = 0;
  row[static_cast<std::size_t>(Metric::NodeMemAvailable)] = kAbsent;
  EXPECT_FALSE(holds(condition, row));
  EXPECT_TRUE(compares(1, "!=", 2));
  EXPECT_FALSE(compares(1, "=>", 0));
}
