// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill/lab.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "scenario/reader.h"

namespace drill {
namespace {

Lab openLab(const std::string& load) {
  scenario::LabOptions options;
  options.load = load;
  return Lab::open(options, scenario::readSettings(std::string(SOURCE_DIR) +
                                                   "/assets/postgresql-15-settings.json")
                                .value())
      .value();
}

TEST(Lab, SleepLetsTimePass) {
  Lab lab = openLab("none");
  const base::SimTime before = lab.world().now();
  lab.type("sleep 10m");
  EXPECT_EQ((lab.world().now() - before).ms, 600'000);
}

TEST(Lab, ALineLetsADayPassAtMost) {
  Lab lab = openLab("none");
  const base::SimTime before = lab.world().now();
  lab.type("for i in $(seq 30); do sleep 2h; done");
  EXPECT_EQ((lab.world().now() - before).ms, 86'400'000);
}

TEST(Lab, WithoutLoadNobodyIsConnected) {
  Lab lab = openLab("none");
  lab.type("sleep 5m");
  EXPECT_EQ(lab.world().postgres().connections(), 0);
  EXPECT_EQ(lab.world().postgres().commits, 0);
}

TEST(Lab, ClientsOfTheShopAreServed) {
  Lab lab = openLab("shop");
  lab.type("sleep 5m");
  EXPECT_GT(lab.world().postgres().connections(), 0);
  EXPECT_GT(lab.world().website().served, 1000);
  EXPECT_EQ(lab.world().website().failed, 0);
}

TEST(Lab, ASettingOfTheServerHoldsAfterARestart) {
  Lab lab = openLab("none");
  lab.type("psql -c \"ALTER SYSTEM SET shared_buffers = '6GB'\"");
  EXPECT_EQ(lab.type("psql -Atc 'SHOW shared_buffers'").text, "4GB");
  lab.type("sudo -u postgres pg_ctl -D /var/lib/postgresql/15/main restart");
  lab.type("sleep 10s");
  EXPECT_EQ(lab.type("psql -Atc 'SHOW shared_buffers'").text, "6GB");
}

TEST(Lab, TheLayoutOfInitdbCanBeRestarted) {
  scenario::LabOptions options;
  options.plainLayout = true;
  Lab lab = Lab::open(options, scenario::readSettings(std::string(SOURCE_DIR) +
                                                      "/assets/postgresql-15-settings.json")
                                   .value())
                .value();
  lab.type("sudo systemctl restart postgresql@15-main");
  lab.type("sleep 1m");
  EXPECT_TRUE(lab.world().postgres().accepts())
      << lab.type("sudo tail -n 20 /var/log/postgresql/postgresql-15-main.log").text;
}

TEST(Lab, ARefusedStartSaysWhy) {
  Lab lab = openLab("none");
  lab.type("psql -c \"ALTER SYSTEM SET shared_buffers = '80GB'\"");
  const console::Reply reply =
      lab.type("sudo -u postgres pg_ctl -D /var/lib/postgresql/15/main restart");
  EXPECT_EQ(reply.exitCode, 1);
  EXPECT_TRUE(base::contains(reply.text, "could not map anonymous shared memory")) << reply.text;
  EXPECT_TRUE(base::contains(reply.text, "pg_ctl: could not start server")) << reply.text;
}

TEST(Lab, CopiesAreIndependent) {
  Lab one = openLab("none");
  Lab other = one;
  one.type("sudo -u postgres pg_ctl -D /var/lib/postgresql/15/main stop");
  one.type("sleep 5s");
  EXPECT_FALSE(one.world().postgres().accepts());
  EXPECT_TRUE(other.world().postgres().accepts());
}

}  // namespace
}  // namespace drill
