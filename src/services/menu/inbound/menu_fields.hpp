#pragma once

#include "kernel/error.hpp"
#include "kernel/json/value.hpp"
#include "services/menu/domain/menu.hpp"

/// What a client says of a menu, checked by the rules of the domain. Errors are kInvalid and name
/// every member that was refused.
namespace baedal::menu {

/// A whole menu: absent members get their defaults, the name must be there.
[[nodiscard]] Result<MenuDetails> read_details(const json::Object& body);

/// The members that were sent; a null is the default of its member.
[[nodiscard]] Result<MenuChanges> read_changes(const json::Object& body);

}  // namespace baedal::menu
