// SPDX-License-Identifier: GPL-3.0-or-later
#include "score_support.h"

namespace {

using namespace graded;

Fields form(const Fields& instead = {}) {
  Fields fields = {{"impact", "One restart, five minutes closed, frees forty gigabytes"},
                   {"rollback", "Restore the previous commit and restart"},
                   {"verification", "Read the running value, watch memory"},
                   {"emergency", "yes"}};
  for (const auto& [name, value] : instead) fields[name] = value;
  return fields;
}

Script request(const std::string& at, const Fields& fields,
               const std::string& setting = "shared_buffers") {
  return {step(at, sim::Verb::RequestChange, setting, "16GB", fields)};
}

Script declaring() {
  return {step("10:02:00", sim::Verb::Declare, "sev2")};
}

drill::Score changed(const Script& script) {
  return grade(joined({script, repair()}), "10:30:00");
}

TEST(ScoreChange, NoRequestNoPoints) {
  EXPECT_EQ(points(changed({}), "change"), 0);
}

TEST(ScoreChange, EmergencyInADeclaredIncident) {
  const drill::Score score = changed(joined({declaring(), request("10:03:00", form())}));
  EXPECT_EQ(points(score, "change.request"), 3);
  EXPECT_EQ(points(score, "change.rollback"), 2);
  EXPECT_EQ(points(score, "change.review"), 3);
  EXPECT_EQ(entries(score, "change.request"), std::vector<std::size_t>{1});
}

TEST(ScoreChange, EmergencyNobodyDeclared) {
  EXPECT_EQ(points(changed(request("10:03:00", form())), "change.review"), 2);
}

TEST(ScoreChange, NormalChangeMustWaitForItsReview) {
  const drill::Score hasty = changed(request("10:03:00", form({{"emergency", "no"}})));
  EXPECT_EQ(points(hasty, "change.review"), 0);
  Script late = repair();
  for (sim::TimedAction& timed : late) timed.at = timed.at + base::minutes(10);
  const drill::Score patient =
      grade(joined({request("10:03:00", form({{"emergency", "no"}})), late}), "10:40:00");
  EXPECT_EQ(points(patient, "change.review"), 3);
}

TEST(ScoreChange, PaperAfterTheFactDoesNotCover) {
  EXPECT_EQ(points(changed(request("10:20:00", form())), "change.request"), 0);
}

TEST(ScoreChange, RequestForSomethingElseDoesNotCover) {
  EXPECT_EQ(points(changed(request("10:03:00", form(), "work_mem")), "change.request"), 0);
}

TEST(ScoreChange, EmptyPlansEarnLittle) {
  const drill::Score score = changed(joined(
      {declaring(), request("10:03:00", form({{"impact", "small"}, {"rollback", "undo"}}))}));
  EXPECT_EQ(points(score, "change.request"), 1);
  EXPECT_EQ(points(score, "change.rollback"), 0);
}

TEST(ScoreChange, VerificationAndRecord) {
  const Script verify = {
      step("10:25:00", sim::Verb::Verify, {}, "running value read, memory is steady")};
  const Script close = {step("10:28:00", sim::Verb::Close, {}, "shared_buffers back to 16GB")};
  EXPECT_EQ(points(changed(verify), "change.verification"), 1);
  EXPECT_EQ(points(changed(joined({verify, close})), "change.verification"), 2);
}

TEST(ScoreChange, RequestWithoutTheWorkIsWorthAThird) {
  const drill::Score score = grade(joined({declaring(), request("10:03:00", form())}), "10:30:00");
  EXPECT_DOUBLE_EQ(points(score, "change.request"), 1);
}

}  // namespace
