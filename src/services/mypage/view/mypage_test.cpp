// The view's merge: any order, any repetition, same line.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "services/mypage/view/mypage.hpp"

namespace baedal::mypage {
namespace {

Change change(std::int64_t time, decltype(Change::news) news) {
  return Change{OrderId{4}, Timestamp{time}, std::move(news), "e-" + std::to_string(time)};
}

const OrderFacts kFacts{
    .menu_id = 1, .menu_name = "Gimbab", .quantity = 2, .amount = 9000, .created_at = Timestamp{1}};

/// The stories that can happen to an order, as the events that tell them.
std::vector<std::vector<Change>> stories() {
  const Change ordered = change(1, OrderNews{kFacts, OrderStatus::kOrdered});
  const Change cancelled = change(7, OrderNews{kFacts, OrderStatus::kCancelled});
  const Change paid = change(2, PaymentNews{3, PaymentStatus::kPaid});
  const Change declined = change(2, PaymentNews{3, PaymentStatus::kDeclined});
  const Change refunded = change(8, PaymentNews{3, PaymentStatus::kRefunded});
  const Change started = change(4, DeliveryNews{5, DeliveryStatus::kStarted});
  const Change complete = change(6, DeliveryNews{5, DeliveryStatus::kComplete});
  const Change stopped = change(6, DeliveryNews{5, DeliveryStatus::kCancelled});
  return {{ordered, paid, started, complete},
          {ordered, paid, started, stopped, cancelled, refunded},
          {ordered, declined, stopped, cancelled},
          {ordered, stopped, cancelled, refunded}};
}

Mypage tell(const std::vector<Change>& events) {
  Mypage line;
  for (const Change& event : events) merge(line, event);
  return line;
}

TEST(Merge, every_permutation_of_every_story_gives_the_same_line) {
  for (auto story : stories()) {
    const Mypage expected = tell(story);
    std::vector<std::size_t> order(story.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    do {
      std::vector<Change> events;
      for (const std::size_t i : order) events.push_back(story[i]);
      Mypage line = tell(events);
      line.updated_at = expected.updated_at;  // the latest event that counted depends on the order
      EXPECT_EQ(line, expected);
      EXPECT_EQ(version_of(line), version_of(expected));
    } while (std::ranges::next_permutation(order).found);
  }
}

TEST(Merge, the_earliest_time_an_order_is_told_of_is_its_own_in_any_order) {
  OrderFacts later = kFacts;
  later.created_at = Timestamp{7};
  const Change ordered = change(1, OrderNews{kFacts, OrderStatus::kOrdered});
  const Change cancelled = change(7, OrderNews{later, OrderStatus::kCancelled});
  EXPECT_EQ(tell({ordered, cancelled}).facts, tell({cancelled, ordered}).facts);
  EXPECT_EQ(tell({cancelled, ordered}).facts->created_at, Timestamp{1});
}

TEST(Merge, what_comes_late_is_a_step_and_moves_nothing) {
  const Change paid = change(2, PaymentNews{3, PaymentStatus::kPaid});
  const Change refunded = change(8, PaymentNews{3, PaymentStatus::kRefunded});
  Mypage line = tell({refunded});
  const std::int64_t version = version_of(line);
  EXPECT_TRUE(merge(line, paid));
  EXPECT_EQ(version_of(line), version);
  EXPECT_EQ(line.updated_at, Timestamp{8});
  EXPECT_EQ(line.payment_status, PaymentStatus::kRefunded);
  EXPECT_EQ(line.steps.all(), (std::vector<Step>{{StepType::kPaid, Timestamp{2}, "e-2"},
                                                 {StepType::kRefunded, Timestamp{8}, "e-8"}}));
  EXPECT_FALSE(merge(line, paid)) << "said again";
}

TEST(Merge, a_repeated_event_changes_nothing) {
  for (const auto& story : stories()) {
    Mypage line = tell(story);
    const Mypage before = line;
    for (const Change& event : story) EXPECT_FALSE(merge(line, event));
    EXPECT_EQ(line, before);
  }
}

TEST(Merge, each_event_in_order_raises_the_version) {
  for (const auto& story : stories()) {
    Mypage line;
    std::int64_t version = 0;
    for (const Change& event : story) {
      EXPECT_TRUE(merge(line, event));
      EXPECT_GT(version_of(line), version);
      version = version_of(line);
    }
  }
}

}  // namespace
}  // namespace baedal::mypage
