#include "services/menu/app/change_menu.hpp"

#include "services/menu/app/find_for_change.hpp"

namespace baedal::menu {

Task<Result<Committed<Menu>>> ChangeMenu::run(const ChangeMenuCommand& command) {
  auto body = [&](MenuTx& tx) -> Result<Menu> {
    auto menu = find_for_change(tx, command.id, command.precondition);
    if (!menu) return menu;
    if (!change(*menu, command.changes, clock_.now())) return menu;
    if (auto saved = tx.update(*menu); !saved) return pass_on(saved);
    const MenuEvent event{MenuEvent::Type::kChanged, *menu};
    if (auto appended = tx.append(event); !appended) return pass_on(appended);
    return menu;
  };
  co_return co_await store_.commit_once(command.key, body);
}

}  // namespace baedal::menu
