// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/page_registry.h"

#include <QObject>

#include "gui/alerts/alert_page.h"
#include "gui/change/change_page.h"
#include "gui/charts/chart_page.h"
#include "gui/configuration/configuration_page.h"
#include "gui/debrief/debrief_page.h"
#include "gui/evidence/evidence_page.h"
#include "gui/logs/log_page.h"
#include "gui/people/people_page.h"
#include "gui/terminal/terminal_page.h"
#include "gui/timeline/timeline_page.h"

namespace gui {
namespace {

template <typename Page>
QWidget* make(const PageContext& context, QWidget* parent) {
  return new Page(context, parent);
}

}  // namespace

const std::vector<PageEntry>& pages() {
  using Place = PageEntry::Place;
  using Phase = PageEntry::Phase;
  // Pages of one place share tabs in this order; the first of each place is shown.
  static const std::vector<PageEntry> kPages{
      {"charts", QT_TRANSLATE_NOOP("pages", "&Charts"), "Ctrl+1", Place::Main, Phase::Drill,
       make<ChartPage>, true},
      {"alerts", QT_TRANSLATE_NOOP("pages", "&Alerts"), "Ctrl+2", Place::Side, Phase::Drill,
       make<AlertPage>},
      {"logs", QT_TRANSLATE_NOOP("pages", "&Logs"), "Ctrl+3", Place::Bottom, Phase::Drill,
       make<LogPage>, true},
      {"timeline", QT_TRANSLATE_NOOP("pages", "&Timeline"), "Ctrl+4", Place::Bottom, Phase::Drill,
       make<TimelinePage>, true},
      {"terminal", QT_TRANSLATE_NOOP("pages", "Te&rminal"), "Ctrl+5", Place::Bottom, Phase::Drill,
       make<TerminalPage>, true},
      {"configuration", QT_TRANSLATE_NOOP("pages", "Con&figuration"), "Ctrl+6", Place::Main,
       Phase::Drill, make<ConfigurationPage>, true},
      {"evidence", QT_TRANSLATE_NOOP("pages", "&Notebook"), "Ctrl+7", Place::Main, Phase::Drill,
       make<EvidencePage>},
      {"people", QT_TRANSLATE_NOOP("pages", "&People"), "Ctrl+8", Place::SideBelow, Phase::Drill,
       make<PeoplePage>},
      {"change", QT_TRANSLATE_NOOP("pages", "Chan&ge"), "Ctrl+9", Place::SideBelow, Phase::Drill,
       make<ChangePage>},
      {"debrief", QT_TRANSLATE_NOOP("pages", "&Debrief"), "Ctrl+0", Place::Main, Phase::AfterEnd,
       make<DebriefPage>},
  };
  return kPages;
}

}  // namespace gui
