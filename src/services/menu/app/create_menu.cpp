#include "services/menu/app/create_menu.hpp"

namespace baedal::menu {

Task<Result<Committed<Menu>>> CreateMenu::run(const MenuDetails& details, const OnceKey& key) {
  auto body = [&](MenuTx& tx) -> Result<Menu> {
    auto id = tx.next_id();
    if (!id) return pass_on(id);
    Menu menu = create(details, clock_.now());
    menu.id = *id;
    if (auto saved = tx.insert(menu); !saved) return pass_on(saved);
    const MenuEvent event{MenuEvent::Type::kCreated, menu};
    if (auto appended = tx.append(event); !appended) return pass_on(appended);
    return menu;
  };
  co_return co_await store_.commit_once(key, body);
}

}  // namespace baedal::menu
