// The order's state machine, every state × every command, and the rules of placing.
#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "services/order/domain/order.hpp"

namespace baedal::order {
namespace {

constexpr Timestamp kNow{1'000};
constexpr Timestamp kLater{2'000};

const std::vector<std::optional<DeliveryStatus>> kDeliveryStates = {
    std::nullopt, DeliveryStatus::kStarted, DeliveryStatus::kComplete, DeliveryStatus::kCancelled};
const std::vector<std::optional<PaymentStatus>> kPaymentStates = {
    std::nullopt, PaymentStatus::kPaid, PaymentStatus::kDeclined, PaymentStatus::kRefunded};

Order order_in(std::optional<DeliveryStatus> delivery, std::optional<PaymentStatus> payment = {}) {
  Order order{.id = OrderId{7}, .menu_id = MenuId{1}, .menu_name = "Gimbab"};
  order.delivery_status = delivery;
  order.payment_status = payment;
  if (delivery) order.delivery_id = DeliveryId{3};
  if (delivery == DeliveryStatus::kCancelled) order.status = OrderStatus::kCancelled;
  order.version = 5;
  order.updated_at = kNow;
  return order;
}

TEST(FollowDelivery, every_state_and_every_news) {
  using enum DeliveryStatus;
  struct Case {
    std::optional<DeliveryStatus> state;
    DeliveryStatus news;
    Outcome outcome;
  };
  const Case cases[] = {{std::nullopt, kStarted, Outcome::kChanged},
                        {std::nullopt, kComplete, Outcome::kChanged},
                        {std::nullopt, kCancelled, Outcome::kCancelled},
                        {kStarted, kStarted, Outcome::kUnchanged},
                        {kStarted, kComplete, Outcome::kChanged},
                        {kStarted, kCancelled, Outcome::kCancelled},
                        {kComplete, kStarted, Outcome::kUnchanged},
                        {kComplete, kComplete, Outcome::kUnchanged},
                        {kComplete, kCancelled, Outcome::kUnchanged},
                        {kCancelled, kStarted, Outcome::kUnchanged},
                        {kCancelled, kComplete, Outcome::kUnchanged},
                        {kCancelled, kCancelled, Outcome::kUnchanged}};
  ASSERT_EQ(std::size(cases), kDeliveryStates.size() * 3);
  for (const Case& c : cases) {
    Order order = order_in(c.state);
    const Order before = order;
    EXPECT_EQ(follow_delivery(order, DeliveryId{3}, c.news, kLater), c.outcome);
    const bool changed = c.outcome != Outcome::kUnchanged;
    EXPECT_EQ(order.version, before.version + (changed ? 1 : 0));
    EXPECT_EQ(order.delivery_status, changed ? std::optional{c.news} : before.delivery_status);
    EXPECT_EQ(order.updated_at, changed ? kLater : kNow);
    // The invariant: cancel if and only if the delivery is cancelled.
    EXPECT_EQ(order.status == OrderStatus::kCancelled, order.delivery_status == kCancelled);
  }
}

TEST(FollowPayment, every_state_and_every_news) {
  using enum PaymentStatus;
  struct Case {
    std::optional<PaymentStatus> state;
    PaymentStatus news;
    bool changes;
  };
  const Case cases[] = {
      {std::nullopt, kPaid, true}, {std::nullopt, kDeclined, true}, {std::nullopt, kRefunded, true},
      {kPaid, kPaid, false},       {kPaid, kDeclined, false},       {kPaid, kRefunded, true},
      {kDeclined, kPaid, false},   {kDeclined, kDeclined, false},   {kDeclined, kRefunded, false},
      {kRefunded, kPaid, false},   {kRefunded, kDeclined, false},   {kRefunded, kRefunded, false}};
  ASSERT_EQ(std::size(cases), kPaymentStates.size() * 3);
  for (const Case& c : cases) {
    for (const auto& delivery : kDeliveryStates) {
      Order order = order_in(delivery, c.state);
      const Order before = order;
      EXPECT_EQ(follow_payment(order, PaymentId{9}, c.news, kLater) == Outcome::kChanged,
                c.changes);
      EXPECT_EQ(order.payment_status, c.changes ? std::optional{c.news} : c.state);
      EXPECT_EQ(order.version, before.version + (c.changes ? 1 : 0));
      EXPECT_EQ(order.status, before.status) << "money never decides the order's state";
    }
  }
}

TEST(MayAskForCancel, only_a_complete_delivery_is_final) {
  for (const auto& state : kDeliveryStates) {
    EXPECT_EQ(may_ask_for_cancel(order_in(state)), state != DeliveryStatus::kComplete);
  }
}

TEST(Place, copies_name_and_price_and_multiplies) {
  const MenuItem item{.id = MenuId{2}, .name = "주스", .price = Money{4500}};
  const auto order = place(item, 3, kNow);
  ASSERT_TRUE(order);
  EXPECT_EQ(order->menu_name, "주스");
  EXPECT_EQ(order->amount, 13500);
  EXPECT_EQ(order->status, OrderStatus::kOrdered);
  EXPECT_EQ(order->version, 1);
  EXPECT_FALSE(order->delivery_status || order->delivery_id || order->payment_status);
}

TEST(Place, a_menu_without_price_gives_an_order_without_amount) {
  const auto order = place(MenuItem{.id = MenuId{2}, .name = "Juice"}, 3, kNow);
  ASSERT_TRUE(order);
  EXPECT_FALSE(order->amount.has_value());
}

TEST(Place, refuses_deleted_sold_out_and_overflowing) {
  MenuItem item{
      .id = MenuId{2}, .name = "Juice", .price = Money{std::numeric_limits<std::int64_t>::max()}};
  EXPECT_EQ(place(item, 2, kNow).error().code, "amount-too-large");
  item.sold_out = true;
  EXPECT_EQ(place(item, 1, kNow).error().code, "menu-sold-out");
  item.deleted = true;
  const auto refused = place(item, 1, kNow);
  EXPECT_EQ(refused.error().code, "menu-unknown");
  EXPECT_EQ(refused.error().kind, ErrorKind::kUnprocessable);
}

}  // namespace
}  // namespace baedal::order
