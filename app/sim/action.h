// SPDX-License-Identifier: GPL-3.0-or-later
// What people do, as data. Trainee, instructor, scripted history, bots and remote seats all use it;
// a journal of actions plus scenario and seed is a whole run. The same verbs are the words of
// scenario files ("do": "restart"), of the journal and of the command line.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/sim_time.h"

namespace sim {

// Verbs up to Close change the world; those after it are a trainee's notebook and are only
// recorded (World::apply accepts them and changes nothing).
enum class Verb : std::uint8_t {
  Acknowledge,  // target: alert name
  Declare,      // target: "sev1" .. "sev4"
  Page,         // target: person id; engages them (escalation)
  Ask,          // target: person id, text: topic id
  Status,       // target: investigating|identified|monitoring|resolved, text: message to users
  EditFile,     // target: path on the server, text: the whole new content; fields: remove=yes,
                // readable=yes|no; others: disk_actions.h
  AlterSystem,  // target: setting, text: value; empty text = RESET, unless fields["empty"]=yes
  Reload,       // pg_reload_conf() / systemctl reload
  Restart,      // target: smart|fast|immediate; fields for this start only: options ("-c a=b"),
                // limits ("as=400000000 stack=8388608", as prlimit has them)
  Stop,         // target: smart|fast|immediate
  Start,        // fields as for Restart; another=yes: even though a server runs already
  Signal,       // target: pid, text: signal name (TERM, KILL, HUP, INT)
  Admit,     // target: percent of database-backed visits let through, "0" .. "100" (drain, staged
             // return)
  FailOver,  // promote the standby
  AddSwap,   // text: size, e.g. "8GB"
  Sysctl,    // target: key, text: value
  SetFor,    // ALTER DATABASE|ROLE ... SET; target: setting, text: value, empty text = RESET;
             // fields: database, role
  Role,      // target: role; fields: superuser=yes|no, limit (of connections), set, alter-system
             // (settings granted, separated by commas), drop=yes; createdb, createrole,
             // replication, inherit=yes|no; grant, revoke (a role it becomes a member of)
  Relation,  // what a session's statement makes of a table: target: name, text: relationText();
             // fields: database, drop=yes, function=yes, session; kind=database,
             // acl-table, acl-schema, acl-database (text: aclitems, one a line)
  Execute,   // what a statement used: target: pid; fields: temp-files, temp-bytes, hit, read ...
  Session,   // what a client's session does: target: pid, text: open, close ... (session_actions.h)
  Checkpoint,  // CHECKPOINT
  Load,        // clients that run a script: text: demandText(); fields: clients, threads, user,
               // database, application, milliseconds, transactions, rate (thousandths per second),
               // connect (ms), statements (client_load.h)
  Mount,  // a tmpfs; target: directory, text: size in bytes; fields: remove=yes. /dev/shm is one.
  RequestChange,  // target: setting, text: value; fields: impact, rollback, verification,
                  // emergency=yes|no
  Close,          // text: summary; ends the incident
  // -- notebook --
  Look,        // target: view ("alerts", "chart:<metric>", "log:<source>", "changes", "status"...);
               // fields: from, to
  Command,     // text: a terminal line (the console applies what it changes)
  Hypothesis,  // target: hypothesis id; fields: component, mechanism, setting, direction,
               // confidence; text: words
  Pin,         // target: hypothesis id; fields: observation (number), stance=for|against
  Reject,      // target: hypothesis id
  Diagnose,    // fields: component, mechanism, setting, direction, change
  Verify,      // text: what was checked; after a change
  Hint,        // target: "1" .. "4"
  TakeOver,    // the watcher becomes the trainee
  AlertRule,   // the missing rule: target: name; fields: metric, per, op, threshold, for
  Count
};

// "acknowledge", "request-change", ... ; empty optional when there is no such verb.
[[nodiscard]] std::string_view verbName(Verb verb);
// The number a recorded run's fingerprint holds for it: verbs added later never shift the others.
[[nodiscard]] std::uint32_t verbCode(Verb verb);
[[nodiscard]] std::optional<Verb> verbFrom(std::string_view name);
[[nodiscard]] std::vector<std::string> verbNames();

struct Action {
  Verb verb = Verb::Look;
  std::string target;
  std::string text;
  std::map<std::string, std::string> fields;
  bool operator==(const Action&) const = default;
};

// An action at a time by somebody: a line of a script or of the journal.
struct TimedAction {
  base::SimTime at;
  std::string who;  // "trainee", "instructor", or a person id of the scenario
  Action action;
  bool operator==(const TimedAction&) const = default;
};

// What came of an action. `text` is for people: PostgreSQL's words where PostgreSQL would speak.
struct Outcome {
  bool accepted = true;
  std::string text;
  int exitCode = 0;
};

}  // namespace sim
