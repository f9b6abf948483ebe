// SPDX-License-Identifier: GPL-3.0-or-later
// Lines that a real bash has answered (record_bash.py) are answered the same here.
#include <gtest/gtest.h>

#include <fstream>

#include "base/text.h"
#include "terminal.h"

namespace {

struct Recorded {
  std::string typed, answer;  // each line of the answer with its newline
};

std::vector<Recorded> recorded() {
  std::ifstream file(SOURCE_DIR "/tests/console/bash-5.2.txt");
  std::vector<Recorded> all;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("$ ")) {
      all.push_back({line.substr(2), ""});
    } else if (!all.empty()) {
      all.back().answer += line + "\n";
    }
  }
  return all;
}

std::string answered(const std::string& typed) {
  Terminal t(laboratorySpec(), 2);
  t("mkdir /tmp/here; cd /tmp/here");
  std::string all;
  for (const std::string& line : base::split(base::replaceAll(typed, "\\n\\n", "\n"), '\n')) {
    const std::string text = t(line);
    all += text.empty() ? "" : text + "\n";
  }
  while (all.ends_with('\n')) all.pop_back();
  return all.empty() ? all : all + "\n";
}

TEST(Bash, AnswersAsARealOne) {
  const std::vector<Recorded> all = recorded();
  EXPECT_GT(all.size(), 200u);
  for (const Recorded& one : all) EXPECT_EQ(answered(one.typed), one.answer) << one.typed;
}

}  // namespace
