// SPDX-License-Identifier: GPL-3.0-or-later
#include "drill/debrief_text.h"

#include "base/text.h"

namespace drill {
namespace {

using Lane = TimelineEvent::Lane;

std::string number(double value) {
  return base::groupedText(static_cast<std::int64_t>(value + 0.5));
}

std::string points(double value) {
  std::string text = base::fixedText(value, 1);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text == "-0" ? "0" : text;
}

// A table cell: bars and line ends would break the table.
std::string cell(const std::string& text) {
  return base::replaceAll(base::replaceAll(text, "|", "\\|"), "\n", " ");
}

const char* laneName(Lane lane) {
  switch (lane) {
    case Lane::You:
      return "you";
    case Lane::History:
      return "that day";
    case Lane::Expert:
      return "expert";
    case Lane::World:
      break;
  }
  return "system";
}

class Writer {
 public:
  Writer(const Run& run, const Debrief& debrief) : m_run(run), m_debrief(debrief) {}

  std::string write() {
    const scenario::Scenario& scenario = m_run.scenario();
    m_out = "# Postmortem: " + scenario.title + "\n\n";
    m_out +=
        "Status: draft. Date: " + base::isoText(scenario.world.timing.startUnixMs).substr(0, 10) +
        ", times in UTC.\n";
    heading("Summary");
    m_out += scenario.summary + "\n";
    impact();
    timeline();
    causes();
    resolution();
    heading("Detection");
    detection();
    heading("Action items");
    m_out +=
        "| action | type | owner | due |\n|---|---|---|---|\n| | prevent | | |\n| | detect | | |\n"
        "| | train | | |\n";
    heading("Lessons learned");
    m_out += "What went well:\n\nWhat went wrong:\n\nWhere we were lucky:\n";
    score();
    if (!scenario.texts.debrief.empty()) {
      heading("What really happened");
      m_out += scenario.texts.debrief + "\n";
    }
    return m_out;
  }

 private:
  void heading(const std::string& title) { m_out += "\n## " + title + "\n\n"; }

  [[nodiscard]] std::string clock(base::SimTime at) const {
    return base::clockText(m_run.scenario().world.timing.startUnixMs + at.ms);
  }

  void impact() {
    const Impact& impact = m_debrief.impact;
    heading("Impact");
    m_out +=
        base::fixedText(impact.usersAffectedPercent, 1) + " % of users were affected; " +
        number(impact.userMinutesLost) + " user-minutes were lost (doing nothing loses " +
        number(impact.idleUserMinutesLost) + ", the expert " + number(impact.parUserMinutesLost) +
        "). The service objective was missed for " + base::fixedText(impact.downtimeMinutes, 1) +
        " minutes. The kernel's OOM killer struck " + std::to_string(impact.oomKills) + " times.\n";
    m_out += impact.firstHurt.ms < 0 ? "Nobody was hurt.\n"
                                     : "First user hurt at " + clock(impact.firstHurt) + ".\n";
    m_out += impact.recoveredAt.ms < 0 ? "The service had not recovered at the end.\n"
                                       : "Recovered at " + clock(impact.recoveredAt) + ".\n";
  }

  void timeline() {
    heading("Timeline");
    m_out += "| time | who | what |\n|---|---|---|\n";
    for (const TimelineEvent& event : m_debrief.timeline)
      if (event.lane == Lane::You || event.lane == Lane::World)
        m_out += "| " + clock(event.at) + " | " + laneName(event.lane) + " | " + cell(event.text) +
                 " |\n";
  }

  void causes() {
    const scenario::Scenario& scenario = m_run.scenario();
    heading("Root cause");
    for (const std::string& link : m_debrief.chain) m_out += "- " + link + "\n";
    heading("Trigger");
    const sim::ConfigChange* found = nullptr;
    for (const sim::ConfigChange& change : scenario.world.database.changes)
      if (change.commit == scenario.truth.change) found = &change;
    if (found == nullptr) {
      m_out += "No change of the configuration is known to have triggered it.\n";
      return;
    }
    m_out += "Commit " + found->commit + " \"" + found->title + "\" by " + found->author + ", " +
             (found->reviewer.empty() ? "reviewed by nobody" : "reviewed by " + found->reviewer) +
             (found->ticket.empty() ? "" : ", ticket " + found->ticket) + ":\n\n```diff\n" +
             found->diff + "```\n";
  }

  void resolution() {
    heading("Resolution");
    for (const ScorePart& part : m_debrief.score.parts)
      if (part.id == "fix")
        for (const ScoreItem& item : part.items) m_out += "- " + item.text + "\n";
  }

  void detection() {
    const auto& rules = m_run.scenario().world.monitoring.rules;
    for (const sim::AlertEvent& event : m_run.telemetry().alerts()) {
      if (event.state != sim::AlertState::Firing || event.rule >= rules.size()) continue;
      if (rules[event.rule].severity != "critical") continue;
      m_out += "The first page was " + rules[event.rule].name + " at " + clock(event.at);
      if (m_debrief.impact.firstHurt.ms >= 0) {
        const auto minutes =
            static_cast<double>((event.at - m_debrief.impact.firstHurt).ms) / 60'000;
        m_out += minutes >= 0
                     ? ", " + base::fixedText(minutes, 1) + " minutes after the first user was hurt"
                     : ", " + base::fixedText(-minutes, 1) + " minutes before a user was hurt";
      }
      m_out += ".\n";
      return;
    }
    m_out += "No alert paged anybody.\n";
  }

  void score() {
    const Score& score = m_debrief.score;
    heading("Score");
    m_out += points(score.total) + " of 100: " + score.band +
             (score.practice ? " (practice)" : "") + ".\n\n";
    m_out += "| part | points | of | why |\n|---|---|---|---|\n";
    for (const ScorePart& part : score.parts) {
      m_out += "| **" + part.title + "** | **" + points(part.points) + "** | **" +
               points(part.possible) + "** | |\n";
      for (const ScoreItem& item : part.items)
        m_out += "| | " + points(item.points) + " | " +
                 (item.possible > 0 ? points(item.possible) : std::string()) + " | " +
                 cell(item.text) + " |\n";
    }
    if (score.hintCost > 0) m_out += "\nHints cost " + points(score.hintCost) + ".\n";
    for (const std::string& cap : score.caps) m_out += "\nCap: " + cap + ".\n";
  }

  const Run& m_run;
  const Debrief& m_debrief;
  std::string m_out;
};

}  // namespace

std::string debriefMarkdown(const Run& run, const Debrief& debrief) {
  return Writer(run, debrief).write();
}

}  // namespace drill
