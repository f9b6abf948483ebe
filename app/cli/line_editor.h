// SPDX-License-Identifier: GPL-3.0-or-later
// Lines from standard input: with editing, history and completion when a person types them, plain
// when they come from a pipe or a file.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cli {

class LineEditor {
 public:
  using Completer = std::function<std::vector<std::string>(const std::string& line)>;
  explicit LineEditor(Completer completer);
  ~LineEditor();
  LineEditor(const LineEditor&) = delete;
  LineEditor& operator=(const LineEditor&) = delete;

  // The next line without its end; nothing at the end of the input. The prompt is shown to a person
  // only. A line given up with Ctrl+C ends in console::kInterrupt.
  [[nodiscard]] std::optional<std::string> read(const std::string& prompt);

 private:
  bool m_person = false;
};

}  // namespace cli
