// SPDX-License-Identifier: GPL-3.0-or-later
// The network as seen from the database host: ping, mtr, ss, ip.
#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "base/text.h"
#include "console/options.h"
#include "console/system/processes.h"
#include "console/text/format.h"

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

// -- names: what /etc/hosts and the network's name server know --
bool isAddress(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789.") == std::string::npos;
}

std::string reversed(const std::string& address) {
  std::vector<std::string> parts = base::split(address, '.');
  std::reverse(parts.begin(), parts.end());
  std::string text;
  for (const std::string& part : parts) text += part + ".";
  return text + "in-addr.arpa";
}

int runNslookup(Call& call) {
  if (call.args.size() < 2) return call.fail("usage: nslookup NAME", 1);
  const std::string& name = call.args[1];
  call.print("Server:\t\t10.0.0.1\nAddress:\t10.0.0.1#53\n\n");
  const auto peer = findPeer(call.world(), name);
  if (!peer) {
    call.print("** server can't find " + (isAddress(name) ? reversed(name) : name) +
               ": NXDOMAIN\n\n");
    return 1;
  }
  if (isAddress(name)) {
    call.print(reversed(name) + "\tname = " + peer->name + ".\n\n");
  } else {
    call.print("Name:\t" + name + "\nAddress: " + peer->address + "\n\n");
  }
  return 0;
}

int runHost(Call& call) {
  if (call.args.size() < 2) return call.fail("usage: host NAME", 1);
  const std::string& name = call.args[1];
  const auto peer = findPeer(call.world(), name);
  if (!peer) {
    call.print("Host " + (isAddress(name) ? reversed(name) + "." : name) +
               " not found: 3(NXDOMAIN)\n");
    return 1;
  }
  call.print(isAddress(name) ? reversed(name) + " domain name pointer " + peer->name + ".\n"
                             : name + " has address " + peer->address + "\n");
  return 0;
}

int runDig(Call& call) {
  std::string name;
  bool brief = false;
  for (std::size_t i = 1; i < call.args.size(); ++i) {
    if (call.args[i] == "+short") brief = true;
    if (call.args[i][0] != '+' && call.args[i][0] != '-' && call.args[i][0] != '@' &&
        name.empty()) {
      name = call.args[i];
    }
  }
  if (name.empty()) return call.fail("usage: dig [+short] NAME", 1);
  const auto peer = findPeer(call.world(), name);
  if (brief) {
    if (peer) call.print(peer->address + "\n");
    return 0;
  }
  const std::uint32_t id = 1000 + static_cast<std::uint32_t>(base::below(
                                      60'000, call.world().seed(), base::Stream::Terminal,
                                      call.world().now().seconds(), 53));
  call.print("\n; <<>> DiG 9.18.28-1~deb12u2-Debian <<>> " + name +
             "\n;; global options: +cmd\n;; Got answer:\n;; ->>HEADER<<- opcode: QUERY, status: " +
             (peer ? "NOERROR" : "NXDOMAIN") + ", id: " + std::to_string(id) +
             "\n;; flags: qr aa rd ra; QUERY: 1, ANSWER: " + (peer ? "1" : "0") +
             ", AUTHORITY: 0, ADDITIONAL: 1\n\n;; QUESTION SECTION:\n;" + name +
             ".\t\t\tIN\tA\n\n");
  if (peer) call.print(";; ANSWER SECTION:\n" + name + ".\t\t60\tIN\tA\t" + peer->address + "\n\n");
  call.print(";; Query time: 0 msec\n;; SERVER: 10.0.0.1#53(10.0.0.1) (UDP)\n;; WHEN: " +
             base::ctimeText(call.unixMs()) + "\n;; MSG SIZE  rcvd: " + (peer ? "48" : "32") +
             "\n\n");
  return 0;
}

int runTraceroute(Call& call) {
  const Options options = parseOptions(call, "nTIm:w:q:");
  if (!options.ok) return 2;
  if (options.rest.empty()) return call.fail("Specify \"host\" missing argument.", 2);
  const auto peer = findPeer(call.world(), options.rest[0]);
  if (!peer) {
    call.complain(options.rest[0] +
                  ": Name or service not known\nCannot handle \"host\" cmdline "
                  "arg `" +
                  options.rest[0] + "' on position 1 (argc 1)");
    return 2;
  }
  call.print("traceroute to " + options.rest[0] + " (" + peer->address +
             "), 30 hops max, 60 byte packets\n 1  " +
             (options.has('n') ? peer->address : peer->name + " (" + peer->address + ")"));
  for (const double ms : probe(call.world(), *peer, 3)) {
    call.print(ms < 0 ? " *" : "  " + base::fixedText(ms, 3) + " ms");
  }
  call.print("\n");
  return 0;
}

// Whether something answers on a port: the database on this host, ssh everywhere, the website's
// pages on the application hosts.
bool listens(const sim::World& world, const Peer& peer, std::int64_t port) {
  if (port == 22) return peer.name != "gateway";
  if (peer.local) {
    if (port == 9100 || port == 9187) return true;
    const auto& server = world.postgres();
    return server.life != sim::Life::Stopped &&
           std::to_string(port) == server.settings.show("port");
  }
  return (port == 80 || port == 8080) && peer.name.starts_with("app");
}

int runNc(Call& call) {
  const Options options = parseOptions(call, "zvw:nu4");
  if (!options.ok) return 1;
  if (options.rest.size() < 2) return call.fail("missing port number", 1);
  const std::string& name = options.rest[0];
  const auto peer = findPeer(call.world(), name);
  if (!peer) {
    call.complain("nc: getaddrinfo for host \"" + name + "\" port " + options.rest[1] +
                  ": Name or service not known");
    return 1;
  }
  const std::int64_t port = numberOr(options.rest[1], -1, 1, 65'535);
  if (port < 0) return call.fail("port number invalid: " + options.rest[1], 1);
  const bool open = listens(call.world(), *peer, port);
  if (open && options.has('v')) {
    call.complain("Connection to " + name + " (" + peer->address + ") " + options.rest[1] +
                  " port [tcp/" +
                  (port == 5432 ? "postgresql"
                   : port == 22 ? "ssh"
                                : "*") +
                  "] succeeded!");
  } else if (!open && options.has('v')) {
    call.complain("nc: connect to " + name + " (" + peer->address + ") port " + options.rest[1] +
                  " (tcp) failed: Connection refused");
  }
  return open ? 0 : 1;
}

// curl of the exporters and the website's front: the status and how long it took.
int runCurl(Call& call) {
  const Options options = parseOptions(call, "sSIfo:w:m:kLv");
  if (!options.ok) return 2;
  if (options.rest.empty()) {
    call.complain("curl: try 'curl --help' for more information");
    return 2;
  }
  std::string rest = options.rest[0];
  if (const std::size_t scheme = rest.find("://"); scheme != std::string::npos) {
    rest = rest.substr(scheme + 3);
  }
  const std::string authority = rest.substr(0, rest.find('/'));
  const std::size_t colon = authority.find(':');
  const std::string name = authority.substr(0, colon);
  const std::int64_t port =
      colon == std::string::npos ? 80 : numberOr(authority.substr(colon + 1), 80, 1, 65'535);
  const auto peer = findPeer(call.world(), name);
  if (!peer) {
    if (!options.has('s')) call.complain("curl: (6) Could not resolve host: " + name);
    return 6;
  }
  if (!listens(call.world(), *peer, port) || port == 22 || port == 5432) {
    if (!options.has('s')) {
      call.complain("curl: (7) Failed to connect to " + name + " port " + std::to_string(port) +
                    " after 0 ms: Couldn't connect to server");
    }
    return 7;
  }
  const bool exporter = port == 9100 || port == 9187;
  const bool up = exporter || call.world().postgres().accepts();
  const std::string status = up ? "200 OK" : "503 Service Unavailable";
  if (options.has('I')) {
    call.print("HTTP/1.1 " + status + "\nContent-Type: text/" + (exporter ? "plain" : "html") +
               "; charset=utf-8\n\n");
  } else if (!options.has('o')) {
    if (exporter) {
      const auto row = call.machine.telemetry.lastRow();
      for (std::size_t i = 0; i < sim::kMetricCount; ++i) {
        const sim::MetricInfo& info = sim::metricInfo(static_cast<sim::Metric>(i));
        const std::string metric(info.name);
        const bool node = metric.starts_with("node_");
        if (info.audience != sim::Audience::Trainee || node != (port == 9100) ||
            (!node && !metric.starts_with("pg_"))) {
          continue;
        }
        const std::string labels(info.labels);
        call.print(metric + (labels.empty() ? "" : "{" + labels + "}") + " " +
                   generalText(static_cast<double>(row[i]), 9) + "\n");
      }
    } else {
      call.print(up ? "<!doctype html><title>shop</title>\n" : "service unavailable\n");
    }
  }
  if (options.has('w')) {
    std::string text = unescapedText(options.value('w'));
    text = base::replaceAll(text, "%{http_code}", up ? "200" : "503");
    text = base::replaceAll(
        text, "%{time_total}",
        base::fixedText(
            exporter ? 0.004 : std::max(0.002, call.world().website().last.serviceSeconds), 6));
    call.print(text);
  }
  return !up && options.has('f') ? 22 : 0;
}

constexpr Command kCommands[] = {
    {"curl", "curl [-s] [-I] [-o FILE] [-w FORMAT] URL",
     "fetch a page: application hosts, exporters on 9100 and 9187", runCurl},
    {"dig", "dig [+short] NAME", "ask the name server", runDig},
    {"host", "host NAME", "address of a name, name of an address", runHost},
    {"ip", "ip [-s] addr|link", "network interfaces and their counters", runIp},
    {"mtr", "mtr --report [--report-cycles N] HOST", "path to a host with loss and delay", runMtr},
    {"nc", "nc [-z] [-v] [-w SECONDS] HOST PORT", "whether a port answers", runNc},
    {"nslookup", "nslookup NAME", "ask the name server", runNslookup},
    {"ping", "ping [-c COUNT] HOST", "round-trip time to a host: app1 to app4, gateway", runPing},
    {"ss", "ss -s | ss -ti | ss -tln", "sockets", runSs},
    {"traceroute", "traceroute [-n] HOST", "the way to a host", runTraceroute}};

}  // namespace

std::span<const Command> networkCommands() {
  return kCommands;
}

}  // namespace console
