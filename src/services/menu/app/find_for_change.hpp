#pragma once

#include "kernel/precondition.hpp"
#include "services/menu/app/ports.hpp"

namespace baedal::menu {

/// The menu that a body is about to change. kNotFound; kPreconditionFailed when it has another
/// version than the client asked for.
[[nodiscard]] Result<Menu> find_for_change(MenuTx& tx, MenuId id, const Precondition& precondition);

}  // namespace baedal::menu
