#include "services/mypage/app/catch_up.hpp"

#include <gtest/gtest.h>

#include "services/mypage/app/mypage_test_support.hpp"

namespace baedal::mypage {
namespace {

using namespace std::chrono_literals;

/// One process after the other, over the same view.
class CatchUpTest : public ::testing::Test {
 protected:
  void start() {
    catch_up_ = std::make_unique<CatchUp>(projection_, history_);
    executor_.post([this] { catch_up_->start(); });
    executor_.run_ready();
  }
  void stop() {
    executor_.run(catch_up_->stop());
    catch_up_.reset();
  }
  void restart() {
    stop();
    start();
  }
  [[nodiscard]] bool ready() const { return catch_up_->ready().has_value(); }

  ManualExecutor executor_;
  ManualClock clock_{Timestamp{1'614'070'595'000'000}};
  messaging::MemoryBus bus_;
  HandHistory history_{bus_};
  ViewInMemory memory_{clock_};
  Projection projection_{memory_.view()};
  std::unique_ptr<CatchUp> catch_up_;
};

TEST_F(CatchUpTest, a_new_view_is_ready_once_it_has_caught_up) {
  history_.has_caught_up = false;
  start();
  executor_.advance(1min);
  EXPECT_EQ(catch_up_->ready().error().code, "view-incomplete");
  EXPECT_EQ(catch_up_->ready().error().kind, ErrorKind::kUnavailable);
  history_.has_caught_up = true;
  executor_.advance(100ms);
  EXPECT_TRUE(ready());
  stop();
}

TEST_F(CatchUpTest, one_that_was_complete_before_is_ready_at_once_however_far_behind) {
  start();
  EXPECT_TRUE(ready());
  history_.has_caught_up = false;
  restart();
  EXPECT_TRUE(ready());
  stop();
}

TEST_F(CatchUpTest, one_that_never_caught_up_begins_anew_as_incomplete) {
  history_.has_caught_up = false;
  start();
  restart();
  executor_.advance(1s);
  EXPECT_FALSE(ready());
  stop();
}

TEST_F(CatchUpTest, one_that_could_not_be_marked_serves_and_waits_again_at_the_next_start) {
  memory_.faulty.fail_call(2, store::FaultMode::kRefused);  // the first asks for the mark
  start();
  EXPECT_TRUE(ready());
  history_.has_caught_up = false;
  restart();
  EXPECT_FALSE(ready());
  stop();
}

TEST_F(CatchUpTest, a_store_that_cannot_be_read_counts_as_new) {
  start();
  history_.has_caught_up = false;
  stop();
  memory_.faulty.fail_call(1, store::FaultMode::kRefused);
  start();
  EXPECT_FALSE(ready());
  history_.has_caught_up = true;
  executor_.advance(100ms);
  EXPECT_TRUE(ready());
  stop();
}

}  // namespace
}  // namespace baedal::mypage
