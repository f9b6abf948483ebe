// SPDX-License-Identifier: GPL-3.0-or-later
// The processes of the database host that are not the server's: who runs them, what they use, which
// TCP port they hold. A host as Debian 12 with Prometheus' exporters has it.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace sim {

struct Daemon {
  std::uint32_t pid;
  std::string_view user, name, command;
  std::int64_t virtualKb, anonKb, fileKb;
  int scoreAdjust;
  int port;  // 0: listens nowhere
};
inline constexpr std::array<Daemon, 10> kDaemons = {
    {{1, "root", "systemd", "/sbin/init", 168'164, 4612, 8204, 0, 0},
     {2, "root", "kthreadd", "[kthreadd]", 0, 0, 0, 0, 0},
     {61, "root", "kswapd0", "[kswapd0]", 0, 0, 0, 0, 0},
     {231, "root", "systemd-journal", "/lib/systemd/systemd-journald", 49'648, 1240, 11'820, -250,
      0},
     {262, "root", "systemd-udevd", "/lib/systemd/systemd-udevd", 26'048, 1608, 5120, -1000, 0},
     {611, "message+", "dbus-daemon", "/usr/bin/dbus-daemon --system --address=systemd: --nofork",
      9060, 1072, 3712, -900, 0},
     {640, "root", "rsyslogd", "/usr/sbin/rsyslogd -n -iNONE", 220'084, 1684, 4224, 0, 0},
     {702, "root", "sshd", "sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups", 15'428, 1244,
      7936, -1000, 22},
     {705, "prometh+", "node_exporter", "/usr/bin/prometheus-node-exporter", 1'236'804, 12'480,
      9216, 0, 9100},
     {711, "postgres", "postgres_expor", "/usr/bin/prometheus-postgres-exporter", 1'235'412, 13'104,
      8704, 0, 9187}}};

}  // namespace sim
