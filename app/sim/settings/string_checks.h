// SPDX-License-Identifier: GPL-3.0-or-later
// The checks PostgreSQL 15 makes on text settings when they are read. What only shows when a value
// is used (a host name, a command, a library) is not checked here, as the server does not either.
#pragma once

#include <string>
#include <string_view>

namespace sim::settings {

struct StringCheck {
  bool ok = true;
  std::string canonical;
  std::string detail;
};

[[nodiscard]] StringCheck checkString(std::string_view name, std::string_view text);
// What only a session can check, as it is connected to a database: whether the object a value names
// is there. Files are read without. malformed: "invalid name syntax" instead.
struct ObjectCheck {
  bool ok = true, malformed = false;
  std::string detail;
};
[[nodiscard]] ObjectCheck checkNamedObject(std::string_view name, std::string_view text);

}  // namespace sim::settings
