// News of others in any order, and a fault at every call of the store. Each scenario is repeated by
// its caller until it is answered, as the subscriber and a client do; whichever call failed, the
// outcome is that of the undisturbed run: nothing lost, nothing double.
#include <gmock/gmock.h>

#include <functional>

#include "services/order/app/order_test_support.hpp"

namespace baedal::order {
namespace {

using ::testing::ElementsAre;

constexpr OrderId kOrder{1};

TEST(FollowEvents, twice_late_and_out_of_order_gives_one_state) {
  OrderService service;
  service.place_now().value();
  ASSERT_TRUE(service.hear(kOrder, DeliveryStatus::kComplete));
  ASSERT_TRUE(service.hear(kOrder, DeliveryStatus::kComplete));
  ASSERT_TRUE(service.hear(kOrder, DeliveryStatus::kStarted));
  ASSERT_TRUE(service.hear(kOrder, PaymentStatus::kRefunded));
  ASSERT_TRUE(service.hear(kOrder, PaymentStatus::kPaid));
  const auto order = service.find(kOrder);
  EXPECT_EQ(order->delivery_status, DeliveryStatus::kComplete);
  EXPECT_EQ(order->delivery_id, HandDeliveries::id_of(kOrder));
  EXPECT_EQ(order->payment_status, PaymentStatus::kRefunded);
  EXPECT_EQ(order->payment_id, PaymentId{5});
  EXPECT_EQ(order->status, OrderStatus::kOrdered);
  EXPECT_EQ(order->version, 3);
  EXPECT_THAT(service.told(), ElementsAre("Ordered 1 ordered v1"));
}

TEST(FollowEvents, a_cancelled_delivery_cancels_the_order_once) {
  OrderService service;
  service.place_now().value();
  ASSERT_TRUE(service.hear(kOrder, PaymentStatus::kDeclined));
  ASSERT_TRUE(service.hear(kOrder, DeliveryStatus::kCancelled));
  ASSERT_TRUE(service.hear(kOrder, DeliveryStatus::kCancelled));
  ASSERT_TRUE(service.hear(kOrder, DeliveryStatus::kStarted));
  EXPECT_EQ(service.find(kOrder)->status, OrderStatus::kCancelled);
  EXPECT_THAT(service.told(), ElementsAre("Ordered 1 ordered v1", "OrderCancelled 1 cancel v3"));
}

TEST(FollowEvents, news_of_an_order_never_taken_is_an_error_and_leaves_no_trace) {
  OrderService service;
  for (int attempt = 0; attempt < 2; ++attempt) {
    const auto refused = service.hear(kOrder, DeliveryStatus::kStarted);
    EXPECT_EQ(refused.error().kind, ErrorKind::kNotFound);
  }
  service.place_now().value();
  EXPECT_TRUE(service.hear(kOrder, DeliveryStatus::kStarted));
  EXPECT_EQ(service.find(kOrder)->delivery_status, DeliveryStatus::kStarted);
}

TEST(FollowEvents, the_menu_replica_takes_what_is_newer_and_a_deleted_menu_stays_deleted) {
  OrderService service;
  const auto hear = [&](std::int64_t version, const char* name, bool deleted, const char* event) {
    MenuItem item = OrderService::gimbab();
    item.version = version;
    item.name = name;
    item.deleted = deleted;
    EXPECT_TRUE(service.hear(item, event));
    return service.replica(MenuId{1})->name;
  };
  EXPECT_EQ(hear(2, "second", false, "m-2"), "second");
  EXPECT_EQ(hear(1, "first", false, "m-1"), "second") << "late";
  EXPECT_EQ(hear(3, "third", false, "m-2"), "second") << "the same event";
  EXPECT_EQ(hear(3, "third", false, "m-3"), "third");
  EXPECT_EQ(hear(0, "foreign", false, "m-4"), "foreign") << "no version: always news";
  EXPECT_EQ(hear(4, "gone", true, "m-5"), "gone");
  EXPECT_EQ(hear(9, "back", false, "m-6"), "gone");
  EXPECT_TRUE(service.replica(MenuId{1})->deleted);
}

struct Scenario {
  std::string name;
  std::function<bool(OrderService&)> step;  ///< whether all of it was answered
  OrderStatus status;
  std::vector<std::string> told;
};

bool place_with_key(OrderService& s) { return s.place_now(OnceKey{"http:place", 1}).has_value(); }
/// Whose order it is: ids of rolled-back bodies may be skipped.
OrderId the_order(OrderService& s) {
  return OrderId{std::get<std::int64_t>(s.rows().at(0).at(kOrderId))};
}

const std::vector<Scenario> kScenarios = {
    {"place", place_with_key, OrderStatus::kOrdered, {"Ordered ordered v1"}},
    {"place, then cancel without a key",
     [](OrderService& s) { return place_with_key(s) && s.cancel_now(the_order(s)).has_value(); },
     OrderStatus::kCancelled,
     {"Ordered ordered v1", "OrderCancelled cancel v2"}},
    {"place, then cancel with a key, then the event of it",
     [](OrderService& s) {
       return place_with_key(s) && s.cancel_now(the_order(s), {"http:cancel", 1}).has_value() &&
              s.hear(the_order(s), DeliveryStatus::kCancelled).has_value();
     },
     OrderStatus::kCancelled,
     {"Ordered ordered v1", "OrderCancelled cancel v2"}},
    {"a whole life",
     [](OrderService& s) {
       return s.hear(OrderService::gimbab(), "m-1").has_value() && place_with_key(s) &&
              s.hear(the_order(s), PaymentStatus::kPaid).has_value() &&
              s.hear(the_order(s), DeliveryStatus::kStarted).has_value() &&
              s.hear(the_order(s), DeliveryStatus::kComplete).has_value();
     },
     OrderStatus::kOrdered,
     {"Ordered ordered v1"}},
    {"a payment that failed",
     [](OrderService& s) {
       return place_with_key(s) && s.hear(the_order(s), PaymentStatus::kDeclined).has_value() &&
              s.hear(the_order(s), DeliveryStatus::kCancelled).has_value();
     },
     OrderStatus::kCancelled,
     {"Ordered ordered v1", "OrderCancelled cancel v3"}}};

std::vector<std::string> without_ids(std::vector<std::string> told) {
  for (std::string& line : told) {
    const auto blank = line.find(' ');
    line.erase(blank, line.find(' ', blank + 1) - blank);
  }
  return told;
}

class Faults : public ::testing::TestWithParam<store::FaultMode> {};

TEST_P(Faults, at_any_call_lose_nothing_and_double_nothing) {
  for (const Scenario& scenario : kScenarios) {
    for (std::int64_t n = 1;; ++n) {
      SCOPED_TRACE(scenario.name + ", call " + std::to_string(n));
      OrderService service;
      service.faulty.fail_call(n, GetParam());
      const bool answered = scenario.step(service);
      // Looking the menu up and recalling a key are calls too, whose fault is the request's.
      EXPECT_EQ(answered, !service.faulty.fired());
      EXPECT_TRUE(answered || scenario.step(service)) << "one fault, one repetition";
      ASSERT_EQ(service.rows().size(), 1U);
      EXPECT_EQ(service.find(the_order(service))->status, scenario.status);
      EXPECT_EQ(without_ids(service.told()), scenario.told);
      if (answered) break;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Modes, Faults,
                         ::testing::Values(store::FaultMode::kRefused,
                                           store::FaultMode::kAnswerLost),
                         [](const auto& mode) { return store::to_word(mode.param); });

}  // namespace
}  // namespace baedal::order
