// What an order has gone through: any order, any repetition, same steps; and a bound.
#include "services/mypage/view/steps.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace baedal::mypage {
namespace {

using enum StepType;

Steps heard(const std::vector<Step>& told) {
  Steps steps;
  for (const auto& [type, time, event] : told) steps.take(type, time, event);
  return steps;
}

TEST(Steps, are_told_in_order_of_time_with_their_events) {
  const std::vector<Step> story{{kOrdered, Timestamp{1'795'385'658'776'123}, "5eed-1"},
                                {kPaid, Timestamp{1'795'385'658'776'124}, "5eee-1"},
                                {kDeliveryStarted, Timestamp{1'795'385'658'876'123}, "5eef-17"},
                                {kOrderCancelled, Timestamp{1'795'385'659'000'000}, "5eed-2"},
                                {kDeliveryCancelled, Timestamp{1'795'385'659'000'001}, "5eef-18"},
                                {kRefunded, Timestamp{1'795'385'659'000'002}, "5eee-2"}};
  EXPECT_EQ(heard(story).all(), story);
  EXPECT_EQ(Steps::of_text(heard(story).text()).all(), story) << "as it is stored";
  EXPECT_TRUE(Steps{}.all().empty());
}

TEST(Steps, heard_in_any_order_and_again_are_the_same) {
  const std::vector<Step> story{{kOrdered, Timestamp{1}, "o-1"},
                                {kPaid, Timestamp{2}, "p-1"},
                                {kDeliveryStarted, Timestamp{3}, "d-1"},
                                {kDeliveryCompleted, Timestamp{4}, "d-2"},
                                {kPaid, Timestamp{5}, "p-2"},
                                {kPaid, Timestamp{2}, "p-0"}};
  std::vector<std::size_t> order{0, 1, 2, 3, 4, 5};
  do {
    std::vector<Step> told;
    for (const std::size_t i : order) told.push_back(story[i]);
    Steps steps = heard(told);
    EXPECT_EQ(steps, heard(story));
    for (const auto& [type, time, event] : story) EXPECT_FALSE(steps.take(type, time, event));
    EXPECT_EQ(steps, heard(story));
  } while (std::ranges::next_permutation(order).found);
}

TEST(Steps, of_two_events_of_a_type_the_earlier_counts_and_at_one_time_the_lower_id) {
  Steps steps = heard({{kPaid, Timestamp{5}, "p-2"}});
  EXPECT_FALSE(steps.take(kPaid, Timestamp{6}, "p-1"));
  EXPECT_TRUE(steps.take(kPaid, Timestamp{5}, "p-1"));
  EXPECT_TRUE(steps.take(kPaid, Timestamp{-4}, "p-3"));
  EXPECT_EQ(steps.all(), (std::vector<Step>{{kPaid, Timestamp{-4}, "p-3"}}));
}

TEST(Steps, a_delivery_completes_after_its_start_whatever_the_couriers_clock_says) {
  const Steps steps = heard({{StepType::kDeliveryStarted, Timestamp{500}, "d-1"},
                             {StepType::kDeliveryCompleted, Timestamp{400}, "d-2"},
                             {kPaid, Timestamp{450}, "p-1"}});
  EXPECT_EQ(steps.all(),
            (std::vector<Step>{{kPaid, Timestamp{450}, "p-1"},
                               {StepType::kDeliveryStarted, Timestamp{500}, "d-1"},
                               {StepType::kDeliveryCompleted, Timestamp{500}, "d-2"}}));
}

TEST(Steps, are_never_more_nor_longer_than_stated) {
  Steps steps;
  const std::string id(10'000, 'x');
  for (int round = 0; round < 100; ++round) {
    for (std::size_t type = 0; type < kStepTypes; ++type) {
      steps.take(static_cast<StepType>(type), Timestamp{1000 - round}, id + std::to_string(round));
    }
  }
  EXPECT_EQ(steps.all().size(), kStepTypes);
  EXPECT_LT(steps.text().size(), kStepTypes * (Steps::kEventIdMax + 20));
}

TEST(Steps, foreign_ids_cannot_break_the_text) {
  const std::string strange{"a b\n\0c\x80 김", 11};
  const Steps steps = heard({{kOrdered, Timestamp{1}, strange}, {kPaid, Timestamp{2}, ""}});
  ASSERT_EQ(steps.all().size(), 2U);
  EXPECT_EQ(steps.all()[0].event, "a?b??c?????");
  EXPECT_EQ(steps.all()[1].event, "");
  EXPECT_FALSE(Steps{steps}.take(kOrdered, Timestamp{1}, strange)) << "heard again";
}

TEST(Steps, of_a_damaged_text_what_can_be_read_is_told) {
  for (const char* text : {"a", "a\n", "zz 1\n", "\n\n", "b1 x\nq", "a!!! x\n"}) {
    EXPECT_LE(Steps::of_text(text).all().size(), 1U) << text;
    Steps steps = Steps::of_text(text);
    steps.take(kRefunded, Timestamp{1}, "p-1");
  }
}

}  // namespace
}  // namespace baedal::mypage
