// SPDX-License-Identifier: GPL-3.0-or-later
// The simulated world as a value: copy it to branch, compare it to test, hash it to prove. Actions
// are the only way in, telemetry the only way out. It knows no file, clock, thread or locale.
//
//   const auto model = sim::Model::make(spec);   // tables, once per scenario
//   sim::World world(model, seed);
//   sim::Telemetry telemetry;
//   world.advanceTo(base::minutes(90), telemetry);
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sim/action.h"
#include "sim/host.h"
#include "sim/monitoring.h"
#include "sim/network.h"
#include "sim/people.h"
#include "sim/postgres.h"
#include "sim/telemetry.h"
#include "sim/website.h"
#include "sim/world_spec.h"

namespace sim {

class Model;  // the spec with its precomputed tables; immutable, shared by all runs (model.h)

// A change request and what came of it.
struct ChangeRequest {
  int number = 0;
  base::SimTime at;
  std::string who, setting, value, impact, rollback, verification;
  bool emergency = false;
  enum class State : std::uint8_t { Submitted, Approved, Rejected } state = State::Submitted;
  base::SimTime answerAt;
  std::string verdict;
  bool operator==(const ChangeRequest&) const = default;
};

struct StatusPost {
  base::SimTime at;
  std::string who, state, text;
  bool operator==(const StatusPost&) const = default;
};

// How the people who work on it have declared the outage. -1 ms: never.
struct Incident {
  std::string severity;  // "sev1" .. "sev4"
  base::SimTime declaredAt{-1}, closedAt{-1};
  [[nodiscard]] bool closed() const { return closedAt.ms >= 0; }
};

class World {
 public:
  World(std::shared_ptr<const Model> model, std::uint64_t seed);

  [[nodiscard]] base::SimTime now() const { return m_now; }
  [[nodiscard]] std::int64_t unixMs() const;
  [[nodiscard]] std::uint64_t seed() const { return m_seed; }
  [[nodiscard]] const WorldSpec& spec() const;
  [[nodiscard]] std::shared_ptr<const Model> model() const { return m_model; }

  // One tick: 60 s before spec().timing.fineFrom, else 1 s.
  void tick(Telemetry& telemetry);
  // Ticks until now() >= time.
  void advanceTo(base::SimTime time, Telemetry& telemetry);
  // What apply would answer; changes nothing.
  [[nodiscard]] Outcome check(const Action& action, const std::string& who) const;
  // Does it now. A refused action changes nothing.
  Outcome apply(const Action& action, const std::string& who, Telemetry& telemetry);

  // What a session's backend writes to the server's log: an ERROR or FATAL with its STATEMENT, if
  // log_min_messages and log_min_error_statement let it. Changes nothing else.
  void logSession(const ServerMessage& message, std::uint32_t pid, const std::string& statement,
                  Telemetry& telemetry) const;

  [[nodiscard]] const Host& host() const { return m_host; }
  [[nodiscard]] const Postgres& postgres() const { return m_postgres; }
  [[nodiscard]] const Website& website() const { return m_website; }
  [[nodiscard]] const Network& network() const { return m_network; }
  [[nodiscard]] const Monitoring& monitoring() const { return m_monitoring; }
  [[nodiscard]] const People& people() const { return m_people; }
  [[nodiscard]] const std::vector<ChangeRequest>& changeRequests() const { return m_changes; }
  [[nodiscard]] const std::vector<StatusPost>& statusPosts() const { return m_statusPosts; }
  // Commits made during the run by EditFile on a file of the repository, after
  // spec().database.changes.
  [[nodiscard]] const std::vector<ConfigChange>& commits() const { return m_commits; }
  [[nodiscard]] const Incident& incident() const { return m_incident; }

  // The same state under another spec of the same host, rules, people and happenings: other
  // visitors.
  [[nodiscard]] World under(std::shared_ptr<const Model> model) const {
    World copy = *this;
    copy.m_model = std::move(model);
    return copy;
  }

  // Hash over the whole state.
  [[nodiscard]] std::uint64_t fingerprint() const;
  bool operator==(const World& other) const;

 private:
  struct Applier;  // one function per verb, world_actions.cpp
  friend struct Applier;
  void sample(MetricRow& values) const;
  void runHappenings(std::uint64_t chance, Telemetry& telemetry);
  void answerChangeRequests(Telemetry& telemetry);
  void serve(std::uint64_t chance, Telemetry& telemetry);  // one tick of load, caches and memory
  void chargeHost(double diskReads, double writtenBytes, const LoadWork& work);
  [[nodiscard]] double slowdown() const;
  double writeWal(const ServerContext& context, double walBytes, double pages) const;
  void killForMemory(Telemetry& telemetry);
  void reportConnections(Telemetry& telemetry, std::int32_t refused);
  void reportWebsite(Telemetry& telemetry, std::int64_t failed);

  std::shared_ptr<const Model> m_model;
  std::uint64_t m_seed = 0;
  base::SimTime m_now;
  Host m_host;
  Postgres m_postgres;
  Website m_website;
  Network m_network;
  Monitoring m_monitoring;
  People m_people;
  std::vector<ChangeRequest> m_changes;
  std::vector<StatusPost> m_statusPosts;
  std::vector<ConfigChange> m_commits;
  Incident m_incident;
  std::uint32_t m_nextHappening = 0;
  double m_trafficFactor = 1;
  // of the last tick
  double m_tickSeconds = 1;
  double m_lastTotalHit = 1;
};

}  // namespace sim
