#include "services/menu/app/delete_menu.hpp"

#include "services/menu/app/find_for_change.hpp"

namespace baedal::menu {

Task<Result<void>> DeleteMenu::run(MenuId id, const Precondition& precondition) {
  auto body = [&](MenuTx& tx) -> Result<Menu> {
    auto menu = find_for_change(tx, id, precondition);
    if (!menu) return menu;
    if (auto erased = tx.erase(id); !erased) return pass_on(erased);
    const MenuEvent event{MenuEvent::Type::kDeleted, deleted(*menu, clock_.now())};
    if (auto appended = tx.append(event); !appended) return pass_on(appended);
    return event.menu;
  };
  const OnceKey key = OnceKey::none();
  auto erased = co_await store_.commit_once(key, body);
  if (!erased) co_return pass_on(erased);
  co_return Result<void>{};
}

}  // namespace baedal::menu
