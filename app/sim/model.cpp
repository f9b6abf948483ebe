// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/model.h"

#include <algorithm>

namespace sim {
namespace {

constexpr double kPageBytes = 8192;

QueryMix mixOf(const std::vector<QueryClass>& classes) {
  QueryMix mix;
  double nodeWeight = 0;
  for (const QueryClass& c : classes) {
    mix.cpuSeconds += c.share * c.cpuMs / 1000;
    mix.pages += c.share * c.pages;
    mix.pagesDirtied += c.share * c.pagesDirtied;
    mix.walBytes += c.share * c.walBytes;
    mix.sortNodes += c.share * c.sortNodes;
    mix.nodeBytes += c.share * c.sortNodes * c.nodeBytes;
    nodeWeight += c.share * c.sortNodes;
  }
  if (nodeWeight > 0) mix.nodeBytes /= nodeWeight;
  return mix;
}

}  // namespace

Model::Model(WorldSpec given)
    : spec(std::move(given)),
      mix(mixOf(spec.workload.classes)),
      popularity(std::max(1.0, static_cast<double>(spec.database.databaseBytes) / kPageBytes),
                 spec.workload.zipf),
      stations(spec.host.cores, spec.host.diskChannels) {}

std::shared_ptr<const Model> Model::make(WorldSpec given) {
  return std::shared_ptr<const Model>(new Model(std::move(given)));
}

double Model::meanNodeBytes(double workMemBytes) const {
  if (mix.sortNodes <= 0) return 0;
  double bytes = 0;
  for (const QueryClass& c : spec.workload.classes) {
    bytes += c.share * c.sortNodes * std::min(c.nodeBytes, workMemBytes);
  }
  return bytes / mix.sortNodes;
}

double Model::spilledBytes(double workMemBytes) const {
  double bytes = 0;
  for (const QueryClass& c : spec.workload.classes) {
    if (c.nodeBytes > workMemBytes) bytes += c.share * c.sortNodes * c.nodeBytes;
  }
  return bytes;
}

}  // namespace sim
