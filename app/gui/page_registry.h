// SPDX-License-Identifier: GPL-3.0-or-later
// The docks of the drill window: one line per page. A page is a plain widget made from a context;
// it reads the session and acts through it, and knows neither the window nor other pages.
#pragma once

#include <QString>
#include <memory>
#include <vector>

#include "models/session.h"
#include "records/library.h"

class QWidget;

namespace gui {

struct PageContext {
  models::Session& session;
  std::shared_ptr<records::Library> library;  // null in tests that need none
};

struct PageEntry {
  const char* id;        // stable: names the dock in saved layouts
  const char* title;     // with mnemonic; untranslated
  const char* shortcut;  // "Ctrl+1"; raises the page and moves the focus into it
  enum class Place { Main, Side, SideBelow, Bottom } place;
  enum class Phase { Drill, AfterEnd } phase;  // AfterEnd: appears once the run has finished
  QWidget* (*make)(const PageContext& context, QWidget* parent);
  bool sandbox = false;  // also there when a server is only tried out
};

[[nodiscard]] const std::vector<PageEntry>& pages();

}  // namespace gui
