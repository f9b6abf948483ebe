// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "base/text.h"
#include "scenario/condition_text.h"
#include "scenario/sections.h"

namespace scenario {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;

void readMoment(const Value& value, const sim::TimingSpec& timing, base::SimTime notBefore,
                const char* rule, base::SimTime& into) {
  base::SimTime time;
  if (!value.time(time, timing)) return;
  if (time < notBefore) value.wrong(rule);
  if (time.ms % kMinuteMs != 0) value.wrong("a time whole minutes after the start");
  into = time;
}

void readQueryClass(const Value& value, sim::QueryClass& query) {
  Object object(value);
  object.need("name").text(query.name);
  object.need("sql").longText(query.statement);
  object.need("share").share(query.share);
  object.need("cpu").duration(query.cpuMs, kMillisecond);
  object.need("pages").number(query.pages, 0, 1e9);
  object.maybe("sorts").number(query.sortNodes, 0, 1000);
  std::int64_t bytes = 0;
  if (object.maybe("sortMemory").bytes(bytes)) query.nodeBytes = static_cast<double>(bytes);
  object.maybe("pagesDirtied").number(query.pagesDirtied, 0, 1e9);
  if (object.maybe("wal").bytes(bytes)) query.walBytes = static_cast<double>(bytes);
}

void readUsers(const Value& value, const sim::TimingSpec& timing, sim::WorkloadSpec& workload) {
  base::SimTime previous{std::numeric_limits<std::int64_t>::min()};
  for (const Value& item : value.items()) {
    Object point(item);
    sim::WorkloadPoint read;
    const Value at = point.need("at");
    if (at.time(read.at, timing)) ascending(at, read.at, previous);
    point.need("users").number(read.users, 0, 1e9);
    workload.users.push_back(read);
  }
  if (value.present() && value.node()->kind == Node::Kind::Array && workload.users.empty()) {
    value.problem("an empty array", "at least one point");
  }
}

void readHosts(const Value& value, sim::WebsiteSpec& website) {
  Object hosts(value);
  hosts.maybe("minimum").integer(website.hostsMinimum, 1, 1000);
  const Value maximum = hosts.maybe("maximum");
  if (maximum.integer(website.hostsMaximum, 1, 1000) &&
      website.hostsMaximum < website.hostsMinimum) {
    maximum.wrong("at least the minimum, " + std::to_string(website.hostsMinimum));
  }
  hosts.maybe("requestsPerHost").number(website.requestsPerHost, 1, 1e6);
  hosts.maybe("startsIn").seconds(website.hostStartSeconds);
}

}  // namespace

bool readConditionValue(const Value& value, sim::MetricCondition& condition) {
  std::string text;
  if (!value.text(text)) return false;
  const ConditionReading reading = readCondition(text);
  if (!reading.condition) {
    value.problem(reading.found, reading.expected);
    return false;
  }
  condition = *reading.condition;
  return true;
}

void readConditions(const Value& value, std::vector<sim::MetricCondition>& conditions) {
  for (const Value& item : value.items()) {
    sim::MetricCondition condition;
    if (readConditionValue(item, condition)) conditions.push_back(condition);
  }
}

void ascending(const Value& value, base::SimTime time, base::SimTime& previous) {
  if (time < previous) {
    value.wrong("a time not before the entry above it");
  } else {
    previous = time;
  }
}

std::string nearestSetting(const sim::SettingCatalogue& catalogue, const std::string& name) {
  std::vector<std::string> names;
  for (const sim::SettingDefinition& definition : catalogue.all()) names.push_back(definition.name);
  const std::string near = name.size() <= 80 ? base::nearest(name, names) : std::string();
  return near.empty() ? "a setting of PostgreSQL 15" : inQuotes(near);
}

void unique(const Value& value, const std::string& name, std::vector<std::string>& names) {
  for (const std::string& other : names) {
    if (other == name && !name.empty()) {
      value.problem(inQuotes(name) + " again", "a name that is used once");
      return;
    }
  }
  names.push_back(name);
}

void readTiming(const Value& value, sim::TimingSpec& timing) {
  Object object(value);
  std::string day;
  const Value dayValue = object.need("day");
  if (dayValue.text(day)) {
    const auto midnight = base::parseIso(day + "T00:00:00Z");
    if (midnight) {
      timing.startUnixMs = midnight.value();
    } else {
      dayValue.wrong("a day such as \"2024-05-07\"");
    }
  }
  const Value start = object.need("start");
  std::string clock;
  if (start.text(clock)) {
    const auto time = base::parseClock(clock);
    if (time && time.value() % kMinuteMs == 0) {
      timing.startUnixMs += time.value();
    } else {
      start.wrong("a time of day in whole minutes such as \"05:00\"");
    }
  }
  readMoment(object.need("fineFrom"), timing, {0}, "a time not before start", timing.fineFrom);
  readMoment(object.need("opensAt"), timing, timing.fineFrom, "a time not before fineFrom",
             timing.opensAt);
  const Value ends = object.need("endsAt");
  readMoment(ends, timing, timing.opensAt + base::minutes(1), "a time after opensAt",
             timing.endsAt);
  if (timing.endsAt > base::minutes(60 * 48)) ends.wrong("at most two days after start");
}

void readHost(const Value& value, sim::HostSpec& host) {
  Object object(value);
  object.maybe("name").text(host.name);
  const Value ram = object.need("ram");
  if (ram.bytes(host.ramBytes) && (host.ramBytes < (1LL << 28) || host.ramBytes > (1LL << 46))) {
    ram.wrong("a size from 256MB to 64TB");
  }
  object.maybe("swap").bytes(host.swapBytes);
  object.need("cores").integer(host.cores, 1, 1024);
  const Value diskValue = object.need("disk");
  Object disk(diskValue);
  const Value read = disk.need("read");
  if (read.duration(host.diskReadMs, kMillisecond) && host.diskReadMs <= 0)
    read.wrong("more than 0ms");
  disk.need("channels").integer(host.diskChannels, 1, 4096);
  const bool sized = disk.need("size").bytes(host.diskBytes);
  const Value used = disk.need("used");
  if (used.bytes(host.diskUsedBytes) && sized && host.diskUsedBytes > host.diskBytes) {
    used.wrong("at most the size of the disk");
  }
  object.maybe("kernel").bytes(host.kernelBytes);
  object.maybe("fileWorkingSet").bytes(host.fileWorkingSetBytes);
  if (ram.present() && host.kernelBytes + host.fileWorkingSetBytes > host.ramBytes) {
    ram.wrong("more than kernel and fileWorkingSet together");
  }
  const Value pages = object.maybe("hugePages");
  if (pages.integer(host.hugePages, std::int64_t{0}, std::int64_t{1} << 25) &&
      host.hugePages > (host.ramBytes >> 21)) {
    pages.wrong("at most " + std::to_string(host.ramBytes >> 21) +
                " pages of 2MB, which fill the RAM");
  }
  object.maybe("overcommitMemory").integer(host.overcommitMemory, 0, 2);
  object.maybe("overcommitRatio").integer(host.overcommitRatio, 0, 1000);
  object.maybe("swappiness").integer(host.swappiness, 0, 200);
}

void readWorkload(const Value& value, const sim::TimingSpec& timing, sim::WorkloadSpec& workload) {
  Object object(value);
  readUsers(object.need("users"), timing, workload);
  const Value think = object.maybe("think");
  if (think.duration(workload.thinkSeconds, kSecond) && workload.thinkSeconds <= 0)
    think.wrong("more than 0s");
  object.maybe("zipf").number(workload.zipf, 0.1, 3);
  object.maybe("noise").share(workload.noise);
  const Value stay = object.maybe("stay");
  if (stay.duration(workload.sessionMinutes, kMinute) && workload.sessionMinutes <= 0)
    stay.wrong("more than 0min");
  const Value queries = object.need("queries");
  double sum = 0;
  std::vector<std::string> names;
  for (const Value& item : queries.items()) {
    sim::QueryClass query;
    readQueryClass(item, query);
    unique(item, query.name, names);
    sum += query.share;
    workload.classes.push_back(std::move(query));
  }
  if (queries.present() && queries.node()->kind == Node::Kind::Array && std::abs(sum - 1) > 1e-4) {
    queries.problem("shares that sum to " + base::fixedText(sum * 100, 2) + "%", "a sum of 100%");
  }
}

void readWebsite(const Value& value, sim::WebsiteSpec& website) {
  Object object(value);
  object.maybe("cached").share(website.cachedShare);
  object.maybe("poolPerHost").integer(website.poolPerHost, 1, 10'000);
  readHosts(object.maybe("hosts"), website);
  const Value timeout = object.maybe("timeout");
  if (timeout.duration(website.timeoutSeconds, kSecond) && website.timeoutSeconds <= 0)
    timeout.wrong("more than 0s");
  Object retries(object.maybe("retries"));
  retries.maybe("share").share(website.retryShare);
  retries.maybe("times").integer(website.retries, 0, 100);
  retries.maybe("pause").duration(website.retrySeconds, kSecond);
  object.maybe("slow").duration(website.slowSeconds, kSecond);
  Object objective(object.maybe("objective"));
  objective.maybe("latency").duration(website.objectiveLatencySeconds, kSecond);
  objective.maybe("errors").share(website.objectiveErrorRatio);
}

void readNetwork(const Value& value, sim::NetworkSpec& network) {
  Object object(value);
  object.maybe("rtt").duration(network.rttMs, kMillisecond);
  object.maybe("loss").share(network.lossRatio);
}

void readMonitoring(const Value& value, sim::MonitoringSpec& monitoring) {
  Object object(value);
  for (const auto& [key, into] : {std::pair("scrape", &monitoring.scrapeSeconds),
                                  std::pair("evaluate", &monitoring.evaluateSeconds)}) {
    const Value interval = object.maybe(key);
    if (interval.seconds(*into) && *into < 1) interval.wrong("at least 1s");
  }
  std::vector<std::string> names;
  for (const Value& item : object.need("rules").items()) {
    Object rule(item);
    sim::AlertRule read;
    const Value name = rule.need("name");
    if (name.text(read.name)) unique(name, read.name, names);
    readConditionValue(rule.need("when"), read.condition);
    rule.maybe("for").seconds(read.forSeconds);
    std::size_t severity = 0;
    static const std::vector<std::string> kSeverities = {"info", "warning", "critical"};
    if (rule.need("severity").oneOf(severity, kSeverities)) read.severity = kSeverities[severity];
    rule.need("summary").longText(read.summary);
    monitoring.rules.push_back(std::move(read));
  }
}

void readSafety(const Value& value, sim::SafetySpec& safety) {
  Object object(value);
  Object shared(object.maybe("sharedBuffers"));
  shared.maybe("low").share(safety.sharedBuffersLow);
  shared.maybe("greenLow").share(safety.sharedBuffersGreenLow);
  shared.maybe("greenHigh").share(safety.sharedBuffersGreenHigh);
  shared.maybe("high").share(safety.sharedBuffersHigh);
  Object budget(object.maybe("budget"));
  budget.maybe("green").share(safety.budgetGreen);
  budget.maybe("amber").share(safety.budgetAmber);
  const bool ascendingBands = safety.sharedBuffersLow <= safety.sharedBuffersGreenLow &&
                              safety.sharedBuffersGreenLow <= safety.sharedBuffersGreenHigh &&
                              safety.sharedBuffersGreenHigh <= safety.sharedBuffersHigh &&
                              safety.budgetGreen <= safety.budgetAmber;
  if (value.present() && !ascendingBands) {
    value.problem("bands out of order", "low <= greenLow <= greenHigh <= high and green <= amber");
  }
}

void readReview(const Value& value, const sim::WorldSpec& world, sim::ReviewSpec& review) {
  Object object(value);
  object.maybe("takes").seconds(review.reviewSeconds);
  const Value reviewer = object.need("reviewer");
  if (reviewer.text(review.reviewer))
    reviewer.known(review.reviewer, idsOf(world.people), "a person");
}

}  // namespace scenario
