// SPDX-License-Identifier: GPL-3.0-or-later
// fidelity FILE...: replays recorded cases of a real PostgreSQL 15 on the simulated server, through
// its terminal, and prints per family how many agree, a difference for each that does not, and
// "N passed, N failed" last. Exit code 1 when a file falls short of its share (see shareWanted).
// --at-least N: N cases in all are enough. --type: types lines of standard input instead.
#include <cstdlib>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <map>
#include <vector>

#include "base/text.h"
#include "cases.h"
#include "lab.h"
#include "measurements.h"
#include "runtime_cases.h"

namespace fidelity {

std::string textOf(const Json& object, const char* key) {
  const auto place = object.find(key);
  return place == object.end() || !place->is_string() ? std::string() : place->get<std::string>();
}

std::vector<std::string> textsOf(const Json& object, const char* key) {
  std::vector<std::string> result;
  const auto place = object.find(key);
  if (place == object.end() || !place->is_array()) return result;
  for (const Json& one : *place) {
    if (one.is_string()) result.push_back(one);
  }
  return result;
}

namespace {

struct Tally {
  std::size_t passed = 0, failed = 0, linesSame = 0, linesAll = 0;
};

using Replayer = Finding (*)(const Json&);

// What a family belongs to, by the members its cases have.
Replayer replayerOf(const Json& recorded) {
  if (recorded.contains("pg_ctl") && recorded.contains("started")) return replayStartCase;
  const std::string family = textOf(recorded, "family");
  for (const char* one : {"alter_system", "alter_system_misc", "set", "set_session", "show_units",
                          "conf_reload", "conf_syntax", "conf_precedence", "conf_restart"}) {
    if (family == one) return replayConfigurationCase;
  }
  return isRuntimeFamily(family) ? replayRuntimeCase : nullptr;
}

// The least share of cases, in percent, for exit code 0.
double shareWanted(Replayer replayer) {
  return replayer == replayConfigurationCase ? 99 : replayer == replayStartCase ? 98 : 95;
}

// The least share of measured checks, in percent, for exit code 0.
constexpr double kMeasuredShare = 95;

// Lines of standard input, typed into a laboratory as the recording machine had it.
void typeLines() {
  Lab lab;
  for (std::string line; std::getline(std::cin, line);) {
    std::cout << "$ " << line << "\n" << lab.type(line) << "\n";
  }
}

bool measureFile(const std::string& path, std::ifstream& file, const std::string& only,
                 Tally& total) {
  const Json measured = Json::parse(file, nullptr, false);
  if (!measured.is_object()) {
    std::cerr << path << ": found no measurements, expected a JSON object of sections\n";
    return false;
  }
  const MeasuredTally tally = measureAgain(measured, only);
  total.passed += tally.passed;
  total.failed += tally.failed;
  const auto all = static_cast<double>(tally.passed + tally.failed);
  return all > 0 && 100.0 * static_cast<double>(tally.passed) >= kMeasuredShare * all;
}

bool replayFile(const std::string& path, const std::string& only, Tally& total) {
  std::ifstream file(path);
  if (!file) {
    std::cerr << path << ": cannot be read\n";
    return false;
  }
  if (path.ends_with(".json")) return measureFile(path, file, only, total);
  std::map<std::string, Tally> families;
  double wanted = 0;
  std::size_t number = 0, passed = 0, all = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (base::trim(line).empty()) continue;
    const Json recorded = Json::parse(line, nullptr, false);
    if (recorded.is_discarded() || !recorded.contains("family")) {
      std::cerr << path << ":" << number << ": found no recorded case, expected a JSON object\n";
      return false;
    }
    const std::string id = textOf(recorded, "id");
    if (!only.empty() && !base::contains(id, only)) continue;
    const Replayer replayer = replayerOf(recorded);
    Finding finding;
    if (replayer == nullptr) {
      finding.difference = "    no way to replay this family\n";
    } else {
      wanted = std::max(wanted, shareWanted(replayer));
      finding = replayer(recorded);
    }
    Tally& family = families[textOf(recorded, "family")];
    const bool fine = finding.difference.empty();
    ++(fine ? family.passed : family.failed);
    family.linesSame += finding.linesSame;
    family.linesAll += finding.linesAll;
    ++all;
    passed += fine ? 1 : 0;
    if (!fine) std::cout << id << "\n" << finding.difference;
  }
  std::cout << "\n" << path << "\n";
  for (const auto& [name, tally] : families) {
    std::cout << "  " << std::left << std::setw(24) << name << std::right << std::setw(5)
              << tally.passed << " of " << tally.passed + tally.failed << " agree; log lines "
              << tally.linesSame << " of " << tally.linesAll << "\n";
    total.passed += tally.passed;
    total.failed += tally.failed;
  }
  return all > 0 && 100.0 * static_cast<double>(passed) >= wanted * static_cast<double>(all);
}

}  // namespace
}  // namespace fidelity

int main(int argc, char* argv[]) {
  fidelity::Tally total;
  bool fine = argc > 1;
  std::string only;
  long atLeast = -1;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--only" && i + 1 < argc) {
      only = argv[++i];
      continue;
    }
    if (argument == "--type") {
      fidelity::typeLines();
      return 0;
    }
    if (argument == "--at-least" && i + 1 < argc) {
      atLeast = std::strtol(argv[++i], nullptr, 10);
      continue;
    }
    fine = fidelity::replayFile(argument, only, total) && fine;
  }
  if (argc < 2)
    std::cerr << "Usage: fidelity [--only PART_OF_ID] [--at-least N] FILE... | --type\n";
  std::cout << "\n" << total.passed << " passed, " << total.failed << " failed\n";
  if (atLeast >= 0) {
    const auto wanted = static_cast<std::size_t>(atLeast);
    std::cout << "at least " << wanted << " must pass\n";
    return total.passed >= wanted ? 0 : 1;
  }
  return fine ? 0 : 1;
}
