// SPDX-License-Identifier: GPL-3.0-or-later
// A run on disk: JSON Lines, append-only, so that a killed program loses at most a second.
//   {"format":"outage-drill-run","version":1,"scenario":id,"scenario_hash":...,"seed":"...","mode":...,"rewinds":...}
//   {"ms":18192000,"who":"trainee","do":"acknowledge","target":"WebsiteLatencyHigh"}
//   {"at":18193000}                                      heartbeat: simulated time reached
//   {"at":18240000,"ticks":"<4 hex per tick>","fields":"<4 hex per metric>"}   per simulated minute
//   {"end":25200000,"fingerprint":"<16 hex>"}
// Holds no ground truth: the scenario is named by its content hash only.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "drill/run.h"

namespace drill {

struct RunRecord {
  std::string scenarioId, scenarioHash;
  RunKey key;
  int rewinds = 0;                    // taken before the file was begun
  std::vector<sim::TimedAction> actions;
  base::SimTime reached;              // last heartbeat, action or end
  bool ended = false;
  std::uint64_t fingerprint = 0;      // when ended
  struct Minute {
    base::SimTime at;
    std::vector<std::uint16_t> ticks, fields;
  };
  std::vector<Minute> minutes;
};

// The whole text of a run so far.
[[nodiscard]] std::string runText(const Run& run, bool ended);
// Refuses damage with file:line: what was found and expected. A torn last line (a crash) is dropped.
[[nodiscard]] base::Result<RunRecord> readRunText(std::string_view text, const std::string& fileName);
[[nodiscard]] base::Result<RunRecord> readRunFile(const std::string& path);
// Writes text to a new file beside path, flushes it to disk, renames. Never leaves half a file.
[[nodiscard]] base::Result<> writeFileSafely(const std::string& path, std::string_view text);

// Recomputes the run up to time (or its end).
[[nodiscard]] Run recompute(const RunRecord& record,
                            const std::shared_ptr<const scenario::Scenario>& scenario,
                            base::SimTime until);
// Empty when recomputation gives the recorded bits; else the first tick and field that differ.
[[nodiscard]] std::string firstDifference(const RunRecord& record, const Run& recomputed);

// Keeps a live run on disk as it grows. One writer per file; append() after each step.
class RunWriter {
 public:
  // Creates the file (fails when it exists).
  static base::Result<std::shared_ptr<RunWriter>> create(const std::string& path, const Run& run);
  // Continues a file after a crash.
  static base::Result<std::shared_ptr<RunWriter>> resume(const std::string& path, const Run& run);
  ~RunWriter();
  RunWriter(const RunWriter&) = delete;
  RunWriter& operator=(const RunWriter&) = delete;
  // Writes new journal entries and minutes, and a heartbeat when now() has moved.
  base::Result<> append(const Run& run);
  base::Result<> finish(const Run& run);
  [[nodiscard]] const std::string& path() const;

 private:
  RunWriter();
  struct Private;
  std::unique_ptr<Private> d;
};

}  // namespace drill
