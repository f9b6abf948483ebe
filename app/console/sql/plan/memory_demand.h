// SPDX-License-Identifier: GPL-3.0-or-later
// The allocation of a sort, aggregate or join that fails first when a process may map only so much
// more memory, and what its memory contexts held by then.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/execution/hash_aggregate.h"
#include "sim/execution/hash_join.h"
#include "sim/execution/tuplesort.h"
#include "sim/relation.h"

namespace console {

struct MemoryLack {
  std::int64_t request = 0;
  std::string context;
  std::vector<std::string> contexts;  // lines of a context dump, relative to ExecutorState
};
// What a sort of rows with these columns keeps of each.
[[nodiscard]] sim::SortInput sortInput(const std::vector<sim::RelationColumn>& columns);
// left < 0: there is no limit, and nothing fails.
[[nodiscard]] std::optional<MemoryLack> sortDemand(const sim::SortInput& input, std::int64_t left);
[[nodiscard]] std::optional<MemoryLack> aggregateDemand(const sim::HashAggregateInput& input,
                                                        const sim::HashAggregateCost& cost,
                                                        std::int64_t left);
[[nodiscard]] std::optional<MemoryLack> joinDemand(const sim::HashJoinCost& cost,
                                                   std::int64_t left);
// Address space an aggregate keeps: tables it grew out of are not given back.
[[nodiscard]] std::int64_t aggregateMapped(const sim::HashAggregateCost& cost);
// "name: 8192 total in 1 blocks; 7928 free (0 chunks); 264 used"
[[nodiscard]] std::string contextLine(const std::string& name, std::int64_t total,
                                      std::int64_t blocks, std::int64_t free, std::int64_t chunks);

}  // namespace console
