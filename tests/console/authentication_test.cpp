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

}  // namespace
