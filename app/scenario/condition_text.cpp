// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenario/condition_text.h"

#include <charconv>

#include "base/quantity.h"
#include "base/text.h"
#include "scenario/checked.h"

namespace scenario {
namespace {

constexpr std::string_view kForm =
    "a condition such as \"metric > 5\", \"metric / metric < 10%\" or \"rate(metric[60s]) > 5\"";

struct Parts {
  std::string_view left, op, right;
};

std::string_view outOfBraces(std::string_view text, std::size_t& at) {
  bool inside = false;
  for (; at < text.size(); ++at) {
    if (text[at] == '{') inside = true;
    if (text[at] == '}') inside = false;
    if (!inside && base::contains("<>=!", text.substr(at, 1))) {
      const bool two = at + 1 < text.size() && text[at + 1] == '=';
      return text.substr(at, two ? 2 : 1);
    }
  }
  return {};
}

std::optional<Parts> splitAtOperator(std::string_view text) {
  std::size_t at = 0;
  const std::string_view op = outOfBraces(text, at);
  if (op.empty() || op == "=" || op == "!") return std::nullopt;
  return Parts{base::trim(text.substr(0, at)), op, base::trim(text.substr(at + op.size()))};
}

std::optional<double> readThreshold(std::string_view text) {
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code == std::errc() && end == text.data() + text.size() && value == value) return value;
  if (const auto share = base::parsePercent(text)) return share.value();
  if (const auto size = base::parseBytes(text)) return static_cast<double>(size.value());
  if (const auto us = base::parseDurationUs(text)) return static_cast<double>(us.value()) / 1e6;
  return std::nullopt;
}

// "rate(metric[60s])" into the metric and its seconds; anything else stays as it is. False: a rate
// that cannot be read.
bool readRate(std::string_view& term, int& seconds) {
  if (!term.starts_with("rate(")) return true;
  const std::size_t open = term.rfind('[');
  if (open == std::string_view::npos || !term.ends_with("])")) return false;
  const auto us = base::parseDurationUs(term.substr(open + 1, term.size() - open - 3));
  if (!us || us.value() < 1'000'000 || us.value() > 86'400'000'000 || us.value() % 1'000'000 != 0) {
    return false;
  }
  term = base::trim(term.substr(5, open - 5));
  seconds = static_cast<int>(us.value() / 1'000'000);
  return true;
}

std::string rateText(const sim::MetricInfo& metric, int seconds) {
  return "rate(" + metric.fullName() + '[' + std::to_string(seconds) + "s])";
}

ConditionReading badRate(std::string_view term) {
  return {std::nullopt, inQuotes(term),
          "rate(metric[60s]) with a window of whole seconds, the same on both sides of /"};
}

ConditionReading unknownMetric(std::string_view name, const std::string& expected) {
  return {std::nullopt, "the metric " + inQuotes(name), expected};
}

}  // namespace

MetricReading readMetric(std::string_view name) {
  std::string wanted(base::trim(name));
  if (const std::size_t brace = wanted.find('{'); brace != std::string::npos) {
    wanted = wanted.substr(0, brace) + base::replaceAll(wanted.substr(brace), " ", "");
  }
  const std::optional<sim::Metric> metric = sim::findMetric(wanted);
  if (metric && sim::metricInfo(*metric).audience == sim::Audience::Trainee) return {metric, ""};
  std::vector<std::string> sameName, all;
  for (std::size_t i = 0; i < sim::kMetricCount; ++i) {
    const sim::MetricInfo& info = sim::metricInfo(static_cast<sim::Metric>(i));
    if (info.audience != sim::Audience::Trainee) continue;
    all.push_back(info.fullName());
    if (info.name == wanted) sameName.push_back(info.fullName());
  }
  if (!sameName.empty()) {
    std::string choices;
    for (const std::string& choice : sameName)
      choices += (choices.empty() ? "one of " : ", ") + choice;
    return {std::nullopt, choices};
  }
  const std::string near = wanted.size() <= 120 ? base::nearest(wanted, all) : std::string();
  return {std::nullopt, near.empty() ? "a metric of the metric table" : near};
}

ConditionReading readCondition(std::string_view text) {
  const std::optional<Parts> parts = splitAtOperator(text);
  if (!parts || parts->left.empty()) return {std::nullopt, inQuotes(text), std::string(kForm)};
  const std::optional<double> threshold = readThreshold(parts->right);
  if (!threshold) {
    return {std::nullopt, inQuotes(parts->right),
            "a number, a percentage, a size or a duration after " + std::string(parts->op)};
  }
  sim::MetricCondition condition;
  condition.op = parts->op;
  condition.threshold = *threshold;
  std::string_view name = parts->left;
  std::string_view per;
  if (const std::size_t slash = name.find(" / "); slash != std::string_view::npos) {
    per = base::trim(name.substr(slash + 3));
    name = base::trim(name.substr(0, slash));
  }
  if (!readRate(name, condition.rateSeconds)) return badRate(name);
  int perSeconds = 0;
  if (!readRate(per, perSeconds) || (perSeconds > 0 && perSeconds != condition.rateSeconds)) {
    return badRate(per);
  }
  const MetricReading metric = readMetric(name);
  if (!metric.metric) return unknownMetric(name, metric.expected);
  condition.metric = *metric.metric;
  if (!per.empty()) {
    const MetricReading divisor = readMetric(per);
    if (!divisor.metric) return unknownMetric(per, divisor.expected);
    condition.per = divisor.metric;
    const bool counter = sim::metricInfo(*divisor.metric).type == sim::MetricType::Counter;
    if (counter != (perSeconds > 0) && condition.rateSeconds > 0) return badRate(per);
    if (condition.rateSeconds == 0 && perSeconds > 0) return badRate(per);
  }
  return {condition, "", ""};
}

std::string conditionText(const sim::MetricCondition& condition) {
  const sim::MetricInfo& metric = sim::metricInfo(condition.metric);
  std::string text =
      condition.rateSeconds > 0 ? rateText(metric, condition.rateSeconds) : metric.fullName();
  if (condition.per) {
    const sim::MetricInfo& per = sim::metricInfo(*condition.per);
    const bool rated = condition.rateSeconds > 0 && per.type == sim::MetricType::Counter;
    text += " / " + (rated ? rateText(per, condition.rateSeconds) : per.fullName());
  }
  std::string number = base::fixedText(condition.threshold, 9);
  number.erase(number.find_last_not_of('0') + 1);
  if (number.back() == '.') number.pop_back();
  return text + ' ' + condition.op + ' ' + number;
}

std::optional<PlaceholderProblem> checkPlaceholders(const std::string& text) {
  static const std::vector<std::string> kUnits = {"ms", "s", "percent", "GiB", "MiB", "number"};
  for (std::size_t open = text.find('{'); open != std::string::npos;
       open = text.find('{', open + 1)) {
    // Labels have braces of their own: {name{label="x"}|ms}.
    const std::size_t inner = text.find_first_of("{}", open + 1);
    std::size_t close = inner;
    if (inner != std::string::npos && text[inner] == '{') {
      close = text.find('}', inner);
      if (close != std::string::npos) close = text.find('}', close + 1);
    }
    if (close == std::string::npos) return PlaceholderProblem{"{ without }", "{metric|unit}"};
    const std::string body = text.substr(open + 1, close - open - 1);
    const std::size_t bar = body.rfind('|');
    const MetricReading metric = readMetric(body.substr(0, bar));
    if (!metric.metric)
      return PlaceholderProblem{"the metric " + inQuotes(body.substr(0, bar)), metric.expected};
    if (bar != std::string::npos) {
      const std::string unit = body.substr(bar + 1);
      bool known = false;
      for (const std::string& name : kUnits) known = known || name == unit;
      if (!known)
        return PlaceholderProblem{"the unit " + inQuotes(unit), expectation(unit, kUnits)};
    }
    open = close;
  }
  return std::nullopt;
}

}  // namespace scenario
