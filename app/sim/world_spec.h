// SPDX-License-Identifier: GPL-3.0-or-later
// What a world is made of: plain values, filled by the scenario room (or by a test). Units are in
// the names. Times are milliseconds since the scenario's start (WorldSpec::timing.startUnixMs).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/sim_time.h"
#include "sim/action.h"
#include "sim/metric.h"
#include "sim/settings/settings.h"

namespace sim {

struct TimingSpec {
  std::int64_t startUnixMs = 0;  // wall clock of SimTime 0 (the database's last start)
  base::SimTime fineFrom;        // before: ticks of 60 s (the morning so far); after: 1 s
  base::SimTime opensAt;         // where a trainee comes in
  base::SimTime endsAt;          // the exercise ends at the latest here
};

struct HostSpec {
  std::string name = "db1";
  std::int64_t ramBytes = 0;
  std::int64_t swapBytes = 0;
  int cores = 16;
  double diskReadMs = 0.5;    // mean service time of one random 8 kB read
  int diskChannels = 5;       // reads served at once: channels / readMs = reads per second
  double diskFlushMs = 0.15;  // until a commit's WAL is on disk (fsync)
  double otherCores = 0;      // cores that other jobs of the host keep busy
  std::int64_t diskBytes = 0;
  std::int64_t diskUsedBytes = 0;
  std::int64_t kernelBytes = 0;  // kernel, daemons: never reclaimable
  std::int64_t fileWorkingSetBytes =
      0;                       // programs, libraries, WAL, catalogues: evicting these hurts
  std::int64_t hugePages = 0;  // reserved, 2 MiB each
  int overcommitMemory = 0;    // vm.overcommit_memory
  int overcommitRatio = 50;
  int swappiness = 60;
};

// A change of the configuration that happened before or during the scenario: what `git log` of the
// configuration repository shows.
struct ConfigChange {
  base::SimTime at;  // may be negative: before the scenario
  std::string commit, author, reviewer, ticket, title;
  std::string path;  // file in the repository = path on the server
  std::string diff;  // unified diff, lines ending in \n
};

struct DatabaseSpec {
  std::shared_ptr<const SettingCatalogue> catalogue;
  std::string version = "15.18 (Debian 15.18-0+deb12u1)";
  std::string dataDirectory = "/var/lib/postgresql/15/main";
  std::string configFile = "/etc/postgresql/15/main/postgresql.conf";
  std::string logFile = "/var/log/postgresql/postgresql-15-main.log";
  std::vector<ConfigFile> files;
  std::vector<ConfigChange> changes;
  std::string database = "shop";
  std::string user = "app";
  std::int64_t databaseBytes = 0;
  bool restartsAfterOomKill = true;  // unit has OOMPolicy=continue
  double walReplayMBs = 120;         // MODEL
  // Seconds per byte of the pool that replay touches for the first time.
  double replayTouchSeconds = 0;
  int killSeconds = 3;      // MODEL: until all backends of a crashed server are gone
  bool laboratory = false;  // superusers may make tables and fill them
};

// One class of page views that need the database.
struct QueryClass {
  std::string name;       // "product page"
  std::string statement;  // SQL text for logs and pg_stat_activity
  double share = 1;       // of database-backed requests; shares sum to 1
  double cpuMs = 1;       // mean CPU demand per request
  double pages = 50;      // mean 8 kB pages touched per request
  double sortNodes = 0;   // mean sort or hash nodes running per request
  double nodeBytes = 0;   // memory such a node wants; above work_mem it spills
  double pagesDirtied = 0;
  double walBytes = 0;
};

struct WorkloadPoint {
  base::SimTime at;
  double users = 0;  // people on the site whose visits need the database
};

struct WorkloadSpec {
  std::vector<WorkloadPoint> users;  // piecewise linear in time
  double thinkSeconds = 10;
  double zipf = 1.2;           // popularity of pages
  double noise = 0.02;         // relative jitter of the arrival rate, second by second
  double sessionMinutes = 12;  // mean stay of a visitor, for counting distinct users
  std::vector<QueryClass> classes;
};

struct WebsiteSpec {
  double cachedShare = 0.4;  // share of visitors served wholly from the edge cache
  int poolPerHost = 50;      // connections each application host keeps open
  int hostsMinimum = 1;
  int hostsMaximum = 4;
  double requestsPerHost = 300;  // the autoscaler adds a host above this rate
  int hostStartSeconds = 90;
  double timeoutSeconds = 10;  // a request older than this fails
  double retryShare = 0.5;     // of failed requests tried again by their visitor
  int retries = 2;
  double retrySeconds = 1;             // mean pause before a retry
  double slowSeconds = 4;              // a page slower than this hurts its visitor
  double objectiveLatencySeconds = 2;  // service objective: p99 below this ...
  double objectiveErrorRatio = 0.01;   // ... and errors below this
};

struct NetworkSpec {
  double rttMs = 0.35;
  double lossRatio = 0;
};

// A condition on one metric: metric [/ per] op threshold, or its per-second rate over a window
// (then a counter in per is taken as a rate too).
struct MetricCondition {
  Metric metric = Metric::PgUp;
  std::optional<Metric> per;  // divide by this metric's value
  int rateSeconds = 0;        // > 0: rate(metric[rateSeconds])
  std::string op = ">";       // > >= < <= == !=
  double threshold = 0;
  bool operator==(const MetricCondition&) const = default;
};

struct AlertRule {
  std::string name;
  MetricCondition condition;
  int forSeconds = 0;
  std::string severity = "warning";  // critical pages the on-call person
  std::string summary;
};

struct MonitoringSpec {
  int scrapeSeconds = 15;
  int evaluateSeconds = 15;
  std::vector<AlertRule> rules;
};

// What a person can say about a topic: the first answer all of whose conditions hold now.
// {metric_name} or {metric_name|unit} in the text becomes the metric's current value
// (units: ms, s, percent, GiB, MiB, number; written with the value).
struct Answer {
  std::vector<MetricCondition> when;
  std::string text;
};
struct Topic {
  std::string id;         // "network-health"
  std::string question;   // as the trainee reads it
  int afterSeconds = 60;  // thinking time once the person is engaged
  std::vector<Answer> answers;
};
enum class Team : std::uint8_t { OnCall, Network, Database, Application, Management, Reviewer };
struct PersonSpec {
  std::string id;    // "dba"
  std::string name;  // "Ines, database team"
  Team team = Team::OnCall;
  int joinsAfterSeconds = 300;  // from being paged to being there
  std::vector<Topic> topics;
};

// Something that happens by itself. Only causes: never a curve.
struct Happening {
  enum class Kind : std::uint8_t {
    LogLine,
    LinkErrors,
    NetworkRtt,
    NetworkLoss,
    Action,
    TrafficFactor
  };
  base::SimTime at;
  int seconds = 0;  // how long it lasts; 0: from now on
  Kind kind = Kind::LogLine;
  double value = 0;    // errors per second, ms, ratio, factor
  std::string source;  // LogLine: "network", "website", ...
  std::string text;    // LogLine
  Action action;       // Action: done by `who`
  std::string who;
};

// Bands of section 3.2 of the outage catalogue, by which reviewer and grader judge a memory
// setting.
struct SafetySpec {
  double sharedBuffersLow = 0.10, sharedBuffersGreenLow = 0.15;  // of RAM
  double sharedBuffersGreenHigh = 0.30, sharedBuffersHigh = 0.40;
  double budgetGreen = 0.70, budgetAmber = 0.85;  // whole memory budget of RAM
};

struct ReviewSpec {
  int reviewSeconds = 300;  // a normal change is answered after this
  std::string reviewer;     // person id
};

struct WorldSpec {
  TimingSpec timing;
  HostSpec host;
  DatabaseSpec database;
  WorkloadSpec workload;
  WebsiteSpec website;
  NetworkSpec network;
  MonitoringSpec monitoring;
  std::vector<PersonSpec> people;
  std::vector<Happening> happenings;
  SafetySpec safety;
  ReviewSpec review;
};

}  // namespace sim
