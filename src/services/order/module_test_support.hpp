#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "contracts/events.hpp"
#include "kernel/async/manual_executor.hpp"
#include "kernel/json/parse.hpp"
#include "platform/clock/manual_clock.hpp"
#include "platform/http/testing/hand_client.hpp"
#include "platform/messaging/memory/memory_bus.hpp"
#include "platform/messaging/store_parking.hpp"
#include "platform/store/memory/memory_store.hpp"
#include "services/order/module.hpp"

namespace baedal::order {

inline constexpr std::string_view kPlace = R"({"menuId":1,"menuNm":"Gimbab","qty":2})";
inline constexpr std::string_view kCancel = R"({"status":"cancel"})";

/// The menu service through its contract, by hand: it has one menu.
struct HandMenuApi final : contracts::MenuApi {
  Task<Result<std::optional<contracts::MenuItem>>> find_menu(std::int64_t id) override {
    if (!reachable) co_return unavailable("menu-unreachable", "The menu service does not answer.");
    if (id != 1) co_return std::nullopt;
    co_return contracts::MenuItem{.id = 1, .name = "Gimbab", .price = 4500, .version = 1};
  }
  bool reachable = true;
};

/// The delivery service through its contract, by hand.
struct HandDeliveryApi final : contracts::DeliveryApi {
  Task<Result<contracts::DeliveryDecision>> cancel_delivery_of(std::int64_t order) override {
    ++asked;
    if (!reachable) co_return unavailable("delivery-unreachable", "Delivery does not answer.");
    co_return contracts::DeliveryDecision{100 + order, !complete};
  }
  bool reachable = true;
  bool complete = false;
  int asked = 0;
};

/// The whole module over memory, every event delivered twice.
class OrderHttp : public ::testing::Test {
 protected:
  OrderHttp() {
    module_->add_routes(router_);
    module_->add_handlers(subscriber_);
    subscriber_.subscribe_to(bus_);
    executor_.post([this] { ASSERT_TRUE(bus_.start()); });
    executor_.run_ready();
  }
  ~OrderHttp() override { executor_.run(bus_.stop()); }

  void publish(std::string_view type, std::string id, std::int64_t key, std::string data) {
    const std::vector<messaging::Envelope> events{{.id = std::move(id),
                                                   .type = std::string{type},
                                                   .source = "elsewhere",
                                                   .key = std::to_string(key),
                                                   .time = clock_.now(),
                                                   .data = std::move(data)}};
    ASSERT_TRUE(executor_.run(bus_.publish(events)));
    executor_.run_ready();
  }
  void hear_delivery(std::string_view type, std::string_view status, std::int64_t order = 1) {
    const contracts::DeliveryEvent event{100 + order, order, std::string{status}, 1};
    publish(type, "delivery-" + std::string{type} + std::to_string(order), order,
            contracts::encode(type, clock_.now(), event));
  }
  void hear_payment(std::string_view type, std::string_view status, std::int64_t order = 1) {
    const contracts::PaymentEvent event{.id = 5, .order_id = order, .status = std::string{status}};
    publish(type, "payment-" + std::string{type} + std::to_string(order), order,
            contracts::encode(type, clock_.now(), event));
  }
  void hear_menu(std::string_view type, const contracts::MenuEvent& event) {
    publish(type, "menu-" + std::to_string(++menu_events_), event.id,
            contracts::encode(type, clock_.now(), event));
  }
  http::Response place(std::vector<http::Header> headers = {}) {
    return client_.post("/orders", std::string{kPlace}, std::move(headers));
  }
  http::Response patch(std::string_view body, std::vector<http::Header> headers = {}) {
    return client_.patch("/orders/1", std::string{body}, std::move(headers));
  }
  /// A member of a JSON answer, as JSON text; empty when it is not there.
  std::string member(const http::Response& response, std::string_view name) {
    const auto parsed = json::parse(response.body);
    const auto* members = parsed ? parsed->get<json::Object>() : nullptr;
    EXPECT_NE(members, nullptr) << response.body;
    const json::Value* value = members == nullptr ? nullptr : members->find(name);
    if (value == nullptr) return {};
    if (const auto* text = value->get<std::string>()) return *text;
    if (const auto* number = value->get<std::int64_t>()) return std::to_string(*number);
    return value->is_null() ? "null" : "?";
  }
  std::string shown(std::string_view name) { return member(client_.get("/orders/1"), name); }
  std::size_t events_told() { return executor_.run(store_.read_outbox(0, 100)).value().size(); }

  ManualExecutor executor_;
  ManualClock clock_{Timestamp{1'614'070'595'000'000}};
  store::MemoryDisk disk_{"test"};
  store::MemoryStore store_{disk_, clock_};
  HandMenuApi menus_;
  HandDeliveryApi deliveries_;
  http::hal::Presentation presentation_;
  std::unique_ptr<service::Module> module_ =
      make_module({store_, clock_, menus_, deliveries_, presentation_});
  http::Router router_;
  http::HandClient client_{router_, executor_};
  std::unique_ptr<messaging::StoreParking> parking_ =
      executor_.run(messaging::StoreParking::open(store_)).value();
  messaging::Subscriber subscriber_{"order", *parking_, clock_};
  messaging::MemoryBus bus_{{.deliver_twice = true}};
  int menu_events_ = 0;
};

}  // namespace baedal::order
