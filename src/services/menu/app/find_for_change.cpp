#include "services/menu/app/find_for_change.hpp"

namespace baedal::menu {

Result<Menu> find_for_change(MenuTx& tx, MenuId id, const Precondition& precondition) {
  auto found = tx.find(id);
  if (!found) return pass_on(found);
  if (!*found) return fail(ErrorKind::kNotFound, "menu-not-found", "There is no such menu.");
  if (!precondition.allows((*found)->version)) {
    return fail(ErrorKind::kPreconditionFailed, "version-mismatch",
                "The menu has another version than If-Match asks for.");
  }
  return std::move(**found);
}

}  // namespace baedal::menu
