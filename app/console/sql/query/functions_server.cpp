// SPDX-License-Identifier: GPL-3.0-or-later
// Functions that look at the running server, its settings and its processes, or act on them.
#include <algorithm>

#include "base/text.h"
#include "console/file_view.h"
#include "console/sql/connect.h"
#include "console/sql/privileges.h"
#include "console/sql/query/functions.h"
#include "console/sql/session_role.h"
#include "console/sql/statements.h"
#include "console/sql/virtual_tables.h"
#include "console/system/processes.h"
#include "sim/session.h"

namespace console::query {
namespace {

const sim::Role* roleOf(const CallSite& site) {
  return site.runtime.world().postgres().role(currentRole(site.runtime.session()));
}
bool superuser(const CallSite& site) {
  const sim::Role* role = roleOf(site);
  return role != nullptr && role->superuser;
}
Datum denied(const CallSite& site, const std::string& function) {
  return site.runtime.fail("42501", "permission denied for function " + function);
}

Datum startTime(const CallSite& site, Arguments) {
  const sim::World& world = site.runtime.world();
  return (world.spec().timing.startUnixMs + world.postgres().postmasterStart.ms) * 1000;
}
Datum database(const CallSite& site, Arguments) {
  return site.runtime.session().database;
}
Datum user(const CallSite& site, Arguments) {
  return currentRole(site.runtime.session());
}
Datum sessionUser(const CallSite& site, Arguments) {
  return sessionRole(site.runtime.session());
}
Datum schema(const CallSite&, Arguments) {
  return "public";
}
Datum schemas(const CallSite&, Arguments a) {
  Items names;
  if (a[0].truth()) names.emplace_back("pg_catalog");
  names.emplace_back("public");
  return names;
}
Datum backendPid(const CallSite& site, Arguments) {
  return std::int64_t{site.runtime.session().pid};
}
Datum no(const CallSite&, Arguments) {
  return false;
}
Datum nothing(const CallSite&, Arguments) {
  return {};
}
Datum serverPort(const CallSite& site, Arguments) {
  const PsqlSession& session = site.runtime.session();
  if (session.host.empty() || session.host.starts_with("/")) return {};
  return Numeric::parse(portOf(site.runtime.world(), session))->toInteger().value_or(5432);
}
Datum serverAddress(const CallSite& site, Arguments) {
  const PsqlSession& session = site.runtime.session();
  if (session.host.empty() || session.host.starts_with("/")) return {};
  return addressOf(site.runtime.world(), session.host);
}
Datum version(const CallSite& site, Arguments) {
  return "PostgreSQL " + site.runtime.world().spec().database.version +
         " on x86_64-pc-linux-gnu, compiled by gcc (Debian 12.2.0-14+deb12u1) 12.2.0, 64-bit";
}

Datum currentSetting(const CallSite& site, Arguments a) {
  const std::string& name = a[0].text();
  const SettingReading reading = readSetting(site.runtime.world(), site.runtime.session(), name);
  if (!reading.known) {
    if (a.size() > 1 && a[1].truth()) return {};
    return site.runtime.fail("42704", "unrecognized configuration parameter \"" + name + "\"");
  }
  if (sim::examinedBySuperusersOnly(name) && !superuser(site) &&
      !hasRole(site.runtime.world(), currentRole(site.runtime.session()), "pg_read_all_settings")) {
    return site.runtime.fail("42501",
                             "must be superuser or have privileges of pg_read_all_settings to "
                             "examine \"" +
                                 name + "\"");
  }
  return reading.shown;
}
Datum setConfig(const CallSite& site, Arguments a) {
  if (a[0].null()) return site.runtime.fail("22004", "SET requires parameter name");
  QueryContext& q = site.runtime.query();
  const std::string& name = a[0].text();
  const std::string value = a[1].null() ? "" : a[1].text();
  const bool local = a[2].truth();
  PsqlSession meanwhile = q.session;
  auto wrong = setInSession(site.runtime.world(), meanwhile, name, value, false);
  if (!wrong && base::lower(name) == "transaction_deferrable") {  // the calling query's snapshot
    wrong = sqlError("25001", "SET TRANSACTION [NOT] DEFERRABLE must be called before any query");
  }
  if (wrong) return site.runtime.fail(wrong->sqlstate, wrong->text, wrong->detail, wrong->hint);
  // Until the statement's end it holds even outside of a transaction block.
  (void)setInSession(site.runtime.world(), q.session, name, value, local);
  return readSetting(site.runtime.world(), meanwhile, name).shown;
}

Datum sleepFor(const CallSite& site, Arguments a) {
  QueryContext& q = site.runtime.query();
  const double seconds = std::clamp(a[0].real(), 0.0, 3600.0);
  auto milliseconds = static_cast<std::int64_t>(seconds * 1000);
  const std::string limit =
      readSetting(site.runtime.world(), q.session, "statement_timeout").canonical;
  const std::optional<Numeric> timeout = Numeric::parse(limit);
  const std::int64_t most = timeout ? timeout->toInteger().value_or(0) : 0;
  const bool cancelled = most > 0 && milliseconds > most;
  if (cancelled) milliseconds = most;
  q.duration = q.duration + base::SimTime{milliseconds};
  if (cancelled) {
    return site.runtime.fail("57014", "canceling statement due to statement timeout");
  }
  return "";
}
Datum sleepForInterval(const CallSite& site, Arguments a) {
  const Datum seconds = static_cast<double>(a[0].interval().span()) / 1e6;
  return sleepFor(site, std::span(&seconds, 1));
}

bool apply(const CallSite& site, const sim::Action& action, bool noted = true) {
  QueryContext& q = site.runtime.query();
  const bool done = q.machine.world.apply(action, q.machine.who, q.machine.telemetry).accepted;
  if (done && noted) q.changed.push_back(action);
  return done;
}

Datum reloadConf(const CallSite& site, Arguments) {
  if (!superuser(site)) return denied(site, "pg_reload_conf");
  sim::Action action;
  action.verb = sim::Verb::Reload;
  return apply(site, action);
}

Datum signalBackend(const CallSite& site, Arguments a, const char* signal, const char* verb) {
  const std::int64_t pid = a[0].whole();
  const sim::World& world = site.runtime.world();
  const auto type = pid > 0 && pid < 10'000'000
                        ? processType(world, static_cast<std::uint32_t>(pid))
                        : std::nullopt;
  if (!type || type->empty() || *type == "postmaster") {
    site.runtime.notice("WARNING:  PID " + std::to_string(pid) +
                        " is not a PostgreSQL backend process");
    return false;
  }
  // A role may only signal its own backends; none may signal a superuser's but a superuser.
  const std::string own = currentRole(site.runtime.session());
  if (!superuser(site) && own != world.spec().database.user &&
      !hasRole(world, own, "pg_signal_backend")) {
    return site.runtime.fail(
        "42501", std::string("must be a member of the role whose ") +
                     (std::string_view(verb) == "cancel" ? "query is being canceled"
                                                         : "process is being terminated") +
                     " or member of pg_signal_backend");
  }
  const bool signalled =
      *type == "client backend" || *type == "walsender" || *type == "autovacuum worker";
  if (!signalled) return false;
  sim::Action action;
  action.verb = sim::Verb::Signal;
  action.target = std::to_string(pid);
  action.text = signal;
  return apply(site, action, pid != site.runtime.session().pid);
}
Datum cancelBackend(const CallSite& site, Arguments a) {
  return signalBackend(site, a, "INT", "cancel");
}
Datum terminateBackend(const CallSite& site, Arguments a) {
  return signalBackend(site, a, "TERM", "terminate");
}

Datum walLsn(const CallSite& site, Arguments) {
  return static_cast<std::int64_t>(site.runtime.world().postgres().walBytes);
}
Datum walFile(const CallSite&, Arguments a) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const auto hex = [&](std::uint64_t value) {
    std::string text(8, '0');
    for (std::size_t i = 8; i-- > 0; value /= 16) text[i] = kDigits[value % 16];
    return text;
  };
  const auto lsn = static_cast<std::uint64_t>(a[0].whole());
  const std::uint64_t segment = (lsn == 0 ? 0 : lsn - 1) / (16u << 20);
  return hex(1) + hex(segment / 256) + hex(segment % 256);
}
Datum walDifference(const CallSite&, Arguments a) {
  return Numeric(a[0].whole()).minus(Numeric(a[1].whole()));
}
Datum rotateLog(const CallSite& site, Arguments) {
  const sim::World& world = site.runtime.world();
  if (world.postgres().settings.show("logging_collector") == "on") return true;
  const sim::ServerMessage warning{
      "WARNING", "rotation not possible because log collection not active", {}, {}, "01000"};
  const QueryContext& context = site.runtime.query();
  world.logSession(warning, context.session.pid, {}, context.machine.telemetry);
  site.runtime.notice("WARNING:  " + warning.text);
  return false;
}
// MODEL: every transaction that was committed had a number of its own.
std::int64_t nextTransaction(const CallSite& site) {
  constexpr std::int64_t kFirst = 740;
  return kFirst + static_cast<std::int64_t>(site.runtime.world().postgres().commits);
}
Datum transactionAge(const CallSite& site, Arguments a) {
  return nextTransaction(site) - a[0].whole();
}
Datum currentTransaction(const CallSite& site, Arguments) {
  return nextTransaction(site);
}

// Who holds, or waits before it for, what a backend waits for.
Datum blockingPids(const CallSite& site, Arguments a) {
  const sim::Postgres& server = site.runtime.world().postgres();
  Items pids;
  const auto waits = [](const sim::SessionLock& mine, const sim::SessionLock& other) {
    return other.relation == mine.relation && sim::locksConflict(mine.mode, other.mode) &&
           (other.granted || other.sinceMs < mine.sinceMs);
  };
  for (const sim::Session& blocked : server.sessions) {
    if (std::int64_t{blocked.pid} != a[0].whole()) continue;
    for (const sim::Session& other : server.sessions) {
      if (other.pid == blocked.pid) continue;
      const bool blocks =
          std::any_of(blocked.locks.begin(), blocked.locks.end(), [&](const auto& mine) {
            return !mine.granted &&
                   std::any_of(other.locks.begin(), other.locks.end(),
                               [&](const auto& theirs) { return waits(mine, theirs); });
          });
      if (blocks) pids.emplace_back(std::int64_t{other.pid});
    }
  }
  return pids;
}

Datum notRecovering(const CallSite& site, Arguments) {
  return site.runtime.fail("55000", "recovery is not in progress", {},
                           "Recovery control functions can only be executed during recovery.");
}

// Files as the server's own account reads them, relative to the data directory.
template <typename Read>
auto asServer(const CallSite& site, const Read& read) {
  ShellState state;
  state.user = "postgres";
  state.directory = site.runtime.world().spec().database.dataDirectory;
  return read(FileView(site.runtime.query().machine, state));
}
bool readsFiles(const CallSite& site) {
  return superuser(site) ||
         hasRole(site.runtime.world(), currentRole(site.runtime.session()), "pg_read_server_files");
}
Datum readFile(const CallSite& site, Arguments a) {
  if (!readsFiles(site)) return denied(site, "pg_read_file");
  const std::string& path = a[0].text();
  const auto text = asServer(site, [&](const FileView& files) { return files.read(path); });
  if (text) return text.value();
  if (a.size() > 1 && a.back().truth()) return {};
  return site.runtime.fail(
      "58P01", "could not open file \"" + path + "\" for reading: " + text.error().message);
}
Datum emptyText(const CallSite&, Arguments) {
  return "";
}

constexpr FunctionLine kLines[] = {
    {"pg_postmaster_start_time", "-> timestamptz", startTime},
    {"pg_conf_load_time", "-> timestamptz", startTime},
    {"current_database", "-> name", database},
    {"current_catalog", "-> name", database},
    {"current_user", "-> name", user},
    {"session_user", "-> name", sessionUser},
    {"current_schema", "-> name", schema},
    {"current_schemas", "boolean -> name[]", schemas},
    {"pg_backend_pid", "-> integer", backendPid},
    {"pg_is_in_recovery", "-> boolean", no},
    {"pg_is_wal_replay_paused", "-> boolean", no},
    {"pg_last_wal_receive_lsn", "-> pg_lsn", nothing},
    {"pg_last_wal_replay_lsn", "-> pg_lsn", nothing},
    {"pg_last_xact_replay_timestamp", "-> timestamptz", nothing},
    {"pg_current_wal_lsn", "-> pg_lsn", walLsn},
    {"pg_current_wal_insert_lsn", "-> pg_lsn", walLsn},
    {"pg_current_wal_flush_lsn", "-> pg_lsn", walLsn},
    {"pg_walfile_name", "pg_lsn -> text", walFile},
    {"pg_wal_lsn_diff", "pg_lsn, pg_lsn -> numeric", walDifference},
    {"inet_server_port", "-> integer", serverPort},
    {"inet_server_addr", "-> inet", serverAddress},
    {"inet_client_port", "-> integer", nothing},
    {"inet_client_addr", "-> inet", serverAddress},
    {"version", "-> text", version},
    {"current_setting", "text<, boolean> -> text", currentSetting},
    {"set_config", "?text, text, boolean -> text", setConfig},
    {"pg_sleep", "double precision -> void", sleepFor},
    {"pg_sleep_for", "interval -> void", sleepForInterval},
    {"pg_reload_conf", "-> boolean", reloadConf},
    {"pg_rotate_logfile", "-> boolean", rotateLog},
    {"pg_cancel_backend", "integer -> boolean", cancelBackend},
    {"pg_terminate_backend", "integer<, bigint> -> boolean", terminateBackend},
    {"age", "xid -> integer", transactionAge},
    {"txid_current", "-> bigint", currentTransaction},
    {"txid_current_if_assigned", "-> bigint", nothing},
    {"pg_current_xact_id", "-> xid", currentTransaction},
    {"pg_current_xact_id_if_assigned", "-> xid", nothing},
    {"pg_blocking_pids", "integer -> integer[]", blockingPids},
    {"pg_wal_replay_pause", "-> void", notRecovering},
    {"pg_wal_replay_resume", "-> void", notRecovering},
    {"pg_promote", "<boolean<, integer>> -> boolean", notRecovering},
    {"pg_read_file", "text<, boolean> -> text", readFile},
    {"pg_stat_clear_snapshot", "-> void", emptyText}};

}  // namespace

std::span<const FunctionLine> serverFunctions() {
  return kLines;
}

}  // namespace console::query
