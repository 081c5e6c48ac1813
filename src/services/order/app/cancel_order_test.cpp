// Cancelling an order together with its delivery: who is asked, when, and what is left when the
// answer does not come.
#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "services/order/app/order_test_support.hpp"

namespace baedal::order {
namespace {

using ::testing::ElementsAre;

constexpr OrderId kOrder{1};
const OnceKey kKey{"http:k", 42};
const std::vector<std::string> kOrderedOnly{"Ordered 1 ordered v1"};

/// An order without news of it.
class Cancel : public ::testing::Test {
 protected:
  Cancel() { service_.place_now().value(); }

  OrderService service_;
};

TEST_F(Cancel, before_anything_happened_to_the_order) {
  service_.clock.advance(std::chrono::seconds{1});
  const auto cancelled = service_.cancel_now(kOrder);
  ASSERT_TRUE(cancelled);
  EXPECT_EQ(cancelled->value.status, OrderStatus::kCancelled);
  EXPECT_EQ(cancelled->value.delivery_status, DeliveryStatus::kCancelled);
  EXPECT_EQ(cancelled->value.delivery_id, HandDeliveries::id_of(kOrder));
  EXPECT_LT(cancelled->value.created_at, cancelled->value.updated_at);
  EXPECT_EQ(service_.deliveries.asked, 1);
  EXPECT_THAT(service_.told(), ElementsAre("Ordered 1 ordered v1", "OrderCancelled 1 cancel v2"));
}

TEST_F(Cancel, after_payment_and_start) {
  ASSERT_TRUE(service_.hear(kOrder, PaymentStatus::kPaid));
  ASSERT_TRUE(service_.hear(kOrder, DeliveryStatus::kStarted));
  EXPECT_EQ(service_.cancel_now(kOrder)->value.status, OrderStatus::kCancelled);
  EXPECT_THAT(service_.told(), ElementsAre("Ordered 1 ordered v1", "OrderCancelled 1 cancel v4"));
}

TEST_F(Cancel, is_refused_without_asking_once_the_delivery_is_known_to_be_complete) {
  ASSERT_TRUE(service_.hear(kOrder, DeliveryStatus::kComplete));
  const auto refused = service_.cancel_now(kOrder);
  EXPECT_EQ(refused.error().kind, ErrorKind::kConflict);
  EXPECT_EQ(refused.error().code, "order-delivered");
  EXPECT_EQ(service_.deliveries.asked, 0);
  EXPECT_EQ(service_.told(), kOrderedOnly);
}

TEST_F(Cancel, is_refused_by_a_delivery_that_is_complete_before_the_order_hears_of_it) {
  service_.deliveries.decide(kOrder, DeliveryStatus::kComplete);
  const auto refused = service_.cancel_now(kOrder, kKey);
  EXPECT_EQ(refused.error().kind, ErrorKind::kConflict);
  EXPECT_EQ(service_.find(kOrder)->version, 1);
  EXPECT_EQ(service_.told(), kOrderedOnly);
}

TEST_F(Cancel, repeated_changes_nothing_and_does_not_ask_again) {
  const auto first = service_.cancel_now(kOrder);
  service_.clock.advance(std::chrono::seconds{1});
  service_.deliveries.reachable = false;
  for (const OnceKey& key : {OnceKey{}, kKey, OnceKey{"http:other", 7}}) {
    const auto again = service_.cancel_now(kOrder, key);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->value.version, first->value.version);
    EXPECT_EQ(again->value.updated_at, first->value.updated_at);
  }
  EXPECT_EQ(service_.deliveries.asked, 1);
  EXPECT_EQ(service_.told().size(), 2U);
}

TEST_F(Cancel, with_delivery_unreachable_leaves_the_order_and_tells_nothing) {
  service_.deliveries.reachable = false;
  const auto refused = service_.cancel_now(kOrder, kKey);
  EXPECT_EQ(refused.error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(service_.find(kOrder)->status, OrderStatus::kOrdered);
  EXPECT_EQ(service_.find(kOrder)->version, 1);
  EXPECT_EQ(service_.told(), kOrderedOnly);
  service_.deliveries.reachable = true;
  const auto cancelled = service_.cancel_now(kOrder, kKey);
  ASSERT_TRUE(cancelled);
  EXPECT_FALSE(cancelled->replayed);
}

TEST_F(Cancel, whose_answer_was_lost_is_brought_home_by_the_event) {
  service_.deliveries.answer_lost = true;
  EXPECT_EQ(service_.cancel_now(kOrder).error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(service_.find(kOrder)->status, OrderStatus::kOrdered);
  EXPECT_EQ(service_.told(), kOrderedOnly);
  ASSERT_TRUE(service_.hear(kOrder, DeliveryStatus::kCancelled));
  EXPECT_EQ(service_.find(kOrder)->status, OrderStatus::kCancelled);
  EXPECT_THAT(service_.told(), ElementsAre("Ordered 1 ordered v1", "OrderCancelled 1 cancel v2"));
  EXPECT_TRUE(service_.cancel_now(kOrder));
  EXPECT_EQ(service_.told().size(), 2U);
}

TEST_F(Cancel, and_the_event_that_follows_it_tell_once) {
  service_.cancel_now(kOrder).value();
  ASSERT_TRUE(service_.hear(kOrder, DeliveryStatus::kCancelled));
  EXPECT_EQ(service_.find(kOrder)->version, 2);
  EXPECT_EQ(service_.told().size(), 2U);
}

TEST_F(Cancel, checks_existence_version_and_the_callers_word_before_it_asks) {
  EXPECT_EQ(service_.cancel_now(OrderId{2}).error().kind, ErrorKind::kNotFound);
  const auto stale = service_.cancel_now(kOrder, {}, {false, {2, 3}});
  EXPECT_EQ(stale.error().kind, ErrorKind::kPreconditionFailed);
  auto refuse = [](const Order& present) -> Result<void> {
    EXPECT_EQ(present.id, kOrder);
    return fail(ErrorKind::kConflict, "not-today", "Not today.");
  };
  const CancelOrderCommand command{kOrder, {}, {}};
  EXPECT_EQ(service_.executor.run(service_.cancel.run(command, refuse)).error().code, "not-today");
  EXPECT_EQ(service_.deliveries.asked, 0);
  EXPECT_EQ(service_.find(kOrder)->version, 1);
  EXPECT_TRUE(service_.cancel_now(kOrder, {}, {false, {2, 1}}));
}

TEST_F(Cancel, a_key_gives_the_first_answer_for_ever) {
  const auto first = service_.cancel_now(kOrder, kKey, {false, {1}});
  EXPECT_FALSE(first->replayed);
  ASSERT_TRUE(service_.hear(kOrder, PaymentStatus::kDeclined));
  const auto again = service_.cancel_now(kOrder, kKey, {false, {1}});
  ASSERT_TRUE(again) << "the version went on, the first answer did not";
  EXPECT_TRUE(again->replayed);
  EXPECT_EQ(again->value.version, 2);
  EXPECT_EQ(service_.executor.run(service_.queries.recall(kKey)).value()->version, 2);
  const auto mismatch = service_.cancel_now(kOrder, OnceKey{kKey.key, 43});
  EXPECT_EQ(mismatch.error().kind, ErrorKind::kIdempotencyMismatch);
  EXPECT_EQ(service_.deliveries.asked, 1);
}

TEST_F(Cancel, of_a_cancelled_order_keeps_its_answer_with_the_key_too) {
  service_.cancel_now(kOrder).value();
  EXPECT_FALSE(service_.cancel_now(kOrder, kKey)->replayed);
  ASSERT_TRUE(service_.hear(kOrder, PaymentStatus::kDeclined));
  const auto again = service_.cancel_now(kOrder, kKey);
  EXPECT_TRUE(again->replayed);
  EXPECT_EQ(again->value.version, 2);
}

// Races. MemoryStore and the hand-made delivery let others come in at each of their steps; the
// permutation is the order in which the contenders begin.

struct Race {
  enum Contender {
    kCancelIt,
    kCancelAgain,
    kComplete,
    kHearStarted,
    kHearPaid,
    kHearDecision,
    kCount
  };

  explicit Race(int courier_hops) : hops(courier_hops) { service.place_now().value(); }

  Task<void> run(Contender contender) {
    switch (contender) {
      case kCancelIt:
      case kCancelAgain: {
        const CancelOrderCommand command{kOrder, {}, {}};
        const auto cancelled = co_await service.cancel.run(command, kAllowAll);
        heard_cancelled.push_back(cancelled.has_value());
        break;
      }
      case kComplete:
        for (int i = 0; i < hops; ++i) co_await yield();
        service.deliveries.decide(kOrder, DeliveryStatus::kComplete);
        break;
      case kHearStarted:
        (co_await hear(DeliveryStatus::kStarted)).value();
        break;
      case kHearPaid:
        (co_await service.follow.payment(kOrder, PaymentId{5}, PaymentStatus::kPaid)).value();
        break;
      case kHearDecision:
        if (service.deliveries.decided.contains(1)) (co_await hear(decision())).value();
        break;
      case kCount:
        break;
    }
    ++done;
  }
  Task<Result<void>> hear(DeliveryStatus status) {
    return service.follow.delivery(kOrder, HandDeliveries::id_of(kOrder), status);
  }
  DeliveryStatus decision() { return service.deliveries.decided.at(1); }

  void expect_sound() {
    ASSERT_TRUE(service.hear(kOrder, decision()));
    const bool cancelled = decision() == DeliveryStatus::kCancelled;
    const auto last = service.find(kOrder);
    EXPECT_EQ(last->status == OrderStatus::kCancelled, cancelled);
    EXPECT_EQ(last->delivery_status, decision());
    EXPECT_EQ(last->payment_status, PaymentStatus::kPaid);
    for (const bool yes : heard_cancelled) EXPECT_EQ(yes, cancelled);
    EXPECT_EQ(service.told().size(), cancelled ? 2U : 1U);
  }

  OrderService service;
  int hops;  ///< turns of the executor until the courier completes
  std::vector<bool> heard_cancelled;
  int done = 0;
};

void run_race(const std::vector<Race::Contender>& order, int courier_hops,
              std::set<DeliveryStatus>& outcomes) {
  Race race(courier_hops);
  for (const Race::Contender contender : order) {
    race.service.executor.post([&race, contender] { spawn(race.run(contender)); });
  }
  race.service.executor.run_ready();
  ASSERT_EQ(race.done, Race::kCount);
  race.expect_sound();
  outcomes.insert(race.decision());
}

TEST(Races, cancels_and_news_in_every_order_agree_with_the_delivery_and_tell_once) {
  std::vector<Race::Contender> order;
  for (int i = 0; i < Race::kCount; ++i) order.push_back(static_cast<Race::Contender>(i));
  std::set<DeliveryStatus> outcomes;
  do {
    for (const int courier_hops : {0, 3, 6}) {
      run_race(order, courier_hops, outcomes);
      if (::testing::Test::HasFailure()) {
        FAIL() << "in the order " << ::testing::PrintToString(order) << ", " << courier_hops;
      }
    }
  } while (std::ranges::next_permutation(order).found);
  EXPECT_EQ(outcomes, (std::set{DeliveryStatus::kComplete, DeliveryStatus::kCancelled}));
}

}  // namespace
}  // namespace baedal::order
