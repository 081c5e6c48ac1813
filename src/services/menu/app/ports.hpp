#pragma once

#include <optional>
#include <vector>

#include "kernel/async/task.hpp"
#include "kernel/error.hpp"
#include "kernel/function_ref.hpp"
#include "kernel/once.hpp"
#include "services/menu/domain/menu.hpp"

namespace baedal::menu {

/// What this service tells the world, as a copy of the menu at that moment.
struct MenuEvent {
  enum class Type { kCreated, kChanged, kDeleted };
  Type type;
  Menu menu;
};

/// What a body of a commit sees: see store::Tx for the rules.
class MenuTx {
 public:
  virtual ~MenuTx() = default;
  virtual Result<MenuId> next_id() = 0;
  virtual Result<std::optional<Menu>> find(MenuId id) = 0;
  virtual Result<void> insert(const Menu& menu) = 0;
  virtual Result<void> update(const Menu& menu) = 0;
  virtual Result<void> erase(MenuId id) = 0;
  virtual Result<void> append(const MenuEvent& event) = 0;
};

enum class MenuSort { kId, kName, kPrice };

struct MenuListRequest {
  struct By {
    MenuSort key;
    bool descending;
  };
  std::int64_t page = 0;
  std::int64_t size = 20;
  std::vector<By> sort{};
};

struct MenuList {
  std::vector<Menu> menus;
  std::int64_t total = 0;
};

/// The menus. commit_once as store::Store::commit_once; the answer kept with the key is the menu as
/// the body returned it.
class MenuStore {
 public:
  virtual ~MenuStore() = default;
  virtual Task<Result<Committed<Menu>>> commit_once(const OnceKey& key,
                                                    FunctionRef<Result<Menu>(MenuTx&)> body) = 0;
  /// The answer kept with `key`, if it was committed before; runs nothing.
  virtual Task<Result<std::optional<Menu>>> recall(const OnceKey& key) = 0;
  virtual Task<Result<std::optional<Menu>>> find(MenuId id) = 0;
  virtual Task<Result<MenuList>> list(const MenuListRequest& request) = 0;
};

}  // namespace baedal::menu
