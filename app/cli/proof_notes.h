// SPDX-License-Identifier: GPL-3.0-or-later
// Which scenarios this very program has proved its grader on, noted in the data folder so that a
// list need not prove again. A changed scenario or another build of the program starts afresh.
#pragma once

#include <string>

#include "scenario/scenario.h"

namespace cli {

class ProofNotes {
 public:
  enum class Verdict { Unknown, Passed, Failed };
  explicit ProofNotes(const std::string& dataFolder);
  [[nodiscard]] Verdict of(const scenario::Scenario& scenario) const;
  // A note that cannot be written is no harm: the scenario stays unknown.
  void write(const scenario::Scenario& scenario, bool passed) const;

 private:
  [[nodiscard]] std::string fileOf(const scenario::Scenario& scenario) const;
  std::string m_folder;
};

}  // namespace cli
