// SPDX-License-Identifier: GPL-3.0-or-later
#include "records/chain.h"

#include <bit>

#include "base/fingerprint.h"
#include "base/sha256.h"

namespace records {

namespace {

// Lengths keep the fields apart: "ab" + "c" is not "a" + "bc".
void add(std::string& text, std::string_view field) {
  text += std::to_string(field.size());
  text += ':';
  text += field;
}

void add(std::string& text, double value) {
  add(text, base::hexText(std::bit_cast<std::uint64_t>(value)));
}

}  // namespace

std::string chainStart() {
  return std::string(64, '0');
}

std::string chainHash(std::string_view previous, const Record& record) {
  std::string text;
  add(text, previous);
  add(text, std::to_string(record.id));
  for (const std::string* field : {&record.finishedAt, &record.trainee, &record.scenarioId,
                                   &record.scenarioHash, &record.scenarioTitle}) {
    add(text, *field);
  }
  add(text, std::to_string(record.seed));
  add(text, record.mode);
  add(text, record.score);
  add(text, record.band);
  for (const double value :
       {record.usersAffectedPercent, record.userMinutesLost, record.downtimeMinutes}) {
    add(text, value);
  }
  for (const std::string* field : {&record.fingerprint, &record.runText, &record.scoreJson}) {
    add(text, *field);
  }
  return base::sha256Hex(text);
}

}  // namespace records
