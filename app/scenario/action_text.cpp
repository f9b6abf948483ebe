// SPDX-License-Identifier: GPL-3.0-or-later
// Actions as JSON: lists of people's making, and the lines of a journal.
#include <nlohmann/json.hpp>

#include "scenario/json_tree.h"
#include "scenario/reader.h"
#include "scenario/sections.h"

namespace scenario {
namespace {

using Json = nlohmann::ordered_json;

// What a person typed may be any bytes; a journal is UTF-8.
std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

base::Error errorOf(const std::vector<Problem>& problems) {
  const Problem& first = problems.front();
  return {"bad-line", std::to_string(first.line) + ':' + std::to_string(first.column),
          (first.pointer.empty() ? "" : first.pointer + ": ") + "found " + first.found +
              ", expected " + first.expected};
}

}  // namespace

ActionsReading readActions(std::string_view text, const std::string& fileName,
                           const sim::TimingSpec& timing,
                           const std::vector<sim::ConfigFile>& files) {
  Document document(fileName, text);
  ActionsReading reading;
  if (const std::optional<Node> root = document.parse()) {
    readSteps(Value(document, &*root, ""), ActionScope{&timing, nullptr, files}, reading.actions);
  }
  reading.problems = document.takeProblems();
  if (!reading.problems.empty()) reading.actions.clear();
  return reading;
}

std::string actionLine(const sim::TimedAction& timed) {
  Json json;
  json["ms"] = timed.at.ms;
  json["who"] = timed.who;
  json["do"] = std::string(sim::verbName(timed.action.verb));
  if (!timed.action.target.empty()) json["target"] = timed.action.target;
  if (!timed.action.text.empty()) json["text"] = timed.action.text;
  for (const auto& [name, value] : timed.action.fields) json["fields"][name] = value;
  return dumped(json);
}

base::Result<sim::TimedAction> readActionLine(std::string_view line) {
  Document document("", line);
  sim::TimedAction timed;
  const std::optional<Node> root = document.parse();
  if (root) {
    Object object(Value(document, &*root, ""));
    constexpr std::int64_t kFarthest = std::int64_t{1} << 50;
    object.need("ms").integer(timed.at.ms, -kFarthest, kFarthest);
    object.need("who").text(timed.who);
    std::size_t verb = 0;
    if (object.need("do").oneOf(verb, sim::verbNames()))
      timed.action.verb = static_cast<sim::Verb>(verb);
    object.maybe("target").anyText(timed.action.target);
    object.maybe("text").anyText(timed.action.text);
    for (const auto& [name, value] : object.maybe("fields").members()) {
      value.anyText(timed.action.fields[name]);
    }
  }
  const std::vector<Problem> problems = document.takeProblems();
  if (!problems.empty()) return errorOf(problems);
  return timed;
}

base::Result<std::map<std::string, std::string>> readFlatObject(std::string_view line) {
  Document document("", line);
  std::map<std::string, std::string> values;
  if (const std::optional<Node> root = document.parse()) {
    for (const auto& [name, value] : Value(document, &*root, "").members()) {
      if (value.node()->kind == Node::Kind::Integer) {
        values[name] = std::to_string(value.node()->integer);
      } else if (value.node()->kind == Node::Kind::String) {
        values[name] = value.node()->text;
      } else {
        value.wrong("a text or a whole number");
      }
    }
  }
  const std::vector<Problem> problems = document.takeProblems();
  if (!problems.empty()) return errorOf(problems);
  return values;
}

std::string flatObject(const std::map<std::string, std::string>& values) {
  Json json = Json::object();
  for (const auto& [name, value] : values) json[name] = value;
  return dumped(json);
}

}  // namespace scenario
