// SPDX-License-Identifier: GPL-3.0-or-later
// The network as seen from the database host: ping, mtr, ss, ip.
#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "base/text.h"
#include "console/options.h"
#include "console/system/processes.h"

namespace console {
namespace {

struct Peer {
  std::string name, address;
  bool local = false;
};

std::optional<Peer> findPeer(const sim::World& world, const std::string& name) {
  if (name == "localhost" || name == "127.0.0.1") return Peer{"localhost", "127.0.0.1", true};
  if (name == world.spec().host.name || name == "10.0.0.10")
    return Peer{world.spec().host.name, "10.0.0.10", true};
  if (name == "gateway" || name == "10.0.0.1") return Peer{"gateway", "10.0.0.1"};
  for (int i = 0; i < world.spec().website.hostsMaximum; ++i) {
    const std::string host = "app" + std::to_string(i + 1);
    if (name == host || name == clientAddress(i)) return Peer{host, clientAddress(i)};
  }
  return std::nullopt;
}

// Round-trip times of some probes; a negative one was lost.
std::vector<double> probe(const sim::World& world, const Peer& peer, std::int64_t count) {
  std::vector<double> times;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto index = static_cast<std::uint32_t>(i);
    const std::int64_t tick = world.now().seconds();
    const double jitter =
        base::uniform(world.seed(), base::Stream::Network, tick, 1'000'000 + 2 * index);
    const double lost =
        base::uniform(world.seed(), base::Stream::Network, tick, 1'000'001 + 2 * index);
    if (!peer.local && lost < world.network().lossRatio) {
      times.push_back(-1);
    } else {
      const double mean = peer.local ? 0.045 : world.network().rttMs;
      times.push_back(mean * (0.92 + 0.16 * jitter));
    }
  }
  return times;
}

struct Summary {
  double least = 0, mean = 0, most = 0, deviation = 0;
  std::int64_t received = 0;
};

Summary summarize(const std::vector<double>& times) {
  Summary s;
  double sum = 0, squares = 0;
  for (const double t : times) {
    if (t < 0) continue;
    s.least = s.received == 0 ? t : std::min(s.least, t);
    s.most = std::max(s.most, t);
    sum += t;
    squares += t * t;
    ++s.received;
  }
  if (s.received == 0) return s;
  const auto n = static_cast<double>(s.received);
  s.mean = sum / n;
  s.deviation = std::sqrt(std::max(0.0, squares / n - s.mean * s.mean));
  return s;
}

int runPing(Call& call) {
  const Options options = parseOptions(call, "c:i:W:s:nq4M:");
  if (!options.ok) return 2;
  if (options.rest.empty()) {
    call.complain("ping: usage error: Destination address required");
    return 1;
  }
  const auto peer = findPeer(call.world(), options.rest.back());
  if (!peer) return call.fail(options.rest.back() + ": Name or service not known", 2);
  if (options.has('c') &&
      (!isNumber(options.value('c')) || numberOr(options.value('c'), 0, 0, 1 << 30) == 0)) {
    return call.fail("invalid argument: '" + options.value('c') +
                     "': out of range: 1 <= value <= 9223372036854775807");
  }
  const std::int64_t count = numberOr(options.value('c', "4"), 4, 1, 300);
  const auto times = probe(call.world(), *peer, count);
  call.print("PING " + options.rest.back() + " (" + peer->address + ") 56(84) bytes of data.\n");
  const std::string from = options.rest.back() == peer->address
                               ? peer->address
                               : peer->name + " (" + peer->address + ")";
  for (std::size_t i = 0; i < times.size() && !options.has('q'); ++i) {
    if (times[i] < 0) continue;
    const int decimals = times[i] < 1 ? 3 : times[i] < 10 ? 2 : 1;
    call.print("64 bytes from " + from + ": icmp_seq=" + std::to_string(i + 1) +
               " ttl=64 time=" + base::fixedText(times[i], decimals) + " ms\n");
  }
  const Summary s = summarize(times);
  const std::int64_t lost = (count - s.received) * 100 / count;
  call.print("\n--- " + options.rest.back() + " ping statistics ---\n" + std::to_string(count) +
             " packets transmitted, " + std::to_string(s.received) + " received, " +
             std::to_string(lost) + "% packet loss, time " +
             std::to_string(count > 1 ? (count - 1) * 1017 : 0) + "ms\n");
  if (s.received > 0) {
    call.print("rtt min/avg/max/mdev = " + base::fixedText(s.least, 3) + "/" +
               base::fixedText(s.mean, 3) + "/" + base::fixedText(s.most, 3) + "/" +
               base::fixedText(s.deviation, 3) + " ms\n");
  }
  call.duration = call.duration + base::seconds(count - 1);
  return s.received > 0 ? 0 : 1;
}

int runMtr(Call& call) {
  constexpr LongOption kLongs[] = {
      {"report", 'r'}, {"report-cycles", 'c'}, {"no-dns", 'n'}, {"report-wide", 'w'}};
  const Options options = parseOptions(call, "rc:nwbtT", kLongs);
  if (!options.ok) return 1;
  if (options.rest.empty()) return call.fail("missing host", 1);
  const auto peer = findPeer(call.world(), options.rest.back());
  if (!peer)
    return call.fail("Failed to resolve host: " + options.rest.back() +
                     ": Name or service not known");
  const std::int64_t count = numberOr(options.value('c', "10"), 10, 1, 300);
  const auto times = probe(call.world(), *peer, count);
  const Summary s = summarize(times);
  const double last = times.empty() ? 0 : std::max(0.0, times.back());
  const double loss = 100.0 * static_cast<double>(count - s.received) / static_cast<double>(count);
  const auto number = [](double value) { return base::padLeft(base::fixedText(value, 1), 6); };
  call.print("Start: " + base::isoText(call.unixMs()).substr(0, 19) +
             "+0000\nHOST: " + base::padRight(call.world().spec().host.name, 28) +
             "Loss%   Snt   Last   Avg  Best  Wrst StDev\n");
  call.print("  1.|-- " + base::padRight(options.has('n') ? peer->address : peer->name, 25) +
             base::padLeft(base::fixedText(loss, 1), 5) + "%" +
             base::padLeft(std::to_string(count), 6) + " " + number(last) + number(s.mean) +
             number(s.least) + number(s.most) + number(s.deviation) + "\n");
  call.duration = call.duration + base::seconds(count);
  return 0;
}

void printSockets(Call& call, bool details) {
  call.print("State      Recv-Q Send-Q Local Address:Port   Peer Address:Port \n");
  const double rtt = call.world().network().rttMs;
  for (const BackendWork& one : backendWork(call.world())) {
    const std::string peer = clientAddress(one.cohort) + ":" + std::to_string(clientPort(one.pid));
    call.print("ESTAB      0      0       10.0.0.10:5432     " + peer + " \n");
    if (!details) continue;
    call.print("\t cubic wscale:7,7 rto:204 rtt:" + base::fixedText(rtt, 3) + "/" +
               base::fixedText(rtt / 2, 3) +
               " ato:40 mss:1448 pmtu:1500 rcvmss:536 advmss:1448 cwnd:10 bytes_sent:" +
               std::to_string(40'000 + one.pid % 997 * 811) +
               " segs_out:" + std::to_string(900 + one.pid % 997) + " delivery_rate " +
               base::fixedText(11'584.0 * 10 / std::max(rtt, 0.01) / 1000, 1) +
               "Mbps minrtt:" + base::fixedText(rtt * 0.9, 3) + "\n");
  }
}

int runSs(Call& call) {
  const Options options = parseOptions(call, "stinlpuamo46e");
  if (!options.ok) return 1;
  const auto connections = static_cast<int>(backendWork(call.world()).size());
  const bool listening = call.world().postgres().life != sim::Life::Stopped;
  if (options.has('s')) {
    const int tcp = connections + 5 + (listening ? 2 : 0);
    const auto cell = [](int value) { return base::padRight(std::to_string(value), 10); };
    const auto three = [&](int total, int ip, int ip6) {
      return cell(total) + cell(ip) + base::padRight(std::to_string(ip6), 9) + "\n";
    };
    call.print("Total: " + std::to_string(tcp + 118) + "\nTCP:   " + std::to_string(tcp) +
               " (estab " + std::to_string(connections + 2) +
               ", closed 0, orphaned 0, timewait 0)\n\n" +
               "Transport Total     IP        IPv6\nRAW\t  " + three(0, 0, 0) + "UDP\t  " +
               three(2, 1, 1) + "TCP\t  " + three(tcp, tcp - 2, 2) + "INET\t  " +
               three(tcp + 2, tcp - 1, 3) + "FRAG\t  " + three(0, 0, 0));
    return 0;
  }
  if (options.has('l')) {
    call.print(
        "State  Recv-Q Send-Q Local Address:Port Peer Address:Port\nLISTEN 0      128          "
        "0.0.0.0:22        0.0.0.0:*    \n");
    if (listening) call.print("LISTEN 0      244          0.0.0.0:5432      0.0.0.0:*    \n");
    call.print(
        "LISTEN 0      4096               *:9100            *:*    \nLISTEN 0      4096            "
        "   *:9187            *:*    \n");
    return 0;
  }
  printSockets(call, options.has('i'));
  return 0;
}

int runIp(Call& call) {
  const bool link = call.args.size() > 1 &&
                    std::find(call.args.begin(), call.args.end(), "link") != call.args.end();
  const auto received = static_cast<std::int64_t>(call.world().host().receiveBytes);
  const auto sent = static_cast<std::int64_t>(call.world().host().transmitBytes);
  call.print(
      "2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP mode DEFAULT group "
      "default qlen 1000\n"
      "    link/ether 52:54:00:0a:00:0a brd ff:ff:ff:ff:ff:ff\n");
  if (!link)
    call.print(
        "    inet 10.0.0.10/24 brd 10.0.0.255 scope global eth0\n       valid_lft forever "
        "preferred_lft forever\n");
  if (std::find(call.args.begin(), call.args.end(), "-s") != call.args.end()) {
    call.print("    RX:  bytes packets errors dropped  missed   mcast\n    " +
               std::to_string(received) + " " + std::to_string(received / 900) +
               "      0       0       0       0\n    TX:  bytes packets errors dropped "
               "carrier collsns\n    " +
               std::to_string(sent) + " " + std::to_string(sent / 900) +
               "      0       0       0       0\n");
  }
  return 0;
}

constexpr Command kCommands[] = {
    {"ip", "ip [-s] addr|link", "network interfaces and their counters", runIp},
    {"mtr", "mtr --report [--report-cycles N] HOST", "path to a host with loss and delay", runMtr},
    {"ping", "ping [-c COUNT] HOST", "round-trip time to a host: app1 to app4, gateway", runPing},
    {"ss", "ss -s | ss -ti | ss -tln", "sockets", runSs}};

}  // namespace

std::span<const Command> networkCommands() {
  return kCommands;
}

}  // namespace console
