// SPDX-License-Identifier: GPL-3.0-or-later
#include <QObject>

#include "gui/start/drills_page.h"
#include "gui/start/launcher.h"

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
  };
  return kPages;
}

}  // namespace gui
