#pragma once

#include "services/menu/app/ports.hpp"

namespace baedal::menu {

/// Reads: committed state only.
class MenuQueries {
 public:
  explicit MenuQueries(MenuStore& store) : store_(store) {}
  Task<Result<std::optional<Menu>>> find(MenuId id) { return store_.find(id); }
  Task<Result<MenuList>> list(const MenuListRequest& request) { return store_.list(request); }
  /// The answer an earlier write with `key` gave, if there was one.
  Task<Result<std::optional<Menu>>> recall(const OnceKey& key) { return store_.recall(key); }

 private:
  MenuStore& store_;
};

}  // namespace baedal::menu
