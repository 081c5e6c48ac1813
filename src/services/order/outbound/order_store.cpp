#include "services/order/outbound/order_store.hpp"

#include "contracts/events.hpp"
#include "kernel/text.hpp"
#include "platform/store/answer.hpp"
#include "platform/store/cells.hpp"
#include "platform/store/ids_by.hpp"
#include "services/order/domain/words.hpp"
#include "services/order/outbound/order_rows.hpp"
#include "services/order/outbound/order_tables.hpp"

namespace baedal::order {
namespace {

contracts::OrderEvent to_contract(const OrderEvent& event) {
  const Order& order = event.order;
  contracts::OrderEvent out{.id = order.id.value(), .menu_id = order.menu_id.value()};
  out.menu_name = order.menu_name;
  out.quantity = order.quantity;
  out.status = to_word(order.status);
  if (order.delivery_status) out.delivery_status = to_word(*order.delivery_status);
  if (order.delivery_id) out.delivery_id = order.delivery_id->value();
  out.amount = order.amount;
  out.currency = order.currency.code();
  out.payment_token = event.payment_token;
  out.customer_id = event.customer;
  if (order.payment_status) out.payment_status = to_word(*order.payment_status);
  if (order.payment_id) out.payment_id = order.payment_id->value();
  out.version = order.version;
  out.created_at = order.created_at;
  return out;
}

std::string_view type_of(OrderEvent::Type type) {
  switch (type) {
    case OrderEvent::Type::kOrdered:
      return contracts::event::kOrdered;
    case OrderEvent::Type::kCancelled:
      return contracts::event::kOrderCancelled;
  }
  return {};
}

std::size_t column_of(OrderSort sort) {
  switch (sort) {
    case OrderSort::kId:
      return kOrderId;
    case OrderSort::kMenuId:
      return kOrderMenuId;
    case OrderSort::kQuantity:
      return kOrderQuantity;
    case OrderSort::kStatus:
      return kOrderStatus;
  }
  return kOrderId;
}

/// The transaction in the service's own terms.
class StoredOrderTx final : public OrderTx {
 public:
  StoredOrderTx(store::Tx& tx, const Clock& clock) : tx_(tx), clock_(clock) {}

  Result<OrderId> next_id() override {
    auto id = tx_.next_id(kOrders);
    if (!id) return pass_on(id);
    return OrderId{*id};
  }
  Result<std::optional<Order>> find(OrderId id) override {
    auto row = tx_.find(kOrders, id.value());
    if (!row) return pass_on(row);
    return row->transform(to_order);
  }
  Result<void> insert(const Order& order) override { return tx_.insert(kOrders, to_row(order)); }
  Result<void> update(const Order& order) override { return tx_.update(kOrders, to_row(order)); }
  Result<void> insert_customer(OrderId order, const std::string& customer) override {
    return tx_.insert(kOrderCustomers, {order.value(), customer});
  }
  Result<std::optional<MenuItem>> find_menu(MenuId id) override {
    auto row = tx_.find(kMenuReplica, id.value());
    if (!row) return pass_on(row);
    return row->transform(to_menu_item);
  }
  Result<void> save_menu(const MenuItem& item) override {
    saved_menu_ = item.id;
    auto known = tx_.find(kMenuReplica, item.id.value());
    if (!known) return pass_on(known);
    return *known ? tx_.update(kMenuReplica, to_row(item)) : tx_.insert(kMenuReplica, to_row(item));
  }
  Result<void> append(const OrderEvent& event) override {
    const std::string_view type = type_of(event.type);
    const Timestamp now = clock_.now();
    store::OutboxEvent out{.type = std::string{type},
                           .key = {},
                           .time = now,
                           .data = contracts::encode(type, now, to_contract(event))};
    append_int(out.key, event.order.id.value());
    return tx_.append(std::move(out));
  }

  /// The menu that save_menu() was given last.
  [[nodiscard]] std::optional<MenuId> saved_menu() const { return saved_menu_; }

 private:
  store::Tx& tx_;
  const Clock& clock_;
  std::optional<MenuId> saved_menu_;
};

}  // namespace

Task<Result<Committed<Order>>> StoredOrders::commit_once(
    const OnceKey& key, FunctionRef<Result<Order>(OrderTx&)> body) {
  std::optional<Order> decided;
  auto run = [&](store::Tx& tx) -> Result<std::string> {
    StoredOrderTx order_tx(tx, clock_);
    auto order = body(order_tx);
    if (!order) return pass_on(order);
    decided = std::move(*order);
    // Without a key nobody will ask for the answer again.
    return key.empty() ? std::string{} : store::encode_answer(to_row(*decided));
  };
  auto outcome = co_await store_.commit_once(key, run);
  if (!outcome) co_return pass_on(outcome);
  if (!outcome->replayed) co_return Committed<Order>{std::move(*decided)};
  auto row = store::decode_answer(outcome->answer);
  if (!row) co_return pass_on(row);
  co_return Committed<Order>{to_order(*row), true};
}

Task<Result<void>> StoredOrders::commit_event(const OnceKey& key,
                                              FunctionRef<Result<void>(OrderTx&)> body) {
  std::optional<MenuId> saved_menu;
  auto run = [&](store::Tx& tx) -> Result<std::string> {
    StoredOrderTx order_tx(tx, clock_);
    auto done = body(order_tx);
    saved_menu = order_tx.saved_menu();
    if (!done) return pass_on(done);
    return std::string{};
  };
  auto outcome = co_await store_.commit_once(key, run);
  if (saved_menu) menus_.forget(*saved_menu);
  if (!outcome) co_return pass_on(outcome);
  co_return Result<void>{};
}

Task<Result<std::optional<Order>>> StoredOrders::recall(const OnceKey& key) {
  auto row = co_await store::recall(store_, key);
  if (!row) co_return pass_on(row);
  co_return row->transform(to_order);
}

Task<Result<std::optional<Order>>> StoredOrders::find(OrderId id) {
  auto row = co_await store_.find(kOrders, id.value());
  if (!row) co_return pass_on(row);
  co_return row->transform(to_order);
}

Task<Result<OrderList>> StoredOrders::list(const OrderListRequest& request) {
  store::PageRequest page_request{.page = request.page, .size = request.size};
  for (const auto& [key, descending] : request.sort) {
    page_request.sort.push_back({column_of(key), descending});
  }
  auto page = co_await store_.page(kOrders, page_request);
  if (!page) co_return pass_on(page);
  OrderList list{.orders = {}, .total = page->total_rows};
  list.orders.reserve(page->rows.size());
  for (const store::Row& row : page->rows) list.orders.push_back(to_order(row));
  co_return list;
}

Task<Result<std::optional<std::string>>> StoredOrders::customer_of(OrderId id) {
  auto row = co_await store_.find(kOrderCustomers, id.value());
  if (!row) co_return pass_on(row);
  co_return row->transform(
      [](const store::Row& found) { return store::text_at(found, kCustomer); });
}

Task<Result<OrderList>> StoredOrders::list_of(const std::string& customer,
                                              const OrderListRequest& request) {
  store::Value value{customer};
  auto finding = store::ids_by(store_, kOrderCustomers, kCustomer, std::move(value));
  auto ids = co_await finding;
  if (!ids) co_return pass_on(ids);
  OrderList list{.orders = {}, .total = std::ssize(*ids)};
  const bool newest_first = !request.sort.empty() && request.sort.front().key == OrderSort::kId &&
                            request.sort.front().descending;
  for (const std::int64_t id :
       store::part_of(std::move(*ids), request.page, request.size, newest_first)) {
    auto order = co_await find(OrderId{id});
    if (!order) co_return pass_on(order);
    if (*order) list.orders.push_back(std::move(**order));
  }
  co_return list;
}

Task<Result<std::optional<MenuItem>>> StoredOrders::find_menu(MenuId id) {
  if (auto kept = menus_.find(id)) co_return kept;
  const auto before = menus_.generation();
  auto row = co_await store_.find(kMenuReplica, id.value());
  if (!row) co_return pass_on(row);
  auto item = row->transform(to_menu_item);
  if (item) menus_.keep(*item, before);
  co_return item;
}

}  // namespace baedal::order
