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
  int exitCode = 0;      // of the postmaster that did not start
};
using StartOptions = std::vector<std::pair<std::string, std::string>>;

[[nodiscard]] ServiceResult startServer(Call& call, const StartOptions& options);
[[nodiscard]] ServiceResult stopServer(Call& call, const std::string& mode);
[[nodiscard]] ServiceResult restartServer(Call& call, const std::string& mode,
                                          const StartOptions& options);
[[nodiscard]] ServiceResult reloadServer(Call& call);

// Starts a postmaster even where one runs already, as pg_ctl and postgres do. In the foreground
// what it says goes to the terminal: one that fails leaves nothing in the server's log.
[[nodiscard]] ServiceResult startAnyway(Call& call, const StartOptions& options,
                                        bool foreground = false);

// What the server comes to within a limit when it is left alone; a copy of the world lives on.
struct Outlook {
  bool settled = false;  // it is up or down for good; when asked for a stop: down
  bool running = false;
  double seconds = 0;  // until then
  std::string log;     // what it writes meanwhile
};
[[nodiscard]] Outlook lookAhead(const Call& call, int limitSeconds, bool untilStopped);
// The same after a request to stop.
[[nodiscard]] Outlook stopAhead(const Call& call, const std::string& mode, int limitSeconds);

int runPgCtl(Call& call);
// pg_ctl status, whoever asks.
int serverStatus(Call& call);

// "5h 45min", "35s", "12min 4s", as systemd writes spans.
[[nodiscard]] std::string agoText(std::int64_t seconds);

}  // namespace console
