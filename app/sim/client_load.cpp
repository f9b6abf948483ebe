// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/client_load.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/portable_math.h"
#include "base/random.h"
#include "base/text.h"
#include "sim/key_pages.h"
#include "sim/log_loads.h"
#include "sim/model_constants.h"
#include "sim/server_log.h"
#include "sim/session_actions.h"

namespace sim {
namespace {

constexpr double kPageBytes = 8192;
// MODEL: of a transaction's CPU the client's own part; one thread of the client has one core.
constexpr double kClientShare = 0.3;
// MODEL: with others about, a commit joins a flush under way and waits a little longer.
constexpr double kSharedFlush = 0.2;
constexpr double kLargest = 1e15;

std::string realText(double value) {
  std::array<char, 32> digits{};
  return {digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr};
}

bool readReal(const std::string& text, double& value) {
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  return code == std::errc() && end == text.data() + text.size() && value >= 0 && value <= kLargest;
}

std::vector<double*> fieldsOf(ScriptDemand& d) {
  return {&d.cpuSeconds, &d.hotRows,   &d.commits,   &d.sleepSeconds, &d.walBytes, &d.hotAccesses,
          &d.tempBytes,  &d.tempFiles, &d.peakBytes, &d.tables,       &d.replies};
}

std::vector<double*> fieldsOf(PageAccess& a) {
  return {&a.pages, &a.perTransaction, &a.dirtied, &a.parameter, &a.keys, &a.from, &a.until};
}

double sum(const ScriptDemand& demand, bool changed) {
  double total = 0;
  for (const PageAccess& one : demand.pages) {
    total += one.perTransaction * (changed ? one.dirtied : 1);
  }
  return total;
}

// One load in one tick.
class Step {
 public:
  Step(ServerContext& context, ClientLoad& load, double otherCores)
      : m_c(context), m_server(context.server), m_load(load), m_otherCores(otherCores) {
    if (!load.tables.made) load.tables.made = std::make_shared<DemandTables>(load.demand);
    if (load.redoFrom != m_server.redoFrom) {
      load.redoFrom = m_server.redoFrom;
      load.changes = 0;
    }
  }

  void run(double seconds, LoadWork& work);

 private:
  void weigh(double seconds);
  double capacity() const;
  double serve(double seconds, double most);
  void log(double before, double latencyBefore, double seconds);
  void book(double transactions, LoadWork& work);

  ServerContext& m_c;
  Postgres& m_server;
  ClientLoad& m_load;
  double m_otherCores;
  double m_misses = 0, m_images = 0, m_disk = 0;  // of a transaction
  double m_cpu = 0;                               // seconds of a transaction
};

// What a transaction costs as things are now.
void Step::weigh(double seconds) {
  namespace k = calibration;
  const DemandTables& tables = *m_load.tables.made;
  const ScriptDemand& demand = m_load.demand;
  m_misses = tables.accesses * (1 - tables.touched.hitRatio(m_server.relationPages));
  const double expected = std::max(1.0, m_load.rateNow * seconds);
  const double changes = expected * tables.changes;
  m_images = (tables.changed.distinctPages(m_load.changes + changes) -
              tables.changed.distinctPages(m_load.changes)) /
             expected;
  const double files = tables.touched.pages() * kPageBytes;
  const double cached =
      static_cast<double>(m_c.host.memory.pageCache - m_c.model.spec.host.fileWorkingSetBytes);
  m_disk = m_misses * std::clamp(1 - cached / std::max(files, 1.0), 0.0, 1.0);
  const double clients = m_load.alive;
  // A process that is woken finds no idle core of its own, for its fellows or for other jobs.
  const HostSpec& host = m_c.model.spec.host;
  const double crowded = std::clamp(1 + m_otherCores + host.otherCores - host.cores, 0.0, 1.0);
  const double alone = (1 - k::kCrowdedSwitch * crowded) / clients;
  m_cpu = demand.cpuSeconds + k::kSwitchSeconds * (1 - alone) + m_misses * k::kPageCopySeconds +
          m_images * (k::kPageImageSeconds);
  if (m_server.checkpointEnds.ms >= 0) m_cpu += m_images * k::kPageWriteSeconds;
  if (demand.hotRows > 0) {
    m_cpu += k::kRowContentionSeconds * std::min(clients / demand.hotRows, k::kMostAtARow);
  }
}

double Step::capacity() const {
  const HostSpec& host = m_c.model.spec.host;
  const double clients = m_load.alive, cores = host.cores;
  const double left = std::max(cores - m_otherCores - host.otherCores, 0.05 * cores);
  const double flush = m_load.demand.commits * host.diskFlushMs / 1000;
  const double company = std::min(1.0, (clients - 1) / 2);
  Demand demand;
  demand.cpuSeconds = m_cpu * std::max(1.0, std::min(clients, cores) / left);
  demand.diskReads = m_disk;
  demand.diskReadSeconds = host.diskReadMs / 1000;
  demand.delaySeconds = m_load.demand.sleepSeconds + flush * (1 + kSharedFlush * company);
  const double most = m_c.model.stations.throughput(clients, demand);
  return std::min(most, m_load.threads / (kClientShare * m_cpu));
}

// Transactions done in so many seconds; at most so many per second.
double Step::serve(double seconds, double most) {
  double done = most * seconds;
  double latency = m_load.alive / most;
  if (m_load.rate > 0) {
    const double offered = m_load.rate * seconds;
    done = std::min(m_load.backlog + offered, done);
    const double before = m_load.backlog;
    m_load.backlog = before + offered - done;
    const double lag = (before + m_load.backlog) / 2 / most;
    // Nobody in the queue: a client works alone as far as others let it.
    const double use = std::min(1.0, done / (most * seconds));
    latency = m_cpu + (latency - std::min(latency, m_cpu)) * use * use;
    m_load.lagSum += done * lag;
    m_load.lagMost = std::max(m_load.lagMost, std::max(before, m_load.backlog) / most);
    latency += lag;
  }
  if (m_load.transactionsWanted > 0) {
    const double left = m_load.transactionsWanted - m_load.transactions;
    if (done >= left) {
      seconds *= done > 0 ? left / done : 1;
      done = left;
      m_load.done = true;
    }
  }
  m_load.transactions += done;
  m_load.seconds += seconds;
  m_load.latencySum += done * latency;
  m_load.rateNow = seconds > 0 ? done / seconds : 0;
  const double busy = latency > 0 ? 1 - m_load.demand.sleepSeconds / latency : 1;
  m_load.active =
      std::min<double>(m_load.alive, m_load.rateNow * latency) * std::clamp(busy, 0.0, 1.0);
  m_load.cpuBusy = m_load.rateNow * m_cpu;
  return done;
}

void Step::book(double transactions, LoadWork& work) {
  const DemandTables& tables = *m_load.tables.made;
  const ScriptDemand& demand = m_load.demand;
  const double accesses = transactions * tables.accesses;
  const double misses = transactions * m_misses;
  m_server.blocksHit += accesses - misses + transactions * demand.hotAccesses;
  m_server.blocksRead += misses;
  m_server.buffersAlloc += misses;
  m_load.references += accesses / m_load.alive;
  const double room =
      std::max(8.0, static_cast<double>(m_server.values.sharedBuffersBytes) / kPageBytes -
                        calibration::kCataloguePages - m_server.poolPages);
  if (m_server.relationPages < room) {
    const double before = tables.touched.referencesFor(m_server.relationPages);
    const double grown =
        tables.touched.distinctPages(before + accesses) - tables.touched.distinctPages(before);
    m_server.relationPages += std::max(0.0, grown);
  }
  m_server.relationPages = std::min(m_server.relationPages, room);

  const double before = tables.changed.distinctPages(m_load.changes);
  m_load.changes += transactions * tables.changes;
  const double images = tables.changed.distinctPages(m_load.changes) - before;
  const bool full = m_server.settings.show("full_page_writes") != "off";
  const double bytes =
      transactions * demand.walBytes + (full ? images * calibration::kPageImageBytes : 0);
  m_server.walImages += full ? images : 0;
  m_server.commits += transactions;
  work.walBytes += bytes;
  work.pagesDirtied += images;
  work.transactions += transactions;
  work.diskReads += transactions * m_disk;
  work.writtenBytes += transactions * demand.tempBytes;
}

// Whole transactions and files, so that log and counters agree.
void Step::log(double before, double latencyBefore, double seconds) {
  const auto whole = [](double n) { return static_cast<std::int64_t>(n + 1e-9); };
  const double done = m_load.transactions - before;
  const double latency = done > 0 ? (m_load.latencySum - latencyBefore) / done : 0;
  logLoadStatements(m_c, m_load, whole(m_load.transactions) - whole(before), latency, seconds);
  const double each = m_load.demand.tempFiles;
  bookLoadFiles(m_c, m_load, whole(m_load.transactions * each) - whole(before * each), seconds);
}

void Step::run(double seconds, LoadWork& work) {
  weigh(seconds);
  const double before = m_load.transactions, latencyBefore = m_load.latencySum;
  const double done = serve(seconds, std::max(capacity(), 1e-9));
  book(done, work);
  log(before, latencyBefore, seconds);
  work.cpuBusy += m_load.cpuBusy;
  work.active += m_load.active;
}

}  // namespace

std::string demandText(const ScriptDemand& demand) {
  ScriptDemand copy = demand;
  std::string text = "demand";
  for (const double* field : fieldsOf(copy)) text += " " + realText(*field);
  for (PageAccess& one : copy.pages) {
    text += "\npages " + std::to_string(static_cast<int>(one.law));
    for (const double* field : fieldsOf(one)) text += " " + realText(*field);
  }
  return text;
}

std::optional<ScriptDemand> demandFrom(std::string_view text) {
  constexpr std::size_t kMostAccesses = 500;
  ScriptDemand demand;
  bool headed = false;
  for (const std::string& line : base::lines(text)) {
    const std::vector<std::string> words = base::split(line, ' ');
    std::vector<double*> fields;
    std::size_t at = 1;
    if (words[0] == "demand" && !headed) {
      fields = fieldsOf(demand);
      headed = true;
    } else if (words[0] == "pages" && words.size() > 1 && words[1].size() == 1 &&
               demand.pages.size() < kMostAccesses) {
      const int law = words[1][0] - '0';
      if (law < 0 || law > static_cast<int>(KeyLaw::Zipfian)) return std::nullopt;
      demand.pages.emplace_back().law = static_cast<KeyLaw>(law);
      fields = fieldsOf(demand.pages.back());
      at = 2;
    }
    if (fields.empty() || words.size() != at + fields.size()) return std::nullopt;
    for (double* field : fields) {
      if (!readReal(words[at++], *field)) return std::nullopt;
    }
  }
  if (!headed || !(demand.cpuSeconds > 0)) return std::nullopt;
  return demand;
}

DemandTables::DemandTables(const ScriptDemand& demand)
    : touched(pageClasses(demand, false)),
      changed(pageClasses(demand, true)),
      accesses(sum(demand, false)),
      changes(sum(demand, true)) {}

double backendBytes(double tables) {
  namespace k = calibration;
  if (!(tables > 0)) return k::kIdleBackendBytes;
  return k::kIdleBackendBytes + k::kFirstTableBytes + tables * k::kTableBytes +
         k::kManyTablesBytes * (1 - base::portableExp(-tables / k::kManyTables));
}

double backendFileBytes(double tables) {
  namespace k = calibration;
  return k::kIdleFileBytes + tables * k::kTableFileBytes +
         k::kManyTablesFileBytes * (1 - base::portableExp(-tables / k::kManyTables));
}

double ClientLoad::backendBytes() const {
  return sim::backendBytes(demand.tables);
}

namespace {

void countAlive(Postgres& server) {
  for (ClientLoad& load : server.loads) {
    if (load.done) continue;
    load.alive = static_cast<std::int32_t>(
        std::count_if(server.sessions.begin(), server.sessions.end(),
                      [&](const Session& one) { return one.load == load.firstPid; }));
  }
}

void hangUp(ServerContext& c, std::uint32_t load) {
  std::vector<std::uint32_t> pids;
  for (const Session& one : c.server.sessions) {
    if (one.load == load) pids.push_back(one.pid);
  }
  for (const std::uint32_t pid : pids) endSession(c, pid, SessionEnd::Closed);
}

}  // namespace

LoadWork stepClientLoads(ServerContext& context, double seconds, double otherCores) {
  LoadWork work;
  Postgres& server = context.server;
  if (!loadsRun(server)) return work;
  countAlive(server);
  for (ClientLoad& load : server.loads) {
    if (load.done) continue;
    load.done = load.aborted = load.alive == 0;
    const auto ms = static_cast<std::int64_t>(seconds * 1000);
    const std::int64_t ready =
        load.startedMs + static_cast<std::int64_t>(load.connectSeconds * 1000);
    const std::int64_t from = std::max(context.now.ms - ms, ready);
    const std::int64_t until = std::min(context.now.ms, load.endsMs);
    if (until > from && !load.done) {
      Step(context, load, otherCores + work.cpuBusy)
          .run(static_cast<double>(until - from) / 1000, work);
    }
    if (context.now.ms >= load.endsMs) load.done = true;
    work.bytes += load.alive * load.backendBytes() + load.active * load.demand.peakBytes;
    if (!load.done) continue;
    load.cpuBusy = load.active = 0;
    hangUp(context, load.firstPid);
  }
  return work;
}

bool loadsRun(const Postgres& server) {
  if (server.loads.empty()) return false;  // nearly always
  return std::any_of(server.loads.begin(), server.loads.end(),
                     [](const ClientLoad& one) { return one.runs(); });
}

const ClientLoad* findLoad(const Postgres& server, std::uint32_t firstPid) {
  for (const ClientLoad& one : server.loads) {
    if (one.firstPid == firstPid) return &one;
  }
  return nullptr;
}

std::string drawnStatement(const std::string& statement, std::uint64_t seed, std::int64_t moment,
                           std::uint32_t from) {
  std::string text;
  std::uint32_t which = 0;
  for (std::size_t at = 0; at < statement.size();) {
    const std::size_t open = statement.find(kRangeBegins, at),
                      close = statement.find(kRangeEnds, at);
    if (open == std::string::npos || close == std::string::npos || close < open) {
      return text + statement.substr(at);
    }
    text += statement.substr(at, open - at);
    const std::size_t first = open + kRangeBegins.size();
    const std::string range = statement.substr(first, close - first);
    const std::size_t comma = range.find(',');
    std::int64_t low = 0, high = 0;
    const char* end = range.data() + range.size();
    const bool two = comma != std::string::npos &&
                     std::from_chars(range.data(), end, low).ec == std::errc() &&
                     std::from_chars(range.data() + comma + 1, end, high).ec == std::errc();
    const std::uint64_t width =
        two && high > low ? static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low) : 0;
    const std::uint64_t draw =
        width == 0 ? 0 : base::below(width + 1, seed, base::Stream::Queries, moment, from + which);
    text += std::to_string(static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + draw));
    which += 1;
    at = close + kRangeEnds.size();
  }
  return text;
}

namespace {

Outcome refused(std::string text) {
  return {false, std::move(text), 1};
}

std::string fieldOf(const Action& action, const std::string& name) {
  const auto found = action.fields.find(name);
  return found == action.fields.end() ? std::string() : found->second;
}

double amountOf(const Action& action, const std::string& name) {
  double value = 0;
  return readReal(fieldOf(action, name), value) ? value : 0;
}

// "0 1 0.00012" for each statement; a line that cannot be read is as any other statement.
std::vector<SentStatement> sentFrom(const std::string& text) {
  constexpr std::size_t kMost = 1000;
  std::vector<SentStatement> sent;
  for (const std::string& line : base::lines(text)) {
    if (sent.size() >= kMost) break;
    const std::vector<std::string> words = base::split(line, ' ');
    SentStatement& one = sent.emplace_back();
    double script = 0;
    if (words.size() != 3 || !readReal(words[0], script) || !readReal(words[1], one.share) ||
        !readReal(words[2], one.seconds)) {
      one = {};
      continue;
    }
    one.script = static_cast<std::int32_t>(std::min(script, 1000.0));
  }
  return sent;
}

// One client's session; the refusal otherwise.
std::optional<ServerMessage> connectClient(ServerContext& c, const ClientLoad& load,
                                           std::uint32_t pid) {
  const Login login{load.user, load.database, load.application, {}, SessionKind::Client};
  if (auto refusal = turnedAway(c.model.spec, c.server, login)) {
    const bool postmaster = refusal->severity == "LOG";
    writeSessionMessage(c.server.values.log, *refusal, postmaster ? c.server.postmasterPid : pid,
                        {}, c.now, c.telemetry);
    return refusal;
  }
  Session session;
  session.pid = pid;
  session.role = load.user;
  session.database = load.database;
  session.application = load.application;
  session.load = load.firstPid;
  session.startedMs = session.stateChangeMs = session.xactStartMs = session.queryStartMs = c.now.ms;
  session.busyUntilMs = load.endsMs;
  session.leavesMs = load.endsMs;
  c.server.sessionsOpened += load.database == c.model.spec.database.database ? 1 : 0;
  c.server.sessions.push_back(std::move(session));
  return std::nullopt;
}

}  // namespace

Outcome startLoad(ServerContext& c, const Action& action) {
  constexpr double kMostClients = 5000;
  constexpr double kLongestMs = 31.0 * 24 * 3600 * 1000;
  constexpr std::size_t kMostKept = 16, kMostStatements = 1000;
  Postgres& server = c.server;
  if (!server.accepts()) return refused("The server does not accept connections.");
  const std::optional<ScriptDemand> demand = demandFrom(action.text);
  if (!demand) return refused("A load is written as a line of its demand and one for each access.");
  ClientLoad load;
  load.demand = *demand;
  load.clients =
      static_cast<std::int32_t>(std::clamp(amountOf(action, "clients"), 1.0, kMostClients));
  load.threads =
      static_cast<std::int32_t>(std::clamp(amountOf(action, "threads"), 1.0, kMostClients));
  load.user = fieldOf(action, "user");
  load.database = fieldOf(action, "database");
  load.application = fieldOf(action, "application");
  load.statements = base::lines(fieldOf(action, "statements"));
  if (load.statements.size() > kMostStatements) load.statements.resize(kMostStatements);
  load.sent = sentFrom(fieldOf(action, "sent"));
  load.authenticated = fieldOf(action, "authenticated");
  const std::string protocol = fieldOf(action, "protocol");
  if (protocol == "extended") load.protocol = QueryProtocol::Extended;
  if (protocol == "prepared") load.protocol = QueryProtocol::Prepared;
  load.rate = amountOf(action, "rate") / 1000;
  load.transactionsWanted = amountOf(action, "transactions");
  load.connectSeconds = amountOf(action, "connect") / 1000;
  load.startedMs = c.now.ms;
  const double wanted = amountOf(action, "milliseconds");
  load.endsMs =
      c.now.ms + static_cast<std::int64_t>(wanted > 0 ? std::min(wanted, kLongestMs) : kLongestMs);
  skipSessionPids(server, static_cast<std::uint32_t>(load.clients));
  load.firstPid = server.nextPid;
  for (load.alive = 0; load.alive < load.clients; ++load.alive) {
    const auto refusal =
        connectClient(c, load, load.firstPid + static_cast<std::uint32_t>(load.alive));
    if (!refusal) continue;
    hangUp(c, load.firstPid);
    const std::string lead = refusal->severity == "LOG" ? "" : refusal->severity + ":  ";
    return {false, lead + refusal->text, load.alive};
  }
  load.active = load.alive;
  logLoadConnections(c, load);
  server.nextPid += static_cast<std::uint32_t>(load.clients);
  while (server.loads.size() >= kMostKept && server.loads.front().done) {
    server.loads.erase(server.loads.begin());
  }
  server.loads.push_back(std::move(load));
  return {};
}

}  // namespace sim
