// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_simulation.h"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <queue>

#include "base/portable_math.h"
#include "base/random.h"

namespace event_simulation {
namespace {

enum class Kind : std::uint8_t { Ask, Retry, CpuDone, DiskDone, DelayDone, TimeOut };

struct Event {
  double time;
  std::uint64_t sequence;
  Kind kind;
  int person;
  int attempt;  // of TimeOut: the attempt it was meant for
  bool operator>(const Event& other) const {
    return time != other.time ? time > other.time : sequence > other.sequence;
  }
};

struct Person {
  int attempt = 0;   // counts attempts of all questions
  int failures = 0;  // of the question at hand
  bool waiting = false;
};

struct Station {
  int servers = 1, busy = 0;
  double meanSeconds = 0;
  Kind done = Kind::CpuDone;
  std::deque<int> queue;
};

class Simulation {
 public:
  Simulation(const Setup& setup, std::uint64_t seed, Sums& sums)
      : m_setup(setup), m_seed(seed), m_sums(sums), m_free(setup.input.pool) {
    const sim::Demand& demand = setup.input.demand;
    m_cpu.servers = setup.cpuServers;
    m_cpu.meanSeconds = demand.cpuSeconds / (demand.diskReads + 1.0);
    m_disk.servers = setup.diskChannels;
    m_disk.meanSeconds = demand.diskReadSeconds;
    m_disk.done = Kind::DiskDone;
    m_mostAsking = *std::max_element(setup.arrivalFactor.begin(), setup.arrivalFactor.end());
    m_people.resize(static_cast<std::size_t>(setup.input.users));
    for (int i = 0; i < static_cast<int>(m_people.size()); ++i) think(i);
  }

  void run() {
    const std::size_t seconds = m_setup.arrivalFactor.size();
    for (m_second = 0; m_second < seconds; ++m_second) {
      while (!m_events.empty() && m_events.top().time < static_cast<double>(m_second + 1)) {
        const Event event = m_events.top();
        m_events.pop();
        m_now = event.time;
        handle(event);
      }
      m_sums.inSystem[m_second] += m_inSystem;
    }
  }

 private:
  double uniform() { return base::uniform(m_seed, base::Stream::Noise, m_draws++); }
  double exponential(double mean) { return -mean * base::portableLog(1.0 - uniform()); }
  void schedule(double after, Kind kind, int person, int attempt = 0) {
    m_events.push({m_now + after, m_sequence++, kind, person, attempt});
  }
  Person& person(int i) { return m_people[static_cast<std::size_t>(i)]; }

  // At the highest rate of the whole run; an Ask is then taken with the probability of its second.
  void think(int i) {
    schedule(exponential(m_setup.input.thinkSeconds / m_mostAsking), Kind::Ask, i);
  }

  void handle(const Event& event) {
    switch (event.kind) {
      case Kind::Ask:
        if (uniform() * m_mostAsking < m_setup.arrivalFactor[m_second]) {
          person(event.person).failures = 0;
          arrive(event.person);
        } else {
          think(event.person);
        }
        break;
      case Kind::Retry:
        arrive(event.person);
        break;
      case Kind::DelayDone:
        join(m_cpu, event.person);
        break;
      case Kind::CpuDone: {
        leave(m_cpu);
        const double reads = m_setup.input.demand.diskReads;
        if (uniform() * (reads + 1.0) < reads) {
          join(m_disk, event.person);
        } else {
          finish(event.person);
        }
        break;
      }
      case Kind::DiskDone:
        leave(m_disk);
        join(m_cpu, event.person);
        break;
      case Kind::TimeOut:
        timeOut(event.person, event.attempt);
        break;
    }
  }

  void arrive(int i) {
    ++m_sums.arrived[m_second];
    ++m_inSystem;
    ++person(i).attempt;
    if (m_free > 0) {
      --m_free;
      start(i);
    } else {
      person(i).waiting = true;
      m_pool.push_back(i);
      schedule(m_setup.input.timeoutSeconds, Kind::TimeOut, i, person(i).attempt);
    }
  }

  void start(int i) {
    const double delay = m_setup.input.demand.delaySeconds;
    if (delay > 0) {
      schedule(exponential(delay), Kind::DelayDone, i);
    } else {
      join(m_cpu, i);
    }
  }

  void finish(int i) {
    ++m_sums.served[m_second];
    --m_inSystem;
    think(i);
    if (m_pool.empty()) {
      ++m_free;
      return;
    }
    const int next = m_pool.front();
    m_pool.pop_front();
    person(next).waiting = false;
    start(next);
  }

  // Everybody waits equally long, so who times out is at the front.
  void timeOut(int i, int attempt) {
    Person& who = person(i);
    if (!who.waiting || who.attempt != attempt) return;
    m_pool.pop_front();
    who.waiting = false;
    --m_inSystem;
    ++m_sums.failed[m_second];
    ++who.failures;
    if (who.failures <= 2 && uniform() < m_setup.input.retryShare) {
      schedule(exponential(m_setup.input.retrySeconds), Kind::Retry, i);
    } else {
      think(i);
    }
  }

  void join(Station& station, int i) {
    if (station.busy < station.servers) {
      ++station.busy;
      schedule(exponential(station.meanSeconds), station.done, i);
    } else {
      station.queue.push_back(i);
    }
  }

  void leave(Station& station) {
    if (station.queue.empty()) {
      --station.busy;
      return;
    }
    schedule(exponential(station.meanSeconds), station.done, station.queue.front());
    station.queue.pop_front();
  }

  const Setup& m_setup;
  std::uint64_t m_seed;
  Sums& m_sums;
  double m_now = 0;
  double m_mostAsking = 1;
  std::size_t m_second = 0;
  int m_free;
  int m_inSystem = 0;
  std::int64_t m_draws = 0;
  std::uint64_t m_sequence = 0;
  std::vector<Person> m_people;
  std::deque<int> m_pool;
  Station m_cpu, m_disk;
  std::priority_queue<Event, std::vector<Event>, std::greater<>> m_events;
};

}  // namespace

void run(const Setup& setup, std::uint64_t seed, Sums& sums) {
  for (auto* series : {&sums.inSystem, &sums.served, &sums.failed, &sums.arrived}) {
    series->resize(setup.arrivalFactor.size(), 0.0);
  }
  Simulation(setup, seed, sums).run();
}

}  // namespace event_simulation
