#pragma once

#include "kernel/clock.hpp"
#include "services/menu/app/ports.hpp"

namespace baedal::menu {

/// Registers a menu.
class CreateMenu {
 public:
  CreateMenu(MenuStore& store, const Clock& clock) : store_(store), clock_(clock) {}
  Task<Result<Committed<Menu>>> run(const MenuDetails& details, const OnceKey& key);

 private:
  MenuStore& store_;
  const Clock& clock_;
};

}  // namespace baedal::menu
