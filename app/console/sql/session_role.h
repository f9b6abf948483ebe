// SPDX-License-Identifier: GPL-3.0-or-later
// Who a session acts as: SET ROLE and SET SESSION AUTHORIZATION. The role that connected stays in
// PsqlSession::user; the others are settings of the session, so that transactions take them back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "console/shell_state.h"
#include "sim/log_shapes.h"
#include "sim/world.h"

namespace console {

// current_user: whose privileges count.
[[nodiscard]] std::string currentRole(const PsqlSession& session);
// session_user: the one that connected, or what SET SESSION AUTHORIZATION said.
[[nodiscard]] std::string sessionRole(const PsqlSession& session);

// "role" or "session_authorization": set like a setting, but no setting of the server's.
[[nodiscard]] bool isRoleSetting(std::string_view key);
// value: nothing for the default. local: until the transaction ends. An error: it may not be.
[[nodiscard]] std::optional<sim::ServerMessage> setRole(const sim::World& world,
                                                        PsqlSession& session,
                                                        const std::string& key,
                                                        const std::optional<std::string>& value,
                                                        bool local);

}  // namespace console
