// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/monitoring.h"

#include <algorithm>
#include <limits>
#include <string>

namespace sim {

namespace {

std::size_t index(Metric metric) {
  return static_cast<std::size_t>(metric);
}

bool rated(Metric metric) {
  return metricInfo(metric).type == MetricType::Counter;
}

ScrapedSeries& seriesOf(std::vector<ScrapedSeries>& series, Metric metric) {
  for (ScrapedSeries& one : series) {
    if (one.metric == metric) return one;
  }
  return series.emplace_back(ScrapedSeries{metric, {}});
}

std::span<const Sample> samplesOf(const Monitoring& monitoring, Metric metric) {
  for (const ScrapedSeries& one : monitoring.series) {
    if (one.metric == metric) return one.samples;
  }
  return {};
}

// The longest stretch of samples any rule can look at.
std::int64_t keepMs(const MonitoringSpec& spec) {
  std::int64_t keep = kLookBackMs;
  for (const AlertRule& rule : spec.rules) {
    keep = std::max<std::int64_t>(keep, std::int64_t{rule.condition.rateSeconds} * 1000);
  }
  return keep;
}

// The first point of the grid after a time.
base::SimTime nextPoint(base::SimTime now, int everySeconds) {
  const std::int64_t step = std::max(everySeconds, 1) * std::int64_t{1000};
  return {(now.ms / step + 1) * step};
}

void scrape(Monitoring& monitoring, std::int64_t keep, base::SimTime now, const MetricRow& row) {
  for (ScrapedSeries& series : monitoring.series) {
    std::vector<Sample>& samples = series.samples;
    const auto fresh = std::find_if(samples.begin(), samples.end(),
                                    [&](const Sample& s) { return s.ms >= now.ms - keep; });
    samples.erase(samples.begin(), fresh);
    const auto value = static_cast<double>(row[index(series.metric)]);
    samples.push_back({now.ms, value == value ? value : std::numeric_limits<double>::quiet_NaN()});
  }
}

std::optional<double> operand(const Monitoring& monitoring, Metric metric, bool asRate,
                              int rateSeconds, std::int64_t atMs) {
  const std::span<const Sample> samples = samplesOf(monitoring, metric);
  if (asRate) return rateOver(samples, atMs, std::int64_t{rateSeconds} * 1000);
  return instantValue(samples, atMs);
}

// The left side of a condition, when it has a value.
std::optional<double> leftSide(const Monitoring& monitoring, const MetricCondition& condition,
                               std::int64_t atMs) {
  const bool rate = condition.rateSeconds > 0;
  const auto value = operand(monitoring, condition.metric, rate, condition.rateSeconds, atMs);
  if (!value || !condition.per) return value;
  const auto divisor = operand(monitoring, *condition.per, rate && rated(*condition.per),
                               condition.rateSeconds, atMs);
  if (!divisor) return std::nullopt;
  return *value / *divisor;
}

// The next state of a rule; a rule without `for` fires at once.
AlertState nextState(RuleState& rule, int forSeconds, base::SimTime now, bool on) {
  if (!on) {
    rule.activeAt = {-1};
    return AlertState::Inactive;
  }
  if (rule.state == AlertState::Inactive) rule.activeAt = now;
  if (rule.state == AlertState::Firing) return AlertState::Firing;
  const bool longEnough = now.ms - rule.activeAt.ms >= std::int64_t{forSeconds} * 1000;
  return longEnough ? AlertState::Firing : AlertState::Pending;
}

template <typename Emit>
void evaluate(Monitoring& monitoring, const MonitoringSpec& spec, base::SimTime now, Emit emit) {
  for (std::size_t i = 0; i < spec.rules.size(); ++i) {
    const AlertRule& rule = spec.rules[i];
    RuleState& state = monitoring.rules[i];
    const std::optional<double> left = leftSide(monitoring, rule.condition, now.ms);
    const bool on = left && compares(*left, rule.condition.op, rule.condition.threshold);
    // 0/0 has a value in PromQL, but none worth showing (and NaN would make equal states differ).
    if (left && *left == *left) state.value = *left;
    const AlertState next = nextState(state, rule.forSeconds, now, on);
    if (next == state.state) continue;
    const AlertState before = state.state;
    state.state = next;
    state.firingAt = next == AlertState::Firing ? now : base::SimTime{-1};
    if (next == AlertState::Inactive) state.acknowledged = false;
    emit(AlertEvent{now, static_cast<std::uint32_t>(i), next, state.value}, before);
  }
}

template <typename Emit>
void step(Monitoring& monitoring, const MonitoringSpec& spec, base::SimTime now,
          const MetricRow& row, Emit emit) {
  if (now >= monitoring.nextScrape) {
    scrape(monitoring, keepMs(spec), now, row);
    monitoring.nextScrape = nextPoint(now, spec.scrapeSeconds);
  }
  if (now >= monitoring.nextEvaluation) {
    monitoring.nextEvaluation = nextPoint(now, spec.evaluateSeconds);
    evaluate(monitoring, spec, now, emit);
  }
}

}  // namespace

Monitoring startMonitoring(const MonitoringSpec& spec) {
  Monitoring monitoring;
  monitoring.rules.resize(spec.rules.size());
  for (const AlertRule& rule : spec.rules) {
    seriesOf(monitoring.series, rule.condition.metric);
    if (rule.condition.per) seriesOf(monitoring.series, *rule.condition.per);
  }
  return monitoring;
}

void stepMonitoring(Monitoring& monitoring, const MonitoringSpec& spec, base::SimTime now,
                    const MetricRow& row, Telemetry& telemetry) {
  step(monitoring, spec, now, row, [&](const AlertEvent& event, AlertState before) {
    telemetry.addAlert(event);
    const AlertRule& rule = spec.rules[event.rule];
    if (event.state == AlertState::Firing) {
      telemetry.addNotification({now, "monitoring", rule.name, "firing: " + rule.summary});
    } else if (before == AlertState::Firing) {
      telemetry.addNotification({now, "monitoring", rule.name, "resolved"});
    }
  });
}

bool holds(const MetricCondition& condition, const MetricRow& row) {
  if (condition.rateSeconds > 0) return false;
  auto left = static_cast<double>(row[index(condition.metric)]);
  if (left != left) return false;
  if (condition.per) {
    const auto divisor = static_cast<double>(row[index(*condition.per)]);
    if (divisor != divisor) return false;
    left /= divisor;
  }
  return compares(left, condition.op, condition.threshold);
}

std::vector<AlertEvent> replayRuleOver(const AlertRule& rule, const MonitoringSpec& spec,
                                       const Telemetry& telemetry) {
  MonitoringSpec single = spec;
  single.rules = {rule};
  Monitoring monitoring = startMonitoring(single);
  std::vector<AlertEvent> events;
  MetricRow row{};
  const std::span<const std::int64_t> times = telemetry.times();
  for (std::size_t i = 0; i < times.size(); ++i) {
    for (const ScrapedSeries& series : monitoring.series) {
      row[index(series.metric)] = telemetry.series(series.metric)[i];
    }
    step(monitoring, single, {times[i]}, row,
         [&events](const AlertEvent& event, AlertState) { events.push_back(event); });
  }
  return events;
}

std::optional<double> instantValue(std::span<const Sample> samples, std::int64_t atMs) {
  while (!samples.empty() && samples.back().ms > atMs) samples = samples.first(samples.size() - 1);
  if (samples.empty()) return std::nullopt;
  const Sample& last = samples.back();
  if (last.value != last.value || atMs - last.ms > kLookBackMs) return std::nullopt;
  return last.value;
}

std::optional<double> rateOver(std::span<const Sample> samples, std::int64_t atMs,
                               std::int64_t windowMs) {
  const auto inside = [=](const Sample& sample) {
    return sample.ms >= atMs - windowMs && sample.ms <= atMs && sample.value == sample.value;
  };
  const Sample* first = nullptr;
  const Sample* last = nullptr;
  std::int64_t count = 0;
  for (const Sample& sample : samples) {
    if (!inside(sample)) continue;
    if (first == nullptr) first = &sample;
    last = &sample;
    ++count;
  }
  if (count < 2) return std::nullopt;
  // promql/functions.go, extrapolatedRate; the order of operations is that of Prometheus 2.42.
  double increase = last->value - first->value;
  double before = first->value;
  for (const Sample* sample = first; sample <= last; ++sample) {
    if (!inside(*sample)) continue;
    if (sample->value < before) increase += before;  // the counter started again
    before = sample->value;
  }
  double toStart = static_cast<double>(first->ms - (atMs - windowMs)) / 1000.0;
  const double toEnd = static_cast<double>(atMs - last->ms) / 1000.0;
  const double sampled = static_cast<double>(last->ms - first->ms) / 1000.0;
  const double average = sampled / static_cast<double>(count - 1);
  if (increase > 0 && first->value >= 0) {
    const double toZero = sampled * (first->value / increase);
    toStart = std::min(toStart, toZero);
  }
  const double threshold = average * 1.1;
  double extended = sampled;
  extended += toStart < threshold ? toStart : average / 2;
  extended += toEnd < threshold ? toEnd : average / 2;
  return increase * (extended / sampled / (static_cast<double>(windowMs) / 1000.0));
}

bool compares(double left, std::string_view op, double right) {
  if (op == ">") return left > right;
  if (op == ">=") return left >= right;
  if (op == "<") return left < right;
  if (op == "<=") return left <= right;
  if (op == "==") return left == right;
  if (op == "!=") return left != right;
  return false;
}

}  // namespace sim
