// What each event means for the view: our own, and the seed's as it stands on its topic.
#include "services/mypage/inbound/change_codec.hpp"

#include <gtest/gtest.h>

#include <set>

#include "contracts/events.hpp"

namespace baedal::mypage {
namespace {

using namespace contracts::event;
using messaging::Envelope;

constexpr Timestamp kTime{5'000'000};

Envelope envelope(std::string_view type, std::string data) {
  return {.id = "e-1",
          .type = std::string{type},
          .source = "order",
          .time = kTime,
          .data = std::move(data)};
}

Change change_of(std::string_view type, std::string data) {
  const auto change = to_change(envelope(type, std::move(data)));
  if (!change || !*change) {
    ADD_FAILURE() << type << (change ? " means nothing" : change.error().detail);
    return {};
  }
  EXPECT_EQ((*change)->time, kTime);
  EXPECT_EQ((*change)->event, "e-1");
  return **change;
}

TEST(ChangeCodec, our_own_order_event_is_read_whole) {
  contracts::OrderEvent event{.id = 4, .menu_id = 1, .menu_name = "김밥", .quantity = 2};
  event.amount = 9000;
  event.currency = "USD";
  event.created_at = Timestamp{1'000'000};
  const Change change = change_of(kOrdered, contracts::encode(kOrdered, kTime, event));
  EXPECT_EQ(change.order, OrderId{4});
  const auto& news = std::get<OrderNews>(change.news);
  EXPECT_EQ(news.status, OrderStatus::kOrdered);
  EXPECT_EQ(news.facts, (OrderFacts{1, "김밥", 2, 9000, "USD", Timestamp{1'000'000}}));
}

TEST(ChangeCodec, a_delivery_told_late_was_complete_when_it_says) {
  contracts::DeliveryEvent event{6, 4, "complete", 2};
  event.completed_at = Timestamp{3'000'000};
  const std::string data = contracts::encode(kDeliveryCompleted, kTime, event);
  EXPECT_EQ(to_change(envelope(kDeliveryCompleted, data)).value()->time, Timestamp{3'000'000});
  event.completed_at.reset();
  const std::string plain = contracts::encode(kDeliveryCompleted, kTime, event);
  EXPECT_EQ(to_change(envelope(kDeliveryCompleted, plain)).value()->time, kTime);
}

TEST(ChangeCodec, each_type_means_its_own_state_whatever_the_status_in_it_says) {
  const std::string order = contracts::encode(kOrdered, kTime, contracts::OrderEvent{.id = 4});
  const std::string payment =
      contracts::encode(kPaid, kTime, contracts::PaymentEvent{.id = 5, .order_id = 4});
  const std::string delivery =
      contracts::encode(kDeliveryStarted, kTime, contracts::DeliveryEvent{6, 4, "", 1});
  EXPECT_EQ(std::get<OrderNews>(change_of(kOrderCancelled, order).news).status,
            OrderStatus::kCancelled);
  for (const auto& [type, status] :
       {std::pair{kPaid, PaymentStatus::kPaid}, std::pair{kPaymentFailed, PaymentStatus::kDeclined},
        std::pair{kPaymentRefunded, PaymentStatus::kRefunded}}) {
    const Change change = change_of(type, payment);
    EXPECT_EQ(change.order, OrderId{4});
    EXPECT_EQ(std::get<PaymentNews>(change.news).payment_id, 5);
    EXPECT_EQ(std::get<PaymentNews>(change.news).status, status) << type;
  }
  for (const auto& [type, status] : {std::pair{kDeliveryStarted, DeliveryStatus::kStarted},
                                     std::pair{kDeliveryCompleted, DeliveryStatus::kComplete},
                                     std::pair{kDeliveryCancelled, DeliveryStatus::kCancelled}}) {
    const Change change = change_of(type, delivery);
    EXPECT_EQ(change.order, OrderId{4});
    EXPECT_EQ(std::get<DeliveryNews>(change.news).delivery_id, 6);
    EXPECT_EQ(std::get<DeliveryNews>(change.news).status, status) << type;
  }
}

TEST(ChangeCodec, the_seeds_own_json_is_understood) {
  const Change ordered = change_of(
      kOrdered,
      R"({"eventType":"Ordered","timestamp":"20210223085635","id":4,"menuId":1,"menuNm":"Gimbab",)"
      R"("qty":1,"status":"ordered","deliveryStatus":null,"deliveryId":null,"me":true})");
  EXPECT_EQ(ordered.order, OrderId{4});
  EXPECT_EQ(std::get<OrderNews>(ordered.news).facts,
            (OrderFacts{1, "Gimbab", 1, std::nullopt, "KRW", kTime}));
  const Change cancelled = change_of(
      kOrderCancelled,
      R"({"eventType":"OrderCancelled","timestamp":"20210223085635","id":1,"menuId":1,)"
      R"("menuNm":"Juice","qty":1,"status":"cancel","deliveryStatus":"cancelled","deliveryId":1,)"
      R"("me":true})");
  EXPECT_EQ(std::get<OrderNews>(cancelled.news).status, OrderStatus::kCancelled);
  const Change started =
      change_of(kDeliveryStarted,
                R"({"eventType":"DeliveryStarted","timestamp":"20210223085635","id":4,"orderId":4,)"
                R"("status":"started","me":true})");
  EXPECT_EQ(started.order, OrderId{4});
  const Change completed = change_of(
      kDeliveryCompleted,
      R"({"eventType":"DeliveryCompleted","timestamp":"20210223085635","id":2,"orderId":2,)"
      R"("status":"complete","me":true})");
  EXPECT_EQ(std::get<DeliveryNews>(completed.news).delivery_id, 2);
}

TEST(ChangeCodec, a_foreign_record_without_a_type_says_it_in_its_data) {
  const Change change = change_of("", R"({"eventType":"OrderCancelled","id":"4","qty":"2"})");
  EXPECT_EQ(change.order, OrderId{4});
  EXPECT_EQ(std::get<OrderNews>(change.news).status, OrderStatus::kCancelled);
}

TEST(ChangeCodec, what_cannot_be_read_is_an_error_and_other_types_mean_nothing) {
  for (const std::string_view type : event_types()) {
    for (const char* damaged : {"", "{", "[]", "{}", R"({"id":"x","orderId":"x"})"}) {
      EXPECT_FALSE(to_change(envelope(type, damaged))) << type << " " << damaged;
    }
  }
  EXPECT_EQ(to_change(envelope(kMenuCreated, "{")).value(), std::nullopt);
  EXPECT_EQ(to_change(envelope("", R"({"eventType":"MenuCreated","id":4})")).value(), std::nullopt);
  EXPECT_EQ(to_change(envelope("", "{")).value(), std::nullopt);
}

TEST(ChangeCodec, the_types_it_names_are_those_it_reads_each_once) {
  const std::set<std::string_view> types(event_types().begin(), event_types().end());
  EXPECT_EQ(types.size(), event_types().size());
  EXPECT_FALSE(types.contains(kMenuChanged));
}

}  // namespace
}  // namespace baedal::mypage
