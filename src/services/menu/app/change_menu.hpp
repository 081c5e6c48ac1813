#pragma once

#include "kernel/clock.hpp"
#include "kernel/precondition.hpp"
#include "services/menu/app/ports.hpp"

namespace baedal::menu {

struct ChangeMenuCommand {
  MenuId id{};
  MenuChanges changes{};
  Precondition precondition{};
  OnceKey key{};
};

/// Changes some or all details of a menu.
class ChangeMenu {
 public:
  ChangeMenu(MenuStore& store, const Clock& clock) : store_(store), clock_(clock) {}

  /// Changes that make no difference write nothing and tell nobody. kNotFound; kPreconditionFailed.
  Task<Result<Committed<Menu>>> run(const ChangeMenuCommand& command);

 private:
  MenuStore& store_;
  const Clock& clock_;
};

}  // namespace baedal::menu
