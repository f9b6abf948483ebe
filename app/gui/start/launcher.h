// SPDX-License-Identifier: GPL-3.0-or-later
// What the pages of the start window can set going. The application implements it.
#pragma once

#include <QString>
#include <cstdint>
#include <memory>
#include <vector>

#include "drill/run.h"
#include "records/library.h"
#include "records/store.h"
#include "scenario/lab.h"

class QWidget;

namespace gui {

class Launcher {
 public:
  virtual ~Launcher() = default;
  virtual void start(const std::shared_ptr<const scenario::Scenario>& scenario, drill::Mode mode,
                     std::uint64_t seed) = 0;
  // A free-standing server to try things on. Empty text: opened; otherwise what is wrong.
  virtual QString openSandbox(const scenario::LabOptions& options) = 0;
  // Continues an unfinished run file.
  virtual void resume(const QString& runFile) = 0;
  // Opens a finished run of the records to look at it again.
  virtual void review(const records::Record& record) = 0;
};

struct StartContext {
  std::shared_ptr<records::Library> library;
  std::shared_ptr<records::Store> store;  // null when the records cannot be opened
  Launcher& launcher;
  std::uint64_t seed = 1;
};

// The tabs of the start window: one line per page.
struct StartPageEntry {
  const char* id;
  const char* title;  // with mnemonic; untranslated
  QWidget* (*make)(const StartContext& context, QWidget* parent);
};
[[nodiscard]] const std::vector<StartPageEntry>& startPages();

}  // namespace gui
