// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill/run.h"

#include <algorithm>

#include "base/check.h"
#include "base/fingerprint.h"
#include "base/first_of.h"
#include "base/text.h"
#include "drill/notebook.h"
#include "drill/views.h"

namespace drill {

namespace {

base::SimTime wholeSecond(base::SimTime time) {
  return {time.ms - time.ms % 1000};
}

std::size_t rowsOf(const sim::TimingSpec& timing) {
  const std::int64_t coarse = timing.fineFrom.ms / 60'000;
  const std::int64_t fine = (timing.endsAt - timing.fineFrom).ms / 1000;
  return static_cast<std::size_t>(std::max<std::int64_t>(coarse, 0) +
                                  std::max<std::int64_t>(fine, 0) + 2);
}

bool isTopicOf(const sim::WorldSpec& spec, const std::string& person, const std::string& topic) {
  return std::any_of(spec.people.begin(), spec.people.end(), [&](const sim::PersonSpec& one) {
    return one.id == person &&
           std::any_of(one.topics.begin(), one.topics.end(),
                       [&topic](const sim::Topic& known) { return known.id == topic; });
  });
}

sim::Outcome refused(std::string text) {
  return {false, std::move(text), 1};
}

sim::Action asText(const sim::Action& action) {
  sim::Action text{action.verb, base::asUtf8(action.target), base::asUtf8(action.text), {}};
  for (const auto& [name, value] : action.fields) {
    text.fields[base::asUtf8(name)] = base::asUtf8(value);
  }
  return text;
}

void addTo(base::Fingerprint& sum, const Entry& entry) {
  sum.add(entry.timed.at.ms);
  sum.add(entry.timed.who);
  sum.add(sim::verbCode(entry.timed.action.verb));
  sum.add(entry.timed.action.target);
  sum.add(entry.timed.action.text);
  sum.add(static_cast<std::uint64_t>(entry.timed.action.fields.size()));
  for (const auto& [name, value] : entry.timed.action.fields) {
    sum.add(name);
    sum.add(value);
  }
  sum.add(entry.outcome.accepted);
  sum.add(entry.outcome.text);
  sum.add(static_cast<std::int32_t>(entry.outcome.exitCode));
  sum.add(entry.output);
}

}  // namespace

std::string_view modeName(Mode mode) {
  switch (mode) {
    case Mode::Watch:
      return "watch";
    case Mode::Practice:
      return "practice";
    case Mode::Assessment:
      return "assessment";
  }
  return "practice";
}

base::Result<Mode> modeFrom(std::string_view name) {
  for (const Mode mode : {Mode::Watch, Mode::Practice, Mode::Assessment}) {
    if (modeName(mode) == name) return mode;
  }
  return base::Error{
      "bad-mode", "",
      "Unknown mode \"" + std::string(name) + "\"; the modes are watch, practice and assessment."};
}

bool Entry::operator==(const Entry& other) const {
  return timed == other.timed && outcome.accepted == other.outcome.accepted &&
         outcome.text == other.outcome.text && outcome.exitCode == other.outcome.exitCode &&
         output == other.output && changed == other.changed;
}

Run::Run(std::shared_ptr<const scenario::Scenario> scenario, RunKey key,
         std::shared_ptr<const sim::Model> model, sim::Detail detail)
    : m_scenario(std::move(scenario)),
      m_model(model ? std::move(model) : sim::Model::make(m_scenario->world)),
      m_key(key),
      m_startMode(key.mode),
      m_detail(detail),
      m_world(m_model, key.seed),
      m_telemetry(detail) {
  const sim::TimingSpec& timing = m_scenario->world.timing;
  if (detail == sim::Detail::Full) m_telemetry.reserve(rowsOf(timing));
  m_world.advanceTo(timing.opensAt, m_telemetry);
  collectAnswers();
}

Run::Run(const Run& whole, const Checkpoint& from)
    : m_scenario(whole.m_scenario),
      m_model(whole.m_model),
      m_key{whole.m_key.seed, from.mode},
      m_startMode(whole.m_startMode),
      m_detail(whole.m_detail),
      m_world(from.world),
      m_telemetry(whole.m_telemetry.upTo(from.told)),
      m_shell(from.shell),
      m_journal(base::firstOf(whole.m_journal, from.entries)),
      m_observations(base::firstOf(whole.m_observations, from.observations)),
      m_answersSeen(from.answersSeen),
      m_spacing(whole.m_spacing) {}

bool Run::finished() const {
  return m_world.incident().closed() || now() >= m_scenario->world.timing.endsAt;
}

void Run::advanceTo(base::SimTime time) {
  doScripted(wholeSecond(std::min(time, m_scenario->world.timing.endsAt)));
}

void Run::doScripted(base::SimTime until) {
  while (following() && !m_world.incident().closed() && m_script[m_nextScripted].at <= until) {
    passTo(m_script[m_nextScripted].at);
    // Counted first and copied: a scripted TakeOver ends the script from within.
    const sim::TimedAction timed = m_script[m_nextScripted++];
    perform(timed.action, timed.who);
  }
  passTo(until);
}

void Run::passTo(base::SimTime time) {
  while (!m_world.incident().closed() && now() < time) {
    const bool keeps = !m_checkpoints.empty();
    const base::SimTime due = keeps ? m_checkpoints.back()->world.now() + m_spacing : time;
    m_world.advanceTo(std::min(time, due), m_telemetry);
    collectAnswers();
    if (keeps && now() >= due) keepState();
  }
}

void Run::follow(const std::vector<sim::TimedAction>& script) {
  m_script = script;
  const auto first =
      std::partition_point(m_script.begin(), m_script.end(),
                           [this](const sim::TimedAction& timed) { return timed.at < now(); });
  m_nextScripted = static_cast<std::size_t>(first - m_script.begin());
  // A resumed run has already done some of this second's entries.
  const auto done = [this](const sim::TimedAction& timed) {
    return std::any_of(m_journal.begin(), m_journal.end(), [&](const Entry& entry) {
      return entry.timed.at == now() && entry.timed.who == timed.who &&
             entry.timed.action == timed.action;
    });
  };
  while (following() && m_script[m_nextScripted].at == now() && done(m_script[m_nextScripted])) {
    ++m_nextScripted;
  }
  doScripted(now());
}

void Run::takeOver(Mode mode) {
  perform({sim::Verb::TakeOver, std::string(modeName(mode)), {}, {}}, "trainee");
}

void Run::observe(Observation observation) {
  observation.number = static_cast<int>(m_observations.size()) + 1;
  observation.clues = cluesIn(observation, *m_scenario, m_telemetry);
  m_observations.push_back(std::move(observation));
}

void Run::collectAnswers() {
  const auto& notifications = m_telemetry.notifications();
  for (; m_answersSeen < notifications.size(); ++m_answersSeen) {
    const sim::Notification& said = notifications[m_answersSeen];
    if (!isTopicOf(m_world.spec(), said.from, said.topic)) continue;
    const auto asked = std::find_if(m_journal.rbegin(), m_journal.rend(), [&said](const Entry& e) {
      const sim::Action& action = e.timed.action;
      return e.outcome.accepted && action.verb == sim::Verb::Ask && action.target == said.from &&
             action.text == said.topic;
    });
    if (asked == m_journal.rend()) continue;
    Observation heard;
    heard.at = said.at;
    heard.who = asked->timed.who;
    heard.source = "ask:" + said.topic;
    heard.title = said.from + ": " + said.topic;
    heard.text = said.text;
    heard.from = heard.to = said.at;
    heard.entry = static_cast<std::size_t>(m_journal.rend() - asked) - 1;
    observe(std::move(heard));
  }
}

sim::Outcome Run::runCommand(const sim::Action& action, const std::string& who, Entry& entry) {
  const console::Reply reply = m_shell.run({m_world, m_telemetry, who}, action.text);
  entry.output = reply.text;
  entry.changed = reply.changed;
  Observation seen;
  seen.at = seen.from = seen.to = now();
  seen.who = who;
  seen.source = "command";
  seen.title = console::shownLine(action.text);
  seen.text = reply.text;
  seen.entry = m_journal.size();
  if (!seen.title.empty() || !seen.text.empty()) observe(std::move(seen));
  return {true, {}, reply.exitCode};
}

sim::Outcome Run::doNow(const sim::Action& action, const std::string& who, Entry& entry) {
  if (action.verb >= sim::Verb::Count) return refused("There is no such action.");
  if (!isNotebook(action.verb)) {
    if (m_world.incident().closed())
      return refused("The incident is closed; only notes can be added.");
    return m_world.apply(action, who, m_telemetry);
  }
  if (action.verb == sim::Verb::Command) return runCommand(action, who, entry);
  if (action.verb == sim::Verb::Look) {
    base::Result<Observation> seen = lookAt(action, m_world, m_telemetry);
    if (!seen.ok()) return refused(seen.error().message);
    seen.value().at = now();
    seen.value().who = who;
    seen.value().entry = m_journal.size();
    observe(std::move(seen.value()));
    return {};
  }
  sim::Outcome outcome = judgeNote(action, *this);
  if (!outcome.accepted) return outcome;
  if (action.verb == sim::Verb::Hint) {
    for (const scenario::Hint& hint : m_scenario->hints) {
      if (wholeNumber(action.target) == hint.level) entry.output = hint.text;
    }
  } else if (action.verb == sim::Verb::TakeOver) {
    m_nextScripted = m_script.size();
    m_key.mode = modeFrom(action.target.empty() ? "practice" : action.target).value();
  }
  return outcome;
}

const Entry& Run::perform(const sim::Action& action, const std::string& who) {
  Entry entry;
  // Only what can be written can be done again: a journal is UTF-8 text.
  entry.timed = {now(), who, asText(action)};
  entry.outcome = doNow(entry.timed.action, who, entry);
  m_journal.push_back(std::move(entry));
  collectAnswers();
  return m_journal.back();
}

void Run::keepCheckpoints(base::SimTime spacing) {
  m_spacing = spacing;
  m_checkpoints.clear();
  if (spacing.ms > 0) m_checkpoints = at(now()).m_checkpoints;
}

void Run::keepState() {
  m_checkpoints.push_back(std::make_shared<const Checkpoint>(
      Checkpoint{m_world, m_shell, m_telemetry.mark(), m_key.mode, m_journal.size(),
                 m_observations.size(), m_answersSeen}));
}

Run Run::lastKept(base::SimTime time) const {
  const auto after = std::partition_point(
      m_checkpoints.begin(), m_checkpoints.end(),
      [time](const auto& checkpoint) { return checkpoint->world.now() <= time; });
  if (after == m_checkpoints.begin()) {
    Run beginning(m_scenario, startKey(), m_model, m_detail);
    beginning.m_spacing = m_spacing;
    if (m_spacing.ms > 0) beginning.keepState();
    return beginning;
  }
  Run past(*this, **std::prev(after));
  past.m_checkpoints.assign(m_checkpoints.begin(), after);
  return past;
}

Run Run::at(base::SimTime time) const {
  Run copy = lastKept(time);
  // Scripted entries are in the journal too: the script itself rests until all of them are done.
  for (std::size_t i = copy.m_journal.size(); i < m_journal.size(); ++i) {
    const sim::TimedAction& timed = m_journal[i].timed;
    if (timed.at > time && timed.at > copy.now()) break;
    copy.advanceTo(timed.at);
    copy.perform(timed.action, timed.who);
  }
  copy.advanceTo(time);
  copy.m_script = m_script;
  const auto next = std::partition_point(
      m_script.begin(), m_script.end(),
      [&copy](const sim::TimedAction& timed) { return timed.at <= copy.now(); });
  const bool takenOver =
      std::any_of(copy.m_journal.begin(), copy.m_journal.end(), [](const Entry& entry) {
        return entry.timed.action.verb == sim::Verb::TakeOver && entry.outcome.accepted;
      });
  copy.m_nextScripted =
      takenOver ? m_script.size() : static_cast<std::size_t>(next - m_script.begin());
  copy.m_rewinds = m_rewinds;
  return copy;
}

std::uint64_t Run::fingerprint() const {
  base::Fingerprint sum;
  sum.add(m_world.fingerprint());
  sum.add(m_telemetry.fingerprint());
  sum.add(m_shell.prompt(m_world));
  for (const std::string& line : m_shell.history()) sum.add(line);
  sum.add(static_cast<std::uint64_t>(m_journal.size()));
  for (const Entry& entry : m_journal) addTo(sum, entry);
  return sum.value();
}

}  // namespace drill
