#pragma once

#include "kernel/clock.hpp"
#include "kernel/precondition.hpp"
#include "services/menu/app/ports.hpp"

namespace baedal::menu {

/// Takes a menu off the list, for good: its id never comes back. Orders keep their own copy.
class DeleteMenu {
 public:
  DeleteMenu(MenuStore& store, const Clock& clock) : store_(store), clock_(clock) {}

  /// kNotFound; kPreconditionFailed.
  Task<Result<void>> run(MenuId id, const Precondition& precondition);

 private:
  MenuStore& store_;
  const Clock& clock_;
};

}  // namespace baedal::menu
