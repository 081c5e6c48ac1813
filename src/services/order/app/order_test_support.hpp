#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "contracts/events.hpp"
#include "kernel/async/executor.hpp"
#include "kernel/async/manual_executor.hpp"
#include "platform/clock/manual_clock.hpp"
#include "platform/store/faulty/faulty_store.hpp"
#include "platform/store/memory/memory_store.hpp"
#include "services/order/app/cancel_order.hpp"
#include "services/order/app/follow_events.hpp"
#include "services/order/app/order_queries.hpp"
#include "services/order/app/place_order.hpp"
#include "services/order/domain/words.hpp"
#include "services/order/outbound/order_store.hpp"
#include "services/order/outbound/order_tables.hpp"

namespace baedal::order {

/// Someone who may ask for anything.
inline constexpr auto kAllowAll = [](const Order&) -> Result<void> { return {}; };

/// The menu service by hand.
class HandMenus final : public MenuCatalog {
 public:
  Task<Result<std::optional<MenuItem>>> find(MenuId id) override {
    ++asked;
    co_await yield();
    if (!reachable) co_return unavailable("menu-unreachable", "The menu service does not answer.");
    const auto found = items.find(id.value());
    if (found == items.end()) co_return std::nullopt;
    co_return found->second;
  }

  std::map<std::int64_t, MenuItem> items;
  bool reachable = true;
  int asked = 0;
};

/// The delivery service by hand: one delivery per order, which decides once.
class HandDeliveries final : public DeliveryDesk {
 public:
  Task<Result<CancelDecision>> cancel(OrderId order) override {
    ++asked;
    co_await yield();
    if (!reachable) co_return unavailable("delivery-unreachable", "Delivery does not answer.");
    const bool cancelled = decide(order, DeliveryStatus::kCancelled) == DeliveryStatus::kCancelled;
    co_await yield();
    if (answer_lost) co_return unavailable("delivery-unreachable", "Delivery does not answer.");
    co_return CancelDecision{id_of(order), cancelled};
  }
  /// The first decision stays.
  DeliveryStatus decide(OrderId order, DeliveryStatus wanted) {
    return decided.try_emplace(order.value(), wanted).first->second;
  }
  [[nodiscard]] static DeliveryId id_of(OrderId order) { return DeliveryId{100 + order.value()}; }

  std::map<std::int64_t, DeliveryStatus> decided;
  bool reachable = true;
  bool answer_lost = false;
  int asked = 0;
};

/// The use cases over a store in memory whose calls can be made to fail.
struct OrderService {
  ManualExecutor executor;
  ManualClock clock{Timestamp{1'700'000'000'000'000}};
  store::MemoryDisk disk{"test"};
  store::MemoryStore memory{disk, clock};
  store::FaultyStore faulty{memory};
  StoredOrders store{faulty, clock};
  HandMenus menus;
  HandDeliveries deliveries;
  PlaceOrder place{store, menus, clock};
  CancelOrder cancel{store, deliveries, clock};
  FollowEvents follow{store, clock};
  OrderQueries queries{store};

  /// A menu the menu service has and this service has not heard of.
  static MenuItem gimbab() {
    return {.id = MenuId{1}, .name = "Gimbab", .price = Money{4500}, .version = 1};
  }
  OrderService() { menus.items.emplace(1, gimbab()); }

  Result<Committed<Order>> place_now(const PlaceOrderCommand& command) {
    return executor.run(place.run(command));
  }
  Result<Committed<Order>> place_now(OnceKey key = {}) {
    return place_now(PlaceOrderCommand{.menu = MenuId{1}, .quantity = 2, .key = std::move(key)});
  }
  Result<Committed<Order>> cancel_now(OrderId id, OnceKey key = {},
                                      Precondition precondition = {}) {
    const CancelOrderCommand command{id, std::move(precondition), std::move(key)};
    return executor.run(cancel.run(command, kAllowAll));
  }
  Result<void> hear(OrderId order, DeliveryStatus status) {
    return executor.run(follow.delivery(order, HandDeliveries::id_of(order), status));
  }
  Result<void> hear(OrderId order, PaymentStatus status) {
    return executor.run(follow.payment(order, PaymentId{5}, status));
  }
  Result<void> hear(const MenuItem& item, const std::string& event) {
    const OnceKey key = OnceKey::of_event(event);
    return executor.run(follow.menu(item, key));
  }

  // What is there, seen past the faults.
  std::optional<Order> find(OrderId id) {
    StoredOrders undisturbed{memory, clock};
    return executor.run(undisturbed.find(id)).value();
  }
  std::optional<MenuItem> replica(MenuId id) {
    StoredOrders undisturbed{memory, clock};
    return executor.run(undisturbed.find_menu(id)).value();
  }
  std::vector<store::Row> rows() {
    const store::PageRequest everything{.page = 0, .size = 1000};
    return executor.run(memory.page(kOrders, everything)).value().rows;
  }
  std::vector<store::OutboxRow> outbox() {
    return executor.run(memory.read_outbox(0, 1000)).value();
  }
  /// "Ordered 1 ordered v1", "OrderCancelled 1 cancel v2", in the order of commit.
  std::vector<std::string> told() {
    std::vector<std::string> told;
    for (const auto& row : outbox()) {
      const auto event = contracts::decode_order_event(row.event.data).value();
      EXPECT_EQ(row.event.key, std::to_string(event.id));
      told.push_back(row.event.type + " " + std::to_string(event.id) + " " + event.status + " v" +
                     std::to_string(event.version));
    }
    return told;
  }
};

}  // namespace baedal::order
