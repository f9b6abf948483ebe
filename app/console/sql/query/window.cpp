// SPDX-License-Identifier: GPL-3.0-or-later
// Window functions: partitions, their order, frames, and what the functions make of them.
#include <algorithm>
#include <map>

#include "console/sql/query/executor.h"

namespace console::query {
namespace {

constexpr std::pair<std::string_view, std::string_view> kFunctions[] = {
    {"row_number", "-> bigint"},
    {"rank", "-> bigint"},
    {"dense_rank", "-> bigint"},
    {"percent_rank", "-> double precision"},
    {"cume_dist", "-> double precision"},
    {"ntile", "integer -> integer"},
    {"lag", "anyelement<, integer><, anyelement> -> anyelement"},
    {"lead", "anyelement<, integer><, anyelement> -> anyelement"},
    {"first_value", "anyelement -> anyelement"},
    {"last_value", "anyelement -> anyelement"},
    {"nth_value", "anyelement, integer -> anyelement"}};

}  // namespace

std::span<const std::pair<std::string_view, std::string_view>> windowFunctions() {
  return kFunctions;
}

Datum Executor::rankValue(const WindowCall& call, std::int64_t at, std::int64_t count,
                          std::int64_t peerFirst, std::int64_t peerLast, bool& known) {
  const std::string& name = call.aggregate.function->name;
  known = true;
  if (name == "row_number") return at + 1;
  if (name == "rank") return peerFirst + 1;
  if (name == "percent_rank") {
    return count <= 1 ? 0.0 : static_cast<double>(peerFirst) / static_cast<double>(count - 1);
  }
  if (name == "cume_dist") return static_cast<double>(peerLast + 1) / static_cast<double>(count);
  known = false;
  return {};
}

Executor::Bounds Executor::frameOf(const WindowCall& call, const Frame& frame, const Place& place) {
  Bounds bounds{0, place.peerLast};
  const auto edge = [&](FrameEnd end, const NodePtr& offset, bool first) -> std::int64_t {
    const std::int64_t distance = offset ? evaluate(*offset, frame).whole() : 0;
    if (distance < 0) {
      m_runtime.fail("22013", std::string("frame ") + (first ? "starting" : "ending") +
                                  " offset must not be negative");
    }
    const std::int64_t bounded = std::min<std::int64_t>(distance, place.count);
    switch (end) {
      case FrameEnd::UnboundedPreceding:
        return 0;
      case FrameEnd::Preceding:
        return place.at - bounded;
      case FrameEnd::Current:
        return call.rows ? place.at : first ? place.peerFirst : place.peerLast;
      case FrameEnd::Following:
        return place.at + bounded;
      case FrameEnd::Unbounded:
        return place.count - 1;
    }
    return place.at;
  };
  bounds.first = std::max<std::int64_t>(edge(call.from, call.fromOffset, true), 0);
  bounds.last = std::min(edge(call.to, call.toOffset, false), place.count - 1);
  return bounds;
}

Datum Executor::windowValue(const WindowCall& call, const std::vector<std::size_t>& part,
                            std::size_t i, const std::vector<Frame>& frames,
                            const std::vector<std::vector<Datum>>& keys) {
  const auto count = static_cast<std::int64_t>(part.size());
  const auto at = static_cast<std::int64_t>(i);
  const auto peers = [&](std::int64_t a, std::int64_t b) {
    return compareKeys(call.order, keys[part[static_cast<std::size_t>(a)]],
                       keys[part[static_cast<std::size_t>(b)]]) == 0;
  };
  std::int64_t peerFirst = at, peerLast = at;
  while (peerFirst > 0 && peers(peerFirst - 1, at)) --peerFirst;
  while (peerLast + 1 < count && peers(peerLast + 1, at)) ++peerLast;
  if (!m_runtime.work(peerLast - peerFirst + 1)) return {};
  const std::string& name = call.aggregate.function->name;
  bool known = false;
  Datum ranked = rankValue(call, at, count, peerFirst, peerLast, known);
  if (known) return ranked;
  if (name == "dense_rank") {
    std::int64_t rank = 1;
    for (std::int64_t k = 1; k <= at; ++k) rank += peers(k - 1, k) ? 0 : 1;
    m_runtime.work(at);
    return rank;
  }
  const Frame& frame = frames[part[i]];
  const auto argument = [&](std::size_t which, const Frame& of) {
    return evaluate(*call.aggregate.args[which], of);
  };
  if (name == "ntile") {
    const std::int64_t buckets = argument(0, frame).whole();
    if (buckets <= 0) {
      return m_runtime.fail("22014", "argument of ntile must be greater than zero");
    }
    const std::int64_t size = count / buckets, larger = count % buckets;
    const std::int64_t border = larger * (size + 1);
    return at < border ? at / (size + 1) + 1 : larger + (size > 0 ? (at - border) / size : 0) + 1;
  }
  if (name == "lag" || name == "lead") {
    const std::int64_t step =
        call.aggregate.args.size() > 1 ? argument(1, frame).whole() : std::int64_t{1};
    const std::int64_t other = name == "lag" ? at - step : at + step;
    if (other >= 0 && other < count) {
      return argument(0, frames[part[static_cast<std::size_t>(other)]]);
    }
    return call.aggregate.args.size() > 2 ? argument(2, frame) : Datum();
  }
  const Bounds bounds = frameOf(call, frame, {at, count, peerFirst, peerLast});
  if (m_runtime.failed()) return {};
  const auto rowAt = [&](std::int64_t k) -> const Frame& {
    return frames[part[static_cast<std::size_t>(k)]];
  };
  if (name == "first_value" || name == "last_value" || name == "nth_value") {
    std::int64_t place = name == "first_value" ? bounds.first : bounds.last;
    if (name == "nth_value") place = bounds.first + argument(1, frame).whole() - 1;
    if (place < bounds.first || place > bounds.last) return {};
    return argument(0, rowAt(place));
  }
  std::vector<const Frame*> inside;
  for (std::int64_t k = bounds.first; k <= bounds.last; ++k) inside.push_back(&rowAt(k));
  return aggregate(call.aggregate, inside);
}

void Executor::window(const WindowCall& call, std::size_t slot, std::vector<Work>& work,
                      const std::vector<Frame>& frames) {
  std::map<std::string, std::vector<std::size_t>> parts;
  std::vector<std::vector<Datum>> keys(work.size());
  for (std::size_t i = 0; i < work.size(); ++i) {
    bool null = false;
    parts[keyOf(call.partition, frames[i], null)].push_back(i);
    for (const NodeSort& one : call.order) keys[i].push_back(evaluate(*one.node, frames[i]));
    if (m_runtime.failed()) return;
  }
  for (auto& [key, part] : parts) {
    std::stable_sort(part.begin(), part.end(), [&](std::size_t a, std::size_t b) {
      return compareKeys(call.order, keys[a], keys[b]) < 0;
    });
    for (std::size_t i = 0; i < part.size(); ++i) {
      work[part[i]].windows[slot] = windowValue(call, part, i, frames, keys);
      if (m_runtime.failed()) return;
    }
  }
}

void Executor::windows(const Plan& plan, std::vector<Work>& work, const Frame* outer) {
  std::vector<Frame> frames;
  frames.reserve(work.size());
  for (Work& one : work) {
    one.windows.resize(plan.windows.size());
    frames.push_back({&one.row, plan.grouped ? &one.aggregates : nullptr, nullptr, nullptr, outer});
  }
  for (std::size_t slot = 0; slot < plan.windows.size() && !m_runtime.failed(); ++slot) {
    window(plan.windows[slot], slot, work, frames);
  }
  if (work.empty() || plan.windows.empty()) return;
  // The rows come out in the order the first window brought them into.
  const WindowCall& first = plan.windows[0];
  std::vector<std::pair<std::vector<Datum>, std::size_t>> order;
  for (std::size_t i = 0; i < work.size(); ++i) {
    std::vector<Datum> keys;
    for (const NodePtr& one : first.partition) keys.push_back(evaluate(*one, frames[i]));
    for (const NodeSort& one : first.order) keys.push_back(evaluate(*one.node, frames[i]));
    order.emplace_back(std::move(keys), i);
  }
  if (m_runtime.failed()) return;
  std::vector<NodeSort> sorts;
  for (const NodePtr& one : first.partition) sorts.push_back({one, false, false});
  sorts.insert(sorts.end(), first.order.begin(), first.order.end());
  std::stable_sort(order.begin(), order.end(), [&](const auto& a, const auto& b) {
    return compareKeys(sorts, a.first, b.first) < 0;
  });
  std::vector<Work> sorted;
  for (const auto& [keys, i] : order) sorted.push_back(std::move(work[i]));
  work = std::move(sorted);
}

}  // namespace console::query
