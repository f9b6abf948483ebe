// SPDX-License-Identifier: GPL-3.0-or-later
// What memory processes map and share: pmap, ipcs.
#include <algorithm>
#include <array>
#include <cstdio>

#include "base/text.h"
#include "console/file_view.h"
#include "console/options.h"
#include "console/system/processes.h"

namespace console {
namespace {

struct Mapping {
  std::int64_t kb = 0, residentKb = 0, dirtyKb = 0;
  std::string mode, name;
};

// MODEL: the parts of a process as a 15.18 on Debian 12 has them, of the sizes that
// /proc/PID/status shows: the program, its heap, the shared segment, libraries, the stack.
std::vector<Mapping> mappingsOf(const sim::World& world, const Process& process) {
  constexpr std::int64_t kStackKb = 132, kTextKb = 5288, kDataKb = 200;
  const bool server = !process.type.empty();
  const std::int64_t segmentKb = server ? world.postgres().values.sharedMemoryBytes / 1024 : 0;
  const std::int64_t textKb = server ? kTextKb : std::min(kTextKb, process.virtualKb / 8);
  std::vector<Mapping> all;
  const std::string program =
      server ? "postgres" : baseName(process.command.substr(0, process.command.find(' ')));
  all.push_back({textKb, std::min(textKb, process.fileKb / 2), 0, "r-x--", program});
  all.push_back({kDataKb, std::min(kDataKb, process.anonKb / 8), 0, "rw---", program});
  const std::int64_t ofProgram = all[0].residentKb;
  const std::int64_t stackRss = std::min<std::int64_t>(32, process.anonKb / 8);
  const std::int64_t heapRss = process.anonKb - all[1].residentKb - stackRss;
  all.push_back({heapRss + heapRss / 4, heapRss, heapRss, "rw---", "  [ anon ]"});
  if (segmentKb > 0) {
    all.push_back({segmentKb, process.shmemKb, process.shmemKb, "rw-s-", "zero (deleted)"});
  }
  std::int64_t rest = process.virtualKb - kStackKb;
  for (const Mapping& one : all) rest -= one.kb;
  const std::int64_t files = process.fileKb - ofProgram;
  all.push_back({std::max(rest, files), files, 0, "r-x--", "libc.so.6"});
  all.push_back({kStackKb, stackRss, stackRss, "rw---", "  [ stack ]"});
  all[1].dirtyKb = all[1].residentKb;
  return all;
}

std::string hexAddress(std::uint64_t address) {
  std::array<char, 20> text{};
  std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(address));
  return text.data();
}

std::string kbColumn(std::int64_t kb, std::size_t width) {
  return base::padLeft(std::to_string(kb), width);
}

void printMappings(Call& call, const std::vector<Mapping>& all, bool extended, bool quiet) {
  if (extended && !quiet) call.print("Address           Kbytes     RSS   Dirty Mode  Mapping\n");
  Mapping sum;
  // The program lies low, the libraries and the shared segment high, the stack on top.
  std::uint64_t at = 0x55d0c0a00000ULL;
  for (const Mapping& one : all) {
    const bool high = one.mode == "rw-s-" || one.name == "libc.so.6";
    if (high) at = std::max<std::uint64_t>(at, 0x7f3a00000000ULL);
    if (one.name == "  [ stack ]") at = 0x7ffd4a1c0000ULL;
    call.print(hexAddress(at));
    if (extended) {
      call.print(" " + kbColumn(one.kb, 7) + " " + kbColumn(one.residentKb, 7) + " " +
                 kbColumn(one.dirtyKb, 7) + " " + one.mode + " " + one.name + "\n");
    } else {
      call.print(" " + kbColumn(one.kb, 6) + "K " + one.mode + " " + one.name + "\n");
    }
    at += static_cast<std::uint64_t>(one.kb) * 1024;
    sum.kb += one.kb;
    sum.residentKb += one.residentKb;
    sum.dirtyKb += one.dirtyKb;
  }
  if (quiet) return;
  if (!extended) return call.print(" total " + kbColumn(sum.kb, 16) + "K\n");
  call.print("---------------- ------- ------- ------- \ntotal kB         " + kbColumn(sum.kb, 7) +
             " " + kbColumn(sum.residentKb, 7) + " " + kbColumn(sum.dirtyKb, 7) + "\n");
}

int runPmap(Call& call) {
  constexpr LongOption kLongs[] = {{"extended", 'x'}, {"quiet", 'q'}, {"show-path", 'p'}};
  const Options options = parseOptions(call, "xqp", kLongs);
  if (!options.ok) return 1;
  if (options.rest.empty()) {
    call.complain("Usage:\n pmap [options] PID [PID ...]\n\nFor more details see pmap(1).");
    return 1;
  }
  int code = 0;
  for (const std::string& word : options.rest) {
    if (!isNumber(word)) {
      call.complain("Usage:\n pmap [options] PID [PID ...]\n\nFor more details see pmap(1).");
      return 1;
    }
    const auto pid = static_cast<std::uint32_t>(numberOr(word, 0, 0, 4'194'304));
    const auto process = findProcess(call.world(), pid);
    if (!process) {
      code = 42;  // procps: some processes were not found
      continue;
    }
    if (!options.has('q')) call.print(word + ":   " + process->command + "\n");
    if (call.state.user != "root" && call.state.user != process->user) {
      code = 1;  // the kernel shows the mappings to the owner alone
      continue;
    }
    printMappings(call, mappingsOf(call.world(), *process), options.has('x'), options.has('q'));
  }
  return code;
}

// The only System V segment of a server is 56 bytes long: it keeps a second postmaster out. The
// pool lies in anonymous memory.
void printSegments(Call& call) {
  const sim::Postgres& server = call.world().postgres();
  call.print(
      "\n------ Shared Memory Segments --------\n"
      "key        shmid      owner      perms      bytes      nattch     status      \n");
  if (server.life != sim::Life::Stopped) {
    std::size_t attached = 0;
    for (const Process& one : processes(call.world())) attached += one.type.empty() ? 0 : 1;
    call.print("0x0052e2c1 0          postgres   600        56         " +
               base::padRight(std::to_string(attached), 11) + "            \n");
  }
  call.print("\n");
}

int runIpcs(Call& call) {
  const Options options = parseOptions(call, "msqalup");
  if (!options.ok) return 1;
  const bool all =
      options.has('a') || (!options.has('m') && !options.has('s') && !options.has('q'));
  if (options.has('l')) {
    call.print(
        "\n------ Shared Memory Limits --------\nmax number of segments = 4096\n"
        "max seg size (kbytes) = 18014398509465599\n"
        "max total shared memory (kbytes) = 18446744073709551612\n"
        "min seg size (bytes) = 1\n\n");
    return 0;
  }
  if (all || options.has('q')) {
    call.print(
        "\n------ Message Queues --------\n"
        "key        msqid      owner      perms      used-bytes   messages    \n");
    if (!all) call.print("\n");
  }
  if (all || options.has('m')) printSegments(call);
  if (all || options.has('s')) {
    call.print(std::string(all ? "" : "\n") +
               "------ Semaphore Arrays --------\n"
               "key        semid      owner      perms      nsems     \n\n");
  }
  return 0;
}

constexpr Command kCommands[] = {
    {"ipcs", "ipcs [-m|-s|-q] [-l]", "System V shared memory and semaphores", runIpcs},
    {"pmap", "pmap [-x] [-q] PID...", "what memory a process maps", runPmap}};

}  // namespace

std::span<const Command> mappingCommands() {
  return kCommands;
}

}  // namespace console
