// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/visitors.h"

#include <algorithm>

#include "base/portable_math.h"

namespace sim {
namespace {

constexpr double kBudgetSeconds =
    0.001 * 30 * 86400;  // 99.9 % of 30 days, in seconds of full outage

constexpr double kLogHalf = base::portableLog(0.5);
constexpr double kLogHundredth = base::portableLog(0.01);

// The least whole number at or above one that is not negative.
std::int32_t wholeUp(double value) {
  const auto below = static_cast<std::int32_t>(value);
  return below < value ? below + 1 : below;
}

// Share of answers that took longer than `slow`: wait for a connection, then an exponential tail.
double slowShare(const FlowResult& flow, double slow) {
  const double rest = slow - flow.waitSeconds;
  constexpr double kNobody = 40;  // mean times: exp(-40) of all answers take longer
  if (rest <= 0) return 1;
  if (rest >= kNobody * flow.serviceSeconds) return 0;
  return base::portableExp(-rest / flow.serviceSeconds);
}

// Exact balance in integers: what came in was served, has failed, or is still waiting.
void countRequests(Website& site, const FlowResult& flow, double shed) {
  site.arrivedExact += flow.arrived + shed;
  site.failedExact += flow.failed + shed;
  site.arrived = static_cast<std::int64_t>(site.arrivedExact);
  // What was served stays served: a rounding error shows one tick later among the failures.
  site.failed = std::min(static_cast<std::int64_t>(site.failedExact), site.arrived - site.served);
  const auto inFlight = static_cast<std::int64_t>(site.flow.inSystem + 0.5);
  const std::int64_t served = site.arrived - site.failed - inFlight;
  site.served = std::clamp(served, site.served, site.arrived - site.failed);
  site.waiting = site.arrived - site.failed - site.served;
}

// bad: answers in this tick that hurt; per visitor whose visits need the database.
void countHurt(Website& site, const Model& model, const SiteTick& tick, double bad,
               double badShare) {
  const WebsiteSpec& spec = model.spec.website;
  const double needing = 1 - spec.cachedShare;
  const double everybody = needing > 0 ? site.users / needing : site.users;
  const double perVisitor = site.users > 0 ? bad / site.users : 0;
  const double hit = perVisitor > 0 ? 1 - base::portableExp(-perVisitor) : 0;
  const double leaving = tick.seconds / (model.spec.workload.sessionMinutes * 60);
  if (site.firstHurtMs < 0 && badShare > 0.05 && bad > 1) {
    site.firstHurtMs = tick.now.ms;
    site.distinctUsers = everybody;
    site.cleanUsers = site.users;
  }
  if (site.firstHurtMs >= 0) {
    const double affected = site.cleanUsers * hit;
    site.distinctAffected += affected;
    // Those who leave are replaced by people who have seen nothing bad yet.
    site.comingUsers += everybody * leaving;
    if (bad > 1) {
      // Whoever came since the last bad moment was there during the incident after all.
      site.distinctUsers += site.comingUsers;
      site.comingUsers = 0;
    }
    site.cleanUsers = std::min(site.users, site.cleanUsers - affected +
                                               (site.users - site.cleanUsers + affected) * leaving);
  }
  site.recentlyHurt += (1 - site.recentlyHurt) * hit;
  site.recentlyHurt -= site.recentlyHurt * std::min(1.0, tick.seconds / 60);
  site.affectedNow = needing * site.recentlyHurt;
  site.userMinutesLost += site.users * badShare * tick.seconds / 60;
}

void judgeObjective(Website& site, const WebsiteSpec& spec, const SiteTick& tick) {
  const bool met = site.latencyP99 <= spec.objectiveLatencySeconds &&
                   site.errorRatio <= spec.objectiveErrorRatio;
  if (met) {
    if (site.healthySinceMs < 0) site.healthySinceMs = tick.now.ms;
  } else {
    site.healthySinceMs = -1;
    site.objectiveMissedMs += static_cast<std::int64_t>(tick.seconds * 1000);
  }
}

// Four 16-bit draws: the sum has a standard deviation of 1/sqrt(3) around 2.
double jitter(const WorkloadSpec& spec, const SiteTick& tick) {
  std::uint64_t bits = tick.chance;
  std::uint64_t sum = 0;
  for (int i = 0; i < 4; ++i, bits >>= 16) sum += bits & 0xFFFF;
  return std::max(0.0, 1 + spec.noise * (static_cast<double>(sum) / 65536 - 2) * 1.7320508);
}

}  // namespace

double usersAt(const WorkloadSpec& spec, base::SimTime time) {
  const auto& points = spec.users;
  if (points.empty()) return 0;
  if (time <= points.front().at) return points.front().users;
  for (std::size_t i = 1; i < points.size(); ++i) {
    if (time <= points[i].at) {
      const double span = static_cast<double>(points[i].at.ms - points[i - 1].at.ms);
      const double part = span > 0 ? static_cast<double>(time.ms - points[i - 1].at.ms) / span : 1;
      return points[i - 1].users + part * (points[i].users - points[i - 1].users);
    }
  }
  return points.back().users;
}

void scaleHosts(Website& site, const WebsiteSpec& spec, const WorkloadSpec& workload,
                base::SimTime now) {
  if (site.hostReadyAt.ms >= 0 && now >= site.hostReadyAt) {
    site.hosts += site.hostsStarting;
    site.hostsStarting = 0;
    site.hostReadyAt = {-1};
  }
  const double perHost = spec.requestsPerHost * workload.thinkSeconds;
  const std::int32_t wanted = wholeUp(site.users / std::max(1.0, perHost));
  const std::int32_t allowed = std::clamp(wanted, spec.hostsMinimum, spec.hostsMaximum);
  if (allowed > site.hosts && site.hostsStarting == 0) {
    site.hostsStarting = allowed - site.hosts;
    site.hostReadyAt = now + base::seconds(spec.hostStartSeconds);
  }
  // Hosts leave only well below the mark, so that the number does not flutter.
  const std::int32_t calm = wholeUp(1.25 * site.users / std::max(1.0, perHost));
  if (calm < site.hosts) site.hosts = std::max(calm, spec.hostsMinimum);
}

void stepVisitors(Website& site, const Model& model, const Postgres& server, const SiteTick& tick) {
  const WebsiteSpec& spec = model.spec.website;
  site.users = usersAt(model.spec.workload, tick.now) * tick.trafficFactor;
  const double factor = jitter(model.spec.workload, tick);
  const double admitted = site.admittedPercent / 100.0;

  FlowInput input;
  input.users = site.users;
  input.thinkSeconds = model.spec.workload.thinkSeconds;
  input.arrivalFactor = factor * admitted;
  input.pool = std::max(1, server.connections());
  input.timeoutSeconds = spec.timeoutSeconds;
  input.retryShare = spec.retries > 0 ? spec.retryShare : 0;
  input.retrySeconds = spec.retrySeconds;
  input.demand = tick.demand;
  input.serving = server.accepts() && server.connections() > 0;
  input.seconds = tick.seconds;
  const double thinking =
      std::max(0.0, site.users - site.flow.inSystem - site.flow.firstRetry - site.flow.secondRetry);
  site.last = model.stations.step(site.flow, input);

  // Visitors whom the edge turns away see an error page at once and do not insist.
  const double shed = thinking / input.thinkSeconds * factor * (1 - admitted) * tick.seconds;
  countRequests(site, site.last, shed);
  const double cachedRate = spec.cachedShare / std::max(0.01, 1 - spec.cachedShare);
  site.cachedExact += site.users / input.thinkSeconds * cachedRate * factor * tick.seconds;
  site.cached = static_cast<std::int64_t>(site.cachedExact);

  const FlowResult& flow = site.last;
  const double answers = flow.served + flow.failed + shed;
  const double bad = flow.failed + shed + flow.served * slowShare(flow, spec.slowSeconds);
  double badShare = answers > 0 ? bad / answers : 0;
  if (answers <= 0 && site.flow.inSystem > 1) badShare = 1;
  site.errorRatio = answers > 0 ? (flow.failed + shed) / answers : 0;
  site.latencyP50 = input.serving ? Stations::secondsLeftBy(flow, kLogHalf) : 0;
  site.latencyP99 = input.serving ? Stations::secondsLeftBy(flow, kLogHundredth) : 0;
  site.budgetBurned += site.errorRatio * tick.seconds / kBudgetSeconds;
  countHurt(site, model, tick, bad, badShare);
  judgeObjective(site, spec, tick);
}

}  // namespace sim
