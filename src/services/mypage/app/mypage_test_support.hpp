#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "contracts/events.hpp"
#include "kernel/async/manual_executor.hpp"
#include "platform/clock/manual_clock.hpp"
#include "platform/messaging/memory/memory_bus.hpp"
#include "platform/messaging/store_parking.hpp"
#include "platform/store/faulty/faulty_store.hpp"
#include "platform/store/memory/memory_store.hpp"
#include "services/mypage/app/rebuild.hpp"
#include "services/mypage/inbound/mypage_events.hpp"
#include "services/mypage/outbound/stored_view.hpp"

namespace baedal::mypage {

/// A view in memory whose store's calls can be made to fail. Outlives the views it gives.
struct ViewInMemory {
  explicit ViewInMemory(const Clock& clock) : memory(disk, clock) {}
  /// The view, as long as this lives.
  [[nodiscard]] std::shared_ptr<ViewStore> view() { return view_; }
  /// The same, past the faults.
  [[nodiscard]] StoredView undisturbed() {
    return StoredView{std::shared_ptr<store::Store>(&memory, [](store::Store*) {})};
  }

  store::MemoryDisk disk{"view"};
  store::MemoryStore memory;
  store::FaultyStore faulty{memory};

 private:
  std::shared_ptr<ViewStore> view_ =
      std::make_shared<StoredView>(std::shared_ptr<store::Store>(&faulty, [](store::Store*) {}));
};

/// Generations in memory. Everything made stays, to be looked at.
class HandGenerations final : public ViewGenerations {
 public:
  explicit HandGenerations(const Clock& clock) : clock_(clock) {}

  Task<Result<std::shared_ptr<ViewStore>>> begin_fresh() override {
    co_await yield();
    if (begin_fails) co_return unavailable("no-room", "There is no room for a fresh view.");
    made.push_back(std::make_unique<ViewInMemory>(clock_));
    made.back()->faulty.fail_call(fail_fresh_call, fault_mode);
    co_return made.back()->view();
  }
  Result<void> promote() override {
    if (promote_fails) return unavailable("no-room", "CURRENT cannot be written.");
    ++promoted;
    return {};
  }
  void discard() override { ++discarded; }

  std::vector<std::unique_ptr<ViewInMemory>> made;
  bool begin_fails = false;
  bool promote_fails = false;
  std::int64_t fail_fresh_call = 0;
  store::FaultMode fault_mode = store::FaultMode::kRefused;
  int promoted = 0;
  int discarded = 0;

 private:
  const Clock& clock_;
};

/// The events of a bus, ending with an error when asked to.
class HandHistory final : public EventHistory {
 public:
  explicit HandHistory(messaging::Bus& bus) : bus_(bus, "view") {}
  Task<Result<void>> replay(Handler handler) override {
    auto replayed = co_await bus_.replay(std::move(handler));
    if (replayed && fails) co_return unavailable("bus-gone", "The events end here.");
    co_return replayed;
  }
  [[nodiscard]] bool caught_up() const override { return has_caught_up; }
  bool fails = false;
  bool has_caught_up = true;

 private:
  BusHistory bus_;
};

/// The view as it runs: events on a bus, followed live, and rebuilt while they keep coming.
class MypageWorld {
 public:
  MypageWorld() {
    register_events(subscriber, projection);
    subscriber.subscribe_to(bus);
    executor.post([this] { EXPECT_TRUE(bus.start()); });
    executor.run_ready();
  }
  ~MypageWorld() { executor.run(bus.stop()); }

  /// The whole life of one order, as events.
  [[nodiscard]] std::vector<messaging::Envelope> life_of(std::int64_t order) {
    namespace type = contracts::event;
    contracts::OrderEvent ordered{.id = order, .menu_id = 1, .menu_name = "Gimbab", .quantity = 2};
    ordered.created_at = clock.now();
    const contracts::PaymentEvent paid{.id = 200 + order, .order_id = order, .status = "paid"};
    const contracts::DeliveryEvent started{100 + order, order, "started", 1};
    const contracts::DeliveryEvent complete{100 + order, order, "complete", 2};
    return {envelope(type::kOrdered, order, ordered), envelope(type::kPaid, order, paid),
            envelope(type::kDeliveryStarted, order, started),
            envelope(type::kDeliveryCompleted, order, complete)};
  }
  Task<void> publish(std::vector<messaging::Envelope> events) {
    EXPECT_TRUE((co_await bus.publish(events)));
  }
  /// Lets orders `from` to `to` happen, and the live view follow.
  void happen(std::int64_t from, std::int64_t to) {
    for (std::int64_t order = from; order <= to; ++order) executor.run(publish(life_of(order)));
    executor.run_ready();
  }
  Result<RebuildReport> rebuild_now() { return executor.run(rebuild.run()); }
  static std::vector<Mypage> lines_of(ManualExecutor& executor, ViewStore& view) {
    const LineListRequest everything;
    return executor.run(view.list(everything)).value().lines;
  }
  std::vector<Mypage> live_lines() {
    const auto live = projection.live();
    return lines_of(executor, *live);
  }

  ManualExecutor executor;
  ManualClock clock{Timestamp{1'700'000'000'000'000}};
  ViewInMemory first{clock};
  Projection projection{first.view()};
  messaging::MemoryBus bus{{.batch_max = 3}};
  HandHistory history{bus};
  HandGenerations generations{clock};
  RebuildView rebuild{projection, generations, history};
  store::MemoryDisk parking_disk{"parking"};
  store::MemoryStore parking_store{parking_disk, clock};
  std::unique_ptr<messaging::StoreParking> parking =
      executor.run(messaging::StoreParking::open(parking_store)).value();
  messaging::Subscriber subscriber{"mypage", *parking, clock};

 private:
  template <class Event>
  messaging::Envelope envelope(std::string_view type, std::int64_t order, const Event& event) {
    return {.id = "e-" + std::to_string(++events_),
            .type = std::string{type},
            .source = "elsewhere",
            .key = std::to_string(order),
            .time = clock.now(),
            .data = contracts::encode(type, clock.now(), event)};
  }
  int events_ = 0;
};

}  // namespace baedal::mypage
