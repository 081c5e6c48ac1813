// The live view as the door of events: into one store or two, held and let go again.
#include "services/mypage/app/projection.hpp"

#include <gtest/gtest.h>

#include "kernel/async/manual_executor.hpp"

namespace baedal::mypage {
namespace {

/// A view that keeps what it merged, and lets a merge end only when its gate is open.
class HandView final : public ViewStore {
 public:
  Task<Result<std::optional<std::string>>> customer_of(OrderId) override { co_return std::nullopt; }
  Task<Result<LineList>> list_of(const std::string&, const LineListRequest&) override {
    co_return LineList{};
  }
  HandView() { gate.set(); }

  Task<Result<void>> merge(std::span<const Change> changes) override {
    ++begun;
    co_await gate.wait();
    if (fails) co_return unavailable("no-room", "The view cannot be written.");
    for (const Change& change : changes) merged.push_back(change.order.value());
    co_return Result<void>{};
  }
  Task<Result<std::optional<Mypage>>> find(OrderId) override { co_return std::nullopt; }
  Task<Result<std::optional<Mypage>>> find_by_delivery(std::int64_t) override {
    co_return std::nullopt;
  }
  Task<Result<LineList>> find_by_status(OrderStatus, const LineListRequest&) override {
    co_return LineList{};
  }
  Task<Result<LineList>> list(const LineListRequest&) override { co_return LineList{}; }
  Task<Result<bool>> is_complete() override { co_return true; }
  Task<Result<void>> mark_complete() override { co_return Result<void>{}; }

  Event gate;
  bool fails = false;
  int begun = 0;
  std::vector<std::int64_t> merged;
};

using Orders = std::vector<std::int64_t>;

class ProjectionTest : public ::testing::Test {
 protected:
  Task<void> apply(std::int64_t order) {
    const Change change{OrderId{order}, Timestamp{1}, OrderNews{}};
    results_.push_back(co_await projection_.apply({&change, 1}));
  }
  Task<void> hold() {
    co_await projection_.hold();
    held_ = true;
  }
  void start(std::int64_t order) {
    executor_.post([this, order] { spawn(apply(order)); });
    executor_.run_ready();
  }
  void start_hold() {
    executor_.post([this] { spawn(hold()); });
    executor_.run_ready();
  }
  void let_go(const std::function<void()>& work) {
    executor_.post(work);
    executor_.run_ready();
  }

  ManualExecutor executor_;
  std::shared_ptr<HandView> live_ = std::make_shared<HandView>();
  std::shared_ptr<HandView> fresh_ = std::make_shared<HandView>();
  Projection projection_{live_};
  std::vector<Result<void>> results_;
  bool held_ = false;
};

TEST_F(ProjectionTest, events_go_into_the_live_view_and_while_followed_into_the_fresh_one) {
  start(1);
  projection_.follow_with(fresh_);
  start(2);
  projection_.unfollow();
  start(3);
  EXPECT_EQ(live_->merged, (Orders{1, 2, 3}));
  EXPECT_EQ(fresh_->merged, (Orders{2}));
}

TEST_F(ProjectionTest, an_event_that_did_not_get_into_both_is_an_error) {
  projection_.follow_with(fresh_);
  fresh_->fails = true;
  start(1);
  EXPECT_FALSE(results_.at(0));
  fresh_->fails = false;
  live_->fails = true;
  start(2);
  EXPECT_FALSE(results_.at(1));
  EXPECT_EQ(fresh_->merged, (Orders{}));
}

TEST_F(ProjectionTest, holding_waits_for_the_events_under_way_and_lets_none_in) {
  live_->gate.reset();
  start(1);
  start_hold();
  EXPECT_FALSE(held_);
  start(2);
  EXPECT_EQ(live_->begun, 1);
  let_go([this] { live_->gate.set(); });
  EXPECT_TRUE(held_);
  EXPECT_EQ(live_->merged, (Orders{1}));
  let_go([this] { projection_.release(); });
  EXPECT_EQ(live_->merged, (Orders{1, 2}));
  EXPECT_EQ(results_.size(), 2U);
}

TEST_F(ProjectionTest, an_event_that_fails_ends_its_merge_too) {
  live_->gate.reset();
  live_->fails = true;
  start(1);
  start_hold();
  let_go([this] { live_->gate.set(); });
  EXPECT_TRUE(held_);
}

TEST_F(ProjectionTest, held_again_at_once_lets_nobody_slip_in) {
  start_hold();
  ASSERT_TRUE(held_);
  held_ = false;
  start(1);
  let_go([this] {
    projection_.release();
    spawn(hold());
  });
  EXPECT_TRUE(held_);
  EXPECT_EQ(live_->begun, 0);
  let_go([this] { projection_.release(); });
  EXPECT_EQ(live_->merged, (Orders{1}));
}

TEST_F(ProjectionTest, swapped_the_fresh_view_is_the_live_one_and_readers_keep_what_they_read) {
  projection_.follow_with(fresh_);
  start_hold();
  const auto read = projection_.live();
  projection_.swap();
  let_go([this] { projection_.release(); });
  EXPECT_EQ(read, live_);
  EXPECT_EQ(projection_.live(), fresh_);
  start(1);
  EXPECT_EQ(fresh_->merged, (Orders{1}));
  EXPECT_EQ(live_->merged, (Orders{}));
}

}  // namespace
}  // namespace baedal::mypage
