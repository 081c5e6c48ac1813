// The watcher over a view that follows events: what it says of orders that do not get on.
#include "services/mypage/app/waiting_orders.hpp"

#include "services/mypage/app/mypage_test_support.hpp"

namespace baedal::mypage {
namespace {

using namespace std::chrono_literals;

class WaitingOrdersTest : public ::testing::Test {
 protected:
  WaitingOrdersTest() {
    world_.executor.post([this] { waiting_.start(); });
    world_.executor.run_ready();
  }
  ~WaitingOrdersTest() override { world_.executor.run(waiting_.stop()); }

  /// The first `events` of an order's life happen: ordered, paid, delivery started, completed.
  void happen(std::int64_t order, std::size_t events) {
    auto life = world_.life_of(order);
    life.resize(events);
    world_.executor.run(world_.publish(std::move(life)));
    world_.executor.run_ready();
  }
  void pass(std::chrono::seconds time) {
    world_.clock.advance(time);
    world_.executor.advance(time);
    world_.executor.run_ready();
  }
  /// An order is placed, and cancelled before it has a delivery.
  void cancel(std::int64_t order) {
    auto life = world_.life_of(order);
    life.resize(1);
    contracts::OrderEvent cancelled{.id = order, .menu_id = 1, .status = "cancel"};
    cancelled.created_at = world_.clock.now();
    auto event = life.front();
    event.id += "-cancelled";
    event.type = std::string{contracts::event::kOrderCancelled};
    event.data = contracts::encode(event.type, world_.clock.now(), cancelled);
    life.push_back(std::move(event));
    world_.executor.run(world_.publish(std::move(life)));
    world_.executor.run_ready();
  }
  [[nodiscard]] auto for_payment() const { return waiting_.oldest_age(WaitingFor::kPayment); }
  [[nodiscard]] auto for_delivery() const { return waiting_.oldest_age(WaitingFor::kDelivery); }

  /// The numbers of the orders that are listed.
  [[nodiscard]] std::vector<std::int64_t> listed() const {
    const auto orders = waiting_.oldest();
    std::vector<std::int64_t> numbers;
    for (const WaitingOrder& one : *orders) numbers.push_back(one.order.value());
    return numbers;
  }

  MypageWorld world_;
  WaitingOrders waiting_{world_.projection, world_.clock};
};

TEST_F(WaitingOrdersTest, nothing_waits_while_every_delivery_is_known) {
  happen(1, 3);
  happen(2, 4);
  pass(60s);
  EXPECT_EQ(for_payment(), 0s);
  EXPECT_EQ(for_delivery(), 0s);
}

TEST_F(WaitingOrdersTest, the_oldest_order_without_news_of_its_payment_waits_for_that) {
  happen(1, 4);
  happen(2, 1);
  pass(60s);
  happen(3, 1);
  pass(60s);
  EXPECT_EQ(for_payment(), 120s);
  EXPECT_EQ(for_delivery(), 0s);
}

TEST_F(WaitingOrdersTest, a_paid_order_waits_for_its_delivery_until_that_is_known) {
  happen(1, 2);
  pass(60s);
  happen(2, 1);
  pass(60s);
  EXPECT_EQ(for_delivery(), 120s);
  EXPECT_EQ(for_payment(), 60s);
  happen(1, 3);
  pass(60s);
  EXPECT_EQ(for_delivery(), 0s);
  EXPECT_EQ(for_payment(), 120s);
}

TEST_F(WaitingOrdersTest, what_was_seen_last_stays_while_the_view_cannot_be_read) {
  happen(1, 1);
  pass(60s);
  world_.first.faulty.fail_call(1, store::FaultMode::kRefused);
  pass(5s);
  EXPECT_EQ(for_payment(), 65s);
}

TEST_F(WaitingOrdersTest, a_cancelled_order_waits_for_nothing) {
  cancel(1);
  pass(60s);
  EXPECT_EQ(for_payment(), 0s);
}

TEST_F(WaitingOrdersTest, an_order_is_seen_behind_any_number_that_were_cancelled) {
  for (std::int64_t order = 1; order <= 450; ++order) cancel(order);
  happen(451, 1);
  pass(60s);
  EXPECT_EQ(for_payment(), 60s) << "while the others have just been cancelled";
  world_.clock.advance(2h);
  pass(60s);
  EXPECT_EQ(for_payment(), 2h + 120s) << "when they are passed over";
  happen(451, 3);
  happen(452, 2);
  pass(60s);
  EXPECT_EQ(for_payment(), 0s);
  EXPECT_EQ(for_delivery(), 60s);
}

TEST_F(WaitingOrdersTest, those_that_wait_are_listed_with_what_they_wait_for_the_oldest_first) {
  EXPECT_TRUE(listed().empty());
  happen(2, 1);
  pass(60s);
  happen(1, 2);
  happen(3, 4);
  pass(60s);
  ASSERT_EQ(listed(), (std::vector<std::int64_t>{2, 1}));
  const auto orders = waiting_.oldest();
  EXPECT_EQ(orders->at(0).what, WaitingFor::kPayment);
  EXPECT_EQ(orders->at(1).what, WaitingFor::kDelivery);
  EXPECT_EQ(orders->at(1).placed - orders->at(0).placed, 60s);
  EXPECT_FALSE(orders->at(0).menu_name.empty());
  happen(2, 3);
  pass(60s);
  EXPECT_EQ(listed(), std::vector<std::int64_t>{1});
}

TEST_F(WaitingOrdersTest, of_very_many_the_oldest_are_listed) {
  for (std::int64_t order = 1; order <= 150; ++order) happen(order, 1);
  pass(60s);
  EXPECT_EQ(listed().size(), WaitingOrders::kListMax);
  EXPECT_EQ(listed().front(), 1);
}

TEST_F(WaitingOrdersTest, a_view_that_took_the_place_of_another_is_looked_at_from_its_beginning) {
  for (std::int64_t order = 1; order <= 450; ++order) cancel(order);
  world_.clock.advance(2h);
  pass(60s);
  ViewInMemory second{world_.clock};
  world_.projection.follow_with(second.view());
  world_.projection.swap();
  happen(1, 1);
  pass(60s);
  EXPECT_EQ(for_payment(), 60s);
}

}  // namespace
}  // namespace baedal::mypage
