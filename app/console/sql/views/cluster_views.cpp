// SPDX-License-Identifier: GPL-3.0-or-later
// Views of the cluster as a whole: roles, and what lies in shared memory.
#include "base/text.h"
#include "console/sql/catalogue.h"

namespace console {
namespace {

using K = TypeKind;

Items storedFor(const TableContext& context, const std::string& role) {
  Items values;
  for (const sim::StoredSetting& one : context.server().storedSettings) {
    if (one.role == role && one.database.empty()) values.emplace_back(one.name + "=" + one.value);
  }
  return values;
}

std::vector<Row> roleRows(const TableContext& context) {
  std::vector<Row> rows;
  for (const sim::Role& role : context.server().roles) {
    const Items stored = storedFor(context, role.name);
    const bool super = role.superuser;
    rows.push_back({role.name, super, role.inherit, super || role.createRole,
                    super || role.createDatabase, role.login, super || role.replication,
                    std::int64_t{role.connectionLimit}, "********", Datum(), role.superuser,
                    stored.empty() ? Datum() : Datum(stored), roleOid(context.world(), role.name)});
  }
  return rows;
}

std::vector<Row> userRows(const TableContext& context) {
  std::vector<Row> rows;
  for (const sim::Role& role : context.server().roles) {
    const Items stored = storedFor(context, role.name);
    if (!role.login) continue;
    rows.push_back({role.name, roleOid(context.world(), role.name),
                    role.superuser || role.createDatabase, role.superuser,
                    role.superuser || role.replication, role.superuser, "********", Datum(),
                    stored.empty() ? Datum() : Datum(stored)});
  }
  return rows;
}

std::vector<Row> authRows(const TableContext& context) {
  std::vector<Row> rows;
  for (const sim::Role& role : context.server().roles) {
    const bool super = role.superuser;
    rows.push_back({roleOid(context.world(), role.name), role.name, super, role.inherit,
                    super || role.createRole, super || role.createDatabase, role.login,
                    super || role.replication, super, std::int64_t{role.connectionLimit}, Datum(),
                    Datum()});
  }
  return rows;
}

// Sizes the server reckons at start (15.18 with these settings): buffers and what goes with each of
// them, WAL buffers, per-connection state; the rest of the segment is one anonymous part.
std::vector<Row> shmemRows(const TableContext& context) {
  const sim::Postgres& server = context.server();
  const std::int64_t buffers = server.values.sharedBuffersBytes / 8192;
  const std::int64_t slots = server.values.maxConnections + 3 + 1 + 8 + 10;
  const auto aligned = [](std::int64_t size) { return (size + 127) / 128 * 128; };
  std::int64_t walBuffers = 512;
  const std::string wal = server.settings.show("wal_buffers");
  if (const auto number = Numeric::parse(wal.substr(0, wal.find_first_not_of("0123456789")))) {
    const std::int64_t value = number->toInteger().value_or(4);
    const bool megabytes = base::contains(wal, "MB");
    walBuffers = megabytes ? value * 128 : base::contains(wal, "kB") ? value / 8 : value;
  }
  const std::pair<const char*, std::int64_t> kParts[] = {
      {"Buffer Blocks", buffers * 8192},
      {"Buffer Descriptors", buffers * 64},
      {"Buffer IO Condition Variables", buffers * 16},
      {"Checkpoint BufferIds", buffers * 20},
      {"Checkpointer Data", buffers * 32 + 128},
      {"XLOG Ctl", walBuffers * 8192 + 16'656},
      {"Backend Activity Buffer", slots * 1024},
      {"Backend Status Items", slots * 392},
      {"Proc Header", 128},
      {"PROCLOCK hash", 2904},
      {"Xact", 529'152},
      {"Subtrans", 267'008},
      {"MultiXactMember", 133'760},
      {"MultiXactOffset", 67'008},
      {"CommitTs", 133'568},
      {"Notify", 66'816},
      {"Serial", 133'760},
      {"LOCK hash", 2896},
      {"Wal Sender Ctl", 1280},
      {"Wal Receiver Ctl", 2248},
      {"Fast Path Strong Relation Lock Data", 4100},
      {"ReplicationSlot Ctl", 2640},
      {"AutoVacuum Data", 5368},
      {"Background Worker Data", 4496}};
  std::vector<Row> rows;
  std::int64_t offset = 16'512, sum = 0;
  for (const auto& [name, size] : kParts) {
    rows.push_back({name, offset, size, aligned(size)});
    offset += aligned(size);
    sum += aligned(size);
  }
  const std::int64_t rest = server.values.sharedMemoryBytes - sum;
  constexpr std::int64_t kFree = 1'926'784;
  if (rest > kFree) rows.push_back({"<anonymous>", Datum(), rest - kFree, rest - kFree});
  rows.push_back({Datum(), offset, kFree, kFree});
  return rows;
}

}  // namespace

std::vector<VirtualTable> clusterViews() {
  return {
      {"pg_roles",
       'v',
       {{"rolname", K::Name},
        {"rolsuper", K::Boolean},
        {"rolinherit", K::Boolean},
        {"rolcreaterole", K::Boolean},
        {"rolcreatedb", K::Boolean},
        {"rolcanlogin", K::Boolean},
        {"rolreplication", K::Boolean},
        {"rolconnlimit", K::Integer},
        {"rolpassword", K::Text},
        {"rolvaliduntil", K::Timestamptz},
        {"rolbypassrls", K::Boolean},
        {"rolconfig", {K::Text, true}},
        {"oid", K::Oid}},
       roleRows},
      {"pg_user",
       'v',
       {{"usename", K::Name},
        {"usesysid", K::Oid},
        {"usecreatedb", K::Boolean},
        {"usesuper", K::Boolean},
        {"userepl", K::Boolean},
        {"usebypassrls", K::Boolean},
        {"passwd", K::Text},
        {"valuntil", K::Timestamptz},
        {"useconfig", {K::Text, true}}},
       userRows},
      {"pg_authid",
       'r',
       {{"oid", K::Oid},
        {"rolname", K::Name},
        {"rolsuper", K::Boolean},
        {"rolinherit", K::Boolean},
        {"rolcreaterole", K::Boolean},
        {"rolcreatedb", K::Boolean},
        {"rolcanlogin", K::Boolean},
        {"rolreplication", K::Boolean},
        {"rolbypassrls", K::Boolean},
        {"rolconnlimit", K::Integer},
        {"rolpassword", K::Text},
        {"rolvaliduntil", K::Timestamptz}},
       authRows},
      {"pg_shmem_allocations",
       'v',
       {{"name", K::Text}, {"off", K::BigInt}, {"size", K::BigInt}, {"allocated_size", K::BigInt}},
       shmemRows}};
}

}  // namespace console
