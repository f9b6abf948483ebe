// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/plan/run_plan.h"

#include <algorithm>
#include <cmath>

#include "base/portable_math.h"
#include "console/sql/plan/memory_demand.h"
#include "console/sql/plan/plan_contexts.h"
#include "sim/execution/allocation.h"

namespace console {
namespace {

// MODEL: milliseconds of one core, from the less disturbed of the recorded runs.
constexpr double kScanRowMs = 6e-5, kFilterMs = 4e-5, kSeriesRowMs = 1.0e-4;
constexpr double kCompareTextMs = 6e-5, kCompareNumberMs = 2.5e-5;
constexpr double kHashRowMs = 7e-4, kGroupRowMs = 9e-4, kJoinRowMs = 5e-4, kPassRowMs = 3e-5;
constexpr double kTempBlockMs = 0.012, kGatherRowMs = 3e-4, kWorkerStartMs = 9;

double log2Of(double value) {
  return base::portableLog(std::max(value, 2.0)) / 0.6931471805599453;
}

std::int64_t whole(double rows) {
  return static_cast<std::int64_t>(std::min(std::max(rows, 0.0), 1e15) + 0.5);
}

class Runner {
 public:
  Runner(const RunEnvironment& environment, PlanRun& result)
      : m_env(environment), m_result(result), m_next(environment.nextFile) {}

  // shares: processes that run this part side by side, the leader included.
  void run(PlanNode& node, int shares) {
    if (m_result.failure) return;
    const int inner = node.kind == PlanKind::Gather || node.kind == PlanKind::GatherMerge
                          ? node.workers + 1
                          : shares;
    const bool inverted = node.kind == PlanKind::HashJoin && node.children.size() == 2;
    if (inverted) {
      const bool outerFirst = outerRunsFirst(node);
      if (outerFirst) run(node.children[0], inner);
      const sim::HashTableSize size = chooseSize(node, inner);
      node.children[1].run.bucketBytes = size.buckets * 8;
      run(node.children[1], inner);
      if (!m_result.failure) buildHash(node, inner, size);
      if (!outerFirst) run(node.children[0], inner);
    } else {
      for (PlanNode& child : node.children) run(child, inner);
    }
    if (m_result.failure) return;
    const bool shared = shares > 1 && node.divisor > 1;
    node.run.rows = shared ? node.realRows * node.divisor / shares : node.realRows;
    node.run.loops = shares;
    if (node.kind == PlanKind::Limit && node.children[0].realRows > 0) {
      const double wanted = node.realRows + static_cast<double>(node.offset);
      stopEarly(node.children[0], std::min(1.0, wanted / node.children[0].realRows));
    }
    double childMs = 0;
    for (const PlanNode& child : node.children) {
      if (node.kind == PlanKind::HashJoin && child.kind == PlanKind::Hash) {
        node.run.buffers += child.run.buffers;
        childMs += child.run.totalMs;
        continue;
      }
      node.run.buffers += child.run.buffers;
      childMs += child.run.totalMs;
    }
    m_ownMs = 0;
    m_startMs = childMs;
    work(node, shares);
    node.run.startupMs = blocking(node) ? m_startMs : firstRowMs(node);
    node.run.totalMs = childMs + m_ownMs;
    node.run.startupMs = std::min(node.run.startupMs, node.run.totalMs);
  }

 private:
  static bool blocking(const PlanNode& node) {
    return node.kind == PlanKind::Sort || node.kind == PlanKind::Aggregate ||
           node.kind == PlanKind::HashAggregate || node.kind == PlanKind::Hash;
  }
  // The node is asked for so large a part of its rows, and does no more than that.
  static void stopEarly(PlanNode& node, double part) {
    node.run.rows *= part;
    if (blocking(node) || part >= 1) return;
    NodeRun& run = node.run;
    run.totalMs = run.startupMs + (run.totalMs - run.startupMs) * part;
    run.removed = whole(static_cast<double>(run.removed) * part);
    const auto less = [&](std::int64_t& blocks) {
      if (blocks > 0) blocks = std::max<std::int64_t>(1, whole(static_cast<double>(blocks) * part));
    };
    less(run.buffers.hit);
    less(run.buffers.read);
    if (!node.children.empty()) stopEarly(node.children[0], part);
  }
  static double firstRowMs(const PlanNode& node) {
    double start = 0.01;
    for (const PlanNode& child : node.children) {
      start += blocking(child) ? child.run.totalMs : child.run.startupMs;
    }
    return start;
  }

  void work(PlanNode& node, int shares) {
    switch (node.kind) {
      case PlanKind::SeqScan:
      case PlanKind::IndexScan:
      case PlanKind::IndexOnlyScan:
        return scan(node, shares);
      case PlanKind::FunctionScan:
        return series(node);
      case PlanKind::Sort:
        return sort(node, shares);
      case PlanKind::HashAggregate:
        return hashAggregate(node, shares);
      case PlanKind::HashJoin:
        return hashJoin(node, shares);
      case PlanKind::Materialize:
        return materialize(node);
      case PlanKind::Aggregate:
      case PlanKind::GroupAggregate:
        m_ownMs = node.children[0].realRows * kPassRowMs *
                  (1.0 + 0.5 * static_cast<double>(node.transitions));
        m_startMs += m_ownMs;
        return;
      case PlanKind::Gather:
      case PlanKind::GatherMerge:
        m_result.workers = std::max(m_result.workers, node.workers);
        m_ownMs = kWorkerStartMs + node.realRows * kGatherRowMs;
        return;
      case PlanKind::NestedLoop:
        m_ownMs = node.children[0].realRows * node.children[1].realRows * kPassRowMs;
        return;
      case PlanKind::Hash:
        m_ownMs = node.realRows * kHashRowMs;
        return;
      case PlanKind::MergeJoin:
        m_ownMs = (node.children[0].realRows + node.children[1].realRows) * kPassRowMs * 4;
        return;
      case PlanKind::Limit:
        m_ownMs = 0;
        return;
      default:
        m_ownMs = node.realRows * kPassRowMs;
    }
  }

  void scan(PlanNode& node, int shares) {
    const bool sequential = node.kind == PlanKind::SeqScan;
    const double rows = sequential ? node.tableRows / node.divisor : node.realRows;
    std::int64_t pages = node.pages;
    if (!sequential) {
      const double share = node.tableRows > 0 ? node.realRows / node.tableRows : 0;
      pages = 3 + whole(share * static_cast<double>(node.indexPages));
      if (node.kind == PlanKind::IndexScan) {
        pages += std::min(whole(node.realRows), node.pages);
      }
    }
    // A scan of more than a quarter of the pool goes round in a small ring of buffers.
    const bool ring = sequential && pages > m_env.bufferPages / 4;
    const double ratio = ring ? std::min(m_env.hitRatio, 0.1) : m_env.hitRatio;
    node.run.buffers.hit += whole(static_cast<double>(pages) * ratio);
    node.run.buffers.read += pages - whole(static_cast<double>(pages) * ratio);
    if (!node.filter.empty()) {
      node.run.removed = std::max<std::int64_t>(0, whole(rows) - whole(node.realRows));
    }
    m_ownMs = rows * (kScanRowMs + (node.filter.empty() ? 0 : kFilterMs)) +
              static_cast<double>(node.run.buffers.read) * m_env.pageReadMs / shares +
              static_cast<double>(node.run.buffers.hit) * 3e-4 / shares;
  }

  // Rows of a function are kept in a tuplestore before the first is handed on.
  void series(PlanNode& node) {
    const std::int64_t bytes = whole(node.tableRows) * 14;
    if (bytes > m_env.settings.workMemBytes) {
      const std::int64_t blocks = sim::divideUp(bytes, sim::kBlockBytes);
      node.run.buffers.tempRead += blocks;
      node.run.buffers.tempWritten += blocks;
      addFile(bytes);
    } else {
      m_result.peakBytes += whole(node.tableRows) * 40;
    }
    m_ownMs = node.tableRows * kSeriesRowMs;
  }

  static bool textKeys(const PlanNode& node) {
    const auto columns = node.children[0].columns();
    return std::any_of(columns.begin(), columns.end(), [](const sim::RelationColumn& column) {
      return sim::typeLayout(column.type).length < 0;
    });
  }

  void sort(PlanNode& node, int shares) {
    sim::SortInput input = sortInput(node.children[0].columns());
    input.memoryBytes = m_env.settings.workMemBytes;
    input.bound = node.bound;
    double slowest = 0;
    m_processes = shares;
    for (int share = 0; share < shares; ++share) {
      input.rows = shareOf(node.children[0], shares, share);
      const sim::SortCost cost = sim::sortCost(input);
      if (const auto lack = sortDemand(input, m_env.addressSpaceLeft - m_mapped)) {
        return outOfMemory(node, *lack);
      }
      if (share == 0)
        node.run.sort = cost;
      else
        node.run.workerSorts.push_back(cost);
      if (share == 0) m_result.peakBytes += cost.peakBytes;  // workers have their own
      m_mapped += cost.peakBytes;
      node.run.buffers.tempRead += cost.blocksRead;
      node.run.buffers.tempWritten += cost.blocksWritten;
      const double rows = static_cast<double>(input.rows);
      const double compares = rows * log2Of(rows);
      slowest = std::max(
          slowest, compares * (textKeys(node) ? kCompareTextMs : kCompareNumberMs) +
                       static_cast<double>(cost.blocksRead + cost.blocksWritten) * kTempBlockMs);
      if (cost.onDisk()) addFile(cost.fileBlocks * sim::kBlockBytes, shares > 1 ? share : -1);
      if (m_result.failure) return;
    }
    // The first sort of text in a session looks up its operators.
    if (textKeys(node)) node.run.buffers.hit += 3;
    m_ownMs = slowest;
    m_startMs += slowest * 0.9;
  }

  std::int64_t shareOf(const PlanNode& input, int shares, int share) const {
    const std::int64_t all = whole(input.realRows * (shares > 1 ? input.divisor : 1));
    if (shares == 1) return all;
    // The leader reads a little less than each worker.
    const std::int64_t leader = whole(static_cast<double>(all) / (shares + 0.15));
    return share == 0 ? leader : (all - leader) / (shares - 1);
  }

  void hashAggregate(PlanNode& node, int shares) {
    const PlanNode& child = node.children[0];
    sim::HashAggregateInput input;
    const auto columns = child.columns();
    std::vector<sim::RelationColumn> keys(
        columns.begin(),
        columns.begin() + static_cast<std::ptrdiff_t>(std::min(node.keys.size(), columns.size())));
    input.rows = shareOf(child, shares, 1);
    input.groups = std::min(input.rows, std::max<std::int64_t>(1, whole(node.realGroups)));
    if (input.rows == 0) input.groups = 0;
    input.plannedGroups = node.groups;
    input.tupleWidth = child.width();
    input.groupTupleBytes = sim::minimalTupleBytes(keys);
    input.inputTupleBytes = sim::minimalTupleBytes(columns);
    input.transitions = node.transitions;
    input.transitionSpace = node.transitionSpace;
    input.transitionChunks = node.transitionChunks;
    input.workMemBytes = m_env.settings.workMemBytes;
    input.hashMemoryBytes = m_env.settings.hashMemoryBytes();
    input.seed = m_env.seed;
    if (shares == 1) input.keys = node.wholeKeys;
    if (input.groups == 0) {
      node.run.aggregate = sim::HashAggregateCost{};
      return;
    }
    const sim::HashAggregateCost cost = sim::hashAggregateCost(input);
    if (const auto lack = aggregateDemand(input, cost, m_env.addressSpaceLeft - m_mapped)) {
      return outOfMemory(node, *lack);
    }
    node.run.aggregate = cost;
    for (int share = 1; share < shares; ++share) node.run.workerAggregates.push_back(cost);
    m_result.peakBytes += cost.peakBytes;
    m_mapped += aggregateMapped(cost);
    node.run.buffers.tempRead += cost.blocksRead;
    node.run.buffers.tempWritten += cost.blocksWritten;
    m_ownMs = static_cast<double>(input.rows) * kGroupRowMs +
              static_cast<double>(cost.blocksRead + cost.blocksWritten) * kTempBlockMs;
    m_startMs += m_ownMs * 0.5;
    if (cost.fileBlocks > 0) addFile(cost.fileBlocks * sim::kBlockBytes);
  }

  sim::HashTableSize chooseSize(const PlanNode& node, int shares) const {
    const PlanNode& hash = node.children[1];
    const double divisor = shares > 1 ? node.divisor : 1;
    return sim::chooseHashTableSize({hash.rows * divisor, hash.width(),
                                     m_env.settings.hashMemoryBytes(), true,
                                     node.parallelAware ? shares - 1 : 0});
  }

  // The table is built before rows of the other side are looked up in it.
  void buildHash(PlanNode& node, int shares, const sim::HashTableSize& size) {
    PlanNode& hash = node.children[1];
    const PlanNode& outer = node.children[0];
    sim::HashJoinInput input;
    const double divisor = shares > 1 ? node.divisor : 1;
    input.size = size;
    input.innerRows = whole(hash.realRows * divisor);
    input.outerRows = whole(outer.realRows * divisor);
    input.innerTupleBytes = sim::minimalTupleBytes(hash.columns());
    input.outerTupleBytes = sim::minimalTupleBytes(outer.columns());
    input.seed = m_env.seed;
    const sim::HashJoinCost cost = sim::hashJoinCost(input);
    if (node.parallelAware && m_env.sharedMemorySpace >= 0 &&
        cost.peakBytes > m_env.sharedMemorySpace) {
      return sharedMemoryFull(cost.peakBytes);
    }
    if (const auto lack = joinDemand(cost, m_env.addressSpaceLeft - m_mapped)) {
      return outOfMemory(hash, *lack);
    }
    hash.run.hash = cost;
    m_result.peakBytes += cost.peakBytes;
    m_mapped += cost.peakBytes;
  }

  void hashJoin(PlanNode& node, int shares) {
    PlanNode& hash = node.children[1];
    const PlanNode& outer = node.children[0];
    const sim::HashJoinCost& cost = *hash.run.hash;
    if (cost.batches > 1) {
      hash.run.buffers.tempWritten += cost.buildBlocksWritten;
      node.run.buffers.tempRead += cost.blocksRead;
      node.run.buffers.tempWritten += cost.blocksWritten;
      addBatchFiles(cost, node.parallelAware ? shares : 1);
    }
    m_ownMs = (outer.realRows + node.realRows) * kJoinRowMs +
              static_cast<double>(cost.blocksRead + cost.blocksWritten) * kTempBlockMs;
  }

  void materialize(PlanNode& node) {
    const std::int64_t bytes = whole(node.realRows) * (sim::minimalTupleBytes(node.columns()) + 8);
    if (bytes > m_env.settings.workMemBytes)
      addFile(bytes);
    else
      m_result.peakBytes += bytes;
    m_ownMs = node.realRows * kPassRowMs;
  }

  [[nodiscard]] std::string fileName(std::int64_t number, int share = -1) const {
    const std::uint32_t pid =
        share > 0 ? m_env.firstWorkerPid + static_cast<std::uint32_t>(share - 1) : m_env.pid;
    return "pgsql_tmp" + std::to_string(pid) + "." + std::to_string(number);
  }

  // One file that grows block by block; share: process of a parallel query.
  void addFile(std::int64_t bytes, int share = -1) {
    const bool worker = share > 0;
    const std::int64_t number = worker ? 0 : m_next++;
    if (!worker) ++m_result.filesMade;
    const std::uint32_t pid =
        worker ? m_env.firstWorkerPid + static_cast<std::uint32_t>(share - 1) : m_env.pid;
    TemporaryFile file{fileName(number, share), bytes, pid, true};
    const std::int64_t limit = m_env.settings.tempFileLimitKb;
    const std::int64_t used = share >= 0 ? 0 : m_bytes;  // each process has a limit of its own
    const std::int64_t room = limit < 0 ? -1 : limit * 1024 - used;
    const std::int64_t space = m_env.temporarySpace < 0 ? -1 : m_env.temporarySpace - m_bytes;
    if (limit >= 0 && bytes > room && (space < 0 || room <= space)) {
      file.bytes = std::max<std::int64_t>(0, room / sim::kBlockBytes * sim::kBlockBytes);
      if (share >= 0) return stopWorkers(std::move(file));
      return giveUp({std::move(file)}, overLimit());
    }
    if (space >= 0 && bytes > space) {
      file.bytes = std::max<std::int64_t>(0, space / sim::kBlockBytes * sim::kBlockBytes);
      SqlFailure failure = diskFull(file.name);
      return giveUp({std::move(file)}, std::move(failure));
    }
    m_bytes += bytes;
    m_atEnd.push_back(std::move(file));
  }

  // The leader meets its limit; the workers, told to stop, have written less by then.
  void stopWorkers(TemporaryFile file) {
    for (int worker = 1; worker < m_processes; ++worker) {
      const std::int64_t bytes = file.bytes * 2 / 5 / sim::kBlockBytes * sim::kBlockBytes;
      const std::uint32_t pid = m_env.firstWorkerPid + static_cast<std::uint32_t>(worker - 1);
      m_result.stopped.push_back(pid);
      m_result.files.push_back({fileName(0, worker), bytes, pid, false});
    }
    m_result.files.push_back(std::move(file));
    m_result.files.back().withStatement = false;
    m_atEnd.clear();
    m_result.failure = overLimit();
  }

  static SqlFailure failed(std::string message, const char* state) {
    return {{"ERROR", std::move(message), {}, {}, state}, std::string::npos, {}};
  }
  SqlFailure overLimit() const {
    return failed("temporary file size exceeds temp_file_limit (" +
                      std::to_string(m_env.settings.tempFileLimitKb) + "kB)",
                  "53400");
  }
  static SqlFailure diskFull(const std::string& name) {
    return failed(
        "could not write to file \"base/pgsql_tmp/" + name + "\": No space left on device",
        "53100");
  }

  // Batches are closed one after the other: inner file when it is loaded, outer when it is read.
  void addBatchFiles(const sim::HashJoinCost& cost, int shares) {
    if (shares > 1) return addSharedFiles(cost, shares);
    std::int64_t all = 0, inner = 0;
    for (const sim::BatchFile& file : cost.inner) inner += file.bytes;
    for (const sim::BatchFile& file : cost.outer) all += file.bytes;
    all += inner;
    const std::int64_t limit =
        m_env.settings.tempFileLimitKb < 0 ? -1 : m_env.settings.tempFileLimitKb * 1024 - m_bytes;
    const std::int64_t space = m_env.temporarySpace < 0 ? -1 : m_env.temporarySpace - m_bytes;
    const std::int64_t room = limit < 0 ? space : space < 0 ? limit : std::min(limit, space);
    if (room >= 0 && all > room) return giveUpBatches(cost, inner, room, room == limit);
    m_bytes += all;
    const auto add = [&](const sim::BatchFile& file) {
      m_result.files.push_back({fileName(m_next + file.number), file.bytes, m_env.pid, true});
    };
    for (std::size_t i = 0; i < cost.inner.size() || i < cost.outer.size(); ++i) {
      if (i < cost.inner.size()) add(cost.inner[i]);
      if (i < cost.outer.size()) add(cost.outer[i]);
    }
    const auto made = static_cast<std::int64_t>(cost.inner.size() + cost.outer.size());
    m_next += made;
    m_result.filesMade += made;
  }

  // The limit is met while the batches fill side by side, each a block at a time.
  void giveUpBatches(const sim::HashJoinCost& cost, std::int64_t inner, std::int64_t room,
                     bool byLimit) {
    const std::int64_t blocks = room / sim::kBlockBytes;
    std::vector<TemporaryFile> files;
    const auto fill = [&](const std::vector<sim::BatchFile>& batches, std::int64_t left,
                          bool complete) {
      std::vector<sim::BatchFile> byNumber = batches;
      std::sort(byNumber.begin(), byNumber.end(),
                [](const auto& a, const auto& b) { return a.number < b.number; });
      const auto count = static_cast<std::int64_t>(byNumber.size());
      std::int64_t index = 0;
      for (const sim::BatchFile& file : byNumber) {
        const std::int64_t own = left / count + ((index * 7 + 3) % count < left % count ? 1 : 0);
        ++index;
        const std::int64_t bytes = complete ? file.bytes : own * sim::kBlockBytes;
        if (bytes > 0 || !complete) {
          files.push_back({fileName(m_next + file.number), bytes, m_env.pid, false});
        }
      }
    };
    const std::int64_t innerBlocks = sim::divideUp(inner, sim::kBlockBytes);
    if (blocks < innerBlocks) {
      fill(cost.inner, blocks, false);
    } else {
      fill(cost.inner, innerBlocks, true);
      fill(cost.outer, blocks - innerBlocks, false);
    }
    const std::string writing = files[files.size() * 3 / 4].name;
    m_result.filesMade += static_cast<std::int64_t>(files.size());
    giveUp(std::move(files), byLimit ? overLimit() : diskFull(writing));
  }

  // A shared table's batches lie in a file set, a file for each participant, in chunks of 32 kB.
  void addSharedFiles(const sim::HashJoinCost& cost, int shares) {
    constexpr std::int64_t kChunk = 4 * sim::kBlockBytes;
    const std::string set = fileName(m_next++) + ".fileset/";
    std::int64_t all = 0;
    for (const auto* side : {&cost.inner, &cost.outer}) {
      for (const sim::BatchFile& file : *side) all += file.bytes;
    }
    if (m_env.temporarySpace >= 0 && all > m_env.temporarySpace - m_bytes && !cost.inner.empty()) {
      return giveUp({}, diskFull(set + "i" + std::to_string(cost.inner.back().batch) + "of" +
                                 std::to_string(cost.batches) + ".p0.0"));
    }
    const auto add = [&](char side, const sim::BatchFile& file) {
      for (int p = 0; p < shares; ++p) {
        const std::string name = set + side + std::to_string(file.batch) + "of" +
                                 std::to_string(cost.batches) + ".p" + std::to_string(p) + ".0";
        m_result.files.push_back(
            {name, sim::divideUp(file.bytes / shares, kChunk) * kChunk, m_env.pid, true});
      }
    };
    for (const sim::BatchFile& file : cost.inner) add('i', file);
    for (const sim::BatchFile& file : cost.outer) add('o', file);
  }

  // Open files are closed the way a resource owner forgets them: the first, then from the last on.
  void giveUp(std::vector<TemporaryFile> files, SqlFailure failure) {
    for (TemporaryFile& file : m_atEnd) files.insert(files.begin(), file);
    m_atEnd.clear();
    for (TemporaryFile& file : files) file.withStatement = false;
    if (files.size() > 1) std::reverse(files.begin() + 1, files.end());
    for (TemporaryFile& file : files) m_result.files.push_back(std::move(file));
    m_result.failure = std::move(failure);
  }

  void outOfMemory(PlanNode& node, const MemoryLack& lack) {
    node.run.lack = lack.contexts;
    outOfMemory(lack);
  }

  void outOfMemory(const MemoryLack& lack) {
    m_result.contexts = lack.contexts;
    giveUp({}, {{"ERROR",
                 "out of memory",
                 "Failed on request of size " + std::to_string(lack.request) +
                     " in memory context \"" + lack.context + "\".",
                 {},
                 "53200"},
                std::string::npos,
                {}});
  }

  void sharedMemoryFull(std::int64_t bytes) {
    const std::int64_t segment = std::max<std::int64_t>(sim::nextPowerOfTwo(bytes) / 4, 1 << 20);
    giveUp({}, failed("could not resize shared memory segment \"/PostgreSQL." +
                          std::to_string(1000000000 + m_env.seed % 1000000000) + "\" to " +
                          std::to_string(segment) + " bytes: No space left on device",
                      "53100"));
  }

 public:
  // A sort of index tuples; milliseconds.
  double build(const sim::SortInput& input, bool text) {
    if (const auto lack = sortDemand(input, m_env.addressSpaceLeft)) {
      outOfMemory(*lack);
      return 0;
    }
    const sim::SortCost cost = sim::sortCost(input);
    m_result.peakBytes += cost.peakBytes;
    if (cost.onDisk()) addFile(cost.fileBlocks * sim::kBlockBytes);
    const auto rows = static_cast<double>(input.rows);
    return rows * kScanRowMs +
           rows * log2Of(rows) * (text ? kCompareTextMs : kCompareNumberMs) * 0.5 +
           static_cast<double>(cost.blocksRead + cost.blocksWritten) * kTempBlockMs;
  }

  // Files that stay open until the plan is shut down; workers end before their leader.
  void finish() {
    std::stable_sort(m_atEnd.begin(), m_atEnd.end(),
                     [&](const TemporaryFile& a, const TemporaryFile& b) {
                       return (a.pid == m_env.pid ? 1 : 0) < (b.pid == m_env.pid ? 1 : 0);
                     });
    for (TemporaryFile& file : m_atEnd) m_result.files.push_back(std::move(file));
  }

 private:
  const RunEnvironment& m_env;
  PlanRun& m_result;
  std::int64_t m_next = 0, m_bytes = 0, m_mapped = 0;
  std::vector<TemporaryFile> m_atEnd;
  double m_ownMs = 0, m_startMs = 0;
  int m_processes = 1;  // that share a sort
};

void mapCompiler(RunEnvironment& environment) {
  constexpr std::int64_t kMapped = 105'000'000;  // MODEL: libLLVM and what it allocates
  if (!environment.compilerLoaded || environment.addressSpaceLeft < 0) return;
  environment.addressSpaceLeft = std::max<std::int64_t>(0, environment.addressSpaceLeft - kMapped);
}

}  // namespace

PlanRun runIndexBuild(const sim::Relation& relation, const sim::RelationIndex& index,
                      const RunEnvironment& environment) {
  PlanRun result;
  result.index = index.name;
  result.indexColumns = index.columns.size();
  RunEnvironment own = environment;
  mapCompiler(own);
  Runner runner(own, result);
  sim::SortInput input;
  input.rows = relation.rows;
  input.tupleBytes = sim::indexTupleBytes(relation, index.columns);
  input.memoryBytes = environment.settings.maintenanceWorkMemBytes;
  input.index = true;
  const bool text = std::any_of(index.columns.begin(), index.columns.end(), [&](const auto& name) {
    const sim::RelationColumn* column = relation.column(name);
    return column != nullptr && sim::typeLayout(column->type).length < 0;
  });
  result.milliseconds = runner.build(input, text);
  if (!result.failure) runner.finish();
  return result;
}

PlanRun runPlan(PlanNode& root, const RunEnvironment& environment) {
  constexpr std::int64_t kCompilerPrivate = 9'725 * 1024;
  // MODEL: plan, executor state and tape buffers; sorts and hashes under 64 kB of work_mem took
  // 305 to 750 kB (tests/fidelity, b_work_mem).
  constexpr std::int64_t kExecutorPrivate = 400 * 1024;
  PlanRun result;
  result.peakBytes = kExecutorPrivate;
  RunEnvironment own = environment;
  result.compiled =
      own.settings.jit && own.settings.jitAboveCost >= 0 && root.total > own.settings.jitAboveCost;
  if (result.compiled) {
    result.peakBytes += kCompilerPrivate;
    own.compilerLoaded = true;
  }
  mapCompiler(own);
  Runner runner(own, result);
  runner.run(root, 1);
  if (!result.failure) runner.finish();
  if (!result.contexts.empty()) result.contexts = planContexts(root);
  result.nodes = nodeCount(root);
  result.compares = comparesRows(root);
  result.milliseconds = root.run.totalMs + 0.05;
  return result;
}

}  // namespace console
