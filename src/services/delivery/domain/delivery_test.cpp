// The delivery's state machine, every state × every command.
#include "services/delivery/domain/delivery.hpp"

#include <gtest/gtest.h>

#include "services/delivery/domain/words.hpp"

namespace baedal::delivery {
namespace {

using enum DeliveryStatus;

constexpr Timestamp kThen{1'000};
constexpr Timestamp kNow{2'000};
constexpr OrderId kOrder{7};

std::optional<Delivery> delivery_in(std::optional<DeliveryStatus> state) {
  if (!state) return std::nullopt;
  return Delivery{.id = DeliveryId{3},
                  .order_id = kOrder,
                  .status = *state,
                  .version = 5,
                  .created_at = kThen,
                  .updated_at = kThen};
}

/// What must hold whatever was decided: versions count changes, times tell of them, and what is
/// not to change does not.
void expect_sound(const std::optional<Delivery>& before, const Decision& decision) {
  const Delivery& after = decision.delivery;
  EXPECT_EQ(after.order_id, kOrder);
  EXPECT_EQ(decision.change == Change::kNew, !before.has_value());
  if (!before) {
    EXPECT_EQ(after.id, DeliveryId{}) << "the store gives the id";
    EXPECT_EQ(after.version, 1);
    EXPECT_EQ(after.created_at, kNow);
    EXPECT_EQ(after.updated_at, kNow);
    return;
  }
  const bool changed = decision.change == Change::kChanged;
  EXPECT_EQ(after.id, before->id);
  EXPECT_EQ(after.created_at, before->created_at);
  EXPECT_EQ(after.version, before->version + (changed ? 1 : 0));
  EXPECT_EQ(after.updated_at, changed ? kNow : kThen);
  EXPECT_EQ(after.status != before->status, changed);
  EXPECT_EQ(after.completed_at.has_value(), changed && after.status == kComplete);
}

struct Case {
  std::optional<DeliveryStatus> state;
  DeliveryStatus after;
};

TEST(Start, starts_only_where_there_is_no_delivery) {
  for (const auto& [state, after] : {Case{std::nullopt, kStarted}, Case{kStarted, kStarted},
                                     Case{kComplete, kComplete}, Case{kCancelled, kCancelled}}) {
    const auto before = delivery_in(state);
    const Decision decision = start(before, kOrder, kNow);
    EXPECT_EQ(decision.delivery.status, after);
    expect_sound(before, decision);
  }
}

TEST(CancelOfOrder, cancels_everything_but_what_is_complete) {
  for (const auto& [state, after] : {Case{std::nullopt, kCancelled}, Case{kStarted, kCancelled},
                                     Case{kComplete, kComplete}, Case{kCancelled, kCancelled}}) {
    const auto before = delivery_in(state);
    const Decision decision = cancel_of_order(before, kOrder, kNow);
    EXPECT_EQ(decision.delivery.status, after);
    expect_sound(before, decision);
  }
}

struct FallibleCase {
  DeliveryStatus state;
  std::optional<DeliveryStatus> after;  ///< none: refused
  std::string_view code;
};

TEST(Complete, every_state) {
  const FallibleCase cases[] = {{kStarted, kComplete, ""},
                                {kComplete, kComplete, ""},
                                {kCancelled, std::nullopt, "delivery-cancelled"}};
  for (const auto& [state, after, code] : cases) {
    const auto before = delivery_in(state);
    const auto decision = complete(*before, kNow);
    ASSERT_EQ(decision.has_value(), after.has_value());
    if (after) {
      EXPECT_EQ(decision->delivery.status, *after);
      expect_sound(before, *decision);
    } else {
      EXPECT_EQ(decision.error().kind, ErrorKind::kConflict);
      EXPECT_EQ(decision.error().code, code);
    }
  }
}

constexpr Timestamp at(std::chrono::microseconds since_the_epoch) {
  return {since_the_epoch.count()};
}

TEST(Complete, is_believed_when_it_was_within_the_skew_of_clocks_and_a_day) {
  using namespace std::chrono_literals;
  const Timestamp start = at(100h), now = at(110h), long_after = at(200h);
  struct Told {
    Timestamp now, at;
    std::optional<Timestamp> believed;  ///< none: refused
  };
  const Told cases[] = {{now, at(105h), at(105h)},
                        {now, now, now},
                        {now, now + 2min, now},
                        {now, now + (2min + 1us), std::nullopt},
                        {now, start, start},
                        {now, start + -2min, start},
                        {now, start + -(2min + 1us), std::nullopt},
                        {long_after, long_after + -24h, long_after + -24h},
                        {long_after, long_after + -(24h + 1us), std::nullopt}};
  for (const auto& [heard, told, believed] : cases) {
    Delivery before = *delivery_in(kStarted);
    before.created_at = start;
    const auto decision = complete(before, heard, told);
    ASSERT_EQ(decision.has_value(), believed.has_value()) << told.iso8601();
    if (believed) {
      EXPECT_EQ(decision->delivery.completed_at, believed) << told.iso8601();
      EXPECT_EQ(decision->delivery.updated_at, heard);
    } else {
      EXPECT_EQ(decision.error().kind, ErrorKind::kUnprocessable);
      EXPECT_EQ(decision.error().code, "completed-at-impossible");
    }
  }
}

TEST(Complete, without_a_time_is_now_and_what_is_complete_keeps_its_time) {
  const auto decision = complete(*delivery_in(kStarted), kNow);
  ASSERT_TRUE(decision);
  EXPECT_EQ(decision->delivery.completed_at, kNow);
  const auto again = complete(decision->delivery, at(std::chrono::hours{1}), kThen);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->change, Change::kNone);
  EXPECT_EQ(again->delivery.completed_at, kNow);
  const auto clock_put_back = complete(*delivery_in(kStarted), kThen + -std::chrono::hours{1});
  ASSERT_TRUE(clock_put_back);
  EXPECT_EQ(clock_put_back->delivery.completed_at, kThen);
}

TEST(Cancel, every_state) {
  const FallibleCase cases[] = {{kStarted, kCancelled, ""},
                                {kCancelled, kCancelled, ""},
                                {kComplete, std::nullopt, "delivery-complete"}};
  for (const auto& [state, after, code] : cases) {
    const auto before = delivery_in(state);
    const auto decision = cancel(*before, kNow);
    ASSERT_EQ(decision.has_value(), after.has_value());
    if (after) {
      EXPECT_EQ(decision->delivery.status, *after);
      expect_sound(before, *decision);
    } else {
      EXPECT_EQ(decision.error().kind, ErrorKind::kConflict);
      EXPECT_EQ(decision.error().code, code);
    }
  }
}

TEST(Words, each_status_has_one_and_reads_back) {
  for (const DeliveryStatus status : {kStarted, kComplete, kCancelled}) {
    EXPECT_EQ(parse_delivery_status(to_word(status)), status);
  }
  for (const char* word : {"", "cancel", "Complete", "started ", "delivered"}) {
    EXPECT_FALSE(parse_delivery_status(word)) << word;
  }
}

}  // namespace
}  // namespace baedal::delivery
