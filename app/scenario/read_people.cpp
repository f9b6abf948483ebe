// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenario/condition_text.h"
#include "scenario/sections.h"

namespace scenario {
namespace {

void readAnswer(const Value& value, sim::Answer& answer) {
  Object object(value);
  readConditions(object.maybe("when"), answer.when);
  const Value text = object.need("text");
  if (!text.longText(answer.text)) return;
  if (const auto mistake = checkPlaceholders(answer.text))
    text.problem(mistake->found, mistake->expected);
}

void readTopic(const Value& value, sim::Topic& topic) {
  Object object(value);
  object.need("id").text(topic.id);
  object.need("question").text(topic.question);
  object.maybe("after").seconds(topic.afterSeconds);
  const Value answers = object.need("answers");
  const std::vector<Value> items = answers.items();
  for (const Value& item : items) {
    sim::Answer answer;
    readAnswer(item, answer);
    topic.answers.push_back(std::move(answer));
  }
  if (!topic.answers.empty() && !topic.answers.back().when.empty()) {
    items.back().problem("conditions on the last answer",
                         "a last answer without \"when\", for all other states");
  }
}

}  // namespace

void readPeople(const Value& value, std::vector<sim::PersonSpec>& people) {
  static const std::vector<std::string> kTeams = {"on-call",     "network",    "database",
                                                  "application", "management", "reviewer"};
  std::vector<std::string> ids;
  for (const Value& item : value.items()) {
    Object object(item);
    sim::PersonSpec person;
    const Value id = object.need("id");
    if (id.text(person.id)) unique(id, person.id, ids);
    object.need("name").text(person.name);
    object.need("team").choice(person.team, kTeams);
    object.maybe("joinsAfter").seconds(person.joinsAfterSeconds);
    std::vector<std::string> topics;
    for (const Value& topicValue : object.maybe("topics").items()) {
      sim::Topic topic;
      readTopic(topicValue, topic);
      unique(topicValue, topic.id, topics);
      person.topics.push_back(std::move(topic));
    }
    people.push_back(std::move(person));
  }
}

namespace {

void readHappening(Object& object, const sim::WorldSpec& world, sim::Happening& happening) {
  static const std::vector<std::string> kKinds = {"log-line",     "link-errors", "network-rtt",
                                                  "network-loss", "action",      "traffic-factor"};
  using Kind = sim::Happening::Kind;
  if (!object.need("kind").choice(happening.kind, kKinds)) {
    for (const char* key : {"value", "source", "text", "who", "do", "target", "fields"}) {
      (void)object.maybe(key);
    }
    return;
  }
  switch (happening.kind) {
    case Kind::LogLine: {
      static const std::vector<std::string> kSources = {"postgresql", "kernel", "systemd",
                                                        "website", "network"};
      std::size_t source = 0;
      if (object.need("source").oneOf(source, kSources)) happening.source = kSources[source];
      object.need("text").text(happening.text);
      break;
    }
    case Kind::LinkErrors:
      object.need("value").number(happening.value, 0, 1e9);
      break;
    case Kind::NetworkRtt:
      object.need("value").duration(happening.value, kMillisecond);
      break;
    case Kind::NetworkLoss:
      object.need("value").share(happening.value);
      break;
    case Kind::TrafficFactor:
      object.need("value").number(happening.value, 0, 100);
      break;
    case Kind::Action: {
      const Value who = object.need("who");
      if (who.text(happening.who)) who.known(happening.who, idsOf(world.people), "a person");
      ActionScope scope{&world.timing, &world, world.database.files};
      readAction(object, scope, happening.action);
      break;
    }
  }
}

}  // namespace

void readHappenings(const Value& value, const sim::WorldSpec& world,
                    std::vector<sim::Happening>& happenings) {
  base::SimTime previous{0};
  for (const Value& item : value.items()) {
    Object object(item);
    sim::Happening happening;
    const Value at = object.need("at");
    if (at.time(happening.at, world.timing)) {
      if (happening.at.ms < 0 || happening.at > world.timing.endsAt) {
        at.wrong("a time between start and endsAt");
      } else {
        ascending(at, happening.at, previous);
      }
    }
    object.maybe("for").seconds(happening.seconds);
    readHappening(object, world, happening);
    happenings.push_back(std::move(happening));
  }
}

}  // namespace scenario
