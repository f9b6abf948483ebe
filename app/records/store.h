// SPDX-License-Identifier: GPL-3.0-or-later
// Records: finished runs with everything needed to recompute their scores, in one SQLite file. Rows
// are chained by hash, so a changed byte shows. A damaged file is refused and left untouched.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

namespace records {

struct Record {
  std::int64_t id = 0;
  std::string finishedAt;            // ISO 8601, UTC, real time
  std::string trainee;
  std::string scenarioId, scenarioHash, scenarioTitle;
  std::uint64_t seed = 0;
  std::string mode;
  double score = 0;
  std::string band;
  double usersAffectedPercent = 0, userMinutesLost = 0, downtimeMinutes = 0;
  std::string fingerprint;
  std::string runText;               // the run file
  std::string scoreJson;
};

class Store {
 public:
  // Opens or creates; applies migrations; checks integrity and the chain.
  static base::Result<std::shared_ptr<Store>> open(const std::string& path);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  base::Result<std::int64_t> add(const Record& record);
  [[nodiscard]] base::Result<std::vector<Record>> all() const;  // newest first, without runText
  [[nodiscard]] base::Result<Record> find(std::int64_t id) const;
  // Re-reads the whole chain; error "chain-broken" names the first bad row.
  [[nodiscard]] base::Result<> check() const;
  // Scenario texts by hash, so that old runs can be recomputed after a scenario has changed.
  base::Result<> keepScenario(const std::string& hash, const std::string& text);
  [[nodiscard]] base::Result<std::string> scenarioText(const std::string& hash) const;
  [[nodiscard]] const std::string& path() const;

 private:
  Store();
  struct Private;
  std::unique_ptr<Private> d;
};

}  // namespace records
