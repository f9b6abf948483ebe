// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenario/reader.h"

#include "base/sha256.h"
#include "scenario/file_bytes.h"
#include "scenario/json_tree.h"
#include "scenario/sections.h"

namespace scenario {
namespace {

constexpr int kFormat = 1;

bool goodId(const std::string& id) {
  if (id.empty() || id.size() > 80 || id.front() == '-') return false;
  return id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
}

void readHead(Object& object, Scenario& scenario) {
  const Value id = object.need("id");
  if (id.text(scenario.id) && !goodId(scenario.id)) {
    id.wrong("an id of lower-case letters, digits and hyphens");
  }
  object.need("title").text(scenario.title);
  object.need("summary").longText(scenario.summary);
  object.maybe("author").text(scenario.author);
  object.need("difficulty").integer(scenario.difficulty, 1, 5);
  object.need("objectives").texts(scenario.objectives);
}

void readWorld(Object& object, sim::WorldSpec& world) {
  readTiming(object.need("timing"), world.timing);
  readHost(object.need("host"), world.host);
  readDatabase(object.need("database"), world.timing, world.database);
  readWorkload(object.need("workload"), world.timing, world.workload);
  readWebsite(object.need("website"), world.website);
  readNetwork(object.maybe("network"), world.network);
  readMonitoring(object.need("monitoring"), world.monitoring);
  readPeople(object.need("people"), world.people);
  readHappenings(object.maybe("happenings"), world, world.happenings);
  readSafety(object.maybe("safety"), world.safety);
  readReview(object.need("review"), world, world.review);
}

void readStory(Object& object, Scenario& scenario) {
  readDiagnosisForm(object.need("diagnosis"), scenario.world.database.catalogue.get(), scenario);
  readChain(object.need("chain"), scenario);
  readClues(object.need("clues"), scenario);
  readTruth(object.need("truth"), scenario);
  readLists(object.need("actions"), scenario);
  readHints(object.maybe("hints"), scenario);
  readMilestones(object.maybe("milestones"), scenario);
  readRubric(object.maybe("rubric"), scenario);
  readTexts(object.need("texts"), scenario);
}

// False when the file is of a format this program does not know; nothing else is then worth saying.
bool readFormat(const Node& root, Document& document) {
  for (std::size_t i = 0; i < root.keys.size(); ++i) {
    if (root.keys[i].name != "format") continue;
    const Node& format = root.items[i];
    if (format.kind != Node::Kind::Integer || format.integer == kFormat) return true;
    document.add(
        format.offset, "/format", std::to_string(format.integer),
        format.integer > kFormat ? "1: the file is for a newer version of this program" : "1");
    return false;
  }
  return true;
}

}  // namespace

Reading readScenario(std::string_view text, const std::string& fileName,
                     std::shared_ptr<const sim::SettingCatalogue> catalogue) {
  Document document(fileName, text);
  auto scenario = std::make_shared<Scenario>();
  scenario->file = fileName;
  const std::optional<Node> root = document.parse();
  if (root && readFormat(*root, document)) {
    scenario->hash = base::sha256Hex(text);
    scenario->world.database.catalogue = std::move(catalogue);
    Object object(Value(document, &*root, ""));
    (void)object.maybe("$schema");
    int format = kFormat;
    object.need("format").integer(format, kFormat, kFormat);
    readHead(object, *scenario);
    readWorld(object, scenario->world);
    readStory(object, *scenario);
  }
  Reading reading;
  if (document.clean()) reading.scenario = std::move(scenario);
  reading.problems = document.takeProblems();
  return reading;
}

Reading readScenarioFile(const std::string& path,
                         std::shared_ptr<const sim::SettingCatalogue> catalogue) {
  const FileBytes file = readFileBytes(path, kMaximumFileBytes);
  if (!file.ok) return {nullptr, {{path, 0, 0, "", file.found, file.expected}}};
  return readScenario(file.bytes, path, std::move(catalogue));
}

}  // namespace scenario
