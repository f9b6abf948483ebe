// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenario/condition_text.h"
#include "scenario/sections.h"

namespace scenario {
namespace {

void readChoices(const Value& value, std::vector<Choice>& choices) {
  std::vector<std::string> ids;
  const std::vector<Value> items = value.items();
  for (const Value& item : items) {
    Object object(item);
    Choice choice;
    const Value id = object.need("id");
    if (id.text(choice.id)) unique(id, choice.id, ids);
    object.need("title").text(choice.title);
    choices.push_back(std::move(choice));
  }
  if (value.present() && value.node()->kind == Node::Kind::Array && items.size() < 2) {
    value.problem("fewer than two choices", "at least two, or there is nothing to choose");
  }
}

void readReference(const Value& value, const std::vector<Choice>& choices, std::string_view kind,
                   std::string& into) {
  if (value.text(into)) value.known(into, idsOf(choices), kind);
}

void readReferences(const Value& value, const std::vector<Choice>& choices, std::string_view kind,
                    std::vector<std::string>& into) {
  for (const Value& item : value.items()) {
    std::string word;
    readReference(item, choices, kind, word);
    if (!word.empty()) into.push_back(std::move(word));
  }
}

// Sources name charts by the full name of their metric, whatever the file wrote.
void readSource(const Value& value, const Scenario& scenario, Clue& clue) {
  std::string source;
  if (!value.text(source)) return;
  const std::size_t colon = source.find(':');
  const std::string kind = source.substr(0, colon);
  const std::string subject = colon == std::string::npos ? "" : source.substr(colon + 1);
  if (kind == "chart" && colon != std::string::npos) {
    const MetricReading metric = readMetric(subject);
    if (metric.metric) {
      source = "chart:" + sim::metricInfo(*metric.metric).fullName();
    } else {
      value.problem("the metric " + inQuotes(subject), metric.expected);
    }
  } else if (kind == "ask" && colon != std::string::npos) {
    std::vector<std::string> topics;
    for (const sim::PersonSpec& person : scenario.world.people) {
      for (const sim::Topic& topic : person.topics) topics.push_back(topic.id);
    }
    value.known(subject, topics, "a topic of a person");
  } else {
    static const std::vector<std::string> kSources = {
        "log:postgresql", "log:kernel", "log:systemd", "log:website",    "log:network",
        "command",        "changes",    "alerts",      "chart:<metric>", "ask:<topic>"};
    value.known(source, kSources, "a source");
  }
  clue.sources.push_back(std::move(source));
}

}  // namespace

void readDiagnosisForm(const Value& value, const sim::SettingCatalogue* catalogue,
                       Scenario& scenario) {
  Object object(value);
  DiagnosisForm& form = scenario.form;
  readChoices(object.need("components"), form.components);
  readChoices(object.need("mechanisms"), form.mechanisms);
  const Value settings = object.need("settings");
  readChoices(settings, form.settings);
  readChoices(object.need("directions"), form.directions);
  readChoices(object.need("changes"), form.changes);
  if (catalogue == nullptr || form.settings.empty()) return;
  const std::vector<Value> items = settings.items();
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string& name = form.settings[i].id;
    if (name.empty() || name == "none" || catalogue->find(name) != nullptr) continue;
    items[i].problem("the setting " + inQuotes(name),
                     nearestSetting(*catalogue, name) + ", or \"none\"");
  }
}

void readChain(const Value& value, Scenario& scenario) {
  std::vector<std::string> ids;
  for (const Value& item : value.items()) {
    Object object(item);
    ChainLink link;
    const Value id = object.need("id");
    if (id.text(link.id)) unique(id, link.id, ids);
    object.need("title").text(link.title);
    scenario.chain.push_back(std::move(link));
  }
}

void readClues(const Value& value, Scenario& scenario) {
  std::vector<std::string> ids;
  for (const Value& item : value.items()) {
    Object object(item);
    Clue clue;
    const Value id = object.need("id");
    if (id.text(clue.id)) unique(id, clue.id, ids);
    object.need("title").text(clue.title);
    const Value link = object.maybe("link");
    if (link.text(clue.link)) link.known(clue.link, idsOf(scenario.chain), "a link of the chain");
    const Value clears = object.maybe("clears");
    if (clears.text(clue.clears)) {
      clears.known(clue.clears, idsOf(scenario.form.components), "a component");
    }
    if (link.present() == clears.present()) {
      item.problem(
          link.present() ? "both \"link\" and \"clears\"" : "neither \"link\" nor \"clears\"",
          "one of them");
    }
    for (const Value& source : object.need("sources").items()) readSource(source, scenario, clue);
    object.maybe("anyText").texts(clue.anyText);
    object.maybe("allText").texts(clue.allText);
    readConditions(object.maybe("metric"), clue.metric);
    scenario.clues.push_back(std::move(clue));
  }
}

void readTruth(const Value& value, Scenario& scenario) {
  Object object(value);
  Truth& truth = scenario.truth;
  const DiagnosisForm& form = scenario.form;
  readReference(object.need("component"), form.components, "a component of the form",
                truth.component);
  readReference(object.need("mechanism"), form.mechanisms, "a mechanism of the form",
                truth.mechanism);
  readReference(object.need("setting"), form.settings, "a setting of the form", truth.setting);
  readReference(object.need("direction"), form.directions, "a direction of the form",
                truth.direction);
  readReference(object.need("change"), form.changes, "a change of the form", truth.change);
  readReferences(object.maybe("acceptedComponents"), form.components, "a component of the form",
                 truth.acceptedComponents);
  readReferences(object.maybe("acceptedMechanisms"), form.mechanisms, "a mechanism of the form",
                 truth.acceptedMechanisms);
}

}  // namespace scenario
