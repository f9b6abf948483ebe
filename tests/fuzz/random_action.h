// SPDX-License-Identifier: GPL-3.0-or-later
// Any action at all: every verb there is and some there are not, with fitting and unfitting
// targets, texts and fields.
#pragma once

#include "dice.h"
#include "sim/world.h"

namespace fuzz {

[[nodiscard]] sim::Action randomAction(const sim::World& world, Dice& dice);

}  // namespace fuzz
