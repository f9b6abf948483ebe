// SPDX-License-Identifier: GPL-3.0-or-later
// The schema and the reader know the same keys: a key nobody knows is put into every object of the
// seed scenario, and the reader's list of known keys is compared with the schema's properties
// there.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/text.h"
#include "scenario_files.h"

namespace {

using Json = nlohmann::ordered_json;
using Pointer = Json::json_pointer;

const char* const kStranger = "qqqqqqqqqqqqqqqqqqqqqqqqqqqq";

Json parsed(const std::string& path) {
  return Json::parse(fileText(path), nullptr, true, true);
}

const Json& resolved(const Json& schema, const Json& root) {
  if (schema.contains("allOf")) return resolved(schema["allOf"][0], root);
  if (!schema.contains("$ref")) return schema;
  return resolved(root[Pointer(schema["$ref"].get<std::string>().substr(1))], root);
}

class Walk {
 public:
  explicit Walk(const Json& schema) : m_schema(schema), m_catalogue(testCatalogue()) {}

  void visit(const Json& document, const Json& place, const Json& schemaHere,
             const Pointer& pointer) {
    const Json& schema = resolved(schemaHere, m_schema);
    if (place.is_array() && schema.contains("items")) {
      for (std::size_t i = 0; i < place.size(); ++i) {
        visit(document, place[i], schema["items"], pointer / i);
      }
    }
    if (!place.is_object() || !schema.contains("properties")) return;
    compare(document, schema["properties"], pointer);
    for (const auto& [key, value] : place.items()) {
      ASSERT_TRUE(schema["properties"].contains(key)) << pointer << ' ' << key;
      visit(document, value, schema["properties"][key], pointer / key);
    }
  }
  [[nodiscard]] int compared() const { return m_compared; }

 private:
  void compare(Json document, const Json& properties, const Pointer& pointer) {
    // Which fields an action has depends on its verb; the schema has them all.
    if (pointer.to_string().ends_with("/fields")) return;
    const bool byKind = pointer.to_string().starts_with("/happenings/");
    document[pointer][kStranger] = 1;
    const auto reading = scenario::readScenario(document.dump(), "f", m_catalogue);
    ASSERT_EQ(reading.problems.size(), 1u) << pointer << ' ' << reading.problems[0].text();
    std::set<std::string> reader, schema;
    for (const std::string& part : base::split(reading.problems[0].expected, ',')) {
      const std::size_t open = part.find('"');
      reader.insert(part.substr(open + 1, part.rfind('"') - open - 1));
    }
    for (const auto& [key, value] : properties.items()) schema.insert(key);
    if (byKind) {
      EXPECT_TRUE(std::includes(schema.begin(), schema.end(), reader.begin(), reader.end()))
          << pointer;
    } else if (pointer.to_string().starts_with("/actions/") && reader.count("do") != 0) {
      for (const char* key : {"replace", "with"}) schema.erase(key), reader.erase(key);
      EXPECT_EQ(reader, schema) << pointer;
    } else {
      EXPECT_EQ(reader, schema) << pointer;
    }
    ++m_compared;
  }

  const Json& m_schema;
  std::shared_ptr<const sim::SettingCatalogue> m_catalogue;
  int m_compared = 0;
};

TEST(Schema, KnowsTheKeysTheReaderKnows) {
  const Json schema = parsed(SOURCE_DIR "/scenarios/scenario.schema.json");
  // One of each of the long lists is enough, and quicker.
  Json seed = parsed(kSeedFile);
  for (const char* list : {"/actions/0/steps", "/actions/1/steps"}) {
    Json& steps = seed[Pointer(list)];
    steps.erase(steps.begin() + 4, steps.end());
  }
  seed["milestones"] = Json::array({seed["milestones"][0]});
  seed["actions"] = Json::array({seed["actions"][0], seed["actions"][1]});
  Walk walk(schema);
  walk.visit(seed, seed, schema, Pointer());
  EXPECT_GT(walk.compared(), 80);
}

TEST(Schema, KnowsEveryVerb) {
  const Json schema = parsed(SOURCE_DIR "/scenarios/scenario.schema.json");
  EXPECT_EQ(schema["definitions"]["verb"]["enum"].get<std::vector<std::string>>(),
            sim::verbNames());
}

}  // namespace
