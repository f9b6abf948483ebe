// SPDX-License-Identifier: GPL-3.0-or-later
// Name service, ports, processors and disk space as the host's tools print them.
#include <gtest/gtest.h>

#include "base/text.h"
#include "terminal.h"

namespace {

TEST(NetworkTools, NamesAndPorts) {
  Terminal t;
  EXPECT_EQ(t("host app1"), "app1 has address 10.0.0.21");
  EXPECT_EQ(t("host 10.0.0.21"), "21.0.0.10.in-addr.arpa domain name pointer app1.");
  EXPECT_EQ(t("host nowhere"), "Host nowhere not found: 3(NXDOMAIN)");
  EXPECT_EQ(t("dig +short db1"), "10.0.0.10");
  EXPECT_EQ(t("nc -zv localhost 5432"),
            "Connection to localhost (127.0.0.1) 5432 port [tcp/postgresql] succeeded!");
  EXPECT_EQ(t("nc -zv app1 5432"),
            "nc: connect to app1 (10.0.0.21) port 5432 (tcp) failed: Connection refused");
  EXPECT_EQ(t("curl -s -o /dev/null -w '%{http_code}' http://app1/"), "200");
  EXPECT_TRUE(base::contains(t("curl -s db1:9187/metrics"), "pg_up 1\n"));
  EXPECT_EQ(t("curl http://nowhere/"), "curl: (6) Could not resolve host: nowhere");
  t("pg_ctlcluster 15 main stop");
  t.world.advanceTo(t.world.now() + base::seconds(10), t.telemetry);
  EXPECT_EQ(t.reply("nc -z localhost 5432").exitCode, 1);
}

TEST(HostTools, ProcessorsAndSpace) {
  Terminal t;
  EXPECT_TRUE(base::contains(t("mpstat -P ALL 1 2"), "Average:     all"));
  EXPECT_TRUE(base::contains(t("sar -r 1 2"), "kbmemfree   kbavail"));
  EXPECT_TRUE(base::contains(t("sar"), "Please check if data collecting is enabled"));
  EXPECT_EQ(t("du /nowhere"), "du: cannot access '/nowhere': No such file or directory");
  EXPECT_EQ(t("command -v psql nothere; echo $?"), "/usr/bin/psql\n1");
  EXPECT_EQ(t("type cd psql"), "cd is a shell builtin\npsql is /usr/bin/psql");
}

}  // namespace
