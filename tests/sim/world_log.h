// SPDX-License-Identifier: GPL-3.0-or-later
// A world with its telemetry, and its log as text, for tests that compare lines. Checkpoint figures
// and process numbers follow from the model and are cut out.
#pragma once

#include <memory>
#include <string>

#include "base/text.h"
#include "sim/log_shapes.h"
#include "sim/server.h"
#include "sim/telemetry.h"
#include "world_fixture.h"

namespace worldtest {

// Messages of a source from a record on, one line each; a message of several lines gives its first.
inline std::string messages(const sim::Telemetry& telemetry, const sim::WorldSpec& spec,
                            sim::LogSource source, std::size_t from = 0) {
  std::string text;
  for (std::size_t i = from; i < telemetry.logs().size(); ++i) {
    const sim::LogRecord& record = telemetry.logs()[i];
    if (record.source != source) continue;
    const std::string message = sim::logMessage(record, telemetry, spec);
    text += message.substr(0, message.find('\n')) + "\n";
  }
  return text;
}

// A server alone, without visitors: what server.h and its neighbours work on.
struct Server {
  explicit Server(const sim::WorldSpec& spec) : model(sim::Model::make(spec)) {
    host.swapTotal = spec.host.swapBytes;
    host.memory.free = spec.host.ramBytes;
    auto c = context();
    sim::bootServer(c);
  }
  explicit Server(const std::string& sharedBuffers = "16GB") : Server(spec(sharedBuffers)) {}

  [[nodiscard]] sim::ServerContext context() { return {*model, postgres, host, now, 1, telemetry}; }
  void wait(std::int64_t seconds) {
    for (std::int64_t i = 0; i < seconds; ++i) {
      now = now + base::seconds(1);
      auto c = context();
      sim::stepServerLife(c);
    }
  }
  // What the server has logged since the last call.
  [[nodiscard]] std::string logged() {
    const std::string text = messages(telemetry, model->spec, sim::LogSource::Postgres, m_read);
    m_read = telemetry.logs().size();
    return text;
  }

  std::shared_ptr<const sim::Model> model;
  sim::Postgres postgres;
  sim::Host host;
  base::SimTime now{base::minutes(300)};
  sim::Telemetry telemetry;

 private:
  std::size_t m_read = 0;
};

}  // namespace worldtest
