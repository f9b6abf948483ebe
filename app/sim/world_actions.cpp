// SPDX-License-Identifier: GPL-3.0-or-later
// One function per verb. Each refuses in words before it changes anything.
#include <algorithm>
#include <charconv>

#include "base/quantity.h"
#include "base/sha256.h"
#include "base/text.h"
#include "sim/change_review.h"
#include "sim/checkpoints.h"
#include "sim/config_diff.h"
#include "sim/disk_actions.h"
#include "sim/log_batches.h"
#include "sim/log_processes.h"
#include "sim/log_shapes.h"
#include "sim/model.h"
#include "sim/postmaster.h"
#include "sim/relation_actions.h"
#include "sim/server.h"
#include "sim/server_backends.h"
#include "sim/server_log.h"
#include "sim/server_signals.h"
#include "sim/session_actions.h"
#include "sim/world.h"

namespace sim {
namespace {

Outcome done(std::string text = {}) {
  return {true, std::move(text), 0};
}
Outcome refused(std::string text, int exitCode = 1) {
  return {false, std::move(text), exitCode};
}

std::optional<std::int64_t> wholeNumber(const std::string& text) {
  std::int64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

std::optional<StopMode> stopMode(const std::string& text) {
  if (text.empty() || text == "fast") return StopMode::Fast;
  if (text == "smart") return StopMode::Smart;
  if (text == "immediate") return StopMode::Immediate;
  return std::nullopt;
}

std::string fieldOf(const Action& action, const std::string& name) {
  const auto found = action.fields.find(name);
  return found == action.fields.end() ? std::string() : found->second;
}

}  // namespace

// The functions take the world apart for one action; dry runs work on a copy.
struct World::Applier {
  World& w;
  const Action& action;
  const std::string& who;
  Telemetry& telemetry;

  [[nodiscard]] ServerContext context() const {
    return {*w.m_model, w.m_postgres, w.m_host, w.m_now, w.m_seed, telemetry};
  }

  Outcome acknowledge() const {
    const auto& rules = w.spec().monitoring.rules;
    for (std::size_t i = 0; i < rules.size(); ++i) {
      if (rules[i].name != action.target) continue;
      RuleState& state = w.m_monitoring.rules[i];
      if (state.state != AlertState::Firing) return refused(action.target + " is not firing.");
      if (state.acknowledged) return refused(action.target + " has been acknowledged already.");
      state.acknowledged = true;
      return done();
    }
    return refused("There is no alert named \"" + action.target + "\".");
  }

  Outcome declare() const {
    static const std::vector<std::string> kLevels = {"sev1", "sev2", "sev3", "sev4"};
    if (std::find(kLevels.begin(), kLevels.end(), action.target) == kLevels.end()) {
      return refused("Severity \"" + action.target + "\" is unknown; expected sev1 to sev4.");
    }
    if (w.m_incident.declaredAt.ms < 0) w.m_incident.declaredAt = w.m_now;
    w.m_incident.severity = action.target;
    return done();
  }

  Outcome page() const { return pagePerson(w.m_people, w.spec(), action.target, w.m_now); }
  Outcome ask() const {
    return askPerson(w.m_people, w.spec(), action.target, action.text, w.m_now);
  }

  Outcome status() const {
    static const std::vector<std::string> kStates = {"investigating", "identified", "monitoring",
                                                     "resolved"};
    if (std::find(kStates.begin(), kStates.end(), action.target) == kStates.end()) {
      return refused("Status \"" + action.target +
                     "\" is unknown; expected investigating, identified, monitoring or resolved.");
    }
    if (base::trim(action.text).empty()) return refused("A status message needs words.");
    w.m_statusPosts.push_back({w.m_now, who, action.target, action.text});
    return done();
  }

  // Files can be made where configuration lives, nowhere else.
  [[nodiscard]] bool mayHold(const std::string& path) const {
    const DatabaseSpec& database = w.spec().database;
    const std::string folder = database.configFile.substr(0, database.configFile.rfind('/') + 1);
    return (path.starts_with(folder) || path.starts_with(database.dataDirectory + "/")) &&
           !path.ends_with("/") && !base::contains(path, "/../");
  }

  Outcome removeFile() const {
    auto& files = w.m_postgres.files;
    const auto place = std::find_if(files.begin(), files.end(), [&](const ConfigFile& file) {
      return file.path == action.target;
    });
    if (place == files.end()) return refused(action.target + ": No such file or directory");
    files.erase(place);
    w.m_postgres.disk.forget(action.target);
    return done();
  }

  Outcome editFile() const {
    if (changesDisk(w.spec(), w.m_postgres, action)) {
      return changeDisk(w.spec(), w.m_postgres, action);
    }
    if (fieldOf(action, "remove") == "yes") return removeFile();
    constexpr std::size_t kMostFiles = 200;
    auto& files = w.m_postgres.files;
    const bool there = std::any_of(files.begin(), files.end(), [&](const ConfigFile& file) {
      return file.path == action.target;
    });
    if (!there && mayHold(action.target) && files.size() < kMostFiles) {
      files.push_back({action.target, {}});
    }
    for (ConfigFile& file : files) {
      if (file.path != action.target) continue;
      if (const std::string readable = fieldOf(action, "readable"); !readable.empty()) {
        file.readable = readable == "yes";
      }
      if (action.text.size() > 1'000'000) return refused("The file would be larger than 1 MB.");
      if (file.text == action.text) return done("The file is unchanged.");
      ConfigChange commit;
      commit.at = w.m_now;
      commit.author = who;
      commit.title =
          "Edit " + file.path.substr(file.path.rfind('/') + 1) + " on " + w.spec().host.name;
      commit.path = file.path;
      commit.diff = unifiedDiff(file.path, file.text, action.text);
      commit.commit = base::sha256Hex(commit.diff + std::to_string(w.m_now.ms)).substr(0, 7);
      file.text = action.text;
      w.m_commits.push_back(std::move(commit));
      return done();
    }
    return refused(action.target + ": No such file or directory");
  }

  Outcome alterSystem() const {
    if (!w.m_postgres.accepts()) return refused("The server does not accept connections.", 2);
    const bool reset = action.text.empty() && fieldOf(action, "empty") != "yes";
    const auto refusal = w.m_postgres.settings.alterSystem(
        w.m_postgres.files, action.target,
        reset ? std::nullopt : std::optional<std::string_view>(action.text));
    return refusal ? refused(serverMessageText(*refusal)) : done("ALTER SYSTEM");
  }

  Outcome setFor() const {
    const StoredSetting wanted{fieldOf(action, "database"), fieldOf(action, "role"),
                               base::lower(action.target), action.text};
    auto& stored = w.m_postgres.storedSettings;
    const auto same = [&](const StoredSetting& one) {
      return one.database == wanted.database && one.role == wanted.role &&
             (wanted.name == "all" || one.name == wanted.name);
    };
    if (action.text.empty()) {
      std::erase_if(stored, same);
      return done();
    }
    const ParsedValue parsed = w.m_postgres.settings.checkSet(action.target, action.text);
    if (!parsed.ok) return refused(serverMessageText(parsed.refusal));
    std::erase_if(stored, same);
    stored.push_back(wanted);
    return done();
  }

  void changeAttributes(Role& role) const {
    const std::pair<const char*, bool Role::*> attributes[] = {{"createdb", &Role::createDatabase},
                                                               {"createrole", &Role::createRole},
                                                               {"replication", &Role::replication},
                                                               {"inherit", &Role::inherit}};
    for (const auto& [name, attribute] : attributes) {
      const std::string value = fieldOf(action, name);
      if (!value.empty()) role.*attribute = value == "yes";
    }
    const std::string group = fieldOf(action, "grant");
    const std::string left = fieldOf(action, "revoke");
    std::erase(role.memberOf, left.empty() ? group : left);
    if (!group.empty() && left.empty()) role.memberOf.push_back(group);
  }

  Outcome changeRole() const {
    auto& roles = w.m_postgres.roles;
    auto place = std::find_if(roles.begin(), roles.end(),
                              [&](const Role& role) { return role.name == action.target; });
    if (fieldOf(action, "drop") == "yes") {
      if (place == roles.end()) return refused("role \"" + action.target + "\" does not exist");
      roles.erase(place);
      for (Role& other : roles) std::erase(other.memberOf, action.target);
      return done();
    }
    if (place == roles.end()) {
      place = roles.insert(roles.end(), Role());
      place->name = action.target;
    }
    if (const std::string super = fieldOf(action, "superuser"); !super.empty()) {
      place->superuser = super == "yes";
    }
    if (const auto limit = wholeNumber(fieldOf(action, "limit"))) {
      place->connectionLimit =
          static_cast<std::int32_t>(std::clamp<std::int64_t>(*limit, -1, 262143));
    }
    if (const std::string login = fieldOf(action, "login"); !login.empty()) {
      place->login = login == "yes";
    }
    changeAttributes(*place);
    for (const std::string& name : base::split(fieldOf(action, "set"), ',')) {
      if (!name.empty()) place->maySet.push_back(base::lower(name));
    }
    for (const std::string& name : base::split(fieldOf(action, "alter-system"), ',')) {
      if (!name.empty()) place->mayAlterSystem.push_back(base::lower(name));
    }
    return done();
  }

  Outcome reload() const {
    ServerContext c = context();
    return reloadServer(c);
  }

  // Empty text: fine.
  std::string readStart(StartOptions& options, ProcessLimits& limits) const {
    const auto given = readStartOptions(fieldOf(action, "options"));
    if (!given) {
      return "Options are written -c name=value; found \"" + fieldOf(action, "options") + "\".";
    }
    const auto allowed = readProcessLimits(fieldOf(action, "limits"));
    if (!allowed) {
      return "Limits are written as=400000000 stack=unlimited; found \"" +
             fieldOf(action, "limits") + "\".";
    }
    options = *given;
    limits = *allowed;
    return {};
  }

  Outcome restart() const {
    const auto mode = stopMode(action.target);
    if (!mode)
      return refused("Shutdown mode \"" + action.target +
                     "\" is unknown; expected smart, fast or immediate.");
    StartOptions options;
    ProcessLimits limits;
    if (const std::string wrong = readStart(options, limits); !wrong.empty()) return refused(wrong);
    ServerContext c = context();
    if (w.m_postgres.life == Life::Stopped) return startServer(c, options, limits);
    const Outcome outcome = stopServer(c, *mode);
    if (!outcome.accepted) return outcome;
    w.m_postgres.restartPending = true;
    w.m_postgres.restartOptions = options;
    w.m_postgres.restartLimits = limits;
    return done();
  }

  Outcome stop() const {
    const auto mode = stopMode(action.target);
    if (!mode)
      return refused("Shutdown mode \"" + action.target +
                     "\" is unknown; expected smart, fast or immediate.");
    ServerContext c = context();
    const Outcome outcome = stopServer(c, *mode);
    if (outcome.accepted) w.m_postgres.restartPending = false;
    return outcome;
  }

  Outcome start() const {
    StartOptions options;
    ProcessLimits limits;
    if (const std::string wrong = readStart(options, limits); !wrong.empty()) return refused(wrong);
    ServerContext c = context();
    const bool another = fieldOf(action, "another") == "yes";
    if (another && w.m_postgres.life != Life::Stopped) return startSecond(c, options, limits);
    return startServer(c, options, limits);
  }

  Outcome signal() const {
    const std::optional<std::int64_t> pid = wholeNumber(action.target);
    if (!pid || *pid <= 0)
      return refused("kill: " + action.target + ": arguments must be process or job IDs");
    ServerContext c = context();
    if (*pid > UINT32_MAX) return refused("kill: (" + action.target + ") - No such process");
    if (const auto held = holdProcess(c, *pid, action.text)) return *held;
    return signalProcess(c, static_cast<std::uint32_t>(*pid), action.text);
  }

  Outcome session() const {
    ServerContext c = context();
    return changeSession(c, action);
  }

  // A statement's WAL is written in the time it takes.
  Outcome execute() const {
    const Outcome outcome = bookExecution(w.m_postgres, action);
    if (!outcome.accepted) return outcome;
    constexpr std::int64_t kMost = 1'000'000'000'000, kHour = 3'600'000;
    const auto amount = [&](const char* name, std::int64_t most) {
      return std::clamp<std::int64_t>(wholeNumber(fieldOf(action, name)).value_or(0), 0, most);
    };
    ServerContext c = context();
    // A script's later statements begin when the earlier ones are done.
    c.now.ms = std::max(c.now.ms, amount("at", c.now.ms + 24 * kHour));
    const auto pid = static_cast<std::uint32_t>(wholeNumber(action.target).value_or(0));
    writeDuringStatement(c, pid, static_cast<double>(amount("wal-bytes", kMost)),
                         static_cast<double>(amount("dirtied", kMost)), amount("ms", kHour));
    return outcome;
  }

  Outcome load() const {
    ServerContext c = context();
    return startLoad(c, action);
  }

  Outcome checkpoint() const {
    ServerContext c = context();
    return checkpointNow(c);
  }

  Outcome admit() const {
    const std::optional<std::int64_t> percent = wholeNumber(action.target);
    if (!percent || *percent < 0 || *percent > 100) {
      return refused("Share of visits to let through: found \"" + action.target +
                     "\", expected 0 to 100.");
    }
    w.m_website.admittedPercent = static_cast<std::int32_t>(*percent);
    writeLog(telemetry, w.m_now, LogShape::WebAdmission, 0, {*percent});
    return done();
  }

  Outcome addSwap() const {
    const base::Result<std::int64_t> bytes = base::parseBytes(action.text);
    if (!bytes) return refused("Size of the swap file: " + bytes.error().message + ".");
    if (bytes.value() < 1024 * 1024 ||
        bytes.value() > w.spec().host.diskBytes - w.spec().host.diskUsedBytes) {
      return refused("swapon: a swap file of " + action.text + " does not fit on the disk");
    }
    w.m_host.swapTotal += bytes.value();
    writeLog(telemetry, w.m_now, LogShape::KernelSwapAdded, 0, {bytes.value() / 1024});
    return done();
  }

  Outcome sysctl() const {
    static const std::vector<std::string> kKnown = {"vm.overcommit_memory", "vm.overcommit_ratio",
                                                    "vm.swappiness",        "vm.drop_caches",
                                                    "vm.min_free_kbytes",   "vm.nr_hugepages"};
    if (std::find(kKnown.begin(), kKnown.end(), action.target) == kKnown.end()) {
      return refused("sysctl: cannot stat /proc/sys/" + base::replaceAll(action.target, ".", "/") +
                     ": No such file or directory");
    }
    const std::optional<std::int64_t> value = wholeNumber(action.text);
    if (!value || *value < 0)
      return refused("sysctl: setting key \"" + action.target + "\": Invalid argument");
    if (action.target == "vm.nr_hugepages") {
      return refused(
          "sysctl: setting key \"vm.nr_hugepages\": memory is too fragmented, 0 pages reserved; "
          "reserve them at boot");
    }
    if (action.target == "vm.overcommit_memory" && *value > 2)
      return refused("sysctl: setting key \"vm.overcommit_memory\": Invalid argument");
    w.m_host.sysctl[action.target] = std::to_string(*value);
    return done();
  }

  // A tmpfs on a directory the server does not need, or another size for one that is there. On
  // pg_wal it comes with the segments copied onto it.
  Outcome mount() const {
    constexpr std::size_t kMostMounts = 16;
    auto& mounts = w.m_host.tmpfs;
    const std::string place = plainPath(action.target);
    const std::string_view shared = "/dev/shm";
    const std::string& data = w.spec().database.dataDirectory;
    const bool wal = place == data + "/pg_wal";
    if (fieldOf(action, "remove") == "yes") {
      const bool busy = place == shared || (wal && w.m_postgres.life != Life::Stopped);
      if (busy) return refused("umount: " + place + ": target is busy.", 32);
      if (mounts.erase(place) == 0) return refused("umount: " + place + ": not mounted.", 32);
      return done();
    }
    const std::optional<std::int64_t> bytes = wholeNumber(action.text);
    constexpr std::int64_t kPage = 4096;
    const bool hides = place == "/" || liesBelow(data, place) || place == data ||
                       (liesBelow(place, data) && !place.ends_with("/pgsql_tmp") && !wal);
    const bool full = mounts.size() >= kMostMounts && !mounts.contains(place);
    if (!place.starts_with("/") || !bytes || *bytes < kPage || hides || full) {
      return refused(
          "mount: " + action.target +
              ": wrong fs type, bad option, bad superblock on tmpfs, missing codepage or "
              "helper program, or other error.",
          32);
    }
    mounts[place] = *bytes / kPage * kPage;
    return done();
  }

  Outcome requestChange() const {
    if (action.target.empty() || action.text.empty())
      return refused("A change request names a setting and its new value.");
    if (w.spec().database.catalogue->find(action.target) == nullptr) {
      return refused("unrecognized configuration parameter \"" + action.target + "\"");
    }
    ChangeRequest change;
    change.number = static_cast<int>(w.m_changes.size()) + 1;
    change.at = w.m_now;
    change.who = who;
    change.setting = action.target;
    change.value = action.text;
    change.impact = fieldOf(action, "impact");
    change.rollback = fieldOf(action, "rollback");
    change.verification = fieldOf(action, "verification");
    change.emergency = fieldOf(action, "emergency") == "yes";
    // An emergency change is looked at by whoever is awake, at once.
    const int wait = change.emergency ? std::min(60, w.spec().review.reviewSeconds)
                                      : w.spec().review.reviewSeconds;
    change.answerAt = w.m_now + base::seconds(wait);
    w.m_changes.push_back(change);
    return done("Change request " + std::to_string(change.number) + " filed.");
  }

  Outcome close() const {
    if (w.m_incident.closed()) return refused("The incident is closed already.");
    w.m_incident.closedAt = w.m_now;
    return done();
  }

  Outcome run() const {
    if (action.verb > Verb::Close) return done();
    if (w.m_incident.closed()) return refused("The incident is closed.");
    switch (action.verb) {
      case Verb::Acknowledge:
        return acknowledge();
      case Verb::Declare:
        return declare();
      case Verb::Page:
        return page();
      case Verb::Ask:
        return ask();
      case Verb::Status:
        return status();
      case Verb::EditFile:
        return editFile();
      case Verb::AlterSystem:
        return alterSystem();
      case Verb::Reload:
        return reload();
      case Verb::Restart:
        return restart();
      case Verb::Stop:
        return stop();
      case Verb::Start:
        return start();
      case Verb::Signal:
        return signal();
      case Verb::Admit:
        return admit();
      case Verb::FailOver:
        return refused(
            "The standby runs the same configuration and is only sized for reports; the database "
            "team has "
            "switched automatic failover off.");
      case Verb::AddSwap:
        return addSwap();
      case Verb::Sysctl:
        return sysctl();
      case Verb::SetFor:
        return setFor();
      case Verb::Role:
        return changeRole();
      case Verb::Relation:
        return changeRelation(w.m_postgres, action);
      case Verb::Execute:
        return execute();
      case Verb::Session:
        return session();
      case Verb::Checkpoint:
        return checkpoint();
      case Verb::Load:
        return load();
      case Verb::Mount:
        return mount();
      case Verb::RequestChange:
        return requestChange();
      default:
        return close();
    }
  }
};

Outcome World::check(const Action& action, const std::string& who) const {
  World copy = *this;
  Telemetry unread(Detail::Summary);
  return copy.apply(action, who, unread);
}

Outcome World::apply(const Action& action, const std::string& who, Telemetry& telemetry) {
  noteServerProcesses({*m_model, m_postgres, m_host, m_now, m_seed, telemetry});
  return Applier{*this, action, who, telemetry}.run();
}

}  // namespace sim
