// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/authentication.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "terminal.h"

namespace {

const std::string kHba = "/etc/postgresql/15/main/pg_hba.conf";

// What a client of the machine hears when pg_hba.conf has these lines.
std::string heard(const std::string& rules, const std::string& options) {
  Terminal t;
  t("printf '" + rules + "' | sudo tee " + kHba);
  t("sudo pg_ctlcluster 15 main reload");
  return t("psql -X -At " + options + " -c 'select 1'");
}

TEST(Authentication, TheFirstLineThatFitsDecides) {
  EXPECT_EQ(heard("local all all trust\\nlocal all all reject\\n", "-U postgres -d postgres"), "1");
  EXPECT_TRUE(base::contains(
      heard("local all all reject\\nlocal all all trust\\n", "-U postgres -d postgres"),
      "FATAL:  pg_hba.conf rejects connection for host \"[local]\", user \"postgres\", database "
      "\"postgres\", no encryption"));
  EXPECT_TRUE(base::contains(heard("local shop all trust\\n", "-U postgres -d postgres"),
                             "FATAL:  no pg_hba.conf entry for host \"[local]\", user "
                             "\"postgres\", database \"postgres\", no encryption"));
}

TEST(Authentication, AddressesAreComparedUnderTheirMask) {
  const auto reached = [](const std::string& range) {
    return heard("host all all " + range + " trust\\n", "-h 127.0.0.1 -U postgres -d postgres");
  };
  EXPECT_EQ(reached("127.0.0.0/24"), "1");
  EXPECT_TRUE(
      base::contains(reached("127.0.1.0/24"), "no pg_hba.conf entry for host \"127.0.0.1\""));
}

TEST(Authentication, ThePeerIsWhoTheSystemSays) {
  Terminal t;
  EXPECT_TRUE(base::contains(t("psql -X -U app -d shop -c 'select 1'"),
                             "FATAL:  Peer authentication failed for user \"app\""));
  EXPECT_EQ(t("psql -X -At -U postgres -d postgres -c 'select 1'"), "1");
}

// Whether postgres gets in by the socket.
bool letIn(Terminal& t) {
  return t("psql -X -At -U postgres -d postgres -c 'select 1'") == "1";
}

TEST(Authentication, AnEditedFileWaitsForTheReload) {
  Terminal t;
  t("echo 'local all all reject' | sudo tee " + kHba);
  EXPECT_TRUE(letIn(t));
  t("sudo -u postgres psql -X -c 'select pg_reload_conf()'");
  EXPECT_FALSE(letIn(t));
  t("echo 'local all all trust' | sudo tee " + kHba);
  EXPECT_FALSE(letIn(t));
  t("sudo kill -HUP $(head -1 /var/lib/postgresql/15/main/postmaster.pid)");
  EXPECT_TRUE(letIn(t));
}

TEST(Authentication, AFileWithErrorsLeavesTheRulesInForce) {
  Terminal t;
  t("echo 'locla all all trust' | sudo tee " + kHba);
  t("sudo pg_ctlcluster 15 main reload");
  EXPECT_TRUE(letIn(t));
  const std::string log = t("sudo tail -3 /var/log/postgresql/postgresql-15-main.log");
  EXPECT_TRUE(base::contains(log, "LOG:  invalid connection type \"locla\"")) << log;
  EXPECT_TRUE(base::contains(log, "LOG:  pg_hba.conf was not reloaded")) << log;
  EXPECT_TRUE(base::contains(t("psql -X -At -U postgres -d postgres -c 'select error from "
                               "pg_hba_file_rules'"),
                             "invalid connection type"));
}

TEST(Authentication, TheLogRepeatsTheLineThatWasRead) {
  Terminal t;
  t("printf 'local all postgres trust\\nlocal all all peer\\n' | sudo tee " + kHba);
  t("sudo pg_ctlcluster 15 main reload");
  t("echo 'local all all trust' | sudo tee " + kHba);
  t("psql -X -U app -d shop -c 'select 1'");
  EXPECT_TRUE(base::contains(t("sudo tail -2 /var/log/postgresql/postgresql-15-main.log"),
                             "Connection matched pg_hba.conf line 2: \"local all all peer\""));
}

TEST(Authentication, MapsAreReadAtTheReloadToo) {
  Terminal t;
  t("echo 'local all all peer map=crew' | sudo tee " + kHba);
  t("echo 'crew oncall postgres' | sudo tee /etc/postgresql/15/main/pg_ident.conf");
  EXPECT_TRUE(letIn(t));
  t("sudo pg_ctlcluster 15 main reload");
  EXPECT_TRUE(letIn(t));
  t("echo 'crew nobody postgres' | sudo tee /etc/postgresql/15/main/pg_ident.conf");
  EXPECT_TRUE(letIn(t));
  t("sudo pg_ctlcluster 15 main reload");
  EXPECT_FALSE(letIn(t));
}

}  // namespace
