// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill/lab.h"

#include <algorithm>

#include "sim/model.h"

namespace drill {

Lab::Lab(std::shared_ptr<const sim::Model> model, std::uint64_t seed)
    : m_world(std::move(model), seed) {
  wait(base::seconds(2));  // the server has been up for a moment
}

base::Result<Lab> Lab::open(const scenario::LabOptions& options,
                            std::shared_ptr<const sim::SettingCatalogue> catalogue) {
  auto spec = scenario::labSpec(options, std::move(catalogue));
  if (!spec.ok()) return spec.error();
  return Lab(sim::Model::make(std::move(spec.value())));
}

console::Reply Lab::type(std::string_view line) {
  console::Reply reply = m_shell.run({m_world, m_telemetry, "trainee"}, line);
  wait(reply.duration);
  return reply;
}

void Lab::wait(base::SimTime span) {
  constexpr std::int64_t kLongest = 24LL * 3600 * 1000;
  if (span.ms <= 0) return;
  m_world.advanceTo(m_world.now() + base::SimTime{std::min(span.ms, kLongest)}, m_telemetry);
}

}  // namespace drill
