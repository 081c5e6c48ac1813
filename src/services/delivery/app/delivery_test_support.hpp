#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "contracts/events.hpp"
#include "kernel/async/manual_executor.hpp"
#include "platform/clock/manual_clock.hpp"
#include "platform/store/faulty/faulty_store.hpp"
#include "platform/store/memory/memory_store.hpp"
#include "services/delivery/app/cancel_of_order.hpp"
#include "services/delivery/app/change_delivery.hpp"
#include "services/delivery/app/delivery_queries.hpp"
#include "services/delivery/app/start_delivery.hpp"
#include "services/delivery/domain/words.hpp"
#include "services/delivery/outbound/delivery_store.hpp"

namespace baedal::delivery {

/// Someone who may ask for anything.
inline constexpr auto kAllowAll = [](const Delivery&) -> Result<void> { return {}; };

/// The use cases over a store in memory whose calls can be made to fail.
struct DeliveryService {
  ManualExecutor executor;
  ManualClock clock{Timestamp{1'700'000'000'000'000}};
  store::MemoryDisk disk{"test"};
  store::MemoryStore memory{disk, clock};
  store::FaultyStore faulty{memory};
  StoredDeliveries store{faulty, clock};
  StartDelivery start{store, clock};
  CancelOfOrder cancel_of_order{store, clock};
  ChangeDelivery change{store, clock};
  DeliveryQueries queries{store};

  Result<Committed<Delivery>> change_now(DeliveryId id, DeliveryAction action, OnceKey key = {},
                                         Precondition precondition = {}) {
    const ChangeDeliveryCommand command{id, action, std::move(precondition), std::move(key)};
    return executor.run(change.run(command, kAllowAll));
  }
  Result<Delivery> start_now(OrderId order) { return executor.run(start.run(order)); }
  Result<Committed<Delivery>> cancel_of_order_now(OrderId order, const OnceKey& key = {}) {
    return executor.run(cancel_of_order.run(order, key));
  }
  std::optional<Delivery> of_order(OrderId order) {
    StoredDeliveries undisturbed{memory, clock};
    return executor.run(undisturbed.find_of_order(order)).value();
  }
  /// "DeliveryStarted 1/7 started v1": everything an event says, in the order of commit.
  std::vector<std::string> told() {
    std::vector<std::string> told;
    const auto rows = executor.run(memory.read_outbox(0, 1000)).value();
    for (const auto& row : rows) {
      const auto event = contracts::decode_delivery_event(row.event.data).value();
      EXPECT_EQ(row.event.key, std::to_string(event.order_id));
      told.push_back(row.event.type + " " + std::to_string(event.id) + "/" +
                     std::to_string(event.order_id) + " " + event.status + " v" +
                     std::to_string(event.version));
    }
    return told;
  }
};

}  // namespace baedal::delivery
