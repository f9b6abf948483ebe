// SPDX-License-Identifier: GPL-3.0-or-later
// Files that hardly change: /etc, the cluster's files in the data directory, and the logs.
#include "base/text.h"
#include "console/file_view.h"
#include "console/system/numbers.h"
#include "sim/log_files.h"

namespace console {
namespace {

struct Fixed {
  std::string_view path, text;
};
constexpr Fixed kFixed[] = {
    {"/etc/debian_version", "12.8\n"},
    {"/etc/fstab",
     "# <file system> <mount point>   <type>  <options>       <dump>  <pass>\n"
     "/dev/nvme0n1p1  /               ext4    errors=remount-ro 0       1\n"
     "/dev/nvme0n1p2  /var/lib/postgresql ext4 noatime          0       2\n"},
    {"/etc/os-release",
     "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME=\"Debian "
     "GNU/Linux\"\nVERSION_ID=\"12\"\n"
     "VERSION=\"12 (bookworm)\"\nVERSION_CODENAME=bookworm\nID=debian\n"
     "HOME_URL=\"https://www.debian.org/\"\nSUPPORT_URL=\"https://www.debian.org/support\"\n"
     "BUG_REPORT_URL=\"https://bugs.debian.org/\"\n"},
    {"/etc/passwd",
     "root:x:0:0:root:/root:/bin/bash\n"
     "daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n"
     "prometheus:x:106:113:Prometheus daemon,,,:/var/lib/prometheus:/usr/sbin/nologin\n"
     "postgres:x:107:115:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash\n"
     "oncall:x:1000:1000:On-call engineer,,,:/home/oncall:/bin/bash\n"},
    {"/etc/sysctl.conf", "# /etc/sysctl.conf - Configuration file for setting system variables\n"},
    {"/etc/sysctl.d/30-postgresql-shm.conf",
     "# Shared memory settings for PostgreSQL\n\n# Note that if another program uses shared memory "
     "as well, "
     "you will have to\n# coordinate the size settings between the two.\n\n#kernel.shmmax = "
     "33554432\n"
     "#kernel.shmall = 2097152\n"},
    {"/etc/postgresql/15/main/environment", "# environment variables for postgres processes\n"},
    {"/etc/postgresql/15/main/pg_ctl.conf",
     "# Automatic pg_ctl configuration\n# This configuration file contains cluster specific "
     "options to be "
     "passed to\n# pg_ctl(1).\n\npg_ctl_options = ''\n"},
    {"/etc/postgresql/15/main/start.conf",
     "# Automatic startup configuration\n#   auto: automatically start the cluster\n#   manual: "
     "manual startup "
     "with pg_ctlcluster/postgresql@.service only\n#   disabled: refuse to start "
     "cluster\n\nauto\n"},
    {"/lib/systemd/system/postgresql@.service",
     "# systemd service template for PostgreSQL clusters.\n\n[Unit]\nDescription=PostgreSQL "
     "Cluster %i\n"
     "AssertPathExists=/etc/postgresql/%I/postgresql.conf\nRequiresMountsFor=/etc/postgresql/%I "
     "/var/lib/postgresql/%I\nPartOf=postgresql.service\nReloadPropagatedFrom=postgresql.service\n"
     "Before=postgresql.service\nAfter=network.target\n\n[Service]\nType=forking\n"
     "ExecStart=-/usr/bin/pg_ctlcluster --skip-systemctl-redirect %i start\nTimeoutStartSec=0\n"
     "ExecStop=/usr/bin/pg_ctlcluster --skip-systemctl-redirect -m fast %i "
     "stop\nTimeoutStopSec=1h\n"
     "ExecReload=/usr/bin/pg_ctlcluster --skip-systemctl-redirect %i reload\n"
     "PIDFile=/run/postgresql/%i.pid\nSyslogIdentifier=postgresql@%i\n# prevent OOM killer from "
     "choosing the "
     "postmaster (individual backends will\n# reset the score to "
     "0)\nOOMScoreAdjust=-900\n\n[Install]\n"
     "WantedBy=multi-user.target\n"},
};

bool serverThere(const sim::World& world) {
  return world.postgres().life != sim::Life::Stopped;
}

std::string logFolder(const sim::World& world) {
  return world.spec().database.logFile;
}

}  // namespace

std::string renderLog(const Machine& machine, sim::LogSource source) {
  if (source == sim::LogSource::Postgres) {
    return sim::postgresLogFiles(machine.telemetry, machine.world.spec()).front().text;
  }
  std::string text;
  for (const sim::LogRecord& record : machine.telemetry.logs()) {
    if (record.source != source) continue;
    text += sim::logText(record, machine.telemetry, machine.world.spec());
    text += '\n';
  }
  return text;
}

namespace {

// What the logging collector has written.
Generated collectedFile(const Machine& machine, const std::string& path) {
  const sim::WorldSpec& spec = machine.world.spec();
  if (!machine.telemetry.collectsLogs()) return {};
  if (path == spec.database.dataDirectory + "/current_logfiles") {
    std::string text = sim::currentLogFiles(machine.telemetry, spec);
    return {!text.empty() && serverThere(machine.world), std::move(text)};
  }
  for (sim::LogFile& file : sim::postgresLogFiles(machine.telemetry, spec)) {
    if (file.path == path) return {true, std::move(file.text)};
  }
  return {};
}

}  // namespace

Generated staticFile(const Machine& machine, const std::string& path) {
  const sim::World& world = machine.world;
  for (const Fixed& file : kFixed) {
    if (file.path == path) return {true, std::string(file.text)};
  }
  if (path == logFolder(world)) return {true, renderLog(machine, sim::LogSource::Postgres)};
  if (Generated collected = collectedFile(machine, path); collected.there) return collected;
  if (path == "/var/log/kern.log") {
    std::string text;
    for (const sim::LogRecord& record : machine.telemetry.logs()) {
      if (record.source != sim::LogSource::Kernel) continue;
      const std::int64_t unixMs = world.spec().timing.startUnixMs + record.ms;
      for (const std::string& line :
           base::lines(sim::logMessage(record, machine.telemetry, world.spec()))) {
        text += base::journalTimeText(unixMs) + " " + world.spec().host.name + " kernel: " + line +
                "\n";
      }
    }
    return {true, text};
  }
  if (path == "/etc/hostname") return {true, world.spec().host.name + "\n"};
  if (path == "/etc/hosts") {
    return {true, "127.0.0.1\tlocalhost\n10.0.0.10\t" + world.spec().host.name +
                      "\n10.0.0.21\tapp1\n10.0.0.22\tapp2\n10.0.0.23\tapp3\n10.0.0.24\tapp4\n10.0."
                      "0.1\tgateway\n"};
  }
  return {};
}

std::vector<std::string> staticPaths(const Machine& machine) {
  const sim::World& world = machine.world;
  std::vector<std::string> paths;
  if (machine.telemetry.collectsLogs()) {
    for (const sim::LogFile& file : sim::postgresLogFiles(machine.telemetry, world.spec())) {
      paths.push_back(file.path);
    }
    if (serverThere(world))
      paths.push_back(world.spec().database.dataDirectory + "/current_logfiles");
  }
  for (const Fixed& file : kFixed) paths.emplace_back(file.path);
  paths.push_back(logFolder(world));
  for (const char* path : {"/var/log/kern.log", "/etc/hostname", "/etc/hosts"}) {
    paths.emplace_back(path);
  }
  return paths;
}

}  // namespace console
