#pragma once

#include "kernel/clock.hpp"
#include "platform/store/store.hpp"
#include "services/menu/app/ports.hpp"

namespace baedal::menu {

/// MenuStore over any product behind store::Store: maps menus to rows and events to the outbox.
class StoredMenus final : public MenuStore {
 public:
  StoredMenus(store::Store& store, const Clock& clock) : store_(store), clock_(clock) {}

  Task<Result<Committed<Menu>>> commit_once(const OnceKey& key,
                                            FunctionRef<Result<Menu>(MenuTx&)> body) override;
  Task<Result<std::optional<Menu>>> recall(const OnceKey& key) override;
  Task<Result<std::optional<Menu>>> find(MenuId id) override;
  Task<Result<MenuList>> list(const MenuListRequest& request) override;

 private:
  store::Store& store_;
  const Clock& clock_;
};

}  // namespace baedal::menu
