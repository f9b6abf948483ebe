// SPDX-License-Identifier: GPL-3.0-or-later
#include <QObject>

#include "gui/records/records_page.h"
#include "gui/start/drills_page.h"
#include "gui/start/launcher.h"
#include "gui/start/sandbox_page.h"

namespace gui {
namespace {

template <typename Page>
QWidget* make(const StartContext& context, QWidget* parent) {
  return new Page(context, parent);
}

}  // namespace

const std::vector<StartPageEntry>& startPages() {
  static const std::vector<StartPageEntry> kPages{
      {"drills", QT_TRANSLATE_NOOP("pages", "&Drills"), make<DrillsPage>},
      {"sandbox", QT_TRANSLATE_NOOP("pages", "&Sandbox"), make<SandboxPage>},
      {"records", QT_TRANSLATE_NOOP("pages", "&Records"), make<RecordsPage>},
  };
  return kPages;
}

}  // namespace gui
