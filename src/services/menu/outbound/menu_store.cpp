#include "services/menu/outbound/menu_store.hpp"

#include "contracts/events.hpp"
#include "kernel/text.hpp"
#include "platform/store/answer.hpp"
#include "services/menu/outbound/menu_rows.hpp"
#include "services/menu/outbound/menu_tables.hpp"

namespace baedal::menu {
namespace {

contracts::MenuEvent to_contract(const Menu& menu) {
  return {.id = menu.id.value(),
          .menu_name = menu.details.name,
          .price = menu.details.price,
          .currency = std::string{menu.details.currency.code()},
          .sold_out = menu.details.sold_out,
          .version = menu.version};
}

std::string_view type_of(MenuEvent::Type type) {
  switch (type) {
    case MenuEvent::Type::kCreated:
      return contracts::event::kMenuCreated;
    case MenuEvent::Type::kChanged:
      return contracts::event::kMenuChanged;
    case MenuEvent::Type::kDeleted:
      return contracts::event::kMenuDeleted;
  }
  return {};
}

std::size_t column_of(MenuSort sort) {
  switch (sort) {
    case MenuSort::kId:
      return kMenuId;
    case MenuSort::kName:
      return kMenuName;
    case MenuSort::kPrice:
      return kMenuPrice;
  }
  return kMenuId;
}

/// The transaction in the service's own terms.
class StoredMenuTx final : public MenuTx {
 public:
  StoredMenuTx(store::Tx& tx, const Clock& clock) : tx_(tx), clock_(clock) {}

  Result<MenuId> next_id() override {
    auto id = tx_.next_id(kMenus);
    if (!id) return pass_on(id);
    return MenuId{*id};
  }
  Result<std::optional<Menu>> find(MenuId id) override {
    auto row = tx_.find(kMenus, id.value());
    if (!row) return pass_on(row);
    return row->transform(to_menu);
  }
  Result<void> insert(const Menu& menu) override { return tx_.insert(kMenus, to_row(menu)); }
  Result<void> update(const Menu& menu) override { return tx_.update(kMenus, to_row(menu)); }
  Result<void> erase(MenuId id) override {
    auto erased = tx_.erase(kMenus, id.value());
    if (!erased) return pass_on(erased);
    return {};
  }
  Result<void> append(const MenuEvent& event) override {
    const std::string_view type = type_of(event.type);
    const Timestamp now = clock_.now();
    store::OutboxEvent out{.type = std::string{type},
                           .key = {},
                           .time = now,
                           .data = contracts::encode(type, now, to_contract(event.menu))};
    append_int(out.key, event.menu.id.value());
    return tx_.append(std::move(out));
  }

 private:
  store::Tx& tx_;
  const Clock& clock_;
};

}  // namespace

Task<Result<Committed<Menu>>> StoredMenus::commit_once(const OnceKey& key,
                                                       FunctionRef<Result<Menu>(MenuTx&)> body) {
  std::optional<Menu> decided;
  auto run = [&](store::Tx& tx) -> Result<std::string> {
    StoredMenuTx menu_tx(tx, clock_);
    auto menu = body(menu_tx);
    if (!menu) return pass_on(menu);
    decided = std::move(*menu);
    // Without a key nobody will ask for the answer again.
    return key.empty() ? std::string{} : store::encode_answer(to_row(*decided));
  };
  auto outcome = co_await store_.commit_once(key, run);
  if (!outcome) co_return pass_on(outcome);
  if (!outcome->replayed) co_return Committed<Menu>{std::move(*decided)};
  auto row = store::decode_answer(outcome->answer);
  if (!row) co_return pass_on(row);
  co_return Committed<Menu>{to_menu(*row), true};
}

Task<Result<std::optional<Menu>>> StoredMenus::recall(const OnceKey& key) {
  auto row = co_await store::recall(store_, key);
  if (!row) co_return pass_on(row);
  co_return row->transform(to_menu);
}

Task<Result<std::optional<Menu>>> StoredMenus::find(MenuId id) {
  auto row = co_await store_.find(kMenus, id.value());
  if (!row) co_return pass_on(row);
  co_return row->transform(to_menu);
}

Task<Result<MenuList>> StoredMenus::list(const MenuListRequest& request) {
  store::PageRequest page_request{.page = request.page, .size = request.size};
  for (const auto& [key, descending] : request.sort) {
    page_request.sort.push_back({column_of(key), descending});
  }
  auto page = co_await store_.page(kMenus, page_request);
  if (!page) co_return pass_on(page);
  MenuList list{.menus = {}, .total = page->total_rows};
  list.menus.reserve(page->rows.size());
  for (const store::Row& row : page->rows) list.menus.push_back(to_menu(row));
  co_return list;
}

}  // namespace baedal::menu
