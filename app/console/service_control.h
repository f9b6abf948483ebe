// SPDX-License-Identifier: GPL-3.0-or-later
// Starting, stopping and reloading the server, as systemctl and pg_ctlcluster both do it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "console/command.h"

namespace console {

struct ServiceResult {
  bool ok = true;
  bool already = false;  // it was in that state before
  std::string log;       // what the server wrote meanwhile, one line each
};
using StartOptions = std::vector<std::pair<std::string, std::string>>;

[[nodiscard]] ServiceResult startServer(Call& call, const StartOptions& options);
[[nodiscard]] ServiceResult stopServer(Call& call, const std::string& mode);
[[nodiscard]] ServiceResult restartServer(Call& call, const std::string& mode,
                                          const StartOptions& options);
[[nodiscard]] ServiceResult reloadServer(Call& call);

// pg_ctl status.
int serverStatus(Call& call);

// "5h 45min", "35s", "12min 4s", as systemd writes spans.
[[nodiscard]] std::string agoText(std::int64_t seconds);

}  // namespace console
